package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// reviewFrames are the pages about a record's review and history with all that
// they can show.
func reviewFrames(in *incident.Incident) []frame {
	raw := func(v any) json.RawMessage {
		text, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		return text
	}
	one := &incident.Entry{PartHead: incident.PartHead{ID: "gone00000001"}, Text: in.Summary}
	none := incident.Review{State: incident.InReview}
	changes := []store.Change{
		{Version: 4, At: today, By: in.Title, Did: "changed", Changes: []store.Diff{
			{Op: "replace", Path: "/summary", Old: raw("was " + in.Summary), Value: raw(in.Summary)},
			{Op: "replace", Path: "/review", Old: raw(in.Review), Value: raw(none)},
			{Op: "remove", Path: "/timeline/gone00000001", Old: raw(one)},
			{Op: "add", Path: "/timeline/come00000001", Value: raw(one)},
			{Op: "add", Path: "/comments/come00000001", Erased: true},
			{Op: "replace", Path: "/people", Old: raw(in.People), Value: raw(nil)},
			{Op: "replace", Path: "/silenced", Old: raw(nil), Value: raw(in.Silenced)},
		}},
		{Version: 3, At: today, By: "Lena Falk", Did: "reviewed", Changes: []store.Diff{
			{Op: "replace", Path: "/review", Old: raw(none), Value: raw(in.Review)}, {Op: "note", Path: "/reason", Value: raw(in.Summary)},
		}},
	}
	r := newReview(&store.Reviewing{In: in, Choices: in.ReviewChoices(reader, nil), Life: changes}, true)
	r.People, r.Submits, r.Problem, r.Reason = []string{in.Title}, true, in.Title, in.Summary
	clash := r
	r.Checklist.refusal = refusal{in.Title, in.Title}
	if len(r.Checklist.Places) > 0 {
		r.Checklist.Places[0].Findings[0].refusal = r.Checklist.refusal
	}
	clash.Clash = &compared{From: 3, To: 4, Steps: newSteps(in, changes), Changed: newChanged(in, changes[0].Changes)}
	bare := &incident.Incident{Heading: incident.Heading{Number: 3, Title: "x"}}
	bare.Normalize()
	h := history{In: in, Now: true, Steps: newSteps(in, changes), Older: "/older", Compared: clash.Clash}
	return []frame{
		{Name: "review", By: reader, Page: r}, {Name: "review", By: reader, Page: clash},
		{Name: "review", By: reader, Page: newReview(&store.Reviewing{In: bare}, false)},
		{Name: "compare", By: reader, Page: newComparison(in)}, {Name: "compare", By: reader, Page: newComparison(bare)},
		{Name: "history", By: reader, Page: h}, {Name: "history", By: reader, Page: history{In: bare, Compared: &compared{}}},
	}
}

// version finds the version that the form of a page was made from.
var version = regexp.MustCompile(`name="version" value="(\d+)"`)

// press sends the form of review as the page at hand has it.
func (v visitor) press(page string, move incident.ReviewMove, more url.Values) (reply, string) {
	v.t.Helper()
	_, body := v.get(page)
	found := version.FindStringSubmatch(body)
	if found == nil || !strings.Contains(body, fmt.Sprintf(`value="%s"`, move)) {
		v.t.Fatalf("GET %s offers no %s", page, move)
	}
	form := url.Values{"version": found[1:], "move": {string(move)}}
	for key, values := range more {
		form[key] = values
	}
	return v.post(page, form, nil)
}

func TestAPostmortemGoesFromDraftToPublished(t *testing.T) {
	t.Parallel()
	in := installed(t)
	page := fmt.Sprintf("/incidents/%d/review", in.billing)
	noor, lena := in.as(t, "Noor Haddad"), in.as(t, "Lena Falk")
	for i, step := range []struct {
		v     visitor
		move  incident.ReviewMove
		shows string
	}{
		{noor, incident.Submit, "asked, has not approved"},
		{lena, incident.RequestChanges, "took it back to draft"},
		{noor, incident.Submit, "asked for review: Lena Falk"},
		{lena, incident.Approve, "approved the record"},
		{lena, incident.ApprovePublic, "approved the record and the public version"},
		{lena, incident.Publish, "Published. Outsiders see"},
		{noor, incident.Withdraw, "withdrew it"},
	} {
		res, body := step.v.press(page, step.move, url.Values{"reviewer": {"Lena Falk", "", " "}, "reason": {"Because & so on"}})
		if res.StatusCode != 303 || res.Header.Get("Location") != page {
			t.Fatalf("step %d: %s = %d to %q\n%s", i, step.move, res.StatusCode, res.Header.Get("Location"), body)
		}
		if _, body := step.v.get(page); !strings.Contains(body, step.shows) || !strings.Contains(body, "Because &amp; so on") {
			t.Errorf("step %d: after %s the page lacks %q or the reason", i, step.move, step.shows)
		}
	}
}

func TestAnEditVoidsAnApprovalAndThePageSaysWhich(t *testing.T) {
	t.Parallel()
	in := installed(t)
	page := fmt.Sprintf("/incidents/%d/review", in.billing)
	noor, lena := in.as(t, "Noor Haddad"), in.as(t, "Lena Falk")
	noor.press(page, incident.Submit, nil)
	lena.press(page, incident.Approve, nil)
	noor.post(fmt.Sprintf("/incidents/%d/fields/overview", in.billing), url.Values{"title": {"Another title"}, "summary": {"x"}, "zone": {"UTC"}}, nil)
	_, body := lena.get(page)
	if !strings.Contains(body, "An edit voided what was approved") || !strings.Contains(body, "Title") || !strings.Contains(body, "See the edit") {
		t.Error("the page does not say which edit voided the approval")
	}
	link := regexp.MustCompile(`/incidents/\d+/history\?from=\d+&amp;to=\d+`).FindString(body)
	res, body := lena.get(strings.ReplaceAll(link, "&amp;", "&"))
	if res.StatusCode != 200 || !strings.Contains(body, "<ins>Another title</ins>") && !strings.Contains(body, "<ins>") {
		t.Errorf("GET %s = %d, and does not mark what came", link, res.StatusCode)
	}
}

func TestNobodyApprovesWhatTheyHaveNotSeen(t *testing.T) {
	t.Parallel()
	in := installed(t)
	page := fmt.Sprintf("/incidents/%d/review", in.billing)
	noor, lena := in.as(t, "Noor Haddad"), in.as(t, "Lena Falk")
	noor.press(page, incident.Submit, nil)
	_, body := lena.get(page)
	seen := version.FindStringSubmatch(body)[1:]
	noor.post(fmt.Sprintf("/incidents/%d/parts/timeline", in.billing), url.Values{"at": {"unknown"}, "kind": {"observation"}, "text": {"Smuggled in."}, "audience": {"public"}}, nil)
	res, body := lena.post(page, url.Values{"version": seen, "move": {"approve"}, "reason": {"Fine by me"}}, nil)
	if res.StatusCode != 409 || !strings.Contains(body, "changed while you read it") || !strings.Contains(body, "<ins>Smuggled in.</ins>") || !strings.Contains(body, "Fine by me") {
		t.Errorf("approving an old version = %d; the page must show what changed and keep what was typed", res.StatusCode)
	}
	if record, err := in.store.Incident(context.Background(), storetest.Person(t, in.store, "Eye", incident.Viewer), in.billing); err != nil || len(record.Review.Approvals) > 0 {
		t.Errorf("after that the approvals are %+v, %v", record.Review.Approvals, err)
	}
	if res, _ := lena.post(page, url.Values{"move": {"approve"}}, nil); res.StatusCode != 400 {
		t.Errorf("approving without a version = %d, want 400", res.StatusCode)
	}
}

func TestAMoveThatIsRefusedSaysWhy(t *testing.T) {
	t.Parallel()
	in := installed(t)
	page := fmt.Sprintf("/incidents/%d/review", in.billing)
	noor, lena := in.as(t, "Noor Haddad"), in.as(t, "Lena Falk")
	noor.press(page, incident.Submit, nil)
	_, body := lena.get(page)
	if !strings.Contains(body, "Not while the postmortem is in review.") {
		t.Error("the page does not say why it can't be published")
	}
	res, body := noor.post(page, url.Values{"version": version.FindStringSubmatch(body)[1:], "move": {"approve"}, "reason": {"mine"}}, nil)
	if res.StatusCode != 403 || !strings.Contains(body, "needs a role that may review") || !strings.Contains(body, "mine") {
		t.Errorf("approving without the role = %d", res.StatusCode)
	}
	if _, body := in.as(t, "Ines Duarte").get(page); strings.Contains(body, `name="move"`) || strings.Contains(body, "Silence it") || strings.Contains(body, "Mend it") {
		t.Error("a viewer is offered what they may not do")
	}
}

func TestTheReviewOfAPrivateIncidentIsNothingToOthers(t *testing.T) {
	t.Parallel()
	in := installed(t)
	lena, noor := in.as(t, "Lena Falk"), in.as(t, "Noor Haddad")
	for _, path := range []string{"/review", "/compare", "/history", "/history?from=0&to=1"} {
		path = fmt.Sprintf("/incidents/%d%s", in.private, path)
		if res, body := lena.get(path); res.StatusCode != 404 || strings.Contains(body, "canary") {
			t.Errorf("GET %s by somebody whom it does not name = %d", path, res.StatusCode)
		}
		if res, _ := in.visitor(t).get(path); res.StatusCode != 401 {
			t.Errorf("GET %s by nobody = %d, want 401", path, res.StatusCode)
		}
		if res, body := noor.get(path); res.StatusCode != 200 || !strings.Contains(body, "canary") {
			t.Errorf("GET %s by who filed it = %d", path, res.StatusCode)
		}
	}
	for path, form := range map[string]url.Values{
		"/review": {"version": {"1"}, "move": {"submit"}}, "/review/silence": {"rule": {"no_summary"}, "reason": {"x"}}, "/comments/comment00001": {"do": {"settle"}},
	} {
		path = fmt.Sprintf("/incidents/%d%s", in.private, path)
		if res, _ := lena.post(path, form, nil); res.StatusCode != 404 {
			t.Errorf("POST %s by somebody whom it does not name = %d, want 404", path, res.StatusCode)
		}
	}
}

func TestAFindingIsSilencedWithAReasonAndHeardAgain(t *testing.T) {
	t.Parallel()
	in := installed(t)
	by := storetest.Person(t, in.store, "Filer", incident.Responder)
	bare := new(incident.Incident)
	bare.Title = "Nothing is known"
	n := in.file(t, by, bare)
	page := fmt.Sprintf("/incidents/%d/review", n)
	v := in.as(t, "Lena Falk")
	_, body := v.get(page)
	if !strings.Contains(body, "there is no summary") || !strings.Contains(body, fmt.Sprintf("/incidents/%d/fields/overview", n)) {
		t.Error("the checklist does not lead to the form that mends the summary")
	}
	if res, _ := v.post(page+"/silence", url.Values{"rule": {"no_summary"}, "reason": {"It is in the title"}}, nil); res.StatusCode != 303 {
		t.Errorf("silencing = %d", res.StatusCode)
	}
	_, body = v.get(page)
	if !strings.Contains(body, "1 silenced") || !strings.Contains(body, "It is in the title") || !regexp.MustCompile(`(?s)class="hushed".*<bdi>Lena Falk</bdi>`).MatchString(body) {
		t.Error("the page does not say who silenced it and why")
	}
	if res, _ := v.post(page+"/silence", url.Values{"rule": {"no_summary"}, "do": {"hear"}}, nil); res.StatusCode != 303 {
		t.Errorf("hearing again = %d", res.StatusCode)
	}
	if _, body := v.get(page); strings.Contains(body, "silenced</summary>") {
		t.Error("it is still silenced")
	}
	if res, _ := v.post(page+"/silence", url.Values{"rule": {"no_summary"}}, nil); res.StatusCode != 422 {
		t.Errorf("silencing without a reason = %d, want 422", res.StatusCode)
	}
}

func TestASilenceThatIsRefusedKeepsWhatWasTypedAtItsFinding(t *testing.T) {
	t.Parallel()
	in := installed(t)
	by := storetest.Person(t, in.store, "Filer", incident.Admin)
	bare := new(incident.Incident)
	bare.Title = "Nothing is known"
	n := in.file(t, by, bare)
	page := fmt.Sprintf("/incidents/%d/review", n)
	v := in.as(t, "Lena Falk")
	field := regexp.MustCompile(`(?s)<details open>.*name="rule" value="no_summary".*name="reason" value="([^"]*)"[^>]*aria-invalid="true".*id="silence-says" role="alert"><strong class="fault">([^<]+)<`)
	long := strings.Repeat("because ", 300)
	for reason, why := range map[string]string{"": "The reason ", strings.TrimSpace(long): "The reason "} {
		res, body := v.post(page+"/silence", url.Values{"rule": {"no_summary"}, "reason": {reason}}, nil)
		found := field.FindStringSubmatch(body)
		if res.StatusCode != 422 || found == nil || found[1] != reason || !strings.HasPrefix(found[2], why) {
			t.Errorf("silencing with the reason %.20q = %d, and at its field stand %.60q", reason, res.StatusCode, found)
		}
	}
	if res, body := v.post(page+"/silence", url.Values{"rule": {"secret"}, "reason": {"It is old"}}, nil); res.StatusCode != 422 || !strings.Contains(body, "<q>It is old</q>") {
		t.Errorf("silencing what is not found = %d, and does not say what was typed", res.StatusCode)
	}
	if err := in.store.Archive(t.Context(), by, n, 0); err != nil {
		t.Fatal(err)
	}
	res, body := v.post(page+"/silence", url.Values{"rule": {"no_summary"}, "reason": {"It is in the title"}}, nil)
	if res.StatusCode != 409 || !strings.Contains(body, "is archived") || !strings.Contains(body, "It is in the title") {
		t.Errorf("silencing a finding of an archived record = %d, and does not say why or what was typed", res.StatusCode)
	}
}

func TestCommentsStandAtTheirPartAndAreSettled(t *testing.T) {
	t.Parallel()
	in := installed(t)
	noor, lena := in.as(t, "Noor Haddad"), in.as(t, "Lena Falk")
	record := fmt.Sprintf("/incidents/%d", in.billing)
	_, body := lena.get(record)
	form := regexp.MustCompile(`/incidents/\d+/parts/comments\?on=decision0001`).FindString(body)
	if form == "" || !strings.Contains(body, "comments?on=summary") || !strings.Contains(body, "comments?on=technical_cause") {
		t.Fatal("no way leads to a comment on an entry, the summary and the cause")
	}
	if _, body := lena.get(form); !strings.Contains(body, "Comment on the entry of") || !strings.Contains(body, `name="on" value="decision0001"`) {
		t.Error("the form does not say what the comment is on")
	}
	res, _ := lena.post(form, url.Values{"on": {"decision0001"}, "text": {"Who decided this?"}}, nil)
	if res.StatusCode != 303 {
		t.Fatalf("commenting = %d", res.StatusCode)
	}
	_, id, _ := strings.Cut(res.Header.Get("Location"), "#")
	_, body = noor.get(record)
	if strings.Count(body, "Who decided this?") != 2 || !strings.Contains(body, "1 comment, 1 open") {
		t.Error("the comment stands not both at its part and in its section")
	}
	if strings.Contains(body, "/parts/comments/"+id) {
		t.Error("somebody else's comment is offered for editing")
	}
	if res, _ := noor.post(record+"/comments/"+id, url.Values{"do": {"settle"}}, nil); res.StatusCode != 303 || res.Header.Get("Location") != record+"#"+id {
		t.Errorf("settling = %d to %q", res.StatusCode, res.Header.Get("Location"))
	}
	if _, body := noor.get(record); !strings.Contains(body, "1 comment, settled") || !strings.Contains(body, "Open again") {
		t.Error("the comment is not shown as settled")
	}
	noor.post(record+"/comments/"+id, url.Values{"do": {"reopen"}}, nil)
	if _, body := noor.get(record); !strings.Contains(body, "1 comment, 1 open") {
		t.Error("the comment is not open again")
	}
}
