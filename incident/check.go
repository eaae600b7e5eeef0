package incident

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Check tells every rule that the record breaks, at once: an *Error of the
// kind Invalid whose Fields name each place and what to do there, the first
// hundred of them. It is nil for a record that may be kept. The record must be
// in normal form: see Normalize.
//
// Odd but real things, such as a detection before the start, break no rule:
// see Odd.
func (in *Incident) Check() error {
	c := newChecker()
	c.fields("", in)
	if wrong := c.zone(in.Zone); wrong != "" {
		c.fault("/zone", wrong)
	}
	c.status(in)
	c.resolution(resolving{in.Status, in.Kind, in.Resolution, in.DuplicateOf, in.Number})
	c.tags(in.Tags)
	c.numbers("/related", in.Related, in.Number)
	if in.RecurrenceOf != nil && *in.RecurrenceOf == in.Number {
		c.fault("/recurrence_of", "names the incident itself: name the earlier one")
	}
	for i, s := range in.Sources {
		c.link(place("/sources", i), s)
	}
	c.silenced(in.Silenced)
	c.parts(in)
	c.told(in)
	return c.refusal()
}

func (c *checker) status(in *Incident) {
	if course := courses[in.Kind]; course != nil && !slices.Contains(course, in.Status) {
		words := make([]string, len(course))
		for i, s := range course {
			words[i] = string(s)
		}
		c.fault("/status", fmt.Sprintf("is no status of a %s: write one of %s", in.Kind, strings.Join(words, ", ")))
	}
}

// resolving is what the rules of resolutions look at, in a record or in a move.
type resolving struct {
	status      Status
	kind        IncidentKind
	resolution  Resolution
	duplicateOf *Number
	number      Number
}

func (c *checker) resolution(r resolving) {
	switch {
	case r.resolution != "" && r.status != Resolved:
		c.fault("/resolution", "goes only with the status resolved: leave it out")
	case r.resolution == Duplicate && r.duplicateOf == nil:
		c.fault("/duplicate_of", "is missing: name the incident that this one repeats")
	}
	if r.duplicateOf != nil && *r.duplicateOf == r.number {
		c.fault("/duplicate_of", "names the incident itself: name the other one")
	}
}

func (c *checker) tags(tags []string) {
	seen := map[string]bool{}
	for i, tag := range tags {
		switch {
		case strings.ContainsFunc(tag, notInTags):
			c.fault(place("/tags", i), "may hold letters, digits and - _ . : / only: write spaces as -")
		case seen[strings.ToLower(tag)]:
			c.fault(place("/tags", i), fmt.Sprintf("repeats %q: leave one out", tag))
		}
		seen[strings.ToLower(tag)] = true
	}
}

func notInTags(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r) && !strings.ContainsRune("-_.:/", r)
}

// numbers checks a list of other incidents.
func (c *checker) numbers(at string, list []Number, self Number) {
	seen := map[Number]bool{}
	for i, n := range list {
		switch {
		case n == self:
			c.fault(place(at, i), "names the incident itself: leave it out")
		case seen[n]:
			c.fault(place(at, i), fmt.Sprintf("repeats %s: leave one out", n))
		}
		seen[n] = true
	}
}

// told keeps outsiders from reading about an incident that has no public words yet.
func (c *checker) told(in *Incident) {
	why := ""
	switch {
	case in.Review.State == ReviewPublished:
		why = "the postmortem is published"
	case slices.ContainsFunc(in.Messages, sentToAll):
		why = "a public message was sent"
	default:
		return
	}
	for at, text := range map[string]string{"/public_title": in.PublicTitle, "/public_summary": in.PublicSummary} {
		if text == "" {
			c.fault(at, "is empty, but "+why+": write what outsiders may read")
		}
	}
}

// sentToAll tells whether Debrief itself has told outsiders, on any channel.
func sentToAll(m Message) bool { return m.Audience == AudiencePublic && m.State == Sent }

// onStatusPage tells whether it did so on the status page.
func onStatusPage(m Message) bool { return m.Channel == StatusPage && sentToAll(m) }
