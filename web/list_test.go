package web

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestTheListSaysSinceWhenAndHowLong(t *testing.T) {
	t.Parallel()
	at := func(text string) *incident.Moment { return moment(t, text, "UTC", incident.Minute) }
	tests := []struct {
		name         string
		status       incident.Status
		m            incident.Milestones
		first, what  string
		lasted       string
		stillGoingOn bool
	}{
		{"users were hurt until it was mitigated", incident.Resolved,
			incident.Milestones{Started: at("2013-08-20T08:00:00Z"), Mitigated: at("2013-08-20T08:40:00Z"), Resolved: at("2013-08-20T09:00:00Z")},
			"08:00", "", "40 min", false},
		{"or resolved, when nobody said", incident.Resolved,
			incident.Milestones{Started: at("2013-08-20T08:00:00Z"), Resolved: at("2013-08-20T09:00:00Z")}, "08:00", "", "1 h", false},
		{"or until now", incident.Identified, incident.Milestones{Started: at("2013-08-20T08:00:00Z")}, "08:00", "", "1 h 30 min", true},
		{"days are counted whole", incident.Identified, incident.Milestones{Started: at("2013-08-10T08:00:00Z")}, "08:00", "", "about 10 days", true},
		{"without a start the first milestone stands for it", incident.Resolved,
			incident.Milestones{Detected: at("2013-08-20T08:05:00Z"), Resolved: at("2013-08-20T09:00:00Z")}, "08:05", "detected", "", false},
		{"what mitigation ended goes on for nobody", incident.Monitoring,
			incident.Milestones{Started: at("2013-08-20T08:00:00Z"), Mitigated: at("2013-08-20T08:40:00Z")}, "08:00", "", "40 min", false},
		{"a maintenance ahead has not begun", incident.Scheduled, incident.Milestones{}, "", "", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := newListed(incident.Heading{Zone: "UTC", Status: tt.status, Milestones: tt.m}, newClock("UTC"), today)
			if got.First.Time != tt.first || got.What != tt.what || got.Lasted != tt.lasted || got.Ongoing != tt.stillGoingOn {
				t.Errorf("newListed = %q %q %q ongoing %v, want %q %q %q ongoing %v",
					got.First.Time, got.What, got.Lasted, got.Ongoing, tt.first, tt.what, tt.lasted, tt.stillGoingOn)
			}
		})
	}
}

func TestANearMissHurtsNobody(t *testing.T) {
	t.Parallel()
	h := incident.Heading{Zone: "UTC", Kind: incident.NearMiss, Status: incident.Investigating}
	if row := newListed(h, newClock("UTC"), today); row.Ongoing || row.Lasted != "" {
		t.Errorf("newListed of an open near miss = %q, ongoing %v; nobody was hurt", row.Lasted, row.Ongoing)
	}
}

func TestTheListSaysFirstWhatIsGoingOn(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Lena Falk")
	strip := func(path string) string {
		_, body := v.get(path)
		_, rest, _ := strings.Cut(body, `<section class="now">`)
		text, _, _ := strings.Cut(rest, "</section>")
		return text
	}
	// A private incident is open, and she is not named on it.
	if text := strip("/incidents"); !strings.Contains(text, "Nothing is going on.") {
		t.Errorf("while nothing is open the list says %q", text)
	}
	by := storetest.Person(t, in.store, "Filer", incident.Responder)
	for i, severity := range []incident.Severity{"", incident.SEV4, incident.SEV1, incident.SEV3, incident.SEV2, incident.SEV4} {
		record := new(incident.Incident)
		record.Title, record.Severity = fmt.Sprintf("Open %d", i), severity
		in.file(t, by, record)
	}
	later := new(incident.Incident)
	later.Title, later.Kind, later.Status = "Planned", incident.Maintenance, incident.Scheduled
	in.file(t, by, later)
	var got []string
	text := strip("/incidents")
	for _, line := range strings.Split(text, "<li>")[1:] {
		_, rest, _ := strings.Cut(line, "</span> Open ")
		got = append(got, rest[:1])
	}
	if want := []string{"2", "4", "3", "5", "1"}; !slices.Equal(got, want) { // the last is the one without a severity
		t.Errorf("the list says that these go on: %v, want %v, the worst first", got, want)
	}
	if !strings.Contains(text, `href="/incidents?status=open"`) {
		t.Error("the list doesn't lead to the others that go on")
	}
	for _, path := range []string{"/incidents?status=open", "/incidents?q=open"} {
		if text := strip(path); text != "" {
			t.Errorf("GET %s repeats what goes on, though something else was asked for", path)
		}
	}
}

func TestTheListSaysWhatGoesOnBeyondItsFirstPage(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v, by := in.as(t, "Lena Falk"), storetest.Person(t, in.store, "Filer", incident.Responder)
	file := func(title string, kind incident.IncidentKind, status incident.Status, severity incident.Severity) {
		record := new(incident.Incident)
		record.Title, record.Kind, record.Status, record.Severity = title, kind, status, severity
		in.file(t, by, record)
	}
	file("Old and bad", incident.KindIncident, incident.Investigating, incident.SEV1)
	for range perPage {
		file("Planned", incident.Maintenance, incident.Scheduled, "")
	}
	file("New", incident.KindIncident, incident.Identified, incident.SEV2)
	_, body := v.get("/incidents")
	_, rest, _ := strings.Cut(body, `<section class="now">`)
	now, table, _ := strings.Cut(rest, "</section>")
	if strings.Contains(table, "Old and bad") {
		t.Fatal("the old incident is on the first page: nothing is tried")
	}
	if first, then := strings.Index(now, "Old and bad"), strings.Index(now, "New"); first < 0 || then < first || strings.Count(now, "<li>") != 2 {
		t.Errorf("the list says that these go on: %s", now)
	}
}
