package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
)

func TestAPanicIsAFaultLikeAnyOther(t *testing.T) {
	t.Parallel()
	log := &bytes.Buffer{}
	handler := New(Options{Log: slog.New(slog.NewTextHandler(log, nil))}) // without a store every look at it panics
	r, w := httptest.NewRequest("GET", "/api/v1/me", nil), httptest.NewRecorder()
	r.Header.Set("Authorization", "Bearer debrief_x")
	w.Header().Set("X-Request-Id", "r-1")
	handler.ServeHTTP(w, r)
	var p Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != 500 || w.Header().Get("Content-Type") != problemType {
		t.Fatalf("a panic = %d %s %s, want a problem", w.Code, w.Header().Get("Content-Type"), w.Body)
	}
	if p.Status != 500 || p.Instance != "r-1" || strings.Contains(w.Body.String(), "nil pointer") {
		t.Errorf("a panic is told as %s", w.Body)
	}
	if strings.Count(log.String(), "panic: ") != 1 || !strings.Contains(log.String(), "auth.go") {
		t.Errorf("the log holds %s, want the panic and where it was, once", log)
	}
}

func TestHumasOwnErrorsAreToldInOurWords(t *testing.T) {
	t.Parallel()
	ctx := humachi.NewContext(&huma.Operation{}, httptest.NewRequest("GET", "/", nil), httptest.NewRecorder())
	for _, tt := range []struct {
		name   string
		status int
		msg    string
		errs   []error
		want   int
		says   string
	}{
		{"a body that is too long", 413, "request body is too large limit=1048577 bytes", nil, 413, "at most 1 MiB"},
		{"a body that is too slow", 408, "request body read timeout", nil, 408, "send it again"},
		{"a parameter", 422, "validation failed", []error{&huma.ErrorDetail{Location: "query.limit", Message: "expected number >= 1", Value: "secret"}}, 400, "limit: expected number >= 1"},
		{"an error of ours inside", 500, "pgx: secret", []error{errors.New("secret")}, 500, "on purpose"},
		{"an error that is no detail", 422, "validation failed", []error{errors.New("secret")}, 500, "on purpose"},
	} {
		got := humaProblem(ctx, tt.status, tt.msg, tt.errs...)
		if got.GetStatus() != tt.want || !strings.Contains(got.Error(), tt.says) || strings.Contains(got.Error(), "secret") {
			t.Errorf("%s = %d %q, want %d and %q in it", tt.name, got.GetStatus(), got.Error(), tt.want, tt.says)
		}
	}
}
