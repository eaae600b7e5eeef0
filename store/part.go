package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// unknownKind is the answer about a collection that does not exist.
func unknownKind(k incident.PartKind) error {
	return incident.Refuse(incident.NotFound, "", fmt.Sprintf("there is no collection %.40q", string(k)))
}

// ChangePart edits one part: see Change. Revision is the part's, 0 when it was not asked. Pointers of a
// refusal begin at the part. A part that by may not see is NotFound.
func (s *Store) ChangePart(ctx context.Context, by incident.Actor, n incident.Number, k incident.PartKind, id string, revision int64, edit func(incident.Part) error) (incident.Part, error) {
	var at map[string]string
	in, err := s.edit(ctx, by, n, editing{
		deed: incident.Write, did: didFor(k, didEdit), doing: "change a part of",
		edit: func(_ *writer, in *incident.Incident, _ []string) error {
			p, err := findPart(in, k, id, revision)
			if err != nil {
				return err
			}
			head, sent := *p.Head(), isSent(p)
			if err := edit(p); err != nil {
				return err
			}
			if !sent && isSent(p) {
				return neverSends("")
			}
			p.Head().ID, p.Head().Revision = head.ID, head.Revision
			at = places(in, k, map[string]string{id: ""})
			return checkPart(p, in.Zone, "")
		},
	})
	if err != nil {
		return nil, asWritten(err, at)
	}
	p, found := in.Part(k, id)
	if !found {
		return nil, missingPart(id)
	}
	return p, nil
}

// RemovePart takes one part out of the record; history keeps it. Revision is the part's, 0 when it was not asked.
func (s *Store) RemovePart(ctx context.Context, by incident.Actor, n incident.Number, k incident.PartKind, id string, revision int64) error {
	_, err := s.edit(ctx, by, n, editing{
		deed: incident.Write, did: didFor(k, didRemove), doing: "remove a part of",
		edit: func(_ *writer, in *incident.Incident, _ []string) error {
			if _, err := findPart(in, k, id, revision); err != nil {
				return err
			}
			in.RemovePart(k, id)
			return nil
		},
	})
	return err
}

// didFor tells remarks from content.
func didFor(k incident.PartKind, did string) string {
	if k == incident.Comments {
		return didComment
	}
	return did
}

func findPart(in *incident.Incident, k incident.PartKind, id string, revision int64) (incident.Part, error) {
	if _, known := kinds[k]; !known {
		return nil, unknownKind(k)
	}
	p, found := in.Part(k, id)
	switch {
	case !found:
		return nil, missingPart(id)
	case revision != 0 && revision != p.Head().Revision:
		return nil, incident.Refuse(incident.Stale, "", fmt.Sprintf("this part is at revision %d, not %d: read it again and repeat your change", p.Head().Revision, revision))
	}
	return p, nil
}

func isSent(p incident.Part) bool {
	m, is := p.(*incident.Message)
	return is && m.State == incident.Sent
}

// neverSends refuses to note a message as sent by Debrief: sending is a move of its own.
func neverSends(pointer string) error {
	return incident.Refuse(incident.Invalid, pointer+"/state", "is sent, which only sending makes it: write recorded for what was said elsewhere, or draft")
}

func missingPart(id string) error {
	return incident.Refuse(incident.NotFound, "", fmt.Sprintf("there is no part %.40q, or you may not see it", id))
}

// checkPart brings a part into normal form and refuses it when it breaks a rule by itself.
func checkPart(p incident.Part, zone, pointer string) error {
	incident.NormalizePart(p, zone)
	return incident.RefuseFields(incident.CheckPart(p, pointer))
}

// places finds parts in the record: JSON pointer of each, to where the caller wrote it, by id.
func places(in *incident.Incident, k incident.PartKind, written map[string]string) map[string]string {
	found := map[string]string{}
	for i, p := range in.Parts(k) {
		if at, ours := written[p.Head().ID]; ours {
			found[fmt.Sprintf("%s/%d/", k.Pointer(), i)] = at + "/"
		}
	}
	return found
}

// asWritten turns the pointers of a refusal that stand in parts of the record into those that the caller knows.
func asWritten(err error, places map[string]string) error {
	var refusal *incident.Error
	if !errors.As(err, &refusal) || refusal.Kind != incident.Invalid {
		return err
	}
	moved, fields := false, map[string]string{}
	for pointer, text := range refusal.Fields {
		for place, at := range places {
			if rest, inside := strings.CutPrefix(pointer, place); inside {
				pointer, moved = at+rest, true
				break
			}
		}
		fields[pointer] = text
	}
	if !moved {
		return err
	}
	return incident.RefuseFields(fields)
}
