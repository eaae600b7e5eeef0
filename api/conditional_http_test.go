package api_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
)

func clientFilter() client.Filter { return client.Filter{} }

func TestARecordIsReadOnlyOnceWhileItIsTheSame(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Responder)
	in := ada.file(`{"title":"Disk full"}`)
	path := fmt.Sprintf("/incidents/%s", in.Number)
	first := ada.call("GET", path, "").must(200)
	tag := first.header.Get("ETag")
	if want := fmt.Sprintf(`"%d.%d"`, in.Revision, in.Version); tag != want {
		t.Errorf("ETag = %s, want %s", tag, want)
	}
	again := ada.call("GET", path, "", "If-None-Match: "+tag).must(304)
	if again.text != "" || again.header.Get("ETag") != tag {
		t.Errorf("304 has the ETag %q and the body %q, want %s and none", again.header.Get("ETag"), again.text, tag)
	}
	ada.call("POST", path+"/timeline", `{"text":"An entry."}`).must(201)
	changed := ada.call("GET", path, "", "If-None-Match: "+tag).must(200)
	if changed.header.Get("ETag") == tag {
		t.Error("an entry left the ETag as it was")
	}
	t.Run("an entry logged meanwhile does not stand in the way of an edit", func(t *testing.T) {
		ada.in(t).call("PATCH", path, `{"summary":"s"}`, "If-Match: "+tag).must(200)
	})
	t.Run("an edit does", func(t *testing.T) {
		ada.in(t).call("PATCH", path, `{"summary":"t"}`, "If-Match: "+tag).problem(412)
	})
	t.Run("a star asks for nothing", func(t *testing.T) {
		ada.in(t).call("PATCH", path, `{"summary":"t"}`, "If-Match: *", "Content-Type: application/merge-patch+json").must(200)
	})
	t.Run("HEAD is GET without the body", func(t *testing.T) {
		if head := ada.in(t).call("HEAD", path, "").must(200); head.text != "" || head.header.Get("ETag") == "" {
			t.Errorf("HEAD = %q with ETag %q, want no body and an ETag", head.text, head.header.Get("ETag"))
		}
	})
}

func TestAPartIsReadOnlyOnceWhileItIsTheSame(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Responder)
	in := ada.file(`{"title":"Disk full"}`)
	made := ada.call("POST", fmt.Sprintf("/incidents/%d/impacts", int64(in.Number)), `{"text":"Slow."}`).must(201)
	path := made.header.Get("Location")[len("/api/v1"):]
	tag := made.header.Get("ETag")
	ada.call("GET", path, "", "If-None-Match: "+tag).must(304)
	changed := ada.in(t).call("PATCH", path, `{"component":"Disk"}`, "If-Match: "+tag).must(200)
	if changed.header.Get("ETag") == tag {
		t.Error("a change left the part's ETag as it was")
	}
	ada.call("DELETE", path, "", "If-Match: "+tag).problem(412)
	ada.call("DELETE", path, "", "If-Match: "+changed.header.Get("ETag")).must(204)
	ada.call("GET", path, "").problem(404)
}

func TestAReadThatAsksForWhatIsGoneIsRefused(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Responder)
	in := ada.file(`{"title":"Disk full","timeline":[{"text":"Full."}]}`)
	path := fmt.Sprintf("/incidents/%d", int64(in.Number))
	for _, address := range []string{path, path + "/timeline/" + in.Timeline[0].ID, path + "/export"} {
		tag := ada.call("GET", address, "").must(200).header.Get("ETag")
		for _, match := range []string{tag, "W/" + tag, "*", `"9.9", ` + tag} {
			ada.call("GET", address, "", "If-Match: "+match).must(200)
			ada.call("GET", address, "", "If-Match: "+match, "If-None-Match: "+tag).must(304)
		}
		for _, match := range []string{`"9.9"`, `"9"`, `"1.9"`, `W/"9"`, `"9", "8"`, `9`} {
			ada.call("GET", address, "", "If-Match: "+match).problem(412)
			ada.call("GET", address, "", "If-Match: "+match, "If-None-Match: "+tag).problem(412)
		}
	}
}

func TestARecordsTagIsNoPartsTag(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Responder)
	in := ada.file(`{"title":"Disk full","timeline":[{"text":"Full."}]}`)
	path := fmt.Sprintf("/incidents/%d/timeline/%s", int64(in.Number), in.Timeline[0].ID)
	ada.call("PATCH", path, `{"text":"t"}`, `If-Match: "1.1"`).problem(412)
	ada.call("DELETE", path, "", `If-Match: "1.1"`).problem(412)
	ada.call("PATCH", path, `{"text":"t"}`, `If-Match: "1"`).must(200)
}

func TestAStepOfReviewIsOnWhatWasRead(t *testing.T) {
	t.Parallel()
	h := serve(t)
	ada, bo := h.as("Ada", incident.Responder), h.as("Bo", incident.Reviewer)
	in := ada.file(`{"title":"Disk full"}`)
	path := fmt.Sprintf("/incidents/%d", int64(in.Number))
	read := ada.call("POST", path+"/review", `{"move":"submit"}`, `If-Match: "1.1"`).must(200).header.Get("ETag")
	ada.call("POST", path+"/timeline", `{"text":"An entry that Bo has not read."}`).must(201)
	bo.call("POST", path+"/review", `{"move":"approve"}`, "If-Match: "+read).problem(412)
	now := bo.call("GET", path, "").must(200).header.Get("ETag")
	bo.call("POST", path+"/review", `{"move":"approve"}`, "If-Match: "+now).must(200)
}

func TestTenEditsOfOneRevisionOneWinsNineAreTold(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Responder)
	in := ada.file(`{"title":"Disk full"}`)
	errs := race(10, func(i int) error {
		_, err := ada.Patch(t.Context(), in.Number, in.Revision, map[string]any{"summary": fmt.Sprintf("by %d", i)})
		return err
	})
	won, stale := 0, 0
	for _, err := range errs {
		switch {
		case err == nil:
			won++
		case errors.Is(err, incident.Stale):
			stale++
		default:
			t.Errorf("Patch = %v, want nothing or Stale", err)
		}
	}
	if won != 1 || stale != 9 {
		t.Errorf("%d won and %d were told, want 1 and 9", won, stale)
	}
}

func TestTenPeopleLogAtOnce(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Responder)
	in := ada.file(`{"title":"Disk full"}`)
	for i, err := range race(10, func(i int) error {
		_, err := ada.Append(t.Context(), in.Number, &incident.Entry{Text: fmt.Sprintf("by %d", i)})
		return err
	}) {
		if err != nil {
			t.Errorf("Append by %d = %v", i, err)
		}
	}
	if entries, err := ada.Parts(t.Context(), in.Number, incident.Timeline); err != nil || len(entries) != 10 {
		t.Errorf("the timeline has %d entries, %v, want 10", len(entries), err)
	}
}

// race does something n times at once.
func race(n int, do func(i int) error) []error {
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { errs[i] = do(i) })
	}
	all.Wait()
	return errs
}
