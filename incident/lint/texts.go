package lint

import (
	"fmt"
	"iter"
	"regexp"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// record is an incident and its texts, read once for all rules.
type record struct {
	*incident.Incident
	texts   []text
	secrets []leak
	rules   []string                // the ids of all rules
	names   *names                  // those of people, found when first asked for
	clocks  map[[2]string]time.Time // times of day that were read: as told, and the zone meant; zero for none
	labels  map[labelled]string     // what is wrong with labels that were looked at
}

// text is one text of a record, without the credentials in it, so that no
// finding quotes one.
type text struct {
	kind     incident.PartKind // "" for a text of the record itself
	index    int
	field    string            // of the part; for a text of the record itself its pointer
	audience incident.Audience // who sees it once the incident is public
	said     string
	link     bool // an address, not a text
}

// leak is a credential in a text.
type leak struct {
	text
	kind, key string
}

// place is where a finding is: for programs, and in words.
type place struct{ pointer, words string }

// under gives the place of a field of a part.
func under(k incident.PartKind, i int, field, words string) place {
	return place{fmt.Sprintf("%s/%d/%s", k.Pointer(), i, field), words}
}

// partWords are what people call a part; the timeline and messages have times.
var partWords = map[incident.PartKind]string{
	incident.Timeline: "timeline", incident.Impacts: "impact", incident.Factors: "contributing factor",
	incident.Lessons: "lesson", incident.Messages: "message", incident.Actions: "action",
}

// place says where a text is.
func (in *record) place(t text) place {
	if t.kind == "" {
		words := strings.ReplaceAll(strings.TrimPrefix(strings.TrimSuffix(t.field, "/text"), "/analysis"), "/", " ")
		return place{t.field, strings.ReplaceAll(strings.TrimSpace(words), "_", " ")}
	}
	words := partWords[t.kind]
	switch t.kind {
	case incident.Timeline:
		words += at(in, in.Timeline[t.index].At)
	case incident.Messages:
		words += at(in, in.Messages[t.index].At)
	case incident.Impacts:
		words = impactWords(&in.Impacts[t.index])
	case incident.Whys:
		words = fmt.Sprintf("why %d", t.index+1)
	}
	if t.link {
		words += ", " + t.field
	}
	return under(t.kind, t.index, t.field, words)
}

// at is a moment in words, after a comma; "" for none.
func at(in *record, m *incident.Moment) string {
	if m == nil {
		return ""
	}
	return ", " + incident.Both(m, in.Zone)
}

func impactWords(m *incident.Impact) string {
	if m.Component == "" {
		return "impact"
	}
	return "impact on " + withhold(m.Component)
}

// read lists the texts of a record in its order, none of them empty. Comments
// are talk about the record and not part of it.
func read(in *incident.Incident) *record {
	r := &record{Incident: in}
	for i := range Rules {
		r.rules = append(r.rules, Rules[i].ID)
	}
	r.own()
	for i := range in.Timeline {
		e := &in.Timeline[i]
		r.part(incident.Timeline, i, "text", e.Audience, e.Text)
		r.link(incident.Timeline, i, "source", e.Audience, e.Source)
	}
	for i := range in.Impacts {
		m := &in.Impacts[i]
		r.part(incident.Impacts, i, "component", m.Audience, m.Component)
		r.part(incident.Impacts, i, "text", m.Audience, m.Text)
	}
	r.analysis()
	for i := range in.Messages {
		m := &in.Messages[i]
		r.part(incident.Messages, i, "body", m.Audience, m.Body)
		r.link(incident.Messages, i, "link", m.Audience, m.Link)
	}
	for i := range in.Actions {
		r.part(incident.Actions, i, "title", in.Actions[i].Audience, in.Actions[i].Title)
	}
	return r
}

func (in *record) own() {
	in.add(text{field: "/title", said: in.Title})
	in.add(text{field: "/summary", said: in.Summary})
	in.add(text{field: "/background", said: in.Background})
	in.add(text{field: "/public_title", audience: incident.AudiencePublic, said: in.PublicTitle})
	in.add(text{field: "/public_summary", audience: incident.AudiencePublic, said: in.PublicSummary})
	for i := range in.People {
		in.add(text{field: fmt.Sprintf("/people/%d/role", i), audience: incident.AudiencePublic, said: in.People[i].Role})
	}
}

func (in *record) analysis() {
	a := &in.Analysis
	for _, s := range []struct {
		name string
		said *incident.Statement
	}{{"trigger", a.Trigger}, {"technical_cause", a.TechnicalCause}, {"process_cause", a.ProcessCause}} {
		if s.said != nil {
			in.add(text{field: "/analysis/" + s.name + "/text", audience: s.said.Audience, said: s.said.Text})
		}
	}
	for i := range a.Whys {
		in.part(incident.Whys, i, "why", a.Whys[i].Audience, a.Whys[i].Why)
		in.part(incident.Whys, i, "because", a.Whys[i].Audience, a.Whys[i].Because)
	}
	for i := range a.Factors {
		in.part(incident.Factors, i, "text", a.Factors[i].Audience, a.Factors[i].Text)
	}
	for i := range a.Lessons {
		in.part(incident.Lessons, i, "text", a.Lessons[i].Audience, a.Lessons[i].Text)
	}
}

func (in *record) part(k incident.PartKind, i int, field string, a incident.Audience, said string) {
	in.add(text{kind: k, index: i, field: field, audience: a, said: said})
}

func (in *record) link(k incident.PartKind, i int, field string, a incident.Audience, said string) {
	in.add(text{kind: k, index: i, field: field, audience: a, said: said, link: true})
}

func (in *record) add(t text) {
	if strings.TrimSpace(t.said) == "" {
		return
	}
	if found := incident.Secrets(t.said); len(found) > 0 {
		for _, s := range found {
			in.secrets = append(in.secrets, leak{t, s.Kind, s.Key})
		}
		t.said = withhold(t.said)
	}
	in.texts = append(in.texts, t)
}

// withhold takes the credentials out of a text.
func withhold(said string) string {
	return incident.Withhold(said, func(string) bool { return false })
}

// words are the texts that are no addresses; public are those that outsiders
// would see, addresses too.
func (in *record) words() iter.Seq[text] {
	return func(yield func(text) bool) {
		for _, t := range in.texts {
			if !t.link && !yield(t) {
				return
			}
		}
	}
}

func (in *record) public() iter.Seq[text] {
	return func(yield func(text) bool) {
		for _, t := range in.texts {
			if t.audience == incident.AudiencePublic && !yield(t) {
				return
			}
		}
	}
}

// Code and quotations are not the author's own words.
var (
	fenced = regexp.MustCompile("(?ms)^ {0,3}(```|~~~).*?(?:^ {0,3}(?:```|~~~) *$|\\z)")
	span   = regexp.MustCompile("`[^`\n]+`")
	quoted = regexp.MustCompile(`(?m)^ {0,3}>.*$|“[^”\n]*”|"[^"\n]*"`)
)

// ownWords is a text without code and quotations.
func ownWords(said string) string {
	if strings.Contains(said, "```") || strings.Contains(said, "~~~") {
		said = fenced.ReplaceAllString(said, " ")
	}
	if strings.Contains(said, "`") {
		said = span.ReplaceAllString(said, " ")
	}
	if strings.ContainsAny(said, `>“"`) {
		said = quoted.ReplaceAllString(said, " ")
	}
	return said
}

// excerpt is the words around what was found, on one line.
func excerpt(said string, start, end int) string {
	const around = 30
	from, to := max(0, start-around), min(len(said), end+around)
	for from > 0 && said[from]&0xC0 == 0x80 {
		from--
	}
	for to < len(said) && said[to]&0xC0 == 0x80 {
		to++
	}
	out := strings.Join(strings.Fields(said[from:to]), " ")
	if from > 0 {
		out = "…" + out
	}
	if to < len(said) {
		out += "…"
	}
	return out
}

// short is the beginning of a text, on one line, without credentials.
func short(said string) string {
	const most = 60
	runes := []rune(strings.Join(strings.Fields(withhold(said)), " "))
	if len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return string(runes)
}
