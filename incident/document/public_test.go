package document

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
)

// public is the record in a format, for outsiders.
func public(t testing.TB, f Format, in *incident.Incident) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, f, in, Options{}); err != nil {
		t.Fatalf("Write(%s) for outsiders = %v, want a document", f.Name, err)
	}
	return b.String()
}

func TestOutsidersSeeNoWordThatIsNotPublic(t *testing.T) {
	t.Parallel()
	for _, who := range []incident.Audience{incident.AudiencePublic, incident.AudienceInternal, incident.AudiencePrivate} {
		words := map[string]string{} // canary → where it sits
		in := incidenttest.Fill(func(pointer string) string {
			canary := fmt.Sprintf("canary%03dx", len(words))
			words[canary] = pointer
			return canary
		})
		incidenttest.SetAudience(in, who)
		may, err := json.Marshal(in.Public())
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range Formats {
			t.Run(f.Name+" of a record that is "+string(who), func(t *testing.T) {
				t.Parallel()
				text, shown := public(t, f, in), 0
				for canary, pointer := range words {
					switch found := strings.Contains(text, canary); {
					case found && !strings.Contains(string(may), canary):
						t.Errorf("%s for outsiders holds %s", f.Name, pointer)
					case found:
						shown++
					}
				}
				least := map[string][2]int{"csv": {0, 2}, "svg": {1, 2}}[f.Name]
				if least == [2]int{} {
					least = [2]int{2, 12}
				}
				if shown < least[0] || who == incident.AudiencePublic && shown < least[1] {
					t.Errorf("%s for outsiders shows %d words of %d: the test is not looking at a document", f.Name, shown, len(words))
				}
				if n := in.Number.String(); strings.Contains(text, n) {
					t.Errorf("%s for outsiders holds the number %s", f.Name, n)
				}
			})
		}
	}
}

func TestTheInternalTitleNeverServesOutsiders(t *testing.T) {
	t.Parallel()
	in := twilio(t)
	in.Title, in.PublicTitle = "canary", ""
	for _, f := range Formats {
		text := public(t, f, in)
		if strings.Contains(text, "canary") || f.Name != "json" && f.Name != "csv" && !strings.Contains(text, neutralTitle) {
			t.Errorf("%s without a public title = %s, want the title %q", f.Name, text, neutralTitle)
		}
		if name := FileName(f, in, Options{}); strings.Contains(name, "canary") {
			t.Errorf("FileName(%s) = %q, want nothing of the internal title", f.Name, name)
		}
	}
}

func TestEveryRecordHasEveryForm(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		in := incidenttest.Records().Draw(r, "record")
		zone := rapid.SampledFrom([]string{"", "UTC", "America/Los_Angeles", "+05:30"}).Draw(r, "zone")
		for _, f := range Formats {
			for _, who := range []incident.Audience{incident.AudiencePublic, incident.AudienceInternal, incident.AudiencePrivate} {
				if f.Write == nil && who != incident.AudiencePublic {
					continue
				}
				var first, second bytes.Buffer
				o := Options{Zone: zone, Audience: who}
				if err := Write(&first, f, in, o); err != nil {
					r.Fatalf("Write(%s, %s) = %v, want a document", f.Name, who, err)
				}
				if err := Write(&second, f, in.Clone(), o); err != nil || first.String() != second.String() {
					r.Fatalf("Write(%s, %s) gives other bytes the second time, %v", f.Name, who, err)
				}
				if name := FileName(f, in, o); strings.ContainsAny(name, "/\\ \"'") || strings.HasPrefix(name, ".") {
					r.Fatalf("FileName(%s) = %q, want a plain name", f.Name, name)
				}
			}
		}
	})
}
