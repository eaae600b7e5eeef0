package web

import (
	"math"
	"regexp"
	"strconv"
	"testing"
)

// color finds the colours of the style sheet: a name, then light and dark.
var color = regexp.MustCompile(`--([a-z]+): light-dark\(#([0-9a-f]{3,6}), #([0-9a-f]{3,6})\)`)

// luminance is the relative luminance of a colour, as WCAG 2.2 defines it.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	rgb, err := strconv.ParseUint(hex, 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	part := func(shift uint) float64 {
		c := float64(rgb>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*part(16) + 0.7152*part(8) + 0.0722*part(0)
}

func TestColoursStandOut(t *testing.T) {
	t.Parallel()
	text, err := staticFiles.ReadFile("static/debrief.css")
	if err != nil {
		t.Fatal(err)
	}
	schemes := []map[string]float64{{}, {}}
	for _, m := range color.FindAllStringSubmatch(string(text), -1) {
		schemes[0][m[1]], schemes[1][m[1]] = luminance(t, m[2]), luminance(t, m[3])
	}
	// The least contrasts are those of WCAG 2.2 AA: 4.5 for text, 3 for what a control is seen by.
	tests := []struct {
		least    float64
		over     []string
		surfaces []string
	}{
		{4.5, []string{"ink", "soft", "accent", "red", "amber", "green", "blue", "violet"}, []string{"paper", "sheet", "wash"}},
		{4.5, []string{"on"}, []string{"accent", "red"}},
		{4.5, []string{"paper"}, []string{"ink"}},
		{3, []string{"edge"}, []string{"paper", "sheet"}},
	}
	for i, name := range []string{"light", "dark"} {
		for _, tt := range tests {
			for _, a := range tt.over {
				for _, b := range tt.surfaces {
					x, y := schemes[i][a], schemes[i][b]
					if got := (max(x, y) + 0.05) / (min(x, y) + 0.05); got < tt.least {
						t.Errorf("%s: %s on %s has a contrast of %.2f, at least %.1f is needed", name, a, b, got, tt.least)
					}
				}
			}
		}
	}
}
