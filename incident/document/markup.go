package document

import (
	"bytes"
	"html"
	"html/template"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Texts are Markdown as GitHub has it. HTML in them is shown as it was written;
// pictures become links, because a page that is sent or printed loads nothing;
// headings go down below those of the page.

// markdown turns a text into HTML that is not yet sanitized.
var markdown = goldmark.New(
	goldmark.WithExtensions(
		extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
		extension.Strikethrough, extension.Linkify, extension.TaskList,
	),
	goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(lower{}, 100))),
	goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(shown{}, 100))),
)

// policy is what may come out, whatever went in. It is our own because the
// usual one for user content drops task lists and the language of code.
var policy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h4", "h5", "h6", "strong", "em", "del", "code", "pre", "blockquote",
		"ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`^(left|center|right)$`)).OnElements("th", "td")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^language-[A-Za-z0-9_+.#-]+$`)).OnElements("code")
	p.AllowAttrs("type").Matching(regexp.MustCompile(`^checkbox$`)).OnElements("input")
	p.AllowAttrs("checked", "disabled").Matching(regexp.MustCompile(`^$`)).OnElements("input")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	return p
}()

// HTML renders a text of a record. Whatever the text holds, nothing in what
// comes out acts or loads. A text that would take seconds to render is shown as
// it was written.
func HTML(source string) template.HTML {
	var b bytes.Buffer
	if costly(source) || markdown.Convert([]byte(source), &b) != nil {
		return template.HTML("<pre>" + html.EscapeString(source) + "</pre>") //nolint:gosec // escaped
	}
	return template.HTML(policy.Sanitize(b.String())) //nolint:gosec // sanitized
}

// costly tells whether rendering would take too long: the time grows with the
// square of the marks in one paragraph, and of the quotes and lists opened on
// one line. 64 kB of such marks took goldmark 1.8.7 up to eight seconds.
func costly(source string) bool {
	const mostMarks, deepest = 2000, 100
	marks := 0
	for line := range strings.Lines(source) {
		if strings.TrimSpace(line) == "" {
			marks = 0
			continue
		}
		for _, mark := range "*_[~`<" {
			marks += strings.Count(line, string(mark))
		}
		rest := strings.TrimLeft(line, " \t>*+-.)0123456789")
		opened := line[:len(line)-len(rest)]
		if marks > mostMarks || strings.Count(opened, ">")+strings.Count(opened, " ")/2 > deepest && strings.ContainsAny(opened, ">*+-.)") {
			return true
		}
	}
	return false
}

// lower moves headings three levels down: the page has those above.
type lower struct{}

// Transform is called by the parser.
func (lower) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	for n := range headingsIn(doc) {
		n.Level = min(n.Level+3, 6)
	}
}

// headingsIn are all headings below a node.
func headingsIn(n ast.Node) func(yield func(*ast.Heading) bool) {
	return func(yield func(*ast.Heading) bool) {
		stop := ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if h, ok := n.(*ast.Heading); ok && entering && !yield(h) {
				return ast.WalkStop, nil
			}
			return ast.WalkContinue, nil
		})
		if stop != nil {
			return // the function above returns no error
		}
	}
}

// shown renders what must not act: HTML as text, a picture as a link.
type shown struct{}

// RegisterFuncs is called by the renderer.
func (shown) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindRawHTML, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkSkipChildren, escaped(w, source, n.(*ast.RawHTML).Segments)
	})
	r.Register(ast.KindHTMLBlock, htmlBlock)
	r.Register(ast.KindImage, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		tag := "</a>"
		if entering {
			tag = `<a href="` + html.EscapeString(string(n.(*ast.Image).Destination)) + `">`
		}
		_, err := w.WriteString(tag)
		return ast.WalkContinue, err
	})
}

func htmlBlock(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	block := n.(*ast.HTMLBlock)
	tag := "<p>"
	if !entering {
		if block.HasClosure() {
			if _, err := w.WriteString(html.EscapeString(string(block.ClosureLine.Value(source)))); err != nil {
				return ast.WalkStop, err
			}
		}
		tag = "</p>\n"
	}
	if _, err := w.WriteString(tag); err != nil || !entering {
		return ast.WalkContinue, err
	}
	return ast.WalkContinue, escaped(w, source, block.Lines())
}

func escaped(w util.BufWriter, source []byte, segments *text.Segments) error {
	for i := range segments.Len() {
		s := segments.At(i)
		if _, err := w.WriteString(html.EscapeString(string(s.Value(source)))); err != nil {
			return err
		}
	}
	return nil
}
