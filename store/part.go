package store

import (
	"context"
	"fmt"

	"github.com/debriefhq/debrief/incident"
)

// unknownKind is the answer about a collection that does not exist.
func unknownKind(k incident.PartKind) error {
	return incident.Refuse(incident.NotFound, "", fmt.Sprintf("there is no collection %.40q", string(k)))
}

// ChangePart edits one part: see Change. Revision is the part's, 0 when it was not asked. Pointers of a
// refusal begin at the part. A part that by may not see is NotFound.
func (s *Store) ChangePart(ctx context.Context, by incident.Actor, n incident.Number, k incident.PartKind, id string, revision int64, edit func(incident.Part) error) (incident.Part, error) {
	in, err := s.edit(ctx, by, n, editing{
		deed: incident.Write, did: didFor(k, didEdit), doing: "change a part of",
		edit: func(_ *writer, in *incident.Incident, _ []string) error {
			p, err := findPart(in, k, id, revision)
			if err != nil {
				return err
			}
			head := *p.Head()
			if err := edit(p); err != nil {
				return err
			}
			p.Head().ID, p.Head().Revision = head.ID, head.Revision
			return checkPart(p, in.Zone, "")
		},
	})
	if err != nil {
		return nil, err
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

func missingPart(id string) error {
	return incident.Refuse(incident.NotFound, "", fmt.Sprintf("there is no part %.40q, or you may not see it", id))
}

// checkPart brings a part into normal form and refuses it when it breaks a rule by itself.
func checkPart(p incident.Part, zone, pointer string) error {
	incident.NormalizePart(p, zone)
	if faults := incident.CheckPart(p, pointer); len(faults) > 0 {
		return &incident.Error{Kind: incident.Invalid, Detail: "some values cannot be kept: see the fields", Fields: faults}
	}
	return nil
}
