package web

import (
	"errors"
	"net/http"
	"reflect"
	"strings"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
)

// fileInputs are what an incident begins with: what people know while they are
// still tired. Everything else comes bit by bit.
var fileInputs = []input{
	{Key: "title", Label: "Title", Shape: asLine, Hint: "What broke, in words that somebody will search for."},
	{Key: "summary", Label: "Summary", Shape: asArea, Hint: "Two sentences are enough: what broke, and for whom."},
	{Key: "kind", Label: "Kind", Shape: asChoice},
	{Key: "severity", Label: "Severity", Shape: asChoice},
	{Key: "milestones.started", Label: "Started: users begin to be hurt", Shape: asMoment, Hint: timeHint},
	{Key: "milestones.detected", Label: "Detected: you notice", Shape: asMoment},
	{Key: "milestones.resolved", Label: "Resolved: it is over", Shape: asMoment, Hint: "Empty while it goes on."},
	{Key: "zone", Label: "Time zone", Shape: asLine, Hint: "Of the times above, and of the record: America/Los_Angeles, UTC or +05:30."},
	{Key: "tags", Label: "Tags", Shape: asWords, Hint: "With commas between."},
	{Key: "visibility", Label: "Visibility", Shape: asChoice, Hint: "Of a private incident only the people named on it know."},
}

// filing is the page on which an incident is filed.
type filing struct {
	Form     form
	Document string  // a postmortem that was pasted
	Problem  string  // what is wrong with that
	Likely   *likely // relatives of what was written, when they were asked for
	Filed    *incident.Incident
	Report   []document.Loss // what of it was kept as text only
}

// fileEditor prepares the form for a new incident, whose times are told in zone.
func (s *site) fileEditor(zone string) (*editor, error) {
	in := &incident.Incident{Heading: incident.Heading{Zone: zone}}
	e := s.newEditor(in, reflect.TypeFor[incident.Incident](), fileInputs, nil)
	err := e.fill(form{
		ID: "form-file", Title: "File an incident", Save: "File it", Action: "/incidents/new", Back: "/incidents", Target: "main",
	}, in, true)
	e.form.Times = "/incidents/understood"
	return e, err
}

func (s *site) askFile(w http.ResponseWriter, _ *http.Request, by incident.Actor) error {
	e, err := s.fileEditor("UTC")
	if err != nil {
		return err
	}
	return s.showFile(w, http.StatusOK, by, filing{Form: e.form})
}

func (s *site) showFile(w http.ResponseWriter, status int, by incident.Actor, f filing) error {
	return s.show(w, status, frame{Name: "file", Title: f.Form.Title, By: by, Here: "incidents", Page: f})
}

// file takes the form, or a postmortem that was pasted.
func (s *site) file(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	values, err := sent(w, r)
	if err != nil {
		return err
	}
	zone := strings.TrimSpace(values.Get("zone"))
	if _, err := incident.LoadZone(zone); err != nil || zone == "" {
		zone = "UTC"
	}
	e, err := s.fileEditor(zone)
	if err != nil {
		return err
	}
	if text := values.Get("document"); text != "" {
		return s.fileDocument(w, r, by, filing{Form: e.form, Document: text})
	}
	if values.Get("do") == "similar" {
		found, err := s.likeDraft(r, by, values)
		if err != nil {
			return err
		}
		e.form.again(e.of, values, e.labels, nil)
		return s.showFile(w, http.StatusOK, by, filing{Form: e.form, Likely: found})
	}
	in := &incident.Incident{}
	if err = e.change(in, values); err == nil {
		in, err = s.Store.File(r.Context(), once(by, values), in)
	}
	if err != nil {
		status, err := e.explain(values, err)
		if err != nil {
			return err
		}
		return s.showFile(w, status, by, filing{Form: e.form})
	}
	http.Redirect(w, r, address(in, ""), http.StatusSeeOther)
	return nil
}

// fileDocument files a postmortem written in Markdown, ours or a stranger's, and
// says what of it was kept as text only.
func (s *site) fileDocument(w http.ResponseWriter, r *http.Request, by incident.Actor, f filing) error {
	reading, err := document.ReadMarkdown(strings.NewReader(strings.ReplaceAll(f.Document, "\r\n", "\n")))
	var in *incident.Incident
	if err == nil {
		in, err = s.Store.File(r.Context(), once(by, r.PostForm), reading.Incident.Draft())
		err = reading.Locate(err)
	}
	var refusal *incident.Error
	status, known := refusedStatus(err)
	if errors.Is(err, incident.Malformed) {
		status, known = http.StatusUnprocessableEntity, true
	}
	switch {
	case known && errors.As(err, &refusal):
		f.Problem = sentence(refusal.Detail)
		return s.showFile(w, status, by, f)
	case err != nil:
		return err
	case len(reading.Report) > 0:
		return s.showFile(w, http.StatusOK, by, filing{Form: f.Form, Filed: in, Report: reading.Report})
	}
	http.Redirect(w, r, address(in, ""), http.StatusSeeOther)
	return nil
}
