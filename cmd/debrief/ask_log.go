package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/incident"
)

// logAsked asks for what the command line did not say, then logs it.
func (a *app) logAsked(cmd *cobra.Command, in *incident.Incident, l *logging) error {
	now := a.now().UTC().Format(time.RFC3339) // what is kept may be logged later
	q := a.ask(cmd.Context(), "debrief-*.sh", func() string { return l.command(in.Number, now) })

	asked := func(flag string) bool { return !cmd.Flags().Changed(flag) }
	err := func() error {
		if l.text == "" {
			if err := q.answer("What happened?", "", text(&l.text, true)); err != nil {
				return err
			}
		}
		if asked("at") {
			var at *incident.Moment
			read := a.moment(&at, in, func() *incident.Moment { return in.Latest() })
			if err := q.answer("When? (2:42 AM PDT, 14:05, ~09:40, +6m, unknown)", "now", func(line string) (string, error) {
				note, err := read(line)
				l.entry.At, l.at = at, line
				if at.Known() && (strings.EqualFold(line, "now") || strings.HasPrefix(line, "+")) {
					l.at = at.At.UTC().Format(time.RFC3339)
				}
				return note, err
			}); err != nil {
				return err
			}
		}
		if asked("kind") {
			if err := q.answer("Kind? ("+strings.Join(choices["log"]["kind"], ", ")+")", l.kind, oneOf(&l.kind, choices["log"]["kind"])); err != nil {
				return err
			}
		}
		if asked("actor") {
			if err := q.answer("Who or what did it? (may be empty)", "", text(&l.entry.Actor, false)); err != nil {
				return err
			}
		}
		if asked("audience") {
			if err := q.answer("Who may see it? ("+strings.Join(choices["log"]["audience"], ", ")+")", l.audience, oneOf(&l.audience, choices["log"]["audience"])); err != nil {
				return err
			}
		}
		return a.log(cmd.Context(), in, l)
	}()
	return q.end(err, "sh")
}

// command is the line that logs the same, also later than now.
func (l *logging) command(n incident.Number, now string) string {
	at := l.at
	if at == "now" {
		at = now
	}
	words := []string{"debrief", "log"}
	for _, flag := range []struct{ name, value string }{
		{"at", at}, {"until", l.until}, {"kind", l.kind}, {"actor", l.entry.Actor}, {"source", l.entry.Source}, {"audience", l.audience},
	} {
		if flag.value != "" {
			words = append(words, fmt.Sprintf("--%s %s", flag.name, quoted(flag.value)))
		}
	}
	words = append(words, "--", n.String(), quoted(l.text)) // the text may begin with -
	return strings.Join(words, " ") + "\n"
}

// quoted is a text as one word of a shell.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
