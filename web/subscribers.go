package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/go-chi/chi/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// subscribers is the page of those outside who asked to be told, for admins.
type subscribers struct {
	Query     string
	Done      string
	Tallies   []store.SubscriberTally
	All       []store.Subscriber
	Older     string
	Undecided []undecided
}

// undecided is a message that some deliveries of wait for a person's decision.
type undecided struct {
	store.Undecided
	Address string // of the page where they are decided
}

// undelivered is the page on which a person decides about deliveries that nobody knows the end of.
type undelivered struct {
	Number  incident.Number
	Action  string
	Tallies []store.DeliveryTally
	Rows    []store.DeliveryRow
	More    bool
	Done    string
}

// subscribersDone says what was done, by the word that the address ends with.
var subscribersDone = map[string]string{
	"remove": "They are taken out, and their address is erased.", "again": "Those are sent again.", "leave": "Those are left as they are.",
}

func (s *site) subscriberRoutes(r chi.Router) {
	r.Get("/subscribers", s.member(s.subscribers))
	r.Post("/subscribers", s.member(s.removeSubscriber))
	const of = "/incidents/{number}/messages/{id}/deliveries"
	r.Get(of, s.member(s.undelivered))
	r.Post(of, s.member(s.decide))
}

func (s *site) subscribers(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	q := r.URL.Query()
	found, err := s.Store.SubscribersPage(r.Context(), by, store.SubscriberFilter{Query: q.Get("q"), Cursor: q.Get("cursor")})
	if err != nil {
		return err
	}
	page := subscribers{Query: q.Get("q"), Done: subscribersDone[q.Get("done")], All: found.Items}
	if found.Next != "" {
		page.Older = "/subscribers?" + url.Values{"q": {page.Query}, "cursor": {found.Next}}.Encode()
	}
	if page.Tallies, err = s.Store.SubscriberTallies(r.Context(), by); err != nil {
		return err
	}
	waiting, err := s.Store.Undecided(r.Context(), by)
	if err != nil {
		return err
	}
	for _, u := range waiting {
		page.Undecided = append(page.Undecided, undecided{u, deliveriesAddress(u.Incident, u.Message)})
	}
	return s.show(w, http.StatusOK, frame{Name: "subscribers", Title: "Subscribers", By: by, Page: page})
}

func deliveriesAddress(n incident.Number, message string) string {
	return "/incidents/" + strconv.FormatInt(int64(n), 10) + "/messages/" + message + "/deliveries"
}

func (s *site) removeSubscriber(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	form, err := sent(w, r)
	if err != nil {
		return err
	}
	id, _ := strconv.ParseInt(form.Get("id"), 10, 64) // 0 is nobody's
	if err := s.Store.RemoveSubscriber(r.Context(), by, id); err != nil {
		return err
	}
	http.Redirect(w, r, "/subscribers?done=remove", http.StatusSeeOther)
	return nil
}

// ofMessage is the incident and the message that an address names.
func ofMessage(r *http.Request) (incident.Number, string, error) {
	n, err := incident.ReadNumber(chi.URLParam(r, "number"))
	if err != nil {
		return 0, "", incident.Refuse(incident.NotFound, "", "")
	}
	return n, chi.URLParam(r, "id"), nil
}

func (s *site) undelivered(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	n, id, err := ofMessage(r)
	if err != nil {
		return err
	}
	page := undelivered{Number: n, Action: deliveriesAddress(n, id), Done: subscribersDone[r.URL.Query().Get("done")]}
	if page.Tallies, err = s.Store.DeliveryTallies(r.Context(), by, n, id); err != nil {
		return err
	}
	found, err := s.Store.DeliveriesPage(r.Context(), by, n, id, store.DeliveryFilter{State: store.Unknown, Limit: 200})
	if err != nil {
		return err
	}
	page.Rows, page.More = found.Items, found.Next != ""
	return s.show(w, http.StatusOK, frame{Name: "deliveries", Title: "Deliveries", By: by, Page: page})
}

func (s *site) decide(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	n, id, err := ofMessage(r)
	if err != nil {
		return err
	}
	form, err := sent(w, r)
	if err != nil {
		return err
	}
	do := form.Get("do")
	if !slices.Contains([]string{"again", "leave"}, do) {
		return incident.Refuse(incident.Malformed, "", "This button is none of ours. Go back, and try again.")
	}
	d := store.Decision{Again: do == "again"}
	for _, text := range form["delivery"] {
		one, _ := strconv.ParseInt(text, 10, 64) // 0 is none
		d.IDs = append(d.IDs, one)
	}
	if _, err := s.Store.Decide(r.Context(), by, n, id, d); err != nil {
		return err
	}
	http.Redirect(w, r, deliveriesAddress(n, id)+"?done="+do, http.StatusSeeOther)
	return nil
}
