package notify

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// reachable is a person who is reminded there.
func (w *world) reachable(name string, role incident.Role, email string) incident.Actor {
	w.t.Helper()
	by := storetest.Person(w.t, w.store, name, role)
	if _, err := w.store.ChangeContact(w.t.Context(), by, store.ContactChange{Email: &email}); err != nil {
		w.t.Fatal(err)
	}
	return by
}

// remind looks for what is due, twice, and sends it, twice.
func (w *world) remind() {
	w.t.Helper()
	for range 2 {
		if err := w.store.FindOverdue(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
		if err := w.store.FindPromises(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
	}
	for range 2 {
		if _, err := (&reminders{n: w.n}).shift(w.t.Context()); err != nil {
			w.t.Fatalf("remind: %v", err)
		}
	}
}

// day is that of so many days from now.
func (w *world) day(days int) *string {
	text := w.now().UTC().AddDate(0, 0, days).Format(time.DateOnly)
	return &text
}

// unfolded is the text of a mail without the line ends that mail puts into it.
func unfolded(m mailed) string { return strings.ReplaceAll(string(m.Text), "=\r\n", "") }

// moves changes a follow-up.
func (w *world) moves(in *incident.Incident, at int, to incident.ActionState) {
	w.t.Helper()
	_, err := w.store.Change(w.t.Context(), w.by, in.Number, 0, func(in *incident.Incident) error {
		in.Actions[at].State = to
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func titled(title string, actions ...incident.Action) *incident.Incident {
	return &incident.Incident{Heading: incident.Heading{Title: title, Zone: "UTC"}, Actions: actions}
}

// midday keeps a test from being about two days.
func (w *world) midday() {
	now := w.now().UTC()
	w.wait(time.Date(now.Year(), now.Month(), now.Day(), 12, 0, 0, 0, time.UTC).Add(24 * time.Hour).Sub(now))
}

func TestWhoOwnsFollowUpsThatAreOverdueIsToldWhenOneIsNewlySoAndThenWeekly(t *testing.T) {
	t.Parallel()
	o := openOffice(t, &office{}, false)
	w := newWorld(t, o, nil)
	w.midday()
	w.reachable("Bo", incident.Responder, "bo@example.com")
	storetest.Person(t, w.store, "Cy", incident.Responder) // has no address
	in := w.file(titled("Disks fill",
		incident.Action{Title: "Watch the disks", Owner: "bo", Due: w.day(-1)}, incident.Action{Title: "Rotate logs", Owner: "Bo", Due: w.day(1)},
		incident.Action{Title: "Of somebody without an address", Owner: "Cy", Due: w.day(-1)}, incident.Action{Title: "Done long ago", Owner: "Bo", Due: w.day(-1), State: incident.Done}))
	told := func(when string, want int, titles ...string) {
		t.Helper()
		w.remind()
		all := o.mails()
		if len(all) != want {
			t.Fatalf("%s there were %d mails, want %d", when, len(all), want)
		}
		last := unfolded(all[len(all)-1])
		for _, title := range []string{"Watch the disks", "Rotate logs", "Of somebody", "Done long ago"} {
			if has := strings.Contains(last, title); has != strings.Contains(strings.Join(titles, "|"), title) {
				t.Errorf("%s the last mail tells of %q: %v\n%s", when, title, has, last)
			}
		}
	}
	told("at first", 1, "Watch the disks")
	m := read(t, o.mails()[0])
	if m.Header.Get("Subject") != "A follow-up of yours is overdue" || o.mails()[0].To != "bo@example.com" || m.Header.Get("Auto-Submitted") == "" || m.Header.Get("List-Unsubscribe") != "" {
		t.Errorf("the mail is to %s: %v", o.mails()[0].To, m.Header)
	}
	if text := unfolded(o.mails()[0]); !strings.Contains(text, "https://status.example.com/incidents/1") || !strings.Contains(text, "https://status.example.com/account") || !strings.Contains(text, "INC-1 Disks fill") {
		t.Errorf("the mail says\n%s", text)
	}
	w.wait(24 * time.Hour)
	told("on the day that the second is due", 1, "Watch the disks")
	w.wait(24 * time.Hour)
	told("on the day after it", 2, "Watch the disks", "Rotate logs")
	for range 6 {
		w.wait(24 * time.Hour)
		told("in the week after that", 2, "Watch the disks", "Rotate logs")
	}
	w.moves(in, 1, incident.Done)
	w.wait(24 * time.Hour)
	told("a week after that", 3, "Watch the disks")
	w.moves(in, 0, incident.Done)
	for range 8 {
		w.wait(24 * time.Hour)
		told("when all are done", 3, "Watch the disks")
	}
}

func TestRemindersHaveNoTextsOfWhatIsPrivate(t *testing.T) {
	t.Parallel()
	o := openOffice(t, &office{}, false)
	w := newWorld(t, o, nil)
	w.midday()
	w.reachable("Bo", incident.Responder, "bo@example.com")
	w.reachable("Eve", incident.Admin, "eve@example.com")
	secret := titled("canary title", incident.Action{Title: "canary action", Owner: "Bo", Due: w.day(-1)})
	secret.Visibility, secret.People = incident.VisiblePrivate, []incident.Person{{Role: "communications", Name: "Bo"}}
	at, next := incident.Exactly(w.now().Add(-time.Hour), "UTC", incident.Minute), incident.Exactly(w.now().Add(5*time.Minute), "UTC", incident.Minute)
	secret.Messages = []incident.Message{{Channel: incident.Email, Audience: incident.AudiencePublic, State: incident.Recorded, Body: "canary body", At: &at, NextUpdateAt: &next}}
	w.file(secret)
	w.file(titled("An open one", incident.Action{Title: "canary part", Owner: "Bo", Due: w.day(-2), Audience: incident.AudiencePrivate},
		incident.Action{Title: "Plain to see", Owner: "Bo", Due: w.day(-3)}))
	w.remind()
	all := o.mails()
	if len(all) != 2 {
		t.Fatalf("there are %d mails to %s, want one about follow-ups and one about a promise, to Bo", len(all), addressesOf(all))
	}
	var text strings.Builder
	for _, m := range all {
		text.WriteString(unfolded(m))
		if m.To != "bo@example.com" {
			t.Errorf("%s is told", m.To)
		}
	}
	if strings.Contains(strings.ToLower(text.String()), "canary") {
		t.Errorf("the mails hold what is private:\n%s", text.String())
	}
	for _, says := range []string{"INC-1", "a private follow-up", "Plain to see", "INC-2 An open one", "INC-1: the next update is due soon"} {
		if !strings.Contains(text.String(), says) {
			t.Errorf("the mails do not say %q:\n%s", says, text.String())
		}
	}
}

func TestWhoLeadsCommunicationsIsRemindedBeforeAPromiseIsBroken(t *testing.T) {
	t.Parallel()
	lead, commander := incident.Person{Role: "communications", Name: "Lee"}, incident.Person{Role: "commander", Name: "Kim"}
	over := func(p incident.Person, w *world) incident.Person {
		ended := incident.Exactly(w.now().Add(-time.Minute), "UTC", incident.Minute)
		p.Until = &ended
		return p
	}
	for _, tt := range []struct {
		name     string
		people   func(*world) []incident.Person
		promise  time.Duration // from when it is made
		quiet    time.Duration // for which nobody is reminded yet
		told, to string
	}{
		{"ten minutes before", func(*world) []incident.Person { return []incident.Person{commander, lead} }, time.Hour, 49 * time.Minute, "50m", "lee@example.com"},
		{"half of a short promise before", func(*world) []incident.Person { return []incident.Person{lead} }, 6 * time.Minute, 2 * time.Minute, "4m", "lee@example.com"},
		{"else the commander", func(*world) []incident.Person { return []incident.Person{commander} }, time.Hour, 49 * time.Minute, "50m", "kim@example.com"},
		{"also when the lead cannot be reached", func(*world) []incident.Person {
			return []incident.Person{{Role: "communications", Name: "Nobody Here"}, commander}
		}, time.Hour, 49 * time.Minute, "50m", "kim@example.com"},
		{"or has handed over", func(w *world) []incident.Person { return []incident.Person{over(lead, w), commander} }, time.Hour, 49 * time.Minute, "50m", "kim@example.com"},
		{"nobody when nobody leads", func(*world) []incident.Person { return []incident.Person{{Role: "scribe", Name: "Lee"}} }, time.Hour, 49 * time.Minute, "50m", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := openOffice(t, &office{}, false)
			w := newWorld(t, o, nil)
			w.reachable("Lee", incident.Responder, "lee@example.com")
			w.reachable("Kim", incident.Responder, "kim@example.com")
			in := outage()
			next := incident.Exactly(w.now().Add(tt.promise), "Europe/Berlin", incident.Second)
			in.People, in.Messages[0].NextUpdateAt = tt.people(w), &next
			w.send(in)
			w.remind()
			w.wait(tt.quiet)
			w.remind()
			if got := o.mails(); len(got) != 0 {
				t.Fatalf("after %s %s were told already", tt.quiet, addressesOf(got))
			}
			until, _ := time.ParseDuration(tt.told)
			w.wait(until - tt.quiet + time.Second)
			w.remind()
			w.wait(time.Minute)
			w.remind()
			w.wait(tt.promise)
			w.remind()
			if got := addressesOf(o.mails()); got != tt.to {
				t.Fatalf("%q were told, want %q, once", got, tt.to)
			}
			if tt.to != "" && !strings.Contains(unfolded(o.mails()[0]), "INC-1 Internal title") {
				t.Errorf("the mail says\n%s", o.mails()[0].Text)
			}
		})
	}
}

func TestAPromiseThatWasKeptMeanwhileRemindsNobody(t *testing.T) {
	t.Parallel()
	o := openOffice(t, &office{}, false)
	w := newWorld(t, o, nil)
	w.reachable("Lee", incident.Responder, "lee@example.com")
	in := outage()
	next := incident.Exactly(w.now().Add(8*time.Minute), "UTC", incident.Second)
	in.People, in.Messages[0].NextUpdateAt = []incident.Person{{Role: "communications", Name: "Lee"}}, &next
	sent := w.send(in)
	w.wait(5 * time.Minute)
	if err := w.store.FindPromises(t.Context()); err != nil {
		t.Fatal(err)
	}
	update := &incident.Message{Channel: incident.StatusPage, Audience: incident.AudiencePublic, State: incident.Draft, Body: "It is mended."}
	kept, err := w.store.Append(t.Context(), w.by, sent.Number, []incident.Part{update})
	if err == nil {
		_, err = w.store.Send(t.Context(), w.by, sent.Number, kept[0].Head().ID, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	w.remind()
	if got := addressesOf(o.mails()); got != "" {
		t.Errorf("%s were told of a promise that was kept", got)
	}
}

func TestAReminderWhoseSenderDiedIsNotSentAgain(t *testing.T) {
	t.Parallel()
	o := openOffice(t, &office{}, false)
	w := newWorld(t, o, nil)
	w.midday()
	w.reachable("Bo", incident.Responder, "bo@example.com")
	w.file(titled("Disks fill", incident.Action{Title: "Watch the disks", Owner: "Bo", Due: w.day(-1)}))
	if err := w.store.FindOverdue(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r, err := w.store.ClaimReminder(t.Context(), time.Minute); err != nil || r == nil {
		t.Fatalf("ClaimReminder = %v, %v", r, err)
	}
	w.remind()
	w.wait(time.Hour)
	w.remind()
	if got := o.mails(); len(got) != 0 {
		t.Errorf("%s were told by another", addressesOf(got))
	}
	astray, err := w.store.AstrayReminders(t.Context(), w.by)
	if err != nil || len(astray) != 1 || astray[0].State != store.Unknown || astray[0].Person != "Bo" || astray[0].Reason == "" {
		t.Errorf("AstrayReminders = %+v, %v, want the one that is unknown", astray, err)
	}
	w.wait(7 * 24 * time.Hour)
	w.remind()
	if got := o.mails(); len(got) != 1 {
		t.Errorf("a week later there were %d mails, want the weekly one", len(got))
	}
}

func TestAMailboxThatDoesNotExistIsNotRemindedAgainUntilItIsSetAnew(t *testing.T) {
	t.Parallel()
	o := openOffice(t, &office{rcpt: func(to string) error {
		if strings.HasPrefix(to, "gone") {
			return says(550, smtp.EnhancedCode{5, 1, 1}, "no such user")
		}
		return nil
	}}, false)
	w := newWorld(t, o, nil)
	w.midday()
	bo := w.reachable("Bo", incident.Responder, "gone@example.com")
	w.file(titled("Disks fill", incident.Action{Title: "Watch the disks", Owner: "Bo", Due: w.day(-1)}))
	w.remind()
	c, err := w.store.Contact(t.Context(), bo, bo.PersonID)
	if err != nil || c.Fault == "" {
		t.Fatalf("Contact = %+v, %v, want to read why nothing is sent there", c, err)
	}
	w.wait(8 * 24 * time.Hour)
	w.remind()
	address, no := "bo@example.com", false
	if c, err = w.store.ChangeContact(t.Context(), bo, store.ContactChange{Email: &address}); err != nil || c.Fault != "" {
		t.Fatalf("ChangeContact = %+v, %v", c, err)
	}
	w.remind()
	if got := addressesOf(o.mails()); got != address {
		t.Errorf("%q were told, want %s", got, address)
	}
	if _, err := w.store.ChangeContact(t.Context(), bo, store.ContactChange{Reminders: &no}); err != nil {
		t.Fatal(err)
	}
	w.wait(8 * 24 * time.Hour)
	w.remind()
	if got := o.mails(); len(got) != 1 {
		t.Errorf("who wants no reminders got %d mails", len(got))
	}
}

func TestAMailOfManyFollowUpsEndsWithWhereTheOthersAre(t *testing.T) {
	t.Parallel()
	o := openOffice(t, &office{}, false)
	w := newWorld(t, o, nil)
	w.midday()
	w.reachable("Bo", incident.Responder, "bo@example.com")
	in := titled("Disks fill")
	for i := range 60 {
		in.Actions = append(in.Actions, incident.Action{Title: fmt.Sprintf("Watch disk <b>%d</b>", i), Owner: "Bo", Due: w.day(-1)})
	}
	w.file(in)
	w.remind()
	all := o.mails()
	if len(all) != 1 {
		t.Fatalf("there are %d mails, want one", len(all))
	}
	if subject := read(t, all[0]).Header.Get("Subject"); subject != "More than 50 follow-ups of yours are overdue" {
		t.Errorf("its subject is %q", subject)
	}
	if text := unfolded(all[0]); strings.Count(text, "&lt;b&gt;") < 40 || !strings.Contains(text, "/actions?owner") {
		t.Errorf("the mail says\n%.3000s", text)
	}
}
