package main

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/debriefhq/debrief/cmd/debrief/bench"
	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
)

// choices is the one table of flags whose values are a closed set: command →
// flag → values. Completion offers them, and others are refused with the nearest.
var choices = map[string]map[string][]string{
	"list": {
		"severity": enum(incident.Heading{}, "Severity"), "status": enum(incident.Heading{}, "Status"),
		"review": enum(incident.Review{}, "State"), "sort": {"-number", "number", "-started", "started", "-updated", "updated"},
		"state": jobStates, // of job list
	},
	"show":    {"color": {"auto", "always", "never"}},
	"file":    {"format": formats(true)},
	"import":  {"format": formats(true)},
	"export":  {"format": append(formats(false), pdf), "audience": enum(incident.Entry{}, "Audience"), "only": {document.OnlyTimeline}},
	"log":     {"kind": enum(incident.Entry{}, "Kind"), "audience": enum(incident.Entry{}, "Audience")},
	"message": {"channel": enum(incident.Message{}, "Channel"), "audience": enum(incident.Message{}, "Audience")},
	"action": {
		"kind": enum(incident.Action{}, "Kind"), "priority": enum(incident.Action{}, "Priority"),
		"state": enum(incident.Action{}, "State"), "audience": enum(incident.Action{}, "Audience"),
	},
	"bench":  {"size": bench.SizeNames},
	"plans":  {"size": bench.SizeNames},
	"lint":   {"level": names(incident.FindingLevels)},
	"token":  {"role": names(incident.Roles), "scope": names(incident.Scopes)},
	"person": {"role": names(incident.Roles)},
}

// moves are what review takes.
var moves = names(incident.ReviewMoveNames)

// enum is the closed set of a field, as its type has it for the API.
func enum(of any, field string) []string {
	f, found := reflect.TypeOf(of).FieldByName(field)
	if !found {
		return nil
	}
	return filled(strings.Split(f.Tag.Get("enum"), ","))
}

func names[S ~string](all []S) []string {
	texts := make([]string, len(all))
	for i, s := range all {
		texts[i] = string(s)
	}
	return texts
}

// formats are those that can be read, or all that can be written.
func formats(read bool) []string {
	var all []string
	for _, f := range document.Formats {
		if !read || f.Read != nil {
			all = append(all, f.Name)
		}
	}
	return all
}

// checkChoices refuses values of flags that are none of their closed set, and
// writes those that differ in their case as the set does. One that is empty is
// the command's affair; so are the flags that say only how a thing is shown.
func checkChoices(cmd *cobra.Command) error {
	var err error
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if known, unknown := document.Lookup(f.Value.String()); f.Name == "format" && unknown == nil {
			err = errors.Join(err, f.Value.Set(known.Name))
			return // one that can only be written is refused as such
		}
		if err == nil && f.Value.String() != "" && f.Name != "color" && f.Name != "level" {
			set := choices[cmd.Name()][f.Name]
			if err = checkChoice("--"+f.Name, f.Value.String(), set); err == nil && len(set) > 0 {
				err = f.Value.Set(asChosen(f.Value.String(), set))
			}
		}
	})
	if err != nil {
		return &usageError{err}
	}
	return nil
}

// number reads the NUMBER of an incident.
func number(text string) (incident.Number, error) {
	n, err := incident.ReadNumber(text)
	if err != nil {
		return 0, &usageError{err}
	}
	return n, nil
}

// asChosen is a value of the set as the set writes it.
func asChosen(value string, set []string) string {
	return set[slices.IndexFunc(set, func(s string) bool { return strings.EqualFold(s, value) })]
}

func checkChoice(what, value string, all []string) error {
	if len(all) == 0 || slices.ContainsFunc(all, func(s string) bool { return strings.EqualFold(s, value) }) {
		return nil
	}
	them := strings.Join(all, ", ")
	if len(all) > 1 {
		them = "one of " + them
	}
	return incident.Refuse(incident.Invalid, "", fmt.Sprintf("%s is %.40q: write %s%s", what, value, them, semicolon(didYouMean(value, all))))
}

func semicolon(hint string) string {
	if hint != "" {
		hint = ";" + hint
	}
	return hint
}

// didYouMean names what was probably meant: " did you mean list?", or nothing.
func didYouMean(typed string, all []string) string {
	near := &cobra.Command{SuggestionsMinimumDistance: 2}
	for _, name := range all {
		near.AddCommand(&cobra.Command{Use: name, Run: func(*cobra.Command, []string) {}})
	}
	if found := near.SuggestionsFor(typed); typed != "" && len(found) > 0 && len(found) < 4 {
		return " did you mean " + strings.Join(found, " or ") + "?"
	}
	return ""
}

// commandNames are those below cmd that help lists.
func commandNames(cmd *cobra.Command) []string {
	var all []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			all = append(all, c.Name())
		}
	}
	return all
}

// badFlag makes a usage error of what the flags' parser says.
func badFlag(cmd *cobra.Command, err error) error {
	hint := ""
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		var all []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { all = append(all, "--"+f.Name) })
		hint = didYouMean("--"+unknown.GetSpecifiedName(), all)
	}
	return &usageError{fmt.Errorf("%w:%s see %s --help", err, hint, cmd.CommandPath())}
}
