package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

func (a *app) migrateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Bring the database's schema up to this binary's",
		Args:  exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withStore(cmd.Context(), func(*store.Store) error {
				_, err := fmt.Fprintln(a.out, "the schema is up to date")
				return err
			})
		},
	}
	a.databaseFlag(cmd)
	return cmd
}

func (a *app) databaseFlag(cmd *cobra.Command) {
	cmd.PersistentFlags().StringVar(&a.DatabaseURL, "database-url", a.DatabaseURL, "PostgreSQL to use instead of our own")
	cmd.PersistentFlags().Lookup("database-url").DefValue = "" // --help must not print a password
}

func (a *app) adminCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "admin",
		Short: "Keep the installation: people, tokens, sign-in links, the history's seal",
		Long: `Keeps the installation. These commands use the database itself, beside a running
server or without one; who can read the data directory can run them.`,
		Args: cobra.ArbitraryArgs,
		RunE: group,
	}
	a.databaseFlag(cmd)
	cmd.AddCommand(a.adminTokenCommand(), a.adminPersonCommand(), a.adminPeopleCommand(),
		a.adminSignInLinkCommand(), a.adminVerifyCommand())
	return cmd
}

func (a *app) adminTokenCommand() *cobra.Command {
	var request store.TokenRequest
	var role, scope string
	var lasts time.Duration
	cmd := &cobra.Command{
		Use:     "token --name NAME --role ROLE",
		Short:   "Make a token and print it, and nothing else",
		Long:    "Makes a token of the person NAME, who is made with ROLE when there is none yet. It is printed once; only its hash is kept.",
		Example: "  DEBRIEF_TOKEN=$(debrief admin token --name ana --role responder)",
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			request.Name, request.Role, request.Scope = request.Person, incident.Role(role), incident.Scope(scope)
			if lasts < 0 {
				return &usageError{errors.New("--expires-in is before now: write how long the token works, such as 720h")}
			}
			if lasts > 0 {
				expires := a.now().Add(lasts)
				request.Expires = &expires
			}
			return a.withStore(cmd.Context(), func(st *store.Store) error {
				secret, _, err := st.NewToken(cmd.Context(), store.System(), request)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintln(a.out, secret)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&request.Person, "name", "", "whose token")
	cmd.Flags().StringVar(&role, "role", "", "viewer, responder, reviewer or admin")
	cmd.Flags().StringVar(&scope, "scope", string(incident.ScopeFull), "read, write or full: narrows the role")
	cmd.Flags().DurationVar(&lasts, "expires-in", 0, "how long it works, such as 720h; for ever when 0")
	needFlags(cmd, "name", "role")
	return cmd
}

// needFlags makes flags required, as a usage error.
func needFlags(cmd *cobra.Command, names ...string) {
	before := cmd.Args
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		for _, name := range names {
			if cmd.Flags().Lookup(name).Value.String() == "" {
				return &usageError{fmt.Errorf("--%s is missing: see %s --help", name, cmd.CommandPath())}
			}
		}
		return before(cmd, args)
	}
}

func (a *app) adminPersonCommand() *cobra.Command {
	var role string
	cmd := &cobra.Command{
		Use:     "person NAME --role ROLE",
		Short:   "Add a person of the installation",
		Example: "  debrief admin person ana --role reviewer && debrief admin sign-in-link ana",
		Args:    exactly("NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withStore(cmd.Context(), func(st *store.Store) error {
				p, err := st.AddPerson(cmd.Context(), store.System(), store.Person{Name: args[0], Role: incident.Role(role)})
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(a.out, "added %s, %s\n", p.Name, p.Role)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&role, "role", "", "viewer, responder, reviewer or admin")
	needFlags(cmd, "role")
	return cmd
}

func (a *app) adminPeopleCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "people",
		Short: "List the people of the installation",
		Args:  exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withStore(cmd.Context(), func(st *store.Store) error {
				people, err := st.People(cmd.Context(), store.System())
				if err != nil {
					return err
				}
				if asJSON {
					return a.printJSON(people)
				}
				t := a.table()
				t.row("NAME", "ROLE", "SINCE")
				for _, p := range people {
					role := string(p.Role)
					if p.Disabled {
						role += " (disabled)"
					}
					t.row(p.Name, role, p.CreatedAt.UTC().Format(time.DateOnly))
				}
				return t.flush()
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (a *app) adminSignInLinkCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "sign-in-link NAME",
		Short: "Print a link that signs a person in, once, within a day",
		Args:  exactly("NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withStore(cmd.Context(), func(st *store.Store) error {
				secret, err := st.NewSignInLink(cmd.Context(), store.System(), args[0], signInLasts)
				if errors.Is(err, incident.NotFound) {
					return incident.Refuse(incident.NotFound, "", fmt.Sprintf("there is no person %.200q: debrief admin people lists them", args[0]))
				}
				if err != nil {
					return err
				}
				base, _ := a.server()
				_, err = fmt.Fprintf(a.out, "%s/sign-in?key=%s\n", base, secret)
				return err
			})
		},
	}
}

func (a *app) adminVerifyCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Check that nobody changed, cut or removed history in the database",
		Long: `Recomputes every incident's chain with the key that lives outside the database,
replays it, and compares the result with the records. Exit 1 when anything differs.`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withStore(cmd.Context(), func(st *store.Store) error { return a.verify(cmd.Context(), st, asJSON) })
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (a *app) verify(ctx context.Context, st *store.Store, asJSON bool) error {
	report, err := st.Verify(ctx)
	if err != nil {
		return err
	}
	if err := a.printReport(&report, asJSON); err != nil {
		return err
	}
	if len(report.Findings) > 0 {
		return incident.Refuse(incident.Conflict, "", fmt.Sprintf("%d findings: the history was changed behind Debrief's back; compare with a backup", len(report.Findings)))
	}
	return nil
}

func (a *app) printReport(report *store.Report, asJSON bool) error {
	if asJSON {
		return a.printJSON(report)
	}
	for _, f := range report.Findings {
		whose := "the installation's own history"
		if f.Incident != 0 {
			whose = f.Incident.String()
		}
		if f.Version != 0 {
			whose += fmt.Sprintf(", version %d", f.Version)
		}
		_, _ = fmt.Fprintf(a.out, "%s: %s\n", whose, plain(f.What))
	}
	if len(report.Findings) == 0 {
		_, _ = fmt.Fprintf(a.out, "%d incidents, %d changes: the history is whole\n", report.Incidents, report.Changes)
	}
	return nil
}
