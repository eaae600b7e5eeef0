package incident

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// mostWarnings bounds how many warnings a record has.
const mostWarnings = 100

// Odd lists what is strange about a record but kept as it is, in the record's
// order, the first hundred: real incidents end before they start, are detected
// before anybody is hurt, and are told in the wrong zone. Each warning has a
// rule that never changes its name, and says what to look at.
//
// What a move or filing changed by itself is told by Move and Draft.
func Odd(in *Incident) []Warning {
	var o oddities
	o.secrets(in)
	o.milestones(in)
	o.status(in)
	o.stated(in)
	for i, p := range in.People {
		o.ends("/people/", i, "from", "until", "person_ends_before_start", p.From, p.Until)
	}
	o.timeline(in)
	for i := range in.Impacts {
		impact := &in.Impacts[i]
		o.ends("/impacts/", i, "from", "until", "impact_ends_before_start", impact.From, impact.Until)
		if in.Status.Over() && impact.Until == nil {
			o.add(place("/impacts", i)+"/until", "impact_without_end", "the incident is %s, but this impact has no end: say when it ended", in.Status)
		}
	}
	o.messages(in)
	for at, m := range Moments(in) {
		if len(o) >= mostWarnings || !strings.ContainsFunc(m.AsWritten, unicode.IsLetter) {
			continue
		}
		if wrong := Contradiction(*m); wrong != "" {
			o.add(at+"/as_written", "zone_label_contradicts", "%s", wrong)
		}
	}
	return o
}

// OddPart lists what is strange about one part of an incident, of which no more
// than the heading and the silences need to be known. Pointers begin at the part.
func OddPart(in *Incident, p Part) []Warning {
	alone := &Incident{Heading: in.Heading, Silenced: in.Silenced}
	collections[p.PartKind()].add(alone, p)
	begin := p.PartKind().Pointer() + "/0"
	var odd []Warning
	for _, w := range Odd(alone) {
		if rest, of := strings.CutPrefix(w.Pointer, begin); of {
			w.Pointer = rest
			odd = append(odd, w)
		}
	}
	return odd
}

type oddities []Warning

func (o *oddities) add(pointer, rule, format string, args ...any) {
	if len(*o) < mostWarnings {
		*o = append(*o, Warning{pointer, rule, fmt.Sprintf(format, args...)})
	}
}

// grains is how long a moment of each precision may last.
var grains = map[Precision]time.Duration{Second: time.Second, Minute: time.Minute, Hour: time.Hour, Day: 24 * time.Hour}

// before tells whether a was over when b began, as far as both were told.
func before(a, b *Moment) bool {
	return a.Known() && b.Known() && !a.At.Add(grains[a.Precision]).After(*b.At)
}

// spoken shows a moment in a warning: "02:42 PDT on Thursday, 18 July 2013".
func spoken(m *Moment) string {
	if m.Precision == Day {
		return Date(m, "")
	}
	return Clock(m) + " on " + Date(m, "")
}

// ends notes an end that comes before its start.
func (o *oddities) ends(list string, i int, start, end, rule string, from, until *Moment) {
	if before(until, from) {
		o.add(fmt.Sprintf("%s%d/%s", list, i, end), rule, "%s (%s) is before %s (%s): is one of them mistaken?", end, spoken(until), start, spoken(from))
	}
}

// milestones notes each milestone that comes before one that it should follow.
func (o *oddities) milestones(in *Incident) {
	m := in.Milestones
	order := []struct {
		name string
		at   *Moment
	}{
		{"triggered", m.Triggered}, {"started", m.Started}, {"detected", m.Detected},
		{"acknowledged", m.Acknowledged}, {"mitigated", m.Mitigated}, {"resolved", m.Resolved},
	}
	for i, later := range order {
		for j := i - 1; j >= 0; j-- {
			if earlier := order[j]; before(later.at, earlier.at) {
				o.add("/milestones/"+later.name, later.name+"_before_"+earlier.name, "%s (%s) is before %s (%s): is one of them mistaken?",
					later.name, spoken(later.at), earlier.name, spoken(earlier.at))
				break
			}
		}
	}
}

func (o *oddities) status(in *Incident) {
	switch {
	case in.Status.Over() && in.Milestones.Resolved == nil:
		o.add("/milestones/resolved", "resolved_without_milestone", "the incident is %s, but nobody said when: fill in milestones.resolved", in.Status)
	case !in.Status.Over() && in.Milestones.Resolved.Known():
		o.add("/milestones/resolved", "milestone_without_resolving", "milestones.resolved is %s, but the incident is still %s", spoken(in.Milestones.Resolved), in.Status)
	}
	if in.DuplicateOf != nil && in.Resolution != Duplicate {
		o.add("/duplicate_of", "duplicate_without_resolution", "%s is named as the original, but the resolution is not duplicate", *in.DuplicateOf)
	}
	if others := in.Names(); in.Visibility == VisiblePrivate && (len(others) == 0 || len(others) == 1 && others[0] == fold(in.CreatedBy)) {
		o.add("/people", "private_names_nobody", "the incident is private and names nobody else: only who filed it may read it")
	}
}

// Differing lists the warnings of stated durations that are not those of the
// milestones.
func Differing(in *Incident) []Warning {
	var o oddities
	o.stated(in)
	return o
}

// differs is how far a stated duration may be from the derived one.
const differs = time.Minute

func (o *oddities) stated(in *Incident) {
	derived := Measure(in)
	for _, d := range []struct {
		name    string
		stated  *string
		seconds *int64
	}{
		{"time_to_detect", in.Stated.TimeToDetect, derived.TimeToDetect},
		{"time_to_acknowledge", in.Stated.TimeToAcknowledge, derived.TimeToAcknowledge},
		{"time_to_mitigate", in.Stated.TimeToMitigate, derived.TimeToMitigate},
		{"time_to_resolve", in.Stated.TimeToResolve, derived.TimeToResolve},
		{"time_to_tell", in.Stated.TimeToTell, derived.TimeToTell},
	} {
		if d.stated == nil || d.seconds == nil {
			continue
		}
		told, ok := ReadSpan(*d.stated)
		known := time.Duration(*d.seconds) * time.Second
		if ok && (told-known).Abs() > differs {
			o.add("/stated/"+d.name, "stated_differs", "%q is stated, but the milestones give %s: both are kept", *d.stated, Span(known))
		}
	}
}

// What lies farther than this from the incident is likely a wrong date.
const (
	longBefore = 24 * time.Hour      // before it was triggered
	longAfter  = 30 * 24 * time.Hour // after it was resolved: refunds and repairs take their time
)

func (o *oddities) timeline(in *Incident) {
	triggered, resolved := in.Milestones.Triggered, in.Milestones.Resolved
	for i := range in.Timeline {
		e := &in.Timeline[i]
		o.ends("/timeline/", i, "at", "until", "entry_ends_before_start", e.At, e.Until)
		switch {
		case !e.At.Known():
		case triggered.Known() && triggered.At.Sub(*e.At.At) > longBefore:
			o.add(place("/timeline", i)+"/at", "entry_long_before_trigger", "%s is more than a day before triggered (%s): is the date right?", spoken(e.At), spoken(triggered))
		case resolved.Known() && e.At.At.Sub(*resolved.At) > longAfter:
			o.add(place("/timeline", i)+"/at", "entry_long_after_end", "%s is more than 30 days after resolved (%s): is the date right?", spoken(e.At), spoken(resolved))
		}
	}
}

func (o *oddities) messages(in *Incident) {
	began := in.Milestones.Triggered
	if !began.Known() {
		began = in.Milestones.Started
	}
	for i := range in.Messages {
		m := &in.Messages[i]
		if m.State != Draft && before(m.At, began) {
			o.add(place("/messages", i)+"/at", "message_before_start", "%s is before the incident began (%s): is the date right?", spoken(m.At), spoken(began))
		}
		o.ends("/messages/", i, "at", "next_update_at", "next_update_before_message", m.At, m.NextUpdateAt)
	}
}
