package document

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/debriefhq/debrief/incident"
)

const longestTitle = 200 // characters

var (
	anyHeading  = regexp.MustCompile(`^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$`)
	underlined  = regexp.MustCompile(`^ {0,3}(=+|-{2,})[ \t]*$`)
	summaryName = regexp.MustCompile(`(?i)^(?:executive |incident |issue )?(?:summary|overview|tl;?dr)\b`)
)

// stranger keeps a document that is not ours: a title, its first words as
// summary, and the whole text in the background.
func stranger(text string, keys []field) *Reading {
	in := &incident.Incident{Background: text}
	r := &reader{in: in}
	r.lose(0, text, "kept whole in the background: this is not Debrief's own form, so only a title and a summary were taken from it")
	for _, f := range keys {
		if value, _ := f.text(); strings.EqualFold(f.key, "title") {
			in.Title = value
			continue
		}
		r.lose(f.line, f.key, "kept in the background: this key of the front matter was not understood")
	}
	_, body, start, _ := cutFront(text)
	r.headings(strings.Split(body, "\n"), start)
	in.Title = titleOf(in.Title, in.Summary+"\n"+text)
	in.Normalize()
	return &Reading{Incident: in, Report: r.losses.all()}
}

// headings finds the title and the summary, and reports the other parts.
func (r *reader) headings(lines []string, from int) {
	inCode := fenced(lines)
	first, summary := -1, -1
	for i, line := range lines {
		name, ok := headingAt(lines, i)
		if !ok || inCode[i] {
			continue
		}
		switch {
		case summary < 0 && summaryName.MatchString(name):
			summary = i
		case r.in.Title == "" && first < 0:
			r.in.Title = name
		default:
			r.lose(from+i, line, "kept in the background: what stands under this heading was not read as entries, causes or actions")
		}
		first = i
	}
	if summary >= 0 {
		r.in.Summary = paragraph(lines[summary+1:])
	}
	if r.in.Summary == "" {
		r.in.Summary = paragraph(lines)
	}
}

// headingAt reads the heading of line i: marked with #, or underlined.
func headingAt(lines []string, i int) (string, bool) {
	if m := anyHeading.FindStringSubmatch(lines[i]); m != nil {
		return m[2], m[2] != ""
	}
	over := strings.TrimSpace(lines[i])
	if over == "" || i+1 == len(lines) || !underlined.MatchString(lines[i+1]) || strings.ContainsAny(over[:1], "|->*#") {
		return "", false
	}
	return over, i == 0 || strings.TrimSpace(lines[i-1]) == ""
}

// paragraph is the first one of the lines, without headings and comments.
func paragraph(lines []string) string {
	var found []string
	inCode := fenced(lines)
	for i, line := range lines {
		trimmed := strings.TrimSpace(line)
		_, heading := headingAt(lines, i)
		skip := !inCode[i] && (heading || underlined.MatchString(line) || strings.HasPrefix(trimmed, "<!--"))
		switch {
		case trimmed == "" && len(found) > 0 && !inCode[i], skip && len(found) > 0:
			return strings.Join(found, "\n")
		case (trimmed != "" || len(found) > 0) && !skip:
			found = append(found, line)
		}
	}
	return strings.Join(found, "\n")
}

// titleOf makes one line of a title; a document without one gets its first words.
func titleOf(title, text string) string {
	for _, line := range append([]string{title}, strings.Split(text, "\n")...) {
		line = strings.Join(strings.FieldsFunc(line, func(r rune) bool { return unicode.IsControl(r) || r == ' ' }), " ")
		if strings.Trim(line, "-–—=*#_ ") == "" {
			continue
		}
		if cut := []rune(line); len(cut) > longestTitle {
			line = fmt.Sprintf("%s…", string(cut[:longestTitle-1]))
		}
		return line
	}
	return "Untitled"
}
