package incident

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// labels are the abbreviations that mean one thing to nearly everybody, and
// the zone whose wall clock each names. A home zone that uses the abbreviation
// itself comes first. The zones of CET, EET and WET are those that the time
// zone database itself gives these names (release 2024b).
var labels = map[string]string{
	"UTC": "UTC", "UCT": "UTC", "Z": "UTC", "GMT": "UTC",

	"PST": "America/Los_Angeles", "PDT": "America/Los_Angeles", "PT": "America/Los_Angeles",
	"MST": "America/Denver", "MDT": "America/Denver", "MT": "America/Denver",
	"CDT": "America/Chicago", "CT": "America/Chicago",
	"EST": "America/New_York", "EDT": "America/New_York", "ET": "America/New_York",
	"AKST": "America/Anchorage", "AKDT": "America/Anchorage", "HST": "Pacific/Honolulu",
	"NDT": "America/St_Johns", "BRT": "America/Sao_Paulo",

	"WET": "Europe/Lisbon", "WEST": "Europe/Lisbon",
	"CET": "Europe/Brussels", "CEST": "Europe/Brussels",
	"EET": "Europe/Athens", "EEST": "Europe/Athens",
	"MSK": "Europe/Moscow", "TRT": "Europe/Istanbul", "IDT": "Asia/Jerusalem",

	"SAST": "Africa/Johannesburg", "EAT": "Africa/Nairobi", "CAT": "Africa/Maputo", "WAT": "Africa/Lagos",
	"JST": "Asia/Tokyo", "KST": "Asia/Seoul", "HKT": "Asia/Hong_Kong", "SGT": "Asia/Singapore",
	"PKT": "Asia/Karachi", "WIB": "Asia/Jakarta",
	"AEST": "Australia/Sydney", "AEDT": "Australia/Sydney",
	"ACST": "Australia/Adelaide", "ACDT": "Australia/Adelaide", "AWST": "Australia/Perth",
	"NZST": "Pacific/Auckland", "NZDT": "Pacific/Auckland",
}

// ambiguous are the abbreviations that different people read differently: they
// are taken only in an incident whose home zone uses them.
var ambiguous = map[string]string{
	"IST": "India (Asia/Kolkata), Ireland (Europe/Dublin) or Israel (Asia/Jerusalem)",
	"CST": "central North America (America/Chicago), China (Asia/Shanghai) or Cuba (America/Havana)",
	"BST": "Britain (Europe/London) or Bangladesh (Asia/Dhaka)",
	"AST": "Atlantic Canada (America/Halifax) or Arabia (Asia/Riyadh)",
	"ADT": "Atlantic Canada (America/Halifax) or Arabia (Asia/Riyadh)",
	"ECT": "Ecuador (America/Guayaquil), the eastern Caribbean (America/Puerto_Rico) or central Europe (Europe/Paris)", //nolint:misspell // an abbreviation
	"GST": "the Gulf (Asia/Dubai) or South Georgia (Atlantic/South_Georgia)",
	"SST": "Samoa (Pacific/Pago_Pago) or Singapore (Asia/Singapore)",
	"NST": "Newfoundland (America/St_Johns) or Nepal (Asia/Kathmandu)",
	"AMT": "the Amazon (America/Manaus) or Armenia (Asia/Yerevan)",
	"ART": "Argentina (America/Buenos_Aires) or Egypt (Africa/Cairo)",
	"WST": "western Australia (Australia/Perth) or Samoa (Pacific/Apia)",
}

// zoneOf finds the zone that a label names in an incident of the home zone, at
// about the time of near. A label that contradicts the season names its zone
// all the same, in the home zone as elsewhere: people who write "PST" in July
// mean the clock on the wall. Contradiction tells of it.
func zoneOf(label, home string, homeClock *time.Location, near time.Time) (string, error) {
	upper := strings.ToUpper(label)
	if labels[upper] == "UTC" {
		return "UTC", nil // GMT at home in London is decided once the instant is known
	}
	if uses(homeClock, upper, near) {
		return home, nil
	}
	choices, unclear := ambiguous[upper]
	if strings.HasPrefix(home, "Australia/") && (upper == "EST" || upper == "EDT") {
		choices, unclear = "New York (America/New_York) or eastern Australia (Australia/Sydney)", true
	}
	if unclear {
		return "", Refuse(Invalid, "/at", fmt.Sprintf(
			"%s may be %s: write the zone's name or an offset, such as 14:05 +05:30", upper, choices))
	}
	if zone, ok := labels[upper]; ok {
		return zone, nil
	}
	return "", Refuse(Invalid, "/at", fmt.Sprintf(
		"%q is no zone that everybody knows: write a name such as America/Los_Angeles, or an offset such as 14:05 +05:30", label))
}

// isLabel tells whether Read knows the word as a zone's abbreviation; home
// abbreviations that the tables lack count too.
func isLabel(word string, home *time.Location, near time.Time) bool {
	upper := strings.ToUpper(word)
	_, clear := labels[upper]
	_, unclear := ambiguous[upper]
	return clear || unclear || uses(home, upper, near)
}

// capitals matches what may be an abbreviation in prose; UTC+2 is none.
var capitals = regexp.MustCompile(`\b([A-Z]{2,5})\b([+-]\d)?`)

// Contradiction says how the abbreviation in the text as written contradicts
// the clock of the moment's zone at that instant, such as "PST" on a summer's
// day in Los Angeles. It is "" when it does not, or when there is none.
func Contradiction(m Moment) string {
	local, ok := m.In(m.Zone)
	if !ok || m.Precision == Day {
		return ""
	}
	words := toldLabels(m.AsWritten, local)
	current, seconds := local.Zone()
	for _, word := range words {
		if word == current || word == abbreviation(local) {
			return ""
		}
	}
	if len(words) == 0 {
		return ""
	}
	known := map[string]bool{}
	for _, p := range periods(local.Location(), local.AddDate(-1, 0, 0), local.AddDate(1, 0, 0)) {
		known[p.abbreviation] = true
	}
	for _, word := range words {
		if known[word] || otherOffset(word, local, seconds) {
			return fmt.Sprintf("%q was written, but on %s the clock of %s was %s: the time is kept as %s",
				word, local.Format("2 January 2006"), m.Zone, abbreviation(local), local.Format("15:04 ")+abbreviation(local))
		}
	}
	return ""
}

// toldLabels lists the abbreviations in a text as written, in capitals: that of
// a time which Read understands, or what looks like one in prose.
func toldLabels(written string, local time.Time) []string {
	plain, _ := bare(written)
	if t, ok := scan(plain, local.Location(), local, local); ok {
		if t.label == "" {
			return nil
		}
		return []string{strings.ToUpper(t.label)}
	}
	var words []string
	for _, found := range capitals.FindAllStringSubmatch(plain, -1) {
		if found[2] == "" {
			words = append(words, found[1])
		}
	}
	return words
}

// otherOffset tells whether a label of one meaning names another wall clock
// than the one that was seconds from UTC.
func otherOffset(label string, at time.Time, seconds int) bool {
	zone, ok := labels[label]
	if !ok {
		return false
	}
	loc, err := LoadZone(zone)
	if err != nil {
		return false
	}
	_, named := at.In(loc).Zone()
	return named != seconds
}
