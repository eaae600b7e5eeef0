package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// fold makes names comparable, as package incident does for Incident.Names.
func fold(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// headingColumns are those of incident.Heading, of incidents i and chains c.
const headingColumns = `
	i.number, i.id, i.revision, c.version, i.kind, i.title, i.severity, i.status, i.resolution, i.visibility, i.zone, i.tags,
	i.triggered, i.started, i.detected, i.acknowledged, i.mitigated, i.resolved,
	i.review_state, i.reviewers, i.approvals, i.published_at, i.created_by, i.created_at, c.updated_at, i.archived`

func headingTargets(h *incident.Heading) []any {
	m, r := &h.Milestones, &h.Review
	return []any{
		&h.Number, &h.ID, &h.Revision, &h.Version, &h.Kind, &h.Title, &h.Severity, &h.Status, &h.Resolution, &h.Visibility, &h.Zone, &h.Tags,
		told{&m.Triggered}, told{&m.Started}, told{&m.Detected}, told{&m.Acknowledged}, told{&m.Mitigated}, told{&m.Resolved},
		&r.State, &r.Reviewers, &r.Approvals, &r.PublishedAt, &h.CreatedBy, &h.CreatedAt, &h.UpdatedAt, &h.Archived,
	}
}

// recordColumns are all of an incident's own fields but its people.
const recordColumns = headingColumns + `,
	i.summary, i.background, i.public_title, i.public_summary,
	i.stated_time_to_detect, i.stated_time_to_acknowledge, i.stated_time_to_mitigate, i.stated_time_to_resolve, i.stated_time_to_tell,
	i.trigger, i.trigger_audience, i.technical_cause, i.technical_cause_audience, i.process_cause, i.process_cause_audience,
	i.related, i.recurrence_of, i.duplicate_of, i.sources, i.silenced`

func recordTargets(in *incident.Incident) []any {
	st, an := &in.Stated, &in.Analysis
	return append(headingTargets(&in.Heading),
		&in.Summary, &in.Background, &in.PublicTitle, &in.PublicSummary,
		&st.TimeToDetect, &st.TimeToAcknowledge, &st.TimeToMitigate, &st.TimeToResolve, &st.TimeToTell,
		said{to: &an.Trigger}, said{&an.Trigger, true}, said{to: &an.TechnicalCause}, said{&an.TechnicalCause, true},
		said{to: &an.ProcessCause}, said{&an.ProcessCause, true},
		&in.Related, &in.RecurrenceOf, &in.DuplicateOf, &in.Sources, &in.Silenced)
}

// visible says whether the reader whose folded name is $2 may know of incident i. Lists use it with
// their own number for the name.
const visible = `(i.visibility = 'internal' or exists (
		select from named n where n.incident = i.number and n.name = $2))`

// isNamed tells whether the reader $2 is named on incident i.
const isNamed = `exists (select from named n where n.incident = i.number and n.name = $2)`

// readRecord reads an incident's own fields, and what its reader is to it.
const readRecord = `
	select ` + recordColumns + `, ` + isNamed + `, ` + unseenLinks + `
	from   incidents i
	join   chains    c on c.incident = i.number
	where  i.number = $1
	and    ` + visible

// readPeople reads the people named on an incident.
const readPeople = `
	select   role, name, "from", until
	from     incident_people
	where    incident = $1
	order by position`

// beginRead opens a transaction in which all statements see the same state.
const beginRead = `begin isolation level repeatable read read only`

// Incident reads the whole record in one round trip, as by may see it: one that by may not know of
// is NotFound, and private parts are left out unless by is named on it. Measures and Warnings are filled.
func (s *Store) Incident(ctx context.Context, by incident.Actor, n incident.Number) (*incident.Incident, error) {
	if err := may(by, incident.Read); err != nil {
		return nil, err
	}
	r, err := s.read(ctx, by, n)
	if err != nil {
		return nil, err
	}
	return r.view(), nil
}

func (s *Store) read(ctx context.Context, by incident.Actor, n incident.Number) (*reading, error) {
	r := reading{number: n, reader: fold(by.Name)}
	b := &pgx.Batch{}
	b.Queue(beginRead)
	r.queue(b, readRecord)
	b.Queue(`commit`)
	if err := s.send(ctx, b); err != nil {
		return nil, refuse(err, fmt.Sprintf("read %s", n))
	}
	if !r.found {
		return nil, missing(n)
	}
	return &r, nil
}

// reading is a record on its way from the database.
type reading struct {
	number incident.Number
	reader string // folded name
	whole  bool   // private parts too
	audit  bool   // whoever reads
	found  bool
	named  bool
	unseen []incident.Number // what the record names and the reader may not know of
	in     incident.Incident
}

// queue asks for the record: its own fields by the statement, which is readRecord or begins like it
// and gives more, its people and its parts.
func (r *reading) queue(b *pgx.Batch, own string, more ...any) {
	b.Queue(own, r.number, r.reader).Query(func(rows pgx.Rows) error {
		defer rows.Close()
		if r.found = rows.Next(); !r.found {
			return rows.Err()
		}
		return rows.Scan(append(append(recordTargets(&r.in), &r.named, &r.unseen), more...)...)
	})
	b.Queue(readPeople, r.number).Query(func(rows pgx.Rows) error {
		defer rows.Close()
		for rows.Next() {
			var p incident.Person
			if err := rows.Scan(&p.Role, &p.Name, told{&p.From}, told{&p.Until}); err != nil {
				return err
			}
			r.in.People = append(r.in.People, p)
		}
		return rows.Err()
	})
	for _, of := range incident.PartKinds {
		k := kinds[of]
		query, args := k.seen, []any{r.number, r.reader}
		switch {
		case r.audit:
			query, args = k.all, args[:1]
		case r.whole:
			query = k.whole
		}
		b.Queue(query, args...).Query(func(rows pgx.Rows) error {
			defer rows.Close()
			return k.collect(rows, of, &r.in)
		})
	}
}

// record gives what was read in the form that incident.Normalize leaves.
func (r *reading) record() *incident.Incident {
	in := &r.in
	in.SortTimeline()
	if len(in.Silenced) == 0 {
		in.Silenced = nil
	}
	fill(&in.People)
	fill(&in.Timeline)
	fill(&in.Impacts)
	fill(&in.Analysis.Whys)
	fill(&in.Analysis.Factors)
	fill(&in.Analysis.Lessons)
	fill(&in.Messages)
	fill(&in.Actions)
	return in
}

// fill makes a nil list an empty one.
func fill[T any](list *[]T) {
	if *list == nil {
		*list = []T{}
	}
}

// view is the record as its reader may see it, with what is derived. Evidence that names an entry which
// was not read names a private one.
func (r *reading) view() *incident.Incident {
	in := r.record()
	hideLinks(in, r.unseen)
	if !r.named {
		seen := map[string]bool{}
		for i := range in.Timeline {
			seen[in.Timeline[i].ID] = true
		}
		for _, k := range []incident.PartKind{incident.Whys, incident.Factors} {
			for _, p := range in.Parts(k) {
				ids := evidenceOf(p)
				*ids = slices.DeleteFunc(*ids, func(id string) bool { return !seen[id] })
			}
		}
	}
	return shown(in, r.named)
}

// shown leaves out what is private unless the reader is named, and fills in what is derived. Warnings that
// stand in the record already, such as those of a move, come first.
func shown(in *incident.Incident, named bool) *incident.Incident {
	told := in.Warnings
	if in.Warnings = nil; !named {
		in = in.For(incident.AudienceInternal)
	}
	in.Measures = incident.Measure(in)
	in.Warnings = append(told, incident.Odd(in)...)
	return in
}

// own is the row of an incident's own fields as JSON, keys being columns.
func own(in *incident.Incident) ([]byte, error) {
	m, st := in.Milestones, in.Stated
	row := map[string]any{
		"number": in.Number, "id": in.ID, "revision": in.Revision, "kind": in.Kind, "title": in.Title, "severity": in.Severity,
		"status": in.Status, "resolution": in.Resolution, "visibility": in.Visibility, "zone": in.Zone, "tags": in.Tags,
		"triggered": m.Triggered, "started": m.Started, "detected": m.Detected, "acknowledged": m.Acknowledged,
		"mitigated": m.Mitigated, "resolved": m.Resolved,
		"review_state": in.Review.State, "reviewers": in.Review.Reviewers, "approvals": in.Review.Approvals,
		"published_at": in.Review.PublishedAt, "created_by": in.CreatedBy, "created_at": in.CreatedAt, "archived": in.Archived,
		"summary": in.Summary, "background": in.Background, "public_title": in.PublicTitle, "public_summary": in.PublicSummary,
		"stated_time_to_detect": st.TimeToDetect, "stated_time_to_acknowledge": st.TimeToAcknowledge,
		"stated_time_to_mitigate": st.TimeToMitigate, "stated_time_to_resolve": st.TimeToResolve, "stated_time_to_tell": st.TimeToTell,
		"related": in.Related, "recurrence_of": in.RecurrenceOf, "duplicate_of": in.DuplicateOf, "sources": in.Sources,
		"silenced": orEmpty(in.Silenced),
	}
	for name, s := range map[string]*incident.Statement{
		"trigger": in.Analysis.Trigger, "technical_cause": in.Analysis.TechnicalCause, "process_cause": in.Analysis.ProcessCause,
	} {
		if s != nil {
			row[name], row[name+"_audience"] = s.Text, s.Audience
		}
	}
	return json.Marshal(row)
}

// orEmpty is a list that JSON writes as one, also when it is nil.
func orEmpty[T any](list []T) []T {
	fill(&list)
	return list
}

// tag reads what an ETag is made of.
const tag = `
	select i.revision, c.version
	from   incidents i
	join   chains    c on c.incident = i.number
	where  i.number = $1
	and    ` + visible

// Tag reads revision and version alone, for If-None-Match.
func (s *Store) Tag(ctx context.Context, by incident.Actor, n incident.Number) (revision, version int64, err error) {
	if err := may(by, incident.Read); err != nil {
		return 0, 0, err
	}
	err = s.pool.QueryRow(ctx, tag, n, fold(by.Name)).Scan(&revision, &version)
	if absent(err) {
		return 0, 0, missing(n)
	}
	return revision, version, refuse(err, fmt.Sprintf("read the revision of %s", n))
}
