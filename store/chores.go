package store

import (
	"context"
	"fmt"
	"time"
)

// ChoreQueue is where chores wait.
const ChoreQueue = "chores"

// Chore is what is done now and then, by one of all the processes that share a database.
type Chore struct {
	Name  string
	Every time.Duration // a second at least
	Do    func(context.Context) error
}

// Chores lists what keeps a database in order.
func (s *Store) Chores() []Chore {
	all := []Chore{
		{"seal_history", time.Minute, s.Checkpoint},
		{"sweep", time.Minute, s.Sweep},
		{"fold_tallies", 5 * time.Second, s.FoldTallies},
		{"add_up_insights", 20 * time.Second, s.AddUpInsights},
		{"fold_words", 5 * time.Second, s.FoldWords},
		{"index_records", 10 * time.Second, s.IndexRecords},
	}
	if s.mails {
		all = append(all, Chore{"find_overdue", 10 * time.Minute, s.FindOverdue}, Chore{"find_promises", 20 * time.Second, s.FindPromises}, Chore{"find_digests", time.Hour, s.FindDigests})
	}
	return all
}

// DoChore is the job that a chore is due. One of each waits or runs at a time.
type DoChore struct {
	Name string `json:"name"`
}

// Kind is the job's name in the queue.
func (DoChore) Kind() string { return "chore" }

// freeChores lets those be done again whose process died: their rows would stand in the way of new ones.
const freeChores = `
	update river_job
	set    state = 'available'
	where  kind = 'chore'
	and    queue = '` + ChoreQueue + `'
	and    state = 'running'
	and    attempted_at < now() - make_interval(secs => $1)`

// FreeChores lets chores be done again that were begun so long ago, which no process that lives does.
func (s *Store) FreeChores(ctx context.Context, begun time.Duration) error {
	if _, err := s.work.Exec(ctx, freeChores, begun.Seconds()); err != nil {
		return fmt.Errorf("look for chores whose process died: %w", err)
	}
	return nil
}
