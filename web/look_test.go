package web

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"regexp"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/store/storetest"
)

func TestEveryColourOfABrandCanBeRead(t *testing.T) {
	t.Parallel()
	lights, darks := []string{"#faf9f6", "#ffffff", "#f1eee7"}, []string{"#14171a", "#1b1f23", "#23282d"}
	const steps = 6
	for n := range steps * steps * steps {
		brand := fmt.Sprintf("#%02x%02x%02x", n%steps*51, n/steps%steps*51, n/steps/steps*51)
		c, err := readColour(brand)
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(`#[0-9a-f]{6}`).FindAllString(c.style(), -1)
		if len(found) != 6 || found[0] != brand {
			t.Fatalf("the style of %s is %s", brand, c.style())
		}
		for _, pair := range [][2]string{
			{found[1], found[0]}, {found[4], found[2]}, {found[5], found[3]},
			{found[2], lights[0]}, {found[2], lights[1]}, {found[2], lights[2]}, {found[3], darks[0]}, {found[3], darks[1]}, {found[3], darks[2]},
		} {
			x, y := luminance(t, pair[0][1:]), luminance(t, pair[1][1:])
			if got := (max(x, y) + 0.05) / (min(x, y) + 0.05); got < 4.5 {
				t.Errorf("with %s text of %s on %s has a contrast of %.2f, at least 4.5 is needed", brand, pair[0], pair[1], got)
			}
		}
	}
}

// drawnLogo is a PNG.
func drawnLogo(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 4, 2))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const logoSVG = `<?xml version="1.0"?><!-- ours --><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2"><script>alert(1)</script><rect width="4" height="2"/></svg>`

func TestABrandThatCannotBeUsedIsRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		brand Brand
		says  string // "" when it is fine
	}{
		{"nothing", Brand{}, ""},
		{"all of it", Brand{Name: "Twilio", Logo: []byte(logoSVG), Color: "#F22F46", URL: "https://status.twilio.com/"}, ""},
		{"a short colour", Brand{Color: "#f24"}, ""},
		{"a PNG", Brand{Logo: drawnLogo(t)}, ""},
		{"a word for a colour", Brand{Color: "red"}, "#0c5568"},
		{"style for a colour", Brand{Color: "#fff;}body{display:none"}, "#0c5568"},
		{"a colour without its sign", Brand{Color: "0c5568"}, "#0c5568"},
		{"HTML for a logo", Brand{Logo: []byte("<html><svg></svg></html>")}, "PNG nor SVG"},
		{"a heavy logo", Brand{Logo: make([]byte, largestLogo+1)}, "smaller"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := tt.brand.Check()
			if (err == nil) != (tt.says == "") || err != nil && !strings.Contains(err.Error(), tt.says) {
				t.Errorf("Check = %v, want %q", err, tt.says)
			}
		})
	}
}

func TestABrandIsOnThePagesForOutsidersAlone(t *testing.T) {
	t.Parallel()
	in := runningAs(t, storetest.New(t), Brand{Name: "Twilio", Logo: []byte(logoSVG), Color: "#f22f46"})
	v := in.visitor(t)
	_, page := v.get("/status")
	style, logo := regexp.MustCompile(`href="(/static/brand\.[0-9a-f]+\.css)"`).FindStringSubmatch(page), regexp.MustCompile(`src="(/static/logo\.[0-9a-f]+\.svg)"`).FindStringSubmatch(page)
	if style == nil || logo == nil || !strings.Contains(page, "<title>Twilio</title>") {
		t.Fatalf("the page has neither style nor logo: %s", page)
	}
	if res, text := v.get(style[1]); res.StatusCode != 200 || !strings.Contains(text, "--brand:#f22f46") {
		t.Errorf("the style is %d %s", res.StatusCode, text)
	}
	if res, text := v.get(logo[1]); res.StatusCode != 200 || text != logoSVG || res.Header.Get("Content-Security-Policy") != picturePolicy {
		t.Errorf("the logo is %d, its policy %q: opened by itself it may do something", res.StatusCode, res.Header.Get("Content-Security-Policy"))
	}
	if _, ours := v.get("/"); strings.Contains(ours, "brand.") || strings.Contains(ours, "Twilio") {
		t.Error("the team's pages have the brand")
	}
}

func TestABrandInABrowser(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	for name, color := range map[string][2]string{"red": {"#f22f46", "rgb(242, 47, 70)"}, "yellow": {"#ffe600", "rgb(255, 230, 0)"}, "black": {"#000000", "rgb(0, 0, 0)"}} {
		in := runningAs(t, storetest.New(t), Brand{Name: "Ever so Long a Name of a Company", Logo: drawnLogo(t), Color: color[0]})
		b.look("status-brand-"+name, in.url+"/status")
		if got := asks[string](b, `getComputedStyle(document.querySelector(".masthead")).backgroundColor`); got != color[1] {
			t.Errorf("the head of the page is %s, want %s", got, color[1])
		}
	}
}
