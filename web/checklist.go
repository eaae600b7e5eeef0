package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/lint"
	"github.com/debriefhq/debrief/store"
)

// checklist is what a good postmortem still lacks, beside its text.
type checklist struct {
	In       *incident.Incident
	Count    int
	Places   []lacking
	Silenced []silenced
	refusal  // of a silence that has no finding any more
}

// refusal is why a silence was refused, with what was typed.
type refusal struct{ Problem, Reason string }

// lacked is what lint finds.
type lacked struct {
	incident.Finding
	refusal
}

// lacking is a place with what lint finds there.
type lacking struct {
	spot
	Findings []lacked
}

// silenced is a finding that a person decided about.
type silenced struct {
	incident.Finding
	Reason string
	By     string // "" when history does not say
	At     shown
	Whole  bool // the rule is silenced in the whole record
}

// newChecklist gathers findings by place, the places with the worst first.
func newChecklist(in *incident.Incident, life []store.Change) checklist {
	found, quiet := lint.Check(in)
	c := checklist{In: in, Count: len(found)}
	byPlace := map[string]int{}
	for _, f := range found {
		at := spotAt(in, f.Pointer)
		key := at.ID + at.Form + at.Name
		i, known := byPlace[key]
		if !known {
			i = len(c.Places)
			byPlace[key] = i
			c.Places = append(c.Places, lacking{spot: at})
		}
		c.Places[i].Findings = append(c.Places[i].Findings, lacked{Finding: f})
	}
	clock := newClock(in.Zone)
	for _, f := range quiet {
		s := silenced{Finding: f}
		for _, said := range in.Silenced {
			if said.Rule == f.Rule && (said.Key == f.Key || said.Key == "") {
				s.Reason, s.Whole = said.Reason, said.Key == "" && f.Key != ""
				if by, ok := silencer(life, said); ok {
					s.By, s.At = by.By, clock.instant(by.At)
				}
				break
			}
		}
		c.Silenced = append(c.Silenced, s)
	}
	return c
}

// silencer finds the change that a silence came with. Life is newest first.
func silencer(life []store.Change, said incident.Silence) (store.Change, bool) {
	holds := func(text json.RawMessage) bool {
		var all []incident.Silence
		_ = json.Unmarshal(text, &all) // erased or written by the store
		return slices.ContainsFunc(all, func(s incident.Silence) bool { return s.Rule == said.Rule && s.Key == said.Key })
	}
	for _, c := range life {
		for _, d := range c.Changes {
			if d.Path == "/silenced" && holds(d.Value) && !holds(d.Old) {
				return c, true
			}
		}
	}
	return store.Change{}, false
}

// silence tells lint to leave a finding alone, or to speak of it again.
func (s *site) silence(w http.ResponseWriter, r *http.Request, by incident.Actor, in *incident.Incident, values url.Values) error {
	said := incident.Silence{Rule: values.Get("rule"), Key: values.Get("key"), Reason: strings.TrimSpace(lf(values.Get("reason")))}
	_, err := s.Store.Change(r.Context(), by, in.Number, 0, func(in *incident.Incident) error {
		same := func(o incident.Silence) bool { return o.Rule == said.Rule && o.Key == said.Key }
		in.Silenced = slices.DeleteFunc(slices.Clone(in.Silenced), func(o incident.Silence) bool {
			return same(o) || values.Get("do") == "hear" && o.Rule == said.Rule && o.Key == ""
		})
		if values.Get("do") != "hear" {
			in.Silenced = append(in.Silenced, said)
		}
		return nil
	})
	if err != nil {
		return s.silenceAgain(w, r, by, said, err)
	}
	http.Redirect(w, r, address(in, "/review#checklist"), http.StatusSeeOther)
	return nil
}

// silenceAgain shows the page with what was typed and why it was refused, at the
// finding that it was about.
func (s *site) silenceAgain(w http.ResponseWriter, r *http.Request, by incident.Actor, said incident.Silence, refused error) error {
	var why *incident.Error
	if !errors.As(refused, &why) || why.Kind != incident.Invalid && why.Kind != incident.Conflict && why.Kind != incident.TooLarge {
		return refused
	}
	page, err := s.reviewPage(r, by)
	if err != nil {
		return err
	}
	again := refusal{sentence(why.Detail), said.Reason}
	for pointer, text := range why.Fields {
		if strings.HasPrefix(pointer, "/silenced/") && strings.HasSuffix(pointer, "/reason") {
			again.Problem = sentence("the reason " + text)
		}
	}
	if page.Writes {
		*page.Checklist.at(said) = again
	} else {
		page.Checklist.refusal = again // no finding has a form
	}
	return s.showReview(w, r, answers[why.Kind].status, by, page)
}

// at is where a refusal of a silence stands.
func (c *checklist) at(said incident.Silence) *refusal {
	for _, place := range c.Places {
		for i := range place.Findings {
			if f := &place.Findings[i]; f.Rule == said.Rule && f.Key == said.Key {
				return &f.refusal
			}
		}
	}
	return &c.refusal
}
