package lint_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident/lint"
)

const rulesBegin = "<!-- The rules below are written by go test ./incident/lint -update. -->\n"

// rulesAsMarkdown is what docs/lint.md says of the rules.
func rulesAsMarkdown() string {
	var b strings.Builder
	for _, r := range lint.Rules {
		fmt.Fprintf(&b, "\n## %s\n\n%s: *%s.*\n\n%s\n\nSource: <%s>\n", r.ID, strings.ToUpper(string(r.Level[:1]))+string(r.Level[1:]), r.Title, r.Why, r.Source)
	}
	return b.String()
}

func TestTheDocumentationHasEveryRule(t *testing.T) {
	t.Parallel()
	const path = "../../docs/lint.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rules, found := strings.Cut(string(text), rulesBegin)
	if !found {
		t.Fatalf("%s has no line %q", path, rulesBegin)
	}
	if *update {
		rules = rulesAsMarkdown()
		if err := os.WriteFile(path, []byte(before+rulesBegin+rules), 0o600); err != nil { // #nosec G703 -- a constant path
			t.Fatal(err)
		}
	}
	if rules != rulesAsMarkdown() {
		t.Errorf("%s is not what the table of rules says: run go test ./incident/lint -update", path)
	}
}
