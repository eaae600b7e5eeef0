package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// operation is one thing that is measured. To add one, write a function that gives its sides and what is held
// against what, and a row of operations.
type operation struct {
	name string
	make func(ctx context.Context, b *bench) (*plan, error)
}

// plan is how an operation is measured.
type plan struct {
	sides  []side
	ratios []ratio
	after  func(ctx context.Context) error // asserts what the sides wrote; nil when they write nothing
}

// ratio holds one side against another: how many units it does while the other does one, by rounds.
type ratio struct {
	name     string
	of, than string  // sides
	inverse  bool    // how long a unit of the first takes, in those of the second
	goal     float64 // the least that is welcome, with inverse the most; 0 is none
}

// operations is the one table. Those that read come before those that write.
var operations = []operation{
	{"read", reading},
	{"not-modified", notModified},
	{"list", listing},
	{"search", searching},
	{"status", statusPage},
	{"append", appending},
	{"create", creating},
	{"import", importing},
}

const (
	sampled  = 512 // records that requests are about
	pageSize = 50
	someBody = 400 // records that are posted, by turns
)

// overHTTP is a side that asks a target over lines of its own.
func (b *bench) overHTTP(name string, to *target, next func(k int64) *ask) side {
	lines := make([]*line, clients)
	for i := range lines {
		lines[i] = &line{to: to}
	}
	b.closings = append(b.closings, func() {
		for _, l := range lines {
			l.close()
		}
	})
	return side{name: name, do: func(ctx context.Context, worker int, k int64) (int, error) {
		_, err := lines[worker].ask(ctx, next(k))
		return 1, err
	}}
}

// byTurns gives one of a list after the other.
func byTurns[T any](list []T) func(k int64) *T {
	return func(k int64) *T { return &list[k%int64(len(list))] }
}

// sample draws records that everybody may read, the same for the same seed.
func (b *bench) sample() []int {
	r := rand.New(rand.NewPCG(b.Seed, 2)) //nolint:gosec // the same records for the same seed
	var numbers []int
	for len(numbers) < min(sampled, b.Size/2) {
		if n := 1 + r.IntN(b.Size); !b.Private(n) {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

// readAsks ask for whole records, and look for the first line of each and its entries.
func (b *bench) readAsks(path string) []ask {
	var all []ask
	for _, n := range b.sample() {
		in, open := b.Record(n), 0
		for i := range in.Timeline {
			if in.Timeline[i].Audience != incident.AudiencePrivate {
				open++
			}
		}
		all = append(all, ask{method: "GET", path: fmt.Sprintf("%s/incidents/%d", path, n), want: 200,
			holds: []byte(in.Timeline[1].ID), count: []byte(`"actor":`), least: open, most: entries + 1})
	}
	return all
}

func reading(ctx context.Context, b *bench) (*plan, error) {
	ours, plain := b.readAsks("/api/v1"), b.readAsks("")
	for i := range min(5, len(ours)) {
		if err := b.sameAnswer(ctx, ours[i], plain[i], recordOf, rowsRecord); err != nil {
			return nil, err
		}
	}
	return &plan{
		sides:  []side{b.overHTTP("ours", b.ours, byTurns(ours)), b.overHTTP("bare", b.bare, byTurns(plain))},
		ratios: []ratio{{name: "read a record ÷ bare", of: "ours", than: "bare", goal: 1}},
	}, nil
}

func notModified(ctx context.Context, b *bench) (*plan, error) {
	full := b.readAsks("/api/v1")
	ours, plain := make([]ask, len(full)), b.readAsks("")
	for i := range full {
		header, _, err := b.ours.once(ctx, full[i])
		if err != nil {
			return nil, err
		}
		tag := header.Get("ETag")
		unchanged := func(path string) ask {
			return ask{method: "GET", path: path, header: "If-None-Match: " + tag + "\r\n", want: 304}
		}
		ours[i], plain[i] = unchanged(full[i].path), unchanged(plain[i].path)
	}
	return &plan{
		sides: []side{b.overHTTP("ours", b.ours, byTurns(ours)), b.overHTTP("bare", b.bare, byTurns(plain)), b.overHTTP("full read", b.ours, byTurns(full))},
		ratios: []ratio{
			{name: "not modified ÷ bare", of: "ours", than: "bare", goal: 0.85},
			{name: "not modified ÷ a full read", of: "ours", than: "full read", goal: 2},
		},
	}, nil
}

// listing asks for pages one after the other, from the newest on.
func listing(ctx context.Context, b *bench) (*plan, error) {
	const pages = 40
	var ours, plain []ask
	cursor, before := "", int64(1<<40)
	for range min(pages, b.Size/pageSize/2) {
		one := ask{method: "GET", path: fmt.Sprintf("/api/v1/incidents?limit=%d&cursor=%s", pageSize, cursor), want: 200, count: []byte(`"created_by":`), least: pageSize, most: pageSize}
		other := one
		other.path = fmt.Sprintf("/incidents?before=%d", before)
		ours, plain = append(ours, one), append(plain, other)
		_, body, err := b.ours.once(ctx, one)
		if err != nil {
			return nil, err
		}
		page, err := pageOf(body)
		if err != nil {
			return nil, err
		}
		cursor, before = page.Next, int64(page.Items[len(page.Items)-1].Number)
	}
	// The bare list tells nobody's private records apart, so only the first page without any can be held against ours.
	return &plan{
		sides:  []side{b.overHTTP("ours", b.ours, byTurns(ours)), b.overHTTP("bare", b.bare, byTurns(plain))},
		ratios: []ratio{{name: "list of 50 ÷ bare", of: "ours", than: "bare", goal: 0.85}},
	}, nil
}

// searching asks for words that few records hold, one in forty, and more than one in five.
func searching(ctx context.Context, b *bench) (*plan, error) {
	var hosts []string
	for _, n := range b.sample()[:min(100, b.Size/4)] {
		hosts = append(hosts, b.Host(n))
	}
	p := &plan{}
	for _, set := range []struct {
		name  string
		words []string
	}{{"rare", hosts}, {"2.5%", knownWords}, {"22%", commonWords}} {
		var ours, plain []ask
		for _, w := range set.words {
			hits := min(b.Hits(w), pageSize)
			ours = append(ours, ask{method: "GET", path: "/api/v1/search?limit=50&q=" + w, want: 200, count: []byte(`"where":`), least: hits, most: pageSize})
			plain = append(plain, ask{method: "GET", path: "/search?q=" + w, want: 200, count: []byte(`"snippet":`), least: hits, most: pageSize})
			if err := b.findsOnly(ctx, ours[len(ours)-1], w); err != nil {
				return nil, err
			}
		}
		p.sides = append(p.sides, b.overHTTP(set.name, b.ours, byTurns(ours)), b.overHTTP("bare "+set.name, b.bare, byTurns(plain)))
	}
	p.ratios = []ratio{
		{name: "search, rare word ÷ bare", of: "rare", than: "bare rare", goal: 0.8},
		{name: "search, word in 2.5%: time ÷ the rare word's", of: "2.5%", than: "rare", inverse: true, goal: 3},
		{name: "search, word in 22%: time ÷ the rare word's", of: "22%", than: "rare", inverse: true, goal: 5},
		{name: "search, word in 2.5% ÷ bare, newest first", of: "2.5%", than: "bare 2.5%"},
		{name: "search, word in 22% ÷ bare, newest first", of: "22%", than: "bare 22%"},
	}
	return p, nil
}

// statusPage holds what outsiders get against a handler of the same bytes.
func statusPage(ctx context.Context, b *bench) (*plan, error) {
	p := &plan{}
	for _, of := range []struct{ name, path string }{{"summary.json", "/api/v2/summary.json"}, {"status page", "/status"}} {
		outsider := &target{address: b.ours.address}
		one := ask{method: "GET", path: of.path, want: 200}
		header, body, err := outsider.once(ctx, one)
		if err != nil {
			return nil, err
		}
		if len(body) < 500 {
			return nil, fmt.Errorf("%s has %d bytes: nothing to measure", of.path, len(body))
		}
		header.Del("Date")
		header.Del("Content-Length")
		bytes, err := b.start(fixed{header, body})
		if err != nil {
			return nil, err
		}
		one.holds = body[:min(200, len(body))] // up to what tells the time
		if of.path != "/status" {
			one.holds = []byte(`"components":[{`)
		}
		next := func(int64) *ask { return &one }
		p.sides = append(p.sides, b.overHTTP(of.name, outsider, next), b.overHTTP("bytes of "+of.name, bytes, next))
		p.ratios = append(p.ratios, ratio{name: of.name + " ÷ writing the same bytes", of: of.name, than: "bytes of " + of.name, goal: 0.8})
	}
	return p, nil
}

// entryText is another line each time.
func (b *bench) entryText(k int64) string {
	word := func(i int64) string { return b.lexicon[mix(b.Seed, int(k*8+i), 300)%uint64(len(b.lexicon))] }
	return fmt.Sprintf("%s %s after %s of %s, %d %s left.", word(0), word(1), word(2), word(3), k, word(4))
}

func (b *bench) entryMoment(k int64) incident.Moment {
	return incident.Exactly(until.Add(time.Duration(k)*time.Second), "UTC", incident.Second)
}

// numbers are words in a path.
func number(location string) string { return location[strings.LastIndexByte(location, '/')+1:] }
