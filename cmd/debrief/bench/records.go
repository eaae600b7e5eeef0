package bench

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// until is when the newest record was filed; servers of the bench begin their clock there.
var until = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

const (
	years    = 8 * 365 * 24 * time.Hour // that records are spread over
	entries  = 15                       // of each record
	ongoing  = 24                       // the newest, of which every other one is not over
	mostRead = 40                       // names of which each record draws a few
)

// Records are made up records, the same for the same seed and size. Their methods may be called by many at once.
type Records struct {
	Size    int
	Seed    uint64
	lexicon []string
	names   []string
}

// NewRecords makes none yet.
func NewRecords(size int, seed uint64) *Records {
	m := &Records{Size: size, Seed: seed, lexicon: lexicon(seed)}
	for i := range mostRead {
		m.names = append(m.names, firstNames[i%len(firstNames)]+" "+lastNames[i*7%len(lastNames)])
	}
	return m
}

// Private tells whether record n is.
func (m *Records) Private(n int) bool { return mix(m.Seed, n, 1)%1000 < 20 }

// Holds tells whether a word that is measured stands in record n.
func (m *Records) Holds(word string, n int) bool {
	for i, w := range commonWords {
		if w == word {
			return mix(m.Seed, n, 100+i)%1000 < commonShare
		}
	}
	for i, w := range knownWords {
		if w == word {
			return mix(m.Seed, n, 200+i)%1000 < knownShare
		}
	}
	return word == m.Host(n)
}

// Host is the word that only a few neighbours of record n hold.
func (m *Records) Host(n int) string {
	const odd, all = 1_000_003, 1_680_700_000 // prime to each other: no two groups spell the same
	return spelled(n / rareShare * odd % all)
}

// Hits counts the records that hold a word and that everybody may read.
func (m *Records) Hits(word string) (hits int) {
	for n := 1; n <= m.Size; n++ {
		if !m.Private(n) && m.Holds(word, n) {
			hits++
		}
	}
	return hits
}

// Started is when record n began.
func (m *Records) Started(n int) time.Time {
	step := years / time.Duration(m.Size)
	return until.Add(-step * time.Duration(m.Size-n+1)).Truncate(time.Minute)
}

// Record is record n, from 1 to Size.
func (m *Records) Record(n int) *incident.Incident {
	r := rand.New(rand.NewPCG(m.Seed, uint64(n))) //nolint:gosec // the same record for the same seed
	d := &draft{Records: m, r: r, n: n, start: m.Started(n), zone: zones[r.IntN(len(zones))]}
	d.zipf = rand.NewZipf(r, 1.12, 4, vocabulary-1)
	d.in.Number, d.in.ID, d.in.Revision = incident.Number(n), d.id(), 1
	d.in.Zone = d.zone
	d.service = services[r.IntN(len(services))]
	d.length = time.Duration(10+r.IntN(600)) * time.Minute
	d.heading()
	d.timeline()
	d.impacts()
	d.analysis()
	d.messages()
	d.actions()
	d.people()
	d.review()
	d.measured()
	return &d.in
}

// draft is a record while it is made.
type draft struct {
	*Records
	r       *rand.Rand
	zipf    *rand.Zipf
	n       int
	start   time.Time
	length  time.Duration
	zone    string
	service string
	in      incident.Incident
}

func (d *draft) chance(percent int) bool { return d.r.IntN(100) < percent }

func (d *draft) id() string {
	var bytes [8]byte
	binary.BigEndian.PutUint64(bytes[:], d.r.Uint64())
	return incident.NewID(bytes)
}

func (d *draft) head() incident.PartHead { return incident.PartHead{ID: d.id(), Revision: 1} }

func (d *draft) at(after time.Duration) *incident.Moment {
	m := incident.Exactly(d.start.Add(after.Truncate(time.Minute)), d.zone, incident.Minute)
	m.Approximate = d.chance(8)
	return &m
}

func (d *draft) name() string { return d.names[d.r.IntN(len(d.names))] }

// of draws one of a list, the first ones more often.
func of[T any](d *draft, list []T) T {
	return list[min(d.r.IntN(len(list)), d.r.IntN(len(list)))]
}

func (d *draft) audience() incident.Audience {
	switch x := d.r.IntN(1000); {
	case x < 250:
		return incident.AudiencePublic
	case x < 253:
		return incident.AudiencePrivate
	}
	return incident.AudienceInternal
}

// sentence is a line about the service, of words as usual as in people's texts.
func (d *draft) sentence() string {
	word := func() string { return d.lexicon[d.zipf.Uint64()] }
	switch d.r.IntN(5) {
	case 0:
		return fmt.Sprintf("The %s of %s %s after the %s %s.", word(), d.service, of(d, verbs), word(), word())
	case 1:
		return fmt.Sprintf("%d%% of %s %s %s while %s %s.", 1+d.r.IntN(99), d.service, word(), of(d, verbs), word(), of(d, verbs))
	case 2:
		return fmt.Sprintf("On-call looks at the `%s` of %s: %s %s, %s %s.", word(), d.service, word(), of(d, verbs), word(), word())
	case 3:
		return fmt.Sprintf("%s %s and %s %s, %d %s behind.", strings.ToUpper(d.service[:1])+d.service[1:], word(), word(), of(d, verbs), 2+d.r.IntN(5000), word())
	}
	return fmt.Sprintf("Nobody expected that %s %s would need the %s %s.", word(), word(), word(), word())
}

func (d *draft) sentences(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = d.sentence()
	}
	return strings.Join(all, " ")
}

// line is a sentence without its full stop, for titles.
func (d *draft) line() string {
	return strings.Trim(strings.ReplaceAll(d.sentence(), "`", ""), ".")
}

// heading is what lists show.
func (d *draft) heading() {
	in, r := &d.in, d.r
	in.Kind, in.Status = incident.KindIncident, incident.Resolved
	switch x := r.IntN(100); {
	case x < 2:
		in.Kind, in.Status = incident.Maintenance, incident.Completed
	case x < 6:
		in.Kind = incident.NearMiss
	}
	if d.n > d.Size-ongoing && d.n%2 == 0 && in.Kind != incident.Maintenance {
		in.Status = []incident.Status{incident.Investigating, incident.Identified, incident.Monitoring}[r.IntN(3)]
	}
	in.Severity = of(d, []incident.Severity{incident.SEV3, incident.SEV4, incident.SEV2, "", incident.SEV1})
	in.Visibility = incident.VisibleInternal
	if d.Private(d.n) {
		in.Visibility = incident.VisiblePrivate
	}
	in.Title = d.line()
	in.Summary = d.sentences(2)
	if d.chance(20) {
		in.Background = d.sentence()
	}
	in.Tags = []string{d.service}
	if tag := d.lexicon[10+d.zipf.Uint64()%400]; tag != d.service {
		in.Tags = append(in.Tags, tag)
	}
	in.CreatedBy, in.CreatedAt = d.name(), d.start.Add(d.length+time.Duration(r.IntN(48))*time.Hour)
	if in.CreatedAt.After(until) {
		in.CreatedAt = until
	}
	if d.chance(50) {
		in.Sources = []string{fmt.Sprintf("https://chat.example.com/incidents/%d", d.n)}
	}
	if d.n > 50 && d.chance(4) {
		in.Related = []incident.Number{incident.Number(1 + r.IntN(d.n-1))}
	}
	if d.n > 50 && d.chance(2) {
		before := incident.Number(1 + r.IntN(d.n-1))
		in.RecurrenceOf = &before
	}
}
