package web

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	browsing "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store/storetest"
)

// tabsTo presses Tab until an element has the focus.
func (b *browser) tabsTo(selector string) {
	b.t.Helper()
	there := fmt.Sprintf("document.activeElement?.matches(%q) === true", selector)
	b.until("the page is awake for "+selector, fmt.Sprintf(`document.readyState === "complete" && document.querySelector(%q) !== null`, selector))
	for range 300 {
		if asks[bool](b, there) {
			return
		}
		b.presses(kb.Tab, 0)
	}
	b.t.Fatalf("Tab does not lead to %s on %s", selector, asks[string](b, "location.pathname"))
}

// goes presses Tab up to a link or button, and Enter.
func (b *browser) goes(selector string) {
	b.t.Helper()
	b.tabsTo(selector)
	b.presses(kb.Enter, 0)
}

// fills presses Tab up to a field and writes into it, after what stands there.
func (b *browser) fills(selector, text string) {
	b.t.Helper()
	b.tabsTo(selector)
	b.do(chromedp.KeyEvent(kb.End), chromedp.KeyEvent(text))
}

// finds goes to what the palette finds first.
func (b *browser) finds(words string) {
	b.t.Helper()
	b.until("the page is awake", `document.readyState === "complete"`)
	b.presses("k", chromedp.ModifierCtrl)
	b.until("the palette is open", `document.activeElement?.id === "palette-input"`)
	b.do(chromedp.KeyEvent(words))
	b.until(words+" is found", fmt.Sprintf(`document.querySelector("#palette-list li[aria-selected=true]")?.innerText.includes(%q) === true`, words))
	b.presses(kb.Enter, 0)
}

// signsIn opens a sign-in link and follows it by key.
func (b *browser) signsIn(in installation, name string) {
	b.t.Helper()
	b.do(chromedp.Navigate(in.url + "/sign-in?key=" + url.QueryEscape(in.link(b.t, name))))
	b.goes("main button")
	b.until(name+" is signed in", `location.pathname === "/incidents"`)
}

// All three jobs, filing, reviewing and exporting, by two people at once, each
// in a browser of their own, and nobody has a mouse.
func TestAPostmortemIsFiledReviewedAndExportedByKeyboardAlone(t *testing.T) {
	t.Parallel()
	in := empty(t)
	storetest.Person(t, in.store, "Noor Haddad", incident.Responder)
	storetest.Person(t, in.store, "Lena Falk", incident.Reviewer)
	noor, lena := newBrowser(t), newBrowser(t)
	noor.prefers("light", 1280)
	lena.prefers("light", 1280)
	noor.signsIn(in, "Noor Haddad")
	lena.signsIn(in, "Lena Falk")

	noor.filesByKey()
	lena.finds("Redis fell over")
	lena.until("the record is open", `document.querySelector("#record .timeline")?.innerText.includes("going to bed") === true`)
	noor.until("Noor sees that Lena is here", `document.querySelector(".live .here")?.innerText.includes("Lena Falk") === true`)

	noor.goes("a.chip.review")
	noor.fills("#form-review input[name=reviewer]", "Lena Falk")
	noor.presses(kb.Escape, 0) // the names that the browser offers
	noor.goes(`button[value="submit"]`)
	noor.until("it is in review", `document.querySelector(".path .now")?.innerText.includes("in review") === true`)

	lena.asksForChanges()
	noor.until("Noor sees the request where the page stands", `document.querySelector(".path .now").innerText.includes("draft") && document.body.innerText.includes("Who did that?")`)
	noor.goes(".around a")
	noor.until("the record is open", `document.querySelector("#record .remarks") !== null`)
	noor.goes(`.entry .edit[aria-label^="Edit"]`)
	noor.until("the entry is edited in place", `document.activeElement?.closest(".entry .form") != null`)
	noor.fills(".entry .form textarea", " by Ada")
	noor.presses(kb.Enter, chromedp.ModifierCtrl)
	noor.until("the edit is there, and the focus at its link", `!document.querySelector(".form:not(.quick)") && document.querySelector(".timeline").innerText.includes(" by Ada") && document.activeElement?.matches(".entry .edit") === true`)
	noor.goes("a.chip.review")
	noor.goes(`button[value="submit"]`)
	noor.until("it is in review again", `document.querySelector(".path .now")?.innerText.includes("in review") === true`)

	lena.approvesAndPublishes()
	noor.until("Noor sees that it is published", `document.querySelector(".path .now").innerText.includes("published")`)
	noor.exportsByKey(t)
}

// filesByKey files an incident with a timeline from a chat, and says what outsiders may read.
func (b *browser) filesByKey() {
	b.t.Helper()
	b.finds("File an incident")
	b.until("the form is open", `location.pathname === "/incidents/new"`)
	b.fills("#form-file-title", "Redis fell over")
	b.presses(kb.Enter, chromedp.ModifierCtrl)
	b.until("it is filed", `document.querySelector("#record h1")?.innerText === "Redis fell over"`)

	b.goes(`.tools a[href$="/paste"]`)
	b.until("the place to paste has the focus", `document.activeElement?.id === "paste-source"`)
	b.do(chromedp.KeyEvent(strings.ReplaceAll(chat, "\r\n", "\n")))
	b.goes("#form-paste button")
	b.until("the entries are asked about", `document.querySelectorAll(".pasted li").length === 20`)
	b.goes(`#form-confirm button[value=confirm]`)
	b.until("they are in the timeline", `document.querySelector("#record .timeline")?.innerText.includes("going to bed") === true`)

	b.goes(`#record a.edit[href$="/fields/public"]`)
	b.until("its form has the focus", `document.activeElement?.id === "form-public-public_title"`)
	b.do(chromedp.KeyEvent("Calls failed"))
	b.presses(kb.Tab, 0)
	b.do(chromedp.KeyEvent("Some calls failed for an hour."))
	b.presses(kb.Enter, chromedp.ModifierCtrl)
	b.until("it is saved, and the focus is where it was", `!document.querySelector("#form-public") && document.activeElement?.matches('a.edit[href$="/fields/public"]') === true`)
}

func (b *browser) asksForChanges() {
	b.t.Helper()
	b.goes(`.entry a[href*="comments?on="]`)
	b.until("the comment is written where the entry stands", `document.activeElement?.matches(".entry .form textarea") === true`)
	b.do(chromedp.KeyEvent("Who did that?"))
	b.presses(kb.Enter, chromedp.ModifierCtrl)
	b.until("the comment is there, and the focus is in its entry", `document.querySelector(".entry .remarks")?.textContent.includes("Who did that?") === true && document.activeElement?.closest(".entry") != null`)
	b.goes("a.chip.review")
	b.fills("#reason", "Say who did it")
	b.goes(`button[value="request_changes"]`)
	b.until("it is a draft again", `document.querySelector(".path .now")?.innerText.includes("draft") === true`)
}

// approvesAndPublishes stays on the page of review, which has to hear of everything by itself.
func (b *browser) approvesAndPublishes() {
	b.t.Helper()
	b.until("Lena sees that she is asked again", `document.querySelector('button[value="approve"]') !== null`)
	b.until("she is told of the edit", `document.querySelector("#form-review").innerText.includes("was edited since")`)
	b.goes(`button[value="approve"]`)
	b.until("the edit is shown before it is approved", `document.querySelector("section.clash ins")?.innerText.includes("Ada") === true`)
	b.goes(`button[value="approve"]`)
	b.until("it is approved", `document.querySelector(".path .now")?.innerText.includes("approved") === true`)
	b.goes(`button[value="approve_public"]`)
	b.until("the public version is approved", `document.querySelector('button[value="publish"]') !== null`)
	b.goes(`button[value="publish"]`)
	b.until("it is published", `document.querySelector(".path .now")?.innerText.includes("published") === true`)
}

// exportsByKey downloads the record as a post of a blog.
func (b *browser) exportsByKey(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	if _, err := chromedp.CallBrowser(b.ctx, browsing.SetDownloadBehavior, browsing.SetDownloadBehaviorParams{Behavior: browsing.SetDownloadBehaviorBehaviorAllow, DownloadPath: dir}); err != nil {
		t.Fatal(err)
	}
	b.goes(`.around a[href$="/preview"]`)
	b.tabsTo("#pick-format")
	b.do(chromedp.KeyEvent("pelican"))
	b.tabsTo("#pick-audience")
	b.do(chromedp.KeyEvent("public"))
	b.goes(".choices button")
	b.until("the post is shown", `document.querySelector("pre.framed")?.innerText.includes("title: Calls failed") === true`)
	b.goes("a.button[download]")
	var text []byte
	for began := time.Now(); time.Since(began) < 20*time.Second && len(text) == 0; time.Sleep(50 * time.Millisecond) {
		found, err := filepath.Glob(filepath.Join(dir, "*.markdown"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range found {
			if text, err = os.ReadFile(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	if !strings.Contains(string(text), "title: Calls failed") || strings.Contains(string(text), "Noor Haddad") || strings.Contains(string(text), "Who did that?") {
		t.Errorf("the downloaded post is %q, want what outsiders may read", text)
	}
}
