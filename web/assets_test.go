package web

import (
	"bytes"
	"compress/gzip"
	"regexp"
	"strings"
	"testing"
)

// TestAFirstVisitIsLight leaves half of 120 KB, as browsers get it, to the page itself.
func TestAFirstVisitIsLight(t *testing.T) {
	t.Parallel()
	a, err := newAssets()
	if err != nil {
		t.Fatal(err)
	}
	var sent bytes.Buffer
	for _, text := range a.files {
		w, err := gzip.NewWriterLevel(&sent, 5)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(text); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if sent.Len() > 60<<10 || len(a.files) < 5 {
		t.Errorf("%d static files are sent as %d bytes, at most %d are welcome", len(a.files), sent.Len(), 60<<10)
	}
}

func TestAddressesTellOfContent(t *testing.T) {
	t.Parallel()
	a, err := newAssets()
	if err != nil {
		t.Fatal(err)
	}
	address, err := a.address("debrief.css")
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^/static/debrief\.[0-9a-f]{8}\.css$`).MatchString(address) {
		t.Errorf("debrief.css is at %s, which says nothing of its content", address)
	}
	if strings.Contains(string(a.files[address]), "url(") {
		t.Error("debrief.css loads something")
	}
	if _, err := a.address("missing.css"); err == nil {
		t.Error("a page may ask for a file that does not exist")
	}
}
