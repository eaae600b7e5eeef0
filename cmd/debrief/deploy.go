package main

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/api"
	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
)

// deploying is a deployment as the command line says it.
type deploying struct {
	incident.Deployment
	at, zone   string
	failed     bool
	json, list bool
	of         string // component whose deployments are listed
	limit      int
}

func (a *app) deployCommand() *cobra.Command {
	var d deploying
	cmd := &cobra.Command{
		Use:   "deploy [COMPONENT VERSION]",
		Short: "Note what reached production, or list what did",
		Long: `Notes that VERSION of COMPONENT reached production, or with --failed that it did
not. COMPONENT is named as impacts name it. Without --at it is now; with --source
and --id it may be told again, and is the same deployment. Without arguments it
lists what was deployed, newest first.`,
		Example: `  debrief deploy Billing 2013.07.18-2 --link https://ci.example.com/billing/812
  debrief deploy Billing "$TAG" --source ci --id "$BUILD_ID" --failed
  debrief deploy --component billing`,
		Args: func(cmd *cobra.Command, args []string) error {
			if d.list = len(args) == 0; d.list {
				return onlyWith(cmd, "COMPONENT and VERSION", "at", "zone", "failed", "link", "by", "environment", "source", "id")
			}
			if err := onlyWith(cmd, "no arguments", "component", "limit"); err != nil {
				return err
			}
			return exactly("COMPONENT", "VERSION")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if d.list {
				return a.deployments(cmd, &d)
			}
			d.Component, d.Version = args[0], args[1]
			return a.deploy(cmd, &d)
		},
	}
	f := cmd.Flags()
	f.StringVar(&d.at, "at", "", "when it was live, such as \"2:42 AM PDT\"; now when it is left out")
	f.StringVar(&d.zone, "zone", "UTC", "time zone of --at, unless it names one")
	f.BoolVar(&d.failed, "failed", false, "it did not get there")
	f.StringVar(&d.Link, "link", "", "where more can be read")
	f.StringVar(&d.By, "by", "", "who or what deployed it; you when it is left out")
	f.StringVar(&d.Environment, "environment", incident.Production, "where it is live")
	f.StringVar(&d.Source, "source", "", "which program tells of it")
	f.StringVar(&d.ExternalID, "id", "", "what that program calls it")
	f.StringVar(&d.of, "component", "", "list those of one component")
	f.IntVar(&d.limit, "limit", 20, "list at most how many")
	f.BoolVar(&d.json, "json", false, "print the API's JSON")
	return cmd
}

// onlyWith refuses flags that mean something only with others.
func onlyWith(cmd *cobra.Command, what string, flags ...string) error {
	for _, name := range flags {
		if cmd.Flags().Changed(name) {
			return &usageError{fmt.Errorf("--%s goes with %s: see %s --help", name, what, cmd.CommandPath())}
		}
	}
	return nil
}

func (a *app) deploy(cmd *cobra.Command, d *deploying) error {
	in := &incident.Incident{Heading: incident.Heading{Zone: d.zone}}
	if _, err := incident.LoadZone(d.zone); err != nil {
		return atFlag("zone", err)
	}
	if d.at != "" {
		at, err := a.when(in, "at", d.at, nil)
		if err != nil {
			return err
		}
		d.At = at
	}
	if d.failed {
		d.State = incident.Failed
	}
	kept, err := a.client().AddDeployment(cmd.Context(), d.Deployment)
	if err != nil {
		return err
	}
	if d.json {
		return a.printJSON(kept)
	}
	in.Zone = kept.At.Zone
	_, err = fmt.Fprintf(a.out, "%s %s %s%s\n", oneLine(kept.Component), oneLine(kept.Version), kept.State, understood(in, kept.At))
	return err
}

func (a *app) deployments(cmd *cobra.Command, d *deploying) error {
	page, err := a.client().Deployments(cmd.Context(), client.DeploymentFilter{Component: d.of, Paging: client.Paging{Limit: d.limit}})
	if err != nil {
		return err
	}
	if d.json {
		return a.printJSON(page)
	}
	if len(page.Items) == 0 {
		_, err := fmt.Fprintln(a.out, "nothing was deployed, as far as anybody told")
		return err
	}
	t := a.table()
	t.row("LIVE (UTC)", "COMPONENT", "VERSION", "STATE", "ENVIRONMENT", "BY")
	for _, d := range page.Items {
		t.row(d.At.At.UTC().Format("2006-01-02 15:04"), d.Component, d.Version, string(d.State), d.Environment, cmp.Or(d.By, "-"))
	}
	return t.flush()
}

// deploys is whose word is taken about deployments that come without a token.
func (a *app) deploys() api.Deploys {
	d := api.Deploys{Secrets: strings.Fields(a.DeployKeys)}
	for name := range strings.SplitSeq(a.DeployTo, ",") {
		if name = strings.TrimSpace(name); name != "" {
			d.Environments = append(d.Environments, name)
		}
	}
	return d
}

// deployedBefore says what was deployed in the hours before an incident.
func deployedBefore(all []client.DeployedBefore) []string {
	var lines []string
	for _, d := range all {
		line := fmt.Sprintf("%s before: %s %s", incident.Span(time.Duration(d.Seconds)*time.Second), d.Component, d.Version)
		if d.State == incident.Failed {
			line += ", failed"
		}
		if d.Hurt {
			line += " (hurt)"
		}
		lines = append(lines, line)
	}
	return lines
}
