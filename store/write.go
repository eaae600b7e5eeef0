package store

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// ownColumns are the columns of incidents but its number.
const ownColumns = `id, revision, kind, title, severity, status, resolution, visibility, zone, tags, ` +
	`triggered, started, detected, acknowledged, mitigated, resolved, ` +
	`review_state, reviewers, approvals, published_at, created_by, created_at, archived, ` +
	`summary, background, public_title, public_summary, ` +
	`stated_time_to_detect, stated_time_to_acknowledge, stated_time_to_mitigate, stated_time_to_resolve, stated_time_to_tell, ` +
	`trigger, trigger_audience, technical_cause, technical_cause_audience, process_cause, process_cause_audience, ` +
	`related, recurrence_of, duplicate_of, sources, silenced`

// insertOwn and updateOwn write an incident's own fields from JSON whose keys are columns.
const insertOwn = `
	insert into incidents
	select * from json_populate_record(null::incidents, $1::json)`

var updateOwn = `
	update incidents i
	set    (` + ownColumns + `) = (r.` + strings.ReplaceAll(ownColumns, ", ", ", r.") + `)
	from   json_populate_record(null::incidents, $1::json) r
	where  i.number = r.number`

// The people named on an incident are few: they are written anew when one changes.
const (
	clearPeople = `
	delete from incident_people
	where  incident = $1`
	insertPeople = `
	insert into incident_people
	select * from json_populate_recordset(json_populate_record(null::incident_people, json_build_object('incident', $1::bigint)), $2::json)`
)

// Who may read an incident when it is private.
const (
	addNamed = `
	insert into named (incident, name)
	select $1, unnest($2::text[])
	on conflict do nothing`
	dropNamed = `
	delete from named
	where  incident = $1
	and    name = any($2)`
)

// addComponents adds the components that are new, in order of their names.
const addComponents = `
	insert into components (id, name, folded, created_at)
	select   i, n, f, $4
	from     unnest($1::text[], $2::text[], $3::text[]) as given (i, n, f)
	order by f
	on conflict do nothing`

// insertAll queues the rows of a new incident.
func (w *writer) insertAll(in *incident.Incident) error {
	if w.copies != nil {
		w.copies.record(in)
	} else if err := w.insertRecord(in); err != nil {
		return err
	}
	w.tally(nil, in)
	if err := w.countFacts(nil, in); err != nil {
		return err
	}
	w.components(in.Visibility, in.Parts(incident.Impacts))
	w.index(nil, in)
	return nil
}

// insertRecord queues the rows that the record itself stands in.
func (w *writer) insertRecord(in *incident.Incident) error {
	row, err := own(in)
	if err != nil {
		return err
	}
	w.batch.Queue(insertOwn, row)
	if err := w.insertPeople(in); err != nil {
		return err
	}
	for _, k := range incident.PartKinds {
		if err := w.parts(kinds[k].insert, in.Number, in.Parts(k)); err != nil {
			return err
		}
	}
	w.batch.Queue(addNamed, in.Number, in.Names())
	return nil
}

func (w *writer) insertPeople(in *incident.Incident) error {
	if len(in.People) == 0 {
		return nil
	}
	type row struct {
		Position int `json:"position"`
		incident.Person
	}
	rows := make([]row, len(in.People))
	for i, p := range in.People {
		rows[i] = row{i + 1, p}
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("write people: %w", err)
	}
	w.batch.Queue(insertPeople, in.Number, text)
	return nil
}

// parts queues an insert or update of parts of one kind, if there are any.
func (w *writer) parts(statement string, n incident.Number, parts []incident.Part) error {
	if len(parts) == 0 {
		return nil
	}
	text, err := json.Marshal(parts)
	if err != nil {
		return fmt.Errorf("write parts: %w", err)
	}
	w.batch.Queue(statement, n, text)
	return nil
}

// components gathers the names of components that impacts bring, unless they are private or hold what looks like a
// credential. They are written last and together, in one order, so that no two writers wait for each other in a ring.
func (w *writer) components(v incident.Visibility, impacts []incident.Part) {
	for _, p := range impacts {
		i, is := p.(*incident.Impact)
		if is && i.Component != "" && len(incident.Secrets(i.Component)) == 0 && i.Audience != incident.AudiencePrivate && v != incident.VisiblePrivate {
			w.named[fold(i.Component)] = i.Component
		}
	}
}

func (w *writer) queueComponents() {
	if len(w.named) == 0 {
		return
	}
	folded := slices.Sorted(maps.Keys(w.named))
	ids, shown := make([]string, len(folded)), make([]string, len(folded))
	for i, f := range folded {
		ids[i], shown[i] = newID(), w.named[f]
	}
	w.batch.Queue(addComponents, ids, shown, folded, w.at)
}

// writeDifference queues what turns the rows of before into those of after.
func (w *writer) writeDifference(before, after *incident.Incident, changes []diff) error {
	if slices.ContainsFunc(changes, func(d diff) bool { return d.own() || d.path == reviewPath }) {
		row, err := own(after)
		if err != nil {
			return err
		}
		w.batch.Queue(updateOwn, row)
	}
	if slices.ContainsFunc(changes, func(d diff) bool { return d.path == "/people" }) {
		w.batch.Queue(clearPeople, after.Number)
		if err := w.insertPeople(after); err != nil {
			return err
		}
	}
	for _, k := range incident.PartKinds {
		if err := w.partDifference(k, before, after); err != nil {
			return err
		}
	}
	w.tally(before, after)
	if err := w.countFacts(before, after); err != nil {
		return err
	}
	was, is := before.Names(), after.Names()
	if left := missingFrom(is, was); len(left) > 0 {
		w.batch.Queue(dropNamed, after.Number, left)
	}
	if come := missingFrom(was, is); len(come) > 0 {
		w.batch.Queue(addNamed, after.Number, come)
	}
	w.components(after.Visibility, after.Parts(incident.Impacts))
	w.index(before, after)
	return nil
}

// missingFrom lists what is in names and not in set.
func missingFrom(set, names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return slices.Contains(set, n) })
}

func (w *writer) partDifference(k incident.PartKind, before, after *incident.Incident) error {
	was := byID(before.Parts(k))
	var come, changed []incident.Part
	for _, p := range after.Parts(k) {
		old, had := was[p.Head().ID]
		delete(was, p.Head().ID)
		switch {
		case !had:
			come = append(come, p)
		case !same(old, p):
			changed = append(changed, p)
		}
	}
	if len(was) > 0 {
		w.batch.Queue(kinds[k].remove, after.Number, slices.Collect(maps.Keys(was)))
	}
	if err := w.parts(kinds[k].update, after.Number, changed); err != nil {
		return err
	}
	return w.parts(kinds[k].insert, after.Number, come)
}
