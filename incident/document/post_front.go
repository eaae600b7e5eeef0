package document

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// front is the front matter of a post, in the order in which it is written.
type front []pair

// pair is one key. A value is a string, a bare, a []string or, one level down, a front.
type pair struct {
	key   string
	value any
}

// bare is a value that stands without quotes: a date, a number, true or false.
type bare string

// set gives a key a value, in its place where it is there. Nothing is kept of a
// key without a value.
func (f *front) set(key string, value any) {
	*f = slices.DeleteFunc(*f, func(p pair) bool { return p.key == key && empty(value) })
	i := slices.IndexFunc(*f, func(p pair) bool { return p.key == key })
	switch {
	case empty(value):
	case i >= 0:
		(*f)[i].value = value
	default:
		*f = append(*f, pair{key, value})
	}
}

func empty(value any) bool {
	switch v := value.(type) {
	case string:
		return v == ""
	case bare:
		return v == ""
	case []string:
		return len(v) == 0
	case front:
		return len(v) == 0
	}
	return true
}

// yaml writes the front matter between its marks. Texts are quoted by our own
// scalar: goccy/go-yaml 1.19.2 leaves "12:30:45", "? x", "<<" and ".inf" plain,
// which the YAML 1.1 of Hugo and Jekyll reads as something else.
func (f front) yaml() string {
	var b strings.Builder
	b.WriteString("---\n")
	f.yamlLines(&b, "")
	b.WriteString("---\n")
	return b.String()
}

func (f front) yamlLines(b *strings.Builder, indent string) {
	for _, p := range f {
		b.WriteString(indent + p.key + ":")
		switch v := p.value.(type) {
		case front:
			b.WriteByte('\n')
			v.yamlLines(b, indent+"  ")
		case []string:
			b.WriteByte('\n')
			for _, one := range v {
				b.WriteString(indent + "  - " + yamlText(one) + "\n")
			}
		case bare:
			b.WriteString(" " + string(v) + "\n")
		case string:
			b.WriteString(" " + yamlText(v) + "\n")
		}
	}
}

// yamlText is a text that YAML of any version reads as one.
func yamlText(text string) string {
	if yamlWord.MatchString(text) {
		return scalar(text)
	}
	return quotedScalar(text)
}

// yamlWord begins with a letter and holds nothing but what a sentence does.
var yamlWord = regexp.MustCompile(`^\p{L}[\p{L}\p{N} .,;/()+_-]*$`)

// toml writes the front matter between Zola's marks. Tables follow the other
// keys.
func (f front) toml() string {
	var b strings.Builder
	b.WriteString("+++\n")
	f.tomlLines(&b)
	for _, p := range f {
		if table, ok := p.value.(front); ok {
			b.WriteString("\n[" + p.key + "]\n")
			table.tomlLines(&b)
		}
	}
	b.WriteString("+++\n")
	return b.String()
}

func (f front) tomlLines(b *strings.Builder) {
	for _, p := range f {
		switch v := p.value.(type) {
		case bare:
			b.WriteString(p.key + " = " + string(v) + "\n")
		case string:
			b.WriteString(p.key + " = " + tomlText(v) + "\n")
		case []string:
			all := make([]string, len(v))
			for i, one := range v {
				all[i] = tomlText(one)
			}
			b.WriteString(p.key + " = [" + strings.Join(all, ", ") + "]\n")
		}
	}
}

// tomlText is a basic string.
func tomlText(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case escapedInYAML(r):
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// meta writes Pelican's lines: a key, a colon and a value without quotes.
func (f front) meta() string {
	var b strings.Builder
	for _, p := range f {
		text := ""
		switch v := p.value.(type) {
		case bare:
			text = string(v)
		case string:
			text = v
		case []string:
			text = strings.Join(v, ", ")
		}
		if text = strings.Join(strings.Fields(text), " "); text != "" {
			b.WriteString(p.key + ": " + text + "\n")
		}
	}
	return b.String()
}

// dates are the keys that say when a post was written and when it was changed
// last, as the layouts have them.
func (p *post) dates(f *front, written, changed, layout, day string) {
	date, ok := dateOf(p.story)
	if !ok {
		return
	}
	f.set(written, date.as(layout, day))
	if at := p.UpdatedAt.In(date.Location()).Truncate(time.Second); at.After(date.Time) {
		f.set(changed, bare(at.Format(layout)))
	}
}

// inLine is a text on one line, for a value of the front matter.
func inLine(text string) string { return strings.Join(strings.Fields(text), " ") }
