package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/incident"
)

// logging is an entry as the command line says it.
type logging struct {
	entry                           incident.Entry
	text, at, until, kind, audience string
	json, ask                       bool
}

func (a *app) logCommand() *cobra.Command {
	var l logging
	cmd := &cobra.Command{
		Use:   "log NUMBER TEXT",
		Short: "Add an entry to the timeline, and say how its time was understood",
		Long: `Adds an entry to the timeline. --at takes a time as people write it, in the
incident's zone unless it names another: "2:42 AM PDT", "14:05",
"yesterday 23:10 UTC", "2013-07-18T02:42-07:00", "~09:40", "+6m" (after the
entry before), "unknown". What is ambiguous or did not exist is refused with the
choices. Without --at it is now. --ask asks for TEXT and all that no flag says.`,
		Example: `  debrief log 42 "Restarted the master" --at "2:42 AM PDT" --kind action` + "\n  debrief log 42 --ask",
		Args: func(cmd *cobra.Command, args []string) error {
			if l.ask && len(args) == 1 {
				return nil
			}
			return exactly("NUMBER", "TEXT")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			in, err := a.fetch(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if len(args) > 1 {
				l.text = args[1]
			}
			if l.ask {
				return a.logAsked(cmd, in, &l)
			}
			return a.log(cmd.Context(), in, &l)
		},
	}
	cmd.Flags().StringVar(&l.at, "at", "now", "when it happened")
	cmd.Flags().StringVar(&l.until, "until", "", "when it ended")
	cmd.Flags().StringVar(&l.kind, "kind", "observation", "trigger, impact, detection, escalation, action, decision, communication, observation or recovery")
	cmd.Flags().StringVar(&l.entry.Actor, "actor", "", "who or what did it")
	cmd.Flags().StringVar(&l.entry.Source, "source", "", "link to where this is known from")
	audienceFlag(cmd, &l.audience)
	cmd.Flags().BoolVar(&l.json, "json", false, "print the entry as JSON")
	cmd.Flags().BoolVar(&l.ask, "ask", false, "ask on the terminal, one line each")
	return cmd
}

// log adds the entry, and says how its time was understood.
func (a *app) log(ctx context.Context, in *incident.Incident, l *logging) error {
	e := &l.entry
	var err error
	if e.At == nil {
		if e.At, err = a.when(in, "at", l.at, in.Latest()); err != nil {
			return err
		}
	}
	if l.until != "" {
		if e.Until, err = a.when(in, "until", l.until, e.At); err != nil {
			return err
		}
	}
	e.Text, e.Kind, e.Audience = l.text, incident.EntryKind(l.kind), incident.Audience(l.audience)
	added, err := a.client().Append(ctx, in.Number, e)
	if err != nil {
		return err
	}
	a.printOdd(added...)
	if l.json {
		return a.printJSON(added[0].Part)
	}
	_, err = fmt.Fprintf(a.out, "%s: logged%s\n", in.Number, understood(in, e.At))
	return err
}

func audienceFlag(cmd *cobra.Command, audience *string) {
	cmd.Flags().StringVar(audience, "audience", "internal", "who may see it: public, internal or private")
}

// fetch reads the incident that an argument names.
func (a *app) fetch(ctx context.Context, text string) (*incident.Incident, error) {
	n, err := number(text)
	if err != nil {
		return nil, err
	}
	return a.client().Incident(ctx, n)
}

// when reads the time that a flag gives, in the incident's zone. near gives the
// day to a time without one; nil is now.
func (a *app) when(in *incident.Incident, flag, text string, near *incident.Moment) (*incident.Moment, error) {
	m, err := incident.When{Zone: in.Zone, Near: near, Now: a.now()}.Read(text)
	if err != nil {
		return nil, atFlag(flag, err)
	}
	return &m, nil
}

// atFlag makes a refusal of a value, which was read here, name the flag that gave it.
func atFlag(flag string, err error) error {
	var refusal *incident.Error
	if errors.As(err, &refusal) {
		return &usageError{incident.Refuse(refusal.Kind, "--"+flag, refusal.Detail)}
	}
	return err
}

// understood says a moment back, to follow a verb.
func understood(in *incident.Incident, m *incident.Moment) string {
	switch text := readBack(in, m); {
	case !m.Known():
		return ", " + text
	case m.Precision == incident.Day:
		return " on " + text
	default:
		return " at " + text
	}
}

// readBack says how a moment was understood: both clocks and the day.
func readBack(in *incident.Incident, m *incident.Moment) string {
	switch {
	case !m.Known() && m != nil && m.AsWritten != "" && !strings.EqualFold(m.AsWritten, "unknown"):
		return fmt.Sprintf("time unknown (%q)", m.AsWritten)
	case !m.Known():
		return "time unknown"
	case m.Precision == incident.Day && m.Approximate:
		return "about " + incident.Date(m, in.Zone)
	case m.Precision == incident.Day:
		return incident.Date(m, in.Zone)
	}
	return incident.Both(m, in.Zone) + ", " + incident.Date(m, in.Zone)
}
