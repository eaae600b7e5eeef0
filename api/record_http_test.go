package api_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
)

func TestARecordComesBackAsItWasPosted(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Responder)
	posted := golden(t, "record.json")
	made := ada.call("POST", "/incidents", posted).must(201)
	in := into[incident.Incident](made)
	if want := fmt.Sprintf("/api/v1/incidents/%d", int64(in.Number)); made.header.Get("Location") != want {
		t.Errorf("Location = %q, want %q", made.header.Get("Location"), want)
	}
	for _, address := range []string{in.Number.String(), strings.ToLower(in.Number.String()), fmt.Sprint(int64(in.Number))} {
		got := ada.call("GET", "/incidents/"+address, "").must(200)
		if got.header.Get("ETag") != made.header.Get("ETag") {
			t.Errorf("GET %s has the ETag %s, want %s", address, got.header.Get("ETag"), made.header.Get("ETag"))
		}
		var want, have any
		if json.Unmarshal([]byte(posted), &want) != nil || json.Unmarshal([]byte(got.text), &have) != nil {
			t.Fatal("no JSON")
		}
		for _, lost := range missing("", want, have) {
			t.Errorf("GET %s: %s", address, lost)
		}
	}
	t.Run("and what was read may be posted again", func(t *testing.T) {
		text := ada.in(t).call("GET", "/incidents/"+in.Number.String(), "").must(200).text
		copied := into[incident.Incident](ada.in(t).call("POST", "/incidents", text).must(201))
		if copied.Number == in.Number || copied.Title != in.Title || len(copied.Timeline) != len(in.Timeline) {
			t.Errorf("the copy is %s %q with %d entries", copied.Number, copied.Title, len(copied.Timeline))
		}
	})
}

// missing lists what was posted and did not come back as it was.
func missing(at string, want, have any) []string {
	switch want := want.(type) {
	case map[string]any:
		h, ok := have.(map[string]any)
		if !ok {
			return []string{fmt.Sprintf("%s is %v, want an object", at, have)}
		}
		var lost []string
		for key, value := range want {
			if _, ok := h[key]; !ok && value != nil {
				lost = append(lost, at+"/"+key+" is gone")
			} else {
				lost = append(lost, missing(at+"/"+key, value, h[key])...)
			}
		}
		return lost
	case []any:
		h, ok := have.([]any)
		if !ok || len(h) != len(want) {
			return []string{fmt.Sprintf("%s is %v, want %v", at, have, want)}
		}
		var lost []string
		for i := range want {
			lost = append(lost, missing(fmt.Sprintf("%s/%d", at, i), want[i], h[i])...)
		}
		return lost
	}
	if !reflect.DeepEqual(want, have) {
		return []string{fmt.Sprintf("%s is %v, want %v", at, have, want)}
	}
	return nil
}

func TestOddOrdersOfTimeAreKeptWithAWarning(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Responder)
	in := ada.file(`{"title":"x","milestones":{"started":"2013-07-18T10:00:00Z","detected":"2013-07-18T09:00:00Z"}}`)
	if len(in.Warnings) == 0 {
		t.Error("detection before the start gives no warning")
	}
	if in.Measures == nil || in.Measures.TimeToDetect == nil || *in.Measures.TimeToDetect != -3600 {
		t.Errorf("measures are %+v, want minus an hour to detect", in.Measures)
	}
}

func TestWhatHappensNowHappensInTheHomeZone(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Responder)
	ada.file(`{"title":"x","zone":"Europe/Berlin"}`)
	at := into[incident.Incident](ada.call("POST", "/incidents/1/status", `{"to":"resolved"}`).must(200)).Milestones.Resolved
	if at == nil || at.Zone != "Europe/Berlin" || at.Precision != incident.Second || at.At.Nanosecond() != 0 {
		t.Errorf("resolved is %+v, want a second in Europe/Berlin", at)
	}
}

func TestTenThousandEntriesInOneCall(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Responder)
	in := ada.file(`{"title":"x"}`)
	body := "[" + strings.Repeat(`{"text":"t"},`, 9_999) + `{"text":"t"}]`
	kept := into[[]incident.Entry](ada.call("POST", fmt.Sprintf("/incidents/%d/timeline", int64(in.Number)), body).must(201))
	if len(kept) != 10_000 || kept[9_999].ID == "" {
		t.Errorf("%d entries were kept, want 10000", len(kept))
	}
}

func TestListsGoOnWhereTheyEnded(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Responder)
	for i := range 5 {
		ada.file(fmt.Sprintf(`{"title":"Number %d"}`, i))
	}
	var titles []string
	for path := "/incidents?limit=2&kind=incident"; path != ""; {
		page := ada.call("GET", path, "").must(200)
		list := into[struct {
			Items []incident.Heading `json:"items"`
			Next  string             `json:"next"`
		}](page)
		for _, in := range list.Items {
			titles = append(titles, in.Title)
		}
		path = nextOf(t, page)
		if (path == "") != (list.Next == "") {
			t.Errorf("Link is %q, next %q", path, list.Next)
		}
	}
	if want := "Number 4,Number 3,Number 2,Number 1,Number 0"; strings.Join(titles, ",") != want {
		t.Errorf("the pages hold %v, want %s", titles, want)
	}
}

// nextOf reads the address of the next page out of the Link header.
func nextOf(t *testing.T, a answer) string {
	t.Helper()
	link := a.header.Get("Link")
	if link == "" {
		return ""
	}
	address, rel, _ := strings.Cut(strings.TrimPrefix(link, "<"), ">; ")
	u, err := url.Parse(address)
	if err != nil || rel != `rel="next"` {
		t.Fatalf("Link = %s", link)
	}
	return strings.TrimPrefix(u.RequestURI(), "/api/v1")
}

func TestACursorThatIsNotOursIsRefused(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Responder)
	ada.file(`{"title":"x","actions":[{"title":"a"}],"messages":[{"channel":"blog","body":"b"}]}`)
	cursor := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	ada.call("GET", "/actions?cursor="+cursor(`{"l":"actions","k":["2013-07-18",1,"abcdefghijkl"]}`), "").must(200)
	ada.call("GET", "/changes?cursor="+cursor(`{"l":"changes","k":["7",1,1]}`), "").must(200)
	for _, c := range []struct{ path, text string }{
		{"/incidents", `{"l":"number","k":[7]}`}, {"/incidents?sort=number", `{"l":"-number","k":[7]}`}, {"/incidents", `{"l":"-number","k":["seven"]}`},
		{"/incidents", `{"l":"-number","k":[7,8]}`}, {"/incidents", `{"l":"-number","k":[null]}`}, {"/incidents", `{"l":"-number","k":[1e99]}`}, {"/incidents", `[]`}, {"/incidents", `xyz`},
		{"/incidents?sort=-started", `{"l":"-started","k":["yesterday",7]}`}, {"/incidents?sort=updated", `{"l":"updated","k":[7,"2013-07-18T09:42:00Z"]}`},
		{"/actions", `{"l":"actions","k":["someday",1,"abcdefghijkl"]}`}, {"/actions", `{"l":"actions","k":["2013-02-30",1,"abcdefghijkl"]}`}, {"/actions", `{"l":"actions","k":["infinity",1,"\u0000"]}`},
		{"/messages", `{"l":"messages","k":[1,"\u0000"]}`}, {"/messages", `{"l":"actions","k":["2013-07-18",1,"abcdefghijkl"]}`},
		{"/changes", `{"l":"changes","k":["seven",1,1]}`}, {"/changes", `{"l":"changes","k":["-7",1,1]}`}, {"/changes", `{"l":"changes","k":["99999999999999999999",1,1]}`},
		{"/incidents/1/history", `{"l":"changes","k":["7",1,1]}`}, {"/search?q=x", `{"l":"-number","k":[7]}`},
	} {
		path, query, _ := strings.Cut(c.path, "?")
		if p := ada.call("GET", path+"?cursor="+cursor(c.text)+"&"+query, "").problem(400); !names(p, "cursor") {
			t.Errorf("GET %s after %s is refused with %+v, want the cursor named", c.path, c.text, p)
		}
	}
	ada.call("GET", "/incidents?cursor=%20", "").problem(400)
	ada.call("GET", "/incidents?cursor="+cursor(`{"l":"-number","k":[7]}`)+"==", "").problem(400)
}
