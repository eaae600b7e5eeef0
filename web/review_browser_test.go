package web

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// move presses a button of the review page and waits for the page after it.
func (b *browser) move(m incident.ReviewMove) {
	b.t.Helper()
	if _, err := chromedp.RunResponse(b.ctx, chromedp.Click(chromedp.CSS(`button[value="`+string(m)+`"]`))); err != nil {
		b.t.Fatal(err)
	}
}

func TestTwoPeopleReviewInTwoBrowsers(t *testing.T) {
	t.Parallel()
	noor, lena := newBrowser(t), newBrowser(t)
	in := installed(t)
	noor.enters(in, "Noor Haddad")
	lena.enters(in, "Lena Falk")
	record := fmt.Sprintf("%s/incidents/%d", in.url, in.billing)
	review := record + "/review"

	noor.do(chromedp.Navigate(review))
	noor.types(`input[name=reviewer]`, "Lena Falk")
	noor.move(incident.Submit)
	noor.until("the reviewer is asked", `document.querySelector(".asked").innerText.includes("Lena Falk")`)

	lena.do(chromedp.Navigate(record), chromedp.Click(chromedp.CSS(`#decision0001 a[href*="comments?on="]`)))
	lena.types("#form-comments-decision0001-text", "Who decided this?")
	lena.do(chromedp.Click(chromedp.CSS("#form-comments-decision0001 button[value=save]")))
	lena.until("the comment stands at its part", `document.querySelector("#decision0001 .remarks")?.textContent.includes("Who decided this?") === true && !document.querySelector(".form")`)
	lena.do(chromedp.Navigate(review))
	lena.types("#reason", "Say who decided")
	lena.move(incident.RequestChanges)
	lena.until("it is a draft again", `document.querySelector(".path .now").innerText.includes("draft")`)

	noor.do(chromedp.Navigate(record), chromedp.Click(chromedp.CSS("#decision0001 .remarks summary")), chromedp.Click(chromedp.CSS("#decision0001 .settle button")))
	noor.until("the comment is settled in place", `document.querySelector("#decision0001 .remarks summary").innerText.includes("settled")`)
	noor.until("what was unfolded stays so", `document.querySelector("#decision0001 .remarks").open`)
	noor.do(chromedp.Navigate(review))
	noor.move(incident.Submit)
	lena.do(chromedp.Navigate(review))
	lena.move(incident.Approve)
	lena.until("it is approved", `document.querySelector(".path .now").innerText.includes("approved")`)

	noor.do(chromedp.Navigate(record+"/fields/overview"), chromedp.WaitVisible(chromedp.CSS("#form-overview-title")))
	noor.types("#form-overview-title", "Again: ")
	noor.do(chromedp.Click(chromedp.CSS("#form-overview button[value=save]")), chromedp.WaitVisible(chromedp.CSS("#record")))

	lena.move(incident.ApprovePublic) // on the page as it was before the edit
	lena.until("the edit is shown, nothing is approved", `document.querySelector("section.clash ins") !== null && document.body.innerText.includes("voided the approval of Lena Falk")`)
	lena.accessible("review-clash")
	lena.picture("review-clash-light-780.png")
	for _, m := range []incident.ReviewMove{incident.Approve, incident.ApprovePublic, incident.Publish} {
		lena.move(m)
	}
	lena.until("it is published", `document.querySelector(".path .now").innerText.includes("published")`)
	public := asks[string](lena, fmt.Sprintf(`(() => { const r = new XMLHttpRequest(); r.open("GET", "/incidents/%d/export?audience=public&format=markdown", false); r.send(); return r.responseText })()`, in.billing))
	for text, told := range map[string]bool{"Erroneous card charges": true, "Voice and SMS were not affected": true, "Noor Haddad": false, "Who decided this?": false, "Again: ": false} {
		if strings.Contains(public, text) != told {
			t.Errorf("outsiders read %q: %t, want %t, in\n%s", text, !told, told, public)
		}
	}
}

func TestReviewPagesInABrowser(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := installed(t)
	ctx := context.Background()
	noor, lena := storetest.Person(t, in.store, "Tomás Reyes", incident.Responder), storetest.Person(t, in.store, "Ada Park", incident.Reviewer)
	step := func(by incident.Actor, m incident.ReviewMove, reason string) {
		t.Helper()
		_, err := in.store.Review(ctx, by, in.billing, store.Seen{}, incident.ReviewStep{Move: m, Reason: reason, Reviewers: []string{"Lena Falk", "Ada Park"}})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, on := range []string{"decision0001", "summary", ""} {
		_, err := in.store.Append(ctx, lena, in.billing, []incident.Part{&incident.Comment{On: on, Text: "Who *decided* this, and what did they know at the time?"}})
		if err != nil {
			t.Fatal(err)
		}
	}
	b.enters(in, "Lena Falk")
	page := fmt.Sprintf("%s/incidents/%d", in.url, in.billing)
	b.look("review-draft", page+"/review")
	step(noor, incident.Submit, "")
	step(lena, incident.Approve, "")
	step(lena, incident.ApprovePublic, "")
	_, err := in.store.Change(ctx, noor, in.billing, 0, func(in *incident.Incident) error {
		in.Summary += " Nobody was charged more than twice."
		in.Silenced = append(in.Silenced, incident.Silence{Rule: "no_figures", Reason: "Finance counts them."}, incident.Silence{Rule: "factor_without_evidence", Reason: "Known from the vendor."})
		in.Timeline = in.Timeline[:len(in.Timeline)-1]
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b.look("review-voided", page+"/review")
	b.look("history", page+"/history")
	b.look("history-compared", page+"/history?from=1&to=99")
	b.look("compare", page+"/compare")
	b.look("record-remarked", page)
	b.look("form-comment", page+"/parts/comments?on=decision0001")
	step(lena, incident.Approve, "")
	step(lena, incident.ApprovePublic, "")
	step(lena, incident.Publish, "Told to all customers by mail as well.")
	b.look("review-published", page+"/review")
	hostile := fmt.Sprintf("%s/incidents/%d", in.url, in.file(t, noor, filled(t, `"><script>alert(1)</script><img src=x onerror=alert(2)>`)))
	for _, path := range []string{"/review", "/compare", "/history?from=0&to=1"} {
		b.look("hostile"+strings.NewReplacer("/", "-", "?", "-").Replace(path), hostile+path)
	}
	b.look("compare-bare", fmt.Sprintf("%s/incidents/%d/compare", in.url, in.file(t, noor, &incident.Incident{Heading: incident.Heading{Title: "Bare"}})))
}
