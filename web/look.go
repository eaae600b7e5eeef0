package web

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/debriefhq/debrief/incident/raster"
)

// Brand is how an installation shows itself to outsiders.
type Brand struct {
	Name  string // "" is Status
	Logo  []byte // a PNG or an SVG; nil for none
	Color string // #rgb or #rrggbb; "" is ours
	URL   string // where outsiders reach it, https://status.example.com; "" is not known
}

// largestLogo is in bytes: it is part of every first visit.
const largestLogo = 256 << 10

// look is a brand as the pages use it.
type look struct {
	Name  string
	Logo  string // address, "" for none
	Style string // address of the style with the colour, "" for ours
	URL   string // without a slash at its end
}

// Check says what can't be used of a brand.
func (b Brand) Check() error {
	_, err := b.look(assets{addresses: map[string]string{}, files: map[string][]byte{}})
	return err
}

// look adds what a brand needs to the static files.
func (b Brand) look(a assets) (*look, error) {
	l := &look{Name: strings.TrimSpace(b.Name), URL: strings.TrimRight(b.URL, "/")}
	if l.Name == "" {
		l.Name = "Status"
	}
	if len(b.Logo) > 0 {
		kind, err := logoKind(b.Logo)
		if err != nil {
			return nil, err
		}
		l.Logo = a.add("logo"+kind, b.Logo)
	}
	if b.Color != "" {
		c, err := readColour(b.Color)
		if err != nil {
			return nil, err
		}
		l.Style = a.add("brand.css", []byte(c.style()))
	}
	return l, nil
}

// logoKind is the extension of a logo's file.
func logoKind(file []byte) (string, error) {
	if len(file) > largestLogo {
		return "", fmt.Errorf("the logo has %d KiB: make it smaller than %d", len(file)>>10, largestLogo>>10)
	}
	if p, err := raster.Read(file); err == nil && p.MediaType == "image/png" {
		return ".png", nil
	}
	for d := xml.NewDecoder(bytes.NewReader(file)); ; {
		token, err := d.Token()
		if err != nil {
			break
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "svg" {
			return ".svg", nil
		} else if ok {
			break
		}
	}
	return "", fmt.Errorf("the logo is neither PNG nor SVG: save it as one of them")
}

// policy lets a logo that is opened by itself have its own style, and nothing else.
func (l *look) policy(w http.ResponseWriter, r *http.Request) {
	if l.Logo != "" && r.URL.Path == l.Logo && path.Ext(l.Logo) == ".svg" {
		w.Header().Set("Content-Security-Policy", picturePolicy)
	}
}

// colour is red, green and blue, each 0 to 1.
type colour [3]float64

func readColour(text string) (c colour, err error) {
	hex, hashed := strings.CutPrefix(strings.TrimSpace(text), "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	rgb, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || len(hex) != 6 || !hashed {
		return c, fmt.Errorf("%q is no colour: write it as #0c5568", text)
	}
	for i := range c {
		c[i] = float64(rgb>>(16-8*i)&0xff) / 255
	}
	return c, nil
}

func (c colour) String() string {
	return fmt.Sprintf("#%02x%02x%02x", int(math.Round(c[0]*255)), int(math.Round(c[1]*255)), int(math.Round(c[2]*255)))
}

// luminance is the relative luminance, as WCAG 2.2 defines it.
func (c colour) luminance() float64 {
	part := func(x float64) float64 {
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*part(c[0]) + 0.7152*part(c[1]) + 0.0722*part(c[2])
}

func contrast(a, b colour) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

var black, white = colour{}, colour{1, 1, 1}

// legible is the one of black and white that stands out more on a colour: by 4.5 at least.
func (c colour) legible() colour {
	if contrast(c, black) > contrast(c, white) {
		return black
	}
	return white
}

// The grounds that text stands on, light and dark: the least and the most of paper, sheet and wash in debrief.css.
var (
	lightGround = colour{0xf1 / 255.0, 0xee / 255.0, 0xe7 / 255.0}
	darkGround  = colour{0x23 / 255.0, 0x28 / 255.0, 0x2d / 255.0}
)

// readableContrast is more than the 4.5 that WCAG 2.2 asks for, as colours are rounded.
const readableContrast = 4.6

// readableOn is the colour, mixed with ink until it can be read on a ground.
func (c colour) readableOn(ground, ink colour) colour {
	mixed := c
	for part := 0.0; part <= 1 && contrast(mixed, ground) < readableContrast; part += 0.02 {
		for i := range mixed {
			mixed[i] = c[i]*(1-part) + ink[i]*part
		}
	}
	return mixed
}

// style gives pages for outsiders the colour: as it is where nothing must be read but what stands on it, and
// otherwise so that it can be read.
func (c colour) style() string {
	light, dark := c.readableOn(lightGround, black), c.readableOn(darkGround, white)
	return fmt.Sprintf(":root{--brand:%s;--on-brand:%s;--accent:light-dark(%s,%s);--on:light-dark(%s,%s)}\n",
		c, c.legible(), light, dark, light.legible(), dark.legible())
}
