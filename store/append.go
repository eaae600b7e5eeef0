package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

const (
	mostAppended = 10_000 // parts in one call
	mostEntries  = 10_000 // maxItems of timeline and comments
	mostParts    = 1_000  // maxItems of the others
)

// appended is what an idempotency key keeps of an append.
type appended struct {
	IDs []string `json:"ids"`
}

// alone lists the kinds whose parts no rule binds to others and no insight counts: they are appended without reading the record.
var alone = map[incident.PartKind]int64{
	incident.Timeline: mostEntries,
	incident.Lessons:  mostParts,
	incident.Comments: mostEntries,
}

// Append adds parts of one kind, at most 10,000, without asking for a revision: ten people may log at
// once. It gives them back as kept, with ids and positions. Ids that they had are ignored. Pointers of a
// refusal begin at the part when there is one, else with its place in parts.
func (s *Store) Append(ctx context.Context, by incident.Actor, n incident.Number, parts []incident.Part) ([]incident.Part, error) {
	k, err := oneKind(parts)
	if err != nil {
		return nil, err
	}
	ids, positions := make([]string, len(parts)), make([]int64, len(parts))
	for i, p := range parts {
		ids[i], positions[i] = newID(), p.Head().Position
	}
	asSent := func() { // what an attempt before this one assigned is void
		for i, p := range parts {
			p.Head().Position = positions[i]
		}
	}
	if most, narrow := alone[k]; narrow {
		a := appending{n, k, most, parts, ids}
		err = s.write(ctx, by, incident.Write, fmt.Sprintf("append to %s", n), func(w *writer) error {
			asSent()
			return w.append(ctx, a)
		})
	} else {
		err = s.appendChecked(ctx, by, n, parts, ids, asSent)
	}
	var again *repeated
	if errors.As(err, &again) {
		return s.appendedBefore(ctx, by, n, k, again.result)
	}
	if err != nil {
		return nil, err
	}
	return parts, nil
}

func oneKind(parts []incident.Part) (incident.PartKind, error) {
	if len(parts) == 0 || len(parts) > mostAppended {
		return "", incident.Refuse(incident.Invalid, "", fmt.Sprintf("append 1 to %d parts at a time", mostAppended))
	}
	k := parts[0].PartKind()
	for _, p := range parts {
		if p.PartKind() != k {
			return "", incident.Refuse(incident.Invalid, "", "append parts of one kind at a time")
		}
	}
	return k, nil
}

// pointerOf is where the i-th of the appended parts stands in the request.
func pointerOf(i int, parts []incident.Part) string {
	if len(parts) == 1 {
		return ""
	}
	return "/" + strconv.Itoa(i)
}

// appendChecked adds parts that rules bind to others, such as evidence to entries: the whole record is checked.
func (s *Store) appendChecked(ctx context.Context, by incident.Actor, n incident.Number, parts []incident.Part, ids []string, asSent func()) error {
	var again *repeated
	var at map[string]string
	_, err := s.editOnce(ctx, by, n, editing{
		deed: incident.Write, did: didAppend, doing: "append to", result: appended{ids},
		edit: func(_ *writer, in *incident.Incident, _ []string) error {
			asSent()
			written := map[string]string{}
			for i, p := range parts {
				written[ids[i]] = pointerOf(i, parts)
				p.Head().ID, p.Head().Revision = ids[i], 1
				if err := checkPart(p, in.Zone, pointerOf(i, parts)); err != nil {
					return err
				}
				if isSent(p) {
					return neverSends(pointerOf(i, parts))
				}
				in.AddPart(p)
			}
			at = places(in, parts[0].PartKind(), written)
			return nil
		},
	})
	if errors.As(err, &again) {
		return again
	}
	return asWritten(err, at)
}

// appending is one call of Append.
type appending struct {
	number incident.Number
	kind   incident.PartKind
	most   int64
	parts  []incident.Part
	ids    []string
}

// readHead reads what an append must know of an incident.
const readHead = `
	select i.zone, i.visibility, i.archived, i.revision, i.review_state, i.reviewers, i.approvals, i.published_at,
	       ` + isNamed + `,
	       c.version, c.mac, c.checkpoint
	from   incidents i
	join   chains    c on c.incident = i.number
	where  i.number = $1
	and    ` + visible

// setReview writes the review alone.
const setReview = `
	update incidents
	set    review_state = $2, approvals = $3, published_at = $4
	where  number = $1`

// append writes parts, knowing only the head of the record.
func (w *writer) append(ctx context.Context, a appending) error {
	in := &incident.Incident{Heading: incident.Heading{Number: a.number}}
	h := head{incident: a.number}
	var found, named bool
	var count, last int64
	private := map[string]bool{}
	reader := fold(w.by.Name)
	err := w.begin(ctx, func(b *pgx.Batch) {
		b.Queue(lockChain, a.number, reader)
		b.Queue(readHead, a.number, reader).Query(func(rows pgx.Rows) error {
			defer rows.Close()
			if found = rows.Next(); !found {
				return rows.Err()
			}
			r := &in.Review
			return rows.Scan(&in.Zone, &in.Visibility, &in.Archived, &in.Revision, &r.State, &r.Reviewers, &r.Approvals, &r.PublishedAt,
				&named, &h.version, &h.mac, &h.checkpoint)
		})
		b.Queue(kinds[a.kind].last, a.number, reader).QueryRow(func(row pgx.Row) error { return row.Scan(&count, &last) })
		if a.kind == incident.Comments {
			b.Queue(readPrivate, a.number, reader).Query(intoSet(private))
		}
	})
	switch {
	case err != nil:
		return err
	case !found:
		return missing(a.number)
	case in.Archived:
		return archived(a.number)
	case count+int64(len(a.parts)) > a.most:
		return incident.Refuse(incident.TooLarge, "", fmt.Sprintf("%s has %d %s already, and keeps at most %d", a.number, count, a.kind, a.most))
	}
	if err := w.prepare(a, in.Zone, last, named); err != nil {
		return err
	}
	return w.appendRows(ctx, a, in, h, private)
}

// readPrivate lists the ids of private parts.
const readPrivate = `
	select id
	from   private_parts
	where  incident = $1
	and    ` + ifKnown

// prepare gives the parts what the store assigns, and checks each.
func (w *writer) prepare(a appending, zone string, last int64, named bool) error {
	for i, p := range a.parts {
		h := p.Head()
		h.ID, h.Revision = a.ids[i], 1
		if c, remark := p.(*incident.Comment); remark {
			c.Author, c.At = w.by.Name, w.at
		}
		if h.Position == 0 {
			h.Position = incident.NextPosition(last)
		}
		last = max(last, h.Position)
		if err := checkPart(p, zone, pointerOf(i, a.parts)); err != nil {
			return err
		}
		if !named && p.Seen() == incident.AudiencePrivate {
			return incident.Refuse(incident.Forbidden, pointerOf(i, a.parts)+"/audience",
				fmt.Sprintf("only people named on %s keep private parts of it: name yourself on it first", a.number))
		}
	}
	return nil
}

// appendRows queues the parts, their words and their history, and commits. Private are the ids of parts that remarks may be about.
func (w *writer) appendRows(ctx context.Context, a appending, in *incident.Incident, h head, private map[string]bool) error {
	var t texts
	changes := make([]diff, len(a.parts))
	for i, p := range a.parts {
		if p.Seen() == incident.AudiencePrivate {
			private[p.Head().ID] = true
		}
		var err error
		if changes[i], err = added(p, hides(p, private)); err != nil {
			return err
		}
		t.part(p, private)
	}
	if err := w.parts(kinds[a.kind].insert, a.number, a.parts); err != nil {
		return err
	}
	w.components(in.Visibility, a.parts)
	w.indexMore(in, &t)
	voided, err := w.void(in, a.kind)
	if err != nil {
		return err
	}
	if err := w.record(h, in.Revision, didFor(a.kind, didAppend), append(changes, voided...)); err != nil {
		return err
	}
	return w.commit(ctx, appended{a.ids})
}

// void takes approvals back after content was appended.
func (w *writer) void(in *incident.Incident, k incident.PartKind) ([]diff, error) {
	before, err := encode(in.Review)
	if err != nil || k == incident.Comments || !in.VoidApprovals() {
		return nil, err
	}
	after, err := encode(in.Review)
	if err != nil {
		return nil, err
	}
	approvals, err := encode(in.Review.Approvals)
	w.batch.Queue(setReview, in.Number, in.Review.State, approvals, in.Review.PublishedAt)
	return []diff{{op: opReplace, path: reviewPath, old: before, value: after}}, err
}

// appendedBefore reads again what a repeated request had appended; what was removed since is left out.
func (s *Store) appendedBefore(ctx context.Context, by incident.Actor, n incident.Number, k incident.PartKind, result json.RawMessage) ([]incident.Part, error) {
	var before appended
	if err := json.Unmarshal(result, &before); err != nil {
		return nil, fmt.Errorf("read what the request made before: %w", err)
	}
	in, err := s.Incident(ctx, by, n)
	if err != nil {
		return nil, err
	}
	parts := []incident.Part{}
	kept := byID(in.Parts(k))
	for _, id := range before.IDs {
		if p := kept[id]; p != nil {
			parts = append(parts, p)
		}
	}
	return parts, nil
}
