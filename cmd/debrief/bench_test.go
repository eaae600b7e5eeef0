package main

import (
	"context"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/cmd/debrief/bench"
	"github.com/debriefhq/debrief/store/postgres"
)

// TestTheBenchMeasuresAndReadsPlans runs all of it on few records and for a moment, so that it fits what it measures.
func TestTheBenchMeasuresAndReadsPlans(t *testing.T) {
	t.Parallel()
	a := &app{err: io.Discard, config: config{Postgres: "auto"}}
	o := a.benched(bench.Options{Size: 400, Seed: 3, Rounds: 2, Window: 20 * time.Millisecond, Keep: true})
	o.KeptDir, o.Settings = filepath.Join(dataDir(t), "kept"), postgres.Disposable()
	var said []string
	o.Progress = func(text string) { said = append(said, text) }

	plans, err := bench.Plans(t.Context(), o)
	if err != nil {
		t.Fatalf("Plans: %v", err)
	}
	if len(plans.Findings) > 0 || len(plans.Uncovered) > 0 || plans.Requests < 200 || plans.Statements < 150 {
		var b strings.Builder
		_ = plans.Print(&b) // a builder never fails
		t.Errorf("the plans of %d statements of %d requests:\n%s", plans.Statements, plans.Requests, b.String())
	}
	said = nil
	report, err := bench.Run(t.Context(), o)
	if err != nil {
		t.Fatalf("Run: %v", err)
	}
	if slices.Contains(said, "making their indexes") {
		t.Errorf("the second run said %q, want the records that the first one kept", said)
	}
	path := filepath.Join(t.TempDir(), "report.json")
	if err := report.Write(path); err != nil {
		t.Fatal(err)
	}
	read, err := bench.ReadReport(path)
	if err != nil || len(read.Operations) != len(bench.Names()) {
		t.Fatalf("the report has %d operations, %v, want %d", len(read.Operations), err, len(bench.Names()))
	}
	for _, op := range read.Operations {
		for _, r := range op.Ratios {
			if len(r.Rounds) != 2 || r.Median <= 0 || r.Least > r.Median || r.Median > r.Most {
				t.Errorf("%s: %+v", op.Name, r)
			}
		}
		for _, s := range op.Sides {
			if s.Units == 0 || s.Rate <= 0 || s.P99 < s.Median {
				t.Errorf("%s, %s: %+v", op.Name, s.Name, s)
			}
		}
	}
}

func TestBenchRefusesWhatItCannotMeasure(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args string
		says string
		code int
	}{
		{"bench --size 5k", "--size", exitUsage},
		{"bench --rounds 0", "--rounds is 0", exitUsage},
		{"bench --only read,write", `no operation "write"`, exitUsage},
		{"bench compare", "BEFORE is missing", exitUsage},
		{"bench compare help_test.go help_test.go", "is no report", exitFault},
	} {
		var out, errs strings.Builder
		if code := run(context.Background(), strings.Fields(tt.args), strings.NewReader(""), &out, &errs); code != tt.code || !strings.Contains(errs.String(), tt.says) {
			t.Errorf("debrief %s exits with %d and says %q, want %d and %q", tt.args, code, errs.String(), tt.code, tt.says)
		}
	}
}
