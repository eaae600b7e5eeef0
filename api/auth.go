package api

import (
	"context"
	"crypto/sha256"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5/middleware"
	"github.com/go-chi/httprate"

	"github.com/debriefhq/debrief/incident"
)

const challenge = `Bearer realm="debrief"`

// Rate bounds how often callers may ask, each minute. 0 is the default, less is
// no bound.
type Rate struct {
	Requests int // of one token, or of one address without; default 6000
	Failures int // unknown tokens from one address; default 60
}

// limits keeps count in this process alone.
type limits struct {
	requests, failures *httprate.RateLimiter // nil: no bound
}

func newLimits(r Rate) limits {
	if r.Requests == 0 {
		r.Requests = 6000
	}
	if r.Failures == 0 {
		r.Failures = 60
	}
	return limits{requests: perMinute(r.Requests), failures: perMinute(r.Failures)}
}

func perMinute(limit int) *httprate.RateLimiter {
	if limit < 0 {
		return nil
	}
	return httprate.NewRateLimiter(limit, time.Minute, httprate.WithResponseHeaders(httprate.ResponseHeaders{RetryAfter: "Retry-After"}))
}

// slowDown refuses a caller who asks too often.
func (l limits) slowDown(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if l.requests != nil && l.requests.OnLimit(w, r, caller(r)) {
			refuse(w, r, incident.Refuse(incident.TooMany, "", "you ask more often than this server allows: wait, and go on slower"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// failed counts an unknown token, and tells whether its address has sent too
// many. Known tokens are never asked: people behind one proxy share an address.
func (l limits) failed(w http.ResponseWriter, r *http.Request) bool {
	return l.failures != nil && l.failures.OnLimit(w, r, address(r))
}

// address is where a request comes from: what the wiring found out, or the connection.
func address(r *http.Request) string {
	ip := middleware.GetClientIP(r.Context())
	if ip == "" {
		ip, _, _ = net.SplitHostPort(r.RemoteAddr)
	}
	return httprate.CanonicalizeIP(ip)
}

// caller names who is counted: the token, hashed, or the address.
func caller(r *http.Request) string {
	if token := r.Header.Get("Authorization"); token != "" {
		sum := sha256.Sum256([]byte(token))
		return string(sum[:16])
	}
	return address(r)
}

// signIn finds out who asks, by the bearer token.
func (a *API) signIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "private, no-cache") // a copy is good only while its ETag is, and for its reader alone
		w.Header().Set("Vary", "Authorization")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if !strings.EqualFold(scheme, "Bearer") || secret == "" {
			refuse(w, r, incident.Refuse(incident.SignIn, "", "this needs a token: send the header Authorization: Bearer TOKEN"))
			return
		}
		by, err := a.store.Identify(r.Context(), strings.TrimSpace(secret))
		if err != nil {
			if errors.Is(err, incident.SignIn) && a.limits.failed(w, r) {
				err = incident.Refuse(incident.TooMany, "", "too many unknown tokens came from your address: check the one you send, and wait a minute")
			}
			refuse(w, r, err)
			return
		}
		from := requestOf(r.Context())
		from.by, from.again = by, func(ctx context.Context) (incident.Actor, error) {
			return a.store.Identify(ctx, strings.TrimSpace(secret))
		}
		next.ServeHTTP(w, r)
	})
}
