package web

import (
	"bytes"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
	"github.com/debriefhq/debrief/incident/status"
)

// outsidersRead is all that outsiders are sent about an incident, headers and all, with the picture of it.
func (r *replay) outsidersRead(id string) string {
	r.t.Helper()
	v := r.visitor(r.t)
	var all strings.Builder
	for _, path := range []string{"/status", "/status/incidents/" + id, "/status/incidents/" + id + "/postmortem", "/status/history", "/status/history/2013-07",
		"/status/badge.svg", "/status/history.atom", "/status/history.rss", "/status/incidents/other", "/status/incidents/" + id + "/images/aaaaaaaaaaaa"} {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
			res, body := v.asked(method, path)
			_, _ = fmt.Fprintln(&all, res.Header, body)
		}
	}
	return all.String()
}

// wild files a record with a word of its own in every text, publishes it, and gives the pointers of the words that
// outsiders read.
func (r *replay) wild(audience incident.Audience) []string {
	r.t.Helper()
	words := map[string]string{}
	in := incidenttest.Fill(func(pointer string) string {
		words[pointer] = "canary" + strings.NewReplacer("/", "-", "_", "-").Replace(pointer) + "-end"
		return words[pointer]
	}).Draft()
	incidenttest.SetAudience(in, audience)
	in.Related, in.RecurrenceOf, in.DuplicateOf, in.Actions[0].AlsoFor = nil, nil, nil, nil
	in.Messages = append(in.Messages, incident.Message{Channel: incident.StatusPage, Audience: incident.AudiencePublic, State: incident.Draft, Body: "We are looking."})
	filed, err := r.store.File(r.t.Context(), r.by, in)
	if err != nil {
		r.t.Fatal(err)
	}
	r.number = filed.Number
	r.send(filed.Messages[len(filed.Messages)-1].ID)
	r.publish()
	text := r.outsidersRead(filed.ID)
	if !strings.Contains(text, "We are looking.") {
		r.t.Error("outsiders don't read what was sent")
	}
	var found []string
	for pointer, word := range words {
		if strings.Contains(strings.ToLower(text), strings.ToLower(word)) {
			found = append(found, pointer)
		}
	}
	slices.Sort(found)
	return found
}

func TestNoPageForOutsidersTellsMoreThanIsPublic(t *testing.T) {
	t.Parallel()
	always := []string{"/public_summary", "/public_title"}
	parts := []string{
		"/actions/0/title", "/analysis/factors/0/category", "/analysis/factors/0/text", "/analysis/lessons/0/text",
		"/analysis/process_cause/text", "/analysis/technical_cause/text", "/analysis/trigger/text",
		"/analysis/whys/0/because", "/analysis/whys/0/why",
		"/impacts/0/component", "/impacts/0/figures/0/measure", "/impacts/0/figures/0/unit", "/impacts/0/text",
		"/messages/0/body", "/messages/0/link", "/messages/0/role", "/messages/0/status", "/timeline/0/source", "/timeline/0/text",
	}
	for audience, want := range map[incident.Audience][]string{
		incident.AudienceInternal: always, incident.AudiencePrivate: always,
		incident.AudiencePublic: slices.Sorted(slices.Values(append(parts, always...))),
	} {
		t.Run(string(audience), func(t *testing.T) {
			t.Parallel()
			r := newReplay(t)
			r.at("2013-07-18T11:00:00Z")
			if got := r.wild(audience); !slices.Equal(got, want) {
				t.Errorf("outsiders read the texts of %q, want %q", got, want)
			}
			if text := r.outsidersRead("none"); strings.Contains(text, "canary Ines") || strings.Contains(text, "canary Bo") || strings.Contains(text, "INC-") {
				t.Error("outsiders read the name of a person, or a number")
			}
		})
	}
}

// picture is a PNG of one pixel.
var picture = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\xdac\xfc\xcf\xc0P\x0f\x00\x04\x85\x01\x80\x84\xa9\x8c!\x00\x00\x00\x00IEND\xaeB`\x82")

func TestOutsidersSeeTheImagesOfWhatWasPublished(t *testing.T) {
	t.Parallel()
	r, in := midday(t)
	m, err := r.store.AddImage(t.Context(), r.by, r.number, "", picture)
	if err != nil {
		t.Fatal(err)
	}
	image, page := "/status/incidents/"+in.ID+"/images/"+m.ID, "/status/incidents/"+in.ID+"/postmortem"
	v := r.visitor(t)
	seen := func(want bool) {
		t.Helper()
		res, body := v.asked("GET", image)
		if want != (res.StatusCode == 200 && body != "" && res.Header.Get("Content-Type") == "image/png") {
			t.Errorf("GET the image = %d %s, want it seen: %v", res.StatusCode, res.Header.Get("Content-Type"), want)
		}
		if _, text := v.asked("GET", page); strings.Contains(text, `src="`+image+`"`) != want {
			t.Errorf("the postmortem shows the image: %v", !want)
		}
	}
	write := func(edit func(*incident.Incident)) {
		t.Helper()
		if _, err := r.store.Change(t.Context(), r.by, r.number, 0, func(in *incident.Incident) error { edit(in); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	seen(false)
	write(func(in *incident.Incident) { in.Summary = "For us: " + m.Markdown("ours") })
	r.publish()
	seen(false)
	write(func(in *incident.Incident) { in.PublicSummary = "For all: " + m.Markdown("charges by hour") })
	seen(false)
	r.publish()
	seen(true)
	write(func(in *incident.Incident) { in.PublicSummary = "None any more." })
	seen(true) // what was published stands
	if _, err := r.store.Incident(t.Context(), r.by, r.number); err != nil {
		t.Fatal(err)
	}
	write(func(in *incident.Incident) {
		in.Visibility, in.People = incident.VisiblePrivate, []incident.Person{{Role: "commander", Name: r.by.Name}}
	})
	seen(false)
}

func TestAnImageInAMessageIsNoBrokenPictureAmongOthers(t *testing.T) {
	t.Parallel()
	r, in := midday(t)
	m, err := r.store.AddImage(t.Context(), r.by, r.number, "", picture)
	if err != nil {
		t.Fatal(err)
	}
	r.correct(in.Messages[1].ID, "The charges fall: "+m.Markdown("charges by hour"))
	v, image := r.visitor(t), `src="/status/incidents/`+in.ID+"/images/"+m.ID+`"`
	for _, published := range []bool{false, true} {
		if published {
			r.publish()
		}
		for _, path := range []string{"/status", "/status/history", "/status/history/2013-07", "/status/incidents/" + in.ID} {
			_, page := v.asked("GET", path)
			if place, shown := strings.Contains(page, `<img title=`), strings.Contains(page, image); place || shown != published || !strings.Contains(page, "charges by hour") {
				t.Errorf("%s has a place without its image: %v, the image: %v, want it as soon as it is published: %v", path, place, shown, published)
			}
		}
	}
}

// outwardPages are the pages for outsiders with all that they can show, all texts hostile when wild.
func outwardPages(t testing.TB, wild bool) []outward {
	t.Helper()
	in := filed(t)
	if wild {
		texts("", reflect.ValueOf(in), func(path string, v reflect.Value) {
			if v.Type() == reflect.TypeFor[string]() && !strings.HasSuffix(path, "/ID") {
				v.SetString(hostile)
			}
		})
	}
	var notices []*status.Notice
	for i, s := range []incident.Status{incident.Identified, incident.Scheduled, incident.Resolved} {
		p := in.Public()
		p.ID, p.Status, p.Kind = fmt.Sprintf("incident000%d", i), s, incident.KindIncident
		p.Messages = append(p.Messages, incident.PublicMessage{ID: fmt.Sprintf("more%d", i), Channel: incident.StatusPage, Body: in.Title, Status: "resolved"},
			incident.PublicMessage{ID: fmt.Sprintf("again%d", i), Channel: incident.StatusPage, Body: in.Title, Corrects: fmt.Sprintf("more%d", i)})
		notices = append(notices, &status.Notice{Incident: p, Postmortem: p, AnnouncedAt: today})
	}
	var components []incident.Component
	for i, name := range []string{in.Impacts[0].Component, "Payments", "Voice"} {
		components = append(components, incident.Component{ID: fmt.Sprintf("component%03d", i), Name: name, Group: in.Title, Description: in.Title, Audience: incident.AudiencePublic, CreatedAt: today.Add(-100 * time.Hour)})
	}
	now := time.Date(2013, 7, 19, 12, 0, 0, 0, time.UTC)
	page := status.New(components, notices, now)
	shown := newNotice(notices[0])
	return []outward{
		{Name: "status", Here: "/status", Page: newStanding(page)},
		{Name: "status", Late: true, Page: newStanding(status.New(nil, nil, now))},
		{Name: "status-incident", Page: shown}, {Name: "status-incident", Page: newNotice(notices[1])}, {Name: "status-incident", Page: newNotice(notices[2])},
		{Name: "status-history", Page: newPastMonth(page, monthOf(now))}, {Name: "status-history", Page: newPastMonth(status.New(nil, nil, now), monthOf(now))},
		{Name: "status-postmortem", Page: publishedPage{Incident: shown, Body: "<h1>x</h1>"}}, {Name: "status-nothing", Page: "x"},
		{Name: "status-subscribe", Page: subscribing{Controls: []control{typed{}.line("a", "address", hostile, hostile, true)}, Components: []option{{hostile, hostile, true}}, Fault: hostile, Problem: hostile, Asked: hostile}},
		{Name: "status-subscribe", Page: subscribing{}},
		{Name: "status-link", Page: subscription{Title: hostile, Says: hostile, Components: []string{hostile}, Token: hostile, Do: hostile, Action: unsubscribePath}},
		{Name: "status-link", Page: left},
	}
}

func TestPagesForOutsidersAreWellFormedAndTame(t *testing.T) {
	t.Parallel()
	s := newSite(Options{Brand: Brand{Name: hostile, URL: "https://status.example.com/", Color: "#f0c"}})
	var seen []string
	for _, wild := range []bool{false, true} {
		for _, o := range outwardPages(t, wild) {
			seen = append(seen, o.Name)
			o.Look, o.AsOf, o.Title = s.look, newClock("UTC").instant(today), hostile
			text, err := s.draw(o)
			if err != nil {
				t.Fatal(err)
			}
			if o.Here != "" && !bytes.Contains(text, []byte(`<link rel="canonical" href="https://status.example.com/status">`)) {
				t.Error("the page doesn't say what its address is")
			}
			page := strings.ReplaceAll(string(text), "https://status.example.com", "")
			wellFormed(t, o.Name, page)
			if wild {
				harmless(t, o.Name, page)
			}
		}
	}
	for _, name := range outwardNames {
		if !slices.Contains(seen, name) {
			t.Errorf("page %s is not tried", name)
		}
	}
}
