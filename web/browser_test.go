package web

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store/storetest"
)

// go test ./web -run Browser -screenshots DIR
var screenshots = flag.String("screenshots", "", "write a picture of every page, light and dark, wide and narrow, into this folder")

// chromium is a browser on this machine. Without one its tests are left out,
// unless all of them were asked for.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			return found
		}
	}
	if os.Getenv("DEBRIEF_TEST_ALL") == "1" {
		t.Fatal("no Chromium on this machine, and DEBRIEF_TEST_ALL=1 asks for all tests: install chromium")
	}
	t.Skip("left out: no Chromium on this machine")
	return ""
}

// watched runs in every page before anything of its own: what the page's policy
// keeps from happening is told to the test.
const watched = `addEventListener("securitypolicyviolation", e => forbidden(e.violatedDirective + " " + e.blockedURI + " " + e.sourceFile + ":" + e.lineNumber + " " + e.sample), true)`

// browser is a Chromium whose complaints are kept. What it complained of, and
// the test did not ask for, fails the test.
type browser struct {
	t   *testing.T
	ctx context.Context

	mu         sync.Mutex
	complaints []string
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium(t)), chromedp.NoSandbox, chromedp.Flag("disable-component-update", true))
	ctx, end := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(end)
	ctx, closeTab := chromedp.NewContext(ctx)
	t.Cleanup(closeTab)
	b := &browser{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if _, err := cdp.Call(ctx, t, runtime.AddBinding, runtime.AddBindingParams{Name: "forbidden"}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: watched})
		return err
	}))
	t.Cleanup(b.quiet)
	return b
}

// quiet fails the test when the browser had something to complain of.
func (b *browser) quiet() {
	if !b.t.Failed() {
		asks[bool](b, "true") // what it says comes before its answer
	}
	for _, complaint := range b.heard() {
		b.t.Errorf("the browser says %s", complaint)
	}
}

// hear keeps what the browser's console says. That a page is answered with 401
// or 404, or not at all, is what was asked for.
func (b *browser) hear(event any) {
	text := ""
	switch e := event.(type) {
	case *log.EventEntryAdded:
		if e.Entry.Source != log.EntrySourceNetwork || strings.Contains(e.Entry.URL, "/static/") {
			text = e.Entry.Text
		}
	case *runtime.EventConsoleAPICalled:
		text = fmt.Sprintf("console.%s", e.Type)
		for _, a := range e.Args {
			text += fmt.Sprintf(" %s%s", a.Value, a.Description)
		}
	case *runtime.EventExceptionThrown:
		text = e.ExceptionDetails.Text
	case *runtime.EventBindingCalled:
		text = "it kept from happening: " + e.Payload
	case *page.EventJavascriptDialogOpening:
		text = fmt.Sprintf("a dialog opened: %s", e.Message)
		go func() {
			_, _ = chromedp.Call(b.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{}) // the page waits for it
		}()
	}
	if text != "" && !strings.Contains(text, "Failed to fetch") {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.complaints = append(b.complaints, text)
	}
}

// heard gives the complaints so far, and forgets them.
func (b *browser) heard() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := b.complaints
	b.complaints = nil
	return all
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// asks runs a script from outside the page, where its policy has no say.
func asks[T any](b *browser, script string) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script))
	if err != nil {
		b.t.Fatalf("%s: %v", script, err)
	}
	return value
}

// prefers sets the colours and the width in pixels.
func (b *browser) prefers(scheme string, width int64) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, 900), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	}))
}

// look opens a page and checks, in every width and both colours, what no server can know. A picture is kept when they
// were asked for.
func (b *browser) look(name, address string) {
	b.t.Helper()
	b.prefers("light", 1280)
	b.do(chromedp.Navigate(address))
	if rules := asks[int](b, "document.styleSheets.length && document.styleSheets[0].cssRules.length"); rules == 0 {
		b.t.Errorf("page %s has no style", name)
	}
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{1280, 390, 320, 768, 1920} {
			if scheme == "dark" && width != 1280 && width != 390 {
				continue // colours change no widths
			}
			b.prefers(scheme, width)
			if over := asks[int](b, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); over > 0 {
				b.t.Errorf("page %s is %d pixels too wide at %d", name, over, width)
			}
			switch shown := fmt.Sprintf("%s, %s, %d pixels", name, scheme, width); {
			case scheme == "dark":
				b.accessible(shown, "color-contrast") // nothing else is different
			case width == 1280 || width == 390:
				b.accessible(shown)
			}
			b.picture(fmt.Sprintf("%s-%s-%d.png", name, scheme, width))
		}
	}
	for _, complaint := range b.heard() {
		b.t.Errorf("page %s: the browser says %s", name, complaint)
	}
}

func (b *browser) picture(name string) {
	b.t.Helper()
	if *screenshots == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatalf("take a picture: %v", err)
	}
	if err := os.MkdirAll(*screenshots, 0o700); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*screenshots, name), png, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

func TestPagesInABrowser(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := installed(t)
	b.look("signed-out", in.url+"/")
	b.look("asked", fmt.Sprintf("%s/incidents/%d", in.url, in.billing))
	link := in.url + "/sign-in?key=" + url.QueryEscape(in.link(t, "Noor Haddad"))
	b.look("sign-in", link)
	res, err := chromedp.RunResponse(b.ctx, chromedp.Click(chromedp.CSS("main button")))
	if err != nil || res.Status != http.StatusOK {
		t.Fatalf("a click on Sign in leads to %v, %v", res, err)
	}
	if at := asks[string](b, "location.pathname"); at != "/incidents" {
		t.Errorf("a click on Sign in leads to %s, want /incidents", at)
	}
	b.look("list", in.url+"/incidents")
	b.look("list-none", in.url+"/incidents?q=unheardof")
	b.look("record", fmt.Sprintf("%s/incidents/%d", in.url, in.billing))
	b.look("record-bare", fmt.Sprintf("%s/incidents/%d", in.url, in.private))
	noor := storetest.Person(t, in.store, "Filer", incident.Responder)
	for name, text := range map[string]string{
		"hostile": `"><script>alert(1)</script><img src=x onerror=alert(2)>`,
		"wide":    strings.Repeat("W", 60),
		"arabic":  "تعطل الدفع `redis-01` 🔥 \u202e قلب",
	} {
		b.look("record-"+name, fmt.Sprintf("%s/incidents/%d", in.url, in.file(t, noor, filled(t, text))))
	}
	b.look("list-odd", in.url+"/incidents")
	b.look("not-found", in.url+"/incidents/9999")
	b.look("account", in.url+"/account")
	b.look("people", in.url+"/people")
	res, err = chromedp.RunResponse(b.ctx, chromedp.Click(chromedp.CSS(".me button")))
	if err != nil || res.Status != http.StatusOK || asks[string](b, "location.pathname") != "/" {
		t.Errorf("a click on Sign out leads to %v, %v", res, err)
	}
	b.look("link-used", link)
	b.do(chromedp.Click(chromedp.CSS("main button")), chromedp.WaitVisible(chromedp.CSS(".eyebrow")))
	if title := asks[string](b, "document.querySelector('h1').textContent"); title != "This link doesn’t sign you in" {
		t.Errorf("a used link leads to %q", title)
	}
}

func TestAnEmptyInstallationTeachesInABrowser(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := empty(t)
	storetest.Person(t, in.store, "First", incident.Admin)
	b.do(chromedp.Navigate(in.url + "/sign-in?key=" + url.QueryEscape(in.link(t, "First"))))
	if _, err := chromedp.RunResponse(b.ctx, chromedp.Click(chromedp.CSS("main button"))); err != nil {
		t.Fatal(err)
	}
	b.look("list-empty", in.url+"/incidents")
	if text := asks[string](b, "document.body.innerText"); !strings.Contains(text, "debrief file") {
		t.Error("the empty list doesn't say how to file an incident")
	}
	b.look("people-admin", in.url+"/people")
	b.heard()
	asks[bool](b, "document.body.setAttribute('style', 'color: red') || true")
	b.do(chromedp.Sleep(50 * time.Millisecond)) // the complaint comes from another process
	if !strings.Contains(strings.Join(b.heard(), "\n"), "kept from happening: style-src") {
		t.Error("the browser took a style from inside the page without a word: the policy doesn't hold, or this test is deaf")
	}
}
