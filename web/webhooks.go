package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// webhooks is the page of the team's own webhooks, for admins.
type webhooks struct {
	Done, Problem string
	All           []hooked
	Add           hookForm
}

// hookForm is what is written of a webhook.
type hookForm struct {
	Controls []control
	Events   []option
	Fault    string // what is wrong with the events
	Save     string
}

// hooked is a webhook as it is shown.
type hooked struct {
	incident.Webhook
	Wants             []string // in words; none is all
	Since             stamp
	Failing, OldUntil *stamp
}

// webhook is the page of one, with its log.
type webhook struct {
	hooked
	Done, Problem string
	Secret        *secret
	Edit          hookForm
	States        []option
	Log           []hookCall
	Older         string
}

// hookCall is a row of the log.
type hookCall struct {
	incident.WebhookDelivery
	When  stamp
	Due   *stamp
	About string // address of the incident; "" for a test
	Again bool   // it can be sent again
}

// eventNames say what the events are, for people.
var eventNames = map[incident.WebhookEvent]string{
	"incident.filed": "incidents filed", "incident.changed": "fields changed", "incident.moved": "moves to another status", "incident.appended": "parts added",
	"incident.edited": "parts changed", "incident.removed": "parts removed", "incident.commented": "comments", "incident.reviewed": "steps of review",
	"incident.sent": "messages sent", "incident.archived": "incidents archived", "incident.restored": "incidents brought in with their numbers",
}

// hookDone says what was done, by the word that the address ends with.
var hookDone = map[string]string{
	"change": "The webhook is changed.", "test": "A test is queued. It stands in the log, with what was answered.", "remove": "The webhook is removed.",
	"enable": "The webhook is told again.", "disable": "The webhook is told nothing until it is enabled.",
	"again": "It is queued again.", "failed": "Those that failed are queued again.",
}

// hookStates are the states that a log is listed by.
var hookStates = []option{
	{Value: "", Label: "all"}, {Value: string(store.Failed), Label: "failed"}, {Value: string(store.Queued), Label: "queued"},
	{Value: string(store.Delivered), Label: "delivered"}, {Value: string(store.Cancelled), Label: "cancelled"},
}

func (s *site) webhookRoutes(r chi.Router) {
	r.Get("/webhooks", s.member(s.webhooks))
	r.Post("/webhooks", s.member(s.addWebhook))
	r.Get("/webhooks/{id}", s.member(s.webhook))
	r.Post("/webhooks/{id}", s.member(s.changeWebhook))
}

func newHooked(w incident.Webhook) hooked {
	shown := hooked{Webhook: w, Since: stamp(w.CreatedAt)}
	for _, e := range w.Events {
		shown.Wants = append(shown.Wants, eventNames[e])
	}
	if w.FailingSince != nil {
		at := stamp(*w.FailingSince)
		shown.Failing = &at
	}
	if w.OldSecretUntil != nil {
		at := stamp(*w.OldSecretUntil)
		shown.OldUntil = &at
	}
	return shown
}

// newHookForm is the form with what was typed.
func newHookForm(form typed, save string) hookForm {
	f := hookForm{Save: save, Controls: []control{
		form.line("webhook-url", "url", "Address", "It begins with https:// and may hold a secret in its path.", true),
		form.line("webhook-description", "description", "What it is for", "", false),
	}}
	f.Controls[0].Longest, f.Controls[1].Longest = 2000, 500
	for _, e := range incident.WebhookEvents {
		f.Events = append(f.Events, option{Value: string(e), Label: eventNames[e], Chosen: slices.Contains(form.Values["event"], string(e))})
	}
	for i := range form.Values["event"] {
		if fault := form.wrong["events/"+strconv.Itoa(i)]; fault != "" {
			f.Fault = fault
		}
	}
	return f
}

func (s *site) webhooks(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	return s.showWebhooks(w, r, http.StatusOK, by, webhooks{Done: hookDone[r.URL.Query().Get("done")]}, typed{})
}

func (s *site) showWebhooks(w http.ResponseWriter, r *http.Request, status int, by incident.Actor, page webhooks, form typed) error {
	all, err := s.Store.Webhooks(r.Context(), by)
	if err != nil {
		return err
	}
	for _, one := range all {
		page.All = append(page.All, newHooked(one))
	}
	page.Add = newHookForm(form, "Add, and show its secret")
	return s.show(w, status, frame{Name: "webhooks", Title: "Webhooks", By: by, Page: page})
}

func (s *site) addWebhook(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	form, err := sent(w, r)
	if err != nil {
		return err
	}
	made, value, err := s.Store.AddWebhook(r.Context(), by, incident.Webhook{URL: form.Get("url"), Description: form.Get("description"), Events: chosenEvents(form)})
	if err != nil {
		status, known := refusedStatus(err)
		if !known {
			return err
		}
		page, faults := webhooks{}, wrong(err)
		if len(faults) == 0 {
			page.Problem = sentence(err.Error())
		}
		return s.showWebhooks(w, r, status, by, page, typed{form, faults})
	}
	return s.showWebhook(w, r, http.StatusOK, by, made.ID, webhook{Secret: hookSecret(value)}, nil)
}

func hookSecret(value string) *secret {
	return &secret{"Its secret", "Copy it to the program that takes the events: it checks with it that they are from here.", value}
}

func chosenEvents(form url.Values) (events []incident.WebhookEvent) {
	for _, e := range form["event"] {
		events = append(events, incident.WebhookEvent(e))
	}
	return events
}

func (s *site) webhook(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	return s.showWebhook(w, r, http.StatusOK, by, chi.URLParam(r, "id"), webhook{Done: hookDone[r.URL.Query().Get("done")]}, nil)
}

// showWebhook shows one; form is what was typed, nil for nothing.
func (s *site) showWebhook(w http.ResponseWriter, r *http.Request, status int, by incident.Actor, id string, page webhook, form *typed) error {
	one, err := s.Store.Webhook(r.Context(), by, id)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	found, err := s.Store.WebhookDeliveries(r.Context(), by, id, store.WebhookFilter{State: store.DeliveryState(q.Get("state")), Cursor: q.Get("cursor")})
	if err != nil {
		return err
	}
	if form == nil {
		form = &typed{Values: url.Values{"url": {one.URL}, "description": {one.Description}}}
		for _, e := range one.Events {
			form.Add("event", string(e))
		}
	}
	page.hooked, page.Edit, page.States = newHooked(one), newHookForm(*form, "Save"), choose(hookStates, q.Get("state"))
	for _, d := range found.Items {
		page.Log = append(page.Log, newHookCall(d))
	}
	if found.Next != "" {
		page.Older = "/webhooks/" + id + "?" + url.Values{"state": {q.Get("state")}, "cursor": {found.Next}}.Encode()
	}
	return s.show(w, status, frame{Name: "webhook", Title: "Webhook", By: by, Page: page})
}

func newHookCall(d incident.WebhookDelivery) hookCall {
	c := hookCall{WebhookDelivery: d, When: stamp(d.At)}
	switch store.DeliveryState(d.State) {
	case store.Queued:
		due := stamp(d.DueAt)
		c.Due = &due
	case store.Delivered, store.Failed:
		c.Again = true
	}
	if d.Incident != 0 {
		c.About = "/incidents/" + strconv.FormatInt(int64(d.Incident), 10)
	}
	return c
}

// What says what happened, in a word.
func (c hookCall) What() string {
	_, did, _ := strings.Cut(string(c.Type), ".")
	return capital(did)
}

// changeWebhook does what a button of the page says.
func (s *site) changeWebhook(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	form, err := sent(w, r)
	if err != nil {
		return err
	}
	id, do := chi.URLParam(r, "id"), form.Get("do")
	if do == "rotate" || do == "replace" {
		_, value, err := s.Store.RotateWebhook(r.Context(), by, id, do == "replace")
		if err != nil {
			return err
		}
		return s.showWebhook(w, r, http.StatusOK, by, id, webhook{Secret: hookSecret(value)}, nil)
	}
	place := "/webhooks/" + url.PathEscape(id)
	if do == "remove" {
		place = "/webhooks"
	}
	if err := s.doWebhook(r, by, id, form); err != nil {
		status, known := refusedStatus(err)
		if !known || status == http.StatusNotFound || status == http.StatusForbidden {
			return err
		}
		page, faults := webhook{}, wrong(err)
		if len(faults) == 0 {
			page.Problem = sentence(err.Error())
		}
		var again *typed
		if do == "change" {
			again = &typed{form, faults}
		}
		return s.showWebhook(w, r, status, by, id, page, again)
	}
	http.Redirect(w, r, place+"?done="+do, http.StatusSeeOther)
	return nil
}

func (s *site) doWebhook(r *http.Request, by incident.Actor, id string, form url.Values) error {
	ctx := r.Context()
	change := func(edit func(*incident.Webhook)) error {
		_, err := s.Store.ChangeWebhook(ctx, by, id, 0, func(w *incident.Webhook) error { edit(w); return nil })
		return err
	}
	switch form.Get("do") {
	case "change":
		return change(func(w *incident.Webhook) {
			w.URL, w.Description, w.Events = form.Get("url"), form.Get("description"), chosenEvents(form)
		})
	case "enable":
		return change(func(w *incident.Webhook) { w.State = incident.WebhookActive })
	case "disable":
		return change(func(w *incident.Webhook) { w.State = incident.WebhookDisabled })
	case "remove":
		return s.Store.RemoveWebhook(ctx, by, id)
	case "test":
		_, err := s.Store.TestWebhook(ctx, by, id)
		return err
	case "again":
		one, _ := strconv.ParseInt(form.Get("delivery"), 10, 64) // 0 is none
		_, err := s.Store.Redeliver(ctx, by, id, store.Redelivery{IDs: []int64{one}})
		return err
	case "failed":
		from := s.Now().AddDate(-1, 0, 0) // all that the log has
		_, err := s.Store.Redeliver(ctx, by, id, store.Redelivery{From: &from, State: store.Failed})
		return err
	}
	return incident.Refuse(incident.Malformed, "", "This button is none of ours. Go back, and try again.")
}
