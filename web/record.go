package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/debriefhq/debrief/incident"
)

// record is the page of one incident.
type record struct {
	In         *incident.Incident
	Zone       string
	BesideUTC  bool   // the zone is another than UTC
	Line       listed // it in one line, as in the list
	Readers    string // who may know of a private incident; "" for others
	Contents   []place
	Chart      *chart
	Milestones []milestone
	Measures   []measure
	Before     []deployment  // in the hours before it began
	Known      []knownBefore // older relatives with what was left to do
	Impacts    []impact
	Days       []day
	Causes     *causes
	Lessons    []lessons
	Messages   []message
	Actions    []action
	Comments   []comment
	Own        remarksOn // those on the record's own texts
	People     []person
	Exports    []export
	Filed      shown
	Changed    shown
	Outside    string // where outsiders read of it; "" when they may not know
	Ways       *ways  // nil for those who may not write
}

// place is a part of the page that its table of contents leads to.
type place struct {
	ID, Name string
	Count    int // 0 is not shown
}

// newRecord prepares the page of an incident as one reader may see it.
func newRecord(in *incident.Incident, now time.Time) record {
	c := newClock(in.Zone)
	labels := entryLabels(in, c)
	r := record{
		In: in, Zone: in.Zone, BesideUTC: in.Zone != "UTC", Line: newListed(in.Heading, c, now),
		Chart: newChart(in, c), Milestones: milestones(in, c), Measures: measures(in),
		Impacts: impacts(in, c), Days: timeline(in, c),
		Causes: newCauses(in, labels), Lessons: newLessons(in.Analysis.Lessons),
		Messages: messages(in, c), Actions: actions(in, now), Comments: comments(in, c, labels),
		People: people(in, c), Exports: exports(in),
		Filed: c.instant(in.CreatedAt), Changed: c.instant(in.UpdatedAt),
		Outside: publicAddress(in),
	}
	r.Line.Awaits = newAwaited(in.Awaited(), in.Zone, now)
	r.remark()
	if in.Visibility == incident.VisiblePrivate {
		r.Readers = strings.Join(readers(in), ", ")
	}
	r.Contents = r.contents()
	return r
}

func (r *record) contents() []place {
	all := []place{
		{"times", "When", 0},
		{"impacts", "Impact", len(r.Impacts)},
		{"timeline", "Timeline", len(r.In.Timeline)},
	}
	if r.Causes != nil {
		all = append(all, place{"causes", "Causes", 0})
	}
	for _, p := range []place{
		{"lessons", "Lessons", len(r.In.Analysis.Lessons)},
		{"messages", "Messages", len(r.Messages)},
		{"actions", "Actions", len(r.Actions)},
		{"comments", "Comments", len(r.Comments)},
		{"odd", "Odd", len(r.In.Warnings)},
	} {
		if p.Count > 0 {
			all = append(all, p)
		}
	}
	return all
}

// readers lists who may know of a private incident, as their names are written on it.
func readers(in *incident.Incident) []string {
	written := []string{in.CreatedBy}
	for _, p := range in.People {
		written = append(written, p.Name)
	}
	for _, a := range in.Actions {
		written = append(written, a.Owner)
	}
	written = append(written, in.Review.Reviewers...)
	var names []string
	for _, name := range in.Names() {
		for _, w := range written {
			if strings.EqualFold(strings.TrimSpace(w), name) {
				name = w
				break
			}
		}
		names = append(names, name)
	}
	return names
}

// record shows one incident, whichever form of its number the address has.
func (s *site) record(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	n, err := incident.ReadNumber(chi.URLParam(r, "number"))
	if err != nil {
		return err
	}
	in, err := s.Store.Incident(r.Context(), by, n)
	if err != nil {
		return err
	}
	page := newRecord(in, s.Now())
	before, err := s.Store.DeployedBefore(r.Context(), by, in)
	if err != nil {
		return err
	}
	page.Before = deployedBefore(before, in)
	if page.Known, err = s.knownBefore(r, by, in); err != nil {
		return err
	}
	if mayWrite(by, in) {
		page.allow(by)
	}
	return s.show(w, http.StatusOK, frame{Name: "record", Title: n.String() + " " + in.Title, By: by, Here: "incidents", Page: page, Of: s.picturesOf(r, by, n)})
}
