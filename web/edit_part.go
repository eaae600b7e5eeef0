package web

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"

	"github.com/go-chi/chi/v5"

	"github.com/debriefhq/debrief/incident"
)

// partEditor prepares the form about a part; id "" is for a new one.
func (s *site) partEditor(r *http.Request, in *incident.Incident) (e *editor, p incident.Part, err error) {
	return s.editorOf(in, incident.PartKind(chi.URLParam(r, "kind")), chi.URLParam(r, "id"), r.URL.Query())
}

func (s *site) editorOf(in *incident.Incident, kind incident.PartKind, id string, asked url.Values) (e *editor, p incident.Part, err error) {
	p, known := incident.NewPart(kind)
	if !known {
		return nil, nil, incident.Refuse(incident.NotFound, "", "")
	}
	f := form{
		ID: "form-" + string(kind) + "-new", Title: "New " + partNames[kind], Save: "Add", Target: "new-" + string(kind),
		Action: address(in, "/parts/"+string(kind)), Back: address(in, "#"+string(kind)),
	}
	if id != "" {
		found, ok := in.Part(kind, id)
		if !ok {
			return nil, nil, incident.Refuse(incident.NotFound, "", "")
		}
		p = found
		f = form{
			ID: "form-" + id, Title: "Edit " + partNames[kind], Save: "Save", Target: id, Removable: true,
			Action: address(in, "/parts/"+string(kind)+"/"+id), Back: address(in, "#"+id),
		}
	}
	p = prepared(p, asked)
	if c, ok := p.(*incident.Comment); ok && id == "" && c.On != "" {
		f.Title, f.ID, f.Target = "Comment on "+onName(in, c.On), "form-comments-"+c.On, "remark-"+c.On
		f.Action += "?" + url.Values{"on": {c.On}}.Encode() // a draft is kept by it, one for each place
	}
	e = s.newEditor(in, reflect.TypeOf(p).Elem(), inputsOf(in, kind, id == ""), nearPart(in, p))
	return e, p, e.fill(f, p, id == "")
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
	return near(in)
}

// prepared gives a new part what its address says, such as the part that a
// comment is on.
func prepared(p incident.Part, asked url.Values) incident.Part {
	if c, ok := p.(*incident.Comment); ok && c.ID == "" {
		c.On = asked.Get("on")
	}
	if l, ok := p.(*incident.Lesson); ok && l.ID == "" {
		l.Kind = incident.LessonKind(asked.Get("kind"))
	}
	return p
}

// askPart shows the form for a part.
func (s *site) askPart(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	in, err := s.asked(r, by)
	if err != nil {
		return err
	}
	e, _, err := s.partEditor(r, in)
	if err != nil {
		return err
	}
	return s.ask(w, r, http.StatusOK, by, e)
}

// savePart adds, changes or removes a part.
func (s *site) savePart(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	values, err := sent(w, r)
	if err != nil {
		return err
	}
	in, err := s.asked(r, by)
	if err != nil {
		return err
	}
	e, p, err := s.partEditor(r, in)
	if err != nil {
		return err
	}
	place := "#" + string(p.PartKind())
	switch id := p.Head().ID; {
	case id != "" && values.Get("do") == "remove":
		err = s.Store.RemovePart(r.Context(), by, in.Number, p.PartKind(), id, 0)
	case id != "":
		place = "#" + id
		_, err = s.Store.ChangePart(r.Context(), by, in.Number, p.PartKind(), id, 0, func(p incident.Part) error { return e.change(p, values) })
	default:
		if err = e.change(p, values); err == nil {
			s.timeNow(in, p)
			var added []incident.Part
			if added, err = s.Store.Append(r.Context(), by, in.Number, []incident.Part{p}); err == nil {
				place = "#" + added[0].Head().ID
			}
		}
	}
	if err != nil {
		return s.askAgain(w, r, by, e, values, err)
	}
	http.Redirect(w, r, address(in, place), http.StatusSeeOther)
	return nil
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
	return near(in)
}

// askFields shows the form for some of the record's own fields.
func (s *site) askFields(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	in, err := s.asked(r, by)
	if err != nil {
		return err
	}
	e, err := s.fieldsEditor(r, in)
	if err != nil {
		return err
	}
	return s.ask(w, r, http.StatusOK, by, e)
}

// saveFields changes some of the record's own fields. It asks for no revision:
// each field is compared with what its writer saw.
func (s *site) saveFields(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	values, err := sent(w, r)
	if err != nil {
		return err
	}
	in, err := s.asked(r, by)
	if err != nil {
		return err
	}
	e, err := s.fieldsEditor(r, in)
	if err != nil {
		return err
	}
	_, err = s.Store.Change(r.Context(), by, in.Number, 0, func(in *incident.Incident) error { return e.change(in, values) })
	if err != nil {
		return s.askAgain(w, r, by, e, values, err)
	}
	http.Redirect(w, r, e.form.Back, http.StatusSeeOther)
	return nil
}

// askStatus shows the form that moves an incident to another status.
func (s *site) askStatus(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	in, err := s.asked(r, by)
	if err != nil {
		return err
	}
	e, err := s.statusEditor(in)
	if err != nil {
		return err
	}
	return s.ask(w, r, http.StatusOK, by, e)
}

// statusInputs are what is written of a move.
var statusInputs = []input{
	{Key: "to", Label: "Status", Shape: asChoice},
	{Key: "at", Label: "When", Shape: asMoment, Hint: timeHint + " Empty is now."},
	{Key: "reason", Label: "Reason", Shape: asLine, Hint: "Needed to go back."},
	{Key: "resolution", Label: "How it was resolved", Shape: asChoice, Hint: "When not by repair."},
	{Key: "duplicate_of", Label: "Duplicate of", Shape: asLine, Hint: "Such as INC-7."},
}

func (s *site) statusEditor(in *incident.Incident) (*editor, error) {
	moves := incident.StatusMoves(in)
	if len(moves) == 0 {
		return nil, incident.Refuse(incident.Conflict, "", fmt.Sprintf("There is no status after %s.", word(in.Status)))
	}
	e := s.newEditor(in, reflect.TypeFor[incident.StatusMove](), statusInputs, near(in))
	for _, m := range moves {
		e.labels["to"] = append(e.labels["to"], option{Value: string(m), Label: word(m)})
	}
	return e, e.fill(form{
		ID: "form-status", Title: "Move to another status", Save: "Move", Target: "part-status",
		Action: address(in, "/status"), Back: address(in, ""),
	}, incident.StatusMove{To: moves[0]}, true)
}

// saveStatus moves the incident.
func (s *site) saveStatus(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	values, err := sent(w, r)
	if err != nil {
		return err
	}
	in, err := s.asked(r, by)
	if err != nil {
		return err
	}
	e, err := s.statusEditor(in)
	if err != nil {
		return err
	}
	var move incident.StatusMove
	if err = e.change(&move, values); err == nil {
		_, err = s.Store.Move(r.Context(), by, in.Number, 0, move)
	}
	if err != nil {
		return s.askAgain(w, r, by, e, values, err)
	}
	http.Redirect(w, r, e.form.Back, http.StatusSeeOther)
	return nil
}
