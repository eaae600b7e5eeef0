package web

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// One person tells customers what is going on, and corrects it, without a mouse.
func TestAMessageIsWrittenSentAndCorrectedByKeyboardAlone(t *testing.T) {
	t.Parallel()
	in := empty(t)
	noor := storetest.Person(t, in.store, "Noor Haddad", incident.Responder)
	record := &incident.Incident{PublicTitle: "Calls failed", PublicSummary: "Some calls fail.", Impacts: []incident.Impact{{Component: "Voice", Kind: incident.Availability, Level: incident.MajorOutage, Audience: incident.AudiencePublic}}}
	record.Title = "Redis fell over"
	n := in.file(t, noor, record)
	b := newBrowser(t)
	b.prefers("light", 1280)
	b.signsIn(in, "Noor Haddad")
	b.do(chromedp.Navigate(fmt.Sprintf("%s/incidents/%d", in.url, n)))

	b.goes(`#record a.edit[href$="/parts/messages"]`)
	b.until("the form is open where it stands", `document.activeElement?.closest("#form-messages-new") != null`)
	b.goes(`.starts a[href$="wording=identified"]`)
	b.until("the wording is there, with the focus in it", `document.activeElement?.value === "We have found the cause of the problem with Voice, and are working on it."`)
	b.do(chromedp.KeyEvent(" Calls in ten fail."))
	b.presses("\r", chromedp.ModifierCtrl)
	b.until("the draft stands in the record", `document.querySelector("#record .message.draft") !== null && !document.querySelector("#form-messages-new")`)

	b.goes(".message.draft a.send")
	b.until("what customers will read is shown", `document.querySelector(".as-read")?.innerText.includes("Calls in ten fail.") === true`)
	b.goes(".sending form button")
	b.until("it is sent, and by whom", `document.querySelector(".sending [role=status]")?.innerText.includes("Sent by Noor Haddad") === true`)

	b.goes(`.sending a[href*="corrects="]`)
	b.until("the correction begins with the same words", `document.querySelector("textarea[name=body]")?.value.includes("Calls in ten fail.") === true`)
	b.tabsTo("textarea[name=body]")
	b.presses("a", chromedp.ModifierCtrl)
	b.do(chromedp.KeyEvent("One call in ten fails."))
	b.presses("\r", chromedp.ModifierCtrl)
	b.until("the correction is a draft in the record", `document.querySelector("#record .message.draft") !== null`)
	b.goes(".message.draft a.send")
	b.until("the sender sees both wordings", `document.querySelector(".facts blockquote")?.innerText.includes("Calls in ten fail.") === true`)
	b.goes(".sending form button")
	b.until("the correction is sent", `document.querySelector(".sending [role=status]") !== null`)
	page, _, err := in.store.StatusPage(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	updates := page.Open[0].Updates()
	if len(updates) != 1 || updates[0].Body != "One call in ten fails." || len(updates[0].Earlier) != 1 {
		t.Errorf("outsiders read %+v, want the correction in the place of what it corrects", updates)
	}
}

func TestACorrectionIsWrittenWhereTheMessageStands(t *testing.T) {
	t.Parallel()
	in := installed(t)
	id := in.drafted(t, store.System(), in.billing, nil)
	if _, err := in.store.Send(context.Background(), store.System(), in.billing, id, 0); err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t)
	b.enters(in, "Noor Haddad")
	b.do(chromedp.Navigate(fmt.Sprintf("%s/incidents/%d", in.url, in.billing)))
	b.goes(fmt.Sprintf(`.message.sent .edit[href$="corrects=%s"]`, id))
	b.until("the form is where the message stands", fmt.Sprintf(`document.activeElement?.closest(".message.sent #form-corrects-%s") != null`, id))
	b.tabsTo("textarea[name=body]")
	b.presses("a", chromedp.ModifierCtrl)
	b.do(chromedp.KeyEvent("Three cards were charged twice."))
	b.presses("\r", chromedp.ModifierCtrl)
	b.until("both stand, and the focus is where it was", fmt.Sprintf(`!document.querySelector(".form:not(.quick)") && document.querySelector('.message.draft a[href="#%[1]s"]') !== null && document.activeElement?.matches('.edit[href$="corrects=%[1]s"]') === true`, id))
}

func TestSendingInABrowser(t *testing.T) {
	t.Parallel()
	in := installed(t)
	b := newBrowser(t)
	b.enters(in, "Noor Haddad")
	corrects := in.drafted(t, store.System(), in.billing, nil)
	if _, err := in.store.Send(context.Background(), store.System(), in.billing, corrects, 0); err != nil {
		t.Fatal(err)
	}
	draft := in.drafted(t, store.System(), in.billing, func(m *incident.Message) { m.Corrects, m.Status = corrects, "monitoring" })
	refused := in.drafted(t, store.System(), in.billing, func(m *incident.Message) { m.Audience = incident.AudienceInternal })
	page := fmt.Sprintf("%s/incidents/%d", in.url, in.billing)
	b.look("send", page+"/messages/"+draft+"/send")
	b.look("send-refused", page+"/messages/"+refused+"/send")
	b.look("send-sent", page+"/messages/"+corrects+"/send")
	b.look("form-wording", page+"/parts/messages?wording=resolved")
	b.look("said-drafts", page+"/said")
	b.look("record-sent", page)
}
