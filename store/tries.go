package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// Wait is a refusal that says how long to wait.
type Wait struct {
	After   time.Duration
	Refusal *incident.Error
}

func (w *Wait) Error() string { return w.Refusal.Error() }

// Unwrap gives the refusal.
func (w *Wait) Unwrap() error { return w.Refusal }

// How many tries are free, for a name and for an address, behind which several people may be. The try
// after them waits two seconds for the next, each further one twice as long, and never longer than
// longestPatience, so that nobody is locked out. A day without a try forgets.
const (
	freeOfName      = 5
	freeOfAddress   = 30
	longestPatience = "15 minutes"
	triesAge        = "1 day"
)

const (
	// takeTry counts a try, and gives no row when it comes too early. What is counted before the password is
	// looked at cannot be passed by many tries at once.
	takeTry = `
	insert into sign_in_tries as t (key, tries, at, until)
	values ($1, 1, $2, $2)
	on conflict on constraint sign_in_tries_pkey do update
	set    tries = case when t.at < excluded.at - interval '` + triesAge + `' then 1 else t.tries + 1 end,
	       at    = excluded.at,
	       until = case
	                 when t.tries + 1 < $3::integer or t.at < excluded.at - interval '` + triesAge + `' then excluded.at
	                 else excluded.at + least(interval '` + longestPatience + `', interval '2 seconds' * power(2, least(t.tries + 1 - $3::integer, 20)))
	               end
	where  t.until <= excluded.at
	returning true`
	nextTry = `
	select until
	from   sign_in_tries
	where  key = $1`
	forgetTries = `
	delete from sign_in_tries
	where  key = $1`
	giveTryBack = `
	update sign_in_tries
	set    tries = greatest(tries - 1, 0), until = at
	where  key = $1`
	dropOldTries = `
	delete from sign_in_tries
	where  at < $1::timestamptz - interval '` + triesAge + `'`
)

// triesOf are the keys that tries are counted under: neither the name nor the address is kept.
func (s *Store) triesOf(name, address string) (ofName, ofAddress []byte) {
	return s.digest("tries of a name", []byte(fold(name))), s.digest("tries of an address", []byte(address))
}

// takeTries counts a try of a name from an address, or refuses it with Wait and counts nothing. It stands
// outside the one door: it keeps nothing that history tells of.
func (s *Store) takeTries(ctx context.Context, name, address string) error {
	now := s.clock()
	ofName, ofAddress := s.triesOf(name, address)
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if err := takeOne(ctx, tx, ofAddress, freeOfAddress, now); err != nil { // always first, so that no two wait for each other
			return err
		}
		return takeOne(ctx, tx, ofName, freeOfName, now)
	})
	return refuse(err, "count a try")
}

func takeOne(ctx context.Context, tx pgx.Tx, key []byte, free int, now time.Time) error {
	var taken bool
	err := tx.QueryRow(ctx, takeTry, key, now, free).Scan(&taken)
	if !absent(err) {
		return err
	}
	var until time.Time
	if err := tx.QueryRow(ctx, nextTry, key).Scan(&until); err != nil {
		return err
	}
	after := max(until.Sub(now), time.Second).Round(time.Second)
	return &Wait{after, incident.Refuse(incident.TooMany, "", fmt.Sprintf(
		"there were too many tries to sign in: wait %s and try again, or ask an admin for a sign-in link, which works at once", patience(after)))}
}

// patience says how long to wait.
func patience(d time.Duration) string {
	switch {
	case d <= time.Second:
		return "a second"
	case d < 2*time.Minute:
		return fmt.Sprintf("%d seconds", int(d.Seconds()))
	}
	return fmt.Sprintf("%d minutes", int(d.Minutes()+.99))
}

// forgive queues that a try went well: those of the name are forgotten, and the address, which others may
// share, gets this one back.
func (w *writer) forgive(name, address string) {
	ofName, ofAddress := w.s.triesOf(name, address)
	w.batch.Queue(giveTryBack, ofAddress)
	w.batch.Queue(forgetTries, ofName)
}

// Waits tells how long a refusal asks to wait; 0 when it does not.
func Waits(err error) time.Duration {
	var w *Wait
	if errors.As(err, &w) {
		return w.After
	}
	return 0
}
