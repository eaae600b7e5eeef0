package lint

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
)

func findStatedDiffers(in *record, r *report) {
	for _, w := range incident.Differing(in.Incident) {
		r.add(place{w.Pointer, strings.ReplaceAll(strings.ReplaceAll(strings.TrimPrefix(w.Pointer, "/"), "/", " "), "_", " ")}, w.Detail, w.Detail,
			"Find out which is right: a milestone, or what was stated. If both are, say in the summary what each counts.")
	}
}

// quiet is how long a timeline may say nothing while users are hurt.
const quiet = time.Hour

// findSilences looks at the time while users were hurt: from the start, else
// the first entry, to mitigation, else resolution, else the last entry.
func findSilences(in *record, r *report) {
	if !happened(in) {
		return
	}
	spans := told(in)
	if len(spans) == 0 {
		return
	}
	from, until := spans[0].from, spans[0].until
	for _, s := range spans {
		until = later(until, s.until)
	}
	if m := in.Milestones.Started; exact(m) {
		from = *m.At
	}
	for _, m := range []*incident.Moment{in.Milestones.Resolved, in.Milestones.Mitigated} {
		if exact(m) {
			until = *m.At
		}
	}
	last := from
	for _, s := range append(spans, stretch{from: until, until: until, index: len(in.Timeline) - 1}) {
		if !s.from.After(until) && s.from.Sub(last) >= quiet {
			begins := incident.Exactly(last, in.Zone, incident.Minute)
			ends := incident.Exactly(s.from, in.Zone, incident.Minute)
			r.add(place{fmt.Sprintf("/timeline/%d", s.index), "timeline, after " + incident.Both(&begins, in.Zone)}, last.UTC().Format(time.RFC3339),
				fmt.Sprintf("no entry for %s, until %s", incident.Span(s.from.Sub(last)), incident.Both(&ends, in.Zone)),
				"Ask who was there: what was tried, ruled out or waited for? “Waiting for the restore” is an entry.")
		}
		last = later(last, s.until)
	}
}

// stretch is the time that an entry or a message covers.
type stretch struct {
	from, until time.Time
	index       int // in the timeline; of the last entry, for a message
}

// told are the times at which something is on record, in order.
func told(in *record) []stretch {
	var all []stretch
	for i := range in.Timeline {
		e := &in.Timeline[i]
		if !exact(e.At) {
			continue
		}
		s := stretch{*e.At.At, *e.At.At, i}
		if exact(e.Until) {
			s.until = later(s.from, *e.Until.At)
		}
		all = append(all, s)
	}
	for i := range in.Messages {
		if m := &in.Messages[i]; m.State != incident.Draft && exact(m.At) && len(in.Timeline) > 0 {
			all = append(all, stretch{*m.At.At, *m.At.At, len(in.Timeline) - 1})
		}
	}
	slices.SortStableFunc(all, func(a, b stretch) int { return a.from.Compare(b.from) })
	return all
}

// exact tells whether a moment is known better than to the day.
func exact(m *incident.Moment) bool { return m.Known() && m.Precision != incident.Day }

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// grace is how late an update may be before the promise is broken.
const grace = 5 * time.Minute

func findBrokenPromises(in *record, r *report) {
	sent := toldCustomers(in)
	for i, m := range sent {
		if !exact(m.NextUpdateAt) || i > 0 && same(sent[i-1].NextUpdateAt, m.NextUpdateAt) {
			continue
		}
		promised := *m.NextUpdateAt.At
		words := place{under(incident.Messages, m.index, "next_update_at", "").pointer, "message" + at(in, m.At)}
		do := "Log why it was late. Next time promise a time that can be kept, and say “nothing new” when there is nothing."
		switch next := nextAfter(sent, i); {
		case next != nil && next.At.At.Sub(promised) > grace:
			r.add(words, m.Body, fmt.Sprintf("an update was promised for %s, and the next came %s later",
				incident.Both(m.NextUpdateAt, in.Zone), incident.Span(next.At.At.Sub(promised))), do)
		case next == nil && in.Status.Over():
			r.add(words, m.Body, fmt.Sprintf("an update was promised for %s, and none came", incident.Both(m.NextUpdateAt, in.Zone)),
				"Record the message that ended it; if there was none, say in a lesson that people were left waiting.")
		}
	}
}

// said is a message to customers, with its place in the record.
type said struct {
	*incident.Message
	index int
}

// toldCustomers are the public messages that went out at a known time, in order.
func toldCustomers(in *record) []said {
	var all []said
	for i := range in.Messages {
		if m := &in.Messages[i]; m.Audience == incident.AudiencePublic && m.State != incident.Draft && exact(m.At) {
			all = append(all, said{m, i})
		}
	}
	slices.SortStableFunc(all, func(a, b said) int { return a.At.At.Compare(*b.At.At) })
	return all
}

func nextAfter(sent []said, i int) *said {
	for j := i + 1; j < len(sent); j++ {
		if sent[j].At.At.After(*sent[i].At.At) {
			return &sent[j]
		}
	}
	return nil
}

func same(a, b *incident.Moment) bool { return a.Known() && b.Known() && a.At.Equal(*b.At) }
