package document

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
)

func TestLookup(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, format string
		want         string
		refused      error
	}{
		{"a format is found by its name", "markdown", "markdown", nil},
		{"in any case", "HTML", "html", nil},
		{"an unknown one is refused", "word", "", incident.Unsupported},
		{"none is no format", "", "", incident.Unsupported},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := Lookup(tt.format)
			if got.Name != tt.want || !errors.Is(err, tt.refused) {
				t.Errorf("Lookup(%q) = %q, %v, want %q, %v", tt.format, got.Name, err, tt.want, tt.refused)
			}
			if err != nil && !strings.Contains(err.Error(), "markdown, json, html, pelican") {
				t.Errorf("Lookup(%q) = %q, want the names there are", tt.format, err)
			}
		})
	}
}

func TestWriteServesAnAudience(t *testing.T) {
	t.Parallel()
	in := nearlyNothing()
	tests := []struct {
		name    string
		format  string
		options Options
		refused error
	}{
		{"outsiders, when no audience is named", "html", Options{}, nil},
		{"outsiders", "pelican", Options{Audience: incident.AudiencePublic}, nil},
		{"people who are signed in", "json", Options{Audience: incident.AudienceInternal}, nil},
		{"people named on the incident", "markdown", Options{Audience: incident.AudiencePrivate}, nil},
		{"but a post is for outsiders only", "pelican", Options{Audience: incident.AudienceInternal}, incident.Invalid},
		{"an unknown audience is refused", "html", Options{Audience: "friends"}, incident.Invalid},
		{"so is a zone that there is not", "html", Options{Zone: "Mars/Olympus"}, incident.Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f, err := Lookup(tt.format)
			if err != nil {
				t.Fatal(err)
			}
			if err := Write(io.Discard, f, in, tt.options); !errors.Is(err, tt.refused) {
				t.Errorf("Write(%s, %+v) = %v, want %v", tt.format, tt.options, err, tt.refused)
			}
		})
	}
}

func TestJSONOfAWindowsEditorIsRead(t *testing.T) {
	t.Parallel()
	got, err := ReadJSON(strings.NewReader("\ufeff{\"title\": \"x\"}\r\n"))
	if err != nil || got.Incident.Title != "x" {
		t.Errorf("ReadJSON with a byte order mark = %+v, %v, want the record", got, err)
	}
}

func TestFileName(t *testing.T) {
	t.Parallel()
	filed := twilio(t)
	filed.Number = 42
	untitled := twilio(t)
	untitled.PublicTitle = ""
	tests := []struct {
		name   string
		format string
		in     *incident.Incident
		zone   string
		who    incident.Audience
		want   string
	}{
		{"a post is named by its day and its title", "pelican", filed, "", "", "130718-erroneous-card-charges.markdown"},
		{"on the clock asked for", "pelican", filed, "Pacific/Honolulu", "", "130717-erroneous-card-charges.markdown"},
		{"without a public title by its time", "pelican", untitled, "", "", "130718-incident-2013-07-18-0239.markdown"},
		{"outsiders see no number", "html", filed, "", incident.AudiencePublic, "erroneous-card-charges.html"},
		{"the team does", "markdown", filed, "", incident.AudienceInternal, "INC-42.md"},
		{"before it is filed there is none", "json", untitled, "", incident.AudiencePrivate, "incident.json"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f, err := Lookup(tt.format)
			if err != nil {
				t.Fatal(err)
			}
			if got := FileName(f, tt.in, Options{Zone: tt.zone, Audience: tt.who}); got != tt.want {
				t.Errorf("FileName(%s) = %q, want %q", tt.format, got, tt.want)
			}
		})
	}
}

func TestTheManualNamesEveryFormat(t *testing.T) {
	t.Parallel()
	manual, err := os.ReadFile("../../docs/export.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range Formats {
		if written := f.Images.at("images/NAME"); !strings.Contains(strings.ReplaceAll(string(manual), `\|`, "|"), "`"+written+"`") && f.Images.Path != "" {
			t.Errorf("docs/export.md does not say that %s names an image as %s", f.Name, written)
		}
		if row := "\n| `" + f.Name + "` | "; !strings.Contains(string(manual), row) || !strings.Contains(string(manual), "slug"+f.Extension+"`") {
			t.Errorf("docs/export.md has no row %q with a file that ends in %s", row, f.Extension)
		}
	}
}
