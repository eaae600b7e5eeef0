package document

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
)

// asChild makes the test write documents instead of testing.
const asChild = "DEBRIEF_TEST_WRITES"

// writeAll writes every form of every sample, for every audience.
func writeAll(t *testing.T, w io.Writer) {
	t.Helper()
	all := samples(t)
	names := []string{"twilio", "open", "everything", "nothing"}
	for _, name := range names {
		for _, f := range Formats {
			for _, o := range []Options{
				{}, {Zone: "Asia/Kolkata"}, {Only: OnlyTimeline}, {Audience: incident.AudiencePrivate},
			} {
				if f.Write == nil && o.Audience != "" {
					continue
				}
				var b bytes.Buffer
				if err := Write(&b, f, all[name], o); err != nil {
					t.Fatalf("Write(%s, %+v) of %s = %v", f.Name, o, name, err)
				}
				if _, err := fmt.Fprintf(w, "written: %s %s %+v %s %x\n", name, f.Name, o, FileName(f, all[name], o), sha256.Sum256(b.Bytes())); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

func TestTwoProcessesWriteTheSameBytes(t *testing.T) {
	t.Parallel()
	if os.Getenv(asChild) != "" {
		writeAll(t, os.Stdout)
		return
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var told [][]string
	for _, place := range [][]string{{"TZ=America/Los_Angeles", "LC_ALL=C", "LANG=C"}, {"TZ=Asia/Kathmandu", "LC_ALL=tr_TR.UTF-8", "LANG=de_DE.UTF-8"}} {
		child := exec.CommandContext(t.Context(), self, "-test.run=^TestTwoProcessesWriteTheSameBytes$", "-test.count=1")
		child.Env = append(append(os.Environ(), place...), asChild+"=1")
		out, err := child.CombinedOutput()
		if err != nil {
			t.Fatalf("the test as a child in %v: %v\n%s", place, err, out)
		}
		lines := slices.DeleteFunc(strings.Split(string(out), "\n"), func(line string) bool { return !strings.HasPrefix(line, "written: ") })
		told = append(told, lines)
	}
	if len(told[0]) < 100 || len(told[0]) != len(told[1]) {
		t.Fatalf("the children wrote %d and %d documents, want more than a hundred each", len(told[0]), len(told[1]))
	}
	for i := range told[0] {
		if told[0][i] != told[1][i] {
			t.Errorf("in Los Angeles: %s\nin Kathmandu:   %s", told[0][i], told[1][i])
		}
	}
}
