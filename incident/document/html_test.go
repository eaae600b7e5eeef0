package document

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
)

// implied are elements that a parser adds by itself.
var implied = []string{"html", "head", "body", "tbody"}

// TestEveryRecordIsAPageOfHTML5 wants the elements that stand in the text to be
// those that the parser makes, each in its place: it mends a page without a word.
func TestEveryRecordIsAPageOfHTML5(t *testing.T) {
	t.Parallel()
	texts := []string{"word", "a\n\n- b\n  - c\n\n1. d", "> q\n\n| a | b |\n|---|---|\n| 1 | 2 |", "<b>x</i></p></div>", "</main></body>", "```\n<p>\n```", "<table><tr>", "[a](https://example.org)\n# h", "*a **b* c**", "<li>", "- [ ] a", "a\\\nb  \nc", "---"}
	rapid.Check(t, func(r *rapid.T) {
		in := incidenttest.Records().Draw(r, "record")
		text := rapid.SampledFrom(texts).Draw(r, "text")
		if rapid.Bool().Draw(r, "every text") {
			in = incidenttest.Fill(func(string) string { return text })
		}
		incidenttest.SetAudience(in, incident.AudiencePublic)
		for _, who := range []incident.Audience{incident.AudiencePublic, incident.AudienceInternal, incident.AudiencePrivate} {
			for _, only := range []string{"", OnlyTimeline} {
				var b strings.Builder
				if err := Write(&b, byName(t, "html"), in, Options{Audience: who, Only: only}); err != nil {
					r.Fatalf("Write(html) = %v, want a page", err)
				}
				if wrong := mended(b.String()); wrong != "" {
					r.Fatalf("the page is mended by its parser: %s\n%s", wrong, b.String())
				}
			}
		}
	})
}

// mended says what a parser of HTML5 changes in a page; "" for nothing.
func mended(page string) string {
	if !strings.HasPrefix(page, "<!doctype html>\n") {
		return "it has no doctype"
	}
	var said, open []string
	ids := map[string]bool{}
	for z := html.NewTokenizer(strings.NewReader(page)); ; {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			if len(open) > 0 {
				return "left open: " + strings.Join(open, " ")
			}
			root, err := html.Parse(strings.NewReader(page))
			if err != nil {
				return err.Error()
			}
			if made := elements(root, nil); !slices.Equal(said, made) {
				return "it makes " + strings.Join(made, " ") + " of " + strings.Join(said, " ")
			}
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			for _, a := range token.Attr {
				if a.Key == "id" && ids[a.Val] {
					return "two have the id " + a.Val
				}
				ids[a.Val] = ids[a.Val] || a.Key == "id"
			}
			if !slices.Contains(implied, token.Data) {
				said = append(said, strings.Repeat(".", depth(open))+token.Data)
			}
			if !void(token.Data) && kind == html.StartTagToken {
				open = append(open, token.Data)
			}
		case html.EndTagToken:
			name := z.Token().Data
			if len(open) == 0 || open[len(open)-1] != name {
				return "</" + name + "> ends what is open: " + strings.Join(open, " ")
			}
			open = open[:len(open)-1]
		}
	}
}

func void(name string) bool {
	return slices.Contains([]string{"meta", "br", "hr", "img", "input", "link", "col", "wbr"}, name)
}

func depth(open []string) int {
	n := 0
	for _, name := range open {
		if !slices.Contains(implied, name) {
			n++
		}
	}
	return n
}

// elements are those below a node in their order, each with its depth.
func elements(n *html.Node, above []string) (all []string) {
	if n.Type == html.ElementNode {
		if !slices.Contains(implied, n.Data) {
			all = append(all, strings.Repeat(".", len(above))+n.Data)
			above = append(slices.Clone(above), n.Data)
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		all = append(all, elements(c, above)...)
	}
	return all
}
