package api_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/api"
	"github.com/debriefhq/debrief/incident"
)

func TestTheContractIsOpenAPI(t *testing.T) {
	t.Parallel()
	judging.Lock()
	defer judging.Unlock()
	v, errs := judge()
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	if ok, wrong := v.ValidateDocument(); !ok {
		for _, e := range wrong {
			t.Errorf("the document is not OpenAPI 3.1: %s: %s %v", e.Message, e.Reason, e.SchemaValidationErrors)
		}
	}
}

// shown is what OpenAPI says of one operation.
type shown struct {
	ID   string `json:"operationId"`
	Body struct {
		Content map[string]media `json:"content"`
	} `json:"requestBody"`
	Responses map[string]struct {
		Content map[string]media `json:"content"`
	} `json:"responses"`
}

type media struct {
	Example json.RawMessage `json:"example"`
}

func TestEveryOperationHasAnExampleThatIsAsItSays(t *testing.T) {
	t.Parallel()
	var doc struct {
		Paths map[string]map[string]shown `json:"paths"`
	}
	if err := json.Unmarshal(contract(t), &doc); err != nil {
		t.Fatal(err)
	}
	examples := 0
	fill := strings.NewReplacer("{number}", "42", "{other}", "12", "/people/{id}", "/people/7", "/tokens/{id}", "/tokens/9", "{id}", "e1x2k9m3q7ab")
	for path, methods := range doc.Paths {
		for method, op := range methods {
			req, err := http.NewRequestWithContext(t.Context(), strings.ToUpper(method), "http://debrief.example/api/v1"+fill.Replace(path), nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer debrief_x")
			req.Header.Set("If-Match", `"3.12"`)
			for kind, body := range op.Body.Content {
				examples++
				if len(body.Example) == 0 {
					t.Errorf("%s shows no example of what it reads", op.ID)
				} else if strings.HasSuffix(kind, "json") {
					holdRequest(t, req, kind, body.Example)
				}
			}
			for status, answer := range op.Responses {
				if body, is := answer.Content["application/json"]; is && status[0] == '2' && !(op.ID == "import" && status == "200") && op.ID != "exportIncident" {
					examples++
					if len(body.Example) == 0 {
						t.Errorf("%s shows no example of its answer %s", op.ID, status)
					} else {
						holdAnswer(t, req, status, body.Example)
					}
				}
			}
		}
	}
	if examples < 70 {
		t.Errorf("%d examples were looked for: this test is not looking at them", examples)
	}
}

func holdRequest(t *testing.T, req *http.Request, kind string, text []byte) {
	t.Helper()
	judging.Lock()
	defer judging.Unlock()
	v, _ := judge()
	sent := req.Clone(t.Context())
	sent.Header.Set("Content-Type", kind)
	sent.Body = io.NopCloser(bytes.NewReader(text))
	if ok, wrong := v.ValidateHttpRequestSync(sent); !ok {
		for _, e := range wrong {
			t.Errorf("the example that %s %s reads is not as OpenAPI says: %s %v", req.Method, req.URL.Path, e.Message, e.SchemaValidationErrors)
		}
	}
}

func holdAnswer(t *testing.T, req *http.Request, status string, text []byte) {
	t.Helper()
	judging.Lock()
	defer judging.Unlock()
	v, _ := judge()
	code, _ := strconv.Atoi(status)
	resp := &http.Response{StatusCode: code, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(text)), Request: req}
	if ok, wrong := v.ValidateHttpResponse(req, resp); !ok {
		for _, e := range wrong {
			t.Errorf("the example that %s %s answers is not as OpenAPI says: %s %v", req.Method, req.URL.Path, e.Message, e.SchemaValidationErrors)
		}
	}
}

func TestTheExamplesWorkAsTheyStand(t *testing.T) {
	t.Parallel()
	h := serve(t)
	ada := h.as("Ana Reyes", incident.Admin)
	var doc struct {
		Paths map[string]map[string]shown `json:"paths"`
	}
	if err := json.Unmarshal(contract(t), &doc); err != nil {
		t.Fatal(err)
	}
	example := func(method, path string) string {
		for _, body := range doc.Paths[path][method].Body.Content {
			return string(body.Example)
		}
		t.Fatalf("%s %s shows no example", method, path)
		return ""
	}
	in := ada.file(example("post", "/incidents"))
	ada.call("PATCH", "/incidents/1", example("patch", "/incidents/{number}"), "If-Match: *").must(200)
	for _, k := range incident.PartKinds {
		path := "/incidents/{number}/" + string(k)
		made := ada.call("POST", strings.Replace(path, "{number}", "1", 1), example("post", path)).must(201)
		at := strings.TrimPrefix(made.header.Get("Location"), "/api/v1")
		ada.call("PATCH", at, example("patch", path+"/{id}"), "If-Match: *").must(200)
	}
	ada.call("POST", "/incidents/1/status", `{"to":"monitoring","reason":"it came back"}`).must(200)
	ada.call("POST", "/incidents/1/status", example("post", "/incidents/{number}/status")).must(200)
	ada.call("POST", "/incidents/1/review", example("post", "/incidents/{number}/review")).must(200)
	into[api.NewToken](ada.call("POST", "/tokens", example("post", "/tokens")).must(201))
	var document string
	if err := json.Unmarshal([]byte(example("post", "/imports")), &document); err != nil || len(in.Timeline) != 1 {
		t.Fatal(err, in)
	}
	ada.call("POST", "/imports?format=markdown", document, "Content-Type: text/markdown").must(201)
}
