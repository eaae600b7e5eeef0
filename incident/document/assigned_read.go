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
		kind := incident.PartKind(k.key)
		read, known := assignedKeys[k.key]
		switch _, isKind := incident.NewPart(kind); {
		case isKind:
			text, err := k.single()
			r.heads[kind] = strings.Fields(text)
			return err
		case !known:
			r.unknownLines(k.line, k.end, "kept in the background: Debrief assigns nothing of that name")
			return nil
		}
		return read(r, k)
	})
}

// assignedKeys are the keys below debrief, beside those of the parts.
var assignedKeys = map[string]func(*reader, field) error{
	"number":       assign(func(in *incident.Incident) *incident.Number { return &in.Number }, incident.ReadNumber),
	"id":           line(func(in *incident.Incident) *string { return &in.ID }),
	"revision":     assign(func(in *incident.Incident) *int64 { return &in.Revision }, count),
	"version":      assign(func(in *incident.Incident) *int64 { return &in.Version }, count),
	"review":       choice(func(in *incident.Incident) *incident.ReviewState { return &in.Review.State }),
	"reviewers":    list(func(in *incident.Incident) *[]string { return &in.Review.Reviewers }),
	"approvals":    (*reader).approvals,
	"published_at": assign(func(in *incident.Incident) **time.Time { return &in.Review.PublishedAt }, instant),
	"created_by":   line(func(in *incident.Incident) *string { return &in.CreatedBy }),
	"created_at":   assign(func(in *incident.Incident) *time.Time { return &in.CreatedAt }, exactly),
	"updated_at":   assign(func(in *incident.Incident) *time.Time { return &in.UpdatedAt }, exactly),
	"archived":     assign(func(in *incident.Incident) *bool { return &in.Archived }, yes),
}

// assign reads a value that is no text.
func assign[T any](of func(*incident.Incident) *T, parse func(string) (T, error)) func(*reader, field) error {
	return func(r *reader, f field) error {
		text, err := f.single()
		if err != nil || text == "" {
			return err
		}
		if *of(r.in), err = parse(text); err != nil {
			return badAt(f.line, err.Error())
		}
		return nil
	}
}

func count(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%.40q is no count: write a number such as 3", text)
	}
	return n, nil
}

func yes(text string) (bool, error) {
	if text != "true" && text != "false" {
		return false, fmt.Errorf("%.40q is neither true nor false: write one of them", text)
	}
	return text == "true", nil
}

func exactly(text string) (time.Time, error) {
	at, err := instant(text)
	if err != nil {
		return time.Time{}, err
	}
	return *at, nil
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
		keys, err := fields(one.node, one.end)
		if err == nil {
			err = twice(keys)
		}
		if err != nil {
			return err
		}
		var a incident.Approval
		for _, k := range keys {
			text, err := k.single()
			if err != nil {
				return err
			}
			if err = readApproval(&a, k.key, text); err != nil {
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
		a.Public, err = yes(text)
	case "version":
		a.Version, err = count(text)
	case "at":
		a.At, err = exactly(text)
	case "reason":
		a.Reason = text
	default:
		err = errors.New("an approval has the keys by, public, version, at and reason")
	}
	return err
}
