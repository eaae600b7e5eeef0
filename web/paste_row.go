package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
)

// pasted is one entry to confirm.
type pasted struct {
	N           int // its place, from 0
	Line        int // of the text
	Keep        bool
	When        string // as written
	Was         string // as it stood when Told was made of it
	Told        string // how that was understood, as JSON, so that it means the same when it comes back
	Near        string // RFC 3339: what When is told near to
	At, Until   shown
	Odd         string // what is strange about the time
	Unread      string // why the time was not understood
	Kind        []option
	Audience    []option
	Actor, Text string
	Secrets     []string // kinds of credentials that it seems to hold
	Faults      []string // what is refused

	at, until *incident.Moment
}

// Nth is its place, from 1.
func (r pasted) Nth() int { return r.N + 1 }

// Marked tells whether somebody should look at it.
func (r pasted) Marked() bool { return len(r.Faults) > 0 || len(r.Secrets) > 0 || r.Unread != "" }

func (r *pasted) wrong() bool { return len(r.Faults) > 0 }

func (r *pasted) fault(field, detail string) {
	name := map[string]string{"at": "The time", "until": "The end", "text": "The text", "actor": "The name", "kind": "The kind", "audience": "Who may see it"}
	if label, ok := name[field]; ok {
		detail = label + " " + strings.TrimPrefix(detail, "/"+field+" ")
	}
	r.Faults = append(r.Faults, sentence(detail))
}

// told is a moment or two, as a form carries them.
type told struct {
	At    *incident.Moment `json:"at"`
	Until *incident.Moment `json:"until"`
}

// menu are the values of a field of an entry, one of them chosen.
func menu(key, chosen string) []option {
	tag, _ := tags(reflect.TypeFor[incident.Entry](), key)
	if chosen == "" {
		chosen = tag.Get("default")
	}
	all := options(tag)
	for i := range all {
		all[i].Chosen = all[i].Value == chosen
	}
	return all
}

func picked(all []option) string {
	for _, o := range all {
		if o.Chosen {
			return o.Value
		}
	}
	return ""
}

// readRows makes rows of what was found in a text.
func readRows(found []document.Noted, when incident.When) []pasted {
	rows := make([]pasted, len(found))
	for i, n := range found {
		r := pasted{
			N: i, Line: n.Line, Keep: true, When: n.When, Was: n.When, Actor: n.Actor, Text: n.Text,
			Kind: menu("kind", string(n.Kind)), Audience: menu("audience", ""), at: n.At, until: n.Until,
		}
		if n.Why != "" {
			r.Unread, r.at = sentence(n.Why), unknownAs(n.When, when.Zone)
		}
		if when.Near.Known() {
			r.Near = when.Near.At.UTC().Format(time.RFC3339Nano)
		}
		if r.at.Known() {
			when.Near = r.at
		}
		if text, err := json.Marshal(told{r.at, r.until}); err == nil {
			r.Told = string(text)
		}
		r.look(when.Zone)
		rows[i] = r
	}
	return rows
}

// unknownAs keeps a time that nobody can read.
func unknownAs(written, zone string) *incident.Moment {
	return &incident.Moment{Zone: zone, Precision: incident.UnknownPrecision, AsWritten: written}
}

// look shows the times, and what is strange about the row.
func (r *pasted) look(zone string) {
	c := newClock(zone)
	r.At, r.Until = c.show(r.at), c.show(r.until)
	if r.at.Known() {
		r.Odd = incident.Contradiction(*r.at)
	}
	r.Secrets = nil
	for _, s := range incident.Secrets(r.Actor + "\n" + r.Text) {
		r.Secrets = append(r.Secrets, s.Kind)
	}
}

// sentRows are the rows as they came back.
func sentRows(values url.Values, when incident.When) []pasted {
	n, err := strconv.Atoi(values.Get("rows"))
	if err != nil || n < 0 || n > document.MostNoted {
		return nil
	}
	rows := make([]pasted, n)
	first := when.Near
	for i := range rows {
		get := func(name string) string { return lf(values.Get(fmt.Sprintf("%s.%d", name, i))) }
		r := pasted{
			N: i, Keep: get("keep") == "true", When: strings.TrimSpace(get("at")), Was: get("was"), Told: get("told"), Near: get("near"),
			Kind: menu("kind", get("kind")), Audience: menu("audience", get("audience")), Actor: strings.TrimSpace(get("actor")), Text: get("text"),
		}
		r.Line, _ = strconv.Atoi(get("line")) // only shown
		if when.Near = nearOf(r.Near); when.Near == nil {
			when.Near = first
		}
		r.readTimes(when)
		r.look(when.Zone)
		rows[i] = r
	}
	return rows
}

// nearOf reads what a time is told near to; nil where it is none.
func nearOf(text string) *incident.Moment {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return nil
	}
	m := incident.Exactly(at, "UTC", incident.Minute)
	return &m
}

// readTimes reads When, unless it stands as it was understood before.
func (r *pasted) readTimes(when incident.When) {
	var before told
	if r.When == r.Was && r.Told != "" && json.Unmarshal([]byte(r.Told), &before) == nil {
		r.at, r.until = before.At, before.Until
		return
	}
	r.Was, r.Told = "", ""
	if r.When == "" {
		return
	}
	at, until, err := document.ReadTimes(r.When, when)
	var refusal *incident.Error
	if errors.As(err, &refusal) {
		r.Unread = sentence(refusal.Detail)
		return
	}
	c := newClock(when.Zone)
	r.at, r.until, r.At, r.Until = at, until, c.show(at), c.show(until)
	if at.Known() {
		r.Odd = incident.Contradiction(*at)
	}
}

// entry makes the entry, and notes what is refused about it.
func (r *pasted) entry(zone string) *incident.Entry {
	e := &incident.Entry{
		At: r.at, Until: r.until, Kind: incident.EntryKind(picked(r.Kind)), Text: r.Text, Actor: r.Actor,
		Audience: incident.Audience(picked(r.Audience)),
	}
	if r.Unread != "" && r.Told == "" {
		r.fault("", "Write the time so that it can be read, or leave it empty")
	}
	if len(r.Secrets) > 0 && e.Audience == incident.AudiencePublic {
		r.fault("", "It holds what looks like a credential: take that out of the text, or keep the entry internal")
	}
	checked := *e
	incident.NormalizePart(&checked, zone)
	for pointer, detail := range incident.CheckPart(&checked, "") {
		r.fault(strings.TrimPrefix(pointer, "/"), strings.TrimPrefix(detail, pointer+" "))
	}
	return e
}
