package main

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
)

func (a *app) webhookLogCommand() *cobra.Command {
	var state string
	var limit int
	var asJSON bool
	cmd := &cobra.Command{
		Use: "log ID|URL", Short: "List what was sent to a webhook, and what it answered",
		Long:    "Lists what was sent to a webhook within 30 days, newest first, and what it\nanswered. --json has the bodies.",
		Example: "  debrief webhook log w3bh00k7x2ab --state failed", Args: exactly("ID|URL"), ValidArgsFunction: a.webhookIDs,
		RunE: func(cmd *cobra.Command, args []string) error {
			w, err := a.findWebhook(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			page, err := a.client().WebhookDeliveries(cmd.Context(), w.ID, state, client.Paging{Limit: limit})
			if err != nil {
				return err
			}
			if asJSON {
				return a.printJSON(page)
			}
			return a.printWebhookLog(page)
		},
	}
	cmd.Flags().StringVar(&state, "state", "", "those alone: queued, sending, delivered, failed or cancelled")
	cmd.Flags().IntVar(&limit, "limit", 20, "list at most how many, up to 200")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the API's JSON")
	return cmd
}

func (a *app) printWebhookLog(page client.Page[incident.WebhookDelivery]) error {
	if len(page.Items) == 0 {
		_, err := fmt.Fprintln(a.out, "nothing was sent: debrief webhook test sends a test")
		return err
	}
	rows := [][]string{{"ID", "AT", "EVENT", "INCIDENT", "STATE", "TRIES", "ANSWER", "WHY"}}
	for _, d := range page.Items {
		about, status := "-", "-"
		if d.Incident != 0 {
			about = d.Incident.String()
		}
		if d.Status != 0 {
			status = strconv.Itoa(d.Status)
		}
		rows = append(rows, []string{
			strconv.FormatInt(d.ID, 10), d.At.UTC().Format("2006-01-02 15:04:05 UTC"), string(d.Type), about, d.State, strconv.Itoa(d.Tries), status, or(d.Reason, "-"),
		})
	}
	if err := a.printSentences(rows); err != nil {
		return err
	}
	if page.Next != "" {
		_, _ = fmt.Fprintln(a.err, "note: there are more: ask for them with --limit")
	}
	return nil
}

func (a *app) redeliverCommand() *cobra.Command {
	var since, until string
	var failed bool
	cmd := &cobra.Command{
		Use:   "redeliver ID|URL [DELIVERY...]",
		Short: "Send deliveries to a webhook again",
		Long: `Sends deliveries again that failed or went well: those given, or all whose events
happened in a span. They keep the id of their event.`,
		Example:           "  debrief webhook redeliver w3bh00k7x2ab 812 815\n  debrief webhook redeliver w3bh00k7x2ab --since 24h --failed",
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: a.webhookIDs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return &usageError{errors.New("ID|URL is missing: see debrief webhook redeliver --help")}
			}
			r, err := a.redelivery(args[1:], since, until, failed)
			if err != nil {
				return err
			}
			w, err := a.findWebhook(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			done, err := a.client().Redeliver(cmd.Context(), w.ID, r)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.out, "%d queued again\n", done)
			return err
		},
	}
	cmd.Flags().StringVar(&since, "since", "", "all since then: how long ago, such as 24h, or a time")
	cmd.Flags().StringVar(&until, "until", "", "with --since: before then; now when it is left out")
	cmd.Flags().BoolVar(&failed, "failed", false, "with --since: those alone that failed")
	return cmd
}

// redelivery is what the arguments ask to send again.
func (a *app) redelivery(ids []string, since, until string, failed bool) (r client.Redelivery, err error) {
	if (len(ids) > 0) == (since != "") || since == "" && (until != "" || failed) {
		return r, &usageError{errors.New("name deliveries, or a span with --since: see debrief webhook redeliver --help")}
	}
	for _, text := range ids {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return r, &usageError{fmt.Errorf("%.40q is no delivery: debrief webhook log lists them", text)}
		}
		r.IDs = append(r.IDs, id)
	}
	if r.From, err = a.ago("since", since); err != nil {
		return r, err
	}
	if failed {
		r.State = "failed"
	}
	r.Until, err = a.ago("until", until)
	return r, err
}
