package bench

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// Compare writes what became of each ratio from one report to another. Two whose rounds overlap are told to be the
// same within their spread.
func Compare(to io.Writer, before, after *Report) error {
	var b strings.Builder
	if before.Size != after.Size || before.Processors != after.Processors || before.PostgreSQL != after.PostgreSQL || before.Clients != after.Clients {
		_, _ = fmt.Fprintf(&b, "these ran on different ground, so differences may be its: %s, and then %s\n\n", before.ground(), after.ground()) // a builder never fails, here and below
	}
	t := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "RATIO\tBEFORE\tAFTER\tCHANGE\t")
	for _, op := range after.Operations {
		for _, now := range op.Ratios {
			was, found := before.ratio(op.Name, now.Name)
			if !found {
				_, _ = fmt.Fprintf(t, "%s\t\t%.2f\tnew\t\n", now.Name, now.Median)
				continue
			}
			_, _ = fmt.Fprintf(t, "%s\t%.2f\t%.2f\t%+.0f%%\t%s\n", now.Name, was.Median, now.Median, 100*(now.Median/was.Median-1), now.against(was))
		}
	}
	_ = t.Flush()
	_, err := io.WriteString(to, b.String())
	return err
}

func (r *Report) ground() string {
	return fmt.Sprintf("%d records, %d processors, PostgreSQL %s, %d connections", r.Size, r.Processors, r.PostgreSQL, r.Clients)
}

func (r *Report) ratio(operation, name string) (Ratio, bool) {
	for _, op := range r.Operations {
		if at := slices.IndexFunc(op.Ratios, func(x Ratio) bool { return op.Name == operation && x.Name == name }); at >= 0 {
			return op.Ratios[at], true
		}
	}
	return Ratio{}, false
}

// against says whether a difference is larger than the spread of the rounds.
func (r Ratio) against(was Ratio) string {
	better := r.Median > was.Median != r.AtMost
	switch {
	case r.Least <= was.Most && was.Least <= r.Most:
		return "within the spread"
	case better:
		return "better"
	}
	return "WORSE"
}
