package document

import (
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
	"github.com/goccy/go-yaml"
	"pgregory.net/rapid"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
)

// tricky are titles that some reader of front matter takes for something else.
var tricky = []string{
	"yes", "NO", "off", "y", "null", "~", "true", "=", "<<", "12:30:45", "1:30", "1e3", "0o7", "010", "0x1f", "+1", ".inf", ".NaN", "1_000", "2013-07-18",
	"2013-07-18T02:00:00Z", "a: b", "a:", ": a", "a #b", "#", "- x", "? x", "%x", "@x", "`x", "!!x", "&x", "*x", "'", `"`, `\`, `\n`, "{a", "[a", "|", "> x",
	"---", "+++", "...", "a, b", "'''", `"""`, "x = y", "[x]", "\u2028", "日本", "{{ title }}", "{% x %}", "= x",
}

func TestNoTitleIsTakenForAnythingElse(t *testing.T) {
	t.Parallel()
	in := twilio(t)
	for _, title := range tricky {
		in.PublicTitle = title
		for _, name := range []string{"hugo", "jekyll", "cstate", "zola"} {
			if got, want := frontOf(t, name, public(t, byName(t, name), in))["title"], titleIn(name, title); got != want {
				t.Errorf("the title of %s is %#v, want %q", name, got, want)
			}
		}
	}
}

// titleIn is a title as the form has it.
func titleIn(format, title string) string {
	if title = inLine(title); title == "" {
		return neutralTitle
	}
	switch format {
	case "jekyll":
		return harmless(title)
	case "cstate":
		return inQuotes(title)
	}
	return title
}

func byName(t testing.TB, name string) Format {
	t.Helper()
	f, err := Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// frontOf is what the parser of the form's front matter reads.
func frontOf(t interface{ Fatalf(string, ...any) }, format, text string) map[string]any {
	marks, read := "---", func(text string, into any) error { return yaml.Unmarshal([]byte(text), into) }
	if format == "zola" {
		marks, read = "+++", func(text string, into any) error { return toml.Unmarshal([]byte(text), into) }
	}
	front, body, closed := strings.Cut(text, "\n"+marks+"\n") // alone on its line: a title may end with it
	front, opened := strings.CutPrefix(front, marks+"\n")
	if !opened || !closed || body != "" && !strings.HasPrefix(body, "\n") { // an empty record has no story
		t.Fatalf("%s has no front matter: %q", format, text)
	}
	keys := map[string]any{}
	if err := read(front+"\n", &keys); err != nil {
		t.Fatalf("the front matter of %s is none: %v\n%s", format, err, text)
	}
	return keys
}

func TestTheFrontMatterOfEveryRecordIsRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		in := incidenttest.Records().Draw(r, "record")
		o := Options{Only: rapid.SampledFrom([]string{"", OnlyTimeline}).Draw(r, "only"), Zone: rapid.SampledFrom([]string{"", "Asia/Kathmandu"}).Draw(r, "zone")}
		for _, name := range []string{"hugo", "jekyll", "cstate", "zola"} {
			f, _ := Lookup(name)
			var b strings.Builder
			if err := Write(&b, f, in, o); err != nil {
				r.Fatalf("Write(%s) = %v", name, err)
			}
			keys := frontOf(r, name, b.String())
			if want := titleIn(name, in.PublicTitle); keys["title"] != want {
				r.Fatalf("the title of %s is %#v, want %q", name, keys["title"], want)
			}
			if name == "cstate" {
				if level := fmt.Sprint(keys["severity"]); !strings.Contains("down disrupted notice", level) || keys["section"] != "issue" {
					r.Fatalf("cState's keys are %v, want its own severity and section", keys)
				}
			}
		}
	})
}

func TestADateIsADate(t *testing.T) {
	t.Parallel()
	keys := frontOf(t, "zola", public(t, byName(t, "zola"), twilio(t)))
	at, ok := keys["date"].(time.Time)
	if !ok || !at.Equal(time.Date(2013, 7, 18, 9, 39, 0, 0, time.UTC)) {
		t.Errorf("Zola's date is %#v, want a date of TOML", keys["date"])
	}
}

func TestRealGeneratorsReadTitlesAsTexts(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"hugo", "jekyll", "cstate", "zola"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			posts, f := map[string]string{}, byName(t, name)
			in := twilio(t)
			titles := map[string]string{}
			for i, title := range tricky {
				in.PublicTitle = title
				text := public(t, f, in)
				text = regexp.MustCompile(`(?m)^slug(: | = ).*$`).ReplaceAllString(text, fmt.Sprintf(`slug$1"n-%d"`, i))
				file := fmt.Sprintf("2013-07-18-n-%d%s", i, f.Extension)
				posts[file], titles[file] = text, titleIn(name, title)
			}
			for file, page := range sites[name].build(t, posts) {
				got := html.UnescapeString(regexp.MustCompile(`<h1>(.*)</h1>`).FindStringSubmatch(page)[1])
				if got != titles[file] {
					t.Errorf("%s shows the title %q, want %q", name, got, titles[file])
				}
			}
		})
	}
}

func TestNoTitleBreaksTheJSONOfCState(t *testing.T) {
	t.Parallel()
	in := twilio(t)
	for _, text := range append(tricky, `Says "no" to C:\temp`) {
		in.PublicTitle, in.Impacts[0].Component = text, text
		keys := frontOf(t, "cstate", public(t, byName(t, "cstate"), in))
		for _, value := range []any{keys["title"], keys["affected"].([]any)[0]} {
			var said string // as the theme prints it
			if err := json.Unmarshal(fmt.Appendf(nil, `"%s"`, value), &said); err != nil {
				t.Errorf("%q is %q in the theme's JSON: %v", text, value, err)
			}
		}
	}
}

func TestCStateSaysHowLongOnlyWhatIsKnown(t *testing.T) {
	t.Parallel()
	day, err := incident.When{Zone: "Europe/Berlin"}.Read("2026-03-01")
	if err != nil {
		t.Fatal(err)
	}
	ten, noon := at("2026-03-01T10:00:00Z"), at("2026-03-01T12:00:00Z")
	tests := []struct {
		name string
		m    incident.Milestones
		says bool
	}{
		{"from its start to its end", incident.Milestones{Started: ten, Resolved: noon}, true},
		{"from the first that is known", incident.Milestones{Detected: ten, Resolved: noon}, true},
		{"to its mitigation where no more is known", incident.Milestones{Started: ten, Mitigated: noon}, true},
		{"not from what set it off, which may be old", incident.Milestones{Triggered: ten, Resolved: noon}, false},
		{"not between days", incident.Milestones{Started: &day, Resolved: &day}, false},
		{"nor to a day", incident.Milestones{Started: ten, Resolved: &day}, false},
		{"not backwards", incident.Milestones{Started: noon, Resolved: ten}, false},
		{"not without an end", incident.Milestones{Started: ten}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := nearlyNothing()
			in.Status, in.Milestones = incident.Resolved, tt.m
			keys := frontOf(t, "cstate", public(t, byName(t, "cstate"), in))
			if _, silent := keys["informational"]; silent == tt.says || keys["resolvedWhen"] == nil {
				t.Errorf("cState's keys are %v, want it to say how long it lasted: %v", keys, tt.says)
			}
		})
	}
}

func TestADescriptionIsKeptOfATextWithoutSpaces(t *testing.T) {
	t.Parallel()
	got := shorten(strings.Repeat("障害", 100), 200)
	if !strings.HasPrefix(got, "障害障害") || !strings.HasSuffix(got, " …") || !utf8.ValidString(got) || len(got) > 210 {
		t.Errorf("shorten(a long text without spaces) = %q", got)
	}
}

func TestAPostDoesNotStandForItsDirectory(t *testing.T) {
	t.Parallel()
	in := nearlyNothing()
	in.PublicTitle = "Index"
	if got := FileName(byName(t, "hugo"), in, Options{}); got != "incident-index.md" {
		t.Errorf("a post that is titled Index is named %s, which hides all posts beside it", got)
	}
}
