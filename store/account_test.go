package store_test

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// clock is a time that a test moves.
type clock struct{ at atomic.Int64 }

func newClock() *clock {
	c := new(clock)
	c.at.Store(time.Date(2026, 1, 1, 10, 0, 0, 0, time.UTC).Unix())
	return c
}

func (c *clock) now() time.Time       { return time.Unix(c.at.Load(), 0) }
func (c *clock) pass(d time.Duration) { c.at.Add(int64(d / time.Second)) }
func (c *clock) open(t testing.TB, url string) *store.Store {
	t.Helper()
	s := must(store.Open(t.Context(), store.Options{URL: url, Key: storetest.Key, Now: c.now}))
	t.Cleanup(s.Close)
	return s
}

const phrase = "wet stapler on the moon"

// comes signs somebody in by a link.
func comes(t testing.TB, s *store.Store, name string) (session string, by incident.Actor) {
	t.Helper()
	session, _, err := s.SignIn(t.Context(), must(s.NewSignInLink(t.Context(), store.System(), name, time.Hour)), "Firefox")
	if err != nil {
		t.Fatal(err)
	}
	return session, must(s.Identify(t.Context(), session))
}

func login(name, password string) store.Login {
	return store.Login{Name: name, Password: password, Address: "192.0.2.1", Browser: "Chromium on Linux"}
}

func TestAPasswordIsSetAndSignsIn(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := c.open(t, storetest.URL(t))
	ctx := t.Context()
	storetest.Person(t, s, "Ada Lovelace", incident.Reviewer)
	session, ada := comes(t, s, "Ada Lovelace")
	other, _ := comes(t, s, "Ada Lovelace")
	set := func(session, old, password string) error {
		return s.SetPassword(ctx, ada, store.PasswordChange{Session: session, Address: "192.0.2.1", Old: old, New: password})
	}
	for _, bad := range []string{"", "short", "elevenbytes", "Ada Lovelace!", "lovelace-ada-lovelace", "debriefdebrief", "passwordpassword1", "aaaaaaaaaaaaaaaa", "1234567890123", strings.Repeat("long ", 205) + "x", "bytes \xff that are no text"} {
		refused(t, fmt.Sprintf("SetPassword %.20q", bad), set(session, "", bad), incident.Invalid)
	}
	if err := set(session, "", phrase); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Identify(ctx, other); !errors.Is(err, incident.SignIn) {
		t.Errorf("another session goes on after the password was set: %v", err)
	}
	if by := must(s.Identify(ctx, session)); by.Name != ada.Name {
		t.Errorf("the session that set the password is now %+v", by)
	}
	mine, _, err := s.SignInWithPassword(ctx, login(" ada LOVELACE", phrase))
	if err != nil {
		t.Fatal(err)
	}
	if by := must(s.Identify(ctx, mine)); by.PersonID != ada.PersonID || by.Role != incident.Reviewer {
		t.Errorf("the password signs in %+v", by)
	}
	a := must(s.Account(ctx, ada, mine))
	if len(a.Sessions) != 2 || !a.Sessions[0].Here || a.Sessions[0].Browser != "Chromium on Linux" || a.Sessions[0].Way != store.ByPassword || a.PasswordSet == nil || a.ByLink || !a.Fresh {
		t.Errorf("Account = %+v", a)
	}
	c.pass(61 * time.Minute)
	refused(t, "a new password without the old, long after the link", set(session, "", phrase+" again"), incident.Invalid)
	refused(t, "a new password with a wrong old one", set(session, "what was it now", phrase+" again"), incident.Invalid)
	if err := set(session, phrase, phrase+" again"); err != nil {
		t.Errorf("a new password with the old one: %v", err)
	}
	_, _, err = s.SignInWithPassword(ctx, login("Ada Lovelace", phrase))
	refused(t, "the old password", err, incident.SignIn)
	wantTrue(t, s)
}

func TestAPasswordIsTheSameHoweverItIsTyped(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	storetest.Person(t, s, "Zoë", incident.Viewer)
	session, by := comes(t, s, "Zoë")
	if err := s.SetPassword(t.Context(), by, store.PasswordChange{Session: session, New: "cafe\u0301 cre\u0300me br\u00fble\u0301e"}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.SignInWithPassword(t.Context(), login("Zoë", "caf\u00e9 cr\u00e8me bru\u0302l\u00e9e")); err != nil {
		t.Errorf("the same letters, composed otherwise: %v", err)
	}
}

func TestAFirstPasswordNeedsALink(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := c.open(t, storetest.URL(t))
	storetest.Person(t, s, "Ada", incident.Admin)
	session, ada := comes(t, s, "Ada")
	token, _, err := s.NewToken(t.Context(), ada, store.TokenRequest{Person: "Ada"})
	if err != nil {
		t.Fatal(err)
	}
	refused(t, "a token sets a password", s.SetPassword(t.Context(), ada, store.PasswordChange{Session: token, New: phrase}), incident.Forbidden)
	c.pass(61 * time.Minute)
	refused(t, "a session of yesterday", s.SetPassword(t.Context(), ada, store.PasswordChange{Session: session, New: phrase}), incident.Forbidden)
}

func TestWhoeverHasNoPasswordIsToldNothingElse(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	for _, name := range []string{"Ada", "Without", "Gone"} {
		p := storetest.Person(t, s, name, incident.Viewer)
		if name == "Without" {
			continue
		}
		session, by := comes(t, s, name)
		if err := s.SetPassword(t.Context(), by, store.PasswordChange{Session: session, New: phrase}); err != nil {
			t.Fatal(err)
		}
		if yes := true; name == "Gone" {
			must(s.ChangePerson(t.Context(), store.System(), p.PersonID, store.PersonChange{Disabled: &yes}))
		}
	}
	said := map[string]bool{}
	took := map[string]time.Duration{}
	for name, password := range map[string]string{"Ada": "another one altogether", "Without": phrase, "Gone": phrase, "Nobody": phrase, "": phrase} {
		for range 4 {
			start := time.Now()
			_, _, err := s.SignInWithPassword(t.Context(), store.Login{Name: name, Password: password, Address: "192.0.2.1"})
			if d := time.Since(start); took[name] == 0 || d < took[name] {
				took[name] = d
			}
			refused(t, "SignInWithPassword of "+name, err, incident.SignIn)
			said[err.Error()] = true
		}
	}
	if len(said) != 1 {
		t.Errorf("the answers differ: %v", said)
	}
	for name, d := range took {
		if d < took["Ada"]/3 {
			t.Errorf("the answer for %q takes %s, for a wrong password %s: no hash was made", name, d, took["Ada"])
		}
	}
}

func TestAHashIsMadeAnewWhenItsCostWasRaised(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	storetest.Person(t, s, "Ada", incident.Viewer)
	execute(t, url, `insert into passwords values (1, '`+store.Hash(phrase)+`', now())`)
	for range 2 {
		if _, _, err := s.SignInWithPassword(t.Context(), login("Ada", phrase)); err != nil {
			t.Fatal(err)
		}
		if kept := ask[string](t, url, `select hash from passwords`); !strings.HasPrefix(kept, "$argon2id$v=19$m=65536,t=3,p=4$") {
			t.Errorf("kept = %s", kept)
		}
	}
}

func TestTriesAreCountedByAllServers(t *testing.T) {
	t.Parallel()
	c, url := newClock(), storetest.URL(t)
	servers := []*store.Store{c.open(t, url), c.open(t, url)}
	s := servers[0]
	ctx := t.Context()
	storetest.Person(t, s, "Ada", incident.Viewer)
	session, ada := comes(t, s, "Ada")
	if err := s.SetPassword(ctx, ada, store.PasswordChange{Session: session, New: phrase}); err != nil {
		t.Fatal(err)
	}
	var wrong, early atomic.Int32
	for _, err := range race(20, func(i int) error {
		_, _, err := servers[i%2].SignInWithPassword(ctx, login("Ada", "not what it is"))
		return err
	}) {
		switch {
		case errors.Is(err, incident.SignIn):
			wrong.Add(1)
		case errors.Is(err, incident.TooMany) && store.Waits(err) == 2*time.Second:
			early.Add(1)
		default:
			t.Errorf("SignInWithPassword = %v", err)
		}
	}
	if wrong.Load() != 5 || early.Load() != 15 {
		t.Errorf("of 20 tries at once %d were looked at and %d too early, want 5 and 15", wrong.Load(), early.Load())
	}
	_, _, err := s.SignInWithPassword(ctx, login("Ada", phrase))
	refused(t, "the right password, too early", err, incident.TooMany)
	for _, want := range []time.Duration{4, 8, 16, 32} {
		c.pass(want * time.Second / 2)
		_, _, err := s.SignInWithPassword(ctx, login("Ada", "not what it is"))
		refused(t, "a wrong one after the wait", err, incident.SignIn)
		_, _, err = s.SignInWithPassword(ctx, login("Ada", "not what it is"))
		if got := store.Waits(err); got != want*time.Second {
			t.Errorf("the next wait is %s, want %d s", got, want)
		}
	}
	for range 30 {
		_, _, err := s.SignInWithPassword(ctx, login("Ada", "not what it is"))
		c.pass(max(store.Waits(err), time.Second))
		if store.Waits(err) > 15*time.Minute {
			t.Fatalf("%v: nobody is locked out for longer than a quarter of an hour", err)
		}
	}
	c.pass(15 * time.Minute)
	if _, _, err := s.SignInWithPassword(ctx, login("Ada", phrase)); err != nil {
		t.Errorf("the right password after the wait: %v", err)
	}
	if _, _, err := s.SignInWithPassword(ctx, login("Ada", "not what it is")); !errors.Is(err, incident.SignIn) {
		t.Errorf("a wrong one after the right one = %v, want the count forgotten", err)
	}
	wantTrue(t, s)
}

func TestOneAddressTriesNoMoreThanItsShare(t *testing.T) {
	t.Parallel()
	c, url := newClock(), storetest.URL(t)
	s := c.open(t, url)
	var looked int
	for i := range 40 {
		_, _, err := s.SignInWithPassword(t.Context(), login(fmt.Sprintf("Nobody %d", i), phrase))
		if errors.Is(err, incident.SignIn) {
			looked++
		}
	}
	if looked != 30 {
		t.Errorf("%d names were tried from one address, want 30", looked)
	}
	if kept := ask[int](t, url, `select count(*) from sign_in_tries`); kept != 31 {
		t.Errorf("%d counts are kept, want 31: a refused try keeps nothing", kept)
	}
	c.pass(25 * time.Hour)
	if err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := ask[int](t, url, `select count(*) from sign_in_tries`); left != 0 {
		t.Errorf("after a day Sweep leaves %d counts", left)
	}
}

func TestAnotherAddressTriesOnItsOwnAccount(t *testing.T) {
	t.Parallel()
	s := newClock().open(t, storetest.URL(t))
	for i := range 31 {
		_, _, _ = s.SignInWithPassword(t.Context(), login(fmt.Sprintf("Nobody %d", i), phrase)) // refused all
	}
	elsewhere := login("Nobody 39", phrase)
	elsewhere.Address = "192.0.2.2"
	_, _, err := s.SignInWithPassword(t.Context(), elsewhere)
	refused(t, "from another address", err, incident.SignIn)
}

func TestSessionsEndOneByOneOrAllAtOnce(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	ctx := t.Context()
	root, eve := storetest.Person(t, s, "Ada", incident.Viewer), storetest.Person(t, s, "Eve", incident.Viewer)
	var sessions []string
	for range 4 {
		session, _ := comes(t, s, "Ada")
		sessions = append(sessions, session)
	}
	alive := func() (n int) {
		for _, session := range sessions {
			if _, err := s.Identify(ctx, session); err == nil {
				n++
			}
		}
		return n
	}
	id := must(s.Account(ctx, root, sessions[0])).Sessions[0].ID
	if err := s.EndSession(ctx, eve, id); err != nil || alive() != 4 {
		t.Errorf("EndSession of another's = %v, and %d of 4 go on", err, alive())
	}
	for range 2 {
		if err := s.EndSession(ctx, root, id); err != nil || alive() != 3 {
			t.Errorf("EndSession = %v, and %d of 4 go on, want 3", err, alive())
		}
	}
	if err := s.SignOut(ctx, sessions[0]); err != nil || alive() != 2 {
		t.Errorf("SignOut = %v, and %d of 4 go on, want 2", err, alive())
	}
	put := ask[string](t, url, `select format('insert into sessions values (%L, %s, %L, %L)', digest, person, created_at, expires) from sessions order by id limit 1`)
	if err := s.SignOutEverywhere(ctx, root); err != nil || alive() != 0 {
		t.Errorf("SignOutEverywhere = %v, and %d of 4 go on", err, alive())
	}
	wantTrue(t, s)
	execute(t, url, put)
	if report := must(s.Verify(ctx)); len(report.Findings) != 1 || !strings.Contains(report.Findings[0].What, "lets somebody in") {
		t.Errorf("Verify of a session that had ended and was put back found %v", report.Findings)
	}
}

func TestWhoeverIsShutOutIsSignedOut(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada := storetest.Person(t, s, "Ada", incident.Viewer)
	session, _ := comes(t, s, "Ada")
	yes, no := true, false
	must(s.ChangePerson(t.Context(), store.System(), ada.PersonID, store.PersonChange{Disabled: &yes}))
	must(s.ChangePerson(t.Context(), store.System(), ada.PersonID, store.PersonChange{Disabled: &no}))
	_, err := s.Identify(t.Context(), session)
	refused(t, "the session from before", err, incident.SignIn)
	wantTrue(t, s)
}

func TestAProviderKnowsPeopleByIssuerAndSubject(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ctx := t.Context()
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	claims := store.Claims{Issuer: "https://id.example", Subject: "1", Name: "Grace Hopper", Role: incident.Responder}
	come := func(c store.Claims) (incident.Actor, error) {
		session, _, err := s.SignInWithProvider(ctx, c)
		if err != nil {
			return incident.Actor{}, err
		}
		return s.Identify(ctx, session)
	}
	first := race(5, func(int) error { _, err := come(claims); return err })
	for _, err := range first {
		if err != nil {
			t.Errorf("the first sign-in of one person, five times at once: %v", err)
		}
	}
	again := claims
	again.Name, again.Role = "Grace Brewster Hopper", ""
	if by := must(come(again)); by.Name != "Grace Hopper" || by.Role != incident.Responder {
		t.Errorf("under another name they are %+v", by)
	}
	taken := store.Claims{Issuer: "https://id.example", Subject: "2", Name: "ada", Role: incident.Responder}
	_, err := come(taken)
	refused(t, "somebody of an admin's name", err, incident.Conflict)
	stranger := store.Claims{Issuer: "https://id.example", Subject: "3", Name: "Mallory"}
	_, err = come(stranger)
	refused(t, "somebody without a role", err, incident.Forbidden)
	if people := must(s.People(ctx, ada)); len(people) != 2 {
		t.Errorf("People = %+v, want Ada and Grace", people)
	}

	session, _ := comes(t, s, "Ada")
	refused(t, "Connect without a session", s.Connect(ctx, ada, "debrief_x", taken), incident.Forbidden)
	refused(t, "Connect of another's", s.Connect(ctx, ada, session, claims), incident.Conflict)
	for range 2 {
		if err := s.Connect(ctx, ada, session, taken); err != nil {
			t.Errorf("Connect = %v", err)
		}
	}
	if by := must(come(taken)); by.Name != "Ada" || by.Role != incident.Admin {
		t.Errorf("after Connect they are %+v", by)
	}
	taken.Fixed, taken.Role = true, incident.Viewer
	_, err = come(taken)
	refused(t, "the last admin becomes a viewer", err, incident.Conflict)
	claims.Fixed, claims.Role = true, incident.Reviewer
	if by := must(come(claims)); by.Role != incident.Reviewer {
		t.Errorf("the provider's role is not taken: %+v", by)
	}
	claims.Role = ""
	_, err = come(claims)
	refused(t, "a role that was taken away", err, incident.Forbidden)
	wantTrue(t, s)
}
