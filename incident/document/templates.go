package document

import (
	"embed"
	"io/fs"
	"path"
	"strings"
	"sync"
)

// Model is a template for a purpose, in our own form. Its comments and hints
// are left out on reading, as those of Template are.
type Model struct {
	Name string // sre
	Text string
}

// About is the first comment of a model, which says what it is for.
func (m Model) About() string {
	for line := range strings.Lines(m.Text) {
		if text, is := strings.CutPrefix(strings.TrimSpace(line), "# "); is {
			return text
		}
	}
	return ""
}

//go:embed templates/*.md
var modelFiles embed.FS

// Models are the templates that come with Debrief beside Template, by name.
var Models = sync.OnceValue(func() []Model {
	files, err := fs.Glob(modelFiles, "templates/*.md")
	if err != nil {
		panic(err) // the pattern is ours
	}
	all := make([]Model, len(files))
	for i, file := range files {
		text, err := modelFiles.ReadFile(file)
		if err != nil {
			panic(err) // it was embedded
		}
		all[i] = Model{strings.TrimSuffix(path.Base(file), ".md"), string(text)}
	}
	return all
})

// templateTexts are all of which the comments and hints are known to be ours.
func templateTexts() []string {
	texts := []string{Template}
	for _, m := range Models() {
		texts = append(texts, m.Text)
	}
	return texts
}
