package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

const (
	mostFound = 8   // of one sort
	lookedAt  = 200 // incidents and follow-ups whose titles are compared, the newest and the soonest due
)

// palette is the page on which things are found. Its list is what the dialog of palette.js shows.
type palette struct {
	Q     string
	Found []found
}

// found is something to go to or to do.
type found struct {
	Sort    string // what it is: incident, action, person, page
	Name    string
	Number  string // of an incident
	Also    string // what tells it from others
	Address string
	Form    string // id of the form that it sends instead
	Command string // what the script does instead; it is not offered without one
}

// palette shows what the words find; without words, where one may go, and the newest incidents.
func (s *site) palette(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	p := palette{Q: strings.TrimSpace(r.URL.Query().Get("q"))}
	if len(p.Q) > longest {
		return incident.Refuse(incident.Malformed, "", fmt.Sprintf("This is too long to look for: at most %d bytes are.", longest))
	}
	words := strings.Fields(strings.ToLower(p.Q))
	commands := fitting(commandsOf(by), words)
	if len(words) > 0 {
		p.Found = commands
	}
	for _, find := range []func(*http.Request, incident.Actor, string, []string) ([]found, error){s.findIncidents, s.findActions, s.findPeople} {
		more, err := find(r, by, p.Q, words)
		if err != nil {
			return err
		}
		p.Found = append(p.Found, more...)
	}
	if len(words) == 0 {
		p.Found = append(commands, p.Found...)
	}
	return s.show(w, http.StatusOK, frame{Name: "palette", Title: "Find", By: by, Here: "find", Page: p})
}

// commandsOf are the pages and commands that somebody has.
func commandsOf(by incident.Actor) []found {
	var all []found
	if by.Role.May(incident.Write) && !by.ReadOnly {
		all = append(all, found{Sort: "command", Name: "File an incident", Also: "new", Address: "/incidents/new"})
	}
	all = append(all,
		found{Sort: "page", Name: "Incidents", Also: "list", Address: "/incidents"},
		found{Sort: "page", Name: "Going on now", Also: "open", Address: "/incidents?status=open"},
		found{Sort: "page", Name: "Actions", Also: "follow-ups", Address: "/actions"},
		found{Sort: "page", Name: "My actions", Also: "mine follow-ups", Address: "/actions?owner=me"},
		found{Sort: "page", Name: "Insights", Also: "figures how long customers told silence", Address: "/insights"},
		found{Sort: "page", Name: "Components", Also: "parts of the product status page", Address: "/components"},
		found{Sort: "page", Name: "Deployments", Also: "deploys releases versions changes", Address: "/deployments"},
		found{Sort: "page", Name: "Your account", Also: "password sessions tokens", Address: "/account"})
	if by.Role.May(incident.Administer) {
		all = append(all, found{Sort: "page", Name: "People", Also: "invite", Address: "/people"},
			found{Sort: "page", Name: "Subscribers", Also: "customers mail deliveries", Address: "/subscribers"},
			found{Sort: "page", Name: "Webhooks", Also: "events programs deliveries", Address: "/webhooks"},
			found{Sort: "page", Name: "Jobs", Also: "background work queues mail chores", Address: "/jobs"})
	}
	return append(all,
		found{Sort: "command", Name: "Keys on this page", Also: "help", Command: "keys"},
		found{Sort: "command", Name: "Sign out", Form: "sign-out"})
}

// fitting are those whose texts hold all the words.
func fitting(all []found, words []string) (fit []found) {
	for _, f := range all {
		if holds(f.Name+" "+f.Also, words) {
			fit = append(fit, f)
		}
	}
	return fit
}

func holds(text string, words []string) bool {
	text = strings.ToLower(text)
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// findIncidents finds by number, by whole words anywhere in a record, and by
// pieces of words in the titles of the newest.
func (s *site) findIncidents(r *http.Request, by incident.Actor, q string, words []string) (all []found, err error) {
	known := map[incident.Number]bool{}
	add := func(h incident.Heading) {
		if !known[h.Number] && len(all) < mostFound {
			known[h.Number] = true
			all = append(all, found{Sort: "incident", Name: h.Title, Number: h.Number.String(), Also: word(h.Status), Address: fmt.Sprintf("/incidents/%d", h.Number)})
		}
	}
	if n, err := incident.ReadNumber(q); err == nil {
		in, err := s.Store.Incident(r.Context(), by, n)
		switch {
		case err == nil:
			add(in.Heading)
		case !errors.Is(err, incident.NotFound):
			return nil, err
		}
	}
	if len(words) > 0 {
		hits, err := s.Store.Search(r.Context(), by, q, mostFound, "")
		if err != nil {
			return nil, err
		}
		for _, h := range hits.Items {
			add(h.Heading)
			if last := len(all) - 1; last >= 0 && len(h.Where) > 0 && all[last].Number == h.Number.String() {
				all[last].Also = foundIn(h, all[last].Also)
			}
		}
		defer func() {
			if len(hits.Items) == 0 {
				return
			}
			all = append(all, found{Sort: "search", Name: "All incidents with “" + q + "”", Address: at(url.Values{"q": {q}})})
		}()
	}
	if len(all) == mostFound {
		return all, nil
	}
	newest, err := s.Store.Incidents(r.Context(), by, store.Filter{Limit: lookedAt})
	if err != nil {
		return nil, err
	}
	for _, h := range newest.Items {
		if holds(h.Title, words) {
			add(h)
		}
	}
	return all, nil
}

// foundIn adds to a status where something was found, but in the title, which is shown.
func foundIn(h store.Hit, status string) string {
	p := h.Where[0]
	if p.Part == "title" {
		return status
	}
	text := status + " · " + placeNames[p.Part]
	if t := newClock(h.Zone).show(p.At); t.Time != "" {
		text += " " + t.Time
	}
	return text
}

// findActions finds what is to be done, by pieces of words.
func (s *site) findActions(r *http.Request, by incident.Actor, _ string, words []string) (all []found, err error) {
	if len(words) == 0 {
		return nil, nil
	}
	page, err := s.Store.ActionsPage(r.Context(), by, store.ActionFilter{Pending: true, Limit: lookedAt})
	if err != nil {
		return nil, err
	}
	for _, a := range page.Items {
		if len(all) < mostFound && holds(a.Title+" "+a.Owner, words) {
			also := a.Incident.String()
			if a.Owner != "" {
				also += ", " + a.Owner
			}
			all = append(all, found{Sort: "action", Name: a.Title, Also: also, Address: fmt.Sprintf("/incidents/%d#%s", a.Incident, a.ID)})
		}
	}
	return all, nil
}

// findPeople finds people of the installation; what they have to do is their page.
func (s *site) findPeople(r *http.Request, by incident.Actor, _ string, words []string) (all []found, err error) {
	if len(words) == 0 {
		return nil, nil
	}
	people, err := s.Store.People(r.Context(), by)
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		if len(all) < mostFound && holds(p.Name, words) {
			all = append(all, found{Sort: "person", Name: p.Name, Also: "actions", Address: "/actions?" + url.Values{"owner": {p.Name}}.Encode()})
		}
	}
	return all, nil
}
