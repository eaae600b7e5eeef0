package api_test

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/png"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
)

func aPNG(t testing.TB, width int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, 2))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// visitImages does everything with one image.
func visitImages(t *testing.T, ada *person, n incident.Number) {
	t.Helper()
	ctx := t.Context()
	m, err := ada.AddImage(ctx, n, aPNG(t, 3))
	if err != nil || m.Markdown != "![](images/"+m.ID+".png)" || m.Width != 3 {
		t.Fatalf("AddImage = %+v, %v", m, err)
	}
	if all, err := ada.Images(ctx, n); err != nil || len(all.Items) != 1 || all.Items[0].ID != m.ID {
		t.Errorf("Images = %+v, %v, want the one", all, err)
	}
	if file, err := ada.Image(ctx, n, m.ID); err != nil || len(file) != m.Size {
		t.Errorf("Image = %d bytes, %v, want %d", len(file), err, m.Size)
	}
	if err := ada.RemoveImage(ctx, n, m.ID); err != nil {
		t.Errorf("RemoveImage = %v", err)
	}
	if _, err := ada.Image(ctx, n, m.ID); err == nil {
		t.Error("an image is still there after it was removed")
	}
}

func TestImagesAreSentSafely(t *testing.T) {
	t.Parallel()
	h := serve(t)
	ada, bob := h.as("Ada", incident.Responder), h.as("Bob", incident.Viewer)
	n := ada.file(`{"title": "Billing", "people": [{"role": "author", "name": "Ada"}]}`).Number
	m := into[client.AddedImage](ada.call("POST", "/incidents/1/images", string(aPNG(t, 3)), "Content-Type: image/png").must(201))
	got := ada.call("GET", "/incidents/1/images/"+m.ID, "").must(200)
	for name, want := range map[string]string{
		"Content-Type": "image/png", "X-Content-Type-Options": "nosniff", "Content-Disposition": "inline",
		"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, no-cache", "ETag": `"` + m.ID + `"`,
	} {
		if is := got.header.Get(name); is != want {
			t.Errorf("an image comes with %s %q, want %q", name, is, want)
		}
	}
	ada.call("GET", "/incidents/1/images/"+m.ID, "", "If-None-Match: "+`"`+m.ID+`"`).must(304)
	bob.call("GET", "/incidents/1/images/"+m.ID, "").problem(404)
	bob.call("GET", "/incidents/1/images/"+m.ID, "", "If-None-Match: *").problem(404)
	if _, err := ada.Append(t.Context(), n, &incident.Entry{Text: m.Markdown, Audience: incident.AudienceInternal}); err != nil {
		t.Fatal(err)
	}
	bob.call("GET", "/incidents/1/images/"+m.ID, "").must(200)
}

func TestImagesThatAreRefused(t *testing.T) {
	t.Parallel()
	h := serve(t)
	ada, bob := h.as("Ada", incident.Responder), h.as("Bob", incident.Viewer)
	ada.file(`{"title": "Billing"}`)
	whole := string(aPNG(t, 3))
	for _, tt := range []struct {
		name, body, kind string
		status           int
	}{
		{"SVG with a script", `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`, "image/svg+xml", 415},
		{"a page that calls itself PNG", "<html>", "image/png", 415},
		{"a PNG that calls itself JPEG", whole, "image/jpeg", 415},
		{"half a PNG", whole[:40], "image/png", 422},
		{"a file over 5 MiB", whole + strings.Repeat("x", incident.LargestImage), "image/png", 413},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ada.in(t).unchecked().call("POST", "/incidents/1/images", tt.body, "Content-Type: "+tt.kind).problem(tt.status)
		})
	}
	bob.unchecked().call("POST", "/incidents/1/images", whole, "Content-Type: image/png").problem(403)
	ada.unchecked().call("POST", "/incidents/9/images", whole, "Content-Type: image/png").problem(404)
}

func TestAnExportCarriesTheImagesOfItsAudienceAlone(t *testing.T) {
	t.Parallel()
	h := serve(t)
	ada := h.as("Ada", incident.Responder)
	ctx := t.Context()
	n := ada.file(`{"title": "Billing", "public_title": "Cards were charged twice", "people": [{"role": "author", "name": "Ada"}]}`).Number
	data := map[incident.Audience]string{}
	for i, audience := range []incident.Audience{incident.AudiencePublic, incident.AudienceInternal, incident.AudiencePrivate} {
		file := aPNG(t, i+3)
		m, err := ada.AddImage(ctx, n, file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ada.Append(ctx, n, &incident.Entry{Text: m.Markdown, Audience: audience}); err != nil {
			t.Fatal(err)
		}
		data[audience] = base64.StdEncoding.EncodeToString(file)
	}
	for audience, want := range map[incident.Audience]int{incident.AudiencePublic: 1, incident.AudienceInternal: 2, incident.AudiencePrivate: 3} {
		doc, err := ada.Export(ctx, n, client.Form{Format: "html", Audience: audience})
		if err != nil {
			t.Fatal(err)
		}
		if got := bytes.Count(doc.Text, []byte("<img src=\"data:image/png;base64,")); got != want || !bytes.Contains(doc.Text, []byte(data[audience])) {
			t.Errorf("the page for %s carries %d images, want %d", audience, got, want)
		}
	}
}
