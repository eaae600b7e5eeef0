package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// execute runs SQL past the store, as somebody with the database's password would, in one transaction.
func execute(t testing.TB, url string, statements ...string) {
	t.Helper()
	conn := must(pgx.Connect(t.Context(), url))
	defer func() { _ = conn.Close(t.Context()) }() // a test's connection
	if _, err := conn.Exec(t.Context(), strings.Join(statements, ";\n")); err != nil {
		t.Fatalf("%s: %v", statements, err)
	}
}

// ask reads one value past the store.
func ask[T any](t testing.TB, url, statement string, args ...any) T {
	t.Helper()
	conn := must(pgx.Connect(t.Context(), url))
	defer func() { _ = conn.Close(t.Context()) }() // a test's connection
	var value T
	if err := conn.QueryRow(t.Context(), statement, args...).Scan(&value); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return value
}

// wantTrue checks that Verify finds nothing.
func wantTrue(t testing.TB, s *store.Store) {
	t.Helper()
	if report := must(s.Verify(t.Context())); len(report.Findings) > 0 {
		t.Errorf("Verify found %v, want nothing", report.Findings)
	}
}

// history makes three versions of INC-1, one of INC-2, and a checkpoint.
func history(t testing.TB, s *store.Store) {
	t.Helper()
	by := storetest.Person(t, s, "Ada", incident.Admin)
	in := must(s.File(t.Context(), by, titled("Cards are charged again")))
	must(s.Append(t.Context(), by, in.Number, entries("Replicas lose the master.", "On-call restarts it.")))
	must(s.Change(t.Context(), by, in.Number, 0, func(in *incident.Incident) error {
		in.Title = "Cards were charged again and again"
		return nil
	}))
	another := titled("Another")
	another.Timeline = []incident.Entry{{Text: "Hidden.", Audience: incident.AudiencePrivate}}
	must(s.File(t.Context(), by, another))
	if _, _, err := s.NewToken(t.Context(), by, store.TokenRequest{Person: "Ada"}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.SignIn(t.Context(), must(s.NewSignInLink(t.Context(), by, "Ada", time.Hour)), ""); err != nil {
		t.Fatal(err)
	}
	must(s.NewSignInLink(t.Context(), by, "Ada", time.Hour)) // not used yet
	must(s.KeepView(t.Context(), by, store.View{Name: "Worst", Query: "severity=sev1", Shared: true}))
	must(s.KeepView(t.Context(), by, store.View{Name: "Mine", Query: "q=redis"}))
	forgotten := must(s.KeepView(t.Context(), by, store.View{Name: "Forgotten", Query: "q=x"}))
	if err := s.DropView(t.Context(), by, forgotten.ID); err != nil {
		t.Fatal(err)
	}
	if err := s.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// attacks are what somebody does who may write to the database, but lacks the key.
var attacks = []struct {
	name   string
	attack string
	want   string // in a finding; "" when nothing is to be found
}{
	{"nothing was done", `select 1`, ""},
	{"a value of history was edited", `update history set "values" = replace("values"::text, 'again and again', 'once')::json where incident = 1 and version = 3`, "/title was changed"},
	{"a row's body was edited", `update history set body = replace(convert_from(body, 'utf8'), 'changed', 'moved')::bytea where incident = 1 and version = 3`, "the row was changed"},
	{"a row's column was edited", `update history set person = null where incident = 1 and version = 3`, "say another thing"},
	{"a middle row was deleted", `delete from history where incident = 1 and version = 2`, "versions up to 2 are missing"},
	{"the newest rows were cut", `delete from history where incident = 1 and version = 3`, "newer rows were cut"},
	{"the newest rows were cut, and the head put back", `
		delete from history where incident = 1 and version = 3;
		update chains set version = 2, mac = (select mac from history where incident = 1 and version = 2) where incident = 1`, "the head of the chain was changed"},
	{"an entry's text was edited", `update entries set text = 'Nobody restarts it.' where text like 'On-call%'`, "/text is not as history says"},
	{"an entry was deleted", `delete from entries where text like 'On-call%'`, "is not as history says"},
	{"an entry was added", `insert into entries select incident, 'aaaaaaaaaaaa', revision, 9, at, until, kind, 'Made up.', actor, source, audience from entries limit 1`, "/timeline/aaaaaaaaaaaa is not"},
	{"a title was edited", `update incidents set title = 'Nothing happened' where number = 1`, "/title is not as history says"},
	{"somebody named themselves", `insert into named values (1, 'mallory')`, "who may read it"},
	{"somebody made themselves an admin", `insert into people (name, folded, role, created_at) values ('Mallory', 'mallory', 'admin', now())`, "/people/2 is not as history says"},
	{"an incident was taken out", `
		delete from search where incident = 2; delete from named where incident = 2; delete from facts where incident = 2; delete from history where incident = 2;
		delete from entries where incident = 2; delete from chains where incident = 2; delete from incidents where number = 2`, "it is gone"},
	{"a chain was taken away", `alter table history drop constraint history_has_a_chain; delete from chains where incident = 2`, "has no chain"},
	{"a checkpoint was cut", `delete from checkpoints`, "checkpoint 1, which names it, is gone"},
	{"a checkpoint was edited", `update checkpoints set heads = replace(convert_from(heads, 'utf8'), '"version":3', '"version":2')::bytea`, "checkpoint 1 was changed"},
	{"a value was taken out, and the record changed", `
		update history set "values" = '[null]' where incident = 1 and version = 3;
		update incidents set title = 'Nothing happened' where number = 1`, "the value of /title was taken out"},
	{"values are of another form", `update history set "values" = '[1]' where incident = 1 and version = 3`, "the row cannot be read"},
	{"a column is of another form", `update incidents set silenced = '[1]' where number = 1`, "a column holds what we never write"},
	{"a row was written anew", `update history set body = convert_to('{}', 'utf8'), mac = sha256(convert_to('{}', 'utf8')) where incident = 1 and version = 3`, "the row was changed"},
	{"what is private was opened", `update history set private = '{}' where incident = 2`, "what is private of the row was changed"},
	{"what is open was hidden", `update history set private = array['/title'] where incident = 1 and version = 3`, "what is private of the row was changed"},
	{"two incidents' chains were swapped", `
		alter table history drop constraint history_has_a_chain; alter table history drop constraint history_pkey; alter table chains drop constraint chains_pkey;
		update history set incident = 3 - incident where incident > 0; update chains set incident = 3 - incident where incident > 0`, "the head of the chain was changed"},
	{"a checkpoint was replaced", `update checkpoints set heads = convert_to('[]', 'utf8'), mac = sha256('[]')`, "checkpoint 1 was changed"},
	{"a chain was to be covered no more", `update chains set covered = 1000 where incident = 2`, "claims another version"},
	{"a token got another secret", `update tokens set digest = sha256('mine')`, "/tokens/1 is not as history says"},
	{"somebody made themselves a session", `insert into sessions values (sha256('mine'), 1, now(), now() + interval '1 day')`, "/sessions/1 lets somebody in"},
	{"a session was given to another", `
		insert into people (name, folded, role, created_at) values ('Mallory', 'mallory', 'viewer', now());
		update sessions set person = 2`, "/sessions/2 lets somebody in"},
	{"a session was made longer", `update sessions set expires = expires + interval '1 year'`, "/sessions/1 lets somebody in"},
	{"somebody gave themselves a password", `insert into passwords values (1, '$argon2id$mine', now())`, "/passwords/1 is not as history says"},
	{"somebody made themselves known to a provider", `insert into identities (person, issuer, subject, created_at) values (1, 'https://mallory', 'mallory', now())`, "/identities/1 is not as history says"},
	{"a used link was put back", `
		insert into sign_in_links
		select decode("values"->0->'value'->>'digest', 'base64'), person, at, ("values"->0->'value'->>'expires')::timestamptz
		from   history where incident = 0 and did = 'link_made' order by version limit 1`, "/links/1 lets somebody in"},
	{"somebody made themselves a link", `insert into sign_in_links values (sha256('mine'), 1, now(), now() + interval '1 day')`, "/links/1 lets somebody in"},
	{"a view shows something else", `update views set query = 'severity=sev4' where id = 1`, "/views/1 is not as history says"},
	{"a view got another name", `update views set name = 'Best', folded = 'best' where id = 1`, "/views/1 is not as history says"},
	{"a view got another name to be looked up by", `update views set folded = 'best' where id = 1`, "/views/1 is looked up by another name"},
	{"somebody's view was given to everybody", `update views set person = null where id = 2`, "/views/2 is not as history says"},
	{"somebody's view was given to another", `
		insert into people (name, folded, role, created_at) values ('Mallory', 'mallory', 'viewer', now());
		update views set person = 2 where id = 2`, "/views/2 is another person's"},
	{"a view was added", `insert into views (name, folded, query, created_at) values ('New', 'new', 'q=y', now())`, "/views/4 is not as history says"},
	{"a view was taken out", `delete from views where id = 2`, "/views/2 is gone"},
	{"a view that was forgotten was put back", `
		insert into views (id, person, name, folded, query, created_at) overriding system value
		select 3, 1, 'Forgotten', 'forgotten', 'q=x', at from history where did = 'view_dropped'`, "/views/3 is not as history says"},
	{"a tally was raised", `insert into tally_changes (reader, status, severity, change) values ('', 'investigating', '', 1)`, "investigating and without severity is 3, and there are 2"},
	{"a tally was taken away", `delete from tally_changes`, "investigating and without severity is 0, and there are 2"},
	{"a private incident was counted for nobody", `insert into tallies values ('ada', 'resolved', 'sev1', 1)`, "private incidents that name ada that are resolved and sev1 is 1, and there are 0"},
	{"a person got another's name to be looked up by", `update people set folded = 'mallory'`, "/people/1 is looked up by another name"},
}

func TestVerifyFindsWhatWasDoneWithoutTheKey(t *testing.T) {
	t.Parallel()
	for _, tt := range attacks {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			url := storetest.URL(t)
			s := storetest.Open(t, url)
			history(t, s)
			execute(t, url, tt.attack)
			report := must(s.Verify(t.Context()))
			var found []string
			for _, f := range report.Findings {
				found = append(found, f.What)
			}
			all := strings.Join(found, "\n")
			if tt.want == "" && all != "" || !strings.Contains(all, tt.want) {
				t.Errorf("Verify found %q, want %q", all, tt.want)
			}
		})
	}
}

func TestVerifyFindsAChainThatWasPutBackToAnOldState(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	by := storetest.Person(t, s, "Ada", incident.Responder)
	in := must(s.File(t.Context(), by, titled("First words")))
	execute(t, url, `create table old_chain as select * from chains`, `create table old_incident as select * from incidents`)
	must(s.Change(t.Context(), by, in.Number, 0, func(in *incident.Incident) error {
		in.Title = "Last words"
		return nil
	}))
	if err := s.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantTrue(t, s)
	execute(t, url,
		`delete from history where incident = 1 and version = 2`,
		`update chains c set version = o.version, mac = o.mac, seal = o.seal, checkpoint = o.checkpoint, updated_at = o.updated_at from old_chain o where o.incident = c.incident and c.incident = 1`,
		`update incidents i set title = o.title, revision = o.revision from old_incident o`)
	report := must(s.Verify(t.Context()))
	if len(report.Findings) != 1 || !strings.Contains(report.Findings[0].What, "checkpoint 1 knows this version") {
		t.Errorf("Verify found %v, want the version that checkpoint 1 knows", report.Findings)
	}
}

func TestVerifyFindsTheLastCheckpointCutWithAllThatItAloneNamed(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	history(t, s)
	must(s.File(t.Context(), store.System(), titled("To be forgotten")))
	if err := s.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantTrue(t, s)
	execute(t, url, `delete from search where incident = 3`, `delete from named where incident = 3; delete from facts where incident = 3`, `delete from history where incident = 3`,
		`delete from chains where incident = 3`, `delete from incidents where number = 3`, `delete from checkpoints where id = 2`)
	if report := must(s.Verify(t.Context())); len(report.Findings) == 0 {
		t.Error("Verify found nothing of INC-3, which the last checkpoint named")
	}
}

func TestACheckpointMadeMeanwhileIsNoFinding(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	history(t, s)
	other := begin(t, url)
	other.run(t, `lock table tokens in access exclusive mode`) // where Verify comes by after the checkpoints
	done := make(chan store.Report)
	go func() { done <- must(s.Verify(t.Context())) }()
	other.waitedFor(t)
	must(s.Append(t.Context(), store.System(), 1, entries("Logged while Verify runs.")))
	if err := s.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	other.commit(t)
	if report := <-done; len(report.Findings) > 0 {
		t.Errorf("Verify found %v, want nothing", report.Findings)
	}
}

func TestVerifyReadsEveryKindOfWrite(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := storetest.Person(t, s, "Ada", incident.Admin)
	in := must(s.File(t.Context(), by, titled("Everything happens to it")))
	parts := must(s.Append(t.Context(), by, in.Number, entries("One.", "Two.")))
	must(s.ChangePart(t.Context(), by, in.Number, incident.Timeline, parts[0].Head().ID, 1, func(p incident.Part) error {
		p.(*incident.Entry).Actor = "on-call"
		return nil
	}))
	if err := s.RemovePart(t.Context(), by, in.Number, incident.Timeline, parts[1].Head().ID, 1); err != nil {
		t.Fatal(err)
	}
	must(s.Append(t.Context(), by, in.Number, []incident.Part{&incident.Action{Title: "Write a test", Owner: "Bob"}}))
	must(s.Append(t.Context(), by, in.Number, []incident.Part{&incident.Comment{Text: "Good."}}))
	must(s.Move(t.Context(), by, in.Number, 0, incident.StatusMove{To: incident.Resolved}))
	must(s.Review(t.Context(), by, in.Number, store.Seen{}, incident.ReviewStep{Move: incident.Submit, Reviewers: []string{"Carol"}}))
	if err := s.Archive(t.Context(), by, in.Number, 0); err != nil {
		t.Fatal(err)
	}
	wantTrue(t, s)
}
