package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// edited is the JSON of an object with one key changed.
func edited(t *testing.T, text, key string, value any) string {
	t.Helper()
	var o map[string]any
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		t.Fatal(err)
	}
	o[key] = value
	out, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestWhatWasReadMayBeEditedAndSentBackWhole(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Responder)
	in := ada.file(golden(t, "record.json"))
	path := fmt.Sprintf("/incidents/%d", int64(in.Number))
	ada.call("POST", path+"/comments", `{"text":"A remark."}`).must(201)
	ada.call("POST", path+"/review", `{"move":"submit","reviewers":["Bo"]}`).must(200)
	read := ada.call("GET", path, "").must(200)
	sent := edited(t, read.text, "summary", "Edited.")
	got := into[incident.Incident](ada.call("PATCH", path, sent, "If-Match: "+read.header.Get("ETag")).must(200))
	if got.Summary != "Edited." || got.Revision != 2 || len(got.Timeline) != 2 || len(got.Comments) != 1 || len(got.Review.Reviewers) != 1 {
		t.Errorf("the record is %+v", got)
	}
	t.Run("but not with a part that was edited too", func(t *testing.T) {
		p := ada.in(t).call("PATCH", path, strings.Replace(sent, "On-call restarts", "Somebody restarts", 1), "If-Match: *").problem(422)
		if !names(p, "/timeline") {
			t.Errorf("the problem is %+v, want /timeline named", p)
		}
	})
	t.Run("nor with parts as they were before others came", func(t *testing.T) {
		ada.in(t).call("POST", path+"/impacts", `{"text":"One more."}`).must(201)
		if p := ada.in(t).call("PATCH", path, sent, `If-Match: "2"`).problem(422); !names(p, "/impacts") {
			t.Errorf("the problem is %+v, want /impacts named", p)
		}
	})
	for _, k := range incident.PartKinds {
		t.Run(string(k), func(t *testing.T) {
			ada := ada.in(t)
			record := into[incident.Incident](ada.call("GET", path, "").must(200))
			address := fmt.Sprintf("%s/%s/%s", path, k, record.Parts(k)[0].Head().ID)
			read := ada.call("GET", address, "").must(200)
			ada.call("PATCH", address, edited(t, read.text, "position", 7), "If-Match: "+read.header.Get("ETag")).must(200)
		})
	}
}

func TestAPatchNamesOnlyKeysThatThereAre(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Responder)
	in := ada.file(`{"title":"Disk full","timeline":[{"text":"Full."}]}`)
	record := fmt.Sprintf("/incidents/%d", int64(in.Number))
	entry := record + "/timeline/" + in.Timeline[0].ID
	for _, tt := range []struct{ path, patch, at string }{
		{record, `{"sommaire":null}`, "/sommaire"},
		{record, `{"milestones":{"begun":null}}`, "/milestones/begun"},
		{record, `{"analysis":{"cause":null}}`, "/analysis/cause"},
		{record, `{"related":[99999999999999999999]}`, "/related/0"},
		{entry, `{"txt":null}`, "/txt"},
		{record, `null`, ""}, {record, `[]`, ""}, {record, `7`, ""}, {entry, `null`, ""}, {entry, `"x"`, ""},
	} {
		p := ada.call("PATCH", tt.path, tt.patch, "If-Match: *").problem(422)
		if tt.at != "" && !names(p, tt.at) {
			t.Errorf("PATCH %s names %+v, want %s", tt.patch, p.Errors, tt.at)
		}
		if strings.Contains(p.Detail, "Go value") || strings.Contains(p.Detail, "map[") {
			t.Errorf("PATCH %s speaks of Go: %s", tt.patch, p.Detail)
		}
	}
}

func TestAnotherKindMayComeWithAnotherStatus(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Responder)
	ada.file(`{"title":"Disk change"}`)
	if p := ada.call("PATCH", "/incidents/1", `{"kind":"maintenance"}`, "If-Match: *").problem(422); !names(p, "/status") || !strings.Contains(p.Detail, "scheduled") {
		t.Errorf("the problem is %+v, want /status named with the choices", p)
	}
	got := into[incident.Incident](ada.call("PATCH", "/incidents/1", `{"kind":"maintenance","status":"verifying"}`, "If-Match: *").must(200))
	if got.Kind != incident.Maintenance || got.Status != incident.Verifying {
		t.Errorf("the record is a %s that is %s, want a maintenance that is verifying", got.Kind, got.Status)
	}
	ada.file(`{"title":"Disk full"}`)
	if p := ada.call("PATCH", "/incidents/2", `{"kind":"near_miss","status":"resolved"}`, "If-Match: *").problem(422); !names(p, "/status") {
		t.Errorf("a status that needed no other kind: %+v", p)
	}
}

func TestAPersonMayBeEditedAndSentBackWhole(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Admin)
	made := ada.call("POST", "/people", `{"name":"Cy","role":"viewer"}`).must(201)
	path := strings.TrimPrefix(made.header.Get("Location"), "/api/v1")
	read := ada.call("GET", path, "").must(200)
	if read.text != made.text {
		t.Errorf("%s holds %s, want %s", path, read.text, made.text)
	}
	ada.call("PATCH", path, edited(t, read.text, "role", "responder")).must(200)
	if got := into[store.Person](ada.call("PATCH", path, `{"disabled":true}`).must(200)); got.Role != incident.Responder || !got.Disabled || got.Name != "Cy" {
		t.Errorf("after two edits it is %+v", got)
	}
}
