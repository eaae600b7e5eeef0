package document

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	renderer "github.com/yuin/goldmark/renderer/html"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
)

// demo are the records that a demo shows, by the names of their files.
func demo(t *testing.T) map[string]*incident.Incident {
	t.Helper()
	names, err := filepath.Glob("../../cmd/debrief/demo/*.md")
	if err != nil || len(names) < 10 {
		t.Fatalf("the demo's records are not where they were: %v, %v", names, err)
	}
	all := map[string]*incident.Incident{}
	for _, name := range names {
		if filepath.Base(name) == "ATTRIBUTION.md" {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ReadMarkdown(strings.NewReader(string(text)))
		if err != nil {
			t.Fatalf("ReadMarkdown(%s) = %v", name, err)
		}
		all[filepath.Base(name)] = got.Incident
	}
	return all
}

// wild is a record whose texts try to act in every generator.
func wild() *incident.Incident {
	in := everything()
	in.PublicTitle = `Wild <script>alert(3)</script> " onmouseover="alert(4) {{ site.title }} {% raw %} {{< secret >}}`
	in.PublicSummary = "{{ site.title }} {% include secret %} {{< secret >}} {{% secret %}} `{{< secret >}}` {{/* secret */}}"
	in.Timeline[0].Text = "{% raw %}\n\n```\n{{< secret >}}\n\n## {{ site.title }}\n```\n\n{{< secret\n\n    {{% secret %}}\n\n- a\n  ```\n  b\n\n  ## c\n  ```\n\n" + hostile
	in.Impacts[0].Component = "a {#id .x} <b> {{ site.title }}"
	in.Messages[0].Status = "*x* {{< secret >}} <script>alert(5)</script>"
	in.Actions[0].Title = "{% include secret %}{: onclick=\"alert(6)\" }"
	in.Normalize()
	return in
}

// posts are the public posts of records, by the names of their files.
func posts(t *testing.T, f Format, records ...*incident.Incident) map[string]string {
	t.Helper()
	all := map[string]string{}
	for i, in := range records {
		name := FileName(f, in, Options{})
		if all[name] != "" {
			t.Fatalf("two records are named %s, the second is %d", name, i)
		}
		all[name] = public(t, f, in)
	}
	return all
}

func TestRealGeneratorsBuildTheDemo(t *testing.T) {
	t.Parallel()
	all := demo(t)
	for _, in := range all { // two may have the same public title, or none
		in.PublicTitle = strings.TrimSpace(in.PublicTitle + " " + fmt.Sprint(len(in.Title), len(in.Background)))
	}
	all["twilio"] = twilio(t)
	for name, s := range sites {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := Lookup(name)
			if err != nil {
				t.Fatal(err)
			}
			pages := s.build(t, posts(t, f, slices.Collect(maps.Values(all))...))
			for file, in := range all {
				page := pages[FileName(f, in, Options{})]
				checkPage(t, file, in, page)
			}
			if page := pages[FileName(f, all["twilio"], Options{})]; !strings.Contains(page, "<strong>2:42 AM PDT / 09:42 UTC</strong> On-call restarts the master") {
				t.Errorf("the page lacks the restart at 2:42 AM PDT / 09:42 UTC:\n%s", page)
			}
		})
	}
}

// checkPage looks for the times and headings of a record in its page, and for
// what must not be there.
func checkPage(t *testing.T, file string, in *incident.Incident, page string) {
	t.Helper()
	p := in.Public()
	said := html.UnescapeString(page)
	for _, e := range p.Timeline {
		if when := incident.Both(e.At, in.Zone); !strings.Contains(strings.ToLower(said), strings.ToLower(when)) {
			t.Errorf("the page of %s lacks the time %q:\n%s", file, when, page)
		}
	}
	headings := map[string]bool{"Timeline": len(p.Timeline) > 0, "Impact": len(p.Impacts) > 0, "What we are doing": len(p.Actions) > 0}
	for name, want := range headings {
		if got := regexp.MustCompile(`<h2[^>]*>` + name + `</h2>`).MatchString(page); got != want {
			t.Errorf("the page of %s has a heading %s: %v, want %v", file, name, got, want)
		}
	}
	for _, e := range in.Timeline {
		if e.Audience != incident.AudiencePublic && strings.Contains(said, e.Text) {
			t.Errorf("the page of %s holds the entry %q, which is %s", file, e.Text, e.Audience)
		}
	}
	if found := scripts(page); len(found) > 0 {
		t.Errorf("the page of %s runs %q", file, found)
	}
}

func TestRealGeneratorsTakeWildTextsForText(t *testing.T) {
	t.Parallel()
	quiet, loud := "canary-internal", "canary-public"
	internal := incidenttest.Fill(func(string) string { return quiet })
	loudly := incidenttest.Fill(func(string) string { return loud })
	incidenttest.SetAudience(loudly, incident.AudiencePublic)
	loudly.PublicTitle, internal.PublicTitle, internal.PublicSummary = "Loud", "Quiet", "Quiet."
	loudly.Milestones, internal.Milestones = incident.Milestones{}, incident.Milestones{}
	for name, s := range sites {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := Lookup(name)
			if err != nil {
				t.Fatal(err)
			}
			s.files = maps.Clone(s.files)
			for _, file := range []string{"layouts/shortcodes/secret.html", "_includes/secret", "templates/shortcodes/secret.html"} {
				s.files[file] = "LEAKED"
			}
			pages := s.build(t, posts(t, f, wild(), internal, loudly))
			page := pages[FileName(f, wild(), Options{})]
			for _, text := range scripts(page) {
				if strings.Contains(text, "alert") {
					t.Errorf("the page runs %q", text)
				}
			}
			headings := regexp.MustCompile(`<h2[^>]*>`).FindAllString(page, -1)
			tame := regexp.MustCompile(`<h2[^>]*>`).FindAllString(pages[FileName(f, loudly, Options{})], -1)
			if len(headings) != len(tame) || !strings.Contains(page, "never closed") || strings.Contains(page, "javascript:") ||
				strings.Contains(page, "LEAKED") || strings.Contains(page, "&amp;#") || strings.Contains(page, "raw HTML omitted") {
				t.Errorf("the wild texts left their place: %d headings, want %d, in\n%s", len(headings), len(tame), page)
			}
			said := strings.NewReplacer("“", `"`, "”", `"`).Replace(html.UnescapeString(page))
			for _, want := range []string{"{{< secret >}}", "{{ site.title }}", "{% include secret %}", "{% raw %}", "## c", "{{/* secret */}}"} {
				if !strings.Contains(said, want) {
					t.Errorf("the page lacks the text %q:\n%s", want, page)
				}
			}
			if page := pages[FileName(f, internal, Options{})]; strings.Contains(page, quiet) {
				t.Errorf("the page holds what is internal:\n%s", page)
			}
			if page := pages[FileName(f, loudly, Options{})]; strings.Count(page, loud) < 8 {
				t.Errorf("the page lacks what is public:\n%s", page)
			}
		})
	}
}

// Its script counts how long ago that was from the date with a Z behind.
func TestCStateCountsFromTheRightTime(t *testing.T) {
	t.Parallel()
	in, f := twilio(t), byName(t, "cstate")
	page := sites["cstate"].build(t, posts(t, f, in))[FileName(f, in, Options{})]
	if want := `data-date="2013-07-18T09:39:00Z"`; !strings.Contains(page, want) {
		t.Errorf("the page of 2:39 AM PDT lacks %s:\n%s", want, page)
	}
}

func TestRealGeneratorsMakeNoTablesAndFormulasOfTexts(t *testing.T) {
	t.Parallel()
	in := nearlyNothing()
	in.PublicTitle, in.PublicSummary = "Marks", "It cost $$5, then $$7.\n\nRuns\n: what it says"
	for _, text := range []string{"p50 | p99 over 2 s.", "The `a` job | the `b` job"} {
		in.Timeline = append(in.Timeline, incident.Entry{At: at("2025-10-25T21:50:00Z"), Text: text, Audience: incident.AudiencePublic})
	}
	in.Actions = []incident.Action{{Title: "Spend $$5, then $$7", Audience: incident.AudiencePublic}}
	in.Normalize()
	for name, s := range sites {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := byName(t, name)
			page := s.build(t, posts(t, f, in))[FileName(f, in, Options{})]
			if found := regexp.MustCompile(`<(?:table|dl|script)`).FindString(page); found != "" || strings.Count(html.UnescapeString(page), "$$5, ") < 2 {
				t.Errorf("the texts made %q, or lost their dollars:\n%s", found, page)
			}
		})
	}
}

func TestRealGeneratorsShowADayAsThatDay(t *testing.T) {
	t.Parallel()
	shown := map[string]string{"cstate": `">October 20, 2013`, "zola": `datetime="2013-10-20"`}
	for _, zone := range []string{"UTC", "America/Los_Angeles", "Pacific/Auckland", "America/Sao_Paulo"} { // the last had no midnight
		for name, s := range sites {
			t.Run(name+" in "+zone, func(t *testing.T) {
				t.Parallel()
				s.files = maps.Clone(s.files)
				for file, text := range s.files {
					s.files[file] = strings.ReplaceAll(text, "UTC", zone)
				}
				for _, home := range []string{"America/Los_Angeles", "Pacific/Auckland", "America/Sao_Paulo"} {
					in, f := nearlyNothing(), byName(t, name)
					day, err := incident.When{Zone: home}.Read("2013-10-20")
					if err != nil {
						t.Fatal(err)
					}
					in.Zone, in.Milestones.Started = home, &day
					page := s.build(t, posts(t, f, in))[FileName(f, in, Options{})]
					want := cmp.Or(shown[name], `datetime="2013-10-20T`)
					if !strings.Contains(page, want) {
						t.Errorf("a day in %s lacks %s:\n%s", home, want, page)
					}
				}
			})
		}
	}
}

// Zola's Markdown is CommonMark with HTML left in, and its shortcodes all begin
// with a brace: so this holds of any version.
func TestWildTextsStayInTheirPlaceInCommonMark(t *testing.T) {
	t.Parallel()
	_, body, _ := strings.Cut(public(t, byName(t, "zola"), wild())[4:], "+++\n")
	if strings.ContainsAny(body, "{}") {
		t.Errorf("the body holds a brace, which may begin a shortcode:\n%s", body)
	}
	var page bytes.Buffer
	if err := goldmark.New(goldmark.WithRendererOptions(renderer.WithUnsafe())).Convert([]byte(body), &page); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(page.String(), "<h2>"); n != 6 || len(scripts(page.String())) > 0 || !strings.Contains(page.String(), "never closed") {
		t.Errorf("the page has %d sections, want 6, and runs %q:\n%s", n, scripts(page.String()), page.String())
	}
}
