package document

import (
	"flag"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var kept = flag.String("pages", "", "keep the pages that real generators build in this directory, to look at")

// site is the least that a generator needs to build pages of our posts.
type site struct {
	tool  string
	args  []string
	posts string            // where they belong
	files map[string]string // its settings and templates
	page  func(name, text string) string
}

const hugoPage = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title>
<meta name="description" content="{{ .Description }}"></head><body><h1>{{ .Title }}</h1>
<time datetime="{{ .Date.Format "2006-01-02T15:04:05Z07:00" }}">{{ .Date }}</time>{{ .Summary }}<main>{{ .Content }}</main></body></html>`

var sites = map[string]site{
	"pelican": {
		"pelican", []string{"-s", "pelicanconf.py", "--fatal", "errors"}, "content",
		map[string]string{"pelicanconf.py": `SITENAME = 'Postmortems'
SITEURL = 'https://example.org'
PATH = 'content'
OUTPUT_PATH = 'output'
TIMEZONE = 'UTC'
DEFAULT_LANG = 'en'
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
`},
		func(_, text string) string { return "output/" + key(text, `slug: (.*)`) + ".html" },
	},
	"hugo": {
		"hugo", []string{"--quiet", "--buildFuture"}, "content/posts",
		map[string]string{
			"config.yaml":                  "baseURL: https://example.org/\ntitle: Postmortems\ntimeZone: UTC\n",
			"layouts/_default/single.html": hugoPage,
			"layouts/_default/list.html":   "{{ range .Pages }}{{ .Title }}{{ end }}",
		},
		func(_, text string) string { return "public/posts/" + key(text, `slug: "?([^"\n]*)"?`) + "/index.html" },
	},
	"jekyll": {
		"jekyll", []string{"build", "--quiet", "--future", "--disable-disk-cache"}, "_posts",
		map[string]string{
			"_config.yml": "title: Postmortems\ntimezone: UTC\npermalink: /:title.html\nbaseurl: \"\"\n",
			"_layouts/post.html": `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ page.title }}</title>
<meta name="description" content="{{ page.description }}"></head><body><h1>{{ page.title }}</h1>
<time datetime="{{ page.date | date_to_xmlschema }}">{{ page.date }}</time><main>{{ content }}</main></body></html>`,
		},
		func(name, _ string) string {
			return "_site/" + regexp.MustCompile(`^\d{4}-\d\d-\d\d-(.*)\.markdown$`).ReplaceAllString(name, "$1") + ".html"
		},
	},
	"zola": {
		"zola", []string{"build"}, "content/posts",
		map[string]string{
			"config.toml":             "base_url = 'https://example.org'\ntitle = 'Postmortems'\ntaxonomies = [{ name = 'categories' }]\n",
			"content/posts/_index.md": "+++\n+++\n",
			"templates/page.html": `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ page.title }}</title>
<meta name="description" content="{{ page.description | default(value="") }}"></head><body><h1>{{ page.title }}</h1>
<time datetime="{{ page.date | default(value="") }}">{{ page.extra.status }}</time><main>{{ page.content | safe }}</main></body></html>`,
			"templates/index.html":             "{{ section.title }}",
			"templates/section.html":           "{% for page in section.pages %}{{ page.title }}{% endfor %}",
			"templates/categories/list.html":   "{% for term in terms %}{{ term.name }}{% endfor %}",
			"templates/categories/single.html": "{{ term.name }}",
		},
		func(_, text string) string { return "public/posts/" + key(text, `slug = "([^"\n]*)"`) + "/index.html" },
	},
	// The lines that need each key are those of cState's own templates.
	"cstate": {
		"hugo", []string{"--quiet", "--buildFuture"}, "content/issues",
		map[string]string{
			"config.yaml":                   "baseURL: https://example.org/\ntitle: Status\ntimeZone: UTC\n",
			"layouts/shortcodes/track.html": `<span class="faded">({{ dateFormat "15:04 — Jan 2" (.Get 0) }})</span>`,
			"layouts/_default/list.html":    "{{ range .Pages }}{{ .Title }}{{ end }}",
			"layouts/issues/single.html": `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head><body><h1>{{ .Title }}</h1>
<small class="date" data-date="{{ .Date.Format "2006-01-02T15:04:05Z" }}">{{ dateFormat "January 2, 2006 at 3:04 PM" .Params.date }}</small>
<p>{{ range .Params.Affected }}<a href="{{ printf "affected/%s/" (. | urlize) | relURL }}">{{ . }}</a>{{ end }}</p>
{{ if .Params.informational }}{{ else if .Params.Resolved }}{{ $resolvedTime := (time .Params.ResolvedWhen) }}<strong>Resolved after {{ div (sub $resolvedTime.Unix .Date.Unix) 60 }}m{{ if eq .Params.severity "down" }} of downtime{{ end }}</strong>
{{ else }}<strong>{{ if eq .Params.severity "down" }}down{{ else if eq .Params.severity "disrupted" }}disrupted{{ else }}notice{{ end }}, ongoing</strong>{{ end }}
<hr><main>{{ .Content }}</main></body></html>`,
		},
		func(name, _ string) string { return "public/issues/" + strings.TrimSuffix(name, ".md") + "/index.html" },
	},
}

func key(text, pattern string) string {
	return regexp.MustCompile(`(?m)^` + pattern + `$`).FindStringSubmatch(text)[1]
}

// build makes a site with the real generator, and gives each post's page under
// the post's name.
func (s site) build(t *testing.T, posts map[string]string) map[string]string {
	t.Helper()
	return s.buildIn(t, t.TempDir(), posts)
}

// buildIn is build in a directory, where the site stays.
func (s site) buildIn(t *testing.T, dir string, posts map[string]string) map[string]string {
	t.Helper()
	tool, err := exec.LookPath(s.tool)
	if err != nil && os.Getenv("DEBRIEF_TEST_ALL") == "1" {
		t.Fatalf("%v: DEBRIEF_TEST_ALL asks for it", err)
	}
	if err != nil {
		t.Skipf("%s is not installed: .ci/run installs it, to see posts as a site shows them", s.tool)
	}
	for name, text := range s.files {
		put(t, filepath.Join(dir, name), text)
	}
	for name, text := range posts {
		put(t, filepath.Join(dir, s.posts, name), text)
	}
	run := exec.CommandContext(t.Context(), tool, s.args...)
	run.Dir = dir
	run.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", s.tool, err, out)
	}
	pages := map[string]string{}
	for name, text := range posts {
		page, err := os.ReadFile(filepath.Join(dir, path.Clean(s.page(name, text))))
		if err != nil {
			t.Fatalf("%s made no page of %s: %v\n%s", s.tool, name, err, text)
		}
		pages[name] = string(page)
	}
	if *kept != "" {
		for name, page := range pages {
			put(t, filepath.Join(*kept, s.posts, name+".html"), page)
		}
	}
	return pages
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
