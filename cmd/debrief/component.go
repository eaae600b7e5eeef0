package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/incident"
)

func (a *app) componentCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "component",
		Short: "List the parts of the product, add one, show it to outsiders or hide it",
		Long: `Lists the parts of the product that customers can name, with how each does now.
An impact that names a new one adds it; outsiders see it once it is shown.`,
		Example: "  debrief component\n  debrief component show Voice --group Calls --position 10",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return group(cmd, args)
			}
			all, err := a.client().Components(cmd.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return a.printJSON(all)
			}
			return a.printComponents(all)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the API's JSON")
	cmd.AddCommand(a.componentAddCommand(),
		a.componentChangeCommand("show", incident.AudiencePublic, "Show a part of the product on the status page", "  debrief component show Voice --group Calls --position 10"),
		a.componentChangeCommand("hide", incident.AudienceInternal, "Hide a part of the product from outsiders", "  debrief component hide Voice"))
	return cmd
}

func (a *app) printComponents(all []incident.Component) error {
	if len(all) == 0 {
		_, err := fmt.Fprintln(a.out, "there are no components: the first impact brings one")
		return err
	}
	t := a.table()
	t.row("NAME", "LEVEL", "GROUP", "ORDER", "OUTSIDERS", "ID")
	for _, c := range all {
		t.row(c.Name, string(c.Level), or(c.Group, "-"), strconv.FormatInt(c.Position, 10), outsiders(c), c.ID)
	}
	return t.flush()
}

// outsiders says whether they see a component.
func outsiders(c incident.Component) string {
	if c.Audience == incident.AudiencePublic {
		return "shown"
	}
	return "not shown"
}

// componentFlags are those that say how a component stands on the status page.
func componentFlags(cmd *cobra.Command, c *incident.Component) {
	cmd.Flags().StringVar(&c.Group, "group", "", "heading that it stands under on the status page")
	cmd.Flags().Int64Var(&c.Position, "position", 0, "order on the status page, the least first")
	cmd.Flags().StringVar(&c.Description, "description", "", "what it is, for outsiders")
}

func (a *app) componentAddCommand() *cobra.Command {
	var c incident.Component
	var show bool
	cmd := &cobra.Command{
		Use:     "add NAME",
		Short:   "Add a part of the product",
		Long:    "Adds a part of the product. NAME never changes: impacts name it.",
		Example: `  debrief component add "Usage reports" --group Console --show`,
		Args:    exactly("NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if c.Name, c.Audience = args[0], incident.AudienceInternal; show {
				c.Audience = incident.AudiencePublic
			}
			added, err := a.client().AddComponent(cmd.Context(), c)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.out, "added %s, %s to outsiders: %s\n", oneLine(added.Name), outsiders(added), added.ID)
			return err
		},
	}
	componentFlags(cmd, &c)
	cmd.Flags().BoolVar(&show, "show", false, "show it to outsiders at once")
	return cmd
}

// componentChangeCommand makes the command that gives a component an audience, and what its flags say.
func (a *app) componentChangeCommand(name string, audience incident.Audience, short, example string) *cobra.Command {
	var c incident.Component
	cmd := &cobra.Command{
		Use: name + " NAME|ID", Short: short, Example: example, Args: exactly("NAME|ID"), ValidArgsFunction: a.componentNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			before, err := a.findComponent(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			patch := map[string]any{"audience": audience}
			for key, value := range map[string]any{"group": c.Group, "position": c.Position, "description": c.Description} {
				if cmd.Flags().Changed(key) {
					patch[key] = value
				}
			}
			after, err := a.client().ChangeComponent(cmd.Context(), before.ID, before.Revision, patch)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.out, "%s is %s to outsiders\n", oneLine(after.Name), outsiders(after))
			return err
		},
	}
	componentFlags(cmd, &c)
	return cmd
}

// findComponent finds one by its id, or by its name in any case.
func (a *app) findComponent(ctx context.Context, named string) (incident.Component, error) {
	all, err := a.client().Components(ctx)
	if err != nil {
		return incident.Component{}, err
	}
	var known []string
	for _, c := range all {
		if c.ID == named || strings.EqualFold(c.Name, strings.TrimSpace(named)) {
			return c, nil
		}
		known = append(known, c.Name)
	}
	return incident.Component{}, incident.Refuse(incident.NotFound, "", fmt.Sprintf("there is no component %.60q:%s debrief component lists them", named, didYouMean(named, known)))
}
