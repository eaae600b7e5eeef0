package document

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// assigned reads what Debrief itself keeps.
func (r *reader) assigned(f field) error {
	return eachKey(f, func(k field) error {
		if k.key == "approvals" {
			return r.approvals(k)
		}
		if k.key == "reviewers" {
			all, err := k.texts()
			r.in.Review.Reviewers = all
			return err
		}
		text, err := k.single()
		if err != nil {
			return err
		}
		if _, isKind := incident.NewPart(incident.PartKind(k.key)); isKind {
			r.heads[incident.PartKind(k.key)] = strings.Fields(text)
			return nil
		}
		known, err := r.assign(k.key, text)
		switch {
		case err != nil:
			return badAt(k.line, err.Error())
		case !known:
			r.lose(k.line, k.key+": "+text, "left out: Debrief assigns nothing of that name")
		}
		return nil
	})
}

// assign is false for a key that it does not know.
func (r *reader) assign(key, text string) (known bool, err error) {
	in := r.in
	switch key {
	case "number":
		in.Number, err = incident.ReadNumber(text)
	case "id":
		in.ID = text
	case "revision":
		in.Revision, err = strconv.ParseInt(text, 10, 64)
	case "version":
		in.Version, err = strconv.ParseInt(text, 10, 64)
	case "review":
		in.Review.State = incident.ReviewState(text)
	case "published_at":
		in.Review.PublishedAt, err = instant(text)
	case "created_by":
		in.CreatedBy = text
	case "created_at", "updated_at":
		var at *time.Time
		if at, err = instant(text); err == nil && key == "created_at" {
			in.CreatedAt = *at
		} else if err == nil {
			in.UpdatedAt = *at
		}
	case "archived":
		in.Archived = text == "true"
	default:
		return false, nil
	}
	return true, err
}

func instant(text string) (*time.Time, error) {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return nil, fmt.Errorf("%.40q is no instant: write one as 2013-07-18T09:42:00Z", text)
	}
	at = at.UTC()
	return &at, nil
}

func (r *reader) approvals(f field) error {
	for _, one := range f.items() {
		keys, err := fields(one.node)
		if err != nil {
			return err
		}
		var a incident.Approval
		for _, k := range keys {
			text, err := k.single()
			if err == nil {
				err = readApproval(&a, k.key, text)
			}
			if err != nil {
				return badAt(k.line, err.Error())
			}
		}
		r.in.Review.Approvals = append(r.in.Review.Approvals, a)
	}
	return nil
}

func readApproval(a *incident.Approval, key, text string) (err error) {
	switch key {
	case "by":
		a.By = text
	case "public":
		a.Public = text == "true"
	case "version":
		a.Version, err = strconv.ParseInt(text, 10, 64)
	case "at":
		var at *time.Time
		if at, err = instant(text); err == nil {
			a.At = *at
		}
	case "reason":
		a.Reason = text
	default:
		err = errors.New("an approval has the keys by, public, version, at and reason")
	}
	return err
}
