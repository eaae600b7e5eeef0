package api_test

import (
	"fmt"
	"testing"

	"github.com/debriefhq/debrief/incident"
)

func TestTwentyRacingPostsWithOneKeyMakeOneIncident(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Responder)
	answers := make([]answer, 20)
	race(20, func(i int) error {
		answers[i] = ada.call("POST", "/incidents", `{"title":"Disk full"}`, "Idempotency-Key: one")
		return nil
	})
	number := into[incident.Incident](answers[0].must(201)).Number
	anew := 0
	for _, a := range answers {
		if in := into[incident.Incident](a.must(201)); in.Number != number || a.header.Get("Location") != fmt.Sprintf("/api/v1/incidents/%d", int64(number)) {
			t.Errorf("an answer is %s at %s, want %s", in.Number, a.header.Get("Location"), number)
		}
		if a.header.Get("Idempotent-Replayed") == "" {
			anew++
		}
	}
	if anew != 1 {
		t.Errorf("%d answers say that they are no replay, want 1", anew)
	}
	if list, err := ada.Incidents(t.Context(), clientFilter()); err != nil || len(list.Items) != 1 {
		t.Errorf("there are %d incidents, %v, want 1", len(list.Items), err)
	}
}

func TestAKeyStandsForOneRequest(t *testing.T) {
	t.Parallel()
	h := serve(t)
	ada, bo := h.as("Ada", incident.Admin), h.as("Bo", incident.Responder)
	in := ada.file(`{"title":"Disk full"}`)
	path := fmt.Sprintf("/incidents/%d", int64(in.Number))
	for _, post := range []struct{ path, body, other string }{
		{path + "/timeline", `{"text":"a"}`, `{"text":"b"}`},
		{path + "/actions", `[{"title":"a"},{"title":"b"}]`, `{"title":"b"}`},
		{path + "/status", `{"to":"identified"}`, `{"to":"resolved"}`},
		{path + "/review", `{"move":"submit"}`, `{"move":"withdraw"}`},
		{"/people", `{"name":"Cy","role":"viewer"}`, `{"name":"Di","role":"viewer"}`},
		{"/incidents", `{"title":"x"}`, `{"title":"y"}`},
		{"/imports?format=markdown", "# One\n", "# Two\n"},
	} {
		t.Run(post.path, func(t *testing.T) {
			key := "Idempotency-Key: key of " + post.path
			first := ada.in(t).call("POST", post.path, post.body, key)
			if first.status >= 300 {
				t.Fatalf("POST %s = %d: %s", post.path, first.status, first.text)
			}
			again := ada.in(t).call("POST", post.path, post.body, key).must(first.status)
			if was, is := first.header.Get("Idempotent-Replayed"), again.header.Get("Idempotent-Replayed"); was != "" || is != "true" {
				t.Errorf("POST %s: Idempotent-Replayed is %q, then %q, want none, then true", post.path, was, is)
			}
			if again.header.Get("ETag") != first.header.Get("ETag") {
				t.Errorf("POST %s again made another: %s, %s", post.path, first.header.Get("ETag"), again.header.Get("ETag"))
			}
			ada.in(t).call("POST", post.path, post.other, key).problem(422)
		})
	}
	t.Run("and for none while it is refused", func(t *testing.T) {
		ada.in(t).call("POST", path+"/timeline", `{"text":""}`, "Idempotency-Key: refused").problem(422)
		if got := ada.in(t).call("POST", path+"/impacts", `{"text":"Slow."}`, "Idempotency-Key: refused").must(201); got.header.Get("Idempotent-Replayed") != "" {
			t.Error("the first request that was done says that it was done before")
		}
	})
	t.Run("but a secret is told once", func(t *testing.T) {
		const key = "Idempotency-Key: token"
		ada.in(t).call("POST", "/tokens", `{"person":"Ada"}`, key).must(201)
		ada.in(t).call("POST", "/tokens", `{"person":"Ada"}`, key).problem(409)
		ada.in(t).call("POST", "/tokens", `{"person":"Bo"}`, key).problem(422)
	})
	t.Run("and for one person", func(t *testing.T) {
		ada.in(t).call("POST", path+"/timeline", `{"text":"mine"}`, "Idempotency-Key: k").must(201)
		bo.in(t).call("POST", path+"/timeline", `{"text":"mine, too"}`, "Idempotency-Key: k").must(201)
	})
	if entries, err := ada.Parts(t.Context(), in.Number, incident.Timeline); err != nil || len(entries) != 3 {
		t.Errorf("the timeline has %d entries, %v, want 3", len(entries), err)
	}
}
