package main

import (
	"bytes"
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

	"github.com/pb33f/jsonschema/v6"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// sarifSchema gets the schema of SARIF 2.1.0 as OASIS publishes it (errata 01)
// from a Go module that tests itself with it; the checksum database vouches for it.
var sarifSchema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	const module = "github.com/securego/gosec/v2@v2.29.0"
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", "mod", "download", "-json", module)
	cmd.Dir = os.TempDir() // it is no dependency of ours
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("download %s: %w: %s", module, err, out)
	}
	var got struct{ Dir string }
	if err := json.Unmarshal(out, &got); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(got.Dir, "report", "sarif", "testdata", "sarif-schema-2.1.0.json"))
	if err != nil {
		return nil, err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(sarifSchemaAt, doc); err != nil {
		return nil, err
	}
	return compiler.Compile(sarifSchemaAt)
})

// againstSARIF holds a text against the schema. Where that cannot be had the test
// is left out, unless all were asked for.
func againstSARIF(t *testing.T, text []byte) error {
	t.Helper()
	schema, err := sarifSchema()
	needs(t, err)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return schema.Validate(doc)
}

// TestSARIFIsWhatItsSchemaAsks has several records with findings of all levels, some
// silenced, one record without any, a file of ours, and names that no URI has.
func TestSARIFIsWhatItsSchemaAsks(t *testing.T) {
	t.Parallel()
	st := storetest.New(t)
	whole, err := os.ReadFile("../../incident/lint/testdata/whole.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		`{"title":"Cards \"charged\" <twice> 決済","summary":"The engineer should have checked it: ` + "AKIA" + `Q3EGRWHJ5T2MZ7XB",
			"actions":[{"title":"Improve monitoring"},{"title":"Improve alerting"}],"silenced":[{"rule":"no_severity","reason":"we have no levels"}]}`,
		`{"title":"A switch failed","silenced":[{"rule":"no_such_rule","reason":"it is said"}]}`,
		string(whole),
	} {
		in := &incident.Incident{}
		if err := json.Unmarshal([]byte(text), in); err != nil {
			t.Fatal(err)
		}
		if _, err := st.File(t.Context(), store.System(), in); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	files := []string{filepath.Join(dir, "100% of [it] späť.md"), filepath.Join(dir, "a b:c?d#e.json")}
	stranger := "# It broke\n\nIt was human error. See `x`.\n"
	for file, text := range map[string]string{files[0]: stranger, files[1]: `{"title":"A switch failed"}`} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	at := config{URL: listen(t, st), Token: token(t, st, "kim", incident.Admin)}
	for name, args := range map[string][]string{
		"records and files": append([]string{"1", "INC-2", "3"}, files...),
		"standard input":    {"-"},
		"nothing found":     {"3", "--level", "error"},
	} {
		t.Run(name, func(t *testing.T) {
			var out, errs bytes.Buffer
			a := &app{config: at, in: strings.NewReader(stranger), out: &out, err: &errs, now: time.Now}
			root := a.root()
			root.SetArgs(append([]string{"lint", "--sarif"}, args...))
			if code := report(&errs, root.ExecuteContext(t.Context())); code > exitRefused || out.Len() == 0 {
				t.Fatalf("exit code %d: %s", code, errs.String())
			}
			if err := againstSARIF(t, out.Bytes()); err != nil {
				t.Errorf("%v\nin\n%s", err, out.String())
			}
			for right, wrong := range map[string]string{`"2.1.0"`: `"2.0"`, `"results"`: `"findings"`, `"driver"`: `"engine"`} {
				if err := againstSARIF(t, bytes.Replace(out.Bytes(), []byte(right), []byte(wrong), 1)); err == nil {
					t.Errorf("the schema takes %s for %s", wrong, right)
				}
			}
		})
	}
}
