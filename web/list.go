package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/query"
	"github.com/debriefhq/debrief/store"
)

const (
	perPage = 50 // incidents on a page of the list
	inSight = 5  // of those going on, above the list
)

// list is the page of incidents.
type list struct {
	Asked    url.Values // what narrows or orders it
	Here     string     // its address
	Views    views
	Chips    []chips  // by status and severity
	Kept     []chip   // the filters that are on
	Hidden   []chip   // those of them that the form sends along
	Near     []choice // filters always in sight
	Far      []choice // the others
	Unfolded bool     // one of the others is on
	Now      *now     // nil where only a part is asked for
	Rows     []listed
	Hits     *hits    // instead of rows, where words are asked for
	Hints    []string // what was not understood of them
	Rules    []query.Rule
	Ordered  bool // otherwise than by number
	Later    bool // not the first page
	First    string
	May      bool   // the reader may file
	Live     string // address of the stream that tells of changes since
	Older    string // address of the next page, "" on the last
}

// now is what is going on, the worst first.
type now struct {
	Rows []listed
	More bool // further ones are open
}

// listed is an incident in the list.
type listed struct {
	incident.Heading
	First   shown  // when it started, else the first milestone known
	What    string // which milestone that is, "" for the start
	Lasted  string
	Ongoing bool // users are hurt, as far as anybody said
	Awaits  *awaited
}

// awaited is an update that outsiders were promised and wait for.
type awaited struct {
	Due     shown
	Today   bool
	Overdue bool
}

// newAwaited is nil where none is awaited.
func newAwaited(due *incident.Moment, zone string, now time.Time) *awaited {
	if !timed(due) {
		return nil
	}
	c := newClock(zone)
	a := &awaited{Due: c.show(due), Overdue: now.After(*due.At)}
	a.Today = a.Due.Day == now.In(c.zone).Format(longDate)
	return a
}

// newList prepares a page of headings.
func newList(asked url.Values, later bool, page store.Page[incident.Heading], open *store.Page[incident.Heading], today time.Time) list {
	l := list{Asked: asked, Later: later, Ordered: asked.Has("sort"), First: at(asked), Here: at(asked), Rows: newRows(page.Items, today), Hints: page.Hints, Rules: query.Rules}
	all := chosen(asked)
	l.Kept, l.Hidden = narrowed(asked), carried(asked)
	l.Near, l.Far = all[2:3], all[3:]
	l.Unfolded = slices.ContainsFunc(l.Far, func(c choice) bool { return c.Chosen != "" }) ||
		slices.ContainsFunc(free[1:], asked.Has)
	if open != nil {
		rows := newRows(open.Items, today)
		slices.SortStableFunc(rows, func(a, b listed) int { return strings.Compare(badness(a), badness(b)) })
		l.Now = &now{Rows: rows[:min(inSight, len(rows))], More: len(rows) > inSight}
	}
	if page.Next != "" {
		older := narrowing(asked)
		older.Set("cursor", page.Next)
		l.Older = at(older)
	}
	return l
}

// badness sorts by severity, without one last.
func badness(row listed) string {
	if row.Severity == "" {
		return "unrated"
	}
	return string(row.Severity)
}

// at is the address of the list with a query.
func at(query url.Values) string {
	if len(query) == 0 {
		return "/incidents"
	}
	return "/incidents?" + query.Encode()
}

func newRows(all []incident.Heading, today time.Time) []listed {
	rows, clocks := make([]listed, len(all)), map[string]*clock{}
	for i := range all {
		c := clocks[all[i].Zone]
		if c == nil {
			c = newClock(all[i].Zone)
			clocks[all[i].Zone] = c
		}
		rows[i] = newListed(all[i], c, today)
	}
	return rows
}

// newListed says how long users were hurt: until mitigation, else until the
// incident was resolved, else until now. The clock is that of its zone.
func newListed(h incident.Heading, c *clock, today time.Time) listed {
	m := h.Milestones
	row := listed{Heading: h, First: c.show(m.Started)}
	if !row.First.Known {
		for _, other := range milestonesOf(&incident.Incident{Heading: h}) {
			if !row.First.Known && other.moment.Known() {
				row.First, row.What = c.show(other.moment), other.Name
			}
		}
	}
	until := m.Mitigated
	if !timed(until) {
		until = m.Resolved
	}
	row.Ongoing = open(h.Status) && h.Kind != incident.NearMiss && !m.Mitigated.Known()
	if row.Ongoing {
		minute := incident.Exactly(today.Truncate(time.Minute), "UTC", incident.Minute)
		until = &minute
	}
	row.Lasted = lasted(m.Started, until)
	if timed(m.Started) && timed(until) && until.At.Sub(*m.Started.At) >= 48*time.Hour {
		row.Lasted = "about " + incident.Span(until.At.Sub(*m.Started.At).Round(24*time.Hour))
	}
	return row
}

// open tells whether something is going on, as the filter has it.
func open(s incident.Status) bool { return !over(s) && s != incident.Scheduled }

// list shows the incidents that the reader may see. A first page that asks for
// nothing in particular says before all else what is going on.
func (s *site) list(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return incident.Refuse(incident.Malformed, "", "The part after the question mark is broken: write % as %25 and ; as %3B.")
	}
	asked := narrowing(q)
	l, err := s.listed(r, by, asked, q.Get("cursor"))
	if err != nil {
		return err
	}
	return s.showList(w, http.StatusOK, by, l)
}

func (s *site) showList(w http.ResponseWriter, status int, by incident.Actor, l list) error {
	return s.show(w, status, frame{Name: "list", Title: "Incidents", By: by, Here: "incidents", Page: l})
}

// listed reads a page of the list.
func (s *site) listed(r *http.Request, by incident.Actor, asked url.Values, cursor string) (list, error) {
	f, err := readFilter(asked)
	if err != nil {
		return list{}, err
	}
	f.Limit, f.Cursor = perPage, cursor
	around, err := s.Store.Around(r.Context(), by) // before the list: what changes meanwhile is told
	if err != nil {
		return list{}, err
	}
	var found *hits
	var page store.Page[incident.Heading]
	if ranks(asked, s.Now()) {
		found, page, err = s.search(r, by, asked, cursor)
	} else {
		page, err = s.Store.Incidents(r.Context(), by, f)
	}
	if err != nil {
		return list{}, err
	}
	var open *store.Page[incident.Heading]
	if len(asked) == 0 && f.Cursor == "" && len(page.Items) > 0 {
		if open, err = s.stillOpen(r, by, page); err != nil {
			return list{}, err
		}
	}
	l := newList(asked, f.Cursor != "", page, open, s.Now())
	l.Hits = found
	if found != nil {
		l.Near[0].Any, l.Near[0].Values = "the best first", append([]string{"-number"}, l.Near[0].Values...)
	}
	l.Chips = tallyChips(asked, around.Tallies)
	if l.Now != nil {
		if err := s.await(r, by, l.Now.Rows); err != nil {
			return list{}, err
		}
	}
	l.Views, l.Here = newViews(around.Views, asked, by), at(with(asked, "cursor", f.Cursor))
	l.Live = "/incidents/live?" + url.Values{"after": {around.Now}}.Encode()
	l.May = by.Role.May(incident.Write) && !by.ReadOnly
	return l, nil
}

// await adds the updates that outsiders wait for.
func (s *site) await(r *http.Request, by incident.Actor, rows []listed) error {
	var numbers []incident.Number
	for _, row := range rows {
		numbers = append(numbers, row.Number)
	}
	due, err := s.Store.Awaited(r.Context(), by, numbers)
	for i := range rows {
		rows[i].Awaits = newAwaited(due[rows[i].Number], rows[i].Zone, s.Now())
	}
	return err
}

// stillOpen is what is open: the newest, as many as a page has. Those on the first
// page of the list are not read again.
func (s *site) stillOpen(r *http.Request, by incident.Actor, first store.Page[incident.Heading]) (*store.Page[incident.Heading], error) {
	var found store.Page[incident.Heading]
	for _, h := range first.Items {
		if open(h.Status) {
			found.Items = append(found.Items, h)
		}
	}
	if left := perPage - len(found.Items); left > 0 && first.Next != "" {
		older, err := s.Store.Incidents(r.Context(), by, store.Filter{Open: true, Limit: left, Cursor: first.Next})
		if err != nil {
			return nil, err
		}
		found.Items = append(found.Items, older.Items...)
	}
	return &found, nil
}
