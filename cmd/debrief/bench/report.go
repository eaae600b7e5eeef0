package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"text/tabwriter"
	"time"
)

// Report is what one run measured.
type Report struct {
	At         time.Time `json:"at"`
	Version    string    `json:"version"`
	System     string    `json:"system"`
	Processors int       `json:"processors"`
	Go         string    `json:"go"`
	PostgreSQL string    `json:"postgresql"`
	Size       int       `json:"size"`
	Seed       uint64    `json:"seed"`
	Rounds     int       `json:"rounds"`
	Clients    int       `json:"clients"` // connections to each server
	Operations []Result  `json:"operations"`
}

// Result is what was measured of one operation.
type Result struct {
	Name   string  `json:"name"`
	Sides  []Side  `json:"sides"`
	Ratios []Ratio `json:"ratios"`
}

// Side is how one way to do it did, over the rounds.
type Side struct {
	Name      string    `json:"name"`
	Rate      float64   `json:"rate"`      // units a second, the median of the rounds
	Median    float64   `json:"median"`    // seconds that one took, as its client saw it
	P99       float64   `json:"p99"`       // the same that 99 of 100 did not pass
	Processor float64   `json:"processor"` // seconds of this process for one: server and client, not PostgreSQL
	WarmUp    []float64 `json:"warm_up"`   // rates of the windows that were thrown away
	Windows   []float64 `json:"windows"`   // rates of the rounds
	Units     int       `json:"units"`     // in the rounds
	Steady    bool      `json:"warmed_up"` // the last two windows before the rounds agreed
}

// Ratio holds one side against another.
type Ratio struct {
	Name   string    `json:"name"`
	Median float64   `json:"median"`
	Least  float64   `json:"least"`
	Most   float64   `json:"most"`
	Rounds []float64 `json:"rounds"`
	Goal   float64   `json:"goal,omitempty"`    // 0 is none
	AtMost bool      `json:"at_most,omitempty"` // the goal is the most that is welcome, not the least
	Met    bool      `json:"met"`
}

// operation measures one.
func (b *bench) operation(ctx context.Context, op operation) (*Result, error) {
	p, err := op.make(ctx, b)
	if err != nil {
		return nil, err
	}
	runners, err := measure(ctx, p.sides, b.o.Rounds, b.o.Window)
	if err != nil {
		return nil, err
	}
	if p.after != nil {
		if err := p.after(ctx); err != nil {
			return nil, err
		}
	}
	if err := b.st.FoldTallies(ctx); err != nil {
		return nil, err
	}
	result := &Result{Name: op.name}
	rates := map[string][]float64{}
	for _, r := range runners {
		s := r.summary()
		rates[s.Name] = s.Windows
		result.Sides = append(result.Sides, s)
	}
	for _, r := range p.ratios {
		result.Ratios = append(result.Ratios, r.compare(rates))
	}
	return result, nil
}

func (r *runner) summary() Side {
	s := Side{Name: r.name}
	var took, cpu []float64
	for _, w := range r.windows {
		if w.warmUp {
			s.WarmUp = append(s.WarmUp, round(w.rate))
			continue
		}
		s.Windows, took, cpu = append(s.Windows, round(w.rate)), append(took, w.took...), append(cpu, w.cpu)
	}
	if n := len(s.WarmUp); n > 1 {
		s.Steady = math.Abs(s.WarmUp[n-1]-s.WarmUp[n-2]) <= steady*max(s.WarmUp[n-1], s.WarmUp[n-2])
	}
	s.Rate, s.Median, s.P99, s.Processor, s.Units = middle(s.Windows), round(middle(took)), round(quantile(took, 0.99)), round(middle(cpu)), len(took)
	return s
}

// round leaves what is worth reading: five digits.
func round(x float64) float64 {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	scale := math.Pow(10, 4-math.Floor(math.Log10(math.Abs(x))))
	return math.Round(x*scale) / scale
}

// compare compares the windows of each round.
func (r ratio) compare(rates map[string][]float64) Ratio {
	out := Ratio{Name: r.name, Goal: r.goal, AtMost: r.inverse}
	for i, rate := range rates[r.of] {
		x := rate / rates[r.than][i]
		if r.inverse {
			x = 1 / x
		}
		out.Rounds = append(out.Rounds, round(x))
	}
	out.Median, out.Least, out.Most = middle(out.Rounds), quantile(out.Rounds, 0), quantile(out.Rounds, 1)
	out.Met = r.goal == 0 || r.inverse && out.Median <= r.goal || !r.inverse && out.Median >= r.goal
	return out
}

// verdict says whether a goal was met.
func (r Ratio) verdict() (goal, verdict string) {
	switch {
	case r.Goal == 0:
		return "", ""
	case r.AtMost:
		goal = fmt.Sprintf("≤ %g", r.Goal)
	default:
		goal = fmt.Sprintf("≥ %g", r.Goal)
	}
	if r.Met {
		return goal, "met"
	}
	return goal, "MISSED"
}

// Print writes the report for people.
func (r *Report) Print(to io.Writer) error {
	var b strings.Builder
	_, _ = fmt.Fprintf(&b, "%d records of seed %d, %d rounds, %d connections to each server, %d processors, PostgreSQL %s, %s\n\n",
		r.Size, r.Seed, r.Rounds, r.Clients, r.Processors, r.PostgreSQL, r.Go) // a builder never fails, here and below
	t := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "RATIO\tMEDIAN\tROUNDS\tGOAL\t")
	for _, op := range r.Operations {
		for _, x := range op.Ratios {
			goal, verdict := x.verdict()
			_, _ = fmt.Fprintf(t, "%s\t%.2f\t%.2f to %.2f\t%s\t%s\n", x.Name, x.Median, x.Least, x.Most, goal, verdict)
		}
	}
	_, _ = fmt.Fprintln(t, "\nWHAT\tA SECOND\tMEDIAN\tP99\tPROCESSOR\t")
	for _, op := range r.Operations {
		for _, s := range op.Sides {
			note := ""
			if !s.Steady {
				note = "never steady"
			}
			_, _ = fmt.Fprintf(t, "%s, %s\t%.0f\t%s\t%s\t%s\t%s\n", op.Name, s.Name, s.Rate, milliseconds(s.Median), milliseconds(s.P99), milliseconds(s.Processor), note)
		}
	}
	_ = t.Flush()
	_, _ = fmt.Fprintln(&b, "\nPROCESSOR is what this process took for one: server and client, without PostgreSQL. Only ratios of one run count.")
	_, err := io.WriteString(to, b.String())
	return err
}

func milliseconds(s float64) string { return fmt.Sprintf("%.3g ms", s*1000) }

// Write writes the report as JSON.
func (r *Report) Write(path string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	if err := os.WriteFile(path, append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// ReadReport reads what Write wrote.
func ReadReport(path string) (*Report, error) {
	text, err := os.ReadFile(path) // #nosec G304 -- named by who runs the command
	if err != nil {
		return nil, err
	}
	var r Report
	if err := json.Unmarshal(text, &r); err != nil || len(r.Operations) == 0 {
		return nil, fmt.Errorf("%s is no report: write one with debrief bench --json", path)
	}
	return &r, nil
}
