package main

import (
	"context"
	"errors"
	"html"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
)

// pdfText prints a page and reads what stands on the pages of the PDF.
func pdfText(t *testing.T, page string) (pages []string) {
	t.Helper()
	reads := shell(t, "pdftotext")
	browser, err := (&app{config: environment()}).browser()
	if err != nil && os.Getenv("DEBRIEF_TEST_ALL") == "1" {
		t.Fatal(err)
	}
	if err != nil || reads == "" {
		t.Log("left out: no Chromium or no pdftotext on this machine")
		return nil
	}
	printed, err := printPDF(t.Context(), browser, []byte(page))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "page.pdf")
	if err := os.WriteFile(file, printed, 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.CommandContext(t.Context(), reads, file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(text), "\f"), "\f")
}

// TestAPDFCutsNoHeadingFromItsText prints messages of every length, so that
// some heading comes to the end of a page.
func TestAPDFCutsNoHeadingFromItsText(t *testing.T) {
	t.Parallel()
	in := &incident.Incident{Heading: incident.Heading{Title: "It broke", Zone: "UTC"}}
	ten := incident.Exactly(time.Date(2026, 1, 15, 10, 0, 0, 0, time.UTC), "UTC", incident.Minute)
	for i := range 80 {
		in.Messages = append(in.Messages, incident.Message{At: &ten, Channel: incident.Forum, Author: "Ana", Body: strings.Repeat("What people were told. ", 8+i%9*6)})
	}
	var page strings.Builder
	if err := document.WriteHTML(&page, in, document.Options{Audience: incident.AudienceInternal}); err != nil {
		t.Fatal(err)
	}
	heading := regexp.MustCompile(`(?s)<h[1-6][^>]*>(.*?)</h[1-6]>(?:\s*<p class="state">(.*?)</p>)?`)
	tag := regexp.MustCompile(`<[^>]*>`)
	heads := map[string]bool{}
	for _, m := range heading.FindAllStringSubmatch(page.String(), -1) {
		for _, part := range m[1:] {
			heads[oneLine(html.UnescapeString(tag.ReplaceAllString(part, "")))] = true
		}
	}
	delete(heads, "")
	pages := pdfText(t, page.String())
	for n, shown := range pages {
		lines := strings.Split(strings.TrimSpace(shown), "\n")
		if last := oneLine(lines[len(lines)-1]); heads[last] {
			t.Errorf("page %d ends with the heading %q", n+1, last)
		}
		if n == 0 && !strings.Contains(strings.Join(pages, ""), "10:00 UTC") {
			t.Errorf("the PDF does not show the times:\n%s", shown)
		}
	}
}

// TestAPageThatIsPrintedLoadsAndRunsNothing prints one that tries.
func TestAPageThatIsPrintedLoadsAndRunsNothing(t *testing.T) {
	t.Parallel()
	calls := make(chan string, 10)
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	go func() {
		for {
			conn, err := server.Accept()
			if err != nil {
				return
			}
			calls <- "called"
			_ = conn.Close()
		}
	}()
	host := server.Addr().String()
	pages := pdfText(t, `<!doctype html><html><head><link rel="stylesheet" href="http://`+host+`/a.css"></head><body>Bare`+
		`<img src="http://`+host+`/b.png"><iframe src="http://`+host+`/c"></iframe><img src="file:///etc/passwd">`+
		`<script>document.body.append(" scripted"); fetch("http://`+host+`/d")</script></body></html>`)
	if pages == nil {
		return
	}
	if got := strings.TrimSpace(strings.Join(pages, "")); got != "Bare" {
		t.Errorf("the PDF says %q, want only Bare", got)
	}
	select {
	case <-calls:
		t.Error("printing called a server")
	default:
	}
}

// TestABrowserThatHangsIsEnded leaves no process and no file.
func TestABrowserThatHangsIsEnded(t *testing.T) {
	t.Parallel()
	slow := filepath.Join(t.TempDir(), "slow")
	if err := os.WriteFile(slow, []byte("#!/bin/sh\nsleep 300 & wait\n"), 0o700); err != nil { // #nosec G306 -- a program
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer stop()
	began := time.Now()
	_, err := printPDF(ctx, slow, []byte("<head>"))
	if err == nil || time.Since(began) > 20*time.Second {
		t.Errorf("a hanging browser: %v after %v, want a fault at once", err, time.Since(began))
	}
}

func TestWithoutAChromiumItSaysHowToGetOne(t *testing.T) {
	t.Parallel()
	a := &app{config: config{Chromium: "/no/such/program"}}
	_, err := a.browser()
	var wrong *usageError
	if !errors.As(err, &wrong) || !strings.Contains(err.Error(), "/no/such/program, which is no program") {
		t.Errorf("DEBRIEF_CHROMIUM that is none: %v, want the setting to be refused", err)
	}
}
