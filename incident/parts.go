package incident

import "slices"

// collection is what can be done with one kind of parts.
type collection struct {
	pointer string // JSON pointer of the list in the record
	empty   func() Part
	all     func(*Incident) []Part
	find    func(*Incident, string) Part // nil when there is none
	last    func(*Incident) int64        // the greatest position, 0 when there is none
	add     func(*Incident, Part)        // at its place by position
	remove  func(*Incident, string) bool
	sort    func(*Incident)
	keep    func(*Incident, func(Part) bool)
}

// collections is the one table of parts: a new kind is a row here.
var collections = map[PartKind]collection{
	Timeline: collected("/timeline", func(in *Incident) *[]Entry { return &in.Timeline }),
	Impacts:  collected("/impacts", func(in *Incident) *[]Impact { return &in.Impacts }),
	Whys:     collected("/analysis/whys", func(in *Incident) *[]Why { return &in.Analysis.Whys }),
	Factors:  collected("/analysis/factors", func(in *Incident) *[]Factor { return &in.Analysis.Factors }),
	Lessons:  collected("/analysis/lessons", func(in *Incident) *[]Lesson { return &in.Analysis.Lessons }),
	Messages: collected("/messages", func(in *Incident) *[]Message { return &in.Messages }),
	Actions:  collected("/actions", func(in *Incident) *[]Action { return &in.Actions }),
	Comments: collected("/comments", func(in *Incident) *[]Comment { return &in.Comments }),
}

// collected makes a row of collections from the place of a list in the record.
func collected[T any, P interface {
	*T
	Part
}](pointer string, list func(*Incident) *[]T) collection {
	is := func(id string) func(T) bool {
		return func(part T) bool { return P(&part).Head().ID == id }
	}
	return collection{
		pointer: pointer,
		empty:   func() Part { return P(new(T)) },
		all: func(in *Incident) []Part {
			parts := make([]Part, len(*list(in)))
			for i := range *list(in) {
				parts[i] = P(&(*list(in))[i])
			}
			return parts
		},
		find: func(in *Incident, id string) Part {
			parts := *list(in)
			for i := range parts {
				if P(&parts[i]).Head().ID == id {
					return P(&parts[i])
				}
			}
			return nil
		},
		last: func(in *Incident) (last int64) {
			parts := *list(in)
			for i := range parts {
				last = max(last, P(&parts[i]).Head().Position)
			}
			return last
		},
		add: func(in *Incident, p Part) {
			parts := *list(in)
			i := len(parts)
			for i > 0 && byPosition(P(&parts[i-1]).Head(), p.Head()) > 0 {
				i--
			}
			*list(in) = slices.Insert(parts, i, *p.(P))
		},
		remove: func(in *Incident, id string) bool {
			before := len(*list(in))
			*list(in) = slices.DeleteFunc(*list(in), is(id))
			return len(*list(in)) < before
		},
		sort: func(in *Incident) {
			slices.SortStableFunc(*list(in), func(a, b T) int {
				return byPosition(P(&a).Head(), P(&b).Head())
			})
		},
		keep: func(in *Incident, wanted func(Part) bool) {
			*list(in) = slices.DeleteFunc(*list(in), func(part T) bool { return !wanted(P(&part)) })
		},
	}
}

// Pointer is the JSON pointer of the collection in the record, such as
// "/analysis/whys"; "" for a kind that does not exist.
func (k PartKind) Pointer() string { return collections[k].pointer }

// NewPart makes an empty part to decode into. It is false for a kind that does
// not exist.
func NewPart(k PartKind) (Part, bool) {
	c, ok := collections[k]
	if !ok {
		return nil, false
	}
	return c.empty(), true
}

// Parts lists the parts of a kind as pointers into the record, in its order.
func (in *Incident) Parts(k PartKind) []Part {
	c, ok := collections[k]
	if !ok {
		return nil
	}
	return c.all(in)
}

// Part finds a part by id; what it returns points into the record.
func (in *Incident) Part(k PartKind, id string) (Part, bool) {
	c, ok := collections[k]
	if !ok || id == "" {
		return nil, false
	}
	p := c.find(in, id)
	return p, p != nil
}

// AddPart puts a copy of the part into its collection, which is in order.
// Position 0 becomes the next one, in p too.
func (in *Incident) AddPart(p Part) {
	k := p.PartKind()
	if p.Head().Position == 0 {
		p.Head().Position = NextPosition(collections[k].last(in))
	}
	collections[k].add(in, p)
	if k == Timeline {
		in.SortTimeline()
	}
}

// lastPosition is the maximum of PartHead.Position.
const lastPosition = 1_000_000_000

// NextPosition is the position of what is written after the part at last. At
// the end of the range parts share the last one, so that nobody who writes
// there keeps others from writing.
func NextPosition(last int64) int64 { return min(last, lastPosition-1) + 1 }

// RemovePart takes a part out; it is false when there is none with that id.
// Whys and factors cease to name a removed entry as evidence.
func (in *Incident) RemovePart(k PartKind, id string) bool {
	c, ok := collections[k]
	if !ok || id == "" || !c.remove(in, id) {
		return false
	}
	switch k {
	case Timeline:
		in.keepEvidence(func(entry string) bool { return entry != id })
	case Messages:
		for i := range in.Messages {
			if m := &in.Messages[i]; m.Corrects == id {
				m.Corrects = ""
			}
		}
	}
	return true
}

// keepEvidence drops the ids that are not wanted from whys and factors.
func (in *Incident) keepEvidence(wanted func(id string) bool) {
	unwanted := func(id string) bool { return !wanted(id) }
	for i := range in.Analysis.Whys {
		why := &in.Analysis.Whys[i]
		why.Evidence = slices.DeleteFunc(why.Evidence, unwanted)
	}
	for i := range in.Analysis.Factors {
		factor := &in.Analysis.Factors[i]
		factor.Evidence = slices.DeleteFunc(factor.Evidence, unwanted)
	}
}
