package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/debriefhq/debrief/incident"
)

// remarks are the comments on one place of a record, with the way to another.
type remarks struct {
	All  []*comment
	Open int

	On, Name string // what a new one would be on, and what that is called; "" for those who may not write
	address  string // of the form for one, up to what it is on
}

// remarksOn gathers the comments of a page by what they are on.
type remarksOn map[string]*remarks

func newRemarks(all []comment) remarksOn {
	found := remarksOn{}
	for i := range all {
		c := &all[i]
		if c.On == "" {
			continue
		}
		r := found[c.On]
		if r == nil {
			r = &remarks{}
			found[c.On] = r
		}
		r.All = append(r.All, c)
		if !c.Resolved {
			r.Open++
		}
	}
	return found
}

// settle marks a comment as settled, or opens it again.
func (s *site) settle(w http.ResponseWriter, r *http.Request, by incident.Actor, in *incident.Incident, values url.Values) error {
	id := chi.URLParam(r, "id")
	_, err := s.Store.ChangePart(r.Context(), by, in.Number, incident.Comments, id, 0, func(p incident.Part) error {
		p.(*incident.Comment).Resolved = values.Get("do") != "reopen"
		return nil
	})
	if err != nil {
		return err
	}
	back := "#" + id
	if values.Get("back") == "review" {
		back = "/review#open"
	}
	http.Redirect(w, r, address(in, back), http.StatusSeeOther)
	return nil
}

// mayEdit tells whether somebody may change what a comment says, or take it out.
func mayEdit(by incident.Actor, c *incident.Comment) bool {
	return strings.EqualFold(strings.TrimSpace(by.Name), strings.TrimSpace(c.Author)) || by.Role.May(incident.Administer)
}

// ownRemarks are the record's own texts that comments can be on, beside
// statements; the names are what the page calls them.
var ownRemarks = []struct{ key, name string }{
	{"summary", "the summary"}, {"background", "the background"}, {"public_summary", "the public summary"},
}

// onName names what a comment is on.
func onName(in *incident.Incident, on string) string {
	for _, kind := range incident.PartKinds {
		if p, ok := in.Part(kind, on); ok {
			return "the " + partName(newClock(in.Zone), p)
		}
	}
	return "the " + word(on)
}

// places visits each place of the page that comments can be on. What it is called
// comes in two pieces: joining them takes time, and most visitors don't ask.
func (r *record) places(visit func(on, name, which string, said **remarks)) {
	for i := range r.Days {
		for j := range r.Days[i].Rows {
			if row := &r.Days[i].Rows[j]; row.Entry != nil {
				visit(row.Entry.ID, "the entry of ", row.At.Time, &row.Remarks)
			}
		}
	}
	for i := range r.Impacts {
		visit(r.Impacts[i].ID, "the impact on ", r.Impacts[i].Component, &r.Impacts[i].Remarks)
	}
	r.causePlaces(visit)
	for i := range r.Lessons {
		for j := range r.Lessons[i].Lessons {
			visit(r.Lessons[i].Lessons[j].ID, fmt.Sprintf("the lesson %d: ", j+1), word(r.Lessons[i].Kind), &r.Lessons[i].Lessons[j].Remarks)
		}
	}
	for i := range r.Messages {
		visit(r.Messages[i].ID, "the message ", strconv.Itoa(i+1), &r.Messages[i].Remarks)
	}
	for i := range r.Actions {
		visit(r.Actions[i].ID, "the action: ", r.Actions[i].Title, &r.Actions[i].Remarks)
	}
}

func (r *record) causePlaces(visit func(on, name, which string, said **remarks)) {
	if r.Causes == nil {
		return
	}
	for i := range r.Causes.Statements {
		visit(r.Causes.Statements[i].Key, r.Causes.Statements[i].Name, "", &r.Causes.Statements[i].Remarks)
	}
	for i := range r.Causes.Whys {
		visit(r.Causes.Whys[i].ID, "the why ", strconv.Itoa(i+1), &r.Causes.Whys[i].Remarks)
	}
	for i := range r.Causes.Factors {
		visit(r.Causes.Factors[i].ID, "the factor ", strconv.Itoa(i+1), &r.Causes.Factors[i].Remarks)
	}
}

// remark puts what was said beside what it is about.
func (r *record) remark() {
	said := newRemarks(r.Comments)
	r.Own = remarksOn{}
	for _, o := range ownRemarks {
		r.Own[o.key] = said[o.key]
	}
	r.places(func(on, _, _ string, to **remarks) { *to = said[on] })
}

// allowRemarks gives each place its way to a new comment.
func (r *record) allowRemarks() {
	form := address(r.In, "/parts/comments?on=")
	allow := func(on, name, which string, to **remarks) {
		if *to == nil {
			*to = &remarks{}
		}
		(*to).On, (*to).Name, (*to).address = on, name+which, form
	}
	for _, o := range ownRemarks {
		said := r.Own[o.key]
		allow(o.key, o.name, "", &said)
		r.Own[o.key] = said
	}
	r.places(allow)
}
