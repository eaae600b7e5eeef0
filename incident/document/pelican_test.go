package document

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
)

func TestPelicanMetaData(t *testing.T) {
	t.Parallel()
	in := twilio(t)
	in.PublicTitle = "Charged & charged:\nagain <b>&lt;"
	in.PublicSummary = "title: *mine*\n\n---\n\n[second](https://example.org) " + strings.Repeat("word ", 60)
	text := public(t, Formats[3], in)
	head, body, _ := strings.Cut(text, "\n\n")
	want := "title: Charged & charged: again ‹b>&amp;lt;\nslug: charged-charged-again-b-lt\nmeta: title: mine second word"
	if !strings.HasPrefix(head, want) || strings.Contains(body, "\nslug:") {
		t.Errorf("the post begins %q, want %q and one line for each key", head, want)
	}
	for _, line := range strings.Split(head, "\n") {
		if !regexp.MustCompile(`^(title|slug|meta|category|date|modified): \S.*$`).MatchString(line) {
			t.Errorf("meta-data has the line %q, want a key and a value", line)
		}
	}
	if date := "\ndate: 2013-07-18 02:39"; !strings.HasSuffix(head, date) {
		t.Errorf("the post begins %q, want %q", head, date)
	}
}

func TestTextsStayInTheirPlaceInAPost(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		markdown   bool // goes in as it is
	}{
		{"plain words", "It broke, and **then** it worked.", true},
		{"a list", "- a\n- b", true},
		{"a link to the web", "see [this](https://example.org/a?b=c)", true},
		{"inline code", "run `x | y`", true},
		{"HTML", "a <script>alert(1)</script>", false},
		{"HTML in code", "`<b>`", false},
		{"attributes", "a {: onclick=\"alert(1)\" }", false},
		{"a fence that never closes", "```\na", false},
		{"a heading", "a\n## Timeline", false},
		{"a heading without a space", "#a", false},
		{"an underlined heading", "a\n---", false},
		{"a definition", "[a]: javascript:alert(1)", false},
		{"a link elsewhere", "[a](javascript:alert(1))", false},
		{"a link in disguise", "[a]( javascript:alert(1))", false},
		{"a picture", "![a](https://example.org/a.png)", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := twilio(t)
			in.Timeline[0].Text = tt.text
			text := public(t, Formats[3], in)
			asItIs := strings.Contains(text, "** "+tt.text+"\n") || strings.Contains(text, "\n\n"+tt.text+"\n")
			if asItIs != tt.markdown {
				t.Errorf("the post holds %q as it is: %v, want %v", tt.text, !tt.markdown, tt.markdown)
			}
			if n := strings.Count(text, "\n## "); n != strings.Count(public(t, Formats[3], twilio(t)), "\n## ") {
				t.Errorf("the post has %d sections because of %q", n, tt.text)
			}
		})
	}
}

func TestPelicanBuildsABlogOfThePosts(t *testing.T) {
	t.Parallel()
	in, untitled, wild := twilio(t), twilio(t), everything()
	untitled.PublicTitle = ""
	wild.PublicTitle = `Wild <script>alert(3)</script> " onmouseover="alert(4)`
	posts := map[string]string{}
	for _, one := range []*incident.Incident{in, untitled, wild} {
		posts[FileName(Formats[3], one, Options{})] = public(t, Formats[3], one)
	}
	pages := sites["pelican"].build(t, posts)
	told := pages["130718-erroneous-card-charges.markdown"]
	for _, want := range []string{
		"<strong>2:42 AM PDT / 09:42 UTC</strong> On-call restarts the master", ">Erroneous card charges</a></h2>",
		"<h3>Thursday, 18 July 2013</h3>", `datetime="2013-07-18T02:39:00`,
	} {
		if !strings.Contains(told, want) {
			t.Errorf("the page lacks %q:\n%s", want, told)
		}
	}
	if page := pages["130718-incident-2013-07-18-0239.markdown"]; !strings.Contains(page, ">Incident<") {
		t.Errorf("the post without a title = %s, want the title Incident", page)
	}
	page := pages["130718-wild-script-alert-3-script-onmouseover-alert-4.markdown"]
	for _, text := range scripts(page) {
		if strings.Contains(text, "alert") {
			t.Errorf("the page runs %q", text)
		}
	}
	if !strings.Contains(page, "never closed") || strings.Count(page, "<h2>Timeline</h2>") != 1 || strings.Contains(page, "javascript:") {
		t.Errorf("the wild texts left their place in\n%s", page)
	}
}

// scripts are what a page would run.
func scripts(page string) []string {
	var all []string
	z, inside := html.NewTokenizer(strings.NewReader(page)), false
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return all
		case html.TextToken:
			if inside {
				all = append(all, string(z.Text()))
			}
		default:
			token := z.Token()
			inside = kind == html.StartTagToken && token.Data == "script"
			for _, a := range token.Attr {
				if strings.HasPrefix(a.Key, "on") {
					all = append(all, a.Val)
				}
			}
		}
	}
}

func TestAPostShowsTheZoneAskedFor(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := WritePelican(&b, twilio(t).Public(), Options{Zone: "Europe/Berlin"}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\ndate: 2013-07-18 11:39\n", "**11:42 CEST / 09:42 UTC**"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the post lacks %q:\n%s", want, b.String())
		}
	}
}

func TestAPostLinksItsSources(t *testing.T) {
	t.Parallel()
	in := twilio(t)
	in.Timeline[0].Source, in.Timeline[1].Source = "https://example.org/a_b", "https://example.org/x){{y}}`"
	in.Timeline[1].Text = "```\nRESTART\n```"
	text := public(t, Formats[3], in)
	for _, want := range []string{"full resync. [Source](https://example.org/a_b)\n", "\n[Source](https://example.org/x%29%7B%7By%7D%7D%60)\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("the post lacks %q:\n%s", want, text)
		}
	}
}

func TestNoTemplateLanguageFindsABraceInAPost(t *testing.T) {
	t.Parallel()
	in := everything()
	in.PublicTitle = "x"
	for i, text := range []*string{&in.PublicSummary, &in.Timeline[0].Text, &in.Impacts[0].Text, &in.Impacts[0].Component, &in.Messages[0].Body, &in.Actions[0].Title,
		&in.Analysis.Trigger.Text, &in.Analysis.Whys[0].Why, &in.Analysis.Factors[0].Text, &in.Analysis.Lessons[0].Text, &in.Impacts[0].Figures[0].Measure} {
		*text = []string{"{{ site.secret }} {% raw %}", "`{{ site.secret }}`", "[a](https://example.org/{{b}})"}[i%3]
	}
	if _, body, _ := strings.Cut(public(t, Formats[3], in), "\n\n"); strings.ContainsAny(body, "{}") {
		t.Errorf("the body of the post holds a brace:\n%s", body)
	}
}

func TestAPostOfAnyRecordIsOne(t *testing.T) {
	t.Parallel()
	in := incidenttest.Fill(func(string) string { return "word" })
	text := public(t, Formats[3], in)
	if first, _, _ := strings.Cut(text, "\n"); first != "title: word" {
		t.Errorf("the post begins with %q, want its title", first)
	}
}

func TestTheMetaDataOfEveryRecordIsRead(t *testing.T) {
	t.Parallel()
	line := regexp.MustCompile(`^(title|slug|meta|category|date|modified): \S[^<"\p{Cc}]*$`)
	rapid.Check(t, func(r *rapid.T) {
		in := incidenttest.Records().Draw(r, "record")
		in.PublicTitle = rapid.OneOf(rapid.SampledFrom(tricky), rapid.Just(in.PublicTitle)).Draw(r, "title")
		o := Options{Only: rapid.SampledFrom([]string{"", OnlyTimeline}).Draw(r, "only"), Zone: rapid.SampledFrom([]string{"", "Asia/Kathmandu"}).Draw(r, "zone")}
		var b strings.Builder
		if err := Write(&b, byName(t, "pelican"), in, o); err != nil {
			r.Fatalf("Write(pelican) = %v", err)
		}
		head, _, _ := strings.Cut(b.String(), "\n\n")
		if !strings.HasPrefix(head, "title: ") {
			r.Fatalf("the post begins with %q, want its title", head)
		}
		for _, one := range strings.Split(strings.TrimSuffix(head, "\n"), "\n") { // nothing may have happened
			if !line.MatchString(one) {
				r.Fatalf("meta-data has the line %q, want a key and a value", one)
			}
		}
	})
}
