package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestDemoIsFiledOnce(t *testing.T) {
	t.Parallel()
	st := storetest.New(t)
	admin := storetest.Person(t, st, "root", incident.Admin)
	own := &incident.Incident{Heading: incident.Heading{Title: "ours, before the demo"}}
	if _, err := st.File(t.Context(), admin, own); err != nil {
		t.Fatalf("File = %v", err)
	}
	for range 2 {
		if err := fileDemo(t.Context(), st, demoNow); err != nil {
			t.Fatalf("fileDemo = %v", err)
		}
		page, err := st.Incidents(t.Context(), admin, store.Filter{Limit: 200})
		if err != nil {
			t.Fatalf("Incidents = %v", err)
		}
		if want := len(demoRecords); len(page.Items) != want { // ours, and all but the private one
			t.Errorf("after fileDemo an admin sees %d incidents, want %d", len(page.Items), want)
		}
	}
}

// An edit after the demo is complete does not bring a record or a move back.
func TestDemoLeavesAloneWhatPeopleChange(t *testing.T) {
	t.Parallel()
	st, records := filedDemo(t)
	admin := storetest.Person(t, st, "root", incident.Admin)
	n := records["twilio-billing"].Number
	changed, err := st.Change(t.Context(), admin, n, 0, func(in *incident.Incident) error {
		in.Title = "another title"
		return nil
	})
	if err != nil {
		t.Fatalf("Change = %v", err)
	}
	if err := fileDemo(t.Context(), st, demoNow); err != nil {
		t.Fatalf("fileDemo = %v", err)
	}
	in, err := st.Incident(t.Context(), admin, n)
	if err != nil {
		t.Fatalf("Incident = %v", err)
	}
	if in.Version != changed.Version {
		t.Errorf("version after a second fileDemo = %d, want %d", in.Version, changed.Version)
	}
}

func TestDemoGoesOnAfterACrash(t *testing.T) {
	t.Parallel()
	for _, writes := range []int{3, 12, 26, 41} {
		t.Run(fmt.Sprintf("in write %d", writes), func(t *testing.T) {
			t.Parallel()
			ctx, crash := context.WithCancel(t.Context())
			defer crash()
			count := 0
			st, err := store.Open(t.Context(), store.Options{
				URL: storetest.URL(t), Key: bytes.Repeat([]byte{1}, 32),
				Now: func() time.Time { // asked once for each write
					if count++; count == writes {
						crash()
					}
					return demoNow
				},
			})
			if err != nil {
				t.Fatalf("Open = %v", err)
			}
			defer st.Close()
			if err := fileDemo(ctx, st, demoNow); !errors.Is(err, context.Canceled) {
				t.Fatalf("fileDemo that is cut short = %v, want %v", err, context.Canceled)
			}
			if err := fileDemo(t.Context(), st, demoNow); err != nil {
				t.Fatalf("fileDemo again = %v", err)
			}
			records := demoAsFiled(t, st)
			for _, r := range demoRecords {
				if got, want := records[r.name].Version, int64(1+len(r.moves)); got != want {
					t.Errorf("version of %s = %d, want %d", r.name, got, want)
				}
			}
			page, err := st.Incidents(t.Context(), store.System(), store.Filter{Limit: 200})
			if err != nil {
				t.Fatalf("Incidents = %v", err)
			}
			if want := len(demoRecords) - 1; len(page.Items) != want { // all but the private one
				t.Errorf("%d incidents after the crash, want %d", len(page.Items), want)
			}
		})
	}
}

func TestDemoKeepsItsSecret(t *testing.T) {
	t.Parallel()
	st, records := filedDemo(t)
	secret := records["chia-account"]
	if secret.Announced() {
		t.Error("the private incident is announced")
	}
	d := &demo{st: st, people: map[string]incident.Actor{}}
	if _, err := d.know(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]error{ana: nil, marek: nil, kofi: incident.NotFound, lena: incident.NotFound, lastDemoPerson.Name: incident.NotFound} {
		if _, err := st.Incident(t.Context(), d.people[name], secret.Number); !errors.Is(err, want) {
			t.Errorf("%s reads the private incident: %v, want %v", name, err, want)
		}
	}
}

func TestDemoListsTheBillingIncidentFirst(t *testing.T) {
	t.Parallel()
	st, _ := filedDemo(t)
	reader := storetest.Person(t, st, "newcomer", incident.Viewer)
	page, err := st.Incidents(t.Context(), reader, store.Filter{Limit: 1})
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("Incidents = %v, %v; want one", page.Items, err)
	}
	in, err := st.Incident(t.Context(), reader, page.Items[0].Number)
	if err != nil {
		t.Fatalf("Incident = %v", err)
	}
	pelican, err := document.Lookup("pelican")
	if err != nil {
		t.Fatal(err)
	}
	var post strings.Builder
	if err := document.Write(&post, pelican, in, document.Options{Zone: "America/Los_Angeles"}); err != nil {
		t.Fatalf("Write = %v", err)
	}
	for _, want := range []string{"Billing incident of 18 July 2013", "2:42 AM PDT / 09:42 UTC", "04:15 UTC on 20 July"} {
		if !strings.Contains(post.String(), want) {
			t.Errorf("the post of the first incident lacks %q", want)
		}
	}
	for _, internal := range []string{in.Number.String(), in.Title, "habit", marek} {
		if strings.Contains(post.String(), internal) {
			t.Errorf("the post tells %q, which is internal", internal)
		}
	}
}
