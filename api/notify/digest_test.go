package notify

import (
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

func TestWhoWantsDigestsGetsThatOfTheMonthOnceItIsOver(t *testing.T) {
	t.Parallel()
	o := openOffice(t, &office{}, false)
	w := newWorld(t, o, nil)
	bo := w.reachable("Bo", incident.Responder, "bo@example.com")
	w.reachable("Cy", incident.Responder, "cy@example.com") // wants none
	yes, no := true, false
	if _, err := w.store.ChangeContact(t.Context(), bo, store.ContactChange{Digests: &yes, Reminders: &no}); err != nil {
		t.Fatal(err)
	}
	first := func() { // the next first day of a month
		now := w.now().UTC()
		w.wait(time.Date(now.Year(), now.Month()+1, 1, 12, 0, 0, 0, time.UTC).Sub(now))
	}
	digests := func(when string, want int) {
		t.Helper()
		for range 2 {
			if err := w.store.FindDigests(t.Context()); err != nil {
				t.Fatal(err)
			}
			w.remind()
		}
		if got := len(o.mails()); got != want {
			t.Errorf("%s there were %d mails, want %d", when, got, want)
		}
	}
	first()
	secret := titled("canary")
	secret.Visibility = incident.VisiblePrivate
	secret.People = []incident.Person{{Role: "commander", Name: "Bo"}}
	for _, in := range []*incident.Incident{titled("Disks fill", incident.Action{Title: "Watch the disks", Owner: "Cy"}), secret} {
		now := incident.Exactly(w.now(), "UTC", incident.Minute)
		in.Milestones.Started = &now
		w.file(in)
	}
	w.wait(14 * 24 * time.Hour)
	digests("in the middle of the month", 0)
	first()
	month := w.now().UTC().AddDate(0, -1, 0)
	digests("on the first of the next", 1)
	last := o.mails()[0]
	text := unfolded(last)
	for _, want := range []string{"Subject: Incidents: " + month.Format("January 2006"), "Disks fill", "Watch the disks", "https://status.example.com/digests/" + month.Format("2006-01")} {
		if !strings.Contains(text, want) {
			t.Errorf("the digest has no %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "canary") || last.To != "bo@example.com" {
		t.Errorf("to %s goes a digest with what is private:\n%s", last.To, text)
	}
	w.wait(24 * time.Hour)
	digests("a day later", 1)
}
