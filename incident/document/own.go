package document

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"text/template"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// LongestOwn is how many bytes a template of somebody's own may have.
const LongestOwn = 1 << 20

// OwnTooLong is said of one that has more.
const OwnTooLong = "the template is over 1 MiB: keep in it what differs between incidents, and all else in the layout of your site"

// What it may write.
const (
	mostOwn     = 4 << 20 // bytes of document
	longestWord = 1 << 20 // bytes that one function gives
)

// OwnTime is what a template may take.
const OwnTime = time.Second

// ReadPublic reads what the format json is for outsiders.
func ReadPublic(data []byte) (*incident.Public, error) {
	p := &incident.Public{}
	if err := json.Unmarshal(data, p); err != nil {
		return nil, fmt.Errorf("read the public record: %w", err)
	}
	return p, nil
}

// WriteOwn writes what outsiders may see through a text/template of somebody's
// own: docs/export.md says what it may use. It is refused when it has not ended
// with ctx, which should give it OwnTime, or makes more than 4 MiB. What is
// refused has written nothing. A template that is stopped may go on in memory
// until the program ends, so this is for programs that end: the command line.
func WriteOwn(ctx context.Context, w io.Writer, source string, p *incident.Public, o Options) error {
	if len(source) > LongestOwn {
		return incident.Refuse(incident.TooLarge, "", OwnTooLong)
	}
	s := newStory(view(p), o, true)
	if _, err := incident.LoadZone(s.Zone); err != nil {
		return err
	}
	t, err := template.New("template").Option("missingkey=error").Funcs(s.functions()).Parse(source)
	if err != nil {
		return refuseOwn(err.Error())
	}
	out, done := &limited{ctx: ctx}, make(chan error, 1)
	go func() { done <- t.Execute(out, p) }()
	select {
	case err = <-done:
	case <-ctx.Done():
		err = ctx.Err()
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return refuseOwn("it takes over a second: look for ranges inside ranges")
	case errors.Is(err, errBig):
		return refuseOwn("it writes over 4 MiB: look for ranges inside ranges")
	case err != nil:
		return refuseOwn(err.Error())
	}
	return flush(w, out.b.String())
}

func refuseOwn(why string) error {
	why = strings.TrimPrefix(strings.TrimPrefix(why, "template: "), "template:")
	return incident.Refuse(incident.Invalid, "", "the template: "+why)
}

var errBig = errors.New("too big")

// limited takes what a template writes, until it is too much or too late.
type limited struct {
	b   bytes.Buffer
	ctx context.Context // text/template hands none to its writer
}

// Write is called by the template.
func (l *limited) Write(text []byte) (int, error) {
	if err := l.ctx.Err(); err != nil {
		return 0, err
	}
	if l.b.Len()+len(text) > mostOwn {
		return 0, errBig
	}
	return l.b.Write(text)
}

// functions are what a template may call, beside those of text/template that
// compare and index. Those that make texts are bounded, so that none grows by
// doubling.
func (s *story) functions() template.FuncMap {
	post := &post{story: s, noHTML: true, images: besides}
	return template.FuncMap{
		"both":     func(m *incident.Moment) string { return incident.Both(m, s.Zone) },
		"date":     func(m *incident.Moment) string { return incident.Date(m, s.Zone) },
		"duration": spanOf,
		"human":    func(word any) (string, error) { return bounded(human(fmt.Sprint(word))) },
		"markdown": func(text string) (string, error) { return bounded(post.markdownOf(text)) },
		"plain":    func(text string) (string, error) { return bounded(inLine(plainText(text))) },
		"quote":    func(text string) (string, error) { return bounded(quotedScalar(text)) },

		"print":    func(all ...any) (string, error) { return bounded(fmt.Sprint(all...)) },
		"println":  func(all ...any) (string, error) { return bounded(fmt.Sprintln(all...)) },
		"printf":   printf,
		"html":     func(all ...any) (string, error) { return bounded(template.HTMLEscaper(all...)) },
		"js":       func(all ...any) (string, error) { return bounded(template.JSEscaper(all...)) },
		"urlquery": func(all ...any) (string, error) { return bounded(template.URLQueryEscaper(all...)) },
	}
}

func bounded(text string) (string, error) {
	if len(text) > longestWord {
		return "", errBig
	}
	return text, nil
}

// printf refuses a width that would fill the memory.
func printf(format string, all ...any) (string, error) {
	if wide.MatchString(format) {
		return "", errors.New("printf takes widths of at most three digits")
	}
	return bounded(fmt.Sprintf(format, all...))
}

var wide = regexp.MustCompile(`%[^%A-Za-z]*(?:\d{4}|\*)`)

// spanOf writes seconds, as the measures have them; "" for none.
func spanOf(seconds any) (string, error) {
	switch n := seconds.(type) {
	case *int64:
		if n == nil {
			return "", nil
		}
		return incident.Span(time.Duration(*n) * time.Second), nil
	case int64:
		return incident.Span(time.Duration(n) * time.Second), nil
	case int:
		return incident.Span(time.Duration(n) * time.Second), nil
	}
	return "", fmt.Errorf("duration takes seconds, such as those of .Measures, not %T", seconds)
}

// markdownOf is a text of the record for a document in Markdown.
func (p *post) markdownOf(text string) string {
	if p.safe(text) {
		return p.asIs(text)
	}
	return p.tamed(text)
}
