package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
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

func TestSignedOutPeopleSeeNoIncident(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.visitor(t)
	for path, want := range map[string]int{
		"/": 200, "/incidents": 401, "/incidents?q=redis": 401, "/sign-in": 200,
		fmt.Sprintf("/incidents/%d", in.billing): 401,
		"/incidents/9999":                        401,
		fmt.Sprintf("/incidents/%d/export?format=markdown&audience=public", in.billing): 401,
		"/nowhere": 404, "/static/": 404, "/static/page.html": 404,
	} {
		res, body := v.get(path)
		if res.StatusCode != want {
			t.Errorf("GET %s = %d, want %d", path, res.StatusCode, want)
		}
		if strings.Contains(body, "Redis") || strings.Contains(body, "canary") || strings.Contains(body, "INC-") {
			t.Errorf("GET %s tells of an incident", path)
		}
	}
}

func TestPrivateIncidentsLeaveNoTrace(t *testing.T) {
	t.Parallel()
	in := installed(t)
	lena := in.as(t, "Lena Falk")
	private := fmt.Sprintf("/incidents/%d", in.private)
	_, nothing := lena.get("/incidents/9999")
	for path, want := range map[string]int{
		"/incidents": 200, "/incidents?q=canarytitle": 200, "/incidents?tag=canarytag": 200,
		private: 404, private + "/export?format=json&audience=private": 404, private + "/export?format=pelican&audience=public": 404,
	} {
		res, body := lena.get(path)
		if res.StatusCode != want {
			t.Errorf("GET %s = %d, want %d", path, res.StatusCode, want)
		}
		asked := strings.Contains(path, "?q=canarytitle") || strings.Contains(path, "?tag=canarytag") // the form repeats what was asked
		if n := strings.Count(body+fmt.Sprint(res.Header), "canary"); n > 0 && !asked || n > 1 {
			t.Errorf("GET %s shows a private incident to somebody who is not named on it", path)
		}
		if want == 404 && body != nothing {
			t.Errorf("GET %s differs from the page about an incident that does not exist", path)
		}
	}
	_, body := in.as(t, "Ines Duarte").get(private)
	for _, want := range []string{"canarytitle", "canarysummary", "canaryentry", "canarytag", "Only the people named on it", "ines duarte", "Noor Haddad"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page of the private incident lacks %q for somebody named on it", want)
		}
	}
}

func TestPrivatePartsAreForThoseNamed(t *testing.T) {
	t.Parallel()
	in := installed(t)
	path := fmt.Sprintf("/incidents/INC-%d", in.billing)
	const part = "Legal is asked"
	if _, body := in.as(t, "Lena Falk").get(path); strings.Contains(body, part) || !strings.Contains(body, "The database team is called in.") {
		t.Error("somebody who is not named must see the internal entries and no private one")
	}
	if _, body := in.as(t, "Ines Duarte").get(path); !strings.Contains(body, part) {
		t.Error("somebody named must see the private entry")
	}
}

func TestExportsAreOfferedToThoseTheyAreFor(t *testing.T) {
	t.Parallel()
	in := installed(t)
	billing, secret := fmt.Sprintf("/incidents/%d", in.billing), fmt.Sprintf("/incidents/%d", in.private)
	for _, tt := range []struct {
		who, path             string
		public, team, private bool
	}{
		{"Lena Falk", billing, true, true, false},   // she sees no private part
		{"Ines Duarte", billing, true, true, true},  // she is named, and there is one
		{"Ines Duarte", secret, false, false, true}, // a private incident is told to nobody outside
	} {
		_, page := in.as(t, tt.who).get(tt.path)
		for audience, want := range map[string]bool{"public": tt.public, "internal": tt.team, "private": tt.private} {
			if strings.Contains(page, "export?audience="+audience) != want {
				t.Errorf("%s offers %s an export for %s readers: %v, want %v", tt.path, tt.who, audience, !want, want)
			}
		}
	}
}

func TestExportsDownload(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Lena Falk")
	_, page := v.get(fmt.Sprintf("/incidents/%d", in.billing))
	if n := len(exports(filed(t))); n < 4 {
		t.Errorf("%d formats are offered, want all", n)
	}
	for _, e := range exports(&incident.Incident{Heading: incident.Heading{Number: in.billing}}) {
		f, err := document.Lookup(e.Name)
		if err != nil {
			t.Fatal(err)
		}
		for _, link := range e.Links {
			if !strings.Contains(page, strings.ReplaceAll(link.Address, "&", "&amp;")) {
				t.Errorf("the record's page lacks a link to %s", link.Address)
			}
			res, body := v.get(link.Address)
			if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != f.MediaType || body == "" {
				t.Errorf("GET %s = %d %s of %d bytes, want 200 %s", link.Address, res.StatusCode, res.Header.Get("Content-Type"), len(body), f.MediaType)
			}
			if got := res.Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment; filename=") || !strings.Contains(got, f.Extension) {
				t.Errorf("GET %s has Content-Disposition %q, want a file with %s", link.Address, got, f.Extension)
			}
			internal := strings.Contains(body, "The database team is called in.")
			if internal != (link.Audience == incident.AudienceInternal) {
				t.Errorf("GET %s holds an internal entry: %v", link.Address, internal)
			}
		}
	}
	for query, want := range map[string]int{
		"format=docx&audience=public": 415, "format=json&audience=everybody": 422, "format=pelican&audience=internal": 422, "": 415,
	} {
		if res, _ := v.get(fmt.Sprintf("/incidents/%d/export?%s", in.billing, query)); res.StatusCode != want {
			t.Errorf("GET export?%s = %d, want %d", query, res.StatusCode, want)
		}
	}
}
