package api_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
)

// checked is a transport that holds every exchange against OpenAPI: answers
// always, requests when they were accepted.
type checked struct{ t testing.TB }

// judge validates against the contract as it is served; it is made once.
var judge = sync.OnceValues(func() (validator.Validator, []error) {
	w := &answerWriter{header: http.Header{}}
	serveContract(w)
	doc, err := libopenapi.NewDocument(w.Bytes())
	if err != nil {
		return nil, []error{err}
	}
	return validator.NewValidator(doc)
})

// judging is one at a time: the validator keeps caches.
var judging sync.Mutex

func (c checked) RoundTrip(req *http.Request) (*http.Response, error) {
	var sent []byte
	if req.Body != nil {
		sent, _ = io.ReadAll(req.Body)
		req.Body = io.NopCloser(bytes.NewReader(sent))
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil || !strings.HasPrefix(req.URL.Path, "/api/v1/") {
		return resp, err
	}
	if resp.Header.Get("Content-Type") == "text/event-stream" {
		reached.note(req)
		return resp, nil // it has no end
	}
	got, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(got))
	if err != nil {
		return resp, err
	}
	c.check(req, resp, sent, got)
	return resp, nil
}

// mostJudged is the longest text that is held against OpenAPI: the validator
// takes a minute for ten thousand entries, which are no other than two.
const mostJudged = 1 << 17 // bytes

func (c checked) check(req *http.Request, resp *http.Response, sent, got []byte) {
	judging.Lock()
	defer judging.Unlock()
	v, errs := judge()
	if len(errs) > 0 {
		c.t.Errorf("OpenAPI cannot be read: %v", errs)
		return
	}
	reached.note(req)
	again := req.Clone(req.Context())
	again.Body = io.NopCloser(bytes.NewReader(sent))
	copied := *resp
	copied.Body = io.NopCloser(bytes.NewReader(got))
	if isJSON(resp) && len(got) <= mostJudged {
		if ok, wrong := v.ValidateHttpResponse(again, &copied); !ok {
			for _, e := range wrong {
				c.t.Errorf("the answer to %s %s (%d) is not as OpenAPI says: %s: %s %v\n%.500s", req.Method, req.URL.Path, resp.StatusCode, e.Message, e.Reason, e.SchemaValidationErrors, got)
			}
		}
	}
	if resp.StatusCode < 400 && len(sent) <= mostJudged && !strings.HasSuffix(req.URL.Path, "/imports") {
		again.Body = io.NopCloser(bytes.NewReader(sent))
		if ok, wrong := v.ValidateHttpRequestSync(again); !ok {
			for _, e := range wrong {
				c.t.Errorf("%s %s was accepted, but is not as OpenAPI says: %s: %s %v\n%.500s", req.Method, req.URL.Path, e.Message, e.Reason, e.SchemaValidationErrors, sent)
			}
		}
	}
}

func isJSON(resp *http.Response) bool {
	return strings.Contains(resp.Header.Get("Content-Type"), "json") && resp.StatusCode != http.StatusNotModified
}

// answerWriter keeps what a handler writes.
type answerWriter struct {
	bytes.Buffer
	header http.Header
}

func (w *answerWriter) Header() http.Header { return w.header }
func (w *answerWriter) WriteHeader(int)     {}
