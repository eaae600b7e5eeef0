package document

import (
	"bytes"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"pgregory.net/rapid"
)

// likeHugo renders as Hugo does, which leaves HTML out.
var likeHugo = goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote, extension.DefinitionList))

func tame(text string) string {
	p := &post{story: &story{}, noHTML: true}
	return p.shown(text)
}

// wordsOf is what a reader reads of a page. The marks of emphasis may differ, and goldmark
// loses a backslash that ends the first line of an underlined heading.
func wordsOf(page string) string {
	text := html.UnescapeString(noTags.Sanitize(page))
	return strings.Join(strings.Fields(regexp.MustCompile(`[*_~\\]`).ReplaceAllString(text, "")), " ")
}

func TestATamedTextReadsAsItDid(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"plain", hostile, "a\n: b", "1986\\. year\n\n2. two\n3. three", "- a\n\n  b\n- c\n  - d\n\n      code", "> a\n> - b\n>\n> c", "`` a`b ``", "`a|b`",
		"|a|b|\n|:-|-:|\n|`x`|\\||", "[a*b*](https://example.org/x_(y)) <https://example.org> a@example.org", "[a](javascript:alert(1))", "a&amp;b &#123; \\*x\\*",
		"**a** *b* ~~c~~", "a  \nb\\\nc", "{{< x >}} `{{< x >}}`\n\n    {{% x %}}", "[^1]\n\n[^1]: note", "<b>a</b>\n\n<script>\nx\n\ny</script>", "a\n===\n\nb\n---", "\\# x\n\\- y\n+ z",
		"````\n```\nx\n````", "- [ ] a\n- [x] b", "![a](https://example.org/x.png)", "www.example.org", "\\", "a\\", "1) a\n2) b", "*", "- ", "#", "\t\tx", "Term\n\n:   x",
	} {
		compareTamed(t, text)
	}
}

func TestAnyTamedTextReadsAsItDid(t *testing.T) {
	t.Parallel()
	piece := rapid.SampledFrom([]string{
		"a", "b c", " ", "\n", "\n\n", "*", "**", "_", "~~", "`", "``", "```", "\n```\n", "<b>", "</b>", "<!--", "-->", "{{<", ">}}", "{{%", "{#x}", "[", "](", ")", "https://example.org/",
		"javascript:x", "- ", "\n- ", "\n  ", "\n    ", "1. ", "\n1. ", "\n> ", "#", "\n# ", "\n---\n", "\n===\n", "|", "\n|-|\n", "\\", "&lt;", "&", "!", ":", "\n: ", "[^1]", "]: ", "\t", "é", "$$", "[ ] ", "~~~",
	})
	rapid.Check(t, func(r *rapid.T) {
		compareTamed(r, strings.Join(rapid.SliceOfN(piece, 1, 14).Draw(r, "pieces"), ""))
	})
}

func compareTamed(t interface{ Errorf(string, ...any) }, text string) {
	made := tame(text)
	var page bytes.Buffer
	if err := likeHugo.Convert([]byte(made), &page); err != nil {
		t.Errorf("Convert(%q) = %v", made, err)
		return
	}
	if strings.Contains(page.String(), "raw HTML omitted") || strings.Contains(made, "{{<") || strings.Contains(made, "{{%") {
		t.Errorf("%q is tamed to %q, which is not tame", text, made)
	}
	if got, want := wordsOf(page.String()), wordsOf(string(HTML(text))); got != want {
		t.Errorf("%q is tamed to %q, which reads %q, want %q", text, made, got, want)
	}
	if regexp.MustCompile(`<h[123]|href="[^hm#]|<script`).MatchString(page.String()) {
		t.Errorf("%q is tamed to %q, which leaves its place: %s", text, made, page.String())
	}
}
