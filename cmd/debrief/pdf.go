package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
)

const (
	pdf       = "pdf" // a format of the command line: the server never runs a browser
	printTime = time.Minute
)

// browsers are the programs that print, by the names that they have on a PATH.
var browsers = []string{
	"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "microsoft-edge-stable", "msedge",
}

// bundles are the same on macOS, below /Applications or a home's.
var bundles = []string{
	"Chromium.app/Contents/MacOS/Chromium", "Google Chrome.app/Contents/MacOS/Google Chrome", "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
}

// browser finds the one to print with.
func (a *app) browser() (string, error) {
	const get = `install one ("apt-get install chromium", "brew install --cask chromium", or Chrome or Edge), or name yours in DEBRIEF_CHROMIUM`
	if a.Chromium != "" {
		path, err := exec.LookPath(a.Chromium)
		if err != nil {
			return "", &usageError{fmt.Errorf("DEBRIEF_CHROMIUM names %s, which is no program: correct it, or unset it", a.Chromium)}
		}
		return path, nil
	}
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	if runtime.GOOS == "darwin" {
		home, _ := os.UserHomeDir()
		for _, dir := range []string{"/Applications", filepath.Join(home, "Applications")} {
			for _, bundle := range bundles {
				if path, err := exec.LookPath(filepath.Join(dir, bundle)); err == nil {
					return path, nil
				}
			}
		}
	}
	return "", incident.Refuse(incident.Unsupported, "", "there is no Chromium to print a PDF with: "+get+`; "--format html" prints well from any browser`)
}

// exportPDF prints the HTML export.
func (a *app) exportPDF(ctx context.Context, n incident.Number, form client.Form) (client.Document, error) {
	path, err := a.browser()
	if err != nil {
		return client.Document{}, err
	}
	form.Format = "html"
	doc, err := a.client().Export(ctx, n, form)
	if err != nil {
		return doc, err
	}
	doc.Name = strings.TrimSuffix(doc.Name, filepath.Ext(doc.Name)) + ".pdf"
	doc.MediaType = "application/pdf"
	defer a.slowly(func() string { return "printing with " + filepath.Base(path) })()
	doc.Text, err = printPDF(ctx, path, doc.Text)
	return doc, err
}

// alone begins the page that is printed: it loads nothing and runs no script.
// (Chromium prints nothing at all with scripts switched off.)
const alone = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`

// printPDF has a browser print a page, in a profile of its own that is gone
// afterwards, without network and scripts.
func printPDF(ctx context.Context, browser string, page []byte) ([]byte, error) {
	dir, err := os.MkdirTemp("", "debrief-print-")
	if err != nil {
		return nil, fmt.Errorf("make a place to print in: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	from, to := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.pdf")
	doctype, rest, found := bytes.Cut(page, []byte("<head>"))
	if !found {
		return nil, errors.New("the server's HTML has no head: is it of this version?")
	}
	page = slices.Concat(doctype, []byte("<head>"+alone), rest)
	if err := os.WriteFile(from, page, 0o600); err != nil {
		return nil, fmt.Errorf("write the page to print: %w", err)
	}
	ctx, stop := context.WithTimeout(ctx, printTime)
	defer stop()
	cmd := exec.CommandContext(ctx, browser, printFlags(dir, from, to)...) // #nosec G204 -- the caller's own browser
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // its many processes end with it
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	err = cmd.Run()
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return nil, fmt.Errorf("%s did not print within %v: try again, or name another in DEBRIEF_CHROMIUM", browser, printTime)
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	text, unread := os.ReadFile(to) // #nosec G304 -- our own file
	if err != nil || unread != nil || !bytes.HasPrefix(text, []byte("%PDF-")) {
		return nil, fmt.Errorf(
			"%s printed nothing (%s): one from a snap reads only your home, so set TMPDIR to a directory there, or name another in DEBRIEF_CHROMIUM",
			browser, or(lastLine(said.String()), fmt.Sprint(err)))
	}
	return text, nil
}

// printFlags are those that Chrome, Chromium and Edge have in common.
func printFlags(dir, from, to string) []string {
	flags := []string{
		"--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-sync",
		"--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-dev-shm-usage",
		"--proxy-server=127.0.0.1:9", "--proxy-bypass-list=<-loopback>", "--host-resolver-rules=MAP * ~NOTFOUND",
		"--user-data-dir=" + filepath.Join(dir, "profile"),
		"--no-pdf-header-footer", "--print-to-pdf-no-header", "--print-to-pdf=" + to, "file://" + from,
	}
	if os.Geteuid() == 0 { // its sandbox refuses root
		flags = append([]string{"--no-sandbox"}, flags...)
	}
	return flags
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
