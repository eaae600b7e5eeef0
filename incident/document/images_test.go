package document_test

import (
	"strings"
	"testing"

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
