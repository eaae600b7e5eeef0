package store

import (
	"fmt"
	"strconv"
	"strings"

	box "github.com/debriefhq/debrief/incident/query"
)

// sought is one thing that records shall hold: a term, or any of several.
type sought struct {
	terms []box.Term
	meant []string // words that may have been meant, where nothing has the word as it is
}

// soughtIn are what the query asks for, and what it asks to be without. Words that are in nearly every text are left
// out unless there are no others.
func soughtIn(q box.Query) (all []sought, without []box.Term) {
	for _, t := range q.Terms {
		switch {
		case len(telling(t)) == 0:
		case t.Not:
			without = append(without, t)
		case t.Or && len(all) > 0:
			all[len(all)-1].terms = append(all[len(all)-1].terms, t)
		default:
			all = append(all, sought{terms: []box.Term{t}})
		}
	}
	return all, without
}

// telling are the words of a term that are worth looking for. Those joined are left to asTSQuery.
func telling(t box.Term) (words []box.Word) {
	for _, w := range box.Words(t.Text) {
		if !w.Idle() || t.Prefix && w.To == len(t.Text) {
			words = append(words, w)
		}
	}
	return words
}

// tsquery writes what is sought for PostgreSQL, each word with the mark before it.
func (s sought) tsquery(mark string) string {
	var all []string
	for _, t := range s.terms {
		all = append(all, termQuery(t, mark))
	}
	for _, word := range s.meant {
		all = append(all, termQuery(box.Term{Text: word}, mark))
	}
	if len(all) == 1 {
		return all[0]
	}
	return "(" + strings.Join(all, "|") + ")"
}

// termQuery writes one term: its words in a row, or without the hyphens between them. Marked words have no order.
func termQuery(t box.Term, mark string) string {
	var row strings.Builder
	words, last, joined := telling(t), -1, ""
	for _, w := range words {
		if w.Joined {
			joined = mark + w.Stem()
			continue
		}
		if last >= 0 {
			if mark == "" {
				_, _ = fmt.Fprintf(&row, "<%d>", w.At-last) // a builder never fails
			} else {
				_ = row.WriteByte('&')
			}
		}
		last = w.At
		if t.Prefix && w.To == len(t.Text) {
			_, _ = row.WriteString(beginning(w.Text, mark))
		} else {
			_, _ = row.WriteString("'" + mark + w.Stem() + "'")
		}
	}
	if joined != "" && words[len(words)-1].Joined && words[len(words)-1].From == words[0].From {
		return "((" + row.String() + ")|'" + joined + "')"
	}
	return "(" + row.String() + ")"
}

// endings are what words end in that have the same stem. Stems are shorter than what they begin, so that a beginning
// alone would not find them.
var endings = []string{"", "e", "s", "y", "ed", "ing", "ion", "ions", "al", "er", "able", "ation", "ment"}

// beginning writes that a word begins like this.
func beginning(text, mark string) string {
	stems := map[string]bool{}
	all := "'" + mark + text + "':*"
	for _, ending := range endings {
		for _, w := range box.Words(text + ending) {
			if !stems[w.Stem()] && !strings.HasPrefix(w.Stem(), text) {
				stems[w.Stem()] = true
				all += "|'" + mark + w.Stem() + "'"
			}
		}
	}
	return "(" + all + ")"
}

// allOf writes that records hold all that is sought.
func allOf(all []sought) string { return joinedBy("&", all, "") }

// anyOf writes that they hold any of it.
func anyOf(all []sought) string { return joinedBy("|", all, "") }

// anyInHead writes that any of it is in the title or the summary.
func anyInHead(all []sought) string { return joinedBy("|", all, headMark) }

func joinedBy(sign string, all []sought, mark string) string {
	texts := make([]string, len(all))
	for i, s := range all {
		texts[i] = s.tsquery(mark)
	}
	return "(" + strings.Join(texts, sign) + ")"
}

// noneOf writes what records are to be without; "" when it is nothing.
func noneOf(without []box.Term) string {
	var all []string
	for _, t := range without {
		all = append(all, termQuery(t, ""))
	}
	return strings.Join(all, "|")
}

// filedSince writes that a record was filed among the last so many up to top, give or take.
func filedSince(top, count int64) string {
	mark, length := eraMark, int64(eraLength)
	if count > 20*eraLength {
		mark, length = ageMark, ageLength
	}
	var all []string
	for n := top / length; n >= max(0, (top-count)/length); n-- {
		all = append(all, "'"+mark+strconv.FormatInt(n, 10)+"'")
	}
	return "(" + strings.Join(all, "|") + ")"
}
