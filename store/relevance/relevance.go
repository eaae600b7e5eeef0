// Package relevance tells how well search finds: real postmortems are filed, what people would ask is asked, and the
// places of what they meant are counted.
package relevance

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

const (
	deepest = 50     // places that are looked at
	longest = 65_000 // bytes of a text that are filed
)

// Question is what somebody asks, and the record that they mean.
type Question struct {
	Text  string
	Means string // what the name of its file begins with
	Held  bool   // ranking was not tuned by it
	Place int    // where it was found, from 1; 0 is nowhere
}

// Report is what came of it.
type Report struct {
	Records   int
	Questions []Question
}

// Measure files the samples of a folder into an empty store and asks its queries.
func Measure(ctx context.Context, s *store.Store, by incident.Actor, folder fs.FS) (*Report, error) {
	text, err := fs.ReadFile(folder, "queries.txt")
	if err != nil {
		return nil, err
	}
	r := &Report{}
	if r.Questions, err = questions(text); err != nil {
		return nil, err
	}
	if text, err = fs.ReadFile(folder, "samples.txtar"); err != nil {
		return nil, err
	}
	files, err := fileAll(ctx, s, by, text)
	if err != nil {
		return nil, err
	}
	r.Records = len(files)
	for i := range r.Questions {
		q := &r.Questions[i]
		page, err := s.Search(ctx, by, q.Text, deepest, "")
		if err != nil {
			return nil, fmt.Errorf("search for %q: %w", q.Text, err)
		}
		for place, hit := range page.Items {
			if q.Place == 0 && strings.HasPrefix(files[hit.Number], q.Means) {
				q.Place = place + 1
			}
		}
	}
	return r, nil
}

// questions reads lines of the form: words → file.
func questions(text []byte) (all []Question, err error) {
	held := false
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "---") {
			held = true
		}
		if line == "" || line[0] == '#' || line[0] == '-' {
			continue
		}
		words, means, both := strings.Cut(line, " → ")
		if !both {
			return nil, fmt.Errorf("the query %q does not say what it means", line)
		}
		all = append(all, Question{Text: words, Means: means, Held: held})
	}
	return all, nil
}

// fileAll makes a record of each sample, its title and its text, and gives their files.
func fileAll(ctx context.Context, s *store.Store, by incident.Actor, text []byte) (map[incident.Number]string, error) {
	var drafts []*incident.Incident
	var names []string
	for _, f := range txtar.Parse(text).Files {
		if strings.HasSuffix(f.Name, ".txt") || strings.HasSuffix(f.Name, "/template.md") {
			continue
		}
		drafts, names = append(drafts, record(f)), append(names, f.Name)
	}
	filed, err := s.FileAll(ctx, by, drafts)
	if err != nil {
		return nil, err
	}
	files := map[incident.Number]string{}
	for i, in := range filed {
		files[in.Number] = names[i]
	}
	return files, s.FoldWords(ctx)
}

var (
	frontMatter = regexp.MustCompile(`(?s)^---\n.*?\n---\n`)
	titleLine   = regexp.MustCompile(`(?m)^(?:title:|#)\s*(.+)$`)
)

// record has the title that the file says, else its name.
func record(f txtar.File) *incident.Incident {
	in := &incident.Incident{}
	in.Title = path.Base(f.Name)
	if m := titleLine.FindSubmatch(f.Data); m != nil {
		in.Title = string(m[1])
	}
	body := bytes.TrimSpace(frontMatter.ReplaceAll(f.Data, nil))
	in.Background = strings.ToValidUTF8(string(body[:min(len(body), longest)]), "")
	in.Title = strings.ToValidUTF8(in.Title[:min(len(in.Title), 200)], "")
	return in
}

// Mean is the mean reciprocal rank of the questions that were held aside, or of those that were not.
func (r *Report) Mean(held bool) float64 {
	sum, n := 0.0, 0
	for _, q := range r.Questions {
		if q.Held != held {
			continue
		}
		if n++; q.Place > 0 {
			sum += 1 / float64(q.Place)
		}
	}
	return sum / float64(max(n, 1))
}

// String lists what was not found first, and the figures.
func (r *Report) String() string {
	var b strings.Builder
	for _, q := range r.Questions {
		if q.Place != 1 {
			_, _ = fmt.Fprintf(&b, "%3d  %s → %s\n", q.Place, q.Text, q.Means) // a builder never fails
		}
	}
	_, _ = fmt.Fprintf(&b, "mean reciprocal rank of %d questions about %d records: %.3f, of those held aside %.3f\n",
		len(r.Questions), r.Records, r.Mean(false), r.Mean(true))
	return b.String()
}
