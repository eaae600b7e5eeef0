package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// Seen is what a caller read of a record before changing it; 0 is not compared.
type Seen struct {
	Revision int64 // of the incident's own fields
	Version  int64 // of anything in the record
}

// editing is one edit of a whole record.
type editing struct {
	deed     incident.Deed
	did      string
	doing    string
	seen     Seen
	assigned bool   // the edit is the store's own: review and archived may change
	moves    bool   // the status may change
	note     string // why, kept in history
	recalls  bool   // what was published is no longer shown
	sends    string // id of the message that becomes sent
	edit     func(w *writer, in *incident.Incident, authors []string) error
	result   any // kept under the request's key
}

// lockChain makes the writers of one incident follow each other. It comes before the statements that read: one
// that waited itself would see the locked row as the last writer left it, and all others as they were before.
const lockChain = `
	select
	from   chains
	where  incident = $1
	and    ` + ifKnown + `
	for    update`

// readAll is readRecord for a writer, with the head of the chain.
const readAll = `
	select ` + recordColumns + `, ` + isNamed + `, ` + unseenLinks + `,
	       c.mac, c.checkpoint
	from   incidents i
	join   chains    c on c.incident = i.number
	where  i.number = $1
	and    ` + visible

// readAuthors reads who wrote the content of an incident, folded.
const readAuthors = `
	select distinct coalesce(p.folded, $4)
	from   history h
	left   join people p on p.id = h.person
	where  h.incident = $1
	and    ` + ifKnown + `
	and    h.did = any($3)`

// Change edits one incident: lock, edit, check, write, record; all or nothing. Edit must be pure: it may
// run more than once. It gets the record as by may see it; what the store assigns, review and status it
// cannot change. Revision is the one that by read, 0 when it was not asked: another is Stale.
func (s *Store) Change(ctx context.Context, by incident.Actor, n incident.Number, revision int64, edit func(*incident.Incident) error) (*incident.Incident, error) {
	return s.edit(ctx, by, n, editing{
		deed: incident.Write, did: didChange, doing: "change", seen: Seen{Revision: revision},
		edit: func(_ *writer, in *incident.Incident, _ []string) error { return edit(in) },
	})
}

// Archive takes an incident out of lists and searches; it is still there to be read. Nothing is ever erased.
func (s *Store) Archive(ctx context.Context, by incident.Actor, n incident.Number, revision int64) error {
	_, err := s.edit(ctx, by, n, editing{
		deed: incident.Administer, did: didArchive, doing: "archive", seen: Seen{Revision: revision}, assigned: true,
		edit: func(_ *writer, in *incident.Incident, _ []string) error {
			in.Archived = true
			return nil
		},
	})
	return err
}

// edit runs an editing, and gives the record as by may see it afterwards.
func (s *Store) edit(ctx context.Context, by incident.Actor, n incident.Number, e editing) (*incident.Incident, error) {
	in, err := s.editOnce(ctx, by, n, e)
	var again *repeated
	if errors.As(err, &again) {
		return s.Incident(ctx, by, n)
	}
	return in, err
}

// editOnce is edit, but a request that was done before is *repeated.
func (s *Store) editOnce(ctx context.Context, by incident.Actor, n incident.Number, e editing) (in *incident.Incident, err error) {
	err = s.write(ctx, by, e.deed, fmt.Sprintf("%s %s", e.doing, n), func(w *writer) error {
		after, named, unseen, err := w.edit(ctx, n, e)
		if err == nil {
			hideLinks(after, unseen)
			in = shown(after, named)
		}
		return err
	})
	return in, err
}

// edit gives the record as it is kept, whether the writer is named on it now, and the numbers in it that they may not see.
func (w *writer) edit(ctx context.Context, n incident.Number, e editing) (after *incident.Incident, named bool, unseen []incident.Number, err error) {
	r := reading{number: n, reader: fold(w.by.Name), whole: true}
	h := head{incident: n}
	var authors []string
	err = w.begin(ctx, func(b *pgx.Batch) {
		b.Queue(lockChain, n, r.reader)
		r.queue(b, readAll, &h.mac, &h.checkpoint)
		b.Queue(readFacts, n, r.reader).Query(intoFacts(&w.facts))
		if e.did == didReview {
			b.Queue(readAuthors, n, r.reader, wrote, fold(systemName)).Query(func(rows pgx.Rows) (err error) {
				authors, err = pgx.CollectRows(rows, pgx.RowTo[string])
				return err
			})
		}
	})
	if err != nil {
		return nil, false, nil, err
	}
	if !r.found {
		return nil, false, nil, missing(n)
	}
	before := r.record()
	if err := mayEdit(before, e.seen); err != nil {
		return nil, false, nil, err
	}
	after, err = w.apply(ctx, before, &r, e, authors)
	if err != nil {
		return nil, false, nil, err
	}
	h.version = before.Version
	if err := w.save(h, before, after, e); err != nil {
		return nil, false, nil, err
	}
	return after, slices.Contains(after.Names(), fold(w.by.Name)), r.unseen, w.commit(ctx, e.result)
}

// mayEdit refuses an archived record, and one that is not as it was seen.
func mayEdit(in *incident.Incident, seen Seen) error {
	switch {
	case seen.Revision != 0 && seen.Revision != in.Revision:
		return incident.Refuse(incident.Stale, "", fmt.Sprintf("%s is at revision %d, not %d: read it again and repeat your change", in.Number, in.Revision, seen.Revision))
	case seen.Version != 0 && seen.Version != in.Version:
		return incident.Refuse(incident.Stale, "", fmt.Sprintf("%s is at version %d, not %d: read it again and repeat your change", in.Number, in.Version, seen.Version))
	case in.Archived:
		return archived(in.Number)
	}
	return nil
}

func archived(n incident.Number) error {
	return incident.Refuse(incident.Conflict, "", fmt.Sprintf("%s is archived: it is kept as it is", n))
}

// apply runs the edit on what the writer may see, and puts the rest beside it again.
func (w *writer) apply(ctx context.Context, before *incident.Incident, r *reading, e editing, authors []string) (*incident.Incident, error) {
	view := before.Clone()
	if !r.named {
		view = before.For(incident.AudienceInternal)
	}
	hideLinks(view, r.unseen)
	links := linksOf(view)
	if err := e.edit(w, view, authors); err != nil {
		return nil, err
	}
	after := view
	keepAssigned(before, after, e)
	if err := checkStatus(before, after, e); err != nil {
		return nil, err
	}
	w.newParts(before, after, e)
	after.Normalize()
	if err := w.checkLinks(ctx, links, after); err != nil {
		return nil, err
	}
	putLinksBack(before, after, r.unseen, e)
	if !r.named {
		if err := w.mayKeepPrivate(before, after); err != nil {
			return nil, err
		}
		if err := after.Check(); err != nil {
			return nil, err
		}
		if err := putBack(before, after); err != nil {
			return nil, err
		}
		after.Normalize()
	}
	if err := w.checkComments(before, after); err != nil {
		return nil, err
	}
	if err := incident.KeptAsSent(before, after); err != nil {
		return nil, err
	}
	dropRemarks(before, after)
	if err := after.Check(); err != nil {
		return nil, err
	}
	if after.Visibility == incident.VisiblePrivate && !slices.Contains(after.Names(), fold(w.by.Name)) {
		return nil, incident.Refuse(incident.Invalid, "/visibility", "would hide the incident from you: name yourself on it first")
	}
	count(before, after)
	return after, nil
}

// keepAssigned undoes what an edit did to that which the store assigns.
func keepAssigned(before, after *incident.Incident, e editing) {
	review, gone := after.Review, after.Archived
	was := before.Heading
	after.Number, after.ID, after.Revision, after.Version = was.Number, was.ID, was.Revision, was.Version
	after.CreatedBy, after.CreatedAt, after.UpdatedAt = was.CreatedBy, was.CreatedAt, was.UpdatedAt
	after.Review, after.Archived = before.Clone().Review, was.Archived
	if e.assigned {
		after.Review, after.Archived = review, gone
	}
	after.Measures = nil
}

// checkStatus keeps the status for moves, which know the way and ask for reasons. It may change with the kind, whose
// statuses are others.
func checkStatus(before, after *incident.Incident, e editing) error {
	if e.moves || before.Kind != after.Kind || before.Status == after.Status && before.Resolution == after.Resolution {
		return nil
	}
	return incident.Refuse(incident.Invalid, "/status", "changes by a move of its own: ask for the move to another status")
}

// newParts gives new parts an id, and new remarks their author; editing the record never sends a message.
func (w *writer) newParts(before, after *incident.Incident, e editing) {
	for _, k := range incident.PartKinds {
		was := byID(before.Parts(k))
		for _, p := range after.Parts(k) {
			if p.Head().ID == "" {
				p.Head().ID = newID()
			}
			old := was[p.Head().ID]
			switch p := p.(type) {
			case *incident.Comment:
				if old != nil {
					p.Author, p.At = old.(*incident.Comment).Author, old.(*incident.Comment).At
				} else {
					p.Author, p.At = w.by.Name, w.at
				}
			case *incident.Message:
				if e.sends == "" && e.did == didChange && p.State == incident.Sent && (old == nil || old.(*incident.Message).State != incident.Sent) {
					p.State = incident.Recorded
					after.Warnings = append(after.Warnings, incident.Warning{Pointer: "/messages", Rule: "sent_kept_as_recorded",
						Detail: "editing never sends: the message is kept as recorded; send it with a move of its own"})
				}
			}
		}
	}
}

// count gives parts their revision: one more when they changed.
func count(before, after *incident.Incident) {
	for _, k := range incident.PartKinds {
		was := byID(before.Parts(k))
		for _, p := range after.Parts(k) {
			old := was[p.Head().ID]
			switch {
			case old == nil:
				p.Head().Revision = 1
			case same(old, p):
				p.Head().Revision = old.Head().Revision
			default:
				p.Head().Revision = old.Head().Revision + 1
			}
		}
	}
}

// save queues what is different in after, and its row of history. Nothing different writes nothing.
func (w *writer) save(h head, before, after *incident.Incident, e editing) error {
	changes, err := diffs(before, after)
	if err != nil || len(changes) == 0 {
		return err
	}
	if slices.ContainsFunc(changes, diff.content) && after.VoidApprovals() {
		if changes, err = diffs(before, after); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(changes, diff.own) {
		after.Revision++
	}
	after.Version, after.UpdatedAt = h.version+1, w.at
	if note := strings.TrimSpace(e.note); note != "" {
		text, err := json.Marshal(note)
		if err != nil {
			return fmt.Errorf("write the reason: %w", err)
		}
		changes = append(changes, diff{op: opNote, path: notePath, value: text})
	}
	if err := w.writeDifference(before, after, changes); err != nil {
		return err
	}
	if err := w.announce(before, after, e.recalls); err != nil {
		return err
	}
	if e.sends != "" {
		w.deliver(after, e.sends)
	}
	return w.record(h, after.Revision, e.did, changes, hiddenRemarks(before, after)...)
}
