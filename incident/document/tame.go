package document

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	extension "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// tamed is a text as Markdown for a generator that leaves HTML out. It shows
// what HTML shows, and is as harmless: only marks that we write act.
func (p *post) tamed(source string) string {
	if c := cost(source); c <= mostCost {
		p.spent += c
	}
	if cost(source) > mostCost || p.spent > 10*mostCost {
		return codeBlock(source, "")
	}
	t := tamer{p, []byte(source)}
	return t.blocks(markdown.Parser().Parse(text.NewReader(t.source)), "\n\n")
}

// tamer writes what was parsed of a text anew.
type tamer struct {
	*post
	source []byte
}

// blocks writes the blocks in a node, with a separator between them.
func (t tamer) blocks(parent ast.Node, between string) string {
	var all []string
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if block := t.block(n); block != "" {
			all = append(all, block)
		}
	}
	return strings.Join(all, between)
}

func (t tamer) block(n ast.Node) string {
	switch n := n.(type) {
	case *ast.Heading:
		return strings.Repeat("#", n.Level) + " " + strings.ReplaceAll(t.inlines(n), "\n", " ")
	case *ast.ThematicBreak:
		return "* * *"
	case *ast.FencedCodeBlock:
		language := string(n.Language(t.source))
		if !codeLanguage.MatchString(language) {
			language = ""
		}
		return codeBlock(strings.TrimSuffix(t.lines(n), "\n"), language)
	case *ast.CodeBlock:
		return codeBlock(strings.TrimSuffix(t.lines(n), "\n"), "")
	case *ast.HTMLBlock:
		text := t.lines(n)
		if n.HasClosure() {
			text += string(n.ClosureLine.Value(t.source))
		}
		return plainLines(text)
	case *ast.Blockquote:
		return "> " + strings.ReplaceAll(t.blocks(n, "\n\n"), "\n", "\n> ")
	case *ast.List:
		return t.list(n)
	case *extension.Table:
		return t.table(n)
	}
	return startsPlain(t.inlines(n))
}

var codeLanguage = regexp.MustCompile(`^[A-Za-z0-9_+.#-]*$`)

func (t tamer) lines(n ast.Node) string {
	var b strings.Builder
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		b.Write(line.Value(t.source))
	}
	return b.String()
}

// acting finds what Hugo obeys even in code: shortcodes, and the end of a summary.
var acting = regexp.MustCompile(`\{\{[<%]|<!--`)

// codeBlock writes code as it is; where Hugo would obey it, as lines of text.
func codeBlock(code, language string) string {
	if acting.MatchString(code) {
		return plainLines(code)
	}
	fence := "```"
	for strings.Contains(code, fence) {
		fence += "`"
	}
	return fence + language + "\n" + code + "\n" + fence
}

// plainLines writes lines that all stay lines, and are nothing but text.
func plainLines(text string) string {
	var all []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, startsPlain(inertText(line)))
		}
	}
	return strings.Join(all, "\\\n")
}

func (t tamer) list(n *ast.List) string {
	between := "\n\n"
	if n.IsTight {
		between = "\n"
	}
	var all []string
	number := n.Start
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		mark := "- "
		if n.IsOrdered() {
			mark = fmt.Sprintf("%d. ", number)
			number++
		}
		all = append(all, mark+indented(t.item(item, between), strings.Repeat(" ", len(mark))))
	}
	return strings.Join(all, between)
}

// item writes what is in an item; only a list may follow a text without an empty
// line.
func (t tamer) item(parent ast.Node, between string) string {
	var b strings.Builder
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if _, nested := n.(*ast.List); nested && b.Len() > 0 {
			b.WriteString(between)
		} else if b.Len() > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(t.block(n))
	}
	return b.String()
}

// indented puts spaces before all lines but the first, save empty ones.
func indented(text, spaces string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\n", "\n"+spaces), "\n"+spaces+"\n", "\n\n")
}

func (t tamer) table(n *extension.Table) string {
	var rows []string
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		line := "|"
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			line += " " + strings.ReplaceAll(t.inlines(cell), "\n", " ") + " |"
		}
		rows = append(rows, line)
		if len(rows) == 1 {
			rows = append(rows, "|"+alignments(n.Alignments))
		}
	}
	return strings.Join(rows, "\n")
}

func alignments(all []extension.Alignment) string {
	line := ""
	for _, a := range all {
		switch a {
		case extension.AlignLeft:
			line += " :--- |"
		case extension.AlignRight:
			line += " ---: |"
		case extension.AlignCenter:
			line += " :---: |"
		default:
			line += " --- |"
		}
	}
	return line
}
