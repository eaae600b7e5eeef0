package incident_test

import (
	"errors"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
)

var sentAt = time.Date(2013, 7, 18, 10, 40, 12, 0, time.UTC)

// telling is an incident with a draft for the status page, a message that was sent and one said elsewhere.
func telling(change func(*incident.Incident)) *incident.Incident {
	in := &incident.Incident{}
	in.Title, in.PublicTitle, in.PublicSummary = "Billing", "Wrong charges", "Some cards were charged again."
	in.Zone = "America/Los_Angeles"
	in.Messages = []incident.Message{
		{PartHead: incident.PartHead{ID: "draft0000001"}, Channel: incident.StatusPage, Audience: incident.AudiencePublic, State: incident.Draft, Body: "We are looking."},
		{PartHead: incident.PartHead{ID: "sent00000002"}, Channel: incident.StatusPage, Audience: incident.AudiencePublic, State: incident.Sent, Body: "It began at 7:42 UTC."},
		{PartHead: incident.PartHead{ID: "forum0000003"}, Channel: incident.Forum, Audience: incident.AudiencePublic, State: incident.Recorded, Body: "Sorry."},
	}
	change(in)
	in.Normalize()
	return in
}

func TestSendingSaysWhoAndWhen(t *testing.T) {
	in := telling(func(*incident.Incident) {})
	if err := in.Send(incident.Sending{ID: "draft0000001", By: incident.Actor{Name: "Ana"}, At: sentAt}); err != nil {
		t.Fatal(err)
	}
	p, _ := in.Part(incident.Messages, "draft0000001")
	m := p.(*incident.Message)
	if m.State != incident.Sent || m.Author != "Ana" || m.Status != "investigating" || m.At == nil || !m.At.At.Equal(sentAt) || m.At.Zone != in.Zone {
		t.Errorf("sent as %+v at %+v, want it sent by Ana at %v in the incident's zone, investigating", m, m.At, sentAt)
	}
	if !in.Announced() {
		t.Error("outsiders may not know of the incident, though they were told")
	}
}

func TestSendingIsRefused(t *testing.T) {
	draft := func(change func(*incident.Message)) func(*incident.Incident) {
		return func(in *incident.Incident) { change(&in.Messages[0]) }
	}
	for name, tt := range map[string]struct {
		id     string
		change func(*incident.Incident)
		kind   incident.Kind
		at     string
	}{
		"what is not there":               {"none00000009", func(*incident.Incident) {}, incident.NotFound, ""},
		"what was sent":                   {"sent00000002", func(*incident.Incident) {}, incident.Conflict, "/state"},
		"what was said elsewhere":         {"forum0000003", func(*incident.Incident) {}, incident.Conflict, "/state"},
		"of a private incident":           {"draft0000001", func(in *incident.Incident) { in.Visibility = incident.VisiblePrivate }, incident.Conflict, "/visibility"},
		"on a forum":                      {"draft0000001", draft(func(m *incident.Message) { m.Channel = incident.Forum }), incident.Conflict, "/channel"},
		"what is internal":                {"draft0000001", draft(func(m *incident.Message) { m.Audience = incident.AudienceInternal }), incident.Conflict, "/audience"},
		"with a password":                 {"draft0000001", draft(func(m *incident.Message) { m.Body = "password=Hunter2Hunter2x" }), incident.Conflict, "/body"},
		"correcting a draft":              {"draft0000001", draft(func(m *incident.Message) { m.Corrects = "forum0000003" }), incident.Conflict, "/corrects"},
		"correcting on another channel":   {"draft0000001", draft(func(m *incident.Message) { m.Channel, m.Corrects = incident.Email, "sent00000002" }), incident.Conflict, "/corrects"},
		"correcting what was never there": {"draft0000001", draft(func(m *incident.Message) { m.Corrects = "none00000009" }), incident.Conflict, "/corrects"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := telling(tt.change)
			err := in.Send(incident.Sending{ID: tt.id, By: incident.Actor{Name: "Ana"}, At: sentAt})
			var refusal *incident.Error
			if !errors.As(err, &refusal) || refusal.Kind != tt.kind || tt.at != "" && refusal.Fields[tt.at] == "" {
				t.Errorf("Send = %v, want %v at %q", err, tt.kind, tt.at)
			}
		})
	}
}

func TestWhatWasSentStaysAsItWas(t *testing.T) {
	before := telling(func(*incident.Incident) {})
	for name, tt := range map[string]struct {
		change  func(*incident.Incident)
		refused bool
	}{
		"nothing changed": {func(*incident.Incident) {}, false},
		"its link":        {func(in *incident.Incident) { in.Messages[1].Link = "https://status.example/1" }, false},
		"another message": {func(in *incident.Incident) { in.Messages[0].Body = "Other words." }, false},
		"its words":       {func(in *incident.Incident) { in.Messages[1].Body = "It began at 9:42 UTC." }, true},
		"its state":       {func(in *incident.Incident) { in.Messages[1].State = incident.Draft }, true},
		"its audience":    {func(in *incident.Incident) { in.Messages[1].Audience = incident.AudienceInternal }, true},
		"taken out":       {func(in *incident.Incident) { in.RemovePart(incident.Messages, "sent00000002") }, true},
		"its time": {func(in *incident.Incident) {
			at := incident.Exactly(sentAt, "UTC", incident.Second)
			in.Messages[1].At = &at
		}, true},
		"corrects another, too": {func(in *incident.Incident) { in.Messages[1].Corrects = "forum0000003" }, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			after := before.Clone()
			tt.change(after)
			after.Normalize()
			if err := incident.KeptAsSent(before, after); (err != nil) != tt.refused {
				t.Errorf("KeptAsSent = %v, want a refusal: %v", err, tt.refused)
			}
		})
	}
}

func TestOutsidersSeeWhatACorrectionCorrects(t *testing.T) {
	in := telling(func(in *incident.Incident) {
		in.Messages[0].State, in.Messages[0].Corrects = incident.Sent, "sent00000002"
	})
	if got := in.Public().Messages[0].Corrects; got != "sent00000002" {
		t.Errorf("the correction corrects %q for outsiders, want the message that they read before", got)
	}
	in.Messages[1].Audience = incident.AudienceInternal
	if got := in.Public().Messages[0].Corrects; got != "" {
		t.Errorf("outsiders are told of the message %q that they may not see", got)
	}
}
