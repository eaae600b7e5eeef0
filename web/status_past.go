package web

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/debriefhq/debrief/api/edition"
	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/status"
)

const (
	monthAddress = "2006-01"
	monthName    = "January 2006"
)

// pastDay is a day, UTC, with the incidents of it.
type pastDay struct {
	ID      string
	Name    string
	Began   []notice // that day
	Lasting []notice // from a day before
}

// spell is an incident with its ends.
type spell struct {
	notice
	began, ended time.Time
}

// spellsIn are the incidents that lasted in a time, the newest first.
func spellsIn(p *status.Page, from, until time.Time) (all []spell) {
	for _, n := range slices.Concat(p.Open, p.Past) {
		began, ended := status.Began(n), endOf(n, p.At)
		if began.Before(until) && (!began.Before(from) || ended.After(from)) {
			all = append(all, spell{newNotice(n), began, ended})
		}
	}
	return all
}

// newPastDays are the days from one until before another, newest first. Those without an incident are among them when
// every one is asked for.
func newPastDays(p *status.Page, from, until time.Time, every bool) []pastDay {
	all := spellsIn(p, from, until)
	days := []pastDay{}
	for day := until.AddDate(0, 0, -1); !day.Before(from); day = day.AddDate(0, 0, -1) {
		one, next := pastDay{ID: day.Format("day-2006-01-02"), Name: day.Format(longDate)}, day.AddDate(0, 0, 1)
		for _, l := range all {
			switch {
			case !l.began.Before(day) && l.began.Before(next):
				one.Began = append(one.Began, l.notice)
			case l.began.Before(day) && l.ended.After(day):
				one.Lasting = append(one.Lasting, l.notice)
			}
		}
		if every || len(one.Began)+len(one.Lasting) > 0 {
			days = append(days, one)
		}
	}
	return days
}

// endOf is when an incident was over: now while it goes on; where nobody said, when the status page spoke last.
func endOf(n *status.Notice, now time.Time) time.Time {
	if !n.Over() {
		return now
	}
	if end := n.Incident.Milestones.Resolved; end.Known() {
		return *end.At
	}
	end := status.Began(n)
	for _, u := range n.Updates() {
		if u.At.Known() && u.At.At.After(end) {
			end = *u.At.At
		}
	}
	return end
}

// pastMonth is the incidents of one month.
type pastMonth struct {
	Name           string
	Days           []pastDay
	Earlier, Later *monthLink // the nearest months with incidents
	Years          []pastYear
}

// monthLink leads to a month.
type monthLink struct {
	Address, Name string
	Here          bool
	Count         int // incidents that began in it

	month time.Time
}

// pastYear is the months of a year with incidents.
type pastYear struct {
	Name   string
	Months []monthLink
}

// monthsOf lists the months in which an incident began, newest first.
func monthsOf(p *status.Page) []monthLink {
	counts := map[time.Time]int{}
	for _, list := range [][]*status.Notice{p.Open, p.Past} {
		for _, n := range list {
			counts[monthOf(status.Began(n))]++
		}
	}
	months := make([]monthLink, 0, len(counts))
	for month, n := range counts {
		months = append(months, monthLink{"/status/history/" + month.Format(monthAddress), month.Format(monthName), false, n, month})
	}
	slices.SortFunc(months, func(a, b monthLink) int { return b.month.Compare(a.month) })
	return months
}

func monthOf(at time.Time) time.Time {
	at = at.UTC()
	return time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// statusHistory is the newest month with incidents.
func (s *site) statusHistory(e *edition.Edition, _ *http.Request) (*edition.Printed, error) {
	return e.Keep("history", func() (*edition.Printed, error) {
		month := monthOf(e.Page.At)
		if all := monthsOf(e.Page); len(all) > 0 {
			month = all[0].month
		}
		return s.drawn(e, http.StatusOK, outward{Name: "status-history", Title: "History · " + s.look.Name, Here: "/status/history", Page: newPastMonth(e.Page, month)})
	})
}

// statusMonth is a month. There are those from the first one with an incident to this one.
func (s *site) statusMonth(e *edition.Edition, r *http.Request) (*edition.Printed, error) {
	asked := chi.URLParam(r, "month")
	month, err := time.Parse(monthAddress, asked)
	all := monthsOf(e.Page)
	if err != nil || month.After(e.Page.At) || month.Before(monthOf(e.Page.At)) && (len(all) == 0 || month.Before(all[len(all)-1].month)) {
		return s.statusNothing(e, r)
	}
	return e.Keep("month "+asked, func() (*edition.Printed, error) {
		page := newPastMonth(e.Page, month)
		return s.drawn(e, http.StatusOK, outward{Name: "status-history", Title: page.Name + " · " + s.look.Name, Here: "/status/history/" + asked, Page: page})
	})
}

func newPastMonth(p *status.Page, month time.Time) pastMonth {
	m := pastMonth{Name: month.Format(monthName), Days: newPastDays(p, month, month.AddDate(0, 1, 0), false)}
	for _, one := range monthsOf(p) {
		one.Here = one.month.Equal(month)
		switch {
		case one.month.After(month):
			later := one
			m.Later = &later
		case one.month.Before(month) && m.Earlier == nil:
			earlier := one
			m.Earlier = &earlier
		}
		year := one.month.Format("2006")
		if n := len(m.Years); n == 0 || m.Years[n-1].Name != year {
			m.Years = append(m.Years, pastYear{Name: year})
		}
		last := &m.Years[len(m.Years)-1]
		last.Months = append(last.Months, one)
	}
	return m
}

// Incidents counts for people.
func (m monthLink) Incidents() string { return count(m.Count, "incident", "incidents") }

// Short is the month without its year.
func (m monthLink) Short() string { return m.month.Format("January") }

// dayTold is what a day was like, in words: "major outage 6 h, degraded performance 8 h 21 min".
func dayTold(d status.Day) string {
	text := ""
	for _, l := range lengths(d) {
		if text != "" {
			text += ", "
		}
		text += fmt.Sprintf("%s %s", word(l.level), incident.Span(l.lasted))
	}
	return text
}
