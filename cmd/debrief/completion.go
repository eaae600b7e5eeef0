package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
)

// completionWait is how long somebody who pressed Tab waits for a server.
const completionWait = time.Second

var shells = []string{"bash", "zsh", "fish"}

func (a *app) completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Write the script that lets your shell complete: bash, zsh, fish",
		Long: `Writes the script that lets your shell complete commands, flags and their values.
Numbers of incidents are asked of the server, and come with their titles.

    bash   echo 'source <(debrief completion bash)' >> ~/.bashrc
    zsh    echo 'autoload -U compinit; compinit; source <(debrief completion zsh)' >> ~/.zshrc
    fish   debrief completion fish > ~/.config/fish/completions/debrief.fish`,
		Example:   "  source <(debrief completion bash)",
		Args:      exactly("SHELL"),
		ValidArgs: shells,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch root := cmd.Root(); strings.ToLower(args[0]) {
			case "bash":
				return a.bash(root)
			case "zsh":
				return root.GenZshCompletion(a.out)
			case "fish":
				return root.GenFishCompletion(a.out, true)
			}
			return &usageError{checkChoice("SHELL", args[0], shells)}
		},
	}
}

// bashWords is what cobra's script wants of the package bash-completion, for
// where that is not installed.
const bashWords = `__debrief_words()
{
    if declare -F _get_comp_words_by_ref >/dev/null 2>&1; then
        _get_comp_words_by_ref "$@"
        return
    fi
    words=("${COMP_WORDS[@]}")
    cword=$COMP_CWORD
    cur=${words[cword]}
    prev=${words[cword-1]}
}

`

func (a *app) bash(root *cobra.Command) error {
	var script strings.Builder
	if err := root.GenBashCompletionV2(&script, true); err != nil {
		return err
	}
	_, err := io.WriteString(a.out, bashWords+strings.ReplaceAll(script.String(), "    _get_comp_words_by_ref ", "    __debrief_words "))
	return err
}

// completer gives what may stand at a place of the command line.
type completer = func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective)

// assist makes every command below cmd complete its arguments and flags.
func (a *app) assist(cmd *cobra.Command) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		var complete completer
		switch set := choices[cmd.Name()][f.Name]; {
		case len(set) > 0:
			complete = only(set)
		case f.Name == "zone":
			complete = zones
		case f.Name == "duplicate-of":
			complete = a.numbers
		case f.Name == "template" && cmd.Name() == "file":
			complete = a.templateNames
		case f.Name == "output" || f.Name == "template" || f.Name == "template-dir" || f.Name == "data-dir" || f.Value.Type() == "bool":
			return // files
		default:
			complete = cobra.NoFileCompletions
		}
		_ = cmd.RegisterFlagCompletionFunc(f.Name, complete) // fails for none twice
	})
	_, arguments, _ := strings.Cut(cmd.Use, " ")
	if strings.HasPrefix(arguments, "NUMBER") || strings.HasPrefix(arguments, "[NUMBER") {
		cmd.ValidArgsFunction = a.arguments
	}
	for _, below := range cmd.Commands() {
		a.assist(below)
	}
}

// arguments completes those of a command whose first is a NUMBER.
func (a *app) arguments(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	switch {
	case cmd.Name() == "lint": // a FILE goes too
		found, _ := a.numbers(cmd, args, typed)
		return found, cobra.ShellCompDirectiveDefault
	case len(args) == 0:
		return a.numbers(cmd, args, typed)
	case cmd.Name() == "review" && len(args) == 1:
		return moves, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	case cmd.Name() == "send" && len(args) == 1:
		return a.drafts(cmd, args[0])
	}
	return nil, cobra.ShellCompDirectiveNoFileComp
}

func only(all []string) completer {
	return cobra.FixedCompletions(all, cobra.ShellCompDirectiveNoFileComp|cobra.ShellCompDirectiveKeepOrder)
}

// numbers are those of the newest incidents, with their titles. Without a server
// that answers at once there are none: Tab says nothing.
func (a *app) numbers(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	const directive = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	ctx, stop := context.WithTimeout(cmd.Context(), completionWait)
	defer stop()
	page, err := a.client().Incidents(ctx, client.Filter{Paging: client.Paging{Limit: 200}})
	if err != nil {
		return nil, directive
	}
	var found []string
	for i := range page.Items {
		h := &page.Items[i]
		name := fmt.Sprint(int64(h.Number))
		if strings.HasPrefix(strings.ToUpper(typed), "I") {
			name = h.Number.String()
		}
		if cmd.Name() == "resolve" && h.Status.Over() || !strings.HasPrefix(name, strings.ToUpper(typed)) {
			continue
		}
		name = typed + name[len(typed):] // shells drop what differs from it in its case
		found = append(found, name+"\t"+oneLine(h.Title))
	}
	return found, directive
}

// drafts are the messages of an incident that can be sent, with how they begin.
func (a *app) drafts(cmd *cobra.Command, of string) ([]string, cobra.ShellCompDirective) {
	ctx, stop := context.WithTimeout(cmd.Context(), completionWait)
	defer stop()
	in, err := a.fetch(ctx, of)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var found []string
	for _, m := range in.Messages {
		if m.State == incident.Draft {
			found = append(found, m.ID+"\t"+oneLine(m.Body))
		}
	}
	return found, cobra.ShellCompDirectiveNoFileComp
}

// componentNames are those of the parts of the product, with how each does.
func (a *app) componentNames(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	ctx, stop := context.WithTimeout(cmd.Context(), completionWait)
	defer stop()
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	all, err := a.client().Components(ctx)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var found []string
	for _, c := range all {
		found = append(found, oneLine(c.Name)+"\t"+string(c.Level))
	}
	return found, cobra.ShellCompDirectiveNoFileComp
}

// queueNames are those that jobs wait in, with what is done there.
func (a *app) queueNames(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	ctx, stop := context.WithTimeout(cmd.Context(), completionWait)
	defer stop()
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	all, err := a.client().Queues(ctx)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var found []string
	for _, q := range all {
		found = append(found, q.Name+"\t"+q.Does)
	}
	return found, cobra.ShellCompDirectiveNoFileComp
}

// templateNames complete with what they are for; a FILE goes too.
func (a *app) templateNames(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	all, err := a.templates()
	if err != nil {
		return nil, cobra.ShellCompDirectiveDefault
	}
	var found []string
	for _, t := range all {
		found = append(found, t.Name+"\t"+oneLine(t.About()))
	}
	return found, cobra.ShellCompDirectiveDefault
}

// zones are the names that this machine knows; any other of IANA's is taken too.
func zones(_ *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	all := []string{"UTC"}
	text, _ := os.ReadFile("/usr/share/zoneinfo/tzdata.zi") // without one there is only UTC
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		name := ""
		switch {
		case len(fields) >= 3 && fields[0] == "L":
			name = fields[2]
		case len(fields) >= 2 && fields[0] == "Z":
			name = fields[1]
		}
		if strings.Contains(name, "/") {
			if _, err := incident.LoadZone(name); err == nil {
				all = append(all, name)
			}
		}
	}
	slices.Sort(all)
	return all, cobra.ShellCompDirectiveNoFileComp
}
