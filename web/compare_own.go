package web

import (
	"github.com/debriefhq/debrief/incident"
)

// shortPairs are the titles and summaries. The team's own are never told: the
// public ones stand for them.
func shortPairs(in *incident.Incident, p *incident.Public) []pair {
	all := []pair{
		{Name: "Title", Left: side{Text: in.Title}, Right: toldText(p.Title), Why: instead(p.Title, "title")},
		{Name: "Summary", Left: side{Text: in.Summary}, Right: toldText(p.Summary), Why: instead(p.Summary, "summary")},
	}
	if in.Background != "" {
		all = append(all, pair{ID: "background", Name: "Background", Left: side{Text: in.Background}, Why: []string{"Only the team sees it."}})
	}
	return all
}

// toldText is a text on the right, if there is one.
func toldText(text string) *side {
	if text == "" {
		return nil
	}
	return &side{Text: text}
}

func instead(text, name string) []string {
	if text == "" {
		return []string{"The team’s " + name + " is never told, and there is no public one."}
	}
	return []string{"Outsiders read the public " + name + " instead."}
}

// momentPairs are the milestones. What somebody wrote of them is not told.
func momentPairs(in *incident.Incident, p *incident.Public, c *clock) []pair {
	var all []pair
	for _, m := range []struct {
		name        string
		left, right *incident.Moment
	}{
		{"Set off", in.Milestones.Triggered, p.Milestones.Triggered},
		{"Started", in.Milestones.Started, p.Milestones.Started},
		{"Detected", in.Milestones.Detected, p.Milestones.Detected},
		{"Acknowledged", in.Milestones.Acknowledged, p.Milestones.Acknowledged},
		{"Mitigated", in.Milestones.Mitigated, p.Milestones.Mitigated},
		{"Resolved", in.Milestones.Resolved, p.Milestones.Resolved},
	} {
		if m.left == nil {
			continue
		}
		row := pair{ID: "times", Name: m.name, Left: side{At: c.show(m.left)}}
		if m.left.AsWritten != "" {
			row.Left.Facts = facts("written “" + m.left.AsWritten + "”")
		}
		if m.right.Known() {
			row.Right = &side{At: c.show(m.right)}
		} else {
			row.Why = []string{"No time is known that could be told."}
		}
		all = append(all, row)
	}
	return all
}

// statementPairs are the causes.
func statementPairs(in *incident.Incident, p *incident.Public) []pair {
	var all []pair
	for _, s := range []struct {
		name string
		left *incident.Statement
		told string
	}{
		{"What set it off", in.Analysis.Trigger, p.Analysis.Trigger},
		{"What failed", in.Analysis.TechnicalCause, p.Analysis.TechnicalCause},
		{"Why that was possible", in.Analysis.ProcessCause, p.Analysis.ProcessCause},
	} {
		if s.left == nil {
			continue
		}
		row := pair{ID: "causes", Name: s.name, Left: side{Text: s.left.Text}, Right: toldText(s.told)}
		switch {
		case row.Right != nil && s.told != s.left.Text:
			row.Why = []string{"A credential in it is withheld."}
		case row.Right == nil && s.left.Audience == incident.AudiencePrivate:
			row.Why = []string{"Only the people named on the incident see it."}
		case row.Right == nil:
			row.Why = []string{"Only the team sees it."}
		}
		all = append(all, row)
	}
	return all
}

// peoplePairs are those who were there. Outsiders are told roles of the trade.
func peoplePairs(in *incident.Incident, p *incident.Public) []pair {
	if len(in.People) == 0 {
		return nil
	}
	row := pair{ID: "people", Name: "Who was there", Why: []string{rolesOnly}}
	for _, person := range in.People {
		row.Left.Facts = append(row.Left.Facts, facts(person.Name, person.Role)...)
	}
	if len(p.People) > 0 {
		row.Right = &side{}
		for _, person := range p.People {
			row.Right.Facts = append(row.Right.Facts, facts(person.Role)...)
		}
	}
	return []pair{row}
}
