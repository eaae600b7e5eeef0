package web

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	keyboard "github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestTimelinePagesInABrowser(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := installed(t)
	b.enters(in, "Noor Haddad")
	page := fmt.Sprintf("%s/incidents/%d", in.url, in.billing)
	b.look("said", page+"/said")
	b.look("paste", page+"/paste")
	b.types("#paste-source", chat+"\n03/04 10:00 what day?\n04:40 the key is AKIA"+"Q3EGRWHJ5T2MZ7XB")
	b.do(chromedp.Click(chromedp.CSS("#form-paste button")), chromedp.WaitVisible(chromedp.CSS("#form-confirm")))
	b.shots("paste-confirm")
}

// presses is a key pressed, perhaps with another held.
func (b *browser) presses(key string, held chromedp.Modifier) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(key, chromedp.KeyModifiers(held)))
}

// hits presses letters as a keyboard does: what the page does about each decides
// whether it is written anywhere.
func (b *browser) hits(letters ...string) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		for _, letter := range strings.Split(strings.Join(letters, ""), "") {
			for _, p := range []keyboard.DispatchKeyEventParams{
				{Type: keyboard.DispatchKeyEventTypeKeyDown, Key: letter, Text: letter}, {Type: keyboard.DispatchKeyEventTypeKeyUp, Key: letter},
			} {
				if _, err := cdp.Call(ctx, t, keyboard.DispatchKeyEvent, p); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

// The story of the morning after, told by the keyboard alone.
func TestATimelineIsWrittenFromTheKeyboard(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := installed(t)
	b.enters(in, "Noor Haddad")
	b.prefers("light", 1280)
	b.do(chromedp.Navigate(in.url+"/incidents/new"), chromedp.Focus(chromedp.CSS("#form-file-title")), chromedp.KeyEvent("Redis fell over"))
	b.presses(kb.Enter, chromedp.ModifierCtrl)
	b.until("the incident is filed", `document.querySelector("#record h1")?.innerText === "Redis fell over"`)
	b.until("its page is awake", `document.readyState === "complete"`)
	record := asks[string](b, "location.pathname")

	b.hits("n")
	b.until("a new entry is written", `document.activeElement?.id === "form-timeline-new-text"`)
	b.do(chromedp.KeyEvent("Somebody calls"))
	b.presses(kb.Enter, chromedp.ModifierCtrl)
	b.until("the next one follows", `document.querySelector(".timeline").innerText.includes("Somebody calls") && document.activeElement?.id === "form-timeline-new-text" && document.activeElement.value === ""`)
	b.do(chromedp.KeyEvent("One after another"))
	b.presses(kb.Enter, chromedp.ModifierCtrl)
	b.until("and the next", `document.querySelector(".timeline").innerText.includes("One after another") && document.activeElement?.value === ""`)

	b.do(chromedp.Navigate(in.url + record))
	b.hits("l")
	b.do(chromedp.KeyEvent("09:12 bob: restarted the master"))
	b.until("the line is understood", `document.querySelector("#quick-read").innerText.includes("action · bob")`)
	b.presses(kb.Enter, 0)
	b.until("the line is noted", `document.querySelector(".timeline").innerText.includes("restarted the master") && document.querySelector("#quick-line").value === ""`)
	b.do(chromedp.KeyEvent("03/04 10:00 on which day"))
	b.presses(kb.Enter, 0)
	b.until("the whole form opens", `document.querySelector("#form-timeline-new .fault")?.innerText.includes("3 April") === true && document.activeElement?.id === "form-timeline-new-at"`)

	b.pastesByKey(in.url + record)
}

// pastesByKey pastes a chat, finds a time in it and moves an entry, by the keyboard alone.
func (b *browser) pastesByKey(page string) {
	b.t.Helper()
	b.do(chromedp.Navigate(page+"/paste"), chromedp.KeyEvent(strings.ReplaceAll(chat, "\r\n", "\n")+"\n[04:30] bob: me too"))
	b.presses(kb.Tab, 0)
	for range 4 { // the day, in three parts and its picker
		b.presses(kb.Tab, 0)
	}
	if at := asks[string](b, "document.activeElement?.innerText ?? ''"); at != "Read it" {
		b.t.Fatalf("Tab leads to %q, want the button", at)
	}
	b.presses(kb.Enter, 0)
	b.until("twenty-one entries are asked about", `document.querySelectorAll(".pasted li").length === 21`)
	b.do(chromedp.Focus(chromedp.CSS("#text-0")), chromedp.KeyEvent("!"))
	b.presses(kb.Enter, chromedp.ModifierCtrl)
	b.until("they are in the timeline", `location.hash !== "" && document.querySelector(".timeline")?.innerText.includes("going to bed") === true`)

	b.hits("g")
	b.do(chromedp.KeyEvent("04:21"))
	b.presses(kb.Enter, 0)
	b.until("the time is found", `document.activeElement?.innerText.includes("telling customers") === true`)
	b.hits("g")
	b.do(chromedp.KeyEvent(kb.Home), chromedp.KeyEvent(strings.Repeat(kb.Delete, 5)+"04:30"))
	b.presses(kb.Enter, 0)
	b.until("the crowded minute is found", `document.activeElement?.innerText.includes("going to bed") === true`)
	b.presses(kb.ArrowDown, chromedp.ModifierAlt)
	b.until("it stands after the other", `document.querySelector(".timeline").innerText.match(/me too[^]*going to bed/) !== null && document.activeElement?.closest(".entry")?.innerText.includes("going to bed") === true`)
	b.presses(kb.ArrowUp, chromedp.ModifierAlt)
	b.until("and before it again", `document.querySelector(".timeline").innerText.match(/going to bed[^]*me too/) !== null`)

	b.hits("?")
	b.until("the keys are listed", `document.querySelector("#keys").open`)
	b.accessible("keys")
	b.picture("keys-light-1280.png")
	b.prefers("dark", 390)
	b.picture("keys-dark-390.png")
	b.prefers("light", 1280)
	b.presses(kb.Escape, 0)
	b.until("the list is closed", `!document.querySelector("#keys").open`)
}

func TestWhatIsTypedBeforeTheFormIsThereIsNotLost(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := installed(t)
	slowed(t, &in, 700*time.Millisecond)
	b.enters(in, "Noor Haddad")
	b.do(chromedp.Navigate(fmt.Sprintf("%s/incidents/%d", in.url, in.billing)))
	b.hits("n", "Somebody calls")
	b.until("the form has what was typed", `document.querySelector("#form-timeline-new-text")?.value === "Somebody calls"`)
	b.presses(kb.Enter, chromedp.ModifierCtrl)
	b.hits("then another does")
	b.until("the first is saved, and the next has what was typed", `document.querySelector(".timeline").innerText.includes("Somebody calls") && document.querySelector("#form-timeline-new-text")?.value === "then another does"`)
	if text := asks[string](b, `[...document.querySelectorAll(".timeline .entry")].map(e => e.innerText).join()`); strings.Contains(text, "callsthen") {
		t.Error("what was typed for the next entry is in the first")
	}
	b.presses(kb.Enter, chromedp.ModifierCtrl)
	b.until("the second is saved", `document.querySelector(".timeline").innerText.includes("then another does")`)

	b.do(chromedp.Navigate(fmt.Sprintf("%s/incidents/%d", in.url, in.billing)))
	b.until("htmx is awake", `document.querySelector("#quick")?.hasAttribute("data-htmx-powered") === true`)
	b.hits("l")
	b.do(chromedp.KeyEvent("09:12 bob: restarted it"))
	b.presses(kb.Enter, 0)
	b.hits("09:13 bob: it is back")
	b.until("the first line is noted, the second is there", `document.querySelector(".timeline").innerText.includes("restarted it") && document.querySelector("#quick-line").value === "09:13 bob: it is back"`)
}

func TestAnEntryWhoseIDBeginsWithADigitIsEditedWhereItStands(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := installed(t)
	record := &incident.Incident{Timeline: []incident.Entry{{PartHead: incident.PartHead{ID: "0123456789ab"}, Text: "x", Kind: incident.EntryAction}}}
	record.Title = "Any"
	n := in.file(t, storetest.Person(t, in.store, "Filer", incident.Responder), record)
	b.enters(in, "Noor Haddad")
	b.do(chromedp.Navigate(fmt.Sprintf("%s/incidents/%d", in.url, n)), chromedp.Click(chromedp.CSS(".entry .edit")))
	b.until("the form is in its place", `document.getElementById("0123456789ab")?.querySelector(".form") != null`)
}

func TestManyLinesInOneTextAreOfferedAsEntries(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := installed(t)
	b.enters(in, "Noor Haddad")
	b.do(chromedp.Navigate(fmt.Sprintf("%s/incidents/%d", in.url, in.billing)))
	b.hits("n")
	b.until("a new entry is written", `document.activeElement?.id === "form-timeline-new-text"`)
	asks[bool](b, `const area = document.activeElement; area.value = "02:42 a\n02:43 b\n02:44 c"; area.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertFromPaste" }))`)
	b.until("entries are offered", `document.querySelector(".split")?.innerText === "These are 3 lines: make 3 entries of them?"`)
	b.do(chromedp.Click(chromedp.CSS(".split")), chromedp.WaitVisible(chromedp.CSS("#form-confirm")))
	if n := asks[int](b, `document.querySelectorAll(".pasted li").length`); n != 3 {
		t.Errorf("%d entries are asked about, want 3", n)
	}
}

func TestAnEntryIsDraggedWithinItsMinute(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := installed(t)
	n, ids := crowded(t, in, "a b c")
	b.enters(in, "Noor Haddad")
	b.do(chromedp.Navigate(fmt.Sprintf("%s/incidents/%d", in.url, n)), chromedp.WaitVisible(chromedp.CSS(".grip")))
	asks[bool](b, fmt.Sprintf(`(() => {
		const data = new DataTransfer(), fire = (node, type) => node.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
		fire(document.getElementById("%[1]s").querySelector(".grip"), "dragstart");
		fire(document.getElementById("%[2]s"), "dragover");
		return fire(document.getElementById("%[2]s"), "drop") || true;
	})()`, ids["a"], ids["c"]))
	b.until("it stands where it was dropped", `[...document.querySelectorAll(".entry .prose")].map(p => p.innerText.trim()).join(" ") === "b c a"`)
}

// shots takes pictures of a page that can't be opened again.
func (b *browser) shots(name string) {
	b.t.Helper()
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{1280, 390, 320} {
			b.prefers(scheme, width)
			if over := asks[int](b, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); over > 0 {
				b.t.Errorf("page %s is %d pixels too wide at %d", name, over, width)
			}
			for _, complaint := range b.heard() {
				b.t.Errorf("page %s, %s, %d pixels: the browser says %s", name, scheme, width, complaint)
			}
			b.picture(fmt.Sprintf("%s-%s-%d.png", name, scheme, width))
		}
		b.accessible(name + ", " + scheme)
	}
}
