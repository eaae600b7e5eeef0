package web

import (
	"cmp"
	"crypto/rand"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// knewLast is how many entries of the timeline stand beside what is to be sent.
const knewLast = 5

// sending is the page on which a message is sent, and afterwards the one that says that it was.
type sending struct {
	In      *incident.Incident
	Message *incident.Message
	Reads   incident.PublicMessage // as customers will read it, or do
	Title   string                 // of the incident, for outsiders
	Next    shown                  // the promise that it makes
	Names   []named
	Gets    store.Recipients // who is told of it when it is sent now
	Earlier *toldAt          // what it corrects; nil for nothing

	Knew []knewAt // newest last
	Told *toldAt  // what outsiders were told last; nil for nothing

	Unsure  []*unsure // what to look at once more before it is sent
	Refused *unsure   // why it can't be sent; nil when it can
	Problem string    // what came of trying to
	Once    string
	Writes  bool

	SentBy string // as history has it; "" while it is a draft
	SentAt shown
}

// Counts says how many subscribers are told, by kind: "3 by email, 1 by webhook"; "" for none.
func (s sending) Counts() string {
	var all []string
	for _, k := range []struct {
		n  int64
		by string
	}{{s.Gets.Email, "email"}, {s.Gets.Webhook, "webhook"}, {s.Gets.Slack, "Slack"}, {s.Gets.Teams, "Teams"}} {
		if k.n > 0 {
			all = append(all, figure(float64(k.n))+" by "+k.by)
		}
	}
	return strings.Join(all, ", ")
}

// named is a component that an incident names to outsiders.
type named struct {
	Name  string
	Level incident.Level
	Over  bool
	Shown bool // in the list of the status page
}

// toldAt is what was told already, with its time.
type toldAt struct {
	*incident.Message
	When shown
}

// knewAt is an entry with its time.
type knewAt struct {
	knew
	At shown
}

// unsure is something that is not as it should be, with the way to where it is changed; nil where there is none.
type unsure struct {
	Says string
	Way  *way
}

// newSending prepares the page. The message is sent in a copy of the record, so that it shows what sending would.
func newSending(in *incident.Incident, m *incident.Message, components []incident.Component, by incident.Actor, now time.Time) sending {
	c := newClock(in.Zone)
	s := sending{In: in, Message: m, Once: rand.Text(), Writes: mayWrite(by, in), Next: c.show(m.NextUpdateAt)}
	then := in.Clone()
	if m.State != incident.Sent {
		err := then.Send(incident.Sending{ID: m.ID, By: by, At: now})
		if err == nil {
			err = then.Check()
		}
		s.Refused = refusedToSend(in, m, err)
	}
	if p, _ := then.Part(incident.Messages, m.ID); s.Refused != nil { // seen as if it were none of the reasons
		p := p.(*incident.Message)
		p.State, p.Audience, p.Status = incident.Sent, incident.AudiencePublic, cmp.Or(p.Status, string(in.Status))
	}
	public := then.Public()
	s.Title = public.Title
	if i := slices.IndexFunc(public.Messages, func(p incident.PublicMessage) bool { return p.ID == m.ID }); i >= 0 {
		s.Reads = public.Messages[i]
	}
	s.Names = newNamed(public, components)
	for _, e := range in.Timeline[max(0, len(in.Timeline)-knewLast):] {
		s.Knew = append(s.Knew, knewAt{knew{Entry: &e, When: c.show(e.Until)}, c.show(e.At)})
	}
	for _, t := range slices.Backward(in.Told()) {
		if t.ID != m.ID {
			s.Told = &toldAt{t, c.show(t.At)}
			break
		}
	}
	if old, found := in.Part(incident.Messages, m.Corrects); found {
		s.Earlier = &toldAt{old.(*incident.Message), c.show(old.(*incident.Message).At)}
	}
	if m.State == incident.Draft {
		s.Unsure = s.unsure(now)
	}
	return s
}

// newNamed lists the components that the incident names to outsiders, each once with the worst of its impacts.
func newNamed(public *incident.Public, components []incident.Component) []named {
	var all []named
	for _, p := range public.Impacts {
		i := slices.IndexFunc(all, func(h named) bool { return strings.EqualFold(h.Name, p.Component) })
		if i < 0 {
			i = len(all)
			all = append(all, named{Name: p.Component, Over: true, Shown: slices.ContainsFunc(components, func(c incident.Component) bool {
				return c.Audience == incident.AudiencePublic && strings.EqualFold(c.Name, p.Component)
			})})
		}
		all[i].Level = p.Level.Worse(all[i].Level)
		all[i].Over = all[i].Over && (p.Until != nil || public.Status.Over())
	}
	return all
}

// unsure is what nothing refuses, and the sender should know of.
func (s *sending) unsure(now time.Time) (all []*unsure) {
	add := func(says string, way *way) { all = append(all, &unsure{says, way}) }
	in := s.In
	if due := s.Message.NextUpdateAt; due.Known() && !due.At.After(now) {
		add("The next update is promised for a time that is past.", wayTo(in, s.Message, ""))
	}
	if slices.ContainsFunc(s.Names, func(h named) bool { return !h.Shown }) {
		add("Not every component that it names is in the list of the status page, which says how each does.", &way{Address: "/components", Name: "Components", Label: "Components"})
	}
	for i := range in.Impacts {
		if p := &in.Impacts[i]; p.Audience != incident.AudiencePublic && p.Until == nil {
			add("The impact on "+p.Component+" is not public, so it is not named.", wayTo(in, p, ": "+p.Component))
		}
	}
	return all
}

// refusedToSend says why a message can't be sent, and leads to where that is changed.
func refusedToSend(in *incident.Incident, m *incident.Message, err error) *unsure {
	var refusal *incident.Error
	if !errors.As(err, &refusal) {
		return nil
	}
	for _, pointer := range slices.Sorted(maps.Keys(refusal.Fields)) {
		switch key := strings.TrimPrefix(pointer, "/"); key {
		case "visibility":
			return &unsure{sentence("the incident " + refusal.Detail), newWays(in).Fields["overview"]}
		case "public_summary", "public_title":
			return &unsure{"The incident has no words for outsiders yet: write its public title and its public summary.", newWays(in).Fields["public"]}
		case "state", "audience":
			return &unsure{sentence("this message " + refusal.Detail), wayTo(in, m, "")}
		case "channel", "body":
			return &unsure{sentence("its " + key + " " + refusal.Detail), wayTo(in, m, "")}
		case "corrects":
			return &unsure{sentence("what it corrects " + refusal.Detail), wayTo(in, m, "")}
		}
	}
	return &unsure{sentence(refusal.Detail), nil}
}

// sendRoute is where a message is sent, below the address of its incident.
func sendRoute(id string) string { return "/messages/" + id + "/send" }

// askSend shows what customers will read before it is sent; afterwards who sent it, and when.
func (s *site) askSend(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	in, err := s.asked(r, by)
	if err != nil {
		return err
	}
	return s.showSending(w, r, http.StatusOK, by, in, nil)
}

// showSending shows the page; failed is how an attempt to send ended, nil where there was none.
func (s *site) showSending(w http.ResponseWriter, r *http.Request, status int, by incident.Actor, in *incident.Incident, failed error) error {
	id := chi.URLParam(r, "id")
	p, found := in.Part(incident.Messages, id)
	if !found {
		return incident.Refuse(incident.NotFound, "", "")
	}
	components, err := s.Store.Components(r.Context(), by)
	if err != nil {
		return err
	}
	page := newSending(in, p.(*incident.Message), components, by, s.Now())
	if page.Message.State == incident.Draft {
		if page.Gets, err = s.Store.Recipients(r.Context(), by, in.Number, id); err != nil {
			return err
		}
		if page.Gets.NoMail != "" {
			page.Unsure = append(page.Unsure, &unsure{sentence("nobody gets a mail: " + page.Gets.NoMail), nil})
		}
	}
	if failed != nil {
		page.Problem = page.notSent(failed)
	}
	title := "Send"
	if page.Message.State == incident.Sent {
		title = "Sent"
		name, at, err := s.Store.Sender(r.Context(), by, in.Number, id)
		if err != nil {
			return err
		}
		page.SentBy, page.SentAt = name, newClock(in.Zone).instant(at)
	}
	return s.show(w, status, frame{Name: "send", Title: title + " · " + in.Number.String(), By: by, Here: "incidents", Page: page, Of: s.picturesOf(r, by, in.Number)})
}

// notSent says what came of an attempt to send.
func (s *sending) notSent(err error) string {
	switch {
	case s.Message.State == incident.Sent:
		return "It was sent already, so it was not sent again."
	case errors.Is(err, incident.Stale):
		return "It was not sent: somebody changed the message while you read it. This is how it stands now. Read it again."
	case s.Refused != nil:
		return "It was not sent."
	}
	return sentence("it was not sent: " + err.Error())
}

// errUnread is how sending a message ends whose sender does not say which wording they read.
var errUnread = incident.Refuse(incident.Conflict, "", "read here what customers will see first")

// sendMessage sends it at the revision that its sender read.
func (s *site) sendMessage(w http.ResponseWriter, r *http.Request, by incident.Actor, in *incident.Incident, values url.Values) error {
	id := chi.URLParam(r, "id")
	read, err := strconv.ParseInt(values.Get("revision"), 10, 64)
	if err != nil || read < 1 {
		return s.showSending(w, r, http.StatusConflict, by, in, errUnread)
	}
	_, failed := s.Store.Send(r.Context(), once(by, values), in.Number, id, read)
	status := http.StatusConflict
	switch {
	case failed == nil:
		http.Redirect(w, r, address(in, sendRoute(id)), http.StatusSeeOther)
		return nil
	case errors.Is(failed, incident.Invalid):
		status = http.StatusUnprocessableEntity
	case !errors.Is(failed, incident.Conflict) && !errors.Is(failed, incident.Stale):
		return failed
	}
	if in, err = s.Store.Incident(r.Context(), by, in.Number); err != nil {
		return err
	}
	return s.showSending(w, r, status, by, in, failed)
}
