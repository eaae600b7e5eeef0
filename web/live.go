package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/debriefhq/debrief/api/stream"
	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

const (
	leaveTime = 5 * time.Second // for noting that somebody went
	mostTold  = 20              // changes that are told one by one
)

// news is what an open page hears of changes.
type news struct {
	Version int64    `json:"version,omitempty"` // of the record by now
	By      []string `json:"by,omitempty"`      // others who changed it
	Says    string   `json:"says,omitempty"`    // what they did, in words
	Parts   []string `json:"parts,omitempty"`   // ids of the parts that they touched
}

// line gives events their data.
func line(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // of our own types, which have no such values
	}
	return text
}

// keepOpen serves a stream to by until it breaks. What is wrong by then is logged: the answer has begun.
func (s *site) keepOpen(w http.ResponseWriter, r *http.Request, wake <-chan struct{}, turn func(context.Context, *stream.Stream, bool) error) {
	err := s.Streams.Serve(w, r, wake, turn)
	if refusal := new(incident.Error); err != nil && !errors.As(err, &refusal) && r.Context().Err() == nil {
		s.Log.ErrorContext(r.Context(), "a page hears no more of changes", "err", err)
	}
}

// still is who the visitor is by now, and refuses a session that ended or is another's.
func (s *site) still(r *http.Request, was incident.Actor) (incident.Actor, error) {
	by, err := s.whoever(r)
	if err == nil && (by.Name == "" || by.PersonID != was.PersonID) {
		err = incident.Refuse(incident.SignIn, "", "Sign in again.")
	}
	return by, err
}

// liveRecord tells the page of a record what others change, and who else looks at it.
func (s *site) liveRecord(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	n, err := incident.ReadNumber(chi.URLParam(r, "number"))
	if err != nil {
		return err
	}
	_, version, err := s.Store.Tag(r.Context(), by, n)
	if err != nil {
		return err
	}
	leave, err := s.Streams.Enter(by.PersonID)
	if err != nil {
		return err
	}
	defer leave()
	visit, err := s.Store.Visit(r.Context(), by, n)
	if err != nil {
		return err
	}
	defer s.end(r, visit)
	watch := s.Store.WatchIncident(n)
	defer watch.Close()
	seen := version
	for _, said := range []string{r.URL.Query().Get("version"), r.Header.Get("Last-Event-ID")} {
		if v, err := strconv.ParseInt(said, 10, 64); err == nil {
			seen = min(v, version)
		}
	}
	l := &looker{site: s, r: r, by: by, n: n, seen: seen, visit: visit}
	s.keepOpen(w, r, watch.C, l.turn)
	return nil
}

func (s *site) end(r *http.Request, visit *store.Visit) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), leaveTime)
	defer cancel()
	if err := visit.Leave(ctx); err != nil {
		s.Log.WarnContext(r.Context(), "somebody who went shows as here for a while", "err", err)
	}
}

// looker is one open page of a record.
type looker struct {
	site  *site
	r     *http.Request
	by    incident.Actor
	n     incident.Number
	seen  int64 // version that the page shows or was told of
	visit *store.Visit
	here  []string // who the page says is here
	said  bool     // it was told
}

func (l *looker) turn(ctx context.Context, to *stream.Stream, beat bool) error {
	by, err := l.site.still(l.r, l.by)
	if err != nil {
		return err
	}
	_, version, err := l.site.Store.Tag(ctx, by, l.n)
	if errors.Is(err, incident.NotFound) {
		to.Add(stream.Event{Name: "gone", Data: line(news{})})
		return errors.Join(err, to.Flush())
	}
	if err != nil {
		return err
	}
	if version > l.seen {
		if err := l.tell(ctx, to, by); err != nil {
			return err
		}
	}
	if beat {
		if err := l.visit.Stay(ctx); err != nil {
			return err
		}
	}
	here, err := l.visit.Others(ctx)
	if err != nil {
		return err
	}
	if !l.said || !slices.Equal(here, l.here) {
		to.Add(stream.Event{Name: "here", Data: line(append([]string{}, here...))})
		l.here, l.said = here, true
	}
	return nil
}

// tell adds what happened since the version that the page has.
func (l *looker) tell(ctx context.Context, to *stream.Stream, by incident.Actor) error {
	page, err := l.site.Store.History(ctx, by, l.n, mostTold, "")
	if err != nil || len(page.Items) == 0 {
		return err
	}
	t := news{Version: page.Items[0].Version}
	var says []string
	for _, c := range slices.Backward(page.Items) {
		if c.Version <= l.seen || strings.EqualFold(c.By, by.Name) || len(c.Changes) == 0 {
			continue
		}
		if !slices.Contains(t.By, c.By) {
			t.By = append(t.By, c.By)
		}
		if said := c.By + " " + deed(c); !slices.Contains(says, said) {
			says = append(says, said)
		}
		for _, d := range c.Changes {
			if kind, id := part(d.Path); kind != "" && !slices.Contains(t.Parts, id) {
				t.Parts = append(t.Parts, id)
			}
		}
	}
	if t.Says = strings.Join(says, ". "); len(says) > 3 {
		t.Says = strings.Join(t.By, ", ") + " changed the record"
	}
	l.seen = t.Version
	to.Add(stream.Event{ID: strconv.FormatInt(t.Version, 10), Name: "changed", Data: line(t)})
	return nil
}

// part takes the path of a change apart; kind is "" when it is about no part.
func part(path string) (kind incident.PartKind, id string) {
	pieces := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if k := incident.PartKind(pieces[0]); len(pieces) > 1 && k.Pointer() != "" {
		return k, pieces[1]
	}
	return "", ""
}

// things are the parts of a record in words, one and several.
var things = map[incident.PartKind][2]string{
	incident.Timeline: {"an entry", "entries"}, incident.Impacts: {"an impact", "impacts"}, incident.Whys: {"a why", "whys"},
	incident.Factors: {"a factor", "factors"}, incident.Lessons: {"a lesson", "lessons"}, incident.Messages: {"a message", "messages"},
	incident.Actions: {"an action", "actions"}, incident.Comments: {"a comment", "comments"},
}

// deed says what a change was, after the name of who did it.
func deed(c store.Change) string {
	var kind incident.PartKind
	ids := map[string]bool{}
	for _, d := range c.Changes {
		if k, id := part(d.Path); k != "" {
			kind, ids[id] = k, true
		}
	}
	did := map[string]string{"appended": "added", "commented": "added", "edited": "changed", "removed": "removed"}[c.Did]
	switch {
	case did != "" && len(ids) == 1:
		return did + " " + things[kind][0]
	case did != "" && len(ids) > 1:
		return fmt.Sprintf("%s %d %s", did, len(ids), things[kind][1])
	case c.Did == "moved":
		return "changed the status"
	case c.Did == "reviewed":
		return "took a step of the review"
	case c.Did == "archived":
		return "archived the incident"
	}
	return "changed the record"
}

// liveFeed tells a page across incidents when something changes that it shows.
func (s *site) liveFeed(shows func(store.Change) bool) handler {
	return func(w http.ResponseWriter, r *http.Request, by incident.Actor) error { return s.feed(w, r, by, shows) }
}

func (s *site) feed(w http.ResponseWriter, r *http.Request, by incident.Actor, shows func(store.Change) bool) error {
	cursor := r.Header.Get("Last-Event-ID")
	if cursor == "" {
		cursor = r.URL.Query().Get("after")
	}
	if cursor == "" {
		var err error
		if cursor, err = s.Store.Now(r.Context(), by); err != nil {
			return err
		}
	} else if _, err := s.Store.Changes(r.Context(), by, 0, 1, cursor); err != nil {
		return err
	}
	leave, err := s.Streams.Enter(by.PersonID)
	if err != nil {
		return err
	}
	defer leave()
	watch := s.Store.WatchFeed(0)
	defer watch.Close()
	s.keepOpen(w, r, watch.C, func(ctx context.Context, to *stream.Stream, _ bool) error {
		by, err := s.still(r, by)
		for told := false; err == nil; {
			var page store.Page[store.Change]
			if page, err = s.Store.Changes(ctx, by, 0, 200, cursor); err != nil {
				return err
			}
			if cursor = page.Next; len(page.Items) == 0 {
				if told {
					to.Add(stream.Event{ID: cursor, Name: "changed", Data: line(news{})})
				}
				return nil
			}
			told = told || slices.ContainsFunc(page.Items, shows)
		}
		return err
	})
	return nil
}

// touches tells whether a change is about a record's own fields, or parts of the kind.
func touches(c store.Change, of incident.PartKind) bool {
	return slices.ContainsFunc(c.Changes, func(d store.Diff) bool {
		kind, _ := part(d.Path)
		return kind == of || kind == "" && d.Op != "note"
	})
}

// isListed tells whether a change is about what the list shows.
func isListed(c store.Change) bool { return touches(c, incident.Messages) }

// isOnBoard tells whether a change is about what the board of follow-ups shows.
func isOnBoard(c store.Change) bool { return touches(c, incident.Actions) }
