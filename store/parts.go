package store

import (
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/debriefhq/debrief/incident"
)

// kind is how one kind of part is kept: its statements, and where a row's columns go.
type kind struct {
	table   string
	copied  []string // its columns, incident first and then as targets gives them
	insert  string   // $1 incident, $2 JSON array of parts
	update  string   // $1 incident, $2 JSON array of parts
	remove  string   // $1 incident, $2 ids
	all     string   // $1 incident
	whole   string   // $1 incident, $2 the reader's folded name: all, for those who may know of the incident
	seen    string   // $1 incident, $2 the reader's folded name
	last    string   // $1 incident, $2 the reader's folded name: how many there are, and the last position
	targets func(incident.Part) []any
}

// kinds is the one table of how parts are kept. A column has the name of its JSON key.
var kinds = map[incident.PartKind]kind{
	incident.Timeline: kept("entries", `at, until, kind, text, actor, source, audience`, openPart,
		func(e *incident.Entry) []any {
			return []any{told{&e.At}, told{&e.Until}, &e.Kind, &e.Text, &e.Actor, &e.Source, &e.Audience}
		}),
	incident.Impacts: kept("impacts", `component, kind, level, "from", until, text, figures, audience`, openPart,
		func(i *incident.Impact) []any {
			return []any{&i.Component, &i.Kind, &i.Level, told{&i.From}, told{&i.Until}, &i.Text, &i.Figures, &i.Audience}
		}),
	incident.Whys: kept("whys", `why, because, evidence, audience`, openPart,
		func(w *incident.Why) []any { return []any{&w.Why, &w.Because, &w.Evidence, &w.Audience} }),
	incident.Factors: kept("factors", `text, category, confidence, evidence, audience`, openPart,
		func(f *incident.Factor) []any {
			return []any{&f.Text, &f.Category, &f.Confidence, &f.Evidence, &f.Audience}
		}),
	incident.Lessons: kept("lessons", `kind, text, audience`, openPart,
		func(l *incident.Lesson) []any { return []any{&l.Kind, &l.Text, &l.Audience} }),
	incident.Messages: kept("messages", `channel, audience, author, role, at, state, status, body, link, next_update_at, corrects`, openPart,
		func(m *incident.Message) []any {
			return []any{&m.Channel, &m.Audience, &m.Author, &m.Role, told{&m.At}, &m.State, &m.Status, &m.Body, &m.Link, told{&m.NextUpdateAt}, (*zeronull.Text)(&m.Corrects)}
		}),
	incident.Actions: kept("actions", `title, kind, owner, priority, due, state, reason, ticket, also_for, audience`, openPart,
		func(a *incident.Action) []any {
			return []any{&a.Title, &a.Kind, &a.Owner, &a.Priority, day{&a.Due}, &a.State, &a.Reason, &a.Ticket, &a.AlsoFor, &a.Audience}
		}),
	incident.Comments: kept("comments", `"on", author, at, text, resolved`, openComment,
		func(c *incident.Comment) []any { return []any{&c.On, &c.Author, &c.At, &c.Text, &c.Resolved} }),
}

// Who may see a part p of incident $1: everybody, or the people named on it, of whom $2 is one.
const (
	openPart = `(p.audience <> 'private' or exists (
		select from named where incident = $1 and name = $2))`
	openComment = `(not exists (
		select from private_parts h where h.incident = $1 and h.id = p."on") or exists (
		select from named where incident = $1 and name = $2))`
)

// ifKnown keeps a statement about incident $1 from looking further when the reader $2 may not know of it, so
// that how long an answer takes does not tell that there is one.
const ifKnown = `exists (select from incidents i where i.number = $1 and ` + visible + `)`

// kept makes a row of kinds. Its statements are joined from the constants of the table alone.
func kept[T any, P interface {
	*T
	incident.Part
}](table, columns, open string, targets func(P) []any) kind {
	columns = `id, revision, position, ` + columns
	given := `json_populate_recordset(json_populate_record(null::` + table + `, json_build_object('incident', $1::bigint)), $2::json)`
	read := `
	select   ` + columns + `
	from     ` + table + ` p
	where    incident = $1`
	const inOrder = `
	order by position, id collate "C"`
	return kind{
		table:  table,
		copied: append([]string{"incident"}, columnsOf(columns)...),
		insert: `
	insert into ` + table + `
	select * from ` + given,
		update: `
	update ` + table + ` p
	set    (` + columns + `) = (r.` + strings.ReplaceAll(columns, ", ", ", r.") + `)
	from   ` + given + ` r
	where  p.incident = $1
	and    p.id = r.id`,
		remove: `
	delete from ` + table + `
	where  incident = $1
	and    id = any($2)`,
		all: read + inOrder,
		whole: read + `
	and      ` + ifKnown + inOrder,
		seen: read + `
	and      ` + ifKnown + `
	and      ` + open + inOrder,
		last: `
	select count(*), coalesce(max(position), 0)
	from   ` + table + `
	where  incident = $1
	and    ` + ifKnown,
		targets: func(p incident.Part) []any {
			h := p.Head()
			return append([]any{&h.ID, &h.Revision, &h.Position}, targets(p.(P))...)
		},
	}
}

// collect appends the rows to the record, as they come.
func (k kind) collect(rows pgx.Rows, of incident.PartKind, in *incident.Incident) error {
	for rows.Next() {
		p, _ := incident.NewPart(of) // kinds has only kinds that exist, a test says
		if err := rows.Scan(k.targets(p)...); err != nil {
			return err
		}
		place(in, p)
	}
	return rows.Err()
}

// place puts a part at the end of its list, without the search for positions that AddPart does.
func place(in *incident.Incident, p incident.Part) {
	switch p := p.(type) {
	case *incident.Entry:
		in.Timeline = append(in.Timeline, *p)
	case *incident.Impact:
		in.Impacts = append(in.Impacts, *p)
	case *incident.Why:
		in.Analysis.Whys = append(in.Analysis.Whys, *p)
	case *incident.Factor:
		in.Analysis.Factors = append(in.Analysis.Factors, *p)
	case *incident.Lesson:
		in.Analysis.Lessons = append(in.Analysis.Lessons, *p)
	case *incident.Message:
		in.Messages = append(in.Messages, *p)
	case *incident.Action:
		in.Actions = append(in.Actions, *p)
	case *incident.Comment:
		in.Comments = append(in.Comments, *p)
	}
}

// byID finds parts by their ids.
func byID(parts []incident.Part) map[string]incident.Part {
	found := make(map[string]incident.Part, len(parts))
	for _, p := range parts {
		found[p.Head().ID] = p
	}
	return found
}
