package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
)

// told reads one of the documents that outsiders get.
func (h *house) told(t *testing.T, path string) map[string]any {
	t.Helper()
	code, header, text := h.outside(t, http.MethodGet, path)
	if code != http.StatusOK || header.Get("Content-Type") != "application/json; charset=utf-8" {
		t.Fatalf("GET %s = %d %v\n%s", path, code, header, text)
	}
	var all map[string]any
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// outside asks as nobody.
func (h *house) outside(t *testing.T, method, path string, asked ...string) (code int, header http.Header, text []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, h.url+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	for len(asked) > 1 {
		req.Header.Set(asked[0], asked[1])
		asked = asked[2:]
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if text, err = io.ReadAll(answer.Body); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, answer.Header, text
}

// trouble is an incident that outsiders were told of twice, with a component on the page.
func trouble(t *testing.T, ada *person) *incident.Incident {
	t.Helper()
	ctx := t.Context()
	filed := ada.file(`{"title": "Redis lost its master", "public_title": "Wrong charges", "public_summary": "Some cards were charged again.",
		"impacts": [{"component": "Billing", "level": "partial_outage", "audience": "public"}]}`)
	in := &filed
	for _, c := range must(ada.Components(ctx)) {
		must(ada.ChangeComponent(ctx, c.ID, 0, map[string]any{"audience": "public", "group": "Money"}))
	}
	must(ada.AddComponent(ctx, incident.Component{Name: "Voice", Audience: incident.AudiencePublic}))
	for _, body := range []string{"We are looking.", "We know <b>why</b>."} {
		kept := must(ada.Append(ctx, in.Number, &incident.Message{Channel: incident.StatusPage, Audience: incident.AudiencePublic, State: incident.Draft, Body: body}))
		must(ada.Send(ctx, in.Number, kept[0].Head().ID, 0))
	}
	return in
}

func TestStatuspagesJSONTellsWhatGoesOn(t *testing.T) {
	t.Parallel()
	h := serve(t)
	in := trouble(t, h.as("Ada", incident.Admin))
	all := h.told(t, "/api/v2/summary.json")
	if s := all["status"].(map[string]any); s["indicator"] != "major" || s["description"] != "Partial System Outage" {
		t.Errorf("status = %v", s)
	}
	list := all["incidents"].([]any)
	if len(list) != 1 {
		t.Fatalf("incidents = %v, want the one", list)
	}
	one := list[0].(map[string]any)
	updates := one["incident_updates"].([]any)
	if one["id"] != in.ID || one["name"] != "Wrong charges" || one["status"] != "investigating" || one["impact"] != "major" || one["resolved_at"] != nil ||
		one["shortlink"] != h.url+"/status/incidents/"+in.ID || len(updates) != 2 {
		t.Errorf("the incident is %v", one)
	}
	if first := updates[0].(map[string]any); first["body"] != "We know <b>why</b>." || first["incident_id"] != in.ID {
		t.Errorf("the first update is %v, want the newest", first)
	}
	components := all["components"].([]any)
	names := make([]string, len(components))
	for i, c := range components {
		names[i] = c.(map[string]any)["name"].(string)
	}
	if !slices.Equal(names, []string{"Voice", "Money", "Billing"}) {
		t.Errorf("components are %v, want the one without a group, then the group and what is in it", names)
	}
	if group := components[1].(map[string]any); group["group"] != true || group["status"] != "partial_outage" || len(group["components"].([]any)) != 1 {
		t.Errorf("the group is %v", group)
	}
	must(h.as("Bo", incident.Responder).Move(t.Context(), in.Number, incident.StatusMove{To: incident.Resolved}))
	if left := h.told(t, "/api/v2/incidents/unresolved.json")["incidents"].([]any); len(left) != 0 {
		t.Errorf("after the end %v is unresolved", left)
	}
	past := h.told(t, "/api/v2/incidents.json")["incidents"].([]any)[0].(map[string]any)
	if past["status"] != "resolved" || past["resolved_at"] == nil {
		t.Errorf("after the end it is %v", past)
	}
	if s := h.told(t, "/api/v2/status.json")["status"].(map[string]any); s["indicator"] != "none" {
		t.Errorf("after the end the status is %v", s)
	}
}

// plan announces a maintenance that is to come.
func plan(t *testing.T, ada *person) *incident.Incident {
	t.Helper()
	ctx := t.Context()
	in := ada.file(`{"title": "Move the database", "kind": "maintenance", "status": "scheduled", "public_title": "Maintenance of billing", "public_summary": "Short breaks.",
		"impacts": [{"component": "Billing", "level": "under_maintenance", "audience": "public", "from": "2033-07-18T02:00:00Z", "until": "2033-07-18T03:00:00Z"}],
		"messages": [{"channel": "status_page", "audience": "public", "state": "draft", "body": "We move on Monday."}]}`)
	must(ada.Send(ctx, in.Number, in.Messages[0].ID, 0))
	return &in
}

func TestProgramsOfOtherSitesReadTheStatus(t *testing.T) {
	t.Parallel()
	h := serve(t)
	trouble(t, h.as("Ada", incident.Admin))
	_, header, text := h.outside(t, http.MethodGet, "/api/v2/status.json", "Origin", "https://elsewhere.example")
	if header.Get("Access-Control-Allow-Origin") != "*" || header.Get("ETag") == "" || !strings.Contains(header.Get("Cache-Control"), "public") {
		t.Errorf("GET = %v", header)
	}
	code, header, nothing := h.outside(t, http.MethodHead, "/api/v2/status.json", "Accept-Encoding", "identity")
	if code != http.StatusOK || len(nothing) != 0 || header.Get("Content-Length") != strconv.Itoa(len(text)) {
		t.Errorf("HEAD = %d with %d bytes and the length %s, want %d", code, len(nothing), header.Get("Content-Length"), len(text))
	}
	if code, _, _ := h.outside(t, http.MethodGet, "/api/v2/status.json", "Accept-Encoding", "identity", "If-None-Match", header.Get("ETag")); code != http.StatusNotModified {
		t.Errorf("GET of what is known = %d", code)
	}
	if code, _, _ := h.outside(t, http.MethodOptions, "/api/v2/status.json", "Origin", "https://elsewhere.example", "Access-Control-Request-Method", "GET"); code != http.StatusNoContent {
		t.Errorf("OPTIONS = %d", code)
	}
	if code, _, _ := h.outside(t, http.MethodGet, "/api/v2/nothing.json"); code != http.StatusNotFound {
		t.Errorf("GET of nothing = %d", code)
	}
}

func TestOutsidersJSONTellsNothingInternal(t *testing.T) {
	t.Parallel()
	h := serve(t)
	ada := h.as("Ada", incident.Admin)
	in := incidenttest.Fill(func(pointer string) string {
		if pointer == "/public_title" || pointer == "/public_summary" {
			return "Public words"
		}
		return "canary" + strings.NewReplacer("/", "-", "_", "-").Replace(pointer)
	})
	in.Related, in.RecurrenceOf, in.Actions[0].AlsoFor = []incident.Number{}, nil, []incident.Number{}
	filed := ada.file(string(mustJSON(t, in)))
	kept := must(ada.Append(t.Context(), filed.Number, &incident.Message{Channel: incident.StatusPage, Audience: incident.AudiencePublic, State: incident.Draft, Author: "canaryauthor", Body: "We are looking."}))
	must(ada.Send(t.Context(), filed.Number, kept[0].Head().ID, 0))
	for _, path := range []string{"summary", "status", "components", "incidents", "incidents/unresolved", "scheduled-maintenances"} {
		_, _, text := h.outside(t, http.MethodGet, "/api/v2/"+path+".json")
		if at := strings.Index(string(text), "canary"); at >= 0 {
			t.Errorf("%s tells …%.80s", path, text[max(0, at-20):])
		}
	}
	if list := h.told(t, "/api/v2/incidents.json")["incidents"].([]any); len(list) != 1 {
		t.Errorf("incidents = %v: this test is not looking at one", list)
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// must is a value of which nothing can go wrong here.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
