package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/api/client"
)

// jobStates are those that jobs are listed by.
var jobStates = []string{"waiting", "running", "retrying", "done", "failed", "cancelled"}

func (a *app) jobCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "job",
		Short: "See background work, try it again, pause and resume it",
		Long: `Shows what is done in the background: mails and webhooks that are sent, and
chores that keep the database in order. It is for admins, on any machine that
DEBRIEF_URL and DEBRIEF_TOKEN point at a server from.`,
		Example: "  debrief job list --state failed\n  debrief job pause mail",
		Args:    cobra.ArbitraryArgs,
		RunE:    group,
	}
	cmd.AddCommand(a.jobListCommand(), a.jobRetryCommand(), a.jobPauseCommand(), a.jobResumeCommand())
	return cmd
}

func (a *app) jobListCommand() *cobra.Command {
	var f client.JobFilter
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List queues, what waits in them, and jobs that failed and why",
		Long: `Lists the queues, whether they are paused and what waits in them, then jobs, the
newest first: without a flag those that did not go well.`,
		Example: "  debrief job list\n  debrief job list --state waiting --queue mail",
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			queues, err := a.client().Queues(cmd.Context())
			if err != nil {
				return err
			}
			jobs, err := a.jobs(cmd, f)
			if err != nil {
				return err
			}
			if asJSON {
				return a.printJSON(map[string]any{"queues": queues, "jobs": jobs})
			}
			return a.printJobs(queues, jobs)
		},
	}
	cmd.Flags().StringVar(&f.State, "state", "", "only those that are "+strings.Join(jobStates, ", "))
	cmd.Flags().StringVar(&f.Kind, "kind", "", "only those of a kind, such as deliver or chore")
	cmd.Flags().StringVar(&f.Queue, "queue", "", "only those of a queue")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the API's JSON")
	return cmd
}

// jobs are those that a filter asks for; without one those that failed, and those that will be tried again.
func (a *app) jobs(cmd *cobra.Command, f client.JobFilter) ([]client.Job, error) {
	states := []string{f.State}
	if f == (client.JobFilter{}) {
		states = []string{"retrying", "failed"}
	}
	all := []client.Job{}
	for _, f.State = range states {
		page, err := a.client().Jobs(cmd.Context(), f)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
	}
	return all, nil
}

func (a *app) printJobs(queues []client.Queue, jobs []client.Job) error {
	t := a.table()
	t.row("QUEUE", "STATE", "WAITING", "RUNNING", "FAILED", "TO DELIVER", "WHAT")
	for _, q := range queues {
		t.row(q.Name, queueState(q), strconv.FormatInt(q.Waiting, 10), strconv.FormatInt(q.Running, 10), strconv.FormatInt(q.Failed, 10), strconv.FormatInt(q.Deliveries, 10), q.Does)
	}
	if err := t.flush(); err != nil || len(jobs) == 0 {
		return err
	}
	if _, err := fmt.Fprintln(a.out); err != nil {
		return err
	}
	t = a.table()
	t.row("JOB", "KIND", "STATE", "TRIES", "DUE", "REASON")
	for _, j := range jobs {
		t.row(strconv.FormatInt(j.ID, 10), strings.TrimSpace(j.Kind+" "+j.Name), j.State, fmt.Sprintf("%d of %d", j.Tries, j.MostTries), j.DueAt.UTC().Format(time.DateTime), or(oneLine(j.Reason), "-"))
	}
	return t.flush()
}

// queueState says whether a queue is worked on.
func queueState(q client.Queue) string {
	switch {
	case q.PausedAt != nil:
		return "paused since " + q.PausedAt.UTC().Format(time.DateTime)
	case q.Off:
		return "off: no mail server is set"
	}
	return "works"
}

func (a *app) jobRetryCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "retry JOB",
		Short:   "Try a job again now that failed or waits for another try",
		Example: "  debrief job retry 1204",
		Args:    exactly("JOB"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil || id < 1 {
				return &usageError{fmt.Errorf("%.40q is no job: write its number, as debrief job list has it", args[0])}
			}
			job, err := a.client().RetryJob(cmd.Context(), id)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.out, "job %d (%s) is tried again\n", job.ID, strings.TrimSpace(job.Kind+" "+job.Name))
			return err
		},
	}
}

func (a *app) jobPauseCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "pause QUEUE",
		Short:   "Let nothing of a queue be begun, also after a restart",
		Long:    "Lets nothing of a queue be begun until it is resumed, also after a restart. What is under way comes to its end.",
		Example: "  debrief job pause mail",
		Args:    exactly("QUEUE"), ValidArgsFunction: a.queueNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			q, err := a.client().PauseQueue(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.out, "%s is %s: debrief job resume %s\n", q.Name, queueState(q), q.Name)
			return err
		},
	}
}

func (a *app) jobResumeCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "resume QUEUE",
		Short:   "Let a queue be worked on again",
		Example: "  debrief job resume mail",
		Args:    exactly("QUEUE"), ValidArgsFunction: a.queueNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			q, err := a.client().ResumeQueue(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.out, "%s %s\n", q.Name, queueState(q))
			return err
		},
	}
}
