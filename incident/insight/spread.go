package insight

import (
	"encoding/binary"
	"errors"
	"math"
	"math/bits"
	"slices"
	"sort"
)

// buckets is how many there are: one of what is negative, then eight for each power of two.
const buckets = 1 + 8 + 61*8

// bucketOf puts values into buckets in their order.
func bucketOf(v int64) int {
	switch {
	case v < 0:
		return 0
	case v < 8:
		return 1 + int(v)
	}
	power := bits.Len64(uint64(v)) - 1
	return 1 + 8 + (power-3)*8 + int(v>>(power-3))&7
}

// Spread is the values of one measure in one sheet: how many are in each bucket, and the values themselves, which a kept
// sheet has elsewhere until they are asked for.
type Spread struct {
	piles []*pile // by their buckets
}

type pile struct {
	bucket int
	n      int64
	values []int64 // nil while they are elsewhere
	sorted bool
	of     *Sheet // of a kept sheet: that
	at     int    // of a kept sheet: where they stand in its values
	size   int    // bytes
}

func (s *Spread) add(v int64) {
	b := bucketOf(v)
	at, had := s.find(b)
	if !had {
		s.piles = slices.Insert(s.piles, at, &pile{bucket: b})
	}
	p := s.piles[at]
	p.n++
	p.values, p.sorted = append(p.values, v), false
}

// find is where the pile of a bucket stands, or would.
func (s *Spread) find(bucket int) (at int, had bool) {
	return slices.BinarySearchFunc(s.piles, bucket, func(p *pile, b int) int { return p.bucket - b })
}

// write gives the values of the pile, sorted, as differences.
func (p *pile) write(to []byte) []byte {
	p.sort()
	last := int64(0)
	for _, v := range p.values {
		to = binary.AppendVarint(to, v-last)
		last = v
	}
	return to
}

func (p *pile) sort() {
	if !p.sorted {
		slices.Sort(p.values)
		p.sorted = true
	}
}

var errSheet = errors.New("a kept sheet is not in our form")

// read takes the values as write gave them.
func (p *pile) read(from []byte) error {
	last := int64(0)
	values := make([]int64, 0, min(p.n, int64(len(from))))
	for len(from) > 0 {
		d, size := binary.Varint(from)
		if size <= 0 {
			return errSheet
		}
		last += d
		values, from = append(values, last), from[size:]
	}
	if int64(len(values)) != p.n {
		return errSheet
	}
	p.values, p.sorted = values, true
	return nil
}

// spreads are those of one measure in several sheets.
type spreads []*Spread

func (all spreads) count() (n int64) {
	for _, s := range all {
		for _, p := range s.piles {
			n += p.n
		}
	}
	return n
}

// rank finds the piles that hold the k-th value, the smallest being the first, and which of theirs it is.
func (all spreads) rank(k int64) (found []*pile, of int64) {
	var counts [buckets]int64
	for _, s := range all {
		for _, p := range s.piles {
			counts[p.bucket] += p.n
		}
	}
	for b, n := range counts {
		if k > n {
			k -= n
			continue
		}
		for _, s := range all {
			if at, had := s.find(b); had {
				found = append(found, s.piles[at])
			}
		}
		return found, k
	}
	return nil, 0
}

// value is the k-th of all values; false while it stands elsewhere or there is none.
func (all spreads) value(k int64) (int64, bool) {
	piles, k := all.rank(k)
	if len(piles) == 0 || k < 1 {
		return 0, false
	}
	least, most := int64(math.MaxInt64), int64(math.MinInt64)
	for _, p := range piles {
		if p.values == nil {
			return 0, false
		}
		p.sort()
		least, most = min(least, p.values[0]), max(most, p.values[len(p.values)-1])
	}
	return least + int64(sort.Search(int(most-least), func(more int) bool { return upTo(piles, least+int64(more)) >= k })), true
}

// upTo counts the values that are v at most.
func upTo(piles []*pile, v int64) (n int64) {
	for _, p := range piles {
		at, _ := slices.BinarySearch(p.values, v+1)
		n += int64(at)
	}
	return n
}

// The ranks of a distribution of n values, the nearest that there is.
func median(n int64) int64 { return (n + 1) / 2 }
func p90(n int64) int64    { return (9*n + 9) / 10 }
