package document

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// withoutHints leaves the template's hints out, as empty lines. One that is not
// closed is no hint. What a person wrote into one is given as written, by line.
func withoutHints(lines []string) (out []string, written map[int]string) {
	inCode, open, lastEnd := fenced(lines), false, -1
	for i, line := range lines {
		if strings.Contains(line, "-->") {
			lastEnd = i
		}
	}
	ours := templateLines()
	out, written = make([]string, len(lines)), map[int]string{}
	for i, line := range lines {
		if !inCode[i] && i <= lastEnd && strings.HasPrefix(line, hint) {
			open = true
		}
		if !open {
			out[i] = line
			continue
		}
		inside, rest, ends := strings.Cut(line, "-->")
		if ends {
			out[i], open = strings.TrimLeft(rest, " "), false
			inside += "-->"
		}
		if !ours[strings.TrimSpace(inside)] {
			written[i] = strings.TrimSuffix(strings.TrimPrefix(inside, hint), "-->")
		}
	}
	return out, written
}

// templateLines are the lines of the templates, and blank ones.
var templateLines = sync.OnceValue(func() map[string]bool {
	known := map[string]bool{hint: true}
	for _, template := range templateTexts() {
		for line := range strings.Lines(template) {
			known[strings.TrimSpace(line)] = true
		}
	}
	return known
})

// fromHints keeps what a person wrote into the hints of the template.
func (r *reader) fromHints(written map[int]string, from int) {
	const why = "kept in the background: it stood in a hint, which is left out up to -->; delete the hint's marks"
	var kept section
	for _, i := range slices.Sorted(maps.Keys(written)) {
		kept = kept.with(written[i], from+i)
	}
	r.keep(kept.line, "From a hint", kept.lines, why)
}
