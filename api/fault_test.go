package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/api"
	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestAFaultIsLoggedOnceAndShownToNobody(t *testing.T) {
	t.Parallel()
	address := storetest.URL(t)
	h := serveOn(t, storetest.Open(t, address))
	ada := h.as("Ada", incident.Admin)
	ada.file(`{"title":"Disk full"}`)
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	if _, err := conn.Exec(t.Context(), `alter table incidents rename to hidden_table`); err != nil {
		t.Fatal(err)
	}
	for _, call := range [][3]string{
		{"GET", "/incidents/1", ""}, {"GET", "/incidents", ""}, {"GET", "/search?q=disk", ""}, {"GET", "/incidents/1/timeline", ""},
		{"POST", "/incidents", `{"title":"x"}`}, {"POST", "/incidents/1/timeline", `{"text":"x"}`}, {"GET", "/incidents/1/export", ""},
	} {
		got := ada.call(call[0], call[1], call[2])
		p := got.problem(500)
		for _, inner := range []string{"incidents\"", "hidden", "relation", "SQL", "42P01", "pgx", "store", "select"} {
			if strings.Contains(got.text, inner) {
				t.Errorf("%s %s shows %q: %s", call[0], call[1], inner, got.text)
			}
		}
		logged := strings.Count(h.log.String(), "request_id="+p.Instance+" ")
		if logged != 1 || !strings.Contains(h.log.String(), "does not exist") {
			t.Errorf("%s %s: %d lines of the log hold %s, want 1: %s", call[0], call[1], logged, p.Instance, h.log)
		}
	}
}

func TestADatabaseThatIsGone(t *testing.T) {
	t.Parallel()
	h := serve(t)
	ada := h.as("Ada", incident.Admin)
	h.plain("GET", "/readyz").must(200)
	h.store.Close()
	ready := h.plain("GET", "/readyz")
	ready.problem(503)
	got := ada.call("GET", "/me", "")
	got.problem(500)
	if both := ready.text + got.text; strings.Contains(both, "closed") || strings.Contains(both, "pool") {
		t.Errorf("the answers say what broke: %s", both)
	}
	h.plain("GET", "/healthz").must(200)
	if strings.Contains(h.log.String(), ada.token) {
		t.Error("the log holds the token")
	}
}

func TestTheLogHoldsNoSecrets(t *testing.T) {
	t.Parallel()
	h := serve(t)
	ada := h.as("Ada", incident.Admin)
	made := ada.call("POST", "/tokens", `{"person":"Ada","name":"n"}`).must(201)
	if made.header.Get("Cache-Control") != "no-store" {
		t.Errorf("a new token may be kept: Cache-Control is %q", made.header.Get("Cache-Control"))
	}
	secret := into[api.NewToken](made).Secret
	list := ada.call("GET", "/tokens", "").must(200)
	wrong := h.plain("GET", "/api/v1/me", "Authorization: Bearer "+secret+"x")
	wrong.problem(401)
	for what, text := range map[string]string{"the log": h.log.String(), "the list of tokens": list.text, "a refusal": wrong.text} {
		if strings.Contains(text, secret) {
			t.Errorf("%s holds the secret: %s", what, text)
		}
	}
}

func TestRolesAndScopes(t *testing.T) {
	t.Parallel()
	h := serve(t)
	ada, vi := h.as("Ada", incident.Admin), h.as("Vi", incident.Viewer)
	in := ada.file(`{"title":"x"}`)
	path := fmt.Sprintf("/incidents/%d", int64(in.Number))
	vi.call("GET", path, "").must(200)
	vi.call("POST", "/incidents", `{"title":"x"}`).problem(403)
	vi.call("POST", path+"/timeline", `{"text":"x"}`).problem(403)
	vi.call("PATCH", path, `{"title":"y"}`, "If-Match: *").problem(403)
	vi.call("POST", "/people", `{"name":"Zoe","role":"admin"}`).problem(403)
	vi.call("POST", "/imports?format=markdown", "# x").problem(403)
	vi.call("POST", "/tokens", `{"person":"Ada"}`).problem(403)
	vi.call("POST", "/tokens", `{"person":"Vi","role":"admin"}`).problem(409)
	own := into[api.NewToken](vi.call("POST", "/tokens", `{"person":"Vi"}`).must(201))
	t.Run("a token that only reads writes nothing, not even tokens", func(t *testing.T) {
		reads := ada.in(t)
		reads.token = into[api.NewToken](ada.in(t).call("POST", "/tokens", `{"person":"Ada","scope":"read"}`).must(201)).Secret
		reads.call("GET", path, "").must(200)
		reads.call("POST", "/tokens", `{"person":"Ada"}`).problem(403)
		reads.call("DELETE", fmt.Sprintf("/tokens/%d", own.ID), "").problem(403)
		reads.call("POST", path+"/timeline", `{"text":"x"}`).problem(403)
	})
	for body, at := range map[string]string{`{"person":""}`: "/person", `{}`: "/person", `{"person":"Vi","expires":"2013-07-18T09:42:00Z"}`: "/expires"} {
		if p := ada.call("POST", "/tokens", body).problem(422); !names(p, at) {
			t.Errorf("POST /tokens %s names %+v, want %s", body, p.Errors, at)
		}
	}
}
