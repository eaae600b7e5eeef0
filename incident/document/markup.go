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
// pictures of others become links, because a page that is sent or printed loads nothing;
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
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^url$`)).OnElements("a")
	p.AllowAttrs("title").Matching(regexp.MustCompile(`^images/[a-z0-9]{12}\.(png|jpg|gif|webp)$`)).OnElements("img")
	p.AllowAttrs("alt").OnElements("img")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	return p
}()

// HTML renders a text of a record. Whatever the text holds, nothing in what
// comes out acts or loads. A text that would take long to render is shown as it
// was written. Of an image stands there what the text says of it.
func HTML(source string) template.HTML {
	return template.HTML(carry([]byte(Illustrated(source)), Options{})) //nolint:gosec // sanitized
}

// Illustrated is HTML with places for the images of the record: see Illustrate.
func Illustrated(source string) template.HTML {
	var b bytes.Buffer
	if Heavy(source) || markdown.Convert([]byte(source), &b) != nil {
		return asWritten(source)
	}
	return template.HTML(policy.Sanitize(b.String())) //nolint:gosec // sanitized
}

// Markdown renders a text of the story: HTML, until the texts together would
// take seconds.
func (s *story) Markdown(source string) template.HTML {
	const most = 10 * mostCost
	if c := cost(source); c <= mostCost {
		s.spent += c
	}
	if s.spent > most {
		return asWritten(source)
	}
	return Illustrated(source)
}

// plainText is a text without its marks, for where no Markdown is read.
func plainText(source string) string {
	return html.UnescapeString(noTags.Sanitize(string(HTML(source))))
}

var noTags = bluemonday.StrictPolicy()

func asWritten(source string) template.HTML {
	return template.HTML("<pre>" + html.EscapeString(source) + "</pre>") //nolint:gosec // escaped
}

// mostCost is what one text may take: about a tenth of a second.
const mostCost = 10_000_000

// cost is about how many steps of 10 ns it takes to render a text: the square
// of the marks in one paragraph, 10 µs for a link, and far too many for quotes
// and lists opened deep in one line. Measured with goldmark 1.8.7, which 64 kB
// of such marks kept busy for up to eight seconds.
func cost(source string) int {
	const perLink, deepest = 1000, 100
	sum, marks := len(source), 0
	for line := range strings.Lines(source) {
		if strings.TrimSpace(line) == "" {
			sum, marks = sum+marks*marks, 0
			continue
		}
		for _, mark := range "*_[~`<" {
			marks += strings.Count(line, string(mark))
		}
		for _, link := range []string{"@", "://", "www."} {
			sum += perLink * strings.Count(line, link)
		}
		rest := strings.TrimLeft(line, " \t>*+-.)0123456789")
		opened := line[:len(line)-len(rest)]
		if strings.Count(opened, ">")+strings.Count(opened, " ")/2 > deepest && strings.ContainsAny(opened, ">*+-.)") {
			return 10 * mostCost
		}
	}
	return sum + marks*marks
}

// Heavy tells a text that would take long to render: it is shown as it was written.
func Heavy(source string) bool { return cost(source) > mostCost }

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
	r.Register(ast.KindAutoLink, autoLink)
	r.Register(ast.KindImage, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if ours, err := pictureOf(w, source, n.(*ast.Image), entering); ours {
			return ast.WalkSkipChildren, err
		}
		tag := "</a>"
		if entering {
			tag = `<a href="` + html.EscapeString(string(n.(*ast.Image).Destination)) + `">`
		}
		_, err := w.WriteString(tag)
		return ast.WalkContinue, err
	})
}

// autoLink marks an address that is its own text: printing does not repeat it.
func autoLink(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	link := n.(*ast.AutoLink)
	target := string(link.URL(source))
	if link.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(target), "mailto:") {
		target = "mailto:" + target
	}
	text := html.EscapeString(string(link.Label(source)))
	if toWeb.MatchString(target) {
		text = `<a class="url" href="` + html.EscapeString(target) + `">` + text + "</a>"
	}
	_, err := w.WriteString(text)
	return ast.WalkContinue, err
}

var toWeb = regexp.MustCompile(`^(?i:https?://|mailto:)`)

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
