package web

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// axeVersion is that of axe-core, which knows most of what makes a page hard to
// use for people with disabilities (https://github.com/dequelabs/axe-core).
const axeVersion = "4.14.1"

// axeSource gets axe-core from npm, once a machine.
var axeSource = sync.OnceValues(func() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "debrief-test", "axe-core-"+axeVersion)
	file := filepath.Join(dir, "node_modules", "axe-core", "axe.min.js")
	if text, err := os.ReadFile(file); err == nil {
		return string(text), nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "npm", "install", "--prefix", dir, "--ignore-scripts", "--no-save", "--no-audit", "--no-fund", "axe-core@"+axeVersion)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm install axe-core: %w\n%s", err, out)
	}
	text, err := os.ReadFile(file)
	return string(text), err
})

// axe is the source of axe-core. Without npm its checks are left out, unless
// all were asked for.
func axe(t *testing.T) string {
	t.Helper()
	source, err := axeSource()
	switch {
	case err == nil:
		return source
	case os.Getenv("DEBRIEF_TEST_ALL") == "1":
		t.Fatalf("DEBRIEF_TEST_ALL=1 asks for all tests: %v", err)
	default:
		t.Log("axe-core's checks are left out: ", err)
	}
	return ""
}

// violation is something that axe-core found.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// accessible checks the page that is open, by those rules of axe-core or by all.
func (b *browser) accessible(name string, rules ...string) {
	b.t.Helper()
	for _, v := range b.violations(name, rules...) {
		for _, n := range v.Nodes {
			b.t.Errorf("page %s: %s (%s): %.300s\n%s", name, v.Help, v.ID, n.HTML, strings.TrimSpace(n.Summary))
		}
	}
}

// violations are what axe-core finds on the page that is open.
func (b *browser) violations(name string, rules ...string) (all []violation) {
	b.t.Helper()
	source := axe(b.t)
	if source == "" {
		return nil
	}
	options := map[string]any{"resultTypes": []string{"violations"}}
	if len(rules) > 0 {
		options["runOnly"] = rules
	}
	choice, err := json.Marshal(options)
	if err != nil {
		b.t.Fatal(err)
	}
	if !asks[bool](b, `"axe" in window`) {
		asks[int](b, source+";0")
	}
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	found, err := chromedp.Run(ctx, chromedp.Evaluate[string](`axe.run(document, `+string(choice)+`).then(r => JSON.stringify(r.violations))`, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("page %s: axe-core did not run: %v", name, err)
	}
	if err := json.Unmarshal([]byte(found), &all); err != nil {
		b.t.Fatal(err)
	}
	return all
}

func TestAxeHearsWhatIsWrong(t *testing.T) {
	t.Parallel()
	if axe(t) == "" {
		t.Skip("left out: no axe-core on this machine")
	}
	b := newBrowser(t)
	b.do(chromedp.Navigate("data:text/html,<img src=x><input>"))
	if n := len(b.violations("broken")); n < 3 {
		t.Errorf("axe-core finds %d faults on a page full of them", n)
	}
}
