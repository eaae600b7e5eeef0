package web

import (
	"net/url"
	"slices"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// wording is what a message may begin as. Its text names what is hurt where {what} stands; it says only what the step
// means, so that it is true as it stands.
type wording struct {
	Name   string // in an address
	Status string // the word that it gives; "" is that of the incident when it is sent
	Body   string
	For    []incident.IncidentKind
}

var troubles = []incident.IncidentKind{incident.KindIncident, incident.NearMiss}

// wordings is the one table of them, in the order of an incident's course.
var wordings = []wording{
	{"investigating", string(incident.Investigating), "We are looking into a problem with {what}. We do not know its cause yet.", troubles},
	{"identified", string(incident.Identified), "We have found the cause of the problem with {what}, and are working on it.", troubles},
	{"monitoring", string(incident.Monitoring), "The problem with {what} should be over. We are watching whether it stays so.", troubles},
	{"resolved", string(incident.Resolved), "The problem with {what} is over.", troubles},
	{"maintenance", "", "We are doing planned work on {what}. Until it is done, expect interruptions.", []incident.IncidentKind{incident.Maintenance}},
}

// begin makes a new message of it: a draft for the status page.
func (w wording) begin(in *incident.Incident, m *incident.Message) {
	m.Channel, m.Audience, m.State, m.Status = incident.StatusPage, incident.AudiencePublic, incident.Draft, w.Status
	m.Body = strings.ReplaceAll(w.Body, "{what}", hurtNames(in))
}

// hurtNames names the components of the public impacts, the lasting ones while there are any: "Voice, SMS and Billing".
func hurtNames(in *incident.Incident) string {
	var lasting, all []string
	for _, p := range in.Impacts {
		if p.Audience != incident.AudiencePublic || slices.Contains(all, p.Component) {
			continue
		}
		all = append(all, p.Component)
		if p.Until == nil {
			lasting = append(lasting, p.Component)
		}
	}
	if len(lasting) > 0 {
		all = lasting
	}
	if len(all) == 0 {
		return "our service"
	}
	return joined(all)
}

// correct makes a new message that corrects one that was sent: a draft with its words, for whoever was told.
func correct(old, m *incident.Message) {
	*m = *old
	m.PartHead, m.At, m.Author, m.Link, m.State, m.Corrects = incident.PartHead{}, nil, "", "", incident.Draft, old.ID
}

// startMessage gives a new message what its address says: the wording that it begins with, or what it corrects.
func startMessage(in *incident.Incident, m *incident.Message, asked url.Values) {
	if old, found := in.Part(incident.Messages, asked.Get("corrects")); found {
		correct(old.(*incident.Message), m)
		return
	}
	for _, w := range wordings {
		if w.Name == asked.Get("wording") && slices.Contains(w.For, in.Kind) {
			w.begin(in, m)
		}
	}
}

// formMessage makes the form of a new message one that begins with wordings, or one that corrects a message.
func formMessage(in *incident.Incident, m *incident.Message, asked url.Values, f *form) {
	if m.Corrects != "" {
		f.Title, f.ID, f.Target, f.Save = "Correct what was sent", "form-corrects-"+m.Corrects, m.Corrects, "Keep as draft"
		f.Action += "?" + url.Values{"corrects": {m.Corrects}}.Encode()
		f.Back = address(in, "#"+m.Corrects)
		return
	}
	to := f.Action
	for _, w := range wordings {
		if !slices.Contains(w.For, in.Kind) {
			continue
		}
		on := "?" + url.Values{"wording": {w.Name}}.Encode()
		f.Starts = append(f.Starts, start{&way{to + on, f.Target, w.Name, "Begin with the wording " + w.Name}, w.Name == asked.Get("wording")})
		if f.Starts[len(f.Starts)-1].Chosen {
			f.Action += on // a draft is kept by it, one for each wording
		}
	}
}

// start leads to a form that begins otherwise.
type start struct {
	Way    *way
	Chosen bool
}

// messageStates are those that a person gives a message. That it was sent is a move of its own.
var messageStates = []option{
	{Value: string(incident.Draft), Label: "draft, to be sent from here"},
	{Value: string(incident.Recorded), Label: word(incident.Recorded)},
}

// errSentMessage refuses an edit of what people have read.
var errSentMessage = incident.Refuse(incident.Conflict, "", "This was sent, and people have read it: write a correction, and both stand.")

// sentAlready tells whether a part is a message that was sent.
func sentAlready(p incident.Part) bool {
	m, is := p.(*incident.Message)
	return is && m.State == incident.Sent
}
