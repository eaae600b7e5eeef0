package web

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
)

// goesOn tells whether what happens now belongs to the incident.
func goesOn(in *incident.Incident) bool { return !over(in.Status) }

// timeNow gives a new entry whose time was left empty the present, while the
// incident goes on.
func (s *site) timeNow(in *incident.Incident, p incident.Part) {
	if e, ok := p.(*incident.Entry); ok && e.At == nil && goesOn(in) {
		now := incident.Exactly(s.Now().Truncate(time.Minute), in.Zone, incident.Minute)
		e.At = &now
	}
}

// inputsOf are the inputs of a part; those of a new entry say what no time means.
func inputsOf(in *incident.Incident, kind incident.PartKind, isNew bool) []input {
	inputs := partInputs[kind]
	if kind != incident.Timeline || !isNew {
		return inputs
	}
	inputs = slices.Clone(inputs)
	if inputs[0].Hint += " Empty stays after the last entry, without a time."; goesOn(in) {
		inputs[0].Hint = partInputs[kind][0].Hint + " Empty is now."
	}
	return inputs
}

// lineRead is how a line was understood.
type lineRead struct {
	At, Until   shown
	Now         string // what stands for a time that was not told
	Kind        incident.EntryKind
	Actor, Text string
	Wrong       string
}

// readLine takes one line apart. It gives nil where there is nothing in it.
func (s *site) readLine(in *incident.Incident, line string) (*document.Noted, error) {
	line = strings.Join(strings.Fields(line), " ")
	found, err := document.ReadLog(line, incident.When{Zone: in.Zone, Near: in.Latest(), Now: s.Now()})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// understoodLine says how a line is read, for who is typing it.
func (s *site) understoodLine(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	in, err := s.asked(r, by)
	if err != nil {
		return err
	}
	said := lineRead{Now: "no time: opens the whole form"}
	if goesOn(in) {
		said.Now = "now"
	}
	n, err := s.readLine(in, r.URL.Query().Get("line"))
	var refusal *incident.Error
	switch {
	case errors.As(err, &refusal):
		said.Wrong = sentence("The line " + refusal.Detail)
	case err != nil:
		return err
	case n != nil:
		c := newClock(in.Zone)
		said.At, said.Until, said.Kind, said.Actor, said.Text = c.show(n.At), c.show(n.Until), n.Kind, n.Actor, n.Text
		if n.At != nil && !n.At.Known() {
			said.Now = "kept as written, without a time"
		}
		if n.Why != "" {
			said.Wrong = sentence(n.Why)
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	return s.pages["record"].ExecuteTemplate(w, "lineread", said)
}

// noteLine adds an entry written in one line. Where that can't be understood it
// opens the whole form with what was.
func (s *site) noteLine(w http.ResponseWriter, r *http.Request, by incident.Actor, in *incident.Incident, values url.Values) error {
	n, err := s.readLine(in, values.Get("line"))
	var refusal *incident.Error
	switch {
	case errors.As(err, &refusal):
		n = &document.Noted{Text: strings.ToValidUTF8(values.Get("line"), "�"), Why: sentence("The line " + refusal.Detail)}
	case err != nil:
		return err
	case n == nil:
		n = &document.Noted{Why: "Write what happened."}
	}
	e := &incident.Entry{At: n.At, Until: n.Until, Kind: n.Kind, Text: n.Text, Actor: n.Actor}
	s.timeNow(in, e)
	wrong := error(misread{"at": n.Why})
	switch {
	case n.Why != "":
	case e.At == nil:
		wrong = misread{"at": "no time was found in the line: write one, or leave this empty"}
	default:
		var added []incident.Part
		if added, wrong = s.Store.Append(r.Context(), by, in.Number, []incident.Part{e}); wrong == nil {
			http.Redirect(w, r, address(in, "#"+added[0].Head().ID), http.StatusSeeOther)
			return nil
		}
	}
	return s.askWhole(w, r, by, in, n, wrong)
}

// askWhole asks for an entry in the whole form, with what was understood of a line.
func (s *site) askWhole(w http.ResponseWriter, r *http.Request, by incident.Actor, in *incident.Incident, n *document.Noted, wrong error) error {
	editor, err := s.editorOf(in, incident.Timeline, "", nil)
	if err != nil {
		return err
	}
	at, until := n.When, ""
	if n.Until != nil {
		at, until = written(n.At), written(n.Until)
	}
	return s.askAgain(w, r, by, editor, url.Values{
		"at": {at}, "until": {until}, "kind": {string(n.Kind)}, "text": {n.Text}, "actor": {n.Actor},
		"audience": {string(incident.AudienceInternal)},
	}, wrong)
}

// jump leads to the entry nearest to a time; a script is only told its id.
func (s *site) jump(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	in, err := s.asked(r, by)
	if err != nil {
		return err
	}
	id, err := s.nearestEntry(in, r.URL.Query().Get("to"))
	if err != nil {
		return err
	}
	if r.Header.Get("HX-Request") == "true" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, err = io.WriteString(w, id) //nolint:gosec // an id of ours, and plain text
		return err
	}
	http.Redirect(w, r, address(in, "#"+id), http.StatusSeeOther)
	return nil
}

// nearestEntry finds the entry that begins nearest to a time as people write it.
// A time without a day is that of the day on which an entry is nearest.
func (s *site) nearestEntry(in *incident.Incident, text string) (string, error) {
	nearest, best, lastDay := "timeline", time.Duration(-1), ""
	c := newClock(in.Zone)
	var refused error
	for i := range in.Timeline {
		e := &in.Timeline[i]
		if !e.At.Known() {
			continue
		}
		day := c.place(e.At).In(c.zone).Format(time.DateOnly)
		if day == lastDay {
			continue
		}
		lastDay = day
		m, err := incident.When{Zone: in.Zone, Near: e.At, Now: s.Now()}.Read(text)
		if err != nil {
			refused = err
			continue
		}
		if !m.Known() {
			continue
		}
		for j := range in.Timeline {
			if o := &in.Timeline[j]; o.At.Known() {
				if d := o.At.At.Sub(*m.At).Abs(); best < 0 || d < best {
					nearest, best = o.ID, d
				}
			}
		}
	}
	if best < 0 && refused != nil {
		return "", refused
	}
	return nearest, nil
}
