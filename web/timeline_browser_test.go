package web

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
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
	}
}
