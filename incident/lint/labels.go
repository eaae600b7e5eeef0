package lint

import (
	"cmp"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/debriefhq/debrief/incident"
)

func findZoneLabels(in *record, r *report) {
	seen := map[string]bool{} // one time is often told in several places
	for pointer, m := range incident.Moments(in.Incident) {
		if !strings.ContainsFunc(m.AsWritten, unicode.IsLetter) {
			continue
		}
		if wrong := incident.Contradiction(*m); wrong != "" && !seen[wrong] {
			seen[wrong] = true
			r.add(place{pointer + "/as_written", strings.ReplaceAll(strings.Trim(pointer, "/"), "/", " ")}, m.AsWritten, wrong,
				askClock)
		}
	}
	for t := range in.words() {
		if r.full() {
			return
		}
		if !anyLabel.MatchString(t.said) {
			continue
		}
		days := []time.Time(nil)
		for _, hit := range toldLabel.FindAllStringSubmatchIndex(t.said, mostLabels) {
			label, told := t.said[hit[2]:hit[3]], strings.Join(strings.Fields(t.said[hit[0]:hit[1]]), " ")
			if days == nil {
				days = in.daysOf(t.said)
			}
			if wrong := in.mislabelled(days, label); wrong != "" {
				r.add(in.place(t), told, "“"+told+"”, but "+wrong, askClock)
				break
			}
		}
	}
}

const askClock = "Ask who wrote it which clock they read; correct the label or the time."

// mostLabels bounds the labels of one text that are looked at, and its dates.
const mostLabels = 50

// toldLabel finds a label of winter or summer after a time, or after words that
// speak of all times. MST and AEST are told the whole year in some places.
var toldLabel = regexp.MustCompile(`(?:\d{1,2}[:.][0-5]\d(?::[0-5]\d)?(?: ?[AaPp]\.?[Mm]\.?)?|\b\d{1,2} ?[AaPp]\.?[Mm]\.?|\b(?i:times?|timeline)\b[^.\n|]{0,40}?)[ (]*\b(PST|PDT|MDT|CDT|EST|EDT|AKST|AKDT|CET|CEST|EET|EEST|WET|WEST|AEDT|NZST|NZDT)\b`)

var anyLabel = regexp.MustCompile(`[A-Z](?:ST|DT|ET)\b`)

// dates finds whole dates: 2018-07-30, 30 July 2018, July 30, 2018, and 7/30/18
// as those write it who say PST.
var dates = regexp.MustCompile(`\b(?:(\d{4}-[01]\d-[0-3]\d)|(\d{1,2}(?:st|nd|rd|th)? ` + months + `,? \d{4})|(` + months + ` \d{1,2}(?:st|nd|rd|th)?,? \d{4})|([01]?\d/[0-3]?\d/(?:20)?\d\d))\b`)

const months = `(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?`

// mislabelled says how a label contradicts all of the days. It is "" where it fits
// one of them.
func (in *record) mislabelled(days []time.Time, label string) string {
	first := ""
	for _, day := range days {
		asked := labelled{day.Format(time.DateOnly), label}
		wrong, seen := in.labels[asked]
		if !seen {
			wrong = asked.wrong(cmp.Or(in.Zone, "UTC"))
			if in.labels == nil {
				in.labels = map[labelled]string{}
			}
			in.labels[asked] = wrong
		}
		if wrong == "" {
			return ""
		}
		first = cmp.Or(first, wrong)
	}
	return first
}

// labelled is a label on a day.
type labelled struct{ day, label string }

func (l labelled) wrong(home string) string {
	m, err := (incident.When{Zone: home}).Read(l.day + " 12:00 " + l.label)
	if err != nil || incident.Contradiction(m) == "" {
		return ""
	}
	local, ok := m.In(m.Zone)
	if !ok {
		return ""
	}
	return "on " + local.Format("2 January 2006") + " the clocks there said " + local.Format("MST")
}

// daysOf are the days that a text may speak of: those that it names, and that of
// the incident.
func (in *record) daysOf(said string) []time.Time {
	days := []time.Time{}
	if near := anchor(in); near != nil {
		days = append(days, *near.At)
	}
	for _, hit := range dates.FindAllString(said, mostLabels) {
		plain := ordinals.ReplaceAllString(strings.NewReplacer(",", "", ".", "").Replace(hit), "$1")
		for _, layout := range []string{time.DateOnly, "2 January 2006", "2 Jan 2006", "January 2 2006", "Jan 2 2006", "1/2/2006", "1/2/06"} {
			if day, err := time.Parse(layout, plain); err == nil {
				days = append(days, day)
				break
			}
		}
	}
	return days
}

var ordinals = regexp.MustCompile(`(\d)(?:st|nd|rd|th)\b`)
