package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// tagged is the page about incidents that could not all be tagged.
type tagged struct {
	Tag     string
	Taken   bool // it was to be taken out, not added
	Done    []incident.Number
	Refused []untagged
	Back    string
}

// untagged is an incident that stayed as it was, and why.
type untagged struct {
	Number incident.Number
	Why    string
}

// tagMany gives the chosen incidents a tag, or takes it from them: each by a
// write of its own, so that what one refuses does not hold up the others.
func (s *site) tagMany(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	values, err := sent(w, r)
	if err != nil {
		return err
	}
	t := tagged{Tag: strings.TrimSpace(values.Get("tag")), Taken: values.Get("do") == "remove", Back: wayBack(values.Get("back"), "/incidents")}
	switch n := len(values["n"]); {
	case n == 0:
		return incident.Refuse(incident.Invalid, "", "No incident was chosen. Go back and choose those that the tag is for.")
	case n > perPage:
		return incident.Refuse(incident.Invalid, "", fmt.Sprintf("At most %d incidents are tagged at once.", perPage))
	case t.Tag == "":
		return incident.Refuse(incident.Invalid, "", "No tag was written. Go back and write one.")
	}
	for _, text := range values["n"] {
		n, err := incident.ReadNumber(text)
		if err != nil {
			return err
		}
		_, err = s.Store.Change(r.Context(), by, n, 0, func(in *incident.Incident) error {
			switch has := slices.Contains(in.Tags, t.Tag); {
			case t.Taken:
				in.Tags = slices.DeleteFunc(in.Tags, func(tag string) bool { return tag == t.Tag })
			case !has:
				in.Tags = append(in.Tags, t.Tag)
			}
			return nil
		})
		var refusal *incident.Error
		switch {
		case errors.As(err, &refusal):
			t.Refused = append(t.Refused, untagged{n, whyNot(refusal)})
		case err != nil:
			return err
		default:
			t.Done = append(t.Done, n)
		}
	}
	if len(t.Refused) > 0 {
		return s.show(w, http.StatusUnprocessableEntity, frame{Name: "tagged", Title: "Not all were tagged", By: by, Here: "incidents", Page: t})
	}
	http.Redirect(w, r, t.Back, http.StatusSeeOther)
	return nil
}

// whyNot is a refusal in one sentence, with what is wrong in a field.
func whyNot(refusal *incident.Error) string {
	for pointer, text := range refusal.Fields {
		return sentence(strings.TrimLeft(strings.ReplaceAll(pointer, "/", " "), " ") + " " + text)
	}
	return sentence(refusal.Detail)
}
