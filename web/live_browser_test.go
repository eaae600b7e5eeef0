package web

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/debriefhq/debrief/incident"
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
