package api_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

func TestAnAddressIsTheSameHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Responder).unchecked()
	ada.file(`{"title":"Disk full","timeline":[{"text":"Full."}]}`)
	for _, path := range []string{"/incidents/1", "/incidents/INC-1", "/incidents/inc-1", "/incidents/INC%2D1", "/%69ncidents/%31", "/incidents/001", "/incidents/1/%74imeline", "/incidents?limit=%31"} {
		ada.call("GET", path, "").must(200)
		ada.call("HEAD", path, "").must(200)
	}
	for path, status := range map[string]int{"/incidents/1/": 404, "/incidents/1%2F": 400, "/incidents/1%2Ftimeline": 400, "/incidents/INC-": 400, "/incidents/+1": 400, "/incidents/-1": 400, "/incidents/0": 400, "/incidents/1.0": 400} {
		ada.call("GET", path, "").problem(status)
	}
}

func TestAQueryIsUnderstoodInOneWayOrNotAtAll(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Responder).unchecked()
	ada.file(`{"title":"Disk full","status":"resolved","impacts":[{"component":"a;b"}]}`)
	for _, query := range []string{"q=&status=&severity=&component=&tag=&review=&from=&to=&sort=&limit=&cursor=", "component=a%3Bb", "status=resolved"} {
		if page := into[store.Page[incident.Heading]](ada.call("GET", "/incidents?"+query, "").must(200)); len(page.Items) != 1 {
			t.Errorf("GET /incidents?%s gives %d incidents, want 1", query, len(page.Items))
		}
	}
	if p := ada.call("GET", "/incidents?status=resolved&status=monitoring", "").problem(400); !names(p, "status") {
		t.Errorf("a parameter twice is refused with %+v, want status named", p)
	}
	for _, query := range []string{"component=a;b", "tag=x&q=%zz"} {
		ada.call("GET", "/incidents?"+query, "").problem(400)
	}
	if p := ada.call("GET", "/incidents?limit=0", "").problem(400); !strings.HasPrefix(p.Detail, "limit: ") {
		t.Errorf("limit=0 is refused with %q, want limit named", p.Detail)
	}
}

func TestTimesInAnAddressAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Responder)
	ada.file(`{"title":"x","milestones":{"started":"2013-07-18T09:42:00Z"}}`)
	for from, want := range map[string]int{
		"2013-07-18": 1, "2013-07-19": 0, "2013-07-18T09:42:00Z": 1, "2013-07-18T09:42:01Z": 0, "2013-07-18T09:42Z": 1, "2013-07-18t09:42:00z": 1,
		"2013-07-18T11:42:00%2B02:00": 1, "2013-07-18T11:42:00+02:00": 1, "2013-07-18T11:43+02:00": 0, "2013-07-18T02:42:00-07:00": 1, "2013-07-18T09:42:00.5Z": 0,
	} {
		if page := into[store.Page[incident.Heading]](ada.call("GET", "/incidents?from="+from, "").must(200)); len(page.Items) != want {
			t.Errorf("from %s there are %d incidents, want %d", from, len(page.Items), want)
		}
	}
	for _, from := range []string{"2013-07-18T09:42", "2013-07-18%2009:42", "2013-07-18T09:42:60Z", "2013-02-30", "18.7.2013", "07/18/2013", "2013-07", "now", "1374140520", "%2B02:00"} {
		if p := ada.call("GET", "/incidents?from="+from, "").problem(400); !names(p, "from") {
			t.Errorf("from %s is refused with %+v, want from named", from, p)
		}
	}
}

func TestFollowingChangesComesToAnEnd(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Responder)
	for range 3 {
		ada.file(`{"title":"x"}`)
	}
	for len(into[store.Page[store.Change]](ada.call("GET", "/changes", "").must(200)).Items) < 3 {
		time.Sleep(10 * time.Millisecond) // the feed waits for older transactions of the tests beside this one
	}
	pages, last := 0, ""
	for path := "/changes?limit=2"; path != ""; pages++ {
		page := ada.call("GET", path, "").must(200)
		last = into[store.Page[store.Change]](page).Next
		if path = nextOf(t, page); pages > 5 {
			t.Fatalf("after %d pages there is still a next", pages)
		}
	}
	if last == "" {
		t.Error("the last page does not say where to go on later")
	}
}

func TestContentTypesAndCodings(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Responder).unchecked()
	for header, status := range map[string]int{
		"Content-Type: application/json; charset=utf-8": 201, "Content-Type: APPLICATION/Json": 201, "Content-Type: ": 201, "Content-Encoding: identity": 201,
		"Content-Type: text/plain": 415, "Content-Type: application/merge-patch+json": 415, "Content-Type: application/json, text/plain": 415, "Content-Encoding: gzip": 415,
	} {
		ada.call("POST", "/incidents", `{"title":"x"}`, header).must(status)
	}
	for kind, status := range map[string]int{"application/merge-patch+json; charset=utf-8": 200, "Application/Merge-Patch+JSON": 200, "application/json": 200, "application/json-patch+json": 415} {
		got := ada.call("PATCH", "/incidents/1", `{"summary":"x"}`, "If-Match: *", "Content-Type: "+kind).must(status)
		if status == 415 && !strings.Contains(got.header.Get("Accept-Patch"), "application/merge-patch+json") {
			t.Errorf("415 accepts %q, want a merge patch", got.header.Get("Accept-Patch"))
		}
	}
	for _, accept := range []string{"application/json", "text/html", "*/*;q=0.1", "none at all"} {
		if got := ada.call("GET", "/incidents/1", "", "Accept: "+accept).must(200); got.header.Get("Content-Type") != "application/json" {
			t.Errorf("who accepts %s gets %s", accept, got.header.Get("Content-Type"))
		}
	}
}

func TestAMebibyteFitsAndOneByteMoreDoesNot(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Responder)
	for size, status := range map[int]int{1 << 20: 201, 1<<20 + 1: 413, 3 << 20: 413} {
		body := `{"title":"x"}` + strings.Repeat(" ", size-len(`{"title":"x"}`))
		for _, chunked := range []bool{false, true} {
			var reader io.Reader = strings.NewReader(body)
			if chunked {
				reader = io.MultiReader(reader) // whose length nobody knows
			}
			req, err := http.NewRequestWithContext(t.Context(), "POST", ada.h.url+"/api/v1/incidents", reader)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer "+ada.token)
			got := send(t, http.DefaultClient, req).must(status)
			if status == 413 && !strings.Contains(got.problem(413).Detail, "at most 1 MiB") {
				t.Errorf("%d bytes, chunked %v: %s", size, chunked, got.text)
			}
		}
	}
}

func TestMethodsThatAreNowhereKnown(t *testing.T) {
	t.Parallel()
	h := serve(t)
	for path, allow := range map[string]string{"/api/v1/incidents/1": "GET, HEAD, PATCH, DELETE", "/api/v1/imports": "POST", "/healthz": "GET, HEAD"} {
		for _, method := range []string{"PUT", "OPTIONS", "BREW"} {
			got := h.plain(method, path)
			got.problem(405)
			if got.header.Get("Allow") != allow {
				t.Errorf("%s %s allows %q, want %q", method, path, got.header.Get("Allow"), allow)
			}
		}
	}
	h.plain("BREW", "/api/v1/coffee").problem(404)
}
