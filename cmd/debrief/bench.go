package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/api"
	"github.com/debriefhq/debrief/cmd/debrief/bench"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/postgres"
)

// benchWindow is how long each side is measured in each round.
const benchWindow = 400 * time.Millisecond

func (a *app) benchCommand() *cobra.Command {
	o := bench.Options{Window: benchWindow}
	var size, report string
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure how quick Debrief is, beside the plainest program with the same answers",
		Long: `Makes up records, the same for the same seed, and measures each operation over HTTP
beside a handler that does the same with nothing but net/http and SQL: by turns, in one
run. What counts are the ratios; they stand beside their goals.

The database is one of its own, and goes afterwards: in a PostgreSQL started for
it, or on the server of --database-url, whose own database is not touched. --keep
leaves it for the next run with the same size and seed, which measures on a copy.`,
		Example: "  debrief bench --size 10k --json before.json\n  debrief bench --size 1k --only read,list --rounds 3",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return group(cmd, args)
			}
			if o.Rounds < 1 {
				return &usageError{fmt.Errorf("--rounds is %d: write at least 1", o.Rounds)}
			}
			if err := bench.Check(o.Only); err != nil {
				return &usageError{err}
			}
			o.Size = bench.Sizes[size]
			measured, err := bench.Run(cmd.Context(), a.benched(o))
			if err != nil {
				return err
			}
			measured.Version = version()
			if report != "" {
				if err := measured.Write(report); err != nil {
					return err
				}
			}
			return measured.Print(a.out)
		},
	}
	a.databaseFlag(cmd)
	cmd.PersistentFlags().StringVar(&size, "size", "10k", "how many records: 1k, 10k, 100k or 1m")
	cmd.PersistentFlags().Uint64Var(&o.Seed, "seed", 1, "what they are drawn with")
	cmd.PersistentFlags().BoolVar(&o.Keep, "keep", false, "keep the database for the next run")
	cmd.Flags().StringSliceVar(&o.Only, "only", nil, "operations to measure, with commas between; all without it")
	cmd.Flags().IntVar(&o.Rounds, "rounds", 9, "how often each side is measured")
	cmd.Flags().StringVar(&report, "json", "", "write what was measured to this file, too")
	cmd.AddCommand(a.benchCompareCommand(), a.benchPlansCommand(&o, &size), a.benchRelevanceCommand(&o))
	return cmd
}

func (a *app) benchCompareCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "compare BEFORE AFTER",
		Short:   "Say what became of each ratio from one report to another",
		Long:    "Compares two reports that bench --json wrote. A change whose rounds overlap is no more than their spread.",
		Example: "  debrief bench compare before.json after.json",
		Args:    exactly("BEFORE", "AFTER"),
		RunE: func(_ *cobra.Command, args []string) error {
			before, err := bench.ReadReport(args[0])
			if err != nil {
				return err
			}
			after, err := bench.ReadReport(args[1])
			if err != nil {
				return err
			}
			return bench.Compare(a.out, before, after)
		},
	}
}

func (a *app) benchPlansCommand(o *bench.Options, size *string) *cobra.Command {
	return &cobra.Command{
		Use:   "plans",
		Short: "Refuse statements that read a growing table from end to end",
		Long: `Asks for everything that Debrief answers, and has PostgreSQL explain each statement that
ran, at the size: for its arguments, for any arguments where PostgreSQL would plan so, and
once with scans of whole tables as the last resort. Exits with 1 when one reads a table
from end to end that gets rows for as long as an installation lives.`,
		Example: "  debrief bench plans --size 10k",
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.Size = bench.Sizes[*size]
			seen, err := bench.Plans(cmd.Context(), a.benched(*o))
			if err != nil {
				return err
			}
			if err := seen.Print(a.out); err != nil {
				return err
			}
			if len(seen.Findings) > 0 {
				return errFound
			}
			return nil
		},
	}
}

// leastRelevance is the mean reciprocal rank below which search is not worth much.
const leastRelevance = 0.85

func (a *app) benchRelevanceCommand(o *bench.Options) *cobra.Command {
	dir := filepath.Join("store", "relevance", "testdata")
	cmd := &cobra.Command{
		Use:   "relevance",
		Short: "Say how well search finds what people half remember",
		Long: `Files the postmortems of DIR/samples.txtar, asks the questions of DIR/queries.txt, and prints the mean
reciprocal rank of what they meant: of those that ranking was tuned by, and of those held aside.
Exits with 1 when either is below 0.85.`,
		Example: "  debrief bench relevance --samples store/relevance/testdata",
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			report, err := bench.Relevance(cmd.Context(), a.benched(*o), dir)
			if err != nil {
				return err
			}
			if _, err := io.WriteString(a.out, report.String()); err != nil {
				return err
			}
			if report.Mean(false) < leastRelevance || report.Mean(true) < leastRelevance {
				return errFound
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&dir, "samples", dir, "where samples.txtar and queries.txt are")
	return cmd
}

// benched completes the options with what serve answers with, and where things are.
func (a *app) benched(o bench.Options) bench.Options {
	o.DatabaseURL, o.Binaries = a.DatabaseURL, a.Postgres
	if cache := postgres.DefaultCacheDir(); cache != "" {
		o.KeptDir = filepath.Join(cache, "bench")
	}
	o.Progress = func(text string) { _, _ = fmt.Fprintln(a.err, text) }
	o.Handler = func(ctx context.Context, st *store.Store) http.Handler {
		log := slog.New(slog.NewTextHandler(io.Discard, nil)) // written as serve does, and read by nobody
		return edge(log, a.handler(ctx, st, gate{rate: api.Rate{Requests: -1}}, log))
	}
	return o
}
