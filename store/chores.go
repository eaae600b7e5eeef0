package store

import (
	"context"
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
