package document_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
)

func TestPicturesLoadNothingAndOnlyThoseOfTheRecordHaveAPlace(t *testing.T) {
	t.Parallel()
	for text, pictured := range map[string]bool{
		"![a *graph*](images/k3v9x1m7q2ab.png)":                             true,
		"![](images/k3v9x1m7q2ab.webp)":                                     true,
		"![x](https://example.org/images/k3v9x1m7q2ab.png)":                 false,
		"![x](/images/k3v9x1m7q2ab.png)":                                    false,
		"![x](images/../k3v9x1m7q2ab.png)":                                  false,
		"![x](images/k3v9x1m7q2ab.svg)":                                     false,
		"![x](javascript:alert(1))":                                         false,
		`<img title="images/k3v9x1m7q2ab.png" alt="x">`:                     false,
		"`![x](images/k3v9x1m7q2ab.png)`":                                   false,
		`![x" onerror="alert(1)](images/k3v9x1m7q2ab.png "t' onload='y")`:   true,
		"[![linked](images/k3v9x1m7q2ab.png)](https://example.org/graph/1)": true,
	} {
		out := string(document.Illustrated(text))
		if got := document.Pictured([]byte(out)); got != pictured {
			t.Errorf("Illustrated(%q) has a place for an image: %t, want %t: %s", text, got, pictured, out)
		}
		if strings.Contains(out, "src=") || strings.Contains(out, `" on`) {
			t.Errorf("Illustrated(%q) loads or acts: %s", text, out)
		}
		if strings.Count(out, "<a ") != strings.Count(out, "</a>") {
			t.Errorf("Illustrated(%q) closes what it does not open: %s", text, out)
		}
		if plain := string(document.HTML(text)); strings.Contains(plain, "<img") {
			t.Errorf("HTML(%q) = %s, want no image", text, plain)
		}
		shown := string(document.Illustrate([]byte(out), func(id, alt string) string { return id + ":" + alt }))
		if strings.Contains(shown, "<img") {
			t.Errorf("Illustrate(%q) leaves a place: %s", text, shown)
		}
	}
}

func TestAPageCarriesTheImagesOfItsAudienceAlone(t *testing.T) {
	t.Parallel()
	in := &incident.Incident{Heading: incident.Heading{Title: "x"}, PublicTitle: "Cards were charged twice", PublicSummary: "![for all](images/aaaaaaaaaaaa.png)"}
	in.Timeline = []incident.Entry{{Text: "![for the team](images/bbbbbbbbbbbb.png)", Audience: incident.AudienceInternal}}
	in.Normalize()
	for audience, want := range map[incident.Audience]string{incident.AudiencePublic: "a", incident.AudienceInternal: "ab"} {
		asked := map[string]bool{}
		o := document.Options{Audience: audience, Image: func(id string) (incident.Image, []byte, bool) {
			asked[id[:1]] = true
			return incident.Image{ID: id, MediaType: "image/png", Width: 3, Height: 2}, []byte(id), true
		}}
		html, err := document.Lookup("html")
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := document.Write(&b, html, in, o); err != nil {
			t.Fatal(err)
		}
		if asked["a"] != strings.Contains(want, "a") || asked["b"] != strings.Contains(want, "b") {
			t.Errorf("the page for %s asks for %v, want %s", audience, asked, want)
		}
		if audience == incident.AudiencePublic && !strings.Contains(b.String(), `<img src="data:image/png;base64,YWFhYWFhYWFhYWFh" alt="for all" width="3" height="2" style="max-width:100%;height:auto">`) {
			t.Errorf("the page carries no image: %s", b.String())
		}
	}
}
