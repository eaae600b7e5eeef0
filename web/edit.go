package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/debriefhq/debrief/incident"
)

// formLimit bounds what a form may hold, in bytes. The largest has three of the
// longest texts, each twice: as it is and as it was. A character takes up to 12.
const formLimit = 5 << 20

// editing is the page with a form about an incident.
type editing struct {
	Number incident.Number
	Title  string // of the incident
	Form   form
}

// editor is what one form edits.
type editor struct {
	in     *incident.Incident
	of     reflect.Type
	inputs []input
	labels menus
	when   incident.When
	form   form
	apart  bool // the form never stands inside the record's page

	// save writes what was sent, and gives the address where it is seen.
	save func(ctx context.Context, by incident.Actor, sent url.Values) (place string, err error)
}

// sent reads a form.
func sent(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	if err := r.ParseForm(); err != nil {
		var big *http.MaxBytesError
		if errors.As(err, &big) {
			return nil, incident.Refuse(incident.TooLarge, "", fmt.Sprintf("A form holds at most %d MiB. Send less at once.", formLimit>>20))
		}
		return nil, incident.Refuse(incident.Malformed, "", "The form could not be read. Go back and send it again.")
	}
	return r.PostForm, nil
}

// asked reads the incident that an address names.
func (s *site) asked(r *http.Request, by incident.Actor) (*incident.Incident, error) {
	n, err := incident.ReadNumber(chi.URLParam(r, "number"))
	if err != nil {
		return nil, err
	}
	return s.Store.Incident(r.Context(), by, n)
}

// taker takes a form about an incident that its sender may see.
type taker func(w http.ResponseWriter, r *http.Request, by incident.Actor, in *incident.Incident, values url.Values) error

// takes reads a form and the incident that it is about.
func (s *site) takes(take taker) handler {
	return func(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
		values, err := sent(w, r)
		if err != nil {
			return err
		}
		in, err := s.asked(r, by)
		if err != nil {
			return err
		}
		return take(w, r, by, in, values)
	}
}

// preparer makes the editor that an address names.
type preparer func(r *http.Request, in *incident.Incident) (*editor, error)

// asks shows an editor's form.
func (s *site) asks(prepare preparer) handler {
	return func(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
		in, err := s.asked(r, by)
		if err != nil {
			return err
		}
		e, err := prepare(r, in)
		if err != nil {
			return err
		}
		return s.ask(w, r, http.StatusOK, by, e)
	}
}

// saves takes an editor's form, and leads to where the result is seen; what is
// refused is asked again.
func (s *site) saves(prepare preparer) handler {
	return s.takes(func(w http.ResponseWriter, r *http.Request, by incident.Actor, in *incident.Incident, values url.Values) error {
		e, err := prepare(r, in)
		if err != nil {
			return err
		}
		place, err := e.save(r.Context(), by, values)
		if err != nil {
			return s.askAgain(w, r, by, e, values, err)
		}
		http.Redirect(w, r, place, http.StatusSeeOther)
		return nil
	})
}

// once lets somebody send the same form several times and have it done once: by
// a second click, or again after an answer that was lost.
func once(by incident.Actor, sent url.Values) incident.Actor {
	if sent.Get("once") != "" {
		sum := sha256.Sum256([]byte(sent.Encode()))
		by.Once = incident.Once{Key: fmt.Sprintf("form %x", sum), Hash: sum[:]}
	}
	return by
}

// mayWrite tells whether somebody may change a record.
func mayWrite(by incident.Actor, in *incident.Incident) bool {
	return by.Role.May(incident.Write) && !by.ReadOnly && !in.Archived
}

func address(in *incident.Incident, rest string) string {
	return fmt.Sprintf("/incidents/%d%s", in.Number, rest)
}

// newEditor prepares a form about an incident.
func (s *site) newEditor(in *incident.Incident, of reflect.Type, inputs []input, near *incident.Moment) *editor {
	e := &editor{in: in, of: of, inputs: inputs, when: incident.When{Zone: in.Zone, Near: near, Now: s.Now()}, labels: menus{}}
	if slices.ContainsFunc(inputs, func(i input) bool { return i.Shape == asEntries }) {
		e.labels["evidence"] = entryOptions(in)
	}
	return e
}

// fill gives the form its values. What is edited, and not new, is compared with
// what stood there when it was asked for.
func (e *editor) fill(f form, v any, isNew bool) error {
	o, err := objectOf(v)
	if err != nil {
		return err
	}
	f.Times = address(e.in, "/understood")
	f.Controls = controls(f.ID, e.of, o, e.inputs, e.labels)
	if isNew {
		f.Once = rand.Text()
	}
	for i := range f.Controls {
		if c := &f.Controls[i]; !isNew {
			text := c.Value
			c.Was = &text
		}
	}
	e.form = f
	return nil
}

// change runs the edit that was sent on a part or a record, which v points to.
func (e *editor) change(v any, sent url.Values) error {
	o, err := objectOf(v)
	if err != nil {
		return err
	}
	if err := edit(o, e.inputs, sent, e.when); err != nil {
		return err
	}
	fresh := reflect.New(reflect.TypeOf(v).Elem())
	if err := o.into(fresh.Interface()); err != nil {
		return err
	}
	reflect.ValueOf(v).Elem().Set(fresh.Elem())
	return nil
}

// ask shows the form.
func (s *site) ask(w http.ResponseWriter, r *http.Request, status int, by incident.Actor, e *editor) error {
	e.form.InPlace = r.Header.Get("HX-Request") == "true" && !e.apart
	return s.show(w, status, frame{
		Name: "form", Title: e.form.Title + " · " + e.in.Number.String(), By: by, Here: "incidents",
		Page: editing{e.in.Number, e.in.Title, e.form},
	})
}

// askAgain shows the form with what was sent and what is wrong with it.
func (s *site) askAgain(w http.ResponseWriter, r *http.Request, by incident.Actor, e *editor, sent url.Values, err error) error {
	status, err := e.explain(sent, err)
	if err != nil {
		return err
	}
	return s.ask(w, r, status, by, e)
}

// explain puts what was sent and what is wrong with it into the form. Errors
// that a form can't help are given back.
func (e *editor) explain(sent url.Values, err error) (status int, other error) {
	var theirs clash
	var wrong misread
	status, known := refusedStatus(err)
	switch {
	case errors.As(err, &theirs):
		status = http.StatusConflict
	case errors.As(err, &wrong):
		status = http.StatusUnprocessableEntity
	case !known || status == http.StatusNotFound: // there may be an incident no more that they may know of
		return 0, err
	}
	e.form.again(e.of, sent, e.labels, err)
	return status, nil
}

// understood says how a time is read, for who is typing it.
func (s *site) understood(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	in, err := s.asked(r, by)
	if err != nil {
		return err
	}
	return s.tell(w, r, incident.When{Zone: in.Zone, Near: in.Latest(), Now: s.Now()})
}

// understoodNew says the same for an incident that is being filed.
func (s *site) understoodNew(w http.ResponseWriter, r *http.Request, _ incident.Actor) error {
	zone := r.URL.Query().Get("zone")
	if _, err := incident.LoadZone(zone); err != nil || zone == "" {
		zone = "UTC"
	}
	return s.tell(w, r, incident.When{Zone: zone, Now: s.Now()})
}

// tell reads the time under any key of the address but zone.
func (s *site) tell(w http.ResponseWriter, r *http.Request, when incident.When) error {
	text := ""
	for key, all := range r.URL.Query() {
		if key != "zone" {
			text = all[0]
		}
	}
	said := understanding{}
	if strings.TrimSpace(text) != "" {
		m, err := when.Read(text)
		var refusal *incident.Error
		switch {
		case errors.As(err, &refusal):
			said.Wrong = sentence(refusal.Detail)
		case err != nil:
			return err
		default:
			at := newClock(when.Zone).show(&m)
			said.At, said.Odd = &at, incident.Contradiction(m)
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	return s.pages["form"].ExecuteTemplate(w, "understood", said)
}

// understanding is how a time was read.
type understanding struct {
	At         *shown // nil when nothing is written
	Wrong, Odd string
}
