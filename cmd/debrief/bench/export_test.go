package bench

import (
	"context"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Key is that of the history.
func Key() []byte { return key }

// Tables are those that grow, and those that do not.
func Tables() ([]string, map[string]string) { return slices.Clone(growing), maps.Clone(bounded) }

// Explain looks at the plans of one statement.
func Explain(ctx context.Context, url, sql string, args ...any) ([]PlanFinding, error) {
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	s, report := newSeen(), &PlanReport{}
	s.asking("a test")
	s.note(sql, args)
	err = (&bench{pool: pool}).readPlans(ctx, s, report)
	return report.Findings, err
}
