package api

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the template and its style are files
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed docs.html
var docsPage string

//go:embed docs.css
var docsStyle string

// contract serves OpenAPI.
func (a *API) contract() http.HandlerFunc {
	text := bytes.Buffer{}
	if err := writeJSON(&text, a.huma.OpenAPI()); err != nil {
		panic(err) // at the start of the program: the definitions themselves are broken
	}
	return fixed("openapi.json", "application/json", text.Bytes())
}

// reference serves the same as a page, without scripts and from nowhere else.
func (a *API) reference() http.HandlerFunc {
	sum := sha256.Sum256([]byte(docsStyle))
	csp := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	text := bytes.Buffer{}
	page := template.Must(template.New("docs").Funcs(template.FuncMap{
		"sort": sorted, "kind": kindOfSchema, "inside": inside, "body": reads, "answer": answers, "sample": sample, "slice": slices.Contains[[]string],
	}).Parse(docsPage))
	err := page.Execute(&text, map[string]any{
		"Style": template.CSS(docsStyle), "OpenAPI": a.huma.OpenAPI(), "Prefix": prefix, //nolint:gosec // the style is ours
		"Groups": groups(a.table), "Tellings": tellings, "Schemas": a.huma.OpenAPI().Components.Schemas.Map(),
	})
	if err != nil {
		panic(err) // as above
	}
	serve := fixed("docs.html", "text/html; charset=utf-8", text.Bytes())
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", csp)
		serve(w, r)
	}
}

// fixed serves bytes that stay as they are while the process runs.
func fixed(name, mediaType string, text []byte) http.HandlerFunc {
	sum := sha256.Sum256(text)
	tag := fmt.Sprintf(`"%x"`, sum[:16])
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", mediaType)
		w.Header().Set("ETag", tag)
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(text))
	}
}

// group is the operations of one noun.
type group struct {
	Name       string
	Operations []*huma.Operation
}

// groups keeps the order of the table.
func groups(table []*huma.Operation) []group {
	var all []group
	for _, op := range table {
		i := slices.IndexFunc(all, func(g group) bool { return g.Name == op.Tags[0] })
		if i < 0 {
			i = len(all)
			all = append(all, group{Name: op.Tags[0]})
		}
		all[i].Operations = append(all[i].Operations, op)
	}
	return all
}

func sorted(schemas map[string]*huma.Schema) []string {
	return slices.Sorted(maps.Keys(schemas))
}

// reference is a schema's name among the components; "" when it has none.
func referred(s *huma.Schema) string { return strings.TrimPrefix(s.Ref, components) }

// kindOfSchema says in words what a value is.
func kindOfSchema(s *huma.Schema) template.HTML {
	text := func(t string) string { return template.HTMLEscapeString(t) }
	var b strings.Builder
	either := slices.Concat(s.OneOf, s.AnyOf)
	switch {
	case s.Ref != "":
		fmt.Fprintf(&b, `<a href="#schema-%s">%[1]s</a>`, text(referred(s)))
	case s.Type == "array" && s.Items != nil:
		b.WriteString("array of " + string(kindOfSchema(s.Items)))
	case len(s.Enum) > 0:
		words := make([]string, 0, len(s.Enum))
		for _, word := range s.Enum {
			words = append(words, "<code>"+text(fmt.Sprintf("%q", fmt.Sprint(word)))+"</code>")
		}
		b.WriteString(strings.Join(words, " "))
	case len(either) > 0:
		words := make([]string, 0, len(either))
		for _, one := range either {
			words = append(words, string(kindOfSchema(one)))
		}
		b.WriteString(strings.Join(words, " or "))
	case s.Type == "":
		b.WriteString("anything")
	default:
		b.WriteString(text(strings.TrimSpace(s.Type + " " + s.Format)))
	}
	if s.Nullable {
		b.WriteString(" or null")
	}
	return template.HTML(b.String()) //nolint:gosec // every word was escaped above
}

// inside lists the object whose properties a schema shows: itself, or the one
// object among its alternatives.
func inside(s *huma.Schema) *huma.Schema {
	for _, one := range s.OneOf {
		if len(one.Properties) > 0 {
			return one
		}
	}
	return s
}

// reads is what an operation reads; nil when it has no body.
func reads(op *huma.Operation) *huma.MediaType {
	if op.RequestBody == nil {
		return nil
	}
	for _, kind := range []string{"application/json", "*/*"} {
		if m := op.RequestBody.Content[kind]; m != nil {
			return m
		}
	}
	return nil
}

// answers is what an operation answers when all is well.
func answers(op *huma.Operation) *huma.MediaType {
	for _, status := range []string{"201", "200"} {
		for _, kind := range []string{"application/json", "text/markdown"} {
			if r := op.Responses[status]; r != nil && r.Content[kind] != nil {
				return r.Content[kind]
			}
		}
	}
	return nil
}

// sample is the example of a body, set out to be read; "" when it has none.
func sample(m *huma.MediaType) (string, error) {
	if text, plain := m.Example.(string); plain || m.Example == nil {
		return text, nil
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(m.Example)
	return out.String(), err
}
