package query

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// either is the word between two terms of which one will do. In small letters it is a word like others.
const either = "OR"

// box reads a query from left to right.
type box struct {
	q    *Query
	rest string
	now  time.Time
	or   bool // the next term may take the place of the last one
}

// plain turns the quotation marks and the minus of word processors into those of keyboards.
var plain = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "＂", `"`, "−", "-", "–", "-", "：", ":")

func newBox(q *Query, text string, now time.Time) *box {
	text = plain.Replace(strings.ToValidUTF8(text, " "))
	if len(text) > longest {
		text = strings.ToValidUTF8(text[:longest], "")
		q.hint(fmt.Sprintf("only the first %d bytes are looked for: ask for less", longest))
	}
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.IsSpace(r) || unicode.In(r, unicode.Cf) {
			return ' '
		}
		return r
	}, text)
	if strings.Count(text, `"`)%2 == 1 {
		last := strings.LastIndexByte(text, '"')
		text = text[:last] + " " + text[last+1:]
		q.hint(`a quotation mark has no partner: the words after it are searched one by one`)
	}
	return &box{q: q, rest: text, now: now}
}

// next reads one term or filter. It is false at the end.
func (b *box) next() bool {
	b.rest = strings.TrimLeft(b.rest, " ")
	if b.rest == "" {
		return false
	}
	bare := strings.TrimLeft(b.rest, "-*")
	not := b.rest[:len(b.rest)-len(bare)] == "-"
	if b.rest = bare; bare == "" || bare[0] == ' ' {
		return true
	}
	if text, quoted := b.quoted(); quoted {
		b.term(Term{Text: text, Phrase: true, Not: not})
		return true
	}
	if key, value, is := b.key(); is {
		b.filter(key, value, not)
		return true
	}
	b.word(not)
	return true
}

// quoted takes what stands in quotation marks at the head of the rest.
func (b *box) quoted() (string, bool) {
	if !strings.HasPrefix(b.rest, `"`) {
		return "", false
	}
	text, rest, _ := strings.Cut(b.rest[1:], `"`) // they are even
	b.rest = rest
	return strings.Join(strings.Fields(text), " "), true
}

// word takes what stands up to a space or a quotation mark.
func (b *box) word(not bool) {
	end := strings.IndexAny(b.rest, ` "`)
	if end < 0 {
		end = len(b.rest)
	}
	text := b.rest[:end]
	b.rest = b.rest[end:]
	if text == either && !not {
		b.or = len(b.q.Terms) > 0 && !b.q.Terms[len(b.q.Terms)-1].Not
		return
	}
	bare := strings.TrimRight(text, "*")
	b.term(Term{Text: bare, Prefix: len(bare) < len(text), Not: not})
}

// term adds one that has something to look for.
func (b *box) term(t Term) {
	if t.Phrase && strings.HasPrefix(b.rest, "*") {
		b.rest, t.Prefix = strings.TrimLeft(b.rest, "*"), true
	}
	if !strings.ContainsFunc(t.Text, worded) {
		return
	}
	if len(b.q.Terms) == mostTerms {
		b.q.hint(fmt.Sprintf("only the first %d words are looked for: ask for less", mostTerms))
		return
	}
	t.Or, b.or = b.or && !t.Not, false
	b.q.Terms = append(b.q.Terms, t)
}

// worded tells whether a word can hold the character.
func worded(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// key takes severity:sev1, with the values as they are written. It leaves what is no filter.
func (b *box) key() (*Rule, string, bool) {
	end := strings.IndexAny(b.rest, `: "`)
	if end <= 0 || b.rest[end] != ':' {
		return nil, "", false
	}
	typed := strings.ToLower(b.rest[:end])
	r := rule(typed)
	if r == nil {
		if near := likely(typed); near != "" {
			b.q.hint(fmt.Sprintf("%s: is not known: did you mean %s:?", typed, near))
		}
		return nil, "", false
	}
	i, in := end+1, false
	for ; i < len(b.rest) && (in || b.rest[i] != ' '); i++ {
		if b.rest[i] == '"' {
			in = !in
		}
	}
	value := b.rest[end+1 : i]
	b.rest = b.rest[i:]
	return r, value, true
}

// filter adds one, or its words and a hint where it is not understood.
func (b *box) filter(r *Rule, written string, not bool) {
	f, wrong, ok := b.understand(r, written, not)
	switch {
	case !ok:
		b.q.hint(r.unknown(wrong))
		text := strings.Join(strings.Fields(string(r.Key)+" "+strings.NewReplacer(`"`, " ", ":", " ").Replace(written)), " ")
		b.term(Term{Text: text, Phrase: true, Not: not})
	case len(b.q.Filters) == mostFilters:
		b.q.hint(fmt.Sprintf("only the first %d filters are looked at: ask for less", mostFilters))
	default:
		b.q.Filters = append(b.q.Filters, f)
	}
}

// understand reads the values of a filter. When it does not, wrong is the one that it can't read.
func (b *box) understand(r *Rule, written string, not bool) (f Filter, wrong string, ok bool) {
	f = Filter{Key: r.Key, Not: not}
	for _, value := range values(written) {
		v := r.read(value)
		if v == "" || len(r.Values) > 0 && !oneOf(v, r.Values) || len(f.Values) == mostValues {
			return f, strings.TrimSpace(value), false
		}
		if !oneOf(v, f.Values) {
			f.Values = append(f.Values, v)
		}
	}
	if len(f.Values) == 0 {
		return f, "", false
	}
	if r.Key != After && r.Key != Before {
		return f, "", true
	}
	at, is := day(f.Values[0], b.now)
	if !is || len(f.Values) > 1 {
		return f, strings.Join(f.Values, ","), false
	}
	f.At = at
	if f.Not {
		f.Not, f.Key = false, map[Key]Key{After: Before, Before: After}[f.Key]
	}
	return f, "", true
}

func oneOf(value string, all []string) bool {
	for _, v := range all {
		if v == value {
			return true
		}
	}
	return false
}

// values cuts a list at its commas, except those in quotation marks.
func values(written string) (all []string) {
	in, from := false, 0
	add := func(to int) {
		if v := strings.Join(strings.Fields(strings.ReplaceAll(written[from:to], `"`, " ")), " "); v != "" {
			all = append(all, v)
		}
	}
	for i := 0; i < len(written); i++ {
		switch {
		case written[i] == '"':
			in = !in
		case written[i] == ',' && !in:
			add(i)
			from = i + 1
		}
	}
	add(len(written))
	return all
}

// finish tells of what can find nothing.
func (b *box) finish() {
	seen := map[Key]string{}
	for _, f := range b.q.Filters {
		r := rule(string(f.Key))
		if !r.Single || f.Not {
			continue
		}
		if before := seen[f.Key]; before != "" && before != strings.Join(f.Values, ",") {
			b.q.hint(fmt.Sprintf("nothing has two of %s: for either, write %s:%s,%s", f.Key, f.Key, before, strings.Join(f.Values, ",")))
		}
		seen[f.Key] = strings.Join(f.Values, ",")
	}
}
