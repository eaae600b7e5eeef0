package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/query"
	"github.com/debriefhq/debrief/store"
)

// hits is what a search found.
type hits struct {
	All     []hitRow
	Partial bool
	Newest  int // so many were compared; 0 is all
}

// hitRow is an incident that was found, with where.
type hitRow struct {
	listed
	Places []foundPlace
	Lacks  string
}

// foundPlace is a place of a record in which something was found.
type foundPlace struct {
	Name    string // of the part
	Time    shown
	Address string
	Text    []run
}

// run is a piece of text, found or not.
type run struct {
	Text  string
	Found bool
}

// placeNames are the places of a record, as the record's page calls them.
var placeNames = map[string]string{
	"title": "title", "public_title": "title for outsiders", "summary": "summary", "public_summary": "summary for outsiders", "tags": "tags",
	"background": "background", "people": "people", "trigger": "trigger", "technical_cause": "technical cause", "process_cause": "process cause",
	"timeline": "timeline", "impacts": "impact", "whys": "why", "factors": "factor", "lessons": "lesson", "messages": "message", "actions": "follow-up", "comments": "remark",
}

// ranks tells whether an address asks for words, the best first.
func ranks(asked url.Values, now time.Time) bool {
	if asked.Has("sort") {
		return false
	}
	for _, t := range query.Parse(asked.Get("q"), now).Terms {
		if !t.Not {
			return true
		}
	}
	return false
}

// searched is what is asked for as it would stand in the search box alone.
func searched(asked url.Values) string {
	text := []string{asked.Get("q")}
	for _, f := range []struct {
		name string
		key  query.Key
	}{
		{"status", query.Status}, {"severity", query.Severity}, {"kind", query.Kind}, {"review", query.Review},
		{"component", query.Component}, {"tag", query.Tag}, {"from", query.After}, {"to", query.Before},
	} {
		if value := strings.ReplaceAll(asked.Get(f.name), `"`, " "); value != "" {
			text = append(text, string(f.key)+`:"`+value+`"`)
		}
	}
	return strings.Join(text, " ")
}

// search reads a page of hits.
func (s *site) search(r *http.Request, by incident.Actor, asked url.Values, cursor string) (*hits, store.Page[incident.Heading], error) {
	page, err := s.Store.Search(r.Context(), by, searched(asked), perPage, cursor)
	as := store.Page[incident.Heading]{Next: page.Next, Hints: page.Hints}
	if err != nil {
		return nil, as, err
	}
	h := &hits{Partial: page.Partial, Newest: page.Newest}
	headings := make([]incident.Heading, len(page.Items))
	for i := range page.Items {
		headings[i] = page.Items[i].Heading
	}
	for i, row := range newRows(headings, s.Now()) {
		h.All = append(h.All, newHit(row, page.Items[i]))
	}
	return h, as, nil
}

func newHit(row listed, hit store.Hit) hitRow {
	c := newClock(hit.Zone)
	h := hitRow{listed: row, Lacks: strings.Join(hit.Lacks, ", ")}
	for _, p := range hit.Where {
		h.Places = append(h.Places, foundPlace{
			Name: placeNames[p.Part], Time: c.show(p.At), Address: placeAddress(hit.Number, p), Text: runs(p.Snippet),
		})
	}
	return h
}

// placeAddress leads to the part.
func placeAddress(n incident.Number, p store.Place) string {
	address := "/incidents/" + strings.TrimPrefix(n.String(), "INC-")
	switch {
	case p.ID != "":
		return address + "#" + p.ID
	case p.Part == "background":
		return address + "#background"
	}
	return address
}

// runs cuts a snippet at its marks.
func runs(snippet string) (all []run) {
	for i, text := range strings.Split(snippet, "**") {
		if text != "" {
			all = append(all, run{text, i%2 == 1})
		}
	}
	return all
}
