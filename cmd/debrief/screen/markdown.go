package screen

import (
	"fmt"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/debriefhq/debrief/incident/document"
)

// parser reads texts as the pages do. Tables stay as they were written, which
// is how people lay them out.
var parser = goldmark.New(goldmark.WithExtensions(extension.Strikethrough, extension.Linkify, extension.TaskList)).Parser()

// Markdown lays a text out in lines of at most width columns. In letters alone
// the marks stay; nothing in the text can drive the terminal, whatever it spells.
func (k Ink) Markdown(source string, width int) []string {
	source = strings.TrimRight(Plain(source), "\n")
	if document.Heavy(source) {
		return k.asWritten(source, width)
	}
	d := drawing{ink: k, source: []byte(source)}
	return d.blocks(parser.Parse(text.NewReader(d.source)), width)
}

func (k Ink) asWritten(source string, width int) []string {
	var lines []string
	for line := range strings.SplitSeq(source, "\n") {
		lines = append(lines, k.Wrap("", line, width)...)
	}
	return lines
}

type drawing struct {
	ink    Ink
	source []byte
}

// blocks draws what is in a block, with an empty line between paragraphs.
func (d *drawing) blocks(parent ast.Node, width int) []string {
	var lines []string
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		_, tight := n.(*ast.TextBlock)
		_, list := n.(*ast.List)
		nested := list && parent.Kind() == ast.KindListItem
		if len(lines) > 0 && !tight && !nested {
			lines = append(lines, "")
		}
		lines = append(lines, d.block(n, max(width, 20))...)
	}
	return lines
}

func (d *drawing) block(n ast.Node, width int) []string {
	switch n := n.(type) {
	case *ast.Heading:
		mark := ""
		if !d.ink {
			mark = strings.Repeat("#", n.Level) + " "
		}
		return d.ink.Flow(append([]Run{{mark, Strong}}, d.inlines(n, Strong)...), width)
	case *ast.List:
		return d.list(n, width)
	case *ast.Blockquote:
		return hang(d.blocks(n, width-2), d.ink.Put(Faint, "│")+" ", d.ink.Put(Faint, "│")+" ")
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		return d.code(n)
	case *ast.ThematicBreak:
		return []string{d.ink.Put(Faint, strings.Repeat("─", min(width, 20)))}
	case *ast.HTMLBlock:
		var b strings.Builder
		for i := range n.Lines().Len() {
			b.Write(d.value(n.Lines().At(i)))
		}
		if n.HasClosure() {
			b.Write(d.value(n.ClosureLine))
		}
		return d.ink.asWritten(strings.TrimRight(b.String(), "\n"), width)
	}
	if table(n, d.source) {
		return d.code(n)
	}
	return d.ink.Flow(d.inlines(n, ""), width)
}

// table tells a paragraph whose lines are rows: it is not wrapped.
func table(n ast.Node, source []byte) bool {
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		if !strings.HasPrefix(strings.TrimSpace(string(line.Value(source))), "|") {
			return false
		}
	}
	return n.Lines().Len() > 1
}

func (d *drawing) value(s text.Segment) []byte { return s.Value(d.source) }

// code is not wrapped: its lines are copied.
func (d *drawing) code(n ast.Node) []string {
	var lines []string
	for i := range n.Lines().Len() {
		line := strings.TrimRight(string(d.value(n.Lines().At(i))), "\n")
		lines = append(lines, "  "+d.ink.Put(Code, strings.ReplaceAll(line, "\t", "    ")))
	}
	return lines
}

func (d *drawing) list(list *ast.List, width int) []string {
	var lines []string
	number := list.Start
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		mark := "• "
		if list.IsOrdered() {
			mark = fmt.Sprintf("%d. ", number)
			number++
		}
		if len(lines) > 0 && !list.IsTight {
			lines = append(lines, "")
		}
		body := d.blocks(item, width-Width(mark))
		if len(body) == 0 {
			body = []string{""}
		}
		lines = append(lines, hang(body, mark, strings.Repeat(" ", Width(mark)))...)
	}
	return lines
}

// hang puts first before the first line and rest before the others.
func hang(lines []string, first, rest string) []string {
	for i, line := range lines {
		lines[i] = strings.TrimRight(rest+line, " ")
		if i == 0 {
			lines[i] = first + line
		}
	}
	return lines
}

// inlines are the words of a block.
func (d *drawing) inlines(parent ast.Node, s Style) []Run {
	var runs []Run
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		runs = append(runs, d.inline(n, s)...)
	}
	return runs
}

func (d *drawing) inline(n ast.Node, s Style) []Run {
	switch n := n.(type) {
	case *ast.Text:
		runs := []Run{{spell(d.value(n.Segment)), s}}
		if n.HardLineBreak() {
			return append(runs, Run{"\n", ""})
		}
		if n.SoftLineBreak() {
			return append(runs, Run{" ", s})
		}
		return runs
	case *ast.Emphasis:
		mark, style := "*", Slanted
		if n.Level > 1 {
			mark, style = "**", Strong
		}
		return d.marked(mark, d.inlines(n, s.and(style)))
	case *extast.Strikethrough:
		return d.marked("~~", d.inlines(n, s.and(Struck)))
	case *ast.CodeSpan:
		return d.marked("`", []Run{{d.raw(n), s.and(Code)}})
	case *extast.TaskCheckBox:
		if n.IsChecked {
			return []Run{{"☑ ", Good}}
		}
		return []Run{{"☐ ", s}}
	case *ast.AutoLink:
		return []Run{{Plain(string(n.Label(d.source))), s.and(Linked)}}
	case *ast.Link:
		return d.link(d.inlines(n, s.and(Linked)), string(n.Destination), s)
	case *ast.Image:
		return d.link(append([]Run{{"picture: ", s}}, d.inlines(n, s.and(Linked))...), string(n.Destination), s)
	case *ast.RawHTML:
		var b strings.Builder
		for i := range n.Segments.Len() {
			b.Write(d.value(n.Segments.At(i)))
		}
		return []Run{{b.String(), s}}
	}
	return d.inlines(n, s)
}

// link shows where it leads, always: the text may say anything.
func (d *drawing) link(shown []Run, to string, s Style) []Run {
	return append(shown, Run{" (" + Plain(to) + ")", s.and(Faint)})
}

// marked keeps the marks when there is no ink to say the same.
func (d *drawing) marked(mark string, runs []Run) []Run {
	if d.ink {
		return runs
	}
	return append(append([]Run{{mark, ""}}, runs...), Run{mark, ""})
}

func (d *drawing) raw(n ast.Node) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.Write(d.value(t.Segment))
		}
	}
	return strings.ReplaceAll(b.String(), "\n", " ")
}

// spell reads escapes and entities, which may spell what Plain takes away.
func spell(source []byte) string {
	source = util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(source)))
	return strings.ReplaceAll(Plain(string(source)), "\n", " ")
}
