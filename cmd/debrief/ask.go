package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/debriefhq/debrief/incident"
)

// errEnded is the end of the input in the middle of questions.
var errEnded = incident.Refuse(incident.Invalid, "", "the input ended before the questions did")

// asker asks on the terminal, a line for each answer. After each it keeps what
// was answered in a file, until that is filed.
type asker struct {
	ctx   context.Context
	lines <-chan string
	out   io.Writer
	kept  string        // path of that file; "" before the first answer
	name  string        // pattern of its name
	draft func() string // what is written into it
}

// ask begins a conversation. The reader of lines ends with the input, or with
// the program: a terminal cannot be told to stop waiting.
func (a *app) ask(ctx context.Context, name string, draft func() string) *asker {
	lines := make(chan string)
	in := bufio.NewScanner(a.in)
	in.Buffer(nil, 1<<20)
	go func() {
		defer close(lines)
		for in.Scan() {
			select {
			case lines <- in.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	return &asker{ctx: ctx, lines: lines, out: a.err, name: name, draft: draft}
}

// answer asks until understood takes the answer, and says what it gives back.
// An empty line is otherwise.
func (q *asker) answer(question, otherwise string, understood func(text string) (string, error)) error {
	for {
		prompt := question
		if otherwise != "" {
			prompt += " [" + otherwise + "]"
		}
		_, _ = fmt.Fprint(q.out, prompt+": ")
		text, err := q.line()
		if err != nil {
			_, _ = fmt.Fprintln(q.out)
			return err
		}
		note, err := understood(or(text, otherwise))
		var refusal *incident.Error
		if errors.As(err, &refusal) {
			_, _ = fmt.Fprintln(q.out, "  "+plain(refusal.Detail))
			continue
		}
		if err != nil {
			return err
		}
		if note != "" {
			_, _ = fmt.Fprintln(q.out, "  = "+plain(note))
		}
		return q.keep()
	}
}

func (q *asker) line() (string, error) {
	select {
	case <-q.ctx.Done():
		return "", q.ctx.Err()
	case text, more := <-q.lines:
		if !more && q.ctx.Err() != nil {
			return "", q.ctx.Err()
		}
		if !more {
			return "", errEnded
		}
		return strings.TrimSpace(text), nil
	}
}

// keep writes what was answered so far.
func (q *asker) keep() error {
	if q.kept == "" {
		file, err := os.CreateTemp("", q.name)
		if err != nil {
			return fmt.Errorf("keep what was typed: %w", err)
		}
		q.kept = file.Name()
		if err := file.Close(); err != nil {
			return fmt.Errorf("keep what was typed: %w", err)
		}
	}
	if err := os.WriteFile(q.kept, []byte(q.draft()), 0o600); err != nil {
		return fmt.Errorf("keep what was typed: %w", err)
	}
	return nil
}

// end says where what was typed is kept when it was not filed, and how that is
// done with it; else it is not needed any more.
func (q *asker) end(err error, then string) error {
	switch {
	case q.kept == "":
	case err == nil:
		_ = os.Remove(q.kept)
	default:
		_, _ = fmt.Fprintf(q.out, "what you typed is kept in %s: %s %s\n", q.kept, then, q.kept)
	}
	return err
}

// text takes any line of text into what; when needed it may not be empty.
func text(what *string, needed bool) func(string) (string, error) {
	return func(line string) (string, error) {
		switch {
		case !utf8.ValidString(line):
			return "", incident.Refuse(incident.Invalid, "", "that is not UTF-8 text: set the terminal to UTF-8")
		case line == "" && needed:
			return "", incident.Refuse(incident.Invalid, "", "that is needed: write a few words, or leave with Ctrl-C")
		}
		*what = line
		return "", nil
	}
}

// oneOf takes a word of a closed set, or an empty line.
func oneOf(what *string, set []string) func(string) (string, error) {
	return func(line string) (string, error) {
		if line != "" {
			if err := checkChoice("that", line, set); err != nil {
				return "", err
			}
		}
		*what = strings.ToLower(line)
		return "", nil
	}
}

// moment takes a time, in the incident's zone unless it names another, and says
// how it was understood; an empty line is none.
func (a *app) moment(what **incident.Moment, in *incident.Incident, near func() *incident.Moment) func(string) (string, error) {
	return func(line string) (string, error) {
		*what = nil
		if line == "" {
			return "", nil
		}
		before := near()
		m, err := incident.When{Zone: in.Zone, Near: before, Now: a.now()}.Read(line)
		if err != nil {
			return "", err
		}
		*what = &m
		note := readBack(in, &m)
		switch sign := strings.TrimLeft(line, "~≈([ "); {
		case !m.Known() || !strings.HasPrefix(sign, "+") && !strings.HasPrefix(sign, "-"):
		case before.Known():
			note += ", counted from " + incident.Both(before, in.Zone)
		default:
			note += ", counted from now"
		}
		return note, nil
	}
}
