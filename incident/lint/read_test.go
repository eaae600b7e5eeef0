package lint_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident/document"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestWhatRealPostmortemsLack(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/read/*.md")
	if err != nil || len(files) < 6 {
		t.Fatalf("there are %d files in testdata/read, %v", len(files), err)
	}
	var b strings.Builder
	for _, file := range files {
		if filepath.Base(file) == "README.md" {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got, err := document.ReadMarkdown(bytes.NewReader(text))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if len(got.Report) > 0 {
			t.Errorf("%s: reading it lost %+v", file, got.Report)
		}
		in := got.Incident.Draft()
		if err := in.Check(); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		fmt.Fprintf(&b, "%s\n", filepath.Base(file))
		for _, f := range found(in) {
			fmt.Fprintf(&b, "  %s %s, %s: %s\n", f.Level, f.Rule, f.Place, f.Detail)
		}
	}
	const golden = "testdata/read/findings.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("lint finds other things now: write them with -update, and judge the difference; now\n%s", b.String())
	}
}
