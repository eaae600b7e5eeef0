package api

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
)

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
