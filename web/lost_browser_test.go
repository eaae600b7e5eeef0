package web

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// A process that is stopped in mid-edit, and another one that takes its place: with a pool, caches and streams of its own.
func TestTheServerIsRestartedInMidEditAndTheEditIsThere(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	address := storetest.URL(t)
	in := inhabited(t, running(t, storetest.Open(t, address)))
	pull, plug := pluggable(t, &in)
	b.enters(in, "Noor Haddad")
	page := fmt.Sprintf("%s/incidents/%d", in.url, in.billing)
	b.do(chromedp.Navigate(page), chromedp.Click(chromedp.CSS(`a[href$="/fields/overview"]`)))
	b.types("#form-overview-summary", "Typed before, ")
	pull()
	b.until("the loss is said", `!document.querySelector(".live .lost").hidden`)
	b.do(chromedp.KeyEvent("typed while it was out. "))
	b.until("what is typed is kept on the device", `Object.keys(localStorage).some(k => localStorage[k].includes("while it was out"))`)
	in.store = storetest.Open(t, address)
	plug()
	b.until("the page has found the new server", `document.querySelector(".live .lost").hidden`)
	if text := asks[string](b, `document.activeElement.value`); !strings.Contains(text, "Typed before, typed while it was out. ") {
		t.Errorf("the text in focus is %q", text)
	}
	b.do(chromedp.Navigate("about:blank"), chromedp.Navigate(page), chromedp.Click(chromedp.CSS(`a[href$="/fields/overview"]`)))
	b.until("what was typed is back in a page loaded anew", `document.querySelector("#form-overview-summary")?.value.includes("Typed before, typed while it was out. ") === true`)
	b.do(chromedp.Click(chromedp.CSS("#form-overview button[value=save]")))
	b.until("it is saved", `!document.querySelector("#form-overview") && document.querySelector(".lede").innerText.includes("Typed before, typed while it was out.")`)
	found, err := in.store.Incident(context.Background(), store.System(), in.billing)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(found.Summary, "Typed before, typed while it was out.") {
		t.Errorf("the new server holds %q", found.Summary)
	}
}

func TestTwoPeopleEditOneParagraphAndNeitherTextIsLost(t *testing.T) {
	t.Parallel()
	in := installed(t)
	noor, lena := newBrowser(t), newBrowser(t)
	page := fmt.Sprintf("%s/incidents/%d", in.url, in.billing)
	for name, b := range map[string]*browser{"Noor Haddad": noor, "Lena Falk": lena} {
		b.enters(in, name)
		b.do(chromedp.Navigate(page), chromedp.Click(chromedp.CSS(`a[href$="/fields/overview"]`)))
		b.types("#form-overview-summary", "Text of "+name+". ")
	}
	save := chromedp.Click(chromedp.CSS("#form-overview button[value=save]"))
	noor.do(save)
	noor.until("Noor was first", `!document.querySelector("#form-overview") && document.querySelector(".lede").innerText.includes("Text of Noor Haddad.")`)
	lena.until("Lena sees Noor's text above her form, which stands", `document.querySelector(".lede").innerText.includes("Text of Noor Haddad.") && document.querySelector("#form-overview-summary").value.includes("Text of Lena Falk. ")`)
	lena.do(save)
	lena.until("Lena is shown both texts", `document.querySelector(".theirs")?.innerText.includes("Text of Noor Haddad.") === true && document.querySelector("#form-overview-summary").value.includes("Text of Lena Falk. ")`)
	lena.shots("record-clash")
	lena.types("#form-overview-summary", "Text of Noor Haddad. ")
	lena.do(save)
	lena.until("both are saved", `!document.querySelector("#form-overview") && /Text of Noor Haddad/.test(document.querySelector(".lede").innerText) && /Text of Lena Falk/.test(document.querySelector(".lede").innerText)`)
	noor.until("Noor sees both", `/Text of Noor Haddad/.test(document.querySelector(".lede").innerText) && /Text of Lena Falk/.test(document.querySelector(".lede").innerText)`)
}
