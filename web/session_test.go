package web

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestASignInLinkWorksOnce(t *testing.T) {
	t.Parallel()
	in := installed(t)
	key := in.link(t, "Lena Falk")
	v := in.visitor(t)
	for range 3 {
		v.do(http.NewRequest(http.MethodHead, in.url+"/sign-in?key="+url.QueryEscape(key), nil))
		if res, body := v.get("/sign-in?key=" + url.QueryEscape(key)); res.StatusCode != http.StatusOK || !strings.Contains(body, "<button") {
			t.Fatalf("GET /sign-in = %d, want a page with a button: looking must not use the key up", res.StatusCode)
		}
	}
	res, _ := v.post("/sign-in", url.Values{"key": {key}}, nil)
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/incidents" {
		t.Fatalf("POST /sign-in = %d to %q, want 303 to /incidents", res.StatusCode, res.Header.Get("Location"))
	}
	if len(res.Cookies) != 1 {
		t.Fatalf("POST /sign-in sets %d cookies, want 1", len(res.Cookies))
	}
	if c := res.Cookies[0]; !c.HttpOnly || c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Expires.IsZero() {
		t.Errorf("cookie = %v, want HttpOnly, SameSite=Lax, Path=/, with an end", c)
	}
	if res, _ := v.get("/"); res.Header.Get("Location") != "/incidents" {
		t.Errorf("GET / signed in leads to %q, want /incidents", res.Header.Get("Location"))
	}
	again, body := in.visitor(t).post("/sign-in", url.Values{"key": {key}}, nil)
	if again.StatusCode != http.StatusUnauthorized || len(again.Cookies) != 0 || strings.Contains(body, key) {
		t.Errorf("the second POST /sign-in = %d with %d cookies, want 401 with none, and no key", again.StatusCode, len(again.Cookies))
	}
	if strings.Contains(in.log.String(), key) {
		t.Error("the key is in the log")
	}
}

func TestSigningOutEndsTheSession(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Lena Falk")
	before := v.cookies()
	res, _ := v.post("/sign-out", nil, nil)
	if res.StatusCode != http.StatusSeeOther || len(v.cookies()) != 0 {
		t.Errorf("POST /sign-out = %d and leaves %d cookies, want 303 and none", res.StatusCode, len(v.cookies()))
	}
	if _, body := v.get(res.Header.Get("Location")); !strings.Contains(body, "You are signed out.") {
		t.Error("the page after signing out doesn't say so")
	}
	v.setCookies(before)
	if res, _ := v.get("/incidents"); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("GET /incidents with the old cookie = %d, want 401", res.StatusCode)
	}
}

func TestBehindHTTPSTheCookieTravelsByNoOtherWay(t *testing.T) {
	t.Parallel()
	in := installed(t)
	for _, proto := range []string{"https", "HTTPS, http"} {
		key := in.link(t, "Lena Falk")
		res, _ := in.visitor(t).post("/sign-in", url.Values{"key": {key}}, http.Header{"X-Forwarded-Proto": {proto}})
		if len(res.Cookies) != 1 {
			t.Fatalf("POST /sign-in sets %d cookies, want 1", len(res.Cookies))
		}
		c := res.Cookies[0]
		if !c.Secure || !c.HttpOnly || !strings.HasPrefix(c.Name, "__Host-") || c.Path != "/" || c.Domain != "" {
			t.Errorf("behind %s the cookie = %v, want Secure and a name with __Host-", proto, c)
		}
		for name, want := range map[string]int{c.Name: 200, "debrief": 401} {
			r, err := http.NewRequest(http.MethodGet, in.url+"/incidents", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header = http.Header{"X-Forwarded-Proto": {proto}, "Cookie": {name + "=" + c.Value}}
			if res, _ := in.visitor(t).do(r, nil); res.StatusCode != want {
				t.Errorf("behind %s GET /incidents with the cookie %s = %d, want %d", proto, name, res.StatusCode, want)
			}
		}
	}
}

func TestSigningInAgainEndsTheSessionBefore(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Lena Falk")
	before := v.cookies()
	key := in.link(t, "Noor Haddad")
	if _, body := v.get("/sign-in?key=" + url.QueryEscape(key)); !strings.Contains(body, "Lena Falk is signed in here now") {
		t.Error("the page of a link doesn't say who it will sign out")
	}
	if _, body := v.post("/sign-in", url.Values{"key": {"debrief_wrong"}}, nil); !strings.Contains(body, "Lena Falk") {
		t.Error("a link that doesn't sign in must leave the session that there is")
	}
	if res, _ := v.post("/sign-in", url.Values{"key": {key}}, nil); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("POST /sign-in = %d, want 303", res.StatusCode)
	}
	if _, body := v.get("/incidents"); !strings.Contains(body, "Noor Haddad") {
		t.Error("the second link doesn't sign its person in")
	}
	v.setCookies(before)
	if res, _ := v.get("/incidents"); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("GET /incidents with the cookie from before = %d, want 401", res.StatusCode)
	}
}

func TestASessionEndsByItself(t *testing.T) {
	t.Parallel()
	var hours atomic.Int64 // since the sign-in
	start := time.Now()
	s, err := store.Open(t.Context(), store.Options{URL: storetest.URL(t), Key: storetest.Key, Now: func() time.Time {
		return start.Add(time.Duration(hours.Load()) * time.Hour)
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	storetest.Person(t, s, "Lena Falk", incident.Viewer)
	v := running(t, s).as(t, "Lena Falk")
	for _, tt := range []struct{ hours, want int }{{0, 200}, {14*24 - 1, 200}, {14 * 24, 401}} {
		hours.Store(int64(tt.hours))
		if res, body := v.get("/incidents"); res.StatusCode != tt.want || tt.want == 401 && !strings.Contains(body, "Sign in to see this page.") {
			t.Errorf("GET /incidents %d hours after the sign-in = %d, want %d", tt.hours, res.StatusCode, tt.want)
		}
	}
}

func TestRacingForOneLinkSignsOneIn(t *testing.T) {
	t.Parallel()
	in := installed(t)
	key := in.link(t, "Lena Falk")
	var racers sync.WaitGroup
	var winners atomic.Int32
	for range 8 {
		v := in.visitor(t)
		racers.Go(func() {
			res, err := v.client.PostForm(v.url+"/sign-in", url.Values{"key": {key}})
			if err != nil {
				t.Error(err)
				return
			}
			_ = res.Body.Close()
			if res.StatusCode == http.StatusSeeOther {
				winners.Add(1)
			} else if res.StatusCode != http.StatusUnauthorized {
				t.Errorf("POST /sign-in = %d, want 303 or 401", res.StatusCode)
			}
		})
	}
	racers.Wait()
	if n := winners.Load(); n != 1 {
		t.Errorf("%d of 8 were signed in by one link, want 1", n)
	}
}

func TestAnotherSiteCannotPost(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Lena Falk")
	for _, header := range []http.Header{
		{"Sec-Fetch-Site": {"cross-site"}}, {"Sec-Fetch-Site": {"same-site"}}, {"Origin": {"https://evil.example"}}, {"Origin": {"null"}},
	} {
		if res, _ := v.post("/sign-out", nil, header); res.StatusCode != http.StatusForbidden {
			t.Errorf("POST /sign-out with %v = %d, want 403", header, res.StatusCode)
		}
	}
	if res, _ := v.get("/incidents"); res.StatusCode != http.StatusOK {
		t.Errorf("GET /incidents = %d after refused sign-outs, want 200", res.StatusCode)
	}
}
