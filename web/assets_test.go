package web

import (
	"regexp"
	"strings"
	"testing"
)

func TestTheStyleSheetIsSmall(t *testing.T) {
	t.Parallel()
	a, err := newAssets()
	if err != nil {
		t.Fatal(err)
	}
	address, err := a.address("debrief.css")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(a.files[address]); n > 12<<10 {
		t.Errorf("debrief.css is sent as %d bytes, at most %d are welcome", n, 12<<10)
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
