package api_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
	"github.com/debriefhq/debrief/incident/incidenttest"
)

// canaries is a record with the word canary in every text.
func canaries() *incident.Incident {
	count := 0
	in := incidenttest.Fill(func(string) string { count++; return fmt.Sprintf("canary%d", count) })
	in.Related, in.RecurrenceOf, in.DuplicateOf, in.Resolution = nil, nil, nil, "" // there are no others
	in.Actions[0].AlsoFor = nil
	return in
}

// keep files a record.
func (p *person) keep(in *incident.Incident) *incident.Incident {
	p.h.t.Helper()
	kept, err := p.File(p.h.t.Context(), in)
	if err != nil {
		p.h.t.Fatalf("File = %v", err)
	}
	return kept
}

// sings tells whether an answer shows a canary, in its text or its headers.
func (a answer) sings() bool {
	return strings.Contains(strings.ToLower(a.text+fmt.Sprint(a.header)), "canary")
}

func TestNobodyElseSeesATraceOfAPrivateIncident(t *testing.T) {
	t.Parallel()
	h := serve(t)
	ada, bo := h.as("Ada", incident.Admin), h.as("Bo", incident.Admin)
	secret := canaries()
	secret.Visibility = incident.VisiblePrivate
	in := ada.keep(secret)
	ada.call("POST", "/incidents/1/comments", `{"text":"canary in a comment"}`).must(201)
	if got := ada.call("GET", "/incidents/1", "").must(200); !got.sings() {
		t.Fatal("who filed the incident sees no canary: this test is not looking at it")
	}
	paths := everyGET(t, in)
	if len(paths) < 30 {
		t.Fatalf("%d addresses to read: this test is not looking at them", len(paths))
	}
	for _, path := range paths {
		about := strings.HasPrefix(path, "/incidents/1")
		got := bo.call("GET", path, "", `If-None-Match: *`)
		if got.sings() {
			t.Errorf("GET %s shows a canary: %.300s", path, got.text)
		}
		if about && got.status != 404 {
			t.Errorf("GET %s = %d, want 404", path, got.status)
		}
		if about { // just as if it had never been
			other := bo.call("GET", strings.Replace(path, "/incidents/1", "/incidents/4711", 1), "")
			same := strings.NewReplacer("INC-4711", "INC-1", other.header.Get("X-Request-Id"), got.header.Get("X-Request-Id"))
			if same.Replace(other.text) != got.text {
				t.Errorf("GET %s = %s, but of an incident that never was %s", path, got.text, other.text)
			}
		}
	}
	for _, write := range [][3]string{
		{"POST", "/incidents/1/timeline", `{"text":"t"}`}, {"POST", "/incidents/1/actions", `{"title":"t"}`},
		{"POST", "/incidents/1/status", `{"to":"investigating","reason":"r"}`}, {"POST", "/incidents/1/review", `{"move":"submit"}`},
		{"PATCH", "/incidents/1", `{"title":"t"}`}, {"DELETE", "/incidents/1", ""},
		{"PATCH", "/incidents/1/timeline/" + in.Timeline[0].ID, `{"text":"t"}`}, {"DELETE", "/incidents/1/timeline/" + in.Timeline[0].ID, ""},
	} {
		headers := []string{}
		if write[0] != "POST" {
			headers = append(headers, `If-Match: "1"`)
		}
		if got := bo.call(write[0], write[1], write[2], headers...); got.status != 404 || got.sings() {
			t.Errorf("%s %s = %d, want 404: %.300s", write[0], write[1], got.status, got.text)
		}
	}
	if strings.Contains(h.log.String(), "canary") {
		t.Errorf("the log shows a canary: %s", h.log)
	}
}

// everyGET lists every address that can be read, with everything that could bring
// the record to light.
func everyGET(t *testing.T, in *incident.Incident) []string {
	t.Helper()
	var doc struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(contract(t), &doc); err != nil {
		t.Fatal(err)
	}
	paths := []string{
		"/search?q=" + url.QueryEscape(in.Title), "/search?q=canary1", "/incidents?q=canary1", "/incidents?tag=" + in.Tags[0], "/incidents?component=" + in.Impacts[0].Component,
		"/incidents?status=resolved", "/incidents?sort=started", "/actions?owner=" + in.Actions[0].Owner, "/messages?channel=status_page",
		"/incidents/1/export?audience=public", "/incidents/1/export?audience=internal", "/incidents/1/export?audience=private&format=json", "/incidents/1/export?format=pelican",
	}
	for path, methods := range doc.Paths {
		if methods["get"] == nil || path == "/events" { // which has no end, and a test of its own
			continue
		}
		path = strings.Replace(path, "{number}", "1", 1)
		for _, k := range incident.PartKinds {
			if strings.HasSuffix(path, "/"+string(k)+"/{id}") && len(in.Parts(k)) > 0 {
				path = strings.Replace(path, "{id}", in.Parts(k)[0].Head().ID, 1)
			}
		}
		paths = append(paths, strings.Replace(path, "{id}", "abcdefghijkl", 1))
	}
	return paths
}

func TestWhoIsNamedOnAPrivateIncidentReadsIt(t *testing.T) {
	t.Parallel()
	h := serve(t)
	ada, bo := h.as("Ada", incident.Responder), h.as("Bo", incident.Viewer)
	ada.file(`{"title":"x","visibility":"private","people":[{"role":"author","name":"BO"}]}`)
	bo.call("GET", "/incidents/1", "").must(200)
	bo.call("GET", "/incidents/1/export?audience=private", "").must(200)
}

func TestPrivatePartsAreForPeopleNamed(t *testing.T) {
	t.Parallel()
	h := serve(t)
	ada, bo := h.as("Ada", incident.Responder), h.as("Bo", incident.Admin)
	secret := canaries()
	in := ada.keep(&incident.Incident{Heading: incident.Heading{Title: "x"}, Timeline: withAudience(secret, incident.AudiencePrivate).Timeline})
	path := fmt.Sprintf("/incidents/%d", int64(in.Number))
	for _, address := range []string{path, path + "/timeline", path + "/history", "/changes", "/search?q=canary1", path + "/export?audience=internal", path + "/export?format=json&audience=internal"} {
		if got := bo.call("GET", address, ""); got.sings() {
			t.Errorf("GET %s shows a private part to somebody not named: %.400s", address, got.text)
		}
	}
	bo.call("GET", path+"/timeline/"+in.Timeline[0].ID, "").problem(404)
	bo.call("GET", path+"/export?audience=private", "").problem(403)
	if got := ada.call("GET", path+"/export?audience=private", "").must(200); !got.sings() {
		t.Error("who filed the incident gets no private parts in a private export")
	}
}

func withAudience(in *incident.Incident, a incident.Audience) *incident.Incident {
	incidenttest.SetAudience(in, a)
	return in
}

func TestAPublicExportShowsOnlyWhatIsPublic(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Admin)
	for _, audience := range []incident.Audience{incident.AudienceInternal, incident.AudiencePrivate} {
		secret := withAudience(canaries(), audience)
		secret.PublicTitle, secret.PublicSummary = "Open words", "More open words."
		for i := range secret.People {
			secret.People[i].Role = "commander" // roles are what outsiders see of people
		}
		in := ada.keep(secret)
		for _, f := range document.Formats {
			format := f.Name
			got := ada.call("GET", fmt.Sprintf("/incidents/%d/export?format=%s", int64(in.Number), format), "").must(200)
			if got.sings() || !strings.Contains(got.text, "Open words") && format != "csv" { // a table has no title
				at := max(0, strings.Index(got.text, "canary")-80)
				t.Errorf("the public %s of a record with %s parts shows a canary, or not its title: …%.300s", format, audience, got.text[at:])
			}
			if got.header.Get("X-Content-Type-Options") != "nosniff" || got.header.Get("Content-Security-Policy") == "" || !strings.Contains(got.header.Get("Content-Disposition"), "attachment") {
				t.Errorf("the headers of an export are %v", got.header)
			}
		}
	}
}
