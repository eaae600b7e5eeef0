package document

import (
	"html/template"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
)

func TestRender(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text, want string
	}{
		{"a paragraph", "a *b* `c`", "<p>a <em>b</em> <code>c</code></p>"},
		{"a task list keeps its boxes", "- [x] a", `<ul><li><input checked="" disabled="" type="checkbox"> a</li></ul>`},
		{"code keeps its language", "```sql\nselect 1\n```", "<pre><code class=\"language-sql\">select 1\n</code></pre>"},
		{"headings go below those of the page", "# a", "<h4>a</h4>"},
		{"not further than there are", "##### a", "<h6>a</h6>"},
		{"a table keeps its sides", "|a|\n|-:|\n|1|", `<table><thead><tr><th align="right">a</th></tr></thead><tbody><tr><td align="right">1</td></tr></tbody></table>`},
		{"a link leads to the web", "[a](https://example.org)", `<p><a href="https://example.org" rel="nofollow noreferrer">a</a></p>`},
		{"and nowhere else", "[a](javascript:alert(1)) [b](data:text/html,x)", "<p>a b</p>"},
		{"not in disguise", "[a](java&#115;cript:alert(1)) <javascript:alert(1)>", "<p>a javascript:alert(1)</p>"},
		{"HTML is shown, not done", "<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"},
		{"also inside a line", "a <img src=x onerror=alert(1)> b", "<p>a &lt;img src=x onerror=alert(1)&gt; b</p>"},
		{"a picture is a link", "![a](https://example.org/a.png)", `<p><a href="https://example.org/a.png" rel="nofollow noreferrer">a</a></p>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := strings.NewReplacer(">\n<", "><", "\n</p>", "</p>").Replace(strings.TrimSpace(string(HTML(tt.text))))
			if got != tt.want {
				t.Errorf("HTML(%q) = %s, want %s", tt.text, got, tt.want)
			}
		})
	}
}

func TestNoTextTakesSecondsToRender(t *testing.T) {
	t.Parallel()
	const most, much = 65536, 50 // times what ordinary paragraphs take; by the square it is thousands
	many := strings.Repeat("a *b* `c` [d](https://example.org)\n\n", 1500)
	ordinary := incidenttest.Took(func() { HTML(many) })
	for _, piece := range []string{"> ", "- ", "1. ", "*a_", "[a](", "[", "`a``", "<a ", "**", "|a", "~~a", "![", "&", "\\", "a@b.c ", "www.a ", "> a\n", "- a\n", "* *\n", "# a\n", "|-\n"} {
		text := strings.Repeat(piece, most/len(piece))
		var got template.HTML
		if took := incidenttest.Took(func() { got = HTML(text) }); took > much*ordinary {
			t.Errorf("64 kB of %q took %v, ordinary paragraphs %v", piece, took, ordinary)
		}
		if got == "" {
			t.Errorf("64 kB of %q render as nothing", piece)
		}
	}
	if cost(many) > mostCost {
		t.Error("a long text of ordinary paragraphs is not rendered")
	}
}

// harm names what in a page acts, or loads something from elsewhere.
func harm(page string) string {
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			switch token.Data {
			case "script", "img", "iframe", "object", "embed", "link", "form", "base", "svg", "math", "video", "audio":
				return token.String()
			}
			for _, a := range token.Attr {
				value := strings.ToLower(strings.TrimSpace(a.Val))
				if strings.HasPrefix(a.Key, "on") || a.Key == "src" || a.Key == "style" || strings.HasPrefix(value, "javascript:") || strings.HasPrefix(value, "data:") {
					return token.String()
				}
			}
		}
	}
}

func TestNoTextMakesAPageAct(t *testing.T) {
	t.Parallel()
	attacks := []string{
		`<script>alert(1)</script>`, `"><script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `[x](javascript:alert(1))`,
		"![x](https://example.org/x.png)", "</style><script>alert(1)</script>", "<svg onload=alert(1)>", "[x]: javascript:alert(1)\n\n[x]",
		"<https://example.org/\"onmouseover=alert(1)>", "x {: onclick=\"alert(1)\" }", "<!-- --><script>alert(1)</script>",
	}
	rapid.Check(t, func(r *rapid.T) {
		in := incidenttest.Records().Draw(r, "record")
		incidenttest.SetAudience(in, incident.AudiencePublic)
		attack := rapid.SampledFrom(attacks).Draw(r, "attack")
		in.Title, in.PublicTitle, in.Summary, in.PublicSummary, in.Background = attack, attack, attack, attack, attack
		for i := range in.Timeline {
			e := &in.Timeline[i]
			e.Text, e.Source = e.Text+"\n"+attack, attack
		}
		for _, who := range []incident.Audience{incident.AudiencePublic, incident.AudiencePrivate} {
			var b strings.Builder
			if err := Write(&b, Formats[2], in, Options{Audience: who}); err != nil {
				r.Fatalf("Write(html) = %v, want a page", err)
			}
			if found := harm(b.String()); found != "" {
				r.Fatalf("the page holds %s", found)
			}
		}
	})
}
