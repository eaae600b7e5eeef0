package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/incident"
)

func (a *app) webhookCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "webhook",
		Short: "Have what happens posted to addresses of the team's own",
		Long: `Has each change of an incident that everybody signed in may know of posted to
addresses of the team's own, signed after the Standard Webhooks specification.
Customers subscribe on the status page instead. Webhooks are for admins.`,
		Example: "  debrief webhook add https://hooks.example.com/debrief --event incident.filed --event incident.moved\n  debrief webhook test w3bh00k7x2ab\n  debrief webhook log w3bh00k7x2ab",
		Args:    cobra.ArbitraryArgs,
		RunE:    group,
	}
	cmd.AddCommand(a.webhookListCommand(), a.webhookAddCommand(), a.webhookTestCommand(), a.webhookLogCommand(), a.redeliverCommand(), a.rotateCommand(),
		a.webhookStateCommand("enable", incident.WebhookActive, "Tell a webhook of what happens again"),
		a.webhookStateCommand("disable", incident.WebhookDisabled, "Tell a webhook nothing until it is enabled"),
		a.webhookRemoveCommand())
	return cmd
}

func (a *app) webhookListCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "List the webhooks, with how each does", Example: "  debrief webhook list", Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			all, err := a.client().Webhooks(cmd.Context())
			switch {
			case err != nil:
				return err
			case asJSON:
				return a.printJSON(all)
			case len(all) == 0:
				_, err = fmt.Fprintln(a.out, "there are no webhooks: debrief webhook add URL makes one")
				return err
			}
			t := a.table()
			t.row("ID", "STATE", "EVENTS", "URL", "WHAT IT IS FOR")
			for _, w := range all {
				t.row(w.ID, webhookState(w), eventsOf(w), w.URL, or(w.Description, "-"))
			}
			if err := t.flush(); err != nil {
				return err
			}
			for _, w := range all {
				if w.Reason != "" {
					_, _ = fmt.Fprintf(a.err, "note: %s is disabled: %s\n", w.ID, oneLine(w.Reason))
				}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the API's JSON")
	return cmd
}

// webhookState says how one does.
func webhookState(w incident.Webhook) string {
	if w.State == incident.WebhookActive && w.FailingSince != nil {
		return "failing since " + w.FailingSince.UTC().Format("2006-01-02 15:04 UTC")
	}
	return string(w.State)
}

// eventsOf says what one wants, in short.
func eventsOf(w incident.Webhook) string {
	if len(w.Events) == 0 {
		return "all"
	}
	var words []string
	for _, e := range w.Events {
		words = append(words, strings.TrimPrefix(string(e), "incident."))
	}
	return strings.Join(words, ",")
}

func (a *app) webhookAddCommand() *cobra.Command {
	var w incident.Webhook
	var events []string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "add URL",
		Short: "Have events posted to an address",
		Long: `Has events posted to URL, and prints the secret that their signatures are checked
with. It is not shown again. An address inside is refused unless the server runs
with DEBRIEF_WEBHOOK_PRIVATE=allow.`,
		Example: "  debrief webhook add https://hooks.example.com/debrief --event incident.filed --description \"the war room's bot\"",
		Args:    exactly("URL"),
		RunE: func(cmd *cobra.Command, args []string) error {
			w.URL = args[0]
			for _, e := range events {
				if !strings.Contains(e, ".") {
					e = string(incident.EventOf(e))
				}
				w.Events = append(w.Events, incident.WebhookEvent(e))
			}
			made, err := a.client().AddWebhook(cmd.Context(), w)
			if err != nil {
				return err
			}
			if asJSON {
				return a.printJSON(made)
			}
			_, err = fmt.Fprintf(a.out, "added %s, told of %s\nits secret, shown this once: %s\n", made.ID, eventsOf(made.Webhook), made.Secret)
			return err
		},
	}
	cmd.Flags().StringArrayVar(&events, "event", nil, "a type that it wants, once for each; all when it is left out")
	cmd.Flags().StringVar(&w.Description, "description", "", "what it is for")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the API's JSON")
	_ = cmd.RegisterFlagCompletionFunc("event", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) { // the flag is there
		var all []string
		for _, e := range incident.WebhookEvents {
			all = append(all, string(e))
		}
		return all, cobra.ShellCompDirectiveNoFileComp
	})
	return cmd
}

func (a *app) webhookTestCommand() *cobra.Command {
	return &cobra.Command{
		Use: "test ID|URL", Short: "Send a test event to a webhook", Long: "Queues an event of the type webhook.test. The log tells how it went.",
		Example: "  debrief webhook test w3bh00k7x2ab", Args: exactly("ID|URL"), ValidArgsFunction: a.webhookIDs,
		RunE: func(cmd *cobra.Command, args []string) error {
			w, err := a.findWebhook(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			d, err := a.client().TestWebhook(cmd.Context(), w.ID)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.out, "queued test %d: debrief webhook log %s tells how it went\n", d.ID, w.ID)
			return err
		},
	}
}

func (a *app) rotateCommand() *cobra.Command {
	var atOnce bool
	cmd := &cobra.Command{
		Use: "rotate ID|URL", Short: "Give a webhook another secret",
		Long:    "Gives a webhook another secret, and prints it this once. For a day all is signed\nwith both, so that nothing is lost meanwhile.",
		Example: "  debrief webhook rotate w3bh00k7x2ab", Args: exactly("ID|URL"), ValidArgsFunction: a.webhookIDs,
		RunE: func(cmd *cobra.Command, args []string) error {
			w, err := a.findWebhook(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			made, err := a.client().RotateWebhook(cmd.Context(), w.ID, atOnce)
			if err != nil {
				return err
			}
			until := "the one before is good for nothing now"
			if made.OldSecretUntil != nil {
				until = "the one before is good until " + made.OldSecretUntil.UTC().Format("2006-01-02 15:04 UTC")
			}
			_, err = fmt.Fprintf(a.out, "%s\n%s\n", made.Secret, until)
			return err
		},
	}
	cmd.Flags().BoolVar(&atOnce, "now", false, "end the one before at once, as when somebody else has seen it")
	return cmd
}

// webhookStateCommand makes the command that gives a webhook a state.
func (a *app) webhookStateCommand(name string, state incident.WebhookState, short string) *cobra.Command {
	return &cobra.Command{
		Use: name + " ID|URL", Short: short, Example: "  debrief webhook " + name + " w3bh00k7x2ab", Args: exactly("ID|URL"), ValidArgsFunction: a.webhookIDs,
		RunE: func(cmd *cobra.Command, args []string) error {
			w, err := a.findWebhook(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if w, err = a.client().ChangeWebhook(cmd.Context(), w.ID, w.Revision, map[string]any{"state": state}); err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.out, "%s is %s\n", w.ID, w.State)
			return err
		},
	}
}

func (a *app) webhookRemoveCommand() *cobra.Command {
	return &cobra.Command{
		Use: "remove ID|URL", Short: "Remove a webhook: nothing more is sent to it", Example: "  debrief webhook remove w3bh00k7x2ab",
		Args: exactly("ID|URL"), ValidArgsFunction: a.webhookIDs,
		RunE: func(cmd *cobra.Command, args []string) error {
			w, err := a.findWebhook(cmd.Context(), args[0])
			if err == nil {
				err = a.client().RemoveWebhook(cmd.Context(), w.ID)
			}
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.out, "removed %s\n", w.ID)
			return err
		},
	}
}

// findWebhook finds one by its id, or by its address when that is of one alone.
func (a *app) findWebhook(ctx context.Context, named string) (incident.Webhook, error) {
	all, err := a.client().Webhooks(ctx)
	if err != nil {
		return incident.Webhook{}, err
	}
	var ids []string
	for _, w := range all {
		ids = append(ids, w.ID)
	}
	found := slices.DeleteFunc(all, func(w incident.Webhook) bool { return w.ID != named && w.URL != named })
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return incident.Webhook{}, incident.Refuse(incident.NotFound, "", fmt.Sprintf("there is no webhook %.60q:%s debrief webhook list lists them", named, didYouMean(named, ids)))
	}
	return incident.Webhook{}, incident.Refuse(incident.Invalid, "", strconv.Itoa(len(found))+" webhooks have this address: name one by its ID")
}

// webhookIDs complete with where each posts to.
func (a *app) webhookIDs(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	ctx, stop := context.WithTimeout(cmd.Context(), completionWait)
	defer stop()
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	all, _ := a.client().Webhooks(ctx) // without them nothing is completed
	var found []string
	for _, w := range all {
		found = append(found, w.ID+"\t"+oneLine(w.URL))
	}
	return found, cobra.ShellCompDirectiveNoFileComp
}

// ago reads a moment of a span: how long ago, such as 24h, or a time of RFC 3339; nil for "".
func (a *app) ago(flag, text string) (*time.Time, error) {
	if text == "" {
		return nil, nil
	}
	if d, err := time.ParseDuration(text); err == nil && d >= 0 {
		at := a.now().Add(-d)
		return &at, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return nil, &usageError{fmt.Errorf("--%s is %.40q: write how long ago, such as 24h, or a time such as 2026-01-02T15:04:05Z", flag, text)}
	}
	return &at, nil
}
