package web

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/debriefhq/debrief/incident"
)

// partEditor prepares the form about a part; id "" is for a new one.
func (s *site) partEditor(r *http.Request, in *incident.Incident) (*editor, error) {
	kind, id := incident.PartKind(chi.URLParam(r, "kind")), chi.URLParam(r, "id")
	e, err := s.editorOf(in, kind, id, r.URL.Query())
	if p, found := in.Part(kind, id); found && sentAlready(p) && r.Method != http.MethodPost {
		return nil, errSentMessage
	}
	if id != "" && errors.Is(err, incident.NotFound) && slices.ContainsFunc(slices.Collect(maps.Keys(r.PostForm)), isBefore) {
		return s.removedEditor(in, kind, id)
	}
	return e, err
}

// isBefore tells whether a value of a form says what stood there when it was made.
func isBefore(name string) bool { return strings.HasPrefix(name, was) }

// removedEditor takes the form about a part that somebody else removed
// meanwhile: what was written of it can be added anew.
func (s *site) removedEditor(in *incident.Incident, kind incident.PartKind, id string) (*editor, error) {
	e, err := s.editorOf(in, kind, "", nil)
	if err != nil {
		return nil, err
	}
	e.form.ID, e.form.Target = "form-"+id, id
	e.save = func(_ context.Context, _ incident.Actor, sent url.Values) (string, error) {
		if sent.Get("do") == "remove" {
			return e.form.Back, nil
		}
		maps.DeleteFunc(sent, func(name string, _ []string) bool { return isBefore(name) })
		return "", incident.Refuse(incident.Conflict, "", "Somebody else removed this while you wrote. What you wrote is here: add it anew, or leave it.")
	}
	return e, nil
}

func (s *site) editorOf(in *incident.Incident, kind incident.PartKind, id string, asked url.Values) (*editor, error) {
	p, known := incident.NewPart(kind)
	if !known {
		return nil, incident.Refuse(incident.NotFound, "", "")
	}
	f := form{
		ID: "form-" + string(kind) + "-new", Title: "New " + partNames[kind], Save: "Add", Target: "new-" + string(kind),
		Action: address(in, "/parts/"+string(kind)), Back: address(in, "#"+string(kind)),
	}
	if id != "" {
		found, ok := in.Part(kind, id)
		if !ok {
			return nil, incident.Refuse(incident.NotFound, "", "")
		}
		p = found
		f = form{
			ID: "form-" + id, Title: "Edit " + partNames[kind], Save: "Save", Target: id, Removable: true,
			Action: address(in, "/parts/"+string(kind)+"/"+id), Back: address(in, "#"+id),
		}
	}
	p = prepared(in, p, asked)
	if m, ok := p.(*incident.Message); ok && id == "" {
		formMessage(in, m, asked, &f)
	}
	if c, ok := p.(*incident.Comment); ok && id == "" && c.On != "" {
		f.Title, f.ID, f.Target = "Comment on "+onName(in, c.On), "form-comments-"+c.On, "remark-"+c.On
		f.Action += "?" + url.Values{"on": {c.On}}.Encode() // a draft is kept by it, one for each place
	}
	e := s.newEditor(in, reflect.TypeOf(p).Elem(), inputsOf(in, kind, id == ""), nearPart(in, p))
	if kind == incident.Messages && !sentAlready(p) {
		e.labels["state"] = messageStates
	}
	e.save = func(ctx context.Context, by incident.Actor, sent url.Values) (string, error) {
		return s.savePart(ctx, by, e, p, sent)
	}
	return e, e.fill(f, p, id == "")
}

// nearPart is what a part's times are told near to: its own, else the newest entry.
func nearPart(in *incident.Incident, p incident.Part) *incident.Moment {
	var own *incident.Moment
	switch p := p.(type) {
	case *incident.Entry:
		own = p.At
	case *incident.Impact:
		own = p.From
	case *incident.Message:
		own = p.At
	}
	if own.Known() {
		return own
	}
	return in.Latest()
}

// prepared gives a new part what its address says, such as the part that a
// comment is on.
func prepared(in *incident.Incident, p incident.Part, asked url.Values) incident.Part {
	if m, ok := p.(*incident.Message); ok && m.ID == "" {
		startMessage(in, m, asked)
	}
	if c, ok := p.(*incident.Comment); ok && c.ID == "" {
		c.On = asked.Get("on")
	}
	if l, ok := p.(*incident.Lesson); ok && l.ID == "" {
		l.Kind = incident.LessonKind(asked.Get("kind"))
	}
	return p
}

// savePart adds, changes or removes a part.
func (s *site) savePart(ctx context.Context, by incident.Actor, e *editor, p incident.Part, sent url.Values) (place string, err error) {
	kind, id := p.PartKind(), p.Head().ID
	switch {
	case sentAlready(p):
		return "", errSentMessage
	case id != "" && sent.Get("do") == "remove":
		return address(e.in, "#"+string(kind)), s.Store.RemovePart(ctx, by, e.in.Number, kind, id, 0)
	case id != "":
		_, err = s.Store.ChangePart(ctx, by, e.in.Number, kind, id, 0, func(p incident.Part) error { return e.change(p, sent) })
		return address(e.in, "#"+id), err
	}
	if err := e.change(p, sent); err != nil {
		return "", err
	}
	s.timeNow(e.in, p)
	added, err := s.Store.Append(ctx, once(by, sent), e.in.Number, []incident.Part{p})
	if err != nil || len(added) == 0 {
		return address(e.in, "#"+string(kind)), err
	}
	return address(e.in, "#"+added[0].Head().ID), nil
}

// fieldsEditor prepares the form about some of the record's own fields.
func (s *site) fieldsEditor(r *http.Request, in *incident.Incident) (*editor, error) {
	for _, g := range groups {
		if g.Name != chi.URLParam(r, "group") {
			continue
		}
		near := in.Milestones.Started
		if !near.Known() {
			near = nearStart(in)
		}
		e := s.newEditor(in, reflect.TypeFor[incident.Incident](), g.Inputs, near)
		e.save = func(ctx context.Context, by incident.Actor, sent url.Values) (string, error) { // each field is compared with what its writer saw
			_, err := s.Store.Change(ctx, by, in.Number, 0, func(in *incident.Incident) error { return e.change(in, sent) })
			return e.form.Back, err
		}
		return e, e.fill(form{
			ID: "form-" + g.Name, Title: g.Title, Save: "Save", Target: "part-" + g.Name,
			Action: address(in, "/fields/"+g.Name), Back: address(in, "#"+g.Part),
		}, in, false)
	}
	return nil, incident.Refuse(incident.NotFound, "", "")
}

// nearStart is the first time that is known of an incident.
func nearStart(in *incident.Incident) *incident.Moment {
	for _, e := range in.Timeline {
		if e.At.Known() {
			return e.At
		}
	}
	return in.Latest()
}

// statusInputs are what is written of a move.
var statusInputs = []input{
	{Key: "to", Label: "Status", Shape: asChoice},
	{Key: "at", Label: "When", Shape: asMoment, Hint: timeHint + " Empty is now."},
	{Key: "reason", Label: "Reason", Shape: asLine, Hint: "Needed to go back."},
	{Key: "resolution", Label: "How it was resolved", Shape: asChoice, Hint: "When not by repair."},
	{Key: "duplicate_of", Label: "Duplicate of", Shape: asLine, Hint: "Such as INC-7."},
}

// statusEditor prepares the form that moves an incident to another status.
func (s *site) statusEditor(_ *http.Request, in *incident.Incident) (*editor, error) {
	moves := incident.StatusMoves(in)
	if len(moves) == 0 {
		return nil, incident.Refuse(incident.Conflict, "", fmt.Sprintf("There is no status after %s.", word(in.Status)))
	}
	e := s.newEditor(in, reflect.TypeFor[incident.StatusMove](), statusInputs, in.Latest())
	for _, m := range moves {
		e.labels["to"] = append(e.labels["to"], option{Value: string(m), Label: word(m)})
	}
	e.save = func(ctx context.Context, by incident.Actor, sent url.Values) (string, error) {
		var move incident.StatusMove
		if err := e.change(&move, sent); err != nil {
			return "", err
		}
		_, err := s.Store.Move(ctx, by, in.Number, 0, move)
		return e.form.Back, err
	}
	return e, e.fill(form{
		ID: "form-status", Title: "Move to another status", Save: "Move", Target: "part-status",
		Action: address(in, "/status"), Back: address(in, ""),
	}, incident.StatusMove{To: moves[0]}, true)
}
