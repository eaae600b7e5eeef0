package web

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store/storetest"
)

// previewFrames are the page with each thing that it can say.
func previewFrames(in *incident.Incident) []frame {
	var all []frame
	for _, asked := range []url.Values{{}, {"format": {"markdown"}, "audience": {"internal"}, "zone": {"UTC"}}, {"only": {hostile}}} {
		p := newPreview(in, previewAsked(in, asked))
		p.File, p.Download = "f.html", "/incidents/42/export?format=html"
		p.Secrets = []incident.Finding{{Place: hostile, Detail: hostile, Do: hostile}}
		if len(asked) > 1 {
			p.Text, p.Images, p.Belong = hostile, []string{"images/k3v9x1m7q2ab.png"}, hostile
		} else if len(asked) == 1 {
			p.Picture = "/incidents/42/preview/document?format=svg"
		} else {
			p.Frame = "/incidents/42/preview/document?format=html"
		}
		p.refuse(incident.RefuseFields(map[string]string{"/zone": hostile, "/only": hostile}).(*incident.Error))
		p.refuse(incident.Refuse(incident.Unsupported, "", hostile))
		all = append(all, frame{Name: "preview", By: reader, Page: p})
	}
	return all
}

func TestAnExportIsSeenBeforeItIsPublished(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Lena Falk")
	path := fmt.Sprintf("/incidents/%d/preview", in.billing)
	tests := []struct {
		name, query  string
		status       int
		says, silent []string
	}{
		{"at first the page for outsiders", "", 200, []string{"<iframe", "audience=public&amp;format=html", "Timeline: "}, []string{"<pre"}},
		{"a text is shown as it is", "?format=pelican&zone=America/Los_Angeles", 200, []string{"<pre", "title: Erroneous card charges", "2:39 AM PDT", "zone=America%2FLos_Angeles"}, []string{"<iframe", "The database team is called in."}},
		{"the team's version has what the team knows", "?format=markdown&audience=internal", 200, []string{"The database team is called in."}, []string{"Legal is asked"}},
		{"the timeline stands alone", "?format=markdown&audience=internal&only=timeline", 200, []string{"The database team is called in."}, []string{"## Follow-ups"}},
		{"a post for the team is refused at its audience", "?format=hugo&audience=internal", 422, []string{`id="wrong-audience"`, "form for outsiders"}, []string{"Download"}},
		{"an unknown zone at its own", "?format=html&zone=Mars", 422, []string{`id="wrong-zone"`, `value="Mars"`}, []string{"Download"}},
		{"an unknown format too", "?format=docx", 415, []string{`id="wrong-format"`}, []string{"Download"}},
		{"what can't stand alone", "?only=lessons", 422, []string{`id="wrong-only"`}, []string{"Download"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res, body := v.get(path + tt.query)
			if res.StatusCode != tt.status {
				t.Errorf("GET preview%s = %d, want %d", tt.query, res.StatusCode, tt.status)
			}
			for _, text := range tt.says {
				if !strings.Contains(body, text) {
					t.Errorf("GET preview%s lacks %q", tt.query, text)
				}
			}
			for _, text := range tt.silent {
				if strings.Contains(body, text) {
					t.Errorf("GET preview%s holds %q", tt.query, text)
				}
			}
		})
	}
	for _, who := range []string{"Lena Falk", ""} {
		v := in.visitor(t)
		want := 401
		if who != "" {
			v, want = in.as(t, who), 404
		}
		for _, rest := range []string{"", "?format=json&audience=private", "/document?format=html&audience=private"} {
			if res, body := v.get(fmt.Sprintf("/incidents/%d/preview%s", in.private, rest)); res.StatusCode != want || strings.Contains(body, "canary") {
				t.Errorf("GET preview%s of a private incident by %q = %d, want %d and no word of it", rest, who, res.StatusCode, want)
			}
		}
	}
}

func TestOnlyTheFrameOfAPreviewHasAStyleOfItsOwn(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Lena Falk")
	path := fmt.Sprintf("/incidents/%d/preview", in.billing)
	page, _ := v.get(path)
	framed, body := v.get(path + "/document?format=html&audience=public")
	if got := page.Header.Get("Content-Security-Policy"); got != policy+"; frame-src 'self'" {
		t.Errorf("the page's policy is %q", got)
	}
	got := framed.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "frame-ancestors 'self'", "; sandbox"} {
		if !strings.Contains(got, want) {
			t.Errorf("the framed document's policy %q lacks %q", got, want)
		}
	}
	if strings.Contains(got, "allow-") || strings.Contains(got, "script") || !strings.Contains(body, "<style>") || framed.Header.Get("Content-Disposition") != "" {
		t.Errorf("the framed document's policy %q allows too much, or it is no page to look at", got)
	}
	if res, _ := v.get(path + "/document?format=markdown&audience=public"); res.StatusCode != 404 {
		t.Errorf("a text is sent to be drawn: %d", res.StatusCode)
	}
}

func TestAPreviewWarnsOfCredentials(t *testing.T) {
	t.Parallel()
	in := installed(t)
	key := "AKIA" + "Q3EGRWHJ5T2MZ7XB"
	record := billing(t)
	record.PublicTitle, record.PublicSummary = "", "The key was "+key
	n := in.file(t, storetest.Person(t, in.store, "Filer", incident.Responder), record)
	_, body := in.as(t, "Lena Falk").get(fmt.Sprintf("/incidents/%d/preview?format=markdown", n))
	for _, want := range []string{"Before outsiders read it", "There is no public title.", "credential", "The key was [withheld]"} {
		if !strings.Contains(body, want) {
			t.Errorf("the preview lacks %q", want)
		}
	}
	if strings.Contains(body, key) {
		t.Error("the preview for outsiders shows the credential")
	}
}

func TestPreviewsInABrowser(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := installed(t)
	b.enters(in, "Lena Falk")
	page := fmt.Sprintf("%s/incidents/%d/preview", in.url, in.billing)
	b.look("preview-html", page)
	b.look("preview-svg", page+"?format=svg&audience=internal")
	b.look("preview-pelican", page+"?format=pelican&zone=America/Los_Angeles")
	b.look("preview-refused", page+"?format=hugo&audience=internal&zone=Mars")
	noor := storetest.Person(t, in.store, "Filer", incident.Responder)
	b.look("preview-hostile", fmt.Sprintf("%s/incidents/%d/preview", in.url, in.file(t, noor, filled(t, `"><script>alert(1)</script><img src=x onerror=alert(2)>`))))

	b.prefers("light", 1280)
	b.do(chromedp.Navigate(page), chromedp.Focus(chromedp.CSS("#pick-format")), chromedp.KeyEvent("m"))
	b.do(chromedp.Focus(chromedp.CSS("#pick-audience")), chromedp.KeyEvent("t\r"))
	b.do(chromedp.Focus(chromedp.CSS(".choices button")), chromedp.KeyEvent("\r"))
	b.until("the team's Markdown is shown", `document.querySelector("pre.framed")?.innerText.includes("The database team is called in.") === true`)
	b.do(chromedp.Func(grantClipboard(in.url)), chromedp.Focus(chromedp.CSS("[data-copies]")), chromedp.KeyEvent("\r"))
	b.until("it is copied", `document.querySelector("[data-copies]").innerText === "Copied"`)
}

// grantClipboard lets pages write to the clipboard, which a browser without a window refuses.
func grantClipboard(origin string) func(context.Context, *chromedp.Target) error {
	return func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, cdpbrowser.SetPermission, cdpbrowser.SetPermissionParams{
			Permission: &cdpbrowser.PermissionDescriptor{Name: "clipboard-write"}, Setting: cdpbrowser.PermissionSettingGranted, Origin: origin,
		})
		return err
	}
}
