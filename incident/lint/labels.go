package lint

import (
	"cmp"
	"iter"
	"regexp"
	"slices"
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
		days := []time.Time(nil)
		for label := range labelsIn(t.said) {
			if days == nil {
				days = in.daysOf(t.said)
			}
			if wrong := in.mislabelled(days, label.name); wrong != "" {
				told := strings.Join(strings.Fields(t.said[label.from:label.end]), " ")
				r.add(in.place(t), told, "“"+told+"”, but "+wrong, askClock)
				break
			}
		}
	}
}

const askClock = "Ask who wrote it which clock they read; correct the label or the time."

// mostLabels bounds the labels of one text that are looked at, and its dates.
const mostLabels = 50

// zoneLabels are those of winter or summer. MST and AEST are told the whole year in
// some places. All end with a T.
var zoneLabels = []string{"PST", "PDT", "MDT", "CDT", "EST", "EDT", "AKST", "AKDT", "CET", "CEST", "EET", "EEST", "WET", "WEST", "AEDT", "NZST", "NZDT"}

// timeBefore finds a time, or words that speak of all times, before a label.
var timeBefore = regexp.MustCompile(`(?:\d{1,2}[:.][0-5]\d(?::[0-5]\d)?(?: ?[AaPp]\.?[Mm]\.?)?|\b\d{1,2} ?[AaPp]\.?[Mm]\.?|\b(?i:times?|timeline)\b[^.\n|]{0,40}?)$`)

// labelTold is a label of a zone with the time before it: where both are in a text.
type labelTold struct {
	name      string
	from, end int
}

// labelsIn gives the labels of a text that stand after a time, at most fifty.
func labelsIn(said string) iter.Seq[labelTold] {
	const before = 200 // bytes, more than the words about a time take
	return func(yield func(labelTold) bool) {
		last, count := 0, 0 // what was told with the label before is told
		for at := 0; count < mostLabels; {
			i := strings.IndexByte(said[at:], 'T')
			if i < 0 {
				return
			}
			at += i + 1
			name := labelTo(said, at)
			start := at - len(name)
			if name == "" {
				continue
			}
			until := last + len(strings.TrimRight(said[last:start], " ("))
			from := max(last, until-before)
			for from > last && from < until && wordByte(said[from]) && wordByte(said[from-1]) {
				from++
			}
			hit := timeBefore.FindStringIndex(said[from:until])
			if hit == nil {
				continue
			}
			if !yield(labelTold{name, from + hit[0], at}) {
				return
			}
			last, count = at, count+1
		}
	}
}

// labelTo is the label that ends at a place, a word of its own; "" for none.
func labelTo(said string, end int) string {
	start := end
	for start > 0 && wordByte(said[start-1]) && end-start <= len("AKST") {
		start--
	}
	if name := said[start:end]; slices.Contains(zoneLabels, name) && (end == len(said) || !wordByte(said[end])) {
		return name
	}
	return ""
}

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
	if !mayBeDated(said) {
		return days
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

// mayBeDated tells, at little cost, whether a text may name a whole date: it has
// digits on both sides of a dash or a slash, or four of them after a space.
func mayBeDated(said string) bool {
	for i := 1; i+1 < len(said); i++ {
		switch said[i] {
		case '-', '/':
			if digit(said[i-1]) && digit(said[i+1]) {
				return true
			}
		case ' ':
			if year := said[i+1:]; len(year) >= 4 && digit(year[0]) && digit(year[1]) && digit(year[2]) && digit(year[3]) {
				return true
			}
		}
	}
	return false
}
