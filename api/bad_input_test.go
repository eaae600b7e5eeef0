package api_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/api"
	"github.com/debriefhq/debrief/incident"
)

// bad is a request that must be refused.
type bad struct {
	name    string
	method  string // POST when ""
	path    string // {n} is an incident's number, {id} an entry's id
	body    string
	headers []string
	status  int
	at      string // a pointer or parameter among the errors; "" when none is needed
}

func TestBadInputIsRefusedWithAPointerAndANextStep(t *testing.T) {
	t.Parallel()
	h := serve(t)
	ada := h.as("Ada", incident.Admin)
	in := ada.file(`{"title":"Disk full","timeline":[{"text":"The disk was full."}]}`)
	fill := strings.NewReplacer("{n}", fmt.Sprint(int64(in.Number)), "{id}", in.Timeline[0].ID)
	for _, table := range [][]bad{badJSON(), badRecords(), badParts(), badMoves(), badHeaders(), badAddresses()} {
		for _, tt := range table {
			t.Run(tt.name, func(t *testing.T) {
				if tt.method == "" {
					tt.method = "POST"
				}
				p := ada.in(t).call(tt.method, fill.Replace(tt.path), tt.body, tt.headers...).problem(tt.status)
				if tt.at != "" && !names(p, tt.at) {
					t.Errorf("%s %s names %+v, want %s among them", tt.method, tt.path, p.Errors, tt.at)
				}
				if parameter := !strings.HasPrefix(tt.at, "/"); parameter && !strings.Contains(p.Detail, tt.at) {
					t.Errorf("%s %s says %q, want %s named: who reads the detail alone would not know where", tt.method, tt.path, p.Detail, tt.at)
				}
			})
		}
	}
	after := into[incident.Incident](ada.call("GET", fill.Replace("/incidents/{n}"), "").must(200))
	if after.Version != in.Version {
		t.Errorf("after all that was refused the record is at version %d, want %d", after.Version, in.Version)
	}
	if list, err := ada.Incidents(t.Context(), clientFilter()); err != nil || len(list.Items) != 1 {
		t.Errorf("after all that was refused there are %d incidents, %v, want 1", len(list.Items), err)
	}
}

func names(p api.Problem, at string) bool {
	for _, f := range p.Errors {
		if f.Pointer == at || f.Parameter == at {
			return f.Detail != ""
		}
	}
	return false
}

func badJSON() []bad {
	deep := strings.Repeat(`{"a":`, 40) + `1` + strings.Repeat(`}`, 40)
	return []bad{
		{name: "nothing at all", path: "/incidents", status: 400},
		{name: "broken JSON", path: "/incidents", body: `{"title":`, status: 400},
		{name: "more after the value", path: "/incidents", body: `{"title":"x"} {"title":"y"}`, status: 400},
		{name: "a key twice", path: "/incidents", body: `{"title":"x","title":"y"}`, status: 400},
		{name: "a key twice, deep inside", path: "/incidents", body: `{"title":"x","milestones":{"started":{"zone":"UTC","zone":"UTC"}}}`, status: 400},
		{name: "invalid UTF-8", path: "/incidents", body: "{\"title\":\"\xff\"}", status: 400},
		{name: "half a surrogate pair", path: "/incidents", body: `{"title":"\ud800"}`, status: 400},
		{name: "deep JSON", path: "/incidents/{n}", method: "PATCH", headers: []string{`If-Match: "1"`}, body: `{"analysis":` + deep + `}`, status: 400},
		{name: "NUL in a text", path: "/incidents", body: `{"title":"x\u0000y"}`, status: 422, at: "/title"},
		{name: "an array where one record is meant", path: "/incidents", body: `[{"title":"x"}]`, status: 422},
		{name: "null", path: "/incidents", body: `null`, status: 422},
		{name: "a word", path: "/incidents", body: `"x"`, status: 422},
	}
}

func badRecords() []bad {
	return []bad{
		{name: "no title", path: "/incidents", body: `{}`, status: 422, at: "/title"},
		{name: "an empty title", path: "/incidents", body: `{"title":" "}`, status: 422, at: "/title"},
		{name: "a long title", path: "/incidents", body: `{"title":"` + strings.Repeat("x", 201) + `"}`, status: 422, at: "/title"},
		{name: "an unknown field", path: "/incidents", body: `{"title":"x","titel":"y"}`, status: 422, at: "/titel"},
		{name: "a field in another case", path: "/incidents", body: `{"title":"x","Summary":"y"}`, status: 422, at: "/Summary"},
		{name: "an unknown field deep inside", path: "/incidents", body: `{"title":"x","timeline":[{"text":"t","at":{"zone":"UTC","precison":"minute"}}]}`, status: 422, at: "/timeline/0/at/precison"},
		{name: "a wrong type", path: "/incidents", body: `{"title":7}`, status: 422, at: "/title"},
		{name: "a wrong type in a list", path: "/incidents", body: `{"title":"x","tags":["a",7]}`, status: 422, at: "/tags/1"},
		{name: "a word that is not in the set", path: "/incidents", body: `{"title":"x","severity":"sev9"}`, status: 422, at: "/severity"},
		{name: "an unknown zone", path: "/incidents", body: `{"title":"x","zone":"Mars/Olympus"}`, status: 422, at: "/zone"},
		{name: "a moment in an unknown zone", path: "/incidents", body: `{"title":"x","timeline":[{"text":"t","at":{"at":"2013-07-18T09:42:00Z","zone":"PDT","precision":"minute"}}]}`, status: 422, at: "/timeline/0/at/zone"},
		{name: "a day that is none", path: "/incidents", body: `{"title":"x","milestones":{"started":"2013-02-30T00:00:00Z"}}`, status: 422, at: "/milestones/started"},
		{name: "a year out of range", path: "/incidents", body: `{"title":"x","milestones":{"started":"0001-01-01T00:00:00Z"}}`, status: 422},
		{name: "an instant that nobody knows precisely", path: "/incidents", body: `{"title":"x","milestones":{"started":{"at":null,"zone":"UTC","precision":"minute"}}}`, status: 422},
		{name: "two things wrong are both named", path: "/incidents", body: `{"title":"","severity":"bad"}`, status: 422, at: "/severity"},
		{name: "too many tags", path: "/incidents", body: `{"title":"x","tags":["` + strings.Repeat(`t","`, 60) + `t"]}`, status: 422},
		{name: "over a mebibyte", path: "/incidents", body: `{"title":"` + strings.Repeat("x", 1<<20) + `"}`, status: 413},
		{name: "an unknown form to import", path: "/imports?format=docx", body: "x", status: 400, at: "format"},
		{name: "no form to import", path: "/imports", body: "x", status: 400, at: "format"},
		{name: "an import of broken JSON", path: "/imports?format=json", body: "{", status: 400},
	}
}

func badParts() []bad {
	const timeline = "/incidents/{n}/timeline"
	return []bad{
		{name: "an entry without text", path: timeline, body: `{}`, status: 422, at: "/text"},
		{name: "the second of two entries", path: timeline, body: `[{"text":"a"},{"text":""}]`, status: 422, at: "/1/text"},
		{name: "the only one of an array", path: timeline, body: `[{"text":""}]`, status: 422, at: "/0/text"},
		{name: "an empty array", path: timeline, body: `[]`, status: 422},
		{name: "over 10,000 entries", path: timeline, body: `[` + strings.Repeat(`{"text":"t"},`, 10_000) + `{"text":"t"}]`, status: 422, at: "/10000"},
		{name: "evidence that is no entry", path: "/incidents/{n}/whys", body: `{"why":"w","evidence":["abcdefghijkl"]}`, status: 422, at: "/evidence/0"},
		{name: "a follow-up given up without a reason", path: "/incidents/{n}/actions", body: `{"title":"t","state":"not_doing"}`, status: 422, at: "/reason"},
		{name: "an unknown incident", path: "/incidents/4711/timeline", body: `{"text":"t"}`, status: 404},
		{name: "an unknown part", method: "PATCH", path: timeline + "/abcdefghijkl", body: `{"text":"t"}`, headers: []string{`If-Match: "1"`}, status: 404},
		{name: "no If-Match for a part", method: "PATCH", path: timeline + "/{id}", body: `{"text":"t"}`, status: 428},
		{name: "no If-Match to take a part out", method: "DELETE", path: timeline + "/{id}", status: 428},
		{name: "a stale If-Match for a part", method: "PATCH", path: timeline + "/{id}", body: `{"text":"t"}`, headers: []string{`If-Match: "7"`}, status: 412},
		{name: "a stale If-Match to take a part out", method: "DELETE", path: timeline + "/{id}", headers: []string{`If-Match: "7"`}, status: 412},
		{name: "a part's id", method: "PATCH", path: timeline + "/{id}", body: `{"id":"abcdefghijkl"}`, headers: []string{`If-Match: "1"`}, status: 422, at: "/id"},
		{name: "an unknown field of a part", method: "PATCH", path: timeline + "/{id}", body: `{"txt":"t"}`, headers: []string{`If-Match: "1"`}, status: 422, at: "/txt"},
		{name: "a text taken away", method: "PATCH", path: timeline + "/{id}", body: `{"text":null}`, headers: []string{`If-Match: "1"`}, status: 422, at: "/text"},
	}
}

func badMoves() []bad {
	return []bad{
		{name: "a status that there is not", path: "/incidents/{n}/status", body: `{"to":"solved"}`, status: 422, at: "/to"},
		{name: "a status of maintenance", path: "/incidents/{n}/status", body: `{"to":"verifying"}`, status: 409},
		{name: "a duplicate of nothing", path: "/incidents/{n}/status", body: `{"to":"resolved","resolution":"duplicate"}`, status: 422, at: "/duplicate_of"},
		{name: "publishing a draft", path: "/incidents/{n}/review", body: `{"move":"publish"}`, status: 409},
		{name: "a step of review that there is not", path: "/incidents/{n}/review", body: `{"move":"bless"}`, status: 422, at: "/move"},
		{name: "a step of review on what changed", path: "/incidents/{n}/review", body: `{"move":"submit"}`, headers: []string{`If-Match: "9.9"`}, status: 412},
		{name: "a move of what changed", path: "/incidents/{n}/status", body: `{"to":"identified"}`, headers: []string{`If-Match: "9.9"`}, status: 412},
		{name: "status by patch", method: "PATCH", path: "/incidents/{n}", body: `{"status":"resolved"}`, headers: []string{`If-Match: "1"`}, status: 422, at: "/status"},
		{name: "the timeline by patch", method: "PATCH", path: "/incidents/{n}", body: `{"timeline":[]}`, headers: []string{`If-Match: "1"`}, status: 422, at: "/timeline"},
		{name: "the title taken away", method: "PATCH", path: "/incidents/{n}", body: `{"title":null}`, headers: []string{`If-Match: "1"`}, status: 422, at: "/title"},
		{name: "an unknown field by patch", method: "PATCH", path: "/incidents/{n}", body: `{"titel":"x"}`, headers: []string{`If-Match: "1"`}, status: 422, at: "/titel"},
		{name: "a patch that is no object", method: "PATCH", path: "/incidents/{n}", body: `[]`, headers: []string{`If-Match: "1"`}, status: 422},
		{name: "a person's name twice", path: "/people", body: `{"name":"ADA","role":"viewer"}`, status: 409},
		{name: "an unknown role", path: "/people", body: `{"name":"Zoe","role":"boss"}`, status: 422, at: "/role"},
		{name: "an unknown scope", path: "/tokens", body: `{"person":"Ada","scope":"all"}`, status: 422, at: "/scope"},
		{name: "a person's name changed", method: "PATCH", path: "/people/1", body: `{"name":"Zoe"}`, status: 422, at: "/name"},
		{name: "a person without a role", method: "PATCH", path: "/people/1", body: `{"role":null}`, status: 422, at: "/role"},
		{name: "a key that no person has", method: "PATCH", path: "/people/1", body: `{"rule":null}`, status: 422, at: "/rule"},
		{name: "a person who is unknown", method: "GET", path: "/people/4711", status: 404},
		{name: "an unknown person", method: "PATCH", path: "/people/4711", body: `{"role":"viewer"}`, status: 404},
		{name: "an unknown token", method: "DELETE", path: "/tokens/4711", status: 404},
	}
}

func badHeaders() []bad {
	const record = `{"title":"x"}`
	return []bad{
		{name: "no If-Match", method: "PATCH", path: "/incidents/{n}", body: record, status: 428},
		{name: "no If-Match to archive", method: "DELETE", path: "/incidents/{n}", status: 428},
		{name: "a stale If-Match", method: "PATCH", path: "/incidents/{n}", body: record, headers: []string{`If-Match: "9.1"`}, status: 412},
		{name: "a stale If-Match to archive", method: "DELETE", path: "/incidents/{n}", headers: []string{`If-Match: "9"`}, status: 412},
		{name: "a failing If-Match of a GET", method: "GET", path: "/incidents/{n}", headers: []string{`If-Match: "9.9"`}, status: 412},
		{name: "a document of nothing", path: "/imports?format=markdown", body: " \n", headers: []string{"Content-Type: text/markdown"}, status: 400},
		{name: "an If-Match that was never given", method: "PATCH", path: "/incidents/{n}", body: record, headers: []string{`If-Match: "0.0"`}, status: 412, at: "If-Match"},
		{name: "an If-Match of somebody else's making", method: "DELETE", path: "/incidents/{n}", headers: []string{`If-Match: "3f80f-1b6-3e1cb03b"`}, status: 412, at: "If-Match"},
		{name: "an If-Match of a part that was never given", method: "PATCH", path: "/incidents/{n}/timeline/{id}", body: `{"text":"t"}`, headers: []string{`If-Match: "x"`}, status: 412, at: "If-Match"},
		{name: "an If-Match of several", method: "DELETE", path: "/incidents/{n}", headers: []string{`If-Match: "1.1", "1.2"`}, status: 400, at: "If-Match"},
		{name: "an If-Match that is none", method: "PATCH", path: "/incidents/{n}", body: record, headers: []string{`If-Match: seven`}, status: 400, at: "If-Match"},
		{name: "a form", path: "/incidents", body: "title=x", headers: []string{"Content-Type: application/x-www-form-urlencoded"}, status: 415},
		{name: "XML", path: "/incidents", body: "<x/>", headers: []string{"Content-Type: text/xml"}, status: 415},
		{name: "a packed body", path: "/incidents", body: record, headers: []string{"Content-Encoding: gzip"}, status: 415},
		{name: "a key that is too long", path: "/incidents", body: record, headers: []string{"Idempotency-Key: " + strings.Repeat("k", 256)}, status: 400, at: "Idempotency-Key"},
		{name: "a key of other letters", path: "/incidents", body: record, headers: []string{"Idempotency-Key: schlüssel"}, status: 400, at: "Idempotency-Key"},
	}
}

func badAddresses() []bad {
	return []bad{
		{name: "a number that is none", method: "GET", path: "/incidents/forty", status: 400, at: "number"},
		{name: "an unknown number", method: "GET", path: "/incidents/4711", status: 404},
		{name: "a huge number", method: "GET", path: "/incidents/99999999999999999999", status: 400, at: "number"},
		{name: "no limit at all", method: "GET", path: "/incidents?limit=0", status: 400, at: "limit"},
		{name: "a limit over 200", method: "GET", path: "/incidents?limit=201", status: 400, at: "limit"},
		{name: "a limit that is a word", method: "GET", path: "/incidents?limit=ten", status: 400, at: "limit"},
		{name: "a cursor that we did not make", method: "GET", path: "/incidents?cursor=xyz", status: 400},
		{name: "a cursor of changes that we did not make", method: "GET", path: "/changes?cursor=xyz", status: 400},
		{name: "a time that is none", method: "GET", path: "/incidents?from=yesterday", status: 400, at: "from"},
		{name: "an unknown status", method: "GET", path: "/incidents?status=open", status: 400, at: "status"},
		{name: "a filter that there is not", method: "GET", path: "/incidents?sevrity=sev1", status: 400, at: "sevrity"},
		{name: "an unknown order", method: "GET", path: "/incidents?sort=title", status: 400, at: "sort"},
		{name: "NUL in the address", method: "GET", path: "/search?q=%00", status: 400},
		{name: "bytes that are no text", method: "GET", path: "/search?q=%ff", status: 400},
		{name: "NUL in an id", method: "GET", path: "/incidents/{n}/timeline/%00", status: 400},
		{name: "a search for nothing", method: "GET", path: "/search", status: 400, at: "q"},
		{name: "an unknown form", method: "GET", path: "/incidents/{n}/export?format=docx", status: 400, at: "format"},
		{name: "an unknown audience", method: "GET", path: "/incidents/{n}/export?audience=press", status: 400, at: "audience"},
		{name: "a form for outsiders for the team", method: "GET", path: "/incidents/{n}/export?format=pelican&audience=internal", status: 400, at: "audience"},
		{name: "an unknown zone to show", method: "GET", path: "/incidents/{n}/export?zone=Mars/Olympus", status: 400, at: "zone"},
	}
}

func TestWhoSendsFarTooMuchStillHearsWhy(t *testing.T) {
	t.Parallel()
	h := serve(t)
	ada := h.as("Ada", incident.Responder)
	for name, of := range map[string]struct {
		path   string
		bytes  int64
		hidden bool
		token  string
		status int
	}{
		"twenty times a record":             {"/incidents", 20 << 20, false, ada.token, 413},
		"and no length was told":            {"/incidents", 20 << 20, true, ada.token, 413},
		"a document of one byte too many":   {"/imports?format=markdown", 64<<20 + 1, false, ada.token, 413},
		"a document from who is unknown":    {"/imports?format=markdown", 20 << 20, false, "nobody", 401},
		"a record for where there are none": {"/nothing", 20 << 20, false, ada.token, 404},
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		req, err := http.NewRequestWithContext(t.Context(), "POST", h.url+"/api/v1"+of.path, io.LimitReader(endless{}, of.bytes))
		if err != nil {
			t.Fatal(err)
		}
		if !of.hidden {
			req.ContentLength = of.bytes
		}
		req.Header.Set("Authorization", "Bearer "+of.token)
		req.Header.Set("Content-Type", "application/json")
		if err := req.Write(conn); err != nil { // as clients do that send all before they read
			t.Errorf("%s: sending broke off: %v", name, err)
			continue
		}
		resp, err := http.ReadResponse(bufio.NewReader(conn), req)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if resp.StatusCode != of.status {
			t.Errorf("%s: %s, want %d", name, resp.Status, of.status)
		}
		_ = resp.Body.Close()
		_ = conn.Close()
	}
}

// endless reads x for ever.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}
