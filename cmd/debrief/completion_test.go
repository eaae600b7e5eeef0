package main

import (
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// shell is one on this machine. Without it its test is left out, unless
// DEBRIEF_TEST_ALL=1 asks for all.
func shell(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("DEBRIEF_TEST_ALL") == "1" {
			t.Fatalf("no %s on this machine, and DEBRIEF_TEST_ALL=1 asks for all tests: install %s", name, name)
		}
		t.Logf("left out: no %s on this machine", name)
	}
	return path
}

// TestTabCompletes types into real shells, and reads what they then run or show.
func TestTabCompletes(t *testing.T) {
	t.Parallel()
	st := storetest.New(t)
	for _, title := range []string{"Slow checkout", "Lost mail"} {
		if _, err := st.File(t.Context(), store.System(), &incident.Incident{Heading: incident.Heading{Title: title}}); err != nil {
			t.Fatal(err)
		}
	}
	bin := t.TempDir()
	self, err := exec.LookPath("debrief")
	if err == nil {
		err = os.Symlink(self, filepath.Join(bin, "debrief"))
	}
	if err != nil {
		t.Fatal(err)
	}
	env := append(os.Environ(), "DEBRIEF_URL="+listen(t, st), "DEBRIEF_TOKEN="+token(t, st, "kim", incident.Admin), "TERM=xterm", "PS1=> ", "PATH="+bin+":"+os.Getenv("PATH"))
	shells := []struct {
		name string
		args []string
		load string
	}{
		{"bash", []string{"--norc", "--noprofile", "-i"}, "source <(debrief completion bash)"},
		{"zsh", []string{"-f", "-i"}, "autoload -U compinit; compinit -u -D; source <(debrief completion zsh)"},
		{"fish", []string{"--no-config", "-i"}, "debrief completion fish | source"},
	}
	for _, sh := range shells {
		t.Run(sh.name, func(t *testing.T) {
			t.Parallel()
			path := shell(t, sh.name)
			if path == "" {
				return
			}
			home := t.TempDir()
			cmd := exec.CommandContext(t.Context(), path, sh.args...)
			cmd.Dir, cmd.Env = home, append(env, "HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_DATA_HOME="+home)
			s := open(t, cmd)
			s.typing(sh.load + "; echo loa''ded\n")
			s.until("loaded", func() bool { return strings.Contains(s.shown(), "loaded") })
			s.typing("debrief lo\t1\tseen --ki\tdet\t> logged\n")
			s.until("an entry", func() bool {
				text, _ := os.ReadFile(filepath.Join(home, "logged"))
				return strings.HasPrefix(string(text), "INC-1: logged at ")
			})
			s.typing("debrief show \t\t")
			s.until("titles", func() bool { return strings.Contains(s.shown(), "Slow checkout") })
		})
	}
}

// TestTabWaitsForNobody has a server that takes calls and never answers.
func TestTabWaitsForNobody(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	var out, errs strings.Builder
	a := &app{config: config{URL: "http://" + silent.Addr().String(), Token: "x"}, out: &out, err: &errs, now: time.Now}
	root := a.root()
	root.SetArgs([]string{"__complete", "show", ""})
	root.SetOut(&out)
	root.SetErr(&errs)
	began := time.Now()
	if err := root.ExecuteContext(t.Context()); err != nil || out.String() != ":36\n" {
		t.Errorf("Tab gives %q (%v), want nothing but its directive", out.String(), err)
	}
	if took := time.Since(began); took > 5*completionWait {
		t.Errorf("Tab took %v, want about %v", took, completionWait)
	}
}

// TestTabSaysWhatATemplateIsFor also of the one that the editor opens on.
func TestTabSaysWhatATemplateIsFor(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	root := (&app{now: time.Now}).root()
	root.SetArgs([]string{"__complete", "file", "--template", ""})
	root.SetOut(&out)
	root.SetErr(io.Discard)
	if err := root.ExecuteContext(t.Context()); err != nil || !strings.HasPrefix(out.String(), "whole\tEvery part that a record has.") {
		t.Errorf("Tab after --template gives %q (%v), want what whole is for", out.String(), err)
	}
}

// TestTabKeepsTheCaseThatWasTyped because shells drop what differs from it.
func TestTabKeepsTheCaseThatWasTyped(t *testing.T) {
	t.Parallel()
	st := storetest.New(t)
	if _, err := st.File(t.Context(), store.System(), &incident.Incident{Heading: incident.Heading{Title: "Slow checkout"}}); err != nil {
		t.Fatal(err)
	}
	a := &app{config: config{URL: listen(t, st), Token: token(t, st, "kim", incident.Admin)}, now: time.Now}
	for typed, want := range map[string]string{"": "1", "1": "1", "i": "iNC-1", "inc-": "inc-1", "Inc": "Inc-1", "INC-1": "INC-1"} {
		var out strings.Builder
		root := a.root()
		root.SetArgs([]string{"__complete", "show", typed})
		root.SetOut(&out)
		root.SetErr(io.Discard)
		if err := root.ExecuteContext(t.Context()); err != nil || !strings.HasPrefix(out.String(), want+"\tSlow checkout\n") {
			t.Errorf("Tab after %q gives %q (%v), want %s", typed, out.String(), err, want)
		}
	}
}
