package web

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// append adds an entry as a program would.
func (in installation) append(t *testing.T, by incident.Actor, text string) {
	t.Helper()
	if _, err := in.store.Append(context.Background(), by, in.billing, []incident.Part{&incident.Entry{Text: text, Kind: incident.EntryObservation}}); err != nil {
		t.Fatal(err)
	}
}

func TestWhatOthersChangeAppearsWithoutAReload(t *testing.T) {
	t.Parallel()
	in := installed(t)
	ada := storetest.Person(t, in.store, "Ada Park", incident.Responder)
	page := fmt.Sprintf("%s/incidents/%d", in.url, in.billing)
	b, other := newBrowser(t), newBrowser(t)
	b.enters(in, "Noor Haddad")
	b.do(chromedp.Navigate(page))
	other.enters(in, "Ada Park")
	other.do(chromedp.Navigate(page))
	b.until("Noor sees that Ada is here", `document.querySelector(".live .here")?.innerText.includes("Ada Park") === true`)
	other.until("Ada sees that Noor is here", `document.querySelector(".live .here")?.innerText.includes("Noor Haddad") === true`)

	b.do(chromedp.Click(chromedp.CSS(`a[href$="/fields/overview"]`)))
	b.types("#form-overview-summary", "Being typed. ")
	in.append(t, ada, "The phones ring")
	b.until("the entry appears", `document.querySelector(".timeline").innerText.includes("The phones ring")`)
	b.until("it is told to those who don't see it", `document.querySelector(".live [role=status].unseen").textContent.includes("Ada Park added an entry")`)
	if text := asks[string](b, `document.querySelector("#form-overview-summary").value`); text[:13] != "Being typed. " {
		t.Errorf("what was being typed is now %.40q", text)
	}
	if !asks[bool](b, `document.activeElement.id === "form-overview-summary"`) {
		t.Error("the cursor left the text that was being typed")
	}
	b.shots("live")
	other.do(chromedp.Navigate(in.url + "/incidents"))
	b.until("Ada is gone", `document.querySelector(".live .here").hidden`)
}

func TestTheEntryThatOneWentToKeepsTheFocusWhileOthersWrite(t *testing.T) {
	t.Parallel()
	in := installed(t)
	ada := storetest.Person(t, in.store, "Ada Park", incident.Responder)
	b := newBrowser(t)
	b.enters(in, "Noor Haddad")
	b.still(fmt.Sprintf("%s/incidents/%d", in.url, in.billing))
	b.hits("g")
	b.do(chromedp.KeyEvent("18 July 02:42\r"))
	b.until("the entry is found", `document.activeElement?.matches(".entry") === true`)
	in.append(t, ada, "The phones ring")
	b.until("the entry of somebody else appears", `document.querySelector(".timeline").innerText.includes("The phones ring")`)
	b.do(chromedp.Sleep(200 * time.Millisecond)) // a focus goes with the next picture
	if !asks[bool](b, `document.activeElement.matches(".entry")`) {
		t.Error("the focus is gone")
	}
}

func TestThePageCatchesUpWhenTheServerIsBack(t *testing.T) {
	t.Parallel()
	in := installed(t)
	ada := storetest.Person(t, in.store, "Ada Park", incident.Responder)
	pull, plug := pluggable(t, &in)
	b := newBrowser(t)
	b.enters(in, "Noor Haddad")
	b.do(chromedp.Navigate(fmt.Sprintf("%s/incidents/%d", in.url, in.billing)))
	b.until("the stream is open", `document.querySelector("aside.live") !== null`)
	in.append(t, ada, "Before the plug is pulled")
	b.until("the first entry appears", `document.querySelector(".timeline").innerText.includes("Before the plug is pulled")`)
	pull()
	b.until("the loss is said", `!document.querySelector(".live .lost").hidden`)
	in.append(t, ada, "While it is out")
	plug()
	b.until("what came meanwhile appears", `document.querySelector(".timeline").innerText.includes("While it is out")`)
	b.until("nothing is said any more", `document.querySelector(".live .lost").hidden`)
}

func TestTheListShowsWhatBegins(t *testing.T) {
	t.Parallel()
	in := installed(t)
	ada := storetest.Person(t, in.store, "Ada Park", incident.Responder)
	b := newBrowser(t)
	b.enters(in, "Noor Haddad")
	b.do(chromedp.Navigate(in.url + "/incidents"))
	b.until("the stream is open", `document.querySelector("aside.live") !== null`)
	begun := &incident.Incident{}
	begun.Title = "Checkout is down"
	in.file(t, ada, begun)
	b.until("it is listed", `document.querySelector("#list").innerText.includes("Checkout is down")`)
}

func TestAStreamTellsNothingOfPrivateIncidents(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Lena Falk")
	_, nothing := v.get("/incidents/9999/live")
	if res, body := v.get(fmt.Sprintf("/incidents/%d/live", in.private)); res.StatusCode != 404 || body != nothing {
		t.Errorf("the stream of a private incident = %d, want what one that does not exist answers", res.StatusCode)
	}
	if res, _ := in.visitor(t).get(fmt.Sprintf("/incidents/%d/live", in.billing)); res.StatusCode != 401 {
		t.Errorf("the stream for somebody signed out = %d, want 401", res.StatusCode)
	}
}

// still opens a page that hears of changes; what it gives fails the test when the page was loaded anew since.
func (b *browser) still(address string) (stays func()) {
	b.t.Helper()
	b.do(chromedp.Navigate(address))
	b.until("the stream is open", `document.querySelector("aside.live .here") !== null && document.querySelector(".live .lost").hidden`)
	asks[bool](b, "globalThis.stays = true")
	return func() {
		b.t.Helper()
		if !asks[bool](b, "globalThis.stays === true") {
			b.t.Errorf("%s was loaded anew", address)
		}
	}
}

// retitle changes the title as a program would.
func (in installation) retitle(t *testing.T, by incident.Actor, title string) {
	t.Helper()
	if _, err := in.store.Change(context.Background(), by, in.billing, 0, func(in *incident.Incident) error { in.Title = title; return nil }); err != nil {
		t.Fatal(err)
	}
}

func TestAReviewChangesWithoutAReloadAndApprovesNothingUnread(t *testing.T) {
	t.Parallel()
	in := installed(t)
	ada := storetest.Person(t, in.store, "Ada Park", incident.Responder)
	b := newBrowser(t)
	b.enters(in, "Lena Falk")
	stays := b.still(fmt.Sprintf("%s/incidents/%d/review", in.url, in.billing))
	asks[bool](b, `document.querySelector(".refused").closest("details").open = true`)
	b.types("#reason", "Half a rea")
	asks[bool](b, `document.activeElement.blur() ?? true`)
	if _, err := in.store.Review(context.Background(), ada, in.billing, store.Seen{}, incident.ReviewStep{Move: incident.Submit, Reviewers: []string{"Lena Falk"}}); err != nil {
		t.Fatal(err)
	}
	b.until("it can be approved", `document.querySelector('button[value="approve"]') !== null && document.querySelector(".asked").innerText.includes("Lena Falk")`)
	if text := asks[string](b, `document.querySelector("#reason").value`); text != "Half a rea" {
		t.Errorf("the reason being written is %q", text)
	}
	if !asks[bool](b, `document.querySelector(".refused").closest("details").open`) {
		t.Error("what was unfolded to be read is folded")
	}
	b.do(chromedp.Focus(chromedp.CSS(`button[value="approve"]`)))
	in.retitle(t, ada, "Edited while Lena chooses")
	b.until("the page has heard of it", `document.querySelector("#reviewing").dataset.live.endsWith("version=3")`)
	stays()
	asks[bool](b, `document.activeElement.blur() ?? true`)
	b.until("that it was edited is said", `document.querySelector("#form-review").innerText.includes("was edited since")`)
	b.move(incident.Approve)
	b.until("the edit is shown, nothing is approved", `document.querySelector("section.clash ins")?.innerText.includes("Lena") === true && document.querySelector(".asked").innerText.includes("has not approved")`)
	b.move(incident.Approve)
	b.until("it is approved", `document.querySelector(".path .now").innerText.includes("approved")`)
}

func TestComparisonHistoryAndBoardChangeWithoutAReload(t *testing.T) {
	t.Parallel()
	in := installed(t)
	ada := storetest.Person(t, in.store, "Ada Park", incident.Responder)
	b := newBrowser(t)
	b.enters(in, "Lena Falk")
	page := fmt.Sprintf("%s/incidents/%d", in.url, in.billing)

	stays := b.still(page + "/compare")
	in.retitle(t, ada, "Seen beside the public version")
	b.until("the comparison has it", `document.querySelector("#comparing").innerText.includes("Seen beside the public version")`)
	stays()

	stays = b.still(page + "/history")
	in.retitle(t, ada, "Seen in history")
	b.until("history has it", fmt.Sprintf(`document.querySelector("#history input[name=to]:checked").value === "%d"`, in.version(t)))
	asks[bool](b, `document.querySelectorAll("#history input[name=from]")[2].checked = true`)
	in.retitle(t, ada, "While somebody chooses")
	b.do(chromedp.Sleep(time.Second))
	if !asks[bool](b, `document.querySelectorAll("#history input[name=from]")[2].checked`) {
		t.Error("what was chosen to be compared is not chosen any more")
	}
	stays()

	stays = b.still(page + "/said")
	in.append(t, ada, "Known by now")
	b.until("what was known has it", `document.querySelector("#said").innerText.includes("Known by now")`)
	stays()

	stays = b.still(in.url + "/actions?state=any")
	b.hits("j")
	first := asks[string](b, `document.activeElement.id`)
	if _, err := in.store.Append(context.Background(), ada, in.billing, []incident.Part{&incident.Action{Title: "Alarm on the queue", Kind: incident.Detect, Owner: "Ada Park"}}); err != nil {
		t.Fatal(err)
	}
	b.until("the board has it", `document.querySelector("#board").innerText.includes("Alarm on the queue")`)
	if now := asks[string](b, `document.activeElement.id`); now != first {
		t.Errorf("the focus went from %q to %q", first, now)
	}
	stays()
}

func (in installation) version(t *testing.T) int64 {
	t.Helper()
	record, err := in.store.Incident(context.Background(), store.System(), in.billing)
	if err != nil {
		t.Fatal(err)
	}
	return record.Version
}
