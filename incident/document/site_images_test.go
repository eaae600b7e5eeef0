package document

import (
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/debriefhq/debrief/incident"
)

const (
	shownImage = "images/k3v9x1m7q2ab.png"
	goneImage  = "images/aaaaaaaaaaaa.png"
	imageBytes = "\x89PNG\r\n\x1a\nnot to be looked at"
)

// hostileAlts are what a text may say of an image, as a reader is to read it.
var hostileAlts = []string{
	"Errors per minute, 2:39 to 3:10 (p99)",
	`{{ site.title }} {% raw %} {{< secret >}} {{% secret %}} {% include secret %} {static}x`,
	`"><script>alert(7)</script> onerror="alert(8)" it's`,
	`a | b $$x$$ {: onclick="alert(9)" } *x* _y_ ~~z~~`,
	"&lt; & &amp; <!-- x",
}

// pictured is a record that shows an image in every place, with all hostile alts.
func pictured() *incident.Incident {
	escape := strings.NewReplacer(`\`, `\\`, "<", `\<`, "&", "&amp;", "*", `\*`, "_", `\_`, "~", `\~`, "[", `\[`, "]", `\]`)
	in := nearlyNothing()
	in.PublicTitle, in.PublicSummary = "Pictures", "It broke."
	for _, alt := range hostileAlts {
		if strings.ContainsAny(alt, "&<*_~") {
			alt = escape.Replace(alt)
		}
		picture := "![" + alt + "](" + shownImage + ")"
		in.PublicSummary += "\n\n" + picture
		in.Timeline = append(in.Timeline, incident.Entry{At: at("2025-10-25T21:50:00Z"), Text: picture, Audience: incident.AudiencePublic})
		in.Analysis.Lessons = append(in.Analysis.Lessons, incident.Lesson{Kind: incident.WentWell, Text: "We saw " + picture, Audience: incident.AudiencePublic})
		in.Messages = append(in.Messages, incident.Message{Channel: incident.Email, State: incident.Recorded, Body: picture, Audience: incident.AudiencePublic})
	}
	in.PublicSummary += "\n\n![what was there](" + goneImage + ") and ![gone \\* too](" + goneImage + ")"
	in.Normalize()
	return in
}

func TestRealGeneratorsShowImages(t *testing.T) {
	t.Parallel()
	below := strings.NewReplacer("https://example.org", "https://example.org/blog", `baseurl: ""`, "baseurl: /blog")
	for name, s := range sites {
		for _, base := range []string{"/", "/blog/"} {
			if name == "cstate" && base != "/" {
				continue // its theme wants the root
			}
			t.Run(name+" at "+base, func(t *testing.T) {
				t.Parallel()
				f, in, s := byName(t, name), pictured(), s
				s.files = maps.Clone(s.files)
				for file, text := range s.files {
					if base != "/" {
						s.files[file] = below.Replace(text)
					}
				}
				for _, file := range []string{"layouts/shortcodes/secret.html", "_includes/secret", "templates/shortcodes/secret.html"} {
					s.files[file] = "LEAKED"
				}
				var b strings.Builder
				if err := Write(&b, f, in, Options{Image: func(id string) (incident.Image, []byte, bool) {
					return incident.Image{}, nil, strings.Contains(shownImage, id)
				}}); err != nil {
					t.Fatal(err)
				}
				post, place := FileName(f, in, Options{}), s.posts
				switch {
				case f.Images.Bundle:
					post = strings.TrimSuffix(post, f.Extension) + "/index" + f.Extension
					place = filepath.Join(place, filepath.Dir(post))
				case len(f.Images.Root) > 0:
					place = ""
				}
				s.files[filepath.Join(place, f.Images.Folder, filepath.Base(shownImage))] = imageBytes
				dir := t.TempDir()
				page := s.buildIn(t, dir, map[string]string{post: b.String()})[post]
				s.checkImages(t, dir, s.page(post, b.String()), base, page)
			})
		}
	}
}

// checkImages wants every image of a page to be one of the built site, told as it was.
func (s site) checkImages(t *testing.T, dir, file, base, page string) {
	t.Helper()
	root, below, _ := strings.Cut(file, "/")
	address, err := url.Parse("https://example.org" + base + below)
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]int{}
	for _, img := range imgs(page) {
		at, err := address.Parse(img["src"])
		if err != nil || at.Host != "example.org" || !strings.HasPrefix(at.Path, base) {
			t.Errorf("an image is at %q, which is not in the site: %v", img["src"], err)
			continue
		}
		if got, err := os.ReadFile(filepath.Join(dir, root, strings.TrimPrefix(at.Path, base))); err != nil || string(got) != imageBytes {
			t.Errorf("an image is at %s, where the site has %q, %v", at, got, err)
		}
		said[asTyped.Replace(img["alt"])]++
	}
	for _, alt := range hostileAlts {
		if said[alt] != 4 {
			t.Errorf("%d images say %q, want 4: %v in\n%s", said[alt], alt, said, page)
		}
	}
	for _, text := range scripts(page) {
		if strings.Contains(text, "alert") {
			t.Errorf("the page runs %q", text)
		}
	}
	text := html.UnescapeString(page)
	if strings.Contains(page, "LEAKED") || strings.Contains(page, strings.TrimPrefix(goneImage, "images/")) || !strings.Contains(text, "what was there and gone * too") {
		t.Errorf("the page obeys a text, or shows an image that is gone:\n%s", page)
	}
}

// asTyped undoes the letters of print, which stand for marks that would act.
var asTyped = strings.NewReplacer("“", `"`, "”", `"`, "’", "'", "＼", `\`, "∗", "*", "＿", "_", "∼", "~", "¦", "|", "‹", "<", "›", ">", "｛", "{", "｝", "}", "＆", "&", "–", "--")

// imgs are the attributes of the images in a page.
func imgs(page string) []map[string]string {
	var all []map[string]string
	for z := html.NewTokenizer(strings.NewReader(page)); z.Next() != html.ErrorToken; {
		token := z.Token()
		if token.Data != "img" || token.Type == html.TextToken {
			continue
		}
		attrs := map[string]string{}
		for _, a := range token.Attr {
			attrs[a.Key] = a.Val
		}
		all = append(all, attrs)
	}
	return all
}
