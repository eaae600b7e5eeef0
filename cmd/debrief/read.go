package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
)

// client speaks to the server that the settings point at.
func (a *app) client() *client.Client {
	base, token := a.server()
	return client.New(base, token, nil)
}

// pageFlags say which page of a list.
func pageFlags(cmd *cobra.Command, p *client.Paging) {
	cmd.Flags().IntVar(&p.Limit, "limit", 50, "rows, 1 to 200")
	cmd.Flags().StringVar(&p.Cursor, "cursor", "", "where the page before ended")
}

func (a *app) listCommand() *cobra.Command {
	var f client.Filter
	var from, to string
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List incidents, newest first",
		Example: "  debrief list --status resolved --severity sev1\n  debrief list --from 2013-07-01 --tag billing --json",
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if f.From, err = a.instant("from", from); err != nil {
				return err
			}
			if f.To, err = a.instant("to", to); err != nil {
				return err
			}
			page, err := a.client().Incidents(cmd.Context(), f)
			if err != nil {
				return err
			}
			if asJSON {
				return a.printJSON(page)
			}
			if len(page.Items) == 0 {
				text := `no incidents: "debrief file" writes the first one`
				if cmd.Flags().NFlag() > 0 {
					text = "no incident is like that: ask for less"
				}
				_, err := fmt.Fprintln(a.out, text)
				return err
			}
			if err := a.printHeadings(page.Items); err != nil {
				return err
			}
			a.more(page.Next)
			return nil
		},
	}
	pageFlags(cmd, &f.Paging)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().StringVarP(&f.Query, "query", "q", "", "only with these words")
	cmd.Flags().StringVar(&f.Status, "status", "", "only with this status")
	cmd.Flags().StringVar(&f.Severity, "severity", "", "only sev1, sev2, sev3 or sev4")
	cmd.Flags().StringVar(&f.Component, "component", "", "only that hurt this component")
	cmd.Flags().StringVar(&f.Tag, "tag", "", "only with this tag")
	cmd.Flags().StringVar(&f.Review, "review", "", "only draft, in_review, approved or published")
	cmd.Flags().StringVar(&from, "from", "", "only that started at or after this day or time; filed, where no start is told")
	cmd.Flags().StringVar(&to, "to", "", "only that started before this day or time; filed, where no start is told")
	cmd.Flags().StringVar(&f.Sort, "sort", "", "number, started or updated; a minus in front turns it round")
	return cmd
}

// instant reads the end of a range; a time without a zone is in UTC.
func (a *app) instant(flag, text string) (*time.Time, error) {
	if text == "" {
		return nil, nil
	}
	m, err := incident.When{Zone: "UTC", Now: a.now()}.Read(text)
	if err != nil {
		return nil, atFlag(flag, err)
	}
	if m.At == nil {
		return nil, &usageError{fmt.Errorf("--%s needs a day or a time, such as 2013-07-18", flag)}
	}
	return m.At, nil
}

// tableWidth is what a table of headings needs before titles have no room left.
const tableWidth = 100

// printHeadings lists incidents in columns; in a narrow terminal, where titles
// would be torn apart, in two lines each.
func (a *app) printHeadings(all []incident.Heading) error {
	t := a.table()
	narrow := a.width > 0 && a.width < tableWidth
	if !narrow {
		t.row("NUMBER", "SEVERITY", "STATUS", "REVIEW", "STARTED", "TITLE")
	}
	for i := range all {
		h := &all[i]
		cells := []string{string(h.Severity), standing(h), string(h.Review.State), began(h)}
		if narrow {
			t.row(h.Number.String(), h.Title)
			t.row("", strings.Join(filled(cells), " · "))
			continue
		}
		t.row(append(append([]string{h.Number.String()}, cells...), h.Title)...)
	}
	return t.flush()
}

// more says how to read on.
func (a *app) more(next string) {
	if next != "" {
		_, _ = fmt.Fprintf(a.err, "there are more: --cursor %s\n", next)
	}
}

func standing(h *incident.Heading) string {
	if h.Resolution != "" {
		return string(h.Status) + " (" + string(h.Resolution) + ")"
	}
	return string(h.Status)
}

// began is the start, or what comes nearest to it.
func began(h *incident.Heading) string {
	for _, m := range []*incident.Moment{h.Milestones.Started, h.Milestones.Triggered, h.Milestones.Detected} {
		at, ok := m.In(h.Zone)
		switch {
		case !ok:
		case m.Precision == incident.Day:
			return at.Format(time.DateOnly)
		default:
			return at.Format(time.DateOnly) + " " + incident.Clock(m)
		}
	}
	return "not known"
}
