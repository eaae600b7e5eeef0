package document

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
)

// shape is an element of a picture with what it says.
type shape struct {
	name, text string
	attrs      map[string]string
}

// shapes reads a picture as strictly as XML is read.
func shapes(t interface{ Fatalf(string, ...any) }, text string) []shape {
	d := xml.NewDecoder(strings.NewReader(text))
	var all []shape
	for {
		token, err := d.Token()
		switch token := token.(type) {
		case xml.StartElement:
			s := shape{name: token.Name.Local, attrs: map[string]string{}}
			for _, a := range token.Attr {
				s.attrs[a.Name.Local] = a.Value
			}
			all = append(all, s)
		case xml.CharData:
			if len(all) > 0 {
				all[len(all)-1].text += string(token)
			}
		}
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("the picture is no XML: %v\n%s", err, text)
		}
	}
}

// inert are the elements and attributes that a picture is made of: nothing of
// them acts, links or loads.
var (
	inertElements   = "svg title desc style rect line path circle text"
	inertAttributes = "xmlns class role viewBox width height x y x1 x2 y1 y2 cx cy r rx d"
)

func checkPicture(t interface{ Fatalf(string, ...any) }, text string) []shape {
	all := shapes(t, text)
	for _, s := range all {
		if !strings.Contains(" "+inertElements+" ", " "+s.name+" ") {
			t.Fatalf("the picture holds <%s>", s.name)
		}
		for key, value := range s.attrs {
			if !strings.Contains(" "+inertAttributes+" ", " "+key+" ") {
				t.Fatalf("the picture holds %s=%q", key, value)
			}
			if key == "x" || key == "x1" || key == "x2" || key == "cx" {
				if x, err := strconv.ParseFloat(value, 64); err != nil || x < 0 || x > pictureWidth {
					t.Fatalf("<%s> is drawn at %s=%q, outside", s.name, key, value)
				}
			}
		}
		if s.name == "text" && strings.ContainsFunc(s.text, func(r rune) bool { return unicode.Is(unicode.Cf, r) }) {
			t.Fatalf("the picture says %q, which turns what stands beside it", s.text)
		}
	}
	if len(all) < 3 || all[1].name != "title" || all[1].text == "" || all[2].name != "desc" || all[2].text == "" {
		t.Fatalf("the picture does not say what it is:\n%s", text)
	}
	return all
}

func TestEveryRecordIsAPicture(t *testing.T) {
	t.Parallel()
	f := byName(t, "svg")
	attacks := []string{"</text><script>alert(1)</script>", "\"><svg onload=alert(1)>", "]]><x>", "\u202egnissim", strings.Repeat("long ", 40), "<!-- ", "&lt;b&gt;", "日本語の長い名前" + strings.Repeat("長", 60)}
	rapid.Check(t, func(r *rapid.T) {
		in := incidenttest.Records().Draw(r, "record")
		incidenttest.SetAudience(in, incident.AudiencePublic)
		attack := rapid.SampledFrom(attacks).Draw(r, "attack")
		in.Title, in.PublicTitle = attack, attack
		for i := range in.Impacts {
			in.Impacts[i].Component = attack
		}
		for _, who := range []incident.Audience{incident.AudiencePublic, incident.AudiencePrivate} {
			var b bytes.Buffer
			if err := Write(&b, f, in, Options{Audience: who}); err != nil {
				r.Fatalf("Write(svg) = %v", err)
			}
			checkPicture(r, b.String())
		}
	})
}

func TestAPictureIsToScale(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 1, 22, 0, 0, 0, time.UTC)
	moment := func(after time.Duration) *incident.Moment {
		m := incident.Exactly(start.Add(after), "Europe/Berlin", incident.Minute)
		return &m
	}
	in := &incident.Incident{
		Heading: incident.Heading{
			Title: "x", Zone: "Europe/Berlin", Status: incident.Resolved,
			Milestones: incident.Milestones{Started: moment(0), Resolved: moment(4 * time.Hour)},
		},
		PublicTitle: "x",
		Impacts:     []incident.Impact{{Component: "Shop", Level: incident.MajorOutage, From: moment(time.Hour), Until: moment(3 * time.Hour), Audience: incident.AudiencePublic}},
		Timeline:    []incident.Entry{{At: moment(2 * time.Hour), Text: "x", Audience: incident.AudiencePublic}},
		Messages:    []incident.Message{{Channel: incident.Email, At: moment(time.Hour), Body: "x", State: incident.Recorded, Audience: incident.AudiencePublic}},
	}
	in.Normalize()
	all := checkPicture(t, public(t, byName(t, "svg"), in))
	found := map[string]bool{}
	for _, s := range all {
		found[fmt.Sprintf("%s %s %s%s%s %s %s", s.name, s.attrs["class"], s.attrs["x"], s.attrs["x1"], s.attrs["cx"], s.attrs["width"], s.text)] = true
	}
	for _, want := range []string{
		"rect major_outage 252.0 456.0 \n", "line entry 480.0  \n", "circle message 252.0  \n", "line day 252.0  \n",
		"text  252.0  Shop · major outage, 2 h\n", "text middle 252.0  Mon 2 Mar\n", "text middle soft 252.0  23:00 UTC\n",
		"text soft 24.0  23:00 CET\n", "text soft 24.0  22:00 UTC\n", "text end soft 936.0  03:00 CET\n", "text end soft 936.0  02:00 UTC\n",
	} {
		if !found[want] {
			t.Errorf("the picture lacks %q; it has %v", want, found)
		}
	}
}

func TestALongTitleTakesTwoLines(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, title string
		want        []string
	}{
		{"a title that fits takes one", "Customers were charged again and again", []string{"Customers were charged again and again"}},
		{"a longer one two", "Customers were charged again and again for a single order", []string{"Customers were charged again and again for a", "single order"}},
		{
			"what is longer still is cut", strings.Repeat("Customers were charged. ", 9),
			[]string{"Customers were charged. Customers were", "charged. Customers were charged. Customers we…"},
		},
		{"a title without spaces too", strings.Repeat("長", 60), []string{strings.Repeat("長", 22) + "…"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := headLines(tt.title); !slices.Equal(got, tt.want) {
				t.Errorf("headLines(%q) = %q, want %q", tt.title, got, tt.want)
			}
		})
	}
}

func TestAnOldTriggerDoesNotSqueezeThePicture(t *testing.T) {
	t.Parallel()
	for _, status := range []incident.Status{incident.Investigating, incident.Resolved} {
		in := &incident.Incident{Heading: incident.Heading{Status: status, Milestones: incident.Milestones{
			Triggered: at("2025-11-01T10:00:00Z"), Started: at("2026-03-02T10:00:00Z"), Detected: at("2026-03-02T12:00:00Z"),
		}}}
		if x := ExtentOf(in); x.Length() != 2*time.Hour {
			t.Errorf("what is %s is drawn over %v, want the two hours without its trigger of months before", status, x.Length())
		}
	}
}

func TestADraftIsNotDrawn(t *testing.T) {
	t.Parallel()
	in := open()
	in.Messages = []incident.Message{{State: incident.Draft, At: at("2025-10-27T12:00:00Z"), Body: "x", Audience: incident.AudiencePublic}}
	var b bytes.Buffer
	if err := Write(&b, byName(t, "svg"), in, Options{Audience: incident.AudiencePrivate}); err != nil {
		t.Fatal(err)
	}
	in.Messages = nil
	var without bytes.Buffer
	if err := Write(&without, byName(t, "svg"), in, Options{Audience: incident.AudiencePrivate}); err != nil || b.String() != without.String() {
		t.Errorf("a draft is drawn as what people were told, %v:\n%s", err, b.String())
	}
}
