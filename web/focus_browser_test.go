package web

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

func TestTheFocusGoesBackToTheWayThatAFormCameBy(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := installed(t)
	first := entryOf(t, in, 0)
	b.enters(in, "Noor Haddad")
	b.do(chromedp.Navigate(fmt.Sprintf("%s/incidents/%d", in.url, in.billing)))
	add := `a[href$="/parts/timeline"]`
	opens := func(way string) {
		b.until("the page is awake", `document.querySelector('`+way+`')?.hasAttribute("data-htmx-powered") && !document.querySelector("form.form")`)
		b.do(chromedp.Click(chromedp.CSS(way)), chromedp.WaitVisible(chromedp.CSS("form.form .do button")))
		b.until("the form is awake", `document.querySelector("form.form").hasAttribute("data-htmx-powered") && document.activeElement.closest("form.form") !== null`)
	}
	back := func(after string) {
		b.until("after "+after+" the focus is on Add", `!document.querySelector("form.form") && document.activeElement.matches('`+add+`')`)
	}
	opens(add)
	b.do(chromedp.Click(chromedp.CSS("form.form .cancel")))
	back("leaving a new entry")
	opens(add)
	b.types("#form-timeline-new-text", "One more")
	b.do(chromedp.Click(chromedp.CSS("form.form button[value=save]")))
	back("adding an entry")
	opens(`a[href$="/parts/timeline/` + first.ID + `"]`)
	b.do(chromedp.Click(chromedp.CSS("form.form button[value=remove]")))
	back("removing an entry")
}
