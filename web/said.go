package web

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// saying is the page that lays what the team knew beside what people were told.
type saying struct {
	Number    incident.Number
	Version   int64
	Title     string
	Zone      string
	BesideUTC bool
	First     shown  // the first public message
	ToTell    string // from the start to it; "" when that can't be known
	Count     int    // public messages
	Longest   string // of the silences, "" for none worth telling
	Promises  []promise
	Kept      int
	Due       int // promises that were to be kept by now
	Days      []saidDay
	Untold    bool // nobody outside was told anything
	Drafts    []draft
}

// draft is a message that was not sent, with the way to where it is sent; nil for those who may not.
type draft struct {
	*incident.Message
	Send *way
}

// saidDay is the rows under one date.
type saidDay struct {
	Name string
	Rows []saidRow
}

// saidRow is all of one time: what was known and what was said, or a silence.
type saidRow struct {
	At      shown
	Knew    []knew
	Said    []saidMessage
	Silence *silence

	order time.Time
}

// knew is an entry beside the messages.
type knew struct {
	*incident.Entry
	When shown // where it differs from that of its row
}

// saidMessage is a message beside the entries.
type saidMessage struct {
	*incident.Message
	Promise *promise
}

// promise is what became of an update that was promised.
type promise struct {
	incident.Promise
	Due    shown
	LateBy string
}

// silence is a time in which outsiders heard nothing.
type silence struct {
	Lasted   string
	Happened int
	First    bool // before the first message
	Last     bool // after the last one
	Ongoing  bool // it lasts until now
}

func newSaying(in *incident.Incident, now time.Time) saying {
	c := newClock(in.Zone)
	s := saying{Number: in.Number, Version: in.Version, Title: in.Title, Zone: in.Zone, BesideUTC: in.Zone != "UTC", Count: len(in.Told()), Untold: in.FirstTold() == nil}
	s.First = c.show(in.FirstTold())
	if m := incident.Measure(in); m != nil && m.TimeToTell != nil {
		s.ToTell = lasted(in.Milestones.Started, in.FirstTold())
	}
	promises := map[string]*promise{}
	for _, p := range in.Promises(now) {
		one := promise{Promise: p, Due: c.show(p.Message.NextUpdateAt)}
		if p.Kept == incident.KeptLate {
			one.LateBy = incident.Span(p.Late)
		}
		if p.Kept == incident.KeptInTime {
			s.Kept++
		}
		if p.Kept != incident.KeptOpen {
			s.Due++
		}
		s.Promises = append(s.Promises, one)
		promises[p.Message.ID] = &one
	}
	rows := saidRows(in, c, promises)
	var longest time.Duration
	for _, q := range in.Quiets(now) {
		if q.Length() < quiet {
			continue
		}
		if q.Length() > longest {
			longest, s.Longest = q.Length(), lasted(q.From, q.Until)
		}
		rows = append(rows, saidRow{order: *q.Until.At, Silence: &silence{
			Lasted: lasted(q.From, q.Until), Happened: q.Happened, First: q.Before == nil, Last: q.After == nil,
			Ongoing: q.After == nil && q.Until != in.Milestones.Resolved,
		}, At: shown{Day: q.Until.At.In(c.zone).Format(longDate)}})
	}
	s.Days = saidDays(rows)
	return s
}

// drafts lists what is written and not sent.
func (s *saying) drafts(in *incident.Incident, by incident.Actor) {
	for i := range in.Messages {
		if m := &in.Messages[i]; m.State == incident.Draft {
			d := draft{Message: m}
			if mayWrite(by, in) {
				d.Send, _ = messageWays(in, m)
			}
			s.Drafts = append(s.Drafts, d)
		}
	}
}

// saidRows lays entries and messages out by time.
func saidRows(in *incident.Incident, c *clock, promises map[string]*promise) []saidRow {
	var rows []saidRow
	at := map[string]int{} // row by its time, as shown
	place := func(m *incident.Moment, order time.Time) *saidRow {
		shows := c.show(m)
		key := fmt.Sprint(order.UnixNano(), shows.ISO, shows.Approximate)
		if !shows.Known {
			key += shows.Written
		}
		if _, known := at[key]; !known {
			at[key] = len(rows)
			rows = append(rows, saidRow{At: shows, order: order})
		}
		return &rows[at[key]]
	}
	var order time.Time
	for i := range in.Timeline {
		e := &in.Timeline[i]
		if e.At.Known() {
			order = c.place(e.At)
		}
		r := place(e.At, order)
		r.Knew = append(r.Knew, knew{Entry: e, When: c.show(e.Until)})
	}
	for i := range in.Messages {
		m := &in.Messages[i]
		if m.State == incident.Draft {
			continue
		}
		var when time.Time
		if m.At.Known() {
			when = c.place(m.At)
		}
		r := place(m.At, when)
		r.Said = append(r.Said, saidMessage{m, promises[m.ID]})
	}
	return rows
}

// saidDays separates the rows by day. A silence stands before what ended it.
func saidDays(rows []saidRow) []saidDay {
	slices.SortStableFunc(rows, func(a, b saidRow) int {
		if d := a.order.Compare(b.order); d != 0 {
			return d
		}
		switch {
		case a.Silence != nil && b.Silence == nil && !a.Silence.Last:
			return -1
		case b.Silence != nil && a.Silence == nil && !b.Silence.Last:
			return 1
		}
		return 0
	})
	var days []saidDay
	for _, r := range rows {
		name := r.At.Day
		switch {
		case name == "" && len(days) > 0:
			name = days[len(days)-1].Name
		case name == "":
			name = "Without a known time"
		}
		if len(days) == 0 || days[len(days)-1].Name != name {
			days = append(days, saidDay{Name: name})
		}
		last := &days[len(days)-1]
		last.Rows = append(last.Rows, r)
	}
	return days
}

// said shows what was known beside what was said.
func (s *site) said(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	in, err := s.asked(r, by)
	if err != nil {
		return err
	}
	page := newSaying(in, s.Now())
	page.drafts(in, by)
	return s.show(w, http.StatusOK, frame{
		Name: "said", Title: "Known and said · " + in.Number.String(), By: by, Here: "incidents", Page: page, Of: s.picturesOf(r, by, in.Number),
	})
}
