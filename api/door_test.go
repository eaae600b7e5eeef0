package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/api"
	"github.com/debriefhq/debrief/incident"
)

func TestWhatIsOpenToEverybody(t *testing.T) {
	t.Parallel()
	h := serve(t)
	for _, path := range []string{"/healthz", "/readyz", "/metrics", "/api/v1/openapi.json", "/api/v1/docs"} {
		h.plain("GET", path).must(200)
	}
	for _, path := range []string{"/api/v1/me", "/api/v1/incidents", "/api/v1/incidents/1", "/api/v1/search?q=x", "/api/v1/people"} {
		for _, headers := range [][]string{nil, {"Authorization: Bearer"}, {"Authorization: Basic YTpi"}, {"Authorization: Bearer nobody"}} {
			got := h.plain("GET", path, headers...)
			got.problem(401)
			if !strings.HasPrefix(got.header.Get("WWW-Authenticate"), "Bearer") {
				t.Errorf("GET %s %v: WWW-Authenticate is %q", path, headers, got.header.Get("WWW-Authenticate"))
			}
		}
	}
}

func TestAddressesAndMethodsThatThereAreNot(t *testing.T) {
	t.Parallel()
	h := serve(t)
	for _, path := range []string{"/api/v1", "/api/v1/", "/api/v1/incident", "/api/v2/incidents", "/api/v1/incidents/1/parts", "/api/v1/incidents/"} {
		h.plain("GET", path).problem(404)
	}
	got := h.plain("PUT", "/api/v1/incidents/1")
	got.problem(405)
	if allow := got.header.Get("Allow"); allow != "GET, HEAD, PATCH, DELETE" {
		t.Errorf("PUT on a record allows %q, want GET, HEAD, PATCH, DELETE", allow)
	}
	h.plain("POST", "/api/v1/openapi.json").problem(405)
}

func TestWhoAsksTooOftenIsToldToWait(t *testing.T) {
	t.Parallel()
	h := serve(t, func(o *api.Options) { o.Rate.Requests = 5 })
	ada, bo := h.as("Ada", incident.Viewer), h.as("Bo", incident.Viewer)
	for range 5 {
		ada.call("GET", "/me", "").must(200)
	}
	got := ada.call("GET", "/me", "")
	got.problem(429)
	if got.header.Get("Retry-After") == "" {
		t.Error("429 has no Retry-After")
	}
	bo.call("GET", "/me", "").must(200)
}

func TestWhoGuessesTokensIsShutOut(t *testing.T) {
	t.Parallel()
	h := serve(t, func(o *api.Options) { o.Rate.Failures = 3 })
	ada := h.as("Ada", incident.Viewer)
	for i := range 3 {
		h.plain("GET", "/api/v1/me", fmt.Sprintf("Authorization: Bearer guess%d", i)).problem(401)
	}
	got := h.plain("GET", "/api/v1/me", "Authorization: Bearer guess")
	got.problem(429)
	if got.header.Get("Retry-After") == "" {
		t.Error("429 has no Retry-After")
	}
	ada.call("GET", "/me", "").must(200) // who has a token is not shut out with those at the same address
}

func TestMetricsNameRoutesAndNoIncident(t *testing.T) {
	t.Parallel()
	h := serve(t)
	ada := h.as("Ada", incident.Responder)
	in := ada.file(`{"title":"canary"}`)
	ada.call("GET", "/incidents/"+in.Number.String(), "").must(200)
	ada.call("GET", "/incidents/4711", "").must(404)
	h.plain("GET", "/api/v1/canary/never").must(404)
	h.plain("PUT", "/api/v1/canary/never").must(404)
	h.plain("PUT", "/api/v1/incidents/1/export").must(405)
	text := h.plain("GET", "/metrics").must(200).text
	for _, want := range []string{
		`debrief_http_request_duration_seconds_count{method="GET",route="/api/v1/incidents/{number}",status="200"} 1`,
		`debrief_http_request_duration_seconds_count{method="POST",route="/api/v1/incidents",status="201"} 1`,
		`debrief_http_request_duration_seconds_count{method="GET",route="/api/v1/incidents/{number}",status="404"} 1`,
		`debrief_http_request_duration_seconds_count{method="GET",route="none",status="404"} 1`,
		`debrief_http_request_duration_seconds_count{method="other",route="none",status="404"} 1`,
		"debrief_database_connections_most", `debrief_build_info{`, `version="test"`, "go_goroutines",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("/metrics lacks %s", want)
		}
	}
	if strings.Contains(text, "canary") || strings.Contains(text, in.Number.String()) {
		t.Error("/metrics names an incident")
	}
}

func TestTheReferenceNeedsNothingFromElsewhere(t *testing.T) {
	t.Parallel()
	h := serve(t)
	got := h.plain("GET", "/api/v1/docs").must(200)
	for _, no := range []string{"<script", "<link", "<img", "src=", `="http`, `="//`, "url(", "@import", "onclick", "javascript:"} {
		if strings.Contains(got.text, no) {
			t.Errorf("the reference holds %s", no)
		}
	}
	if csp := got.header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("the reference's policy is %q", csp)
	}
	for _, want := range []string{"fileIncident", "appendEntry", "removeComment", "If-Match", `id="stale"`, "schema-Incident", "application/problem+json", "&#34;title&#34;: &#34;Billing"} {
		if !strings.Contains(got.text, want) {
			t.Errorf("the reference lacks %s", want)
		}
	}
	h.plain("GET", "/api/v1/docs", "If-None-Match: "+got.header.Get("ETag")).must(304)
}
