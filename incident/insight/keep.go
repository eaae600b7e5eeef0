package insight

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"
)

// written is the form of kept sheets, the first byte of each.
const written = 1

// codec writes a sheet, or reads it, by one description of it.
type codec struct {
	bytes   []byte
	reading bool
	broken  bool
}

func (c *codec) int(v *int64) {
	if !c.reading {
		c.bytes = binary.AppendVarint(c.bytes, *v)
		return
	}
	read, size := binary.Varint(c.bytes)
	if size <= 0 {
		c.broken, c.bytes = true, nil
		*v = 0
		return
	}
	*v, c.bytes = read, c.bytes[size:]
}

func (c *codec) text(v *string) {
	n := int64(len(*v))
	c.int(&n)
	switch {
	case !c.reading:
		c.bytes = append(c.bytes, *v...)
	case n < 0 || n > int64(len(c.bytes)):
		c.broken, c.bytes = true, nil
	default:
		*v, c.bytes = string(c.bytes[:n]), c.bytes[n:]
	}
}

// table writes or reads counts by keys, in the order of the keys.
func table[K comparable](c *codec, m map[K]int64, order func(a, b K) int, key func(*K)) {
	keys := slices.SortedFunc(maps.Keys(m), order)
	n := int64(len(keys))
	c.int(&n)
	for i := int64(0); i < n && !c.broken; i++ {
		var k K
		if !c.reading {
			k = keys[i]
		}
		key(&k)
		count := m[k]
		c.int(&count)
		m[k] = count
	}
}

func (c *codec) sheet(s *Sheet) {
	for _, v := range []*int64{&s.Incidents, &s.Told, &s.Kept, &s.Late, &s.Unanswered} {
		c.int(v)
	}
	for _, m := range []map[string]int64{s.Severities, s.Components, s.Categories} {
		table(c, m, cmp.Compare[string], c.text)
	}
	for _, m := range []map[int64]int64{s.Hours, s.Added} {
		table(c, m, cmp.Compare[int64], c.int)
	}
	table(c, s.FollowUps, func(a, b followUps) int {
		return cmp.Or(cmp.Compare(a.owner, b.owner), cmp.Compare(a.kind, b.kind), cmp.Compare(a.fate, b.fate), cmp.Compare(a.due, b.due))
	}, func(k *followUps) {
		c.text(&k.owner)
		c.text(&k.kind)
		c.text(&k.fate)
		c.int(&k.due)
	})
	at := 0
	for i := range s.Spreads {
		c.spread(s, i, &at)
	}
}

// spread writes or reads how many values each pile has, and where they stand, at being where the first does.
func (c *codec) spread(of *Sheet, measure int, at *int) {
	s := &of.Spreads[measure]
	n, last := int64(len(s.piles)), int64(-1)
	c.int(&n)
	for i := int64(0); i < n && !c.broken; i++ {
		var b, size int64
		p := &pile{}
		if !c.reading {
			p = s.piles[i]
			b, size = int64(p.bucket), int64(p.size)
		}
		c.int(&b)
		c.int(&p.n)
		c.int(&size)
		if c.broken = c.broken || b <= last || b >= buckets || p.n < 0 || size < 0; c.broken {
			return
		}
		p.bucket, p.of, p.at, p.size = int(b), of, *at, int(size)
		if *at, last = *at+p.size, b; c.reading {
			s.piles = append(s.piles, p)
		}
	}
}

// Keep writes the sheet, and its values apart.
func (s *Sheet) Keep() (sheet, values []byte) {
	for i := range s.Spreads {
		for _, p := range s.Spreads[i].piles {
			from := len(values)
			values = p.write(values)
			p.at, p.size = from, len(values)-from
		}
	}
	c := codec{bytes: []byte{written}}
	c.sheet(s)
	return c.bytes, values
}

// Kept reads a sheet that Keep wrote. Its values are elsewhere until Fill or a Piece brings them.
func Kept(sheet []byte) (*Sheet, error) {
	if len(sheet) == 0 || sheet[0] != written {
		return nil, errSheet
	}
	s := NewSheet()
	c := codec{bytes: sheet[1:], reading: true}
	if c.sheet(s); c.broken || len(c.bytes) != 0 {
		return nil, errSheet
	}
	return s, nil
}

// Fill brings all the values of a kept sheet.
func (s *Sheet) Fill(values []byte) error {
	for i := range s.Spreads {
		for _, p := range s.Spreads[i].piles {
			if p.at+p.size > len(values) {
				return errSheet
			}
			if err := p.read(values[p.at : p.at+p.size]); err != nil {
				return err
			}
		}
	}
	return nil
}
