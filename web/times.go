package web

import (
	"time"

	"github.com/debriefhq/debrief/incident"
)

// milestone is one row of the table of milestones.
type milestone struct {
	Name  string
	At    shown
	None  string // what there is instead of a time
	Since string // time after the start, "" for the start itself and while either is unknown

	moment *incident.Moment
}

// recorded tells whether anything is known of when it happened.
func recorded(in *incident.Incident) bool {
	for _, m := range milestonesOf(in) {
		if m.moment != nil {
			return true
		}
	}
	return in.Stated != (incident.Stated{})
}

// milestonesOf lists the six in the order in which they are meant to happen.
func milestonesOf(in *incident.Incident) []milestone {
	m := in.Milestones
	return []milestone{
		{Name: "triggered", moment: m.Triggered},
		{Name: "started", moment: m.Started},
		{Name: "detected", moment: m.Detected},
		{Name: "acknowledged", moment: m.Acknowledged},
		{Name: "mitigated", moment: m.Mitigated},
		{Name: "resolved", moment: m.Resolved},
	}
}

// milestones is the table of milestones, nil while nothing is recorded.
func milestones(in *incident.Incident, c *clock) []milestone {
	if !recorded(in) {
		return nil
	}
	all := milestonesOf(in)
	for i := range all {
		m := &all[i]
		m.At, m.None = c.show(m.moment), "not known"
		if m.Name == "resolved" && !over(in.Status) {
			m.None = "not yet"
		}
		if m.Name == "started" || !timed(m.moment) || !timed(in.Milestones.Started) {
			continue
		}
		m.Since = lasted(in.Milestones.Started, m.moment)
		if m.moment.At.Equal(*in.Milestones.Started.At) {
			m.Since = "at the start"
		} else if m.moment.At.Before(*in.Milestones.Started.At) {
			m.Since = lasted(m.moment, in.Milestones.Started) + " before"
		}
	}
	return all
}

// measure is one figure of how the incident went, with what its author stated.
type measure struct {
	Name    string
	Value   string // "" with Missing
	Missing string // says which end is not known, or not finely enough
	Stated  string
	Differs string // how the stated duration differs from the measured one
}

// measures pairs what was measured with what was stated.
func measures(in *incident.Incident) []measure {
	m, got, said := in.Milestones, incident.Measure(in), in.Stated
	told := in.FirstTold()
	return []measure{
		newMeasure("to detect", got.TimeToDetect, said.TimeToDetect, end{"start", m.Started}, end{"detection", m.Detected}),
		newMeasure("to acknowledge", got.TimeToAcknowledge, said.TimeToAcknowledge, end{"detection", m.Detected}, end{"acknowledgement", m.Acknowledged}),
		newMeasure("to mitigate", got.TimeToMitigate, said.TimeToMitigate, end{"start", m.Started}, end{"mitigation", m.Mitigated}),
		newMeasure("to resolve", got.TimeToResolve, said.TimeToResolve, end{"start", m.Started}, end{"resolution", m.Resolved}),
		newMeasure("to tell", got.TimeToTell, said.TimeToTell, end{"start", m.Started}, end{"first public message", told}),
	}
}

// end is a moment with the word for it.
type end struct {
	word   string
	moment *incident.Moment
}

func newMeasure(name string, seconds *int64, stated *string, from, until end) measure {
	m := measure{Name: name}
	if stated != nil {
		m.Stated = *stated
	}
	for _, e := range []end{from, until} {
		switch {
		case !e.moment.Known():
			m.Missing = e.word + " is not known"
		case !timed(e.moment):
			m.Missing = e.word + " is known to the day only"
		}
	}
	if seconds == nil || m.Missing != "" {
		return m
	}
	took := time.Duration(*seconds) * time.Second
	m.Value = incident.Span(took)
	if rough(from.moment) || rough(until.moment) {
		m.Value = "~\u202f" + m.Value
	}
	said, ok := incident.ReadSpan(m.Stated)
	switch {
	case !ok || said == took:
	case said > took:
		m.Differs = incident.Span(said-took) + " more than measured"
	default:
		m.Differs = incident.Span(took-said) + " less than measured"
	}
	return m
}
