package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/debriefhq/debrief/incident/document"
)

// wholeTemplate is what the editor opens on when nobody asks for another.
const wholeTemplate = "whole"

// template is a text that the editor opens on.
type template struct {
	document.Model
	own string // the file that it is of; "" for one that comes with the program
}

// templates are all there are by name: those of this installation before those
// that come with the program, which they replace.
func (a *app) templates() ([]template, error) {
	all, err := a.ownTemplates()
	if err != nil {
		return nil, err
	}
	add := func(t template) {
		if !slices.ContainsFunc(all, func(o template) bool { return o.Name == t.Name }) {
			all = append(all, t)
		}
	}
	add(template{Model: document.Model{Name: wholeTemplate, Text: document.Template}})
	for _, m := range document.Models() {
		add(template{Model: m})
	}
	return all, nil
}

// ownTemplates are the files NAME.md of the installation's directory.
func (a *app) ownTemplates() ([]template, error) {
	entries, err := os.ReadDir(a.Templates)
	if errors.Is(err, fs.ErrNotExist) || a.Templates == "" {
		return nil, nil
	}
	if err != nil {
		return nil, unreadable(a.Templates, err)
	}
	var all []template
	for _, e := range entries {
		name, is := strings.CutSuffix(e.Name(), ".md")
		if !is || e.IsDir() || name == "" {
			continue
		}
		file := filepath.Join(a.Templates, e.Name())
		text, err := readFile(file, templates)
		if err != nil {
			return nil, err
		}
		all = append(all, template{document.Model{Name: name, Text: string(text)}, file})
	}
	return all, nil
}

// template finds one by its name, or reads a FILE, which has a dot or a slash.
func (a *app) template(name string) (template, error) {
	if strings.ContainsAny(name, "./\\") {
		text, err := readFile(name, templates)
		return template{document.Model{Name: name, Text: string(text)}, name}, err
	}
	all, err := a.templates()
	if err != nil {
		return template{}, err
	}
	names := []string{"list"}
	for _, t := range all {
		if t.Name == name {
			return t, nil
		}
		names = append(names, t.Name)
	}
	slices.Sort(names)
	return template{}, &usageError{fmt.Errorf("--template %.40q is none: write one of %s, or a FILE such as ./mine.md%s",
		name, strings.Join(names, ", "), semicolon(didYouMean(name, names)))}
}

// printTemplates lists what --template takes.
func (a *app) printTemplates() error {
	all, err := a.templates()
	if err != nil {
		return err
	}
	rows := [][]string{{"TEMPLATE", "WHAT IT IS FOR"}}
	for _, each := range all {
		rows = append(rows, []string{each.Name, or(each.About(), each.own)})
	}
	if err := a.printSentences(rows); err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.err, "your own: NAME.md in %s, or --template FILE\n", plain(a.Templates))
	return err
}

var (
	ownHint    = regexp.MustCompile(`(?s)<!-- hint: .*?-->`)
	ownComment = regexp.MustCompile(`(?m)^([^"'#\n]*[ \t]|)(#.*)$`) // not what stands in quotes
)

// unfilled takes out of a text what it still has of its template's comments and
// hints. Those of our own templates the reader knows; of the others only we do.
func (t template) unfilled(text string) string {
	for _, hint := range ownHint.FindAllString(t.Text, -1) {
		text = strings.ReplaceAll(text, hint, strings.Repeat("\n", strings.Count(hint, "\n")))
	}
	front, _, _ := strings.Cut(strings.TrimPrefix(t.Text, "---\n"), "\n---\n")
	comments := map[string]bool{}
	for _, c := range ownComment.FindAllStringSubmatch(front, -1) {
		comments[c[2]] = true
	}
	now, body, is := strings.Cut(text, "\n---\n")
	if !is {
		return text
	}
	return ownComment.ReplaceAllStringFunc(now, func(line string) string {
		if c := ownComment.FindStringSubmatch(line); comments[c[2]] {
			return c[1]
		}
		return line
	}) + "\n---\n" + body
}
