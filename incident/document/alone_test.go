package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
)

func TestTheTimelineStandsAloneInEveryForm(t *testing.T) {
	t.Parallel()
	in := everything()
	in.Timeline[0].Text = "What happened."
	for _, f := range Formats {
		for _, who := range []incident.Audience{incident.AudiencePublic, incident.AudiencePrivate} {
			if f.Write == nil && who != incident.AudiencePublic {
				continue
			}
			t.Run(f.Name+" for "+string(who), func(t *testing.T) {
				t.Parallel()
				var b bytes.Buffer
				if err := Write(&b, f, in, Options{Audience: who, Only: OnlyTimeline}); err != nil {
					t.Fatalf("Write = %v", err)
				}
				text := b.String()
				if !strings.Contains(text, "What happened.") && f.Name != "svg" {
					t.Errorf("the timeline is not there:\n%s", text)
				}
				if f.Name == "svg" { // the picture is of the timeline, whatever is asked
					return
				}
				for _, other := range []string{"analysis-", "actions-", "messages-", "lessons-", "impacts-", "Time to detect"} {
					if strings.Contains(text, other) && !(f.Name == "cstate" && other == "impacts-") { // it names what is affected
						t.Errorf("beside the timeline is %q:\n%s", other, text)
					}
				}
				golden(t, "alone-"+string(who)+"-"+f.Name+f.Extension, b.Bytes())
			})
		}
	}
}

func TestATimelineAloneHasANameOfItsOwn(t *testing.T) {
	t.Parallel()
	in := twilio(t)
	whole, alone := FileName(byName(t, "hugo"), in, Options{}), FileName(byName(t, "hugo"), in, Options{Only: OnlyTimeline})
	if whole != "erroneous-card-charges.md" || alone != "erroneous-card-charges-timeline.md" {
		t.Errorf("FileName = %q whole, %q alone, want -timeline after the second", whole, alone)
	}
	var b strings.Builder
	if err := Write(&b, byName(t, "hugo"), in, Options{Only: OnlyTimeline}); err != nil || !strings.Contains(b.String(), "\nslug: erroneous-card-charges-timeline\n") {
		t.Errorf("Write = %v, %s, want a slug of its own", err, b.String())
	}
}

func TestTheTimelineAsJSONIsAList(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	var entries []incident.PublicEntry
	if err := Write(&b, byName(t, "json"), twilio(t), Options{Only: OnlyTimeline}); err != nil || json.Unmarshal(b.Bytes(), &entries) != nil || len(entries) != 2 {
		t.Errorf("Write = %v, %s, want a list of two entries", err, b.String())
	}
}

func TestNothingElseStandsAlone(t *testing.T) {
	t.Parallel()
	for _, f := range Formats {
		if err := Write(&bytes.Buffer{}, f, twilio(t), Options{Only: "messages"}); !errors.Is(err, incident.Invalid) {
			t.Errorf("Write(%s) of messages alone = %v, want a refusal", f.Name, err)
		}
	}
}
