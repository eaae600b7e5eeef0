// Package query understands what people write into the search box, and makes texts and queries the same
// words, so that one finds the other. It is pure: what is found, and by whom, is the store's.
package query

import (
	"strings"
	"time"
)

const (
	longest     = 2000 // bytes of a query that are read
	mostTerms   = 16
	mostFilters = 20
	mostValues  = 20 // of one filter
)

// Query is what somebody asks for: records that hold every term and pass every filter.
type Query struct {
	Terms   []Term
	Filters []Filter
	Hints   []string // what was not understood, and what to write instead; safe to show
}

// Term is a word, or several in a row.
type Term struct {
	Text   string // as written, without the signs around it
	Phrase bool   // it stood in quotation marks: its words follow each other
	Prefix bool   // its last word only begins like this
	Not    bool   // records without it
	Or     bool   // it, or the term before; neither is Not
}

// Filter narrows by something else than words.
type Filter struct {
	Key    Key
	Values []string  // any of them will do; in the form that records have, or Me
	Not    bool      // none of them; never of After and Before
	At     time.Time // of After and Before: the instant, in UTC
}

// Me is the value that stands for whoever asks.
const Me = "me"

// Parse understands a query. It never fails: what is no filter is words, and Hints say why. Days are those of
// UTC, now gives today. It reads the first 2,000 bytes, 16 terms and 20 filters.
func Parse(text string, now time.Time) Query {
	var q Query
	b := newBox(&q, text, now)
	for b.next() {
	}
	b.finish()
	return q
}

// Empty tells whether nothing is asked for.
func (q Query) Empty() bool { return len(q.Terms) == 0 && len(q.Filters) == 0 }

// String writes the query so that Parse understands the same.
func (q Query) String() string {
	var all []string
	for _, t := range q.Terms {
		if t.Or {
			all = append(all, either)
		}
		all = append(all, t.String())
	}
	for _, f := range q.Filters {
		all = append(all, f.String())
	}
	return strings.Join(all, " ")
}

// String writes the term as in a query.
func (t Term) String() string {
	text := t.Text
	if t.Phrase {
		text = `"` + text + `"`
	}
	if t.Prefix {
		text += "*"
	}
	if t.Not {
		text = "-" + text
	}
	return text
}

// String writes the filter as in a query.
func (f Filter) String() string {
	values := make([]string, len(f.Values))
	for i, v := range f.Values {
		if values[i] = v; strings.ContainsAny(v, " ,") {
			values[i] = `"` + v + `"`
		}
	}
	text := string(f.Key) + ":" + strings.Join(values, ",")
	if f.Not {
		text = "-" + text
	}
	return text
}

// hint adds what to tell, once.
func (q *Query) hint(text string) {
	for _, h := range q.Hints {
		if h == text {
			return
		}
	}
	q.Hints = append(q.Hints, text)
}
