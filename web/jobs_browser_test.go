package web

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestBackgroundWorkInABrowser(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	database := storetest.URL(t)
	st, err := store.Open(t.Context(), store.Options{URL: database, Key: storetest.Key, Mails: true, Private: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	in := running(t, st)
	root, bo := storetest.Person(t, st, "Root", incident.Admin), storetest.Person(t, st, "Bo Lind", incident.Responder)
	b.enters(in, "Root")
	email := "bo.lind@a-rather-long-name-of-a-department.example.com"
	if _, err := st.ChangeContact(t.Context(), bo, store.ContactChange{Email: &email}); err != nil {
		t.Fatal(err)
	}
	b.look("jobs-quiet", in.url+"/jobs")
	if _, err := st.PauseQueue(t.Context(), root, store.WebQueue); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }() // the database goes with the test
	for _, statement := range []string{
		`insert into river_job (kind, queue, args, state, attempt, max_attempts, attempted_at, scheduled_at, finalized_at, errors) values
		('chore', 'chores', '{"name": "sweep"}', 'discarded', 25, 25, now(), now(), now(), array['{"error": "sweep: ERROR: could not extend file \"base/16384/17021\": No space left on device (SQLSTATE 53100)"}']::jsonb[]),
		('chore', 'chores', '{"name": "fold_tallies"}', 'retryable', 3, 25, now(), now() + interval '1 minute', null, array['{"error": "add up tallies: timeout: context deadline exceeded"}']::jsonb[]),
		('deliver', 'mail', '{"mail": true}', 'scheduled', 0, 25, null, now() + interval '1 hour', null, null)`,
		`insert into reminders (person, kind, day, state, due_at, at, reason) select id, 'overdue', date '2026-03-02', 'failed', now(), now(), 'the mail was not taken: 550 5.1.1 <bo.lind@a-rather-long-name-of-a-department.example.com>: Recipient address rejected: User unknown in virtual mailbox table' from people where name = 'Bo Lind'`,
		`insert into reminders (person, kind, incident, message, promised_at, state, due_at, at, reason) select id, 'promise', 1, 'm', now(), 'unknown', now(), now(), 'whoever sent it ended before it was noted how that went' from people where name = 'Bo Lind'`,
		`update people set email_fault = 'the mail was not taken: 550 5.1.1 User unknown' where name = 'Bo Lind'`,
	} {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	b.look("jobs", in.url+"/jobs")
	b.look("jobs-retrying", in.url+"/jobs?state=retrying&done=pause")
	b.look("people-mail", in.url+"/people")
	b.look("account-mail", in.url+"/account")
}
