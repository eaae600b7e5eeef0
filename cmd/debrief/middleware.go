package main

import (
	"crypto/rand"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/go-chi/chi/v5/middleware"
)

// requestIDHeader names the request in answers and in the log, so that a
// caller can quote it.
const requestIDHeader = "X-Request-Id"

// edge is what API and pages both need before anything else: a request id, one
// log line a request, and no panic that reaches the caller. Queries are not
// logged: they hold search words and sign-in keys.
func edge(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := rand.Text()
		r.Header.Set(requestIDHeader, id)
		w.Header().Set(requestIDHeader, id)
		ww := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		start := time.Now()
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				log.Error("panic", "request", id, "panic", p, "stack", string(debug.Stack()))
				if ww.Status() == 0 {
					http.Error(ww, "something broke on our side: quote request "+id, http.StatusInternalServerError)
				}
			}
			log.Info("request", "request", id, "method", r.Method, "path", r.URL.Path,
				"status", ww.Status(), "bytes", ww.BytesWritten(), "ms", time.Since(start).Milliseconds())
		}()
		next.ServeHTTP(ww, r)
	})
}
