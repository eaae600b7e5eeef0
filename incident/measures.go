package incident

import "time"

// Measure derives the measures of an incident from its milestones and its
// messages: whole seconds, nil until both ends are known, negative when the
// record says so.
func Measure(in *Incident) *Measures {
	m := in.Milestones
	return &Measures{
		TimeToDetect:      between(m.Started, m.Detected),
		TimeToAcknowledge: between(m.Detected, m.Acknowledged),
		TimeToMitigate:    between(m.Started, m.Mitigated),
		TimeToResolve:     between(m.Started, m.Resolved),
		TimeToTell:        between(m.Started, in.FirstTold()),
	}
}

// FirstTold is when outsiders were first told: the earliest known instant of a
// public message that was recorded or sent. It is nil when there is none.
func (in *Incident) FirstTold() *Moment {
	var first *Moment
	for i := range in.Messages {
		m := &in.Messages[i]
		if m.Audience != AudiencePublic || m.State == Draft || !m.At.Known() {
			continue
		}
		if first == nil || m.At.At.Before(*first.At) {
			first = m.At
		}
	}
	return first
}

// between is the whole seconds from one moment to another, nil when either is
// unknown, or when one is a day and the other lies within it: a message of
// that day tells no hour, least of all one before the start.
func between(from, until *Moment) *int64 {
	if !from.Known() || !until.Known() {
		return nil
	}
	apart := until.At.Sub(*from.At)
	if day := grains[Day]; apart.Abs() < day && (from.Precision == Day || until.Precision == Day) {
		return nil
	}
	seconds := int64(apart / time.Second)
	return &seconds
}
