package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestRecordsAreFoundByTheNumbersPeopleWrite(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Lena Falk")
	for form, want := range map[string]int{
		fmt.Sprintf("%d", in.billing): 200, fmt.Sprintf("INC-%d", in.billing): 200, fmt.Sprintf("inc-%d", in.billing): 200,
		"9999": 404, "INC-9999": 404, "0": 400, "-1": 400, "abc": 400, "99999999999999999999": 400,
	} {
		res, body := v.get("/incidents/" + form)
		if res.StatusCode != want || want == 200 && !strings.Contains(body, "Redis master restart") {
			t.Errorf("GET /incidents/%s = %d, want %d", form, res.StatusCode, want)
		}
	}
}

func TestEveryAnswerKeepsToItself(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Lena Falk")
	s := newSite(Options{})
	style, err := s.assets.address("debrief.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/sign-in?key=x", "/incidents", fmt.Sprintf("/incidents/%d", in.billing), "/nowhere", "/incidents/abc", style,
		fmt.Sprintf("/incidents/%d/export?format=html&audience=public", in.billing)} {
		res, _ := v.get(path)
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
			"Permissions-Policy": "camera=()", "Cache-Control": "no-store",
		} {
			if path == style && name == "Cache-Control" {
				want = "immutable"
			}
			if got := res.Header.Get(name); !strings.Contains(got, want) {
				t.Errorf("GET %s has %s %q, want %q in it", path, name, got, want)
			}
		}
		head, body := v.do(http.NewRequest(http.MethodHead, v.url+path, nil))
		if head.StatusCode != res.StatusCode || body != "" || head.Header.Get("Content-Type") != res.Header.Get("Content-Type") {
			t.Errorf("HEAD %s = %d %s, GET says %d %s", path, head.StatusCode, head.Header.Get("Content-Type"), res.StatusCode, res.Header.Get("Content-Type"))
		}
	}
	if csp := policy; strings.Contains(csp, "unsafe") || strings.Contains(csp, "http") || strings.Contains(csp, "*") {
		t.Errorf("the policy lets in more than our own: %s", csp)
	}
}

func TestOtherMethodsAreToldWhatIsTaken(t *testing.T) {
	t.Parallel()
	v := installed(t).as(t, "Lena Falk")
	for _, tt := range []struct{ method, path, allow, says string }{
		{"PUT", "/incidents", "GET, HEAD", "only reads"}, {"POST", "/incidents/1", "GET, HEAD", "only reads"}, {"OPTIONS", "/", "GET, HEAD", "only reads"},
		{"BREW", "/incidents", "GET, HEAD", "only reads"}, {"GET", "/sign-out", "POST", "nothing to read"}, {"PATCH", "/sign-in", "GET, HEAD, POST", "only reads"},
	} {
		res, body := v.do(http.NewRequest(tt.method, v.url+tt.path, nil))
		if res.StatusCode != http.StatusMethodNotAllowed || res.Header.Get("Allow") != tt.allow {
			t.Errorf("%s %s = %d, Allow %q, want 405, %q", tt.method, tt.path, res.StatusCode, res.Header.Get("Allow"), tt.allow)
		}
		if !strings.Contains(body, tt.says) || !strings.Contains(body, "All incidents") {
			t.Errorf("%s %s doesn't say %q to somebody signed in", tt.method, tt.path, tt.says)
		}
	}
}

func TestALongRecordIsSentSmall(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Lena Falk")
	_, plain := v.get("/incidents") // repeats what was searched for, so it is sent as it is
	for path, want := range map[string]string{fmt.Sprintf("/incidents/%d", in.billing): "gzip", "/incidents": ""} {
		r, err := http.NewRequest(http.MethodGet, v.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", "gzip") // by hand, so that the client leaves it packed
		if res, _ := v.do(r, nil); res.Header.Get("Content-Encoding") != want {
			t.Errorf("GET %s is sent as %q, want %q", path, res.Header.Get("Content-Encoding"), want)
		}
	}
	if !strings.Contains(plain, "<h1>") {
		t.Error("the list can't be read")
	}
}

func TestTheListNarrowsAndTurnsPages(t *testing.T) {
	t.Parallel()
	in := installed(t)
	by := storetest.Person(t, in.store, "Filer", incident.Responder)
	for i := range perPage {
		record := new(incident.Incident)
		record.Title, record.Severity, record.Tags = fmt.Sprintf("Outage number %03d", i), incident.SEV3, []string{"pages"}
		in.file(t, by, record)
	}
	v := in.as(t, "Lena Falk")
	_, first := v.get("/incidents")
	if !strings.Contains(first, "Outage number 049") || strings.Contains(first, "Redis master") || !strings.Contains(first, ">Next page<") {
		t.Error("the first page must hold the newest, lead to older ones and leave the oldest for later")
	}
	_, rest, _ := strings.Cut(first, `rel="next" href="`)
	older, _, _ := strings.Cut(rest, `"`)
	_, second := v.get(strings.ReplaceAll(older, "&amp;", "&"))
	if !strings.Contains(second, "Redis master") || strings.Contains(second, "Outage number 049") || !strings.Contains(second, `href="/incidents">First page<`) {
		t.Error("the second page must hold the oldest and lead back to the newest")
	}
	for query, want := range map[string]bool{
		"severity=sev1": true, "severity=sev3": false, "tag=redis": true, "tag=pages": false, "status=resolved": true,
		"q=Redis": true, "q=unheardof": false, "kind=maintenance": false, "review=draft&severity=sev1": true,
		"component=payments": true, "component=nothing": false, "from=2013-07-18&sort=started": true, "to=2013-07-18": false, "from=2013-07-18&to=2013-07-19": true,
		"status=open": false, "status=open&sort=number": false, "sort=started": true,
	} {
		if _, body := v.get("/incidents?" + query); strings.Contains(body, "Redis master restart") != want {
			t.Errorf("GET /incidents?%s shows the billing incident: %v, want %v", query, !want, want)
		}
	}
	if _, body := v.get("/incidents?q=unheardof"); !strings.Contains(body, "No incident fits") {
		t.Error("a list that nothing fits doesn't say so")
	}
	for _, query := range []string{
		"cursor=nonsense", "cursor=%00", "status=foo", "severity=sev9", "kind=x", "review=x", "sort=x", "from=yesterday", "to=2013-07-18T09:42:00Z", "q=%00", "q=%ff", "tag=%00",
		"q=" + strings.Repeat("x", 501), "q=a;b", "%zz",
	} {
		if res, _ := v.get("/incidents?" + query); res.StatusCode != http.StatusBadRequest && res.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("GET /incidents?%.40s = %d, want a refusal", query, res.StatusCode)
		}
	}
}

func TestFaultsAreLoggedAndNotShown(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Lena Falk")
	in.store.Close()
	res, body := v.get("/incidents")
	if res.StatusCode != http.StatusInternalServerError || !strings.Contains(body, "Something broke on our side") {
		t.Errorf("GET /incidents without a database = %d, want 500 with a page", res.StatusCode)
	}
	if strings.Contains(body, "pool") || !strings.Contains(in.log.String(), "pool") {
		t.Errorf("the fault must be in the log and not on the page; log: %s", in.log.String())
	}
	_, rest, _ := strings.Cut(body, `rel="stylesheet" href="`)
	style, _, _ := strings.Cut(rest, `"`)
	r, err := http.NewRequest(http.MethodGet, v.url+style, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Cookie", "debrief=debrief_unheardof") // nobody remembers who that is
	if res, _ := in.visitor(t).do(r, nil); res.StatusCode != http.StatusOK {
		t.Errorf("GET %s = %d without a database: the page about it has no style", style, res.StatusCode)
	}
}

func TestReadersWhoGoAwayAreNoFault(t *testing.T) {
	t.Parallel()
	var log safeBuffer
	s := newSite(Options{Store: storetest.New(t), Log: slog.New(slog.NewTextHandler(&log, nil))})
	ctx, leave := context.WithCancel(t.Context())
	leave()
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/incidents", nil)
	r.Header.Set("Cookie", "debrief=debrief_unheardof")
	s.routes().ServeHTTP(httptest.NewRecorder(), r)
	if text := log.String(); text != "" {
		t.Errorf("the log says %s", text)
	}
}
