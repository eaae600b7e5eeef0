package insight

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// Filter shows the incidents of a figure: the filter insight= of lists.
type Filter struct {
	What  string // counted, told, …; a measure is its key
	Value string // what stands after the first colon
}

// What a filter may be about, beside the measures: with a value, or without.
var (
	plain  = []string{"counted", "told", "untold", "kept", "late", "broken", "open", "follow_ups", "to_do", "overdue"}
	valued = []string{"category", "component", "owner", "follow_up", "hour"}
)

// ReadFilter reads a filter: counted are all, time_to_tell those of which it is known, time_to_tell:3600 those of which
// it is an hour or more, category:capacity those with such a factor.
func ReadFilter(text string) (Filter, error) {
	what, value, with := strings.Cut(text, ":")
	f := Filter{what, value}
	switch i := f.Measure(); {
	case i >= 0 && !with:
		return f, nil
	case i >= 0 || what == "hour":
		if _, err := strconv.ParseInt(value, 10, 64); err == nil {
			return f, nil
		}
	case slices.Contains(plain, what) && !with, slices.Contains(valued, what) && with:
		return f, nil
	}
	var keys []string
	for _, d := range Definitions {
		keys = append(keys, d.Key)
	}
	return f, incident.Refuse(incident.Malformed, "insight", fmt.Sprintf("%.40q leads to no figure: write %s, or %s, with :SECONDS for those that took as long, or %s with :VALUE",
		text, strings.Join(plain, ", "), strings.Join(keys, ", "), strings.Join(valued, ", ")))
}

// Words says what it shows.
func (f Filter) Words() string {
	switch i := f.Measure(); {
	case i >= 0 && f.Value == "":
		return Definitions[i].Title + " is known"
	case i >= 0:
		return Definitions[i].Title + ": " + incident.Span(time.Duration(f.Number())*time.Second) + " or longer"
	case f.What == "hour":
		return "started on " + time.Weekday(f.Number()/24).String() + fmt.Sprintf(" at %02d", f.Number()%24)
	case f.Value != "":
		return strings.ReplaceAll(f.What, "_", "-") + " " + f.Value
	}
	return shows[f.What]
}

// shows are the words of filters without a value.
var shows = map[string]string{
	"counted": "counted by insights", "told": "customers were told", "untold": "customers were not told", "kept": "promises of an update kept",
	"late": "promises of an update kept late", "broken": "promises of an update broken", "open": "promises of an update still open",
	"follow_ups": "with follow-ups", "to_do": "with open follow-ups", "overdue": "with overdue follow-ups", "owner": "follow-ups without owner",
}

// Measure is the number of the measure that it is about, -1 when it is about something else.
func (f Filter) Measure() int { return measure(f.What) }

// Number is its value as a number.
func (f Filter) Number() int64 {
	n, _ := strconv.ParseInt(f.Value, 10, 64) // ReadFilter has seen it
	return n
}
