package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

const phrase = "wet stapler on the moon"

// enter signs in with a name and a password.
func (v visitor) enter(name, password, next string) (reply, string) {
	v.t.Helper()
	return v.post("/sign-in", url.Values{"name": {name}, "password": {password}, "next": {next}}, http.Header{"User-Agent": {"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}})
}

func TestSomebodySetsAPasswordAndSignsInWithIt(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Lena Falk")
	res, body := v.post("/account", url.Values{"do": {"password"}, "new": {"short"}}, nil)
	if res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "Is too short") || !strings.Contains(body, `aria-invalid="true"`) {
		t.Errorf("a short password = %d, want 422 and why at its field", res.StatusCode)
	}
	res, _ = v.post("/account", url.Values{"do": {"password"}, "new": {phrase}}, nil)
	if _, body := v.get(res.Header.Get("Location")); res.StatusCode != http.StatusSeeOther || !strings.Contains(body, "Your password is set.") {
		t.Errorf("POST /account = %d to %q", res.StatusCode, res.Header.Get("Location"))
	}
	other := in.visitor(t)
	if res, body := other.get("/incidents?tag=redis"); res.StatusCode != http.StatusUnauthorized || !strings.Contains(body, `name="next" value="/incidents?tag=redis"`) {
		t.Errorf("the page that asks to sign in = %d and forgets what was wanted", res.StatusCode)
	}
	wrong, page := other.enter("Lena Falk", "not what it is", "/people")
	nobody, same := other.enter("Nobody <b>", phrase, "/people")
	if wrong.StatusCode != http.StatusUnauthorized || nobody.StatusCode != http.StatusUnauthorized || strings.ReplaceAll(same, "Nobody &lt;b&gt;", "Lena Falk") != page || len(wrong.Cookies) != 0 {
		t.Errorf("a wrong password = %d, nobody's = %d, and the pages must be the same", wrong.StatusCode, nobody.StatusCode)
	}
	res, _ = other.enter("lena falk", phrase, "/incidents?tag=redis")
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/incidents?tag=redis" {
		t.Fatalf("the right password = %d to %q, want the page that was wanted", res.StatusCode, res.Header.Get("Location"))
	}
	_, body = v.get("/account")
	id := regexp.MustCompile(`name="id" value="(\d+)"><button[^>]* value="end"`).FindStringSubmatch(body)
	if !strings.Contains(body, "Firefox on Linux") || id == nil {
		t.Fatal("the account doesn't list the other browser")
	}
	v.post("/account", url.Values{"do": {"end"}, "id": {id[1]}}, nil)
	if res, _ := other.get("/incidents"); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("the session that was ended from another browser = %d, want 401", res.StatusCode)
	}
	if res, _ := v.post("/account", url.Values{"do": {"everywhere"}}, nil); res.Header.Get("Location") != "/?signed-out" || len(v.cookies()) != 0 {
		t.Errorf("signing out everywhere leads to %q with %d cookies", res.Header.Get("Location"), len(v.cookies()))
	}
	if log := in.log.String(); strings.Contains(log, phrase) {
		t.Error("the password is in the log")
	}
}

func TestTooManyTriesAreToldToWait(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.visitor(t)
	for range 5 {
		v.enter("Lena Falk", phrase, "")
	}
	res, body := v.enter("Lena Falk", phrase, "")
	if res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") == "" || !strings.Contains(body, "too many tries") || !strings.Contains(body, `value="Lena Falk"`) {
		t.Errorf("the sixth try = %d, Retry-After %q; want 429 with a page that keeps the name", res.StatusCode, res.Header.Get("Retry-After"))
	}
}

func TestSigningInLeadsToNoOtherSite(t *testing.T) {
	t.Parallel()
	for page, want := range map[string]string{
		"/incidents/7?zone=UTC": "/incidents/7?zone=UTC", "/account": "/account", "": "/incidents", "/": "/incidents", "/sign-out": "/incidents",
		"//evil.example": "/incidents", "///evil.example": "/incidents", `/\evil.example`: "/incidents", `\\evil.example`: "/incidents", "https://evil.example/": "/incidents",
		"https:evil.example": "/incidents", "javascript:alert(1)": "/incidents", "/\t/evil.example": "/incidents", "\t//evil.example": "/incidents", "/%2f/evil.example": "/incidents",
		"/%5cevil.example": "/incidents", "evil.example": "/incidents", "/a\r\nSet-Cookie: x": "/incidents", "/" + strings.Repeat("a", 2000): "/incidents",
	} {
		if got := wanted(page); got != want {
			t.Errorf("wanted(%.40q) = %q, want %q", page, got, want)
		}
	}
}

func TestBrowsersAreNamedAsPeopleKnowThem(t *testing.T) {
	t.Parallel()
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0": "Edge on Windows",
		"Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36":                  "Chrome on Android",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15":         "Safari on macOS",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1":     "Safari on iPhone",
		"curl/8.0": "curl", "": "", "something <b>else</b>": "",
	} {
		if got := browserName(&http.Request{Header: http.Header{"User-Agent": {agent}}}); got != want {
			t.Errorf("browserName(%q) = %q, want %q", agent, got, want)
		}
	}
}

func TestATokenIsShownOnceAndRevoked(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Lena Falk")
	res, body := v.post("/account", url.Values{"do": {"token"}, "name": {"CI <i>"}, "scope": {"read"}, "lasts": {""}}, nil)
	token := regexp.MustCompile(`value="(debrief_[^"]+)"`).FindStringSubmatch(body)
	if res.StatusCode != http.StatusOK || token == nil {
		t.Fatalf("a token = %d, want a page with its secret", res.StatusCode)
	}
	if by, err := in.store.Identify(t.Context(), token[1]); err != nil || by.Name != "Lena Falk" || by.Role != incident.Viewer {
		t.Errorf("the token is %+v, %v; want one that only reads", by, err)
	}
	_, body = v.get("/account")
	id := regexp.MustCompile(`name="id" value="(\d+)"><button[^>]* value="revoke"`).FindStringSubmatch(body)
	if strings.Contains(body, token[1]) || id == nil || !strings.Contains(body, "CI &lt;i&gt;") {
		t.Fatal("the account must list the token without its secret")
	}
	v.post("/account", url.Values{"do": {"revoke"}, "id": {id[1]}}, nil)
	if _, err := in.store.Identify(t.Context(), token[1]); err == nil {
		t.Error("the revoked token works")
	}
	if res, body := v.post("/account", url.Values{"do": {"token"}, "name": {"two\nlines"}, "scope": {"read"}}, nil); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "cannot be shown") {
		t.Errorf("a token whose name is no line = %d, want 422 and why", res.StatusCode)
	}
}

func TestAnAdminInvitesPeople(t *testing.T) {
	t.Parallel()
	in := installed(t)
	storetest.Person(t, in.store, "Root", incident.Admin)
	root, lena := in.as(t, "Root"), in.as(t, "Lena Falk")
	if _, body := lena.get("/people"); !strings.Contains(body, "Noor Haddad") || strings.Contains(body, "<select") || strings.Contains(body, `href="/people"`) {
		t.Error("a reviewer sees the list and nothing to change")
	}
	add := url.Values{"do": {"add"}, "name": {"Ana <Reyes>"}, "role": {"responder"}}
	if res, _ := lena.post("/people", add, nil); res.StatusCode != http.StatusForbidden {
		t.Errorf("a reviewer adds somebody = %d, want 403", res.StatusCode)
	}
	res, body := root.post("/people", add, nil)
	link := regexp.MustCompile(`value="http://[^"]+/sign-in\?key=([^"]+)"`).FindStringSubmatch(body)
	if res.StatusCode != http.StatusOK || link == nil {
		t.Fatalf("an invitation = %d, want a page with its link", res.StatusCode)
	}
	if res, body := root.post("/people", url.Values{"do": {"add"}, "name": {"lena FALK"}, "role": {"viewer"}}, nil); res.StatusCode != http.StatusConflict || !strings.Contains(body, "somebody’s already") && !strings.Contains(body, "somebody&#39;s already") || !strings.Contains(body, `value="lena FALK"`) {
		t.Errorf("a name that is taken = %d, want 409, why, and what was typed", res.StatusCode)
	}
	ana := in.visitor(t)
	if res, _ := ana.post("/sign-in", url.Values{"key": {link[1]}}, nil); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("the invitation = %d, want 303", res.StatusCode)
	}
	_, body = root.get("/people")
	id := regexp.MustCompile(`Role of Ana`).FindStringIndex(body)
	if id == nil {
		t.Fatal("the page doesn't list Ana")
	}
	ids := regexp.MustCompile(`name="id" value="(\d+)"`).FindAllStringSubmatch(body[:id[0]], -1)
	of := ids[len(ids)-1][1]
	root.post("/people", url.Values{"do": {"role"}, "id": {of}, "role": {"reviewer"}}, nil)
	if _, body := ana.get("/account"); !strings.Contains(body, "reviewer") {
		t.Error("the role is not changed")
	}
	root.post("/people", url.Values{"do": {"disable"}, "id": {of}}, nil)
	if res, _ := ana.get("/account"); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("somebody who was shut out reads on: %d", res.StatusCode)
	}
	res, _ = root.post("/people", url.Values{"do": {"enable"}, "id": {of}}, nil)
	if _, body := root.get(res.Header.Get("Location")); !strings.Contains(body, "They may sign in again.") {
		t.Error("letting somebody in again isn't said")
	}
	if res, _ := root.post("/people", url.Values{"do": {"link"}, "id": {"99"}}, nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("a link for nobody = %d, want 404", res.StatusCode)
	}
}

// accountFrames are the pages about people, with all that they can show.
func accountFrames() []frame {
	since := stamp(today)
	form := typed{url.Values{"name": {hostile}}, map[string]string{"name": hostile}}
	controls := []control{form.line("n", "name", "Name", "hint", true), form.choice("r", "role", "Role", roles(), "viewer")}
	shown := &secret{"Title", "Says", hostile}
	return []frame{
		{Name: "account", By: reader, Here: "account", Page: account{Name: hostile, Role: reader.Role, Done: "done", Problem: hostile, Wrong: map[string]string{"old": hostile, "password": hostile}, Secret: shown, Set: &since, ByLink: true,
			Sessions: []sitting{{1, hostile, "link", since, true}, {2, "", "password", since, false}}, Tokens: []pass{{1, hostile, "viewer", "read", since, &since}, {2, "", "viewer", "read", since, nil}}, NewToken: controls, Contact: store.Contact{Email: hostile, Reminders: true, Fault: hostile}, Email: emailControl(form, store.Contact{Email: hostile})}},
		{Name: "account", By: reader, Page: account{Name: "x", Role: reader.Role, ByLink: true, Mails: true}},
		{Name: "account", By: reader, Page: account{Name: "x", Role: reader.Role}},
		{Name: "account", By: reader, Page: account{Name: "x", Role: reader.Role, Provider: hostile, Fresh: true}},
		{Name: "account", By: reader, Page: account{Name: "x", Role: reader.Role, Provider: hostile, Identities: []boundTo{{hostile, since}}}},
		{Name: "connect", By: reader, Page: hostile},
		{Name: "people", By: incident.Actor{Name: "Root", Role: incident.Admin}, Here: "people", Page: members{Me: "Root", Governs: true, Done: "done", Problem: hostile, Secret: shown,
			People: []somebody{{1, hostile, "viewer", false, since, choose(roles(), "viewer"), store.Contact{Email: hostile, Fault: hostile}}, {2, "Root", "admin", false, since, choose(roles(), "admin"), store.Contact{Email: "root@example.com"}}, {3, "Gone", "viewer", true, since, nil, store.Contact{}}}, Add: controls}},
		{Name: "people", By: reader, Page: members{People: []somebody{{1, "x", "viewer", true, since, nil, store.Contact{}}}}},
	}
}
