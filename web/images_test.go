package web

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/debriefhq/debrief/incident"
)

func aPNG(t testing.TB, width int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, 60))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sends sends a file as our script does.
func (v visitor) sends(path, kind string, file []byte) (reply, string) {
	v.t.Helper()
	r, err := http.NewRequest(http.MethodPost, v.url+path, bytes.NewReader(file))
	if err == nil {
		r.Header.Set("Content-Type", kind)
	}
	return v.do(r, err)
}

// uploads sends a file as a form does.
func (v visitor) uploads(path string, file []byte) (reply, string) {
	v.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("file", "screenshot.txt")
	if err != nil {
		v.t.Fatal(err)
	}
	_, _ = part.Write(file) // into memory
	_ = form.Close()
	return v.sends(path, form.FormDataContentType(), b.Bytes())
}

func TestAnImageIsShownWhereATextNamesIt(t *testing.T) {
	t.Parallel()
	in := installed(t)
	noor, lena := in.as(t, "Noor Haddad"), in.as(t, "Lena Falk")
	all := fmt.Sprintf("/incidents/%d/images", in.billing)
	res, markdown := noor.sends(all, "image/png", aPNG(t, 300))
	if res.StatusCode != http.StatusCreated || !strings.HasPrefix(markdown, "![](images/") {
		t.Fatalf("sending an image = %d %s", res.StatusCode, markdown)
	}
	id := markdown[len("![](images/") : len(markdown)-len(".png)")]
	file := all + "/" + id + ".png"
	if res, _ := lena.get(file); res.StatusCode != http.StatusNotFound {
		t.Errorf("an image that no text names, for another = %d, want 404", res.StatusCode)
	}
	actor, err := in.store.Identify(t.Context(), noor.cookies()[0].Value)
	if err != nil {
		t.Fatal(err)
	}
	text := "![the queue \"doubles\" & more](images/" + id + ".png) and ![gone](images/aaaaaaaaaaaa.png) and ![far](https://example.org/x.png)"
	if _, err := in.store.Append(t.Context(), actor, in.billing, []incident.Part{&incident.Entry{Text: text, Audience: incident.AudienceInternal}}); err != nil {
		t.Fatal(err)
	}
	_, page := lena.get(fmt.Sprintf("/incidents/%d", in.billing))
	want := `<img class="shown" src="` + file + `" alt="the queue &#34;doubles&#34; &amp; more" width="300" height="60" loading="lazy"> and gone and <a href="https://example.org/x.png"`
	if !strings.Contains(page, want) {
		at := max(0, strings.Index(page, "the queue")-200)
		t.Errorf("the record shows %.600s\nwant %s", page[at:], want)
	}
	_, page = lena.get(fmt.Sprintf("/incidents/%d/preview?format=markdown&audience=internal", in.billing))
	if want := `<a href="` + file + `" download>` + id + ".png</a>"; !strings.Contains(page, want) || !strings.Contains(page, "Its images belong in images/ beside the file: ") {
		t.Errorf("the preview of a text does not lead to its images: want %s in %s", want, page)
	}
	res, sent := lena.get(file)
	for name, want := range map[string]string{
		"Content-Type": "image/png", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": imagePolicy,
		"Cache-Control": "private, no-cache", "Content-Disposition": "inline", "Etag": `"` + id + `"`,
	} {
		if got := res.Header.Get(name); got != want {
			t.Errorf("an image comes with %s %q, want %q", name, got, want)
		}
	}
	if res.StatusCode != http.StatusOK || !bytes.Equal([]byte(sent), aPNG(t, 300)) {
		t.Errorf("the image = %d, %d bytes", res.StatusCode, len(sent))
	}
}

func TestAnImageIsAddedWithoutScripts(t *testing.T) {
	t.Parallel()
	in := installed(t)
	noor, ines := in.as(t, "Noor Haddad"), in.as(t, "Ines Duarte")
	all := fmt.Sprintf("/incidents/%d/images", in.private)
	res, _ := noor.uploads(all, aPNG(t, 3))
	if res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(res.Header.Get("Location"), all+"#") {
		t.Fatalf("a form with a file = %d to %s", res.StatusCode, res.Header.Get("Location"))
	}
	id := res.Header.Get("Location")[len(all)+1:]
	if _, page := noor.get(all); !strings.Contains(page, `value="![what it shows](images/`+id+`.png)"`) {
		t.Error("the page of images does not say how to show it")
	}
	for name, tt := range map[string]struct {
		file   []byte
		status int
		says   string
	}{
		"SVG":      {[]byte("<svg onload=alert(1)>"), http.StatusUnsupportedMediaType, "SVG is not taken"},
		"half":     {aPNG(t, 3)[:50], http.StatusUnprocessableEntity, "save or copy it anew"},
		"too much": {make([]byte, incident.LargestImage+1), http.StatusRequestEntityTooLarge, "at most 5 MiB"},
	} {
		if res, page := noor.uploads(all, tt.file); res.StatusCode != tt.status || !strings.Contains(page, tt.says) || !strings.Contains(page, `type="file"`) {
			t.Errorf("%s = %d, want %d, the form again and %q", name, res.StatusCode, tt.status, tt.says)
		}
	}
	if res, _ := ines.uploads(all, aPNG(t, 4)); res.StatusCode != http.StatusForbidden {
		t.Errorf("an image of a viewer = %d, want 403", res.StatusCode)
	}
	lena := in.as(t, "Lena Falk")
	for _, path := range []string{all, all + "/" + id + ".png"} {
		if res, _ := lena.get(path); res.StatusCode != http.StatusNotFound {
			t.Errorf("GET %s of a private incident = %d, want 404", path, res.StatusCode)
		}
	}
	if res, _ := lena.uploads(all, aPNG(t, 4)); res.StatusCode != http.StatusNotFound {
		t.Errorf("an image for a private incident = %d, want 404", res.StatusCode)
	}
	if res, _ := noor.post(all+"/"+id+".png", nil, nil); res.StatusCode != http.StatusSeeOther {
		t.Errorf("Remove = %d, want 303", res.StatusCode)
	}
	if res, _ := noor.get(all + "/" + id + ".png"); res.StatusCode != http.StatusNotFound {
		t.Errorf("an image that was removed = %d, want 404", res.StatusCode)
	}
}

// pastes makes a browser paste a file into a text.
const pastes = `(() => {
	const data = new DataTransfer(), bytes = Uint8Array.from(atob("%s"), c => c.charCodeAt(0));
	data.items.add(new File([bytes], "x", { type: "%s" }));
	const area = document.querySelector("textarea:focus");
	area.dispatchEvent(new %s("%s", { %s: data, bubbles: true, cancelable: true }));
	return true;
})()`

func TestAnImageIsPastedInABrowser(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := installed(t)
	b.enters(in, "Noor Haddad")
	page := fmt.Sprintf("%s/incidents/%d", in.url, in.billing)
	b.do(chromedp.Navigate(page), chromedp.Click(chromedp.CSS(`a[href$="/parts/timeline"]`)))
	b.types("#form-timeline-new-text", "The queue grew: ")
	asks[bool](b, fmt.Sprintf(pastes, base64.StdEncoding.EncodeToString(aPNG(t, 900)), "image/png", "ClipboardEvent", "paste", "clipboardData"))
	b.until("the image is in the text", `/^The queue grew: !\[\]\(images\/[a-z0-9]{12}\.png\)$/.test(document.querySelector("#form-timeline-new-text").value)`)
	b.do(chromedp.KeyEvent("messages waiting"))
	asks[bool](b, fmt.Sprintf(pastes, base64.StdEncoding.EncodeToString(aPNG(t, 900)[:60]), "image/png", "DragEvent", "drop", "dataTransfer"))
	b.until("the refusal is said at the text", `document.querySelector(".image-says")?.innerText.includes("broken")`)
	if left := asks[string](b, `document.querySelector("#form-timeline-new-text").value`); !strings.HasPrefix(left, "The queue grew: ![messages waiting](images/") || strings.Contains(left, "on its way") {
		t.Errorf("after a refusal the text is %q", left)
	}
	b.do(chromedp.Click(chromedp.CSS("#form-timeline-new button[value=save]")))
	b.until("the image is shown", `(() => { const i = document.querySelector(".timeline img.shown"); i?.scrollIntoView(); return !!i && i.complete && i.naturalWidth === 900 && i.alt === "messages waiting" })()`)
	b.do(chromedp.Navigate(page))
	box := `(() => {
		const loaded = document.querySelector(".timeline img.shown");
		loaded.insertAdjacentHTML("afterend", loaded.outerHTML.replace(".png", ".png?anew"));
		const i = loaded.nextElementSibling, r = i.getBoundingClientRect();
		return i.complete + ", " + Math.round((r.width - 2) / (r.height - 2)) + " times as wide as high";
	})()`
	if is := asks[string](b, box); is != "false, 15 times as wide as high" {
		t.Errorf("before an image far down is loaded, its place is %s", is)
	}
	b.look("record-image", page)
	b.look("images", page+"/images")
}

func TestAnImageForWhatIsNotFiledYetIsRefusedAndTheTextStays(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := installed(t)
	b.enters(in, "Noor Haddad")
	b.do(chromedp.Navigate(in.url + "/incidents/new"))
	b.types("#form-file-summary", "The queue grew: ")
	asks[bool](b, fmt.Sprintf(pastes, base64.StdEncoding.EncodeToString(aPNG(t, 4)), "image/png", "ClipboardEvent", "paste", "clipboardData"))
	b.until("what to do is said at the text", `document.querySelector("#form-file .image-says")?.innerText.includes("file it, then paste")`)
	if text := asks[string](b, `document.activeElement.value`); text != "The queue grew: " {
		t.Errorf("the text is %q", text)
	}
}
