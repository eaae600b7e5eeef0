package web

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
)

// pasteLimit bounds a text that is pasted, in bytes: it goes along with the
// entries that were made of it.
const pasteLimit = 256 << 10

// pasting is the page that makes entries of a pasted text: first it asks for the
// text, then for each entry whether it is right.
type pasting struct {
	Number  incident.Number
	Title   string // of the incident
	Zone    string
	Action  string
	Back    string
	Draft   string // what the entries' draft is kept under
	Again   bool   // they were sent, and came back
	Text    string
	Day     string // of its first line, as 2013-07-18; "" is near the last entry
	Problem string
	Once    string // names the entries, so that sending them twice adds them once
	Rows    []pasted
	Timed   int // rows whose time is known
	Secrets int // rows with what looks like a credential
}

func (s *site) newPasting(in *incident.Incident, text string) pasting {
	return pasting{
		Number: in.Number, Title: in.Title, Zone: in.Zone, Action: address(in, "/paste"), Back: address(in, "#timeline"),
		Text: text, Draft: fmt.Sprintf("%s %x", address(in, "/paste"), sha256.Sum256([]byte(text)))[:60],
	}
}

func (s *site) showPasting(w http.ResponseWriter, status int, by incident.Actor, p pasting) error {
	for _, r := range p.Rows {
		if r.At.Known {
			p.Timed++
		}
		if len(r.Secrets) > 0 {
			p.Secrets++
		}
	}
	return s.show(w, status, frame{Name: "paste", Title: "Paste entries · " + p.Number.String(), By: by, Here: "incidents", Page: p})
}

// askPaste asks for a text.
func (s *site) askPaste(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	in, err := s.asked(r, by)
	if err != nil {
		return err
	}
	p := s.newPasting(in, "")
	if first := nearStart(in); over(in.Status) && first.Known() {
		day := incident.Exactly(*first.At, in.Zone, incident.Minute)
		if local, ok := day.In(in.Zone); ok {
			p.Day = local.Format(time.DateOnly)
		}
	}
	return s.showPasting(w, http.StatusOK, by, p)
}

// paste reads a text, or adds the entries that somebody has confirmed.
func (s *site) paste(w http.ResponseWriter, r *http.Request, by incident.Actor, in *incident.Incident, values url.Values) error {
	p := s.newPasting(in, lf(values.Get("source")))
	p.Day = values.Get("day")
	when := s.pasteWhen(in, p.Day)
	switch do := values.Get("do"); {
	case do == "again":
		return s.showPasting(w, http.StatusOK, by, p)
	case do == "confirm", do == "" && values.Has("rows"): // sent by a key, not a button
		return s.confirm(w, r, by, in, p, sentRows(values, when))
	}
	if len(p.Text) > pasteLimit {
		p.Problem = fmt.Sprintf("At most %d KiB are read at once. Paste it in parts.", pasteLimit>>10)
		return s.showPasting(w, http.StatusUnprocessableEntity, by, p)
	}
	found, err := document.ReadLog(p.Text, when)
	var refusal *incident.Error
	switch {
	case errors.As(err, &refusal):
		p.Problem = sentence("The text " + refusal.Detail)
	case err != nil:
		return err
	case len(found) == 0:
		p.Problem = "There is nothing in it yet. Paste some lines first."
	default:
		p.Once, p.Rows = rand.Text(), readRows(found, when)
		return s.showPasting(w, http.StatusOK, by, p)
	}
	return s.showPasting(w, http.StatusUnprocessableEntity, by, p)
}

// pasteWhen is what the times of a text are read against.
func (s *site) pasteWhen(in *incident.Incident, day string) incident.When {
	when := incident.When{Zone: in.Zone, Near: in.Latest(), Now: s.Now()}
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return when
	}
	if m, err := (incident.When{Zone: in.Zone}).Read(day); err == nil {
		when.Near = &m
	}
	return when
}

// confirm adds the entries that were kept, all or none.
func (s *site) confirm(w http.ResponseWriter, r *http.Request, by incident.Actor, in *incident.Incident, p pasting, rows []pasted) error {
	p.Again, p.Rows, p.Once = true, rows, r.PostForm.Get("once")
	var parts []incident.Part
	var places []int // in rows, of each part
	wrong := false
	for i := range p.Rows {
		if row := &p.Rows[i]; row.Keep {
			e := row.entry(in.Zone)
			wrong = wrong || row.wrong()
			parts, places = append(parts, e), append(places, i)
		}
	}
	switch {
	case len(parts) == 0:
		p.Problem = "No entry is ticked. Tick those that the timeline should hold."
		return s.showPasting(w, http.StatusUnprocessableEntity, by, p)
	case wrong:
		p.Problem = "Nothing was added yet: look at the entries that are marked."
		return s.showPasting(w, http.StatusUnprocessableEntity, by, p)
	}
	added, err := s.Store.Append(r.Context(), once(by, r.PostForm), in.Number, parts)
	var refusal *incident.Error
	if errors.As(err, &refusal) && slices.Contains([]incident.Kind{incident.Invalid, incident.Conflict, incident.TooLarge, incident.Malformed}, refusal.Kind) {
		p.blame(refusal, places)
		return s.showPasting(w, http.StatusUnprocessableEntity, by, p)
	}
	if err != nil {
		return err
	}
	place := "#timeline"
	if len(added) > 0 {
		place = "#" + added[0].Head().ID
	}
	http.Redirect(w, r, address(in, place), http.StatusSeeOther)
	return nil
}

// blame puts a refusal at its row.
func (p *pasting) blame(refusal *incident.Error, places []int) {
	for pointer, detail := range refusal.Fields {
		i, field := 0, strings.TrimPrefix(pointer, "/")
		if first, rest, many := strings.Cut(field, "/"); len(places) > 1 && many {
			if n, err := strconv.Atoi(first); err == nil {
				i, field = n, rest
			}
		}
		if i < len(places) {
			p.Rows[places[i]].fault(field, detail)
		}
	}
	if p.Problem = "Nothing was added yet: look at the entry that is marked."; len(refusal.Fields) == 0 {
		p.Problem = sentence(refusal.Detail)
	}
}

// understoodPaste says how the time of one row is read.
func (s *site) understoodPaste(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	in, err := s.asked(r, by)
	if err != nil {
		return err
	}
	row := pasted{}
	asked := r.URL.Query()
	for key, all := range asked {
		if strings.HasPrefix(key, "at.") {
			row.When = strings.TrimSpace(all[0])
		}
	}
	row.readTimes(incident.When{Zone: in.Zone, Near: instantOf(asked, in.Latest()), Now: s.Now()})
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	return s.pages["paste"].ExecuteTemplate(w, "readtime", row)
}

// instantOf is the time that an address tells times near to.
func instantOf(asked url.Values, otherwise *incident.Moment) *incident.Moment {
	if m := nearOf(asked.Get("near")); m != nil {
		return m
	}
	return otherwise
}
