package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestCtrlCLosesNoAnswer(t *testing.T) {
	t.Parallel()
	st := storetest.New(t)
	if _, err := st.File(t.Context(), store.System(), &incident.Incident{Heading: incident.Heading{Title: "Slow checkout"}}); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	env := append(os.Environ(), "DEBRIEF_URL="+listen(t, st), "DEBRIEF_TOKEN="+token(t, st, "kim", incident.Admin), "TMPDIR="+dir)
	for _, tt := range []struct {
		args, asks, answer, then, kept string
	}{
		{"log 1 --ask", "What happened?", "The pager rings", "When?", "'The pager rings'"},
		{"file --ask", "What broke?", "The pager is silent", "Severity?", "The pager is silent"},
	} {
		cmd := exec.CommandContext(t.Context(), "debrief", strings.Fields(tt.args)...)
		cmd.Env = env
		s := open(t, cmd)
		s.until("a question", func() bool { return strings.Contains(s.shown(), tt.asks) })
		s.typing(tt.answer + "\n")
		s.until("the next", func() bool { return strings.Contains(s.shown(), tt.then) })
		s.typing("\x03")
		s.until("the end", func() bool { return strings.Contains(s.shown(), "interrupted") })
		_, after, found := strings.Cut(s.shown(), "what you typed is kept in ")
		path, _, _ := strings.Cut(after, ": ")
		text, err := os.ReadFile(path)
		if !found || err != nil || filepath.Dir(path) != dir || !strings.Contains(string(text), tt.kept) {
			t.Errorf("debrief %s after Ctrl-C shows\n%s\nand keeps %q (%v), want %q", tt.args, s.shown(), text, err, tt.kept)
		}
	}
}
