package document

import (
	"regexp"
	"testing"

	"pgregory.net/rapid"

	"github.com/debriefhq/debrief/incident"
)

func TestSlugs(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, title, want string }{
		{"words with dashes between", "Erroneous card charges", "erroneous-card-charges"},
		{"letters lose their marks", "Störung für Ärzte", "storung-fur-arzte"},
		{"also where these stand for themselves", "Sto\u0308rung", "storung"},
		{"letters that cannot be taken apart", "Straße på Łódź: smørbrød, Þór & cœur", "strasse-pa-lodz-smorbrod-thor-coeur"},
		{"in capitals", "ÇA VA, İSTANBUL? GROẞ", "ca-va-istanbul-gross"},
		{"in many languages", "Trễ thanh toán ở Việt Nam", "tre-thanh-toan-o-viet-nam"},
		{"wide letters", "ＡＰＩ　ｄｏｗｎ ２", "api-down-2"},
		{"other scripts give way to the time", "障害のお知らせ", "incident-2013-07-18-0239"},
		{"after what is left", "Сбой API 2", "api-2-2013-07-18-0239"},
		{"pictures are no letters", "🔥 Fire 🔥", "fire"},
		{"so a title of them says nothing", "🔥", "incident-2013-07-18-0239"},
		{"nor does none", "", "incident-2013-07-18-0239"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := twilio(t)
			in.PublicTitle = tt.title
			p := in.Public()
			if got := slug(p, newStory(view(p), Options{}, true)); got != tt.want {
				t.Errorf("the slug of %q is %q, want %q", tt.title, got, tt.want)
			}
		})
	}
}

func TestTheSlugOfADayHasNoTime(t *testing.T) {
	t.Parallel()
	in := nearlyNothing()
	day, err := incident.When{Zone: "America/Los_Angeles"}.Read("2013-07-18")
	if err != nil {
		t.Fatal(err)
	}
	in.PublicTitle, in.Milestones.Started = "障害", &day
	if got, want := FileName(byName(t, "jekyll"), in, Options{Zone: "Pacific/Auckland"}), "2013-07-18-incident-2013-07-18.markdown"; got != want {
		t.Errorf("FileName = %s, want %s", got, want)
	}
}

func TestEveryTitleHasASlug(t *testing.T) {
	t.Parallel()
	shape := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	in := twilio(t)
	rapid.Check(t, func(r *rapid.T) {
		in := in.Clone()
		in.PublicTitle = rapid.String().Draw(r, "title")
		p := in.Public()
		s := newStory(view(p), Options{}, true)
		if got := slug(p, s); !shape.MatchString(got) || len(got) > 100 {
			r.Fatalf("the slug of %q is %q, want words of ASCII with dashes", in.PublicTitle, got)
		}
	})
}
