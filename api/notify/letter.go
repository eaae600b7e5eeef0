package notify

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
	"github.com/debriefhq/debrief/store"
)

// Where the pages for outsiders stand, under Options.URL.
const (
	statusPath  = "/status"
	confirmPath = "/status/confirm?token="
	leavePath   = "/status/unsubscribe?token="
)

// letter is what somebody is told, before it is written for mail or a chat.
type letter struct {
	Site     string // name of the status page
	Subject  string
	Lead     string // a line before the text; "" for none
	Text     string // Markdown
	Facts    []fact
	Link     string // where more is to be read; "" for nowhere
	LinkName string
	Items    []item // between the text and the facts
	Leave    string // address that unsubscribes; "" in a question, and to people here
	Account  string // address where people here say whether they are reminded; "" to others
	Thread   string // id of the incident; "" in a question
}

// item is a line of a list, and where it leads.
type item struct{ Text, Link string }

// fact is a line with its label.
type fact struct{ Label, Value string }

// link is an address under our own.
func (n *Notifier) link(path string) string { return strings.TrimSuffix(n.URL, "/") + path }

// letter is what a delivery says; told is nil for the question whether somebody meant to subscribe.
func (n *Notifier) letter(d *store.Delivery, told *store.Told) letter {
	if told == nil {
		return n.question(d)
	}
	in, m := told.Incident, told.Message
	l := letter{
		Site: n.Name, Subject: oneLine(in.Title), Text: m.Body, Thread: in.ID,
		Leave: n.link(leavePath + url.QueryEscape(d.Leave)), Link: n.link(statusPath), LinkName: "The status page",
	}
	if l.Subject == "" {
		l.Subject = n.Name
	}
	if m.Status != "" {
		l.Subject += ": " + word(m.Status)
	}
	if m.Corrects != "" {
		l.Subject = "Correction: " + l.Subject
		l.Lead = "This corrects what we said before."
	}
	if told.Announced {
		l.Link, l.LinkName = n.link(statusPath+"/incidents/"+in.ID), "All updates"
	}
	l.fact("Status", word(m.Status))
	l.fact("Affected", strings.Join(hurt(in), ", "))
	l.fact("Sent", moment(m.At, in.Zone))
	l.fact("Next update", moment(m.NextUpdateAt, in.Zone))
	if told.Corrected != "" {
		l.fact("We said before", oneLine(told.Corrected))
	}
	return l
}

func (l *letter) fact(label, value string) {
	if value != "" {
		l.Facts = append(l.Facts, fact{label, value})
	}
}

// question asks whether somebody meant to subscribe.
func (n *Notifier) question(d *store.Delivery) letter {
	return letter{
		Site: n.Name, Subject: "Confirm that you want updates of " + n.Name,
		Text:     "Somebody, we hope you, asked that updates of " + n.Name + " be sent here. Follow the link to confirm it. If it was not you, do nothing: nothing more will be sent.",
		Link:     n.link(confirmPath + url.QueryEscape(d.Confirm)),
		LinkName: "Confirm",
	}
}

// hurt are the names of the components that outsiders know to be hurt.
func hurt(in *incident.Public) []string {
	var names []string
	for _, i := range in.Impacts {
		if i.Component != "" && !slices.Contains(names, i.Component) {
			names = append(names, i.Component)
		}
	}
	return names
}

func moment(m *incident.Moment, zone string) string {
	if !m.Known() {
		return ""
	}
	return incident.Date(m, zone) + ", " + incident.Both(m, zone)
}

// word is a word of a closed set as people write it.
func word(w string) string { return strings.ReplaceAll(w, "_", " ") }

// oneLine is a text without line breaks.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// plain is the letter as text.
func (l letter) plain() string {
	var b strings.Builder
	line := func(format string, args ...any) { _, _ = fmt.Fprintf(&b, format+"\n", args...) } // never fails
	if l.Lead != "" {
		line("%s\n", l.Lead)
	}
	line("%s\n", strings.TrimSpace(l.Text))
	for _, i := range l.Items {
		line("- %s\n  %s", i.Text, i.Link)
	}
	if len(l.Items) > 0 {
		line("")
	}
	for _, f := range l.Facts {
		line("%s: %s", f.Label, f.Value)
	}
	if len(l.Facts) > 0 {
		line("")
	}
	line("%s: %s", l.LinkName, l.Link)
	if l.Leave != "" {
		line("\n-- \n%s\nUnsubscribe: %s", l.Site, l.Leave)
	}
	if l.Account != "" {
		line("\n-- \n%s\nChange the address, or switch reminders off: %s", l.Site, l.Account)
	}
	return b.String()
}

//go:embed letter.html
var letterPage string

var letterTemplate = template.Must(template.New("letter").Funcs(template.FuncMap{"markdown": document.HTML}).Option("missingkey=error").Parse(letterPage))

// page is the letter as HTML.
func (l letter) page() (string, error) {
	var b bytes.Buffer
	if err := letterTemplate.Execute(&b, l); err != nil {
		return "", fmt.Errorf("write a letter: %w", err)
	}
	return b.String(), nil
}
