package web

import (
	"bytes"
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/go-chi/chi/v5"

	"github.com/debriefhq/debrief/incident"
)

// unsubscribePath is where links in mails lead, and where mail programs post to by themselves (RFC 8058).
const unsubscribePath = "/status/unsubscribe"

// subscribing is the page on which outsiders ask to be told.
type subscribing struct {
	Controls   []control
	Components []option // those on the status page; none chosen is all
	Fault      string   // of the components
	Problem    string
	Asked      string // what was asked for and where the question is now, "" before
}

// subscription is the page of a link that somebody was sent.
type subscription struct {
	Title, Says string
	Components  []string // that it is about; none is all
	Token, Do   string   // of the button, "" for none
	Action      string   // its address
}

// subscriberWays are how subscribers are told, and what they find the question in.
var subscriberWays = map[incident.SubscriberKind][2]string{
	incident.ByMail:    {"e-mail", "Look into your mailbox: a mail asks whether you meant it. Nothing else is sent before you say so."},
	incident.ByWebhook: {"webhook", "Your receiver is sent a link: open it to confirm. Nothing else is sent before."},
	incident.BySlack:   {"Slack, or what takes its webhooks", "A message in the channel asks whether you meant it: open its link. Nothing else is sent before."},
	incident.ByTeams:   {"Microsoft Teams", "A card in the channel asks whether you meant it: open its link. Nothing else is sent before."},
}

// subscribeRoutes are the pages that outsiders subscribe on. They know no cookie; who holds a link is known by it.
func (s *site) subscribeRoutes(r chi.Router) {
	r.Get("/status/subscribe", s.outsider(s.askSubscribe))
	r.Post("/status/subscribe", s.outsider(s.subscribe))
	r.Get("/status/confirm", s.outsider(s.askConfirm))
	r.Post("/status/confirm", s.outsider(s.confirmSubscription))
	r.Get(unsubscribePath, s.outsider(s.askUnsubscribe))
	r.Post(unsubscribePath, s.outsider(s.unsubscribe))
}

// outsider answers a request of nobody in particular.
func (s *site) outsider(h func(w http.ResponseWriter, r *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := h(w, r)
		if err == nil {
			return
		}
		status, known := refusedStatus(err)
		var refusal *incident.Error
		if !known && !errors.As(err, &refusal) {
			s.Log.ErrorContext(r.Context(), "a page for subscribers failed", "path", r.URL.Path, "error", err)
			s.statusAway(w, r)
			return
		}
		retryAfter(w, err)
		err = s.outward(w, cmp.Or(status, http.StatusBadRequest), outward{Name: "status-link", Title: "Not possible", Page: subscription{Title: "That was not possible", Says: sentence(err.Error())}})
		if err != nil {
			s.Log.ErrorContext(r.Context(), "the page about a refusal failed", "path", r.URL.Path, "error", err)
		}
	}
}

// outward sends a page for outsiders that is about one of them, and is not kept.
func (s *site) outward(w http.ResponseWriter, status int, o outward) error {
	o.Title, o.Look = o.Title+" · "+s.look.Name, s.look
	text, err := s.draw(o)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	s.send(w, bytes.NewBuffer(text))
	return nil
}

func (s *site) askSubscribe(w http.ResponseWriter, r *http.Request) error {
	asked := subscriberWays[incident.SubscriberKind(r.URL.Query().Get("asked"))][1]
	return s.showSubscribe(w, r, http.StatusOK, subscribing{Asked: asked}, typed{})
}

func (s *site) showSubscribe(w http.ResponseWriter, r *http.Request, status int, page subscribing, form typed) error {
	shown, _, err := s.Store.StatusPage(r.Context())
	if err != nil {
		return err
	}
	var kinds []option
	for _, kind := range s.Store.Offers() {
		kinds = append(kinds, option{Value: string(kind), Label: subscriberWays[kind][0]})
	}
	address := form.line("subscribe-address", "address", "Where to", "An address for mail, or that of a webhook, which begins with https://.", true)
	address.Longest = 2000
	page.Controls, page.Fault = []control{form.choice("subscribe-kind", "kind", "How", kinds, kinds[0].Value), address}, form.wrong["components"]
	for _, g := range shown.Groups {
		for _, c := range g.Components {
			page.Components = append(page.Components, option{c.ID, c.Name, slices.Contains(form.Values["component"], c.ID)})
		}
	}
	return s.outward(w, status, outward{Name: "status-subscribe", Title: "Subscribe", Page: page})
}

func (s *site) subscribe(w http.ResponseWriter, r *http.Request) error {
	form, err := sent(w, r)
	if err != nil {
		return err
	}
	kind := incident.SubscriberKind(form.Get("kind"))
	err = s.Store.Subscribe(r.Context(), incident.Subscription{Kind: kind, Address: form.Get("address"), Components: form["component"]}, visitorAddress(r))
	if err == nil {
		http.Redirect(w, r, "/status/subscribe?"+url.Values{"asked": {string(kind)}}.Encode(), http.StatusSeeOther)
		return nil
	}
	status, known := refusedStatus(err)
	if !known {
		return err
	}
	retryAfter(w, err)
	page, faults := subscribing{}, wrong(err)
	if len(faults) == 0 {
		page.Problem = sentence(err.Error())
	}
	return s.showSubscribe(w, r, status, page, typed{form, faults})
}

func (s *site) askConfirm(w http.ResponseWriter, r *http.Request) error {
	token := r.URL.Query().Get("token")
	sub, wanted, err := s.Store.Asked(r.Context(), token)
	if err != nil {
		return err
	}
	return s.showLinked(w, r, "Confirm", wanted, subscription{
		Title: "Be told of updates?", Says: "Updates go to " + sub.Address + ", until you unsubscribe by the link in each of them.",
		Token: token, Action: "/status/confirm", Do: "Yes, send me updates",
	})
}

func (s *site) confirmSubscription(w http.ResponseWriter, r *http.Request) error {
	token, err := linkToken(w, r)
	if err != nil {
		return err
	}
	if err := s.Store.Confirm(r.Context(), token); err != nil {
		return err
	}
	return s.showLinked(w, r, "Subscribed", nil, subscription{Title: "You are subscribed", Says: "Updates are sent to you from now on. Each has a link to unsubscribe."})
}

// left is what somebody reads who is told no more.
var left = subscription{Title: "You are unsubscribed", Says: "No updates are sent to you any more, and your address is forgotten here."}

func (s *site) askUnsubscribe(w http.ResponseWriter, r *http.Request) error {
	token := r.URL.Query().Get("token")
	sub, found, err := s.Store.Subscribed(r.Context(), token)
	switch {
	case err != nil:
		return err
	case !found:
		return s.showLinked(w, r, "Unsubscribed", nil, left)
	}
	return s.showLinked(w, r, "Unsubscribe", sub.Components, subscription{
		Title: "Unsubscribe?", Says: "Updates go to " + sub.Address + ".", Token: token, Action: unsubscribePath, Do: "Unsubscribe",
	})
}

// unsubscribe also answers mail programs, which post by themselves: so the page comes with 200, and no detour.
func (s *site) unsubscribe(w http.ResponseWriter, r *http.Request) error {
	token, err := linkToken(w, r)
	if err != nil {
		return err
	}
	if err := s.Store.Unsubscribe(r.Context(), token); err != nil {
		return err
	}
	return s.showLinked(w, r, "Unsubscribed", nil, left)
}

// linkToken is the token of a form, or of the address that a mail program posts to.
func linkToken(w http.ResponseWriter, r *http.Request) (string, error) {
	form, err := sent(w, r)
	return cmp.Or(form.Get("token"), r.URL.Query().Get("token")), err
}

// showLinked names the components that a link is about, as far as outsiders may know of them.
func (s *site) showLinked(w http.ResponseWriter, r *http.Request, title string, ids []string, page subscription) error {
	if len(ids) > 0 {
		shown, _, err := s.Store.StatusPage(r.Context())
		if err != nil {
			return err
		}
		for _, g := range shown.Groups {
			for _, c := range g.Components {
				if slices.Contains(ids, c.ID) {
					page.Components = append(page.Components, c.Name)
				}
			}
		}
	}
	return s.outward(w, http.StatusOK, outward{Name: "status-link", Title: title, Page: page})
}
