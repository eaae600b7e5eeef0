package document

import (
	"fmt"
	"io"

	"github.com/debriefhq/debrief/incident"
)

// OnlyTimeline asks for the timeline alone.
const OnlyTimeline = "timeline"

// checkOnly refuses what is no part that can stand alone.
func checkOnly(o Options) error {
	if o.Only != "" && o.Only != OnlyTimeline {
		return incident.Refuse(incident.Invalid, "/only", fmt.Sprintf("%.40q cannot be exported alone: only timeline can", o.Only))
	}
	return nil
}

// alone is a record with its heading and its timeline, and nothing else.
func alone(in *incident.Incident) *incident.Incident {
	return &incident.Incident{
		Heading: incident.Heading{
			Number: in.Number, ID: in.ID, Kind: in.Kind, Title: in.Title, Severity: in.Severity, Status: in.Status, Resolution: in.Resolution,
			Visibility: in.Visibility, Zone: in.Zone,
		},
		Measures: &incident.Measures{}, Timeline: in.Timeline,
	}
}

// writeTimeline writes Markdown to read, or to put into a page of one's own.
func writeTimeline(w io.Writer, s *story) error {
	p := &post{story: s, noHTML: true}
	p.heading("#", plainWords(inLine(p.Title)))
	p.told()
	return p.flush(w)
}
