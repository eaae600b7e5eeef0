package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// aWeek is how far ahead follow-ups are due soon.
const aWeek = 7 * 24 * time.Hour

// board is the page of follow-ups across incidents.
type board struct {
	Chips   []chips
	Kept    []chip // what else narrows it, each with the address without it
	Owners  []string
	Owner   string
	Hidden  []chip // the other filters, as the form about the owner sends them along
	Groups  []boardGroup
	Asked   bool // something narrows it
	Later   bool // not the first page
	First   string
	Next    string // address of the next page, "" on the last
	Writing bool
	Back    string // the address of this page
	Live    string // address of the stream that tells of changes since
}

// chips are the values of one filter.
type chips struct {
	Label string
	All   []chip
}

// chip is one value, and the address that has it.
type chip struct {
	Label, Address string
	On             bool
	Count          string // how many the address shows, "" when that is not known
}

// boardGroup is a run of follow-ups that are due alike.
type boardGroup struct {
	Name string
	Rows []boardRow
}

// boardRow is a follow-up with what may be done about it.
type boardRow struct {
	store.NumberedAction
	Place   string // its id on this page: ids of parts are unique within their incident only
	DueDate string
	Overdue bool
	Whose   string // the address of the owner's follow-ups
	Move    string // where its moves are sent
	To      []incident.ActionState
}

// boardFilters are the filters that are chips. The first value is what an
// address without the filter means.
var boardFilters = []struct {
	Label, Name string
	Values      []string
}{
	{"State", "state", []string{"to_do", "open", "in_progress", "done", "not_doing", "any"}},
	{"Due", "due", []string{"any", "overdue", "soon", "undated"}},
	{"Kind", "kind", []string{"any", "prevent", "detect", "mitigate", "process", "document"}},
}

var boardWords = map[string]string{"to_do": "to do", "soon": "within a week", "undated": "no date"}

// me is the owner who reads.
const me = "me"

// boardAsked keeps of an address what narrows the board.
func boardAsked(q url.Values) (url.Values, error) {
	asked := url.Values{}
	if owner := strings.TrimSpace(q.Get("owner")); owner != "" {
		if len(owner) > longest {
			return nil, incident.Refuse(incident.Malformed, "", fmt.Sprintf("owner is too long: at most %d bytes are looked for", longest))
		}
		asked.Set("owner", owner)
	}
	for _, f := range boardFilters {
		value := q.Get(f.Name)
		switch {
		case value == "" || value == f.Values[0]:
		case slices.Contains(f.Values, value):
			asked.Set(f.Name, value)
		default:
			return nil, incident.Refuse(incident.Malformed, "", fmt.Sprintf("%s=%.40q is not known: choose one of %s", f.Name, value, strings.Join(f.Values, ", ")))
		}
	}
	return asked, nil
}

// boardFilter is what the store is asked.
func boardFilter(asked url.Values, by incident.Actor, now time.Time) store.ActionFilter {
	f := store.ActionFilter{Owner: asked.Get("owner"), Kind: asked.Get("kind"), Limit: perPage}
	if f.Owner == me {
		f.Owner = by.Name
	}
	switch state := asked.Get("state"); state {
	case "":
		f.Pending = true
	case "any":
	default:
		f.State = state
	}
	switch asked.Get("due") {
	case "overdue":
		yesterday := now.UTC().AddDate(0, 0, -1) // on the clock that the page is drawn by
		f.Pending, f.Until = true, &yesterday
	case "soon":
		until := now.UTC().Add(aWeek)
		f.Until = &until
	case "undated":
		f.Undated = true
	}
	return f
}

func boardAt(asked url.Values) string {
	if len(asked) == 0 {
		return "/actions"
	}
	return "/actions?" + asked.Encode()
}

// with is an address's query with one value changed; "" takes it out.
func with(asked url.Values, name, value string) url.Values {
	changed := url.Values{}
	for key, all := range asked {
		changed[key] = all
	}
	changed.Del(name)
	if value != "" {
		changed.Set(name, value)
	}
	return changed
}

func boardPlace(n incident.Number, id string) string { return fmt.Sprintf("a%d-%s", n, id) }

// board shows the follow-ups that the reader may see, those to be done first.
func (s *site) board(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	q := r.URL.Query()
	asked, err := boardAsked(q)
	if err != nil {
		return err
	}
	f := boardFilter(asked, by, s.Now())
	f.Cursor = q.Get("cursor")
	now, err := s.Store.Now(r.Context(), by) // before the board: what changes meanwhile is told
	if err != nil {
		return err
	}
	page, err := s.Store.ActionsPage(r.Context(), by, f)
	if err != nil {
		return err
	}
	people, err := s.Store.People(r.Context(), by)
	if err != nil {
		return err
	}
	b := newBoard(asked, f.Cursor, page, by, s.Now())
	b.Live = "/actions/live?" + url.Values{"after": {now}}.Encode()
	for _, p := range people {
		b.Owners = append(b.Owners, p.Name)
	}
	return s.show(w, http.StatusOK, frame{Name: "board", Title: "Actions", By: by, Here: "actions", Page: b})
}

func newBoard(asked url.Values, cursor string, page store.Page[store.NumberedAction], by incident.Actor, now time.Time) board {
	b := board{
		Chips: boardChips(asked), Asked: len(asked) > 0, Owner: asked.Get("owner"), Later: cursor != "", First: boardAt(asked),
		Writing: by.Role.May(incident.Write) && !by.ReadOnly, Back: boardAt(with(asked, "cursor", cursor)),
	}
	switch b.Owner {
	case me:
		b.Owner = ""
	case "":
	default:
		b.Kept = []chip{{Label: "owner: " + b.Owner, Address: boardAt(with(asked, "owner", ""))}}
	}
	for name, all := range asked {
		if name != "owner" {
			b.Hidden = append(b.Hidden, chip{Label: name, Address: all[0]})
		}
	}
	slices.SortFunc(b.Hidden, func(a, c chip) int { return strings.Compare(a.Label, c.Label) })
	if page.Next != "" {
		b.Next = boardAt(with(asked, "cursor", page.Next))
	}
	for _, a := range page.Items {
		row, group := newBoardRow(a, b, now)
		if n := len(b.Groups); n == 0 || b.Groups[n-1].Name != group {
			b.Groups = append(b.Groups, boardGroup{Name: group})
		}
		last := &b.Groups[len(b.Groups)-1]
		last.Rows = append(last.Rows, row)
	}
	return b
}

func boardChips(asked url.Values) []chips {
	all := []chips{{"Whose", []chip{
		{Label: "everybody’s", Address: boardAt(with(asked, "owner", "")), On: !asked.Has("owner")},
		{Label: "mine", Address: boardAt(with(asked, "owner", me)), On: asked.Get("owner") == me},
	}}}
	for _, f := range boardFilters {
		row := chips{Label: f.Label}
		for i, value := range f.Values {
			label, ok := boardWords[value]
			if !ok {
				label = word(value)
			}
			set := value
			if i == 0 {
				set = ""
			}
			row.All = append(row.All, chip{Label: label, Address: boardAt(with(asked, f.Name, set)), On: asked.Get(f.Name) == set})
		}
		all = append(all, row)
	}
	return all
}

// newBoardRow is a follow-up and the group that it stands in.
func newBoardRow(a store.NumberedAction, b board, now time.Time) (row boardRow, group string) {
	shown := actions(&incident.Incident{Actions: []incident.Action{a.Action}}, now)[0]
	row = boardRow{
		NumberedAction: a, Place: boardPlace(a.Incident, a.ID), DueDate: shown.DueDate, Overdue: shown.Overdue,
		Whose: boardAt(url.Values{"owner": {a.Owner}}),
		Move:  fmt.Sprintf("/incidents/%d/actions/%s?%s", a.Incident, a.ID, url.Values{"back": {b.Back}}.Encode()),
	}
	for _, state := range []incident.ActionState{incident.Open, incident.InProgress, incident.Done} {
		if state != a.State {
			row.To = append(row.To, state)
		}
	}
	switch {
	case row.Overdue:
		group = "Overdue"
	case a.State != incident.Open && a.State != incident.InProgress:
		group = "No longer to do"
	case a.Due == nil:
		group = "No date"
	case *a.Due <= now.UTC().Add(aWeek).Format(time.DateOnly):
		group = "Within a week"
	default:
		group = "Later"
	}
	return row, group
}
