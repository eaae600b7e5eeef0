package web

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// boardFrames are the page with all that it can show.
func boardFrames(in *incident.Incident) []frame {
	var page store.Page[store.NumberedAction]
	for _, a := range in.Actions {
		page.Items = append(page.Items, store.NumberedAction{Incident: in.Number, Heading: in.Title, Action: a})
	}
	none := store.Page[store.NumberedAction]{}
	asked := url.Values{"owner": {"Ada"}, "due": {"soon"}}
	rich := newBoard(asked, "c", page, reader, today)
	rich.Next = "/actions?cursor=next"
	return []frame{
		{Name: "board", By: reader, Page: rich},
		{Name: "board", By: reader, Page: newBoard(asked, "", none, reader, today)},
		{Name: "board", By: reader, Page: newBoard(url.Values{}, "", none, reader, today)},
		{Name: "board", By: reader, Page: newBoard(url.Values{}, "c", none, reader, today)},
	}
}

// dutiful runs a site with follow-ups of an incident, and one of the private incident.
func dutiful(t testing.TB) (in installation, ids map[string]string) {
	t.Helper()
	in = installed(t)
	noor := storetest.Person(t, in.store, "Bo Lind", incident.Responder)
	late, week, far := "2013-08-01", "2013-08-24", "2013-12-01"
	record := &incident.Incident{Actions: []incident.Action{
		{Title: "Far away", Due: &far, Kind: incident.Detect}, {Title: "Overdue one", Due: &late, Owner: "Bo Lind"}, {Title: "Undated one"},
		{Title: "Soon due", Due: &week, Owner: "Lena Falk", State: incident.InProgress}, {Title: "Done one", Due: &late, State: incident.Done},
	}}
	record.Title = "The board's incident"
	filed, err := in.store.File(context.Background(), noor, record)
	if err != nil {
		t.Fatal(err)
	}
	ids = map[string]string{}
	for _, a := range filed.Actions {
		ids[a.Title] = fmt.Sprintf("/incidents/%d/actions/%s", filed.Number, a.ID)
	}
	secret := &incident.Incident{Actions: []incident.Action{{Title: "canaryaction"}}}
	secret.Title, secret.Visibility = "canarytitle two", incident.VisiblePrivate
	in.file(t, noor, secret)
	return in, ids
}

func TestTheBoardNarrows(t *testing.T) {
	t.Parallel()
	in, _ := dutiful(t)
	v := in.as(t, "Lena Falk")
	all := []string{"Overdue one", "Soon due", "Far away", "Undated one", "Done one"}
	for query, want := range map[string]string{
		"": "Overdue one, Soon due, Far away, Undated one", "owner=me": "Soon due", "owner=bo+lind": "Overdue one", "state=done": "Done one",
		"due=overdue": "Overdue one", "due=undated": "Undated one", "due=soon": "Overdue one, Soon due", "kind=detect": "Far away",
		"state=any&owner=me": "Soon due", "state=in_progress": "Soon due", "owner=nobody+here": "",
	} {
		res, body := v.get("/actions?" + query)
		_, body, _ = strings.Cut(body, `id="board"`)
		var got []string
		at := 0
		for _, title := range all {
			if i := strings.Index(body, ">"+title+"</a>"); i >= 0 {
				got = append(got, title)
				if i < at {
					t.Errorf("GET /actions?%s: %q stands too early", query, title)
				}
				at = i
			}
		}
		if res.StatusCode != 200 || strings.Join(got, ", ") != want {
			t.Errorf("GET /actions?%s = %d with %q, want %q", query, res.StatusCode, strings.Join(got, ", "), want)
		}
		if strings.Contains(body, "canary") {
			t.Errorf("GET /actions?%s tells of a private incident", query)
		}
	}
	for _, query := range []string{"state=gone", "due=never", "kind=x", "cursor=x", "owner=" + strings.Repeat("x", 501)} {
		if res, _ := v.get("/actions?" + query); res.StatusCode != 400 {
			t.Errorf("GET /actions?%.30s = %d, want 400", query, res.StatusCode)
		}
	}
	if _, body := in.as(t, "Bo Lind").get("/actions"); !strings.Contains(body, "canaryaction") {
		t.Error("the board lacks the follow-up of a private incident for somebody named on it")
	}
}

func TestAFollowUpIsMovedFromTheBoard(t *testing.T) {
	t.Parallel()
	in, ids := dutiful(t)
	v := in.as(t, "Lena Falk")
	soon, far := ids["Soon due"], ids["Far away"]
	back := "?back=" + url.QueryEscape("/actions?due=soon")
	res, _ := v.post(soon+back, url.Values{"was.state": {"in_progress"}, "was.reason": {""}, "reason": {""}, "state": {"done"}}, nil)
	if to := res.Header.Get("Location"); res.StatusCode != 303 || !strings.HasPrefix(to, "/actions?due=soon#a") {
		t.Errorf("a move leads to %d %q, want back to the board", res.StatusCode, to)
	}
	if _, body := v.get("/actions?state=done"); !strings.Contains(body, "Soon due") {
		t.Error("what was moved to done is not there")
	}
	res, body := v.post(soon+back, url.Values{"was.state": {"in_progress"}, "was.reason": {""}, "reason": {""}, "state": {"open"}}, nil)
	if res.StatusCode != 409 || !strings.Contains(body, "Somebody else changed this") {
		t.Errorf("a move from a state that is past = %d, want a conflict that says so", res.StatusCode)
	}
	res, body = v.post(far+back, url.Values{"was.state": {"open"}, "was.reason": {""}, "reason": {""}, "state": {"not_doing"}}, nil)
	if res.StatusCode != 422 || !strings.Contains(body, `aria-invalid="true"`) || !strings.Contains(body, "Why it won’t be done") {
		t.Errorf("giving up without a reason = %d, want to be asked for it", res.StatusCode)
	}
	res, _ = v.post(far+back, url.Values{"was.state": {"open"}, "was.reason": {""}, "reason": {"The vendor does it now"}, "state": {"not_doing"}}, nil)
	if _, body := v.get("/actions?state=not_doing"); res.StatusCode != 303 || !strings.Contains(body, "The vendor does it now") {
		t.Errorf("giving up with a reason = %d, and the reason is not on the board", res.StatusCode)
	}
	for _, bad := range []string{"https://example.org/", "//example.org/actions", "/incidents", "javascript:alert(1)", "%zz"} {
		if got := wayBack(bad, "/actions"); got != "/actions" {
			t.Errorf("wayBack(%q) = %q, want the board", bad, got)
		}
	}
	ines := in.as(t, "Ines Duarte") // a viewer
	if res, _ := ines.post(ids["Undated one"], url.Values{"was.state": {"open"}, "was.reason": {""}, "reason": {""}, "state": {"done"}}, nil); res.StatusCode != 403 {
		t.Errorf("a viewer's move = %d, want 403", res.StatusCode)
	}
	if _, body := ines.get("/actions"); strings.Contains(body, "<form class=\"move\"") {
		t.Error("a viewer is offered moves")
	}
}

func TestTheBoardByKeyboard(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in, _ := dutiful(t)
	b.enters(in, "Lena Falk")
	b.look("board", in.url+"/actions")
	b.look("board-any", in.url+"/actions?state=any&owner=Bo+Lind")
	b.look("board-none", in.url+"/actions?owner=nobody")
	b.prefers("light", 1280)
	b.do(chromedp.Navigate(in.url + "/actions"))
	focused := func(title string) string {
		return fmt.Sprintf(`document.activeElement?.matches("tr") === true && document.activeElement.innerText.includes(%q)`, title)
	}
	b.until("htmx is awake", `document.querySelector(".move")?.hasAttribute("data-htmx-powered") === true`)
	b.hits("j")
	b.hits("j")
	b.hits("k")
	b.until("the first has the focus", `document.activeElement === document.querySelector("#board tr[id]")`)
	b.do(chromedp.Navigate(in.url + "/actions?owner=Bo+Lind"))
	b.until("htmx is awake", `document.querySelector(".move")?.hasAttribute("data-htmx-powered") === true`)
	b.hits("j")
	b.until("Bo's has the focus", focused("Overdue one"))
	asks[bool](b, "globalThis.stays = true")
	b.hits("p")
	b.until("it is in progress", focused("Overdue one")+` && document.activeElement.matches(".in_progress")`)
	b.hits("n")
	b.until("the reason is asked", `document.activeElement?.name === "reason"`)
	b.presses(kb.Escape, 0)
	b.until("Escape goes back", focused("Overdue one"))
	b.hits("n")
	b.until("the reason is asked again", `document.activeElement?.name === "reason" && document.activeElement.offsetParent !== null`)
	b.do(chromedp.KeyEvent("Nobody uses it"))
	b.picture("board-reason-light-1280.png")
	b.presses(kb.Enter, 0)
	b.until("it has left the board, and the page stands", `document.querySelector("#board")?.innerText.includes("No follow-up fits") === true && stays`)
	b.hits("?")
	b.do(chromedp.Navigate(in.url + "/actions?state=not_doing"))
	b.until("the reason is kept", `document.querySelector("#board").innerText.includes("Nobody uses it")`)
	b.hits("?")
	b.until("the keys are listed", `document.querySelector("#keys").open`)
	b.accessible("board-keys")
	b.presses(kb.Escape, 0)
}

func TestAReasonBeingWrittenSurvivesTheAnswerToAnotherMove(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in, _ := dutiful(t)
	b.enters(in, "Lena Falk")
	b.do(chromedp.Navigate(in.url + "/actions"))
	b.until("htmx is awake", `document.querySelector(".move")?.hasAttribute("data-htmx-powered") === true`)
	row := func(title string) string {
		return fmt.Sprintf(`[...document.querySelectorAll("#board tr[id]")].find(r => r.innerText.includes(%q))`, title)
	}
	asks[bool](b, row("Far away")+`.focus() ?? true`)
	b.hits("n")
	b.until("the reason is asked", `document.activeElement?.name === "reason"`)
	b.do(chromedp.KeyEvent("Half a rea"))
	asks[bool](b, `(() => { const button = `+row("Undated one")+`.querySelector("button[value=done]"); button.form.requestSubmit(button); return true })()`)
	b.until("the other has left", row("Undated one")+` === undefined`)
	b.do(chromedp.KeyEvent("son"))
	if text := asks[string](b, `document.activeElement?.value ?? ""`); text != "Half a reason" {
		t.Errorf("the reason is %q, want all that was typed, and the focus where it was", text)
	}
	b.presses(kb.Enter, 0)
	b.until("it is given up", row("Far away")+` === undefined`)
}
