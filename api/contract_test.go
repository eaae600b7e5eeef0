package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/debriefhq/debrief/api"
)

var update = flag.Bool("update", false, "write the golden files anew")

const goldenContract = "testdata/openapi.json"

// contract is OpenAPI as it is served, set out to be read and compared.
func contract(t testing.TB) []byte {
	t.Helper()
	w := httptest.NewRecorder()
	api.New(api.Options{}).ServeHTTP(w, httptest.NewRequest("GET", "/api/v1/openapi.json", nil))
	if w.Code != 200 {
		t.Fatalf("GET openapi.json = %d: %s", w.Code, w.Body)
	}
	out := bytes.Buffer{}
	if err := json.Indent(&out, w.Body.Bytes(), "", "  "); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestTheContractChangesOnlyOnPurpose(t *testing.T) {
	t.Parallel()
	got := contract(t)
	if *update {
		if err := os.WriteFile(goldenContract, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(goldenContract)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("OpenAPI is no longer as in %s: if that is meant, run go test ./api -run Contract -update and read the difference", goldenContract)
	}
}
