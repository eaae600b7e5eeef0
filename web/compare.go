package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/lint"
)

// comparison is the page with what the team sees beside what outsiders see.
type comparison struct {
	In       *incident.Incident
	Lacks    []string           // what the public version can't do without
	Warnings []incident.Finding // what outsiders should not read, or would read wrong
	Sections []section
	Told     int // parts that outsiders see
	Withheld int // parts that they don't
}

// section is one kind of what a record holds.
type section struct {
	Name string
	Rows []pair
}

// pair is one part in both versions.
type pair struct {
	ID    string // on the record's page
	Name  string
	Left  side
	Right *side    // nil when outsiders see nothing of it
	Why   []string // what is withheld, and why
}

// side is a part as one of the two versions tells it.
type side struct {
	At, Until shown
	Facts     []fact
	Text      string // Markdown
}

// fact is a short piece beside a text. Of the team's version, Withheld is what
// outsiders are not told.
type fact struct {
	Text     string
	Withheld bool
}

func facts(texts ...string) []fact {
	var all []fact
	for _, text := range texts {
		if text != "" {
			all = append(all, fact{Text: text})
		}
	}
	return all
}

// newComparison lays both versions side by side. What outsiders see comes from
// incident.Public alone.
func newComparison(in *incident.Incident) comparison {
	p := in.Public()
	c := newClock(in.Zone)
	page := comparison{In: in, Lacks: lacks(in, p)}
	found, _ := lint.Check(in)
	for _, f := range found {
		if f.Rule == "secret" || strings.HasPrefix(f.Rule, "public_") {
			page.Warnings = append(page.Warnings, f)
		}
	}
	page.add("In short", shortPairs(in, p))
	page.add("When it happened", momentPairs(in, p, c))
	rights := publicSides(p, c)
	for _, kind := range incident.PartKinds {
		var rows []pair
		if kind == incident.Whys {
			rows = statementPairs(in, p)
		}
		for _, part := range in.Parts(kind) {
			if kind != incident.Comments {
				rows = append(rows, newPair(part, c, rights[part.Head().ID]))
			}
		}
		page.add(sectionNames[kind], rows)
	}
	page.add("People", peoplePairs(in, p))
	return page
}

// sectionNames are the headings of the record's page.
var sectionNames = map[incident.PartKind]string{
	incident.Timeline: "Timeline", incident.Impacts: "Who was hurt, and how", incident.Whys: "Why it happened", incident.Factors: "What contributed",
	incident.Lessons: "What we learned", incident.Messages: "What people were told", incident.Actions: "What will be done", incident.Comments: "Comments",
}

func (c *comparison) add(name string, rows []pair) {
	if len(rows) == 0 {
		return
	}
	for i := range rows {
		rows[i].mark()
		if rows[i].Right == nil {
			c.Withheld++
		} else {
			c.Told++
		}
	}
	c.Sections = append(c.Sections, section{name, rows})
}

// mark notes which facts of the left are not on the right.
func (p *pair) mark() {
	if p.Right == nil {
		return
	}
	for i, f := range p.Left.Facts {
		p.Left.Facts[i].Withheld = !slices.ContainsFunc(p.Right.Facts, func(o fact) bool { return o.Text == f.Text })
	}
}

// lacks says what must be there before anything is published.
func lacks(in *incident.Incident, p *incident.Public) []string {
	var all []string
	if in.Visibility == incident.VisiblePrivate {
		all = append(all, "The incident is private: outsiders are told nothing of it, and it is not published.")
	}
	if p.Title == "" {
		all = append(all, "There is no public title.")
	}
	if p.Summary == "" {
		all = append(all, "There is no public summary.")
	}
	return all
}

// newPair shows a part of the record beside what outsiders see of it.
func newPair(part incident.Part, c *clock, right *side) pair {
	p := pair{ID: part.Head().ID, Name: partName(c, part), Left: teamSide(part, c), Right: right}
	if right == nil {
		p.Why = []string{unseenBecause(part)}
		return p
	}
	if p.Left.Text != right.Text {
		p.Why = append(p.Why, "A credential in it is withheld.")
	}
	if e, is := part.(*incident.Entry); is && e.Actor != "" && !slices.ContainsFunc(right.Facts, func(f fact) bool { return f.Text == e.Actor }) {
		p.Why = append(p.Why, rolesOnly)
	}
	return p
}

// rolesOnly says why a name is on one side alone.
const rolesOnly = "Outsiders read roles, not names."

// unseenBecause says why outsiders see nothing of a part.
func unseenBecause(part incident.Part) string {
	if m, is := part.(*incident.Message); is && m.State == incident.Draft {
		return "A draft was told to nobody."
	}
	if part.Seen() == incident.AudiencePrivate {
		return "Only the people named on the incident see it."
	}
	return "Only the team sees it."
}

// teamSide is a part as the team sees it.
func teamSide(part incident.Part, c *clock) side {
	s := side{Text: partText(part)}
	switch p := part.(type) {
	case *incident.Entry:
		s.At, s.Until, s.Facts = c.show(p.At), c.show(p.Until), facts(word(p.Kind), p.Actor, p.Source)
	case *incident.Impact:
		s.At, s.Until, s.Facts = c.show(p.From), c.show(p.Until), impactFacts(p.Component, p.Kind, p.Level, p.Figures)
	case *incident.Factor:
		s.Facts = facts(p.Category, confidence(p.Confidence))
	case *incident.Lesson:
		s.Facts = facts(word(p.Kind))
	case *incident.Message:
		s.At, s.Until, s.Facts = c.show(p.At), shown{}, facts(word(p.Channel), p.Status, p.Author, p.Role, p.Link)
	case *incident.Action:
		s.Facts = facts(word(p.Kind), word(p.State), p.Owner, due(p.Due), p.Ticket, p.Reason)
	}
	return s
}

func impactFacts(component string, kind incident.ImpactKind, level incident.Level, figures []incident.Figure) []fact {
	all := facts(component, word(kind), word(level))
	for _, f := range figures {
		all = append(all, fact{Text: strings.TrimSpace(f.Measure + ": " + figure(f.Value) + " " + f.Unit)})
	}
	return all
}

func due(day *string) string {
	if day == nil {
		return ""
	}
	return "due " + *day
}

// publicSides are the parts that outsiders see, by id.
func publicSides(p *incident.Public, c *clock) map[string]*side {
	all := map[string]*side{}
	for _, e := range p.Timeline {
		all[e.ID] = &side{c.show(e.At), c.show(e.Until), facts(word(e.Kind), e.Actor, e.Source), e.Text}
	}
	for _, i := range p.Impacts {
		all[i.ID] = &side{c.show(i.From), c.show(i.Until), impactFacts(i.Component, i.Kind, i.Level, i.Figures), i.Text}
	}
	for _, w := range p.Analysis.Whys {
		all[w.ID] = &side{Text: strings.TrimSpace(w.Why + "\n\n" + w.Because)}
	}
	for _, f := range p.Analysis.Factors {
		all[f.ID] = &side{Facts: facts(f.Category, confidence(f.Confidence)), Text: f.Text}
	}
	for _, l := range p.Analysis.Lessons {
		all[l.ID] = &side{Facts: facts(word(l.Kind)), Text: l.Text}
	}
	for _, m := range p.Messages {
		all[m.ID] = &side{At: c.show(m.At), Facts: facts(word(m.Channel), m.Status, m.Role, m.Link), Text: m.Body}
	}
	for _, a := range p.Actions {
		all[a.ID] = &side{Facts: facts(word(a.Kind), word(a.State), due(a.Due)), Text: a.Title}
	}
	return all
}

// comparePublic shows what outsiders see beside what the team sees.
func (s *site) comparePublic(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	in, err := s.asked(r, by)
	if err != nil {
		return err
	}
	return s.show(w, http.StatusOK, frame{
		Name: "compare", Title: "What outsiders see · " + in.Number.String(), By: by, Here: "incidents", Page: newComparison(in), Of: s.picturesOf(r, by, in.Number),
	})
}
