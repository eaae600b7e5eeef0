package document

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	extension "github.com/yuin/goldmark/extension/ast"

	"github.com/debriefhq/debrief/incident"
)

// inlines writes what stands in the lines of a block.
func (t tamer) inlines(parent ast.Node) string {
	var b strings.Builder
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		b.WriteString(t.inline(n))
	}
	return b.String()
}

func (t tamer) inline(n ast.Node) string {
	switch n := n.(type) {
	case *ast.Text:
		text := inertText(wordsIn(n, t.source))
		switch {
		case n.HardLineBreak():
			return text + "\\\n"
		case n.SoftLineBreak():
			return text + "\n"
		}
		return text
	case *ast.String:
		return inertText(string(n.Value))
	case *ast.CodeSpan:
		return t.code(n)
	case *ast.Emphasis:
		mark := strings.Repeat("*", n.Level)
		return mark + t.inlines(n) + mark
	case *extension.Strikethrough:
		return "~~" + t.inlines(n) + "~~"
	case *extension.TaskCheckBox:
		if n.IsChecked {
			return "[x] "
		}
		return "[ ] "
	case *ast.Link:
		return linked(t.inlines(n), string(n.Destination))
	case *ast.Image:
		if path := string(n.Destination); incident.ImageAt(path) != "" {
			return t.picture(path, altOf(n, t.source))
		}
		return linked(t.inlines(n), string(n.Destination))
	case *ast.AutoLink:
		target := string(n.URL(t.source))
		if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(target), "mailto:") {
			target = "mailto:" + target
		}
		if target == webAddress(target) && target == string(n.Label(t.source)) && toWeb.MatchString(target) {
			return "<" + target + ">"
		}
		return linked(inertText(string(n.Label(t.source))), target)
	case *ast.RawHTML:
		var b strings.Builder
		for i := range n.Segments.Len() {
			segment := n.Segments.At(i)
			b.WriteString(inertText(string(segment.Value(t.source))))
		}
		return b.String()
	}
	return t.inlines(n)
}

// picture is an image of the record; where it is gone, what the text says of it.
func (t tamer) picture(path, alt string) string {
	if !t.kept(path) {
		return inertText(alt)
	}
	return t.markdownImage(printed(alt), path)
}

// printed is a text without a character that Markdown reads as a mark: others
// that look alike stand there. Hugo 0.111 shows the escapes and entities of what
// is said of an image, so there can be none.
func printed(text string) string {
	return curled(marksAlike.Replace(entity.ReplaceAllString(inLine(text), "＆$1")))
}

var marksAlike = strings.NewReplacer(`\`, "＼", "`", "‘", "'", "’", "*", "∗", "_", "＿", "~", "∼", "[", "(", "]", ")", "|", "¦",
	"<", "‹", ">", "›", "{", "｛", "}", "｝", "---", "—", "--", "–", "...", "…")

// linked is a link where it leads to the web, else only its text.
func linked(text, target string) string {
	if !toWeb.MatchString(target) || strings.ContainsAny(target, " \n\t") || text == "" {
		return text
	}
	return "[" + text + "](" + webAddress(target) + ")"
}

// code writes a code span; where Hugo would obey it, as text.
func (t tamer) code(n *ast.CodeSpan) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if text, ok := c.(*ast.Text); ok {
			b.WriteString(strings.ReplaceAll(string(text.Segment.Value(t.source)), "\n", " "))
		}
	}
	code := b.String()
	if acting.MatchString(code) || strings.ContainsAny(code, "|\\") || strings.TrimSpace(code) == "" {
		return inertText(code)
	}
	fence := "`"
	for strings.Contains(code, fence) {
		fence += "`"
	}
	if strings.HasPrefix(code, "`") || strings.HasSuffix(code, "`") {
		code = " " + code + " "
	}
	return fence + code + fence
}

// inertText is a text in which no mark acts, save at the start of a line, and
// nothing becomes a link.
func inertText(text string) string {
	text = inert.ReplaceAllStringFunc(strings.ReplaceAll(text, "\n", " "), func(mark string) string {
		if strings.Contains("\\&<>{}@", mark) {
			return fmt.Sprintf("&#%d;", mark[0])
		}
		return `\` + mark
	})
	return address.ReplaceAllStringFunc(text, func(a string) string {
		return strings.NewReplacer(":", "&#58;", ".", "&#46;").Replace(a)
	})
}

var (
	inert   = regexp.MustCompile("[\\\\`*_\\[\\]#|~&<>{}@]")
	address = regexp.MustCompile(`(?i):/|www\.`)
)

// startsPlain keeps lines of a paragraph from beginning a list, a heading, an
// underline, a definition or code.
func startsPlain(text string) string {
	text = blockMark.ReplaceAllString(indent.ReplaceAllString(text, ""), `\$0`)
	return numberMark.ReplaceAllString(text, `$1\$2`)
}

var (
	indent     = regexp.MustCompile(`(?m)^[ \t]+`)
	blockMark  = regexp.MustCompile(`(?m)^[-+=#:]`)
	numberMark = regexp.MustCompile(`(?m)^(\d+)([.)])`)
)
