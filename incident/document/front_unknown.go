package document

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// unknownLines marks lines of the front matter that mean nothing to us; the
// first of them is one in any case.
func (r *reader) unknownLines(from, end int, why string) {
	for line := from; line < max(end, from+1); line++ {
		r.unknownAt[line] = true
	}
	r.lose(from, r.frontLines[from-frontLine], why)
}

// comments keeps those that a person wrote: to YAML the end of "title: Fix #12"
// is one.
func (r *reader) comments(comments map[int]string) {
	known := templateComments()
	for _, line := range slices.Sorted(maps.Keys(comments)) {
		if text := comments[line]; !r.unknownAt[line] && !known[text] && text != "" {
			r.unknownLines(line, line, "kept in the background: what follows # is a comment; put a text that holds # in double quotes")
		}
	}
}

// templateComments are the comments of the templates' front matter.
var templateComments = sync.OnceValue(func() map[string]bool {
	known := map[string]bool{}
	for _, template := range templateTexts() {
		front, _, _, _ := cutFront(template)
		_, comments, _ := readYAML(front)
		for _, text := range comments {
			known[text] = true
		}
	}
	return known
})

// unknownFront keeps the marked lines in the background, as code.
func (r *reader) unknownFront() {
	var kept []string
	for _, line := range slices.Sorted(maps.Keys(r.unknownAt)) {
		if text := r.frontLines[line-frontLine]; strings.TrimSpace(text) != "" {
			kept = append(kept, "    "+text)
		}
	}
	if len(kept) > 0 {
		r.aside = append(r.aside, "### From the front matter\n\n"+strings.Join(kept, "\n"))
	}
}
