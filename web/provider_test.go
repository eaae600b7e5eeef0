package web

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"golang.org/x/text/language"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store/storetest"
)

// known are the people of a real provider, which is run in the test.
type known map[string]*storage.User

func (k known) GetUserByID(id string) *storage.User { return k[id] }
func (k known) ExampleClientID() string             { return "service" }
func (k known) GetUserByUsername(name string) *storage.User {
	for _, user := range k {
		if user.Username == name {
			return user
		}
	}
	return nil
}

// provided is an installation whose people may sign in at a provider.
func provided(t *testing.T, adjust func(*Provider)) installation {
	t.Helper()
	people := known{}
	for id, name := range map[string]string{"1": "Grace Hopper", "2": "Lena Falk", "3": "Mallory Stranger"} {
		first, last, _ := strings.Cut(name, " ")
		people[id] = &storage.User{ID: "subject-" + id, Username: strings.ToLower(first), Password: "verysecure", FirstName: first, LastName: last, PreferredLanguage: language.English,
			Email: strings.ToLower(first) + "@example.com", EmailVerified: first == "Grace"}
		people["subject-"+id] = people[id]
	}
	in := installation{store: storetest.New(t), log: new(safeBuffer)}
	ours, theirs := httptest.NewUnstartedServer(nil), httptest.NewUnstartedServer(nil)
	in.url = "http://" + ours.Listener.Addr().String()
	p := Provider{
		Issuer: "http://" + theirs.Listener.Addr().String(), ClientID: "debrief", ClientSecret: "client-secret-canary", Name: "Example",
		RoleClaim: "preferred_username", Roles: map[string]incident.Role{"grace": incident.Responder, "lena": incident.Reviewer},
	}
	client := storage.WebClient(p.ClientID, p.ClientSecret, in.url+"/sign-in/back")
	theirs.Config.Handler = exampleop.SetupServer(p.Issuer, storage.NewStorageWithClients(people, map[string]*storage.Client{p.ClientID: client}), nil, false)
	theirs.Start()
	t.Cleanup(theirs.Close)
	if adjust != nil {
		adjust(&p)
	}
	ours.Config.Handler = New(Options{Store: in.store, Log: slog.New(slog.NewTextHandler(in.log, nil)), Now: func() time.Time { return today }, Provider: p})
	ours.Start()
	t.Cleanup(ours.Close)
	storetest.Person(t, in.store, "Lena Falk", incident.Admin)
	return in
}

// travel goes to the provider, says there who one is, and comes back.
func (v visitor) travel(start, name string) (reply, string) {
	v.t.Helper()
	res, body := v.get(start)
	for range 10 {
		to := res.Header.Get("Location")
		switch {
		case strings.Contains(body, `action="/login/username"`):
			id := regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(body)[1]
			form := url.Values{"id": {id}, "username": {name}, "password": {"verysecure"}}
			r, err := http.NewRequest(http.MethodPost, v.last("/login/username"), strings.NewReader(form.Encode()))
			if err != nil {
				v.t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			res, body = v.do(r, nil)
		case strings.Contains(to, "/sign-in/back?"):
			return v.do(http.NewRequest(http.MethodGet, to, nil))
		case to == "":
			return res, body
		default:
			res, body = v.do(http.NewRequest(http.MethodGet, v.last(to), nil))
		}
	}
	v.t.Fatal("the way to the provider has no end")
	return res, body
}

// last is an address on the host that was asked last.
func (v visitor) last(to string) string {
	if strings.HasPrefix(to, "http") {
		*v.host = to[:strings.Index(to[8:]+"/", "/")+8]
		return to
	}
	return *v.host + to
}

func TestPeopleSignInWithAProvider(t *testing.T) {
	t.Parallel()
	in := provided(t, nil)
	v := in.visitor(t)
	if _, body := v.get("/"); !strings.Contains(body, "Sign in with Example") {
		t.Error("the way in doesn't offer the provider")
	}
	for range 2 {
		res, body := v.travel("/sign-in/with?next="+url.QueryEscape("/account"), "grace")
		if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/account" {
			t.Fatalf("coming back = %d to %q, want the page that was wanted\n%s\n%s", res.StatusCode, res.Header.Get("Location"), body, in.log.String())
		}
		if _, body := v.get("/account"); !strings.Contains(body, "Grace Hopper") || !strings.Contains(body, "responder") || !strings.Contains(body, "by provider") {
			t.Error("Grace is not signed in as a responder")
		}
	}
	res, body := in.visitor(t).travel("/sign-in/with", "lena")
	if res.StatusCode != http.StatusConflict || !strings.Contains(body, "is called Lena Falk already") {
		t.Errorf("somebody of an admin's name = %d, want 409", res.StatusCode)
	}
	if res, _ := in.visitor(t).travel("/sign-in/with", "mallory"); res.StatusCode != http.StatusForbidden {
		t.Errorf("somebody without a role = %d, want 403", res.StatusCode)
	}
	lena := in.as(t, "Lena Falk")
	if res, body := lena.post("/account", url.Values{"do": {"connect"}}, nil); res.StatusCode != http.StatusOK || !strings.Contains(body, `href="/sign-in/with?connect"`) {
		t.Fatalf("connecting = %d", res.StatusCode)
	}
	if res, body := lena.travel("/sign-in/with?connect", "lena"); res.Header.Get("Location") != "/account?done=connected" {
		t.Fatalf("coming back to connect = %d to %q\n%s", res.StatusCode, res.Header.Get("Location"), body)
	}
	if log := in.log.String(); strings.Contains(log, "canary") {
		t.Error("the client's secret is in the log")
	}
}

func TestAnAnswerOfAnotherSignInIsRefused(t *testing.T) {
	t.Parallel()
	in := provided(t, nil)
	for name, query := range map[string]string{"without a state": "?code=x", "with another state": "?code=x&state=other"} {
		v := in.visitor(t)
		v.get("/sign-in/with")
		if res, _ := v.get("/sign-in/back" + query); res.StatusCode != http.StatusConflict {
			t.Errorf("coming back %s = %d, want 409", name, res.StatusCode)
		}
	}
	v := in.visitor(t)
	res, _ := v.get("/sign-in/with")
	if c := res.Cookies[0]; !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || time.Until(c.Expires) > awayTime {
		t.Errorf("the cookie of a trip = %v", c)
	}
	for _, part := range []string{"code_challenge_method=S256", "nonce=", "state=", "code_challenge="} {
		if to := res.Header.Get("Location"); !strings.Contains(to, part) {
			t.Errorf("the provider is asked without %s: %s", part, to)
		}
	}
}

func TestATripToTheProviderEndsWithTheSession(t *testing.T) {
	t.Parallel()
	in := provided(t, nil)
	lena := in.as(t, "Lena Falk")
	lena.post("/account", url.Values{"do": {"connect"}}, nil)
	if lena.post("/sign-out", nil, nil); len(lena.cookies()) != 0 {
		t.Errorf("who signs in next on this computer connects their account to Lena's trip: %v", lena.cookies())
	}
}

func TestADeadProviderKeepsNobodyOut(t *testing.T) {
	t.Parallel()
	in := provided(t, func(p *Provider) { p.Issuer = "http://127.0.0.1:1" })
	v := in.visitor(t)
	if res, body := v.get("/sign-in/with"); res.StatusCode != http.StatusBadGateway || !strings.Contains(body, "does not answer") {
		t.Errorf("a dead provider = %d, want 502 with a page", res.StatusCode)
	}
	if res, _ := in.as(t, "Lena Falk").get("/account"); res.StatusCode != http.StatusOK {
		t.Errorf("a link beside a dead provider = %d", res.StatusCode)
	}
}

func TestRolesComeFromAClaim(t *testing.T) {
	t.Parallel()
	p := Provider{RoleClaim: "realm.roles", Roles: map[string]incident.Role{"oncall": incident.Responder, "ops": incident.Admin}}
	for claim, want := range map[string]incident.Role{
		"oncall": incident.Responder, "oncall ops": incident.Admin, "else": "", "": "",
	} {
		list := []any{}
		for _, value := range strings.Fields(claim) {
			list = append(list, value)
		}
		if got := p.role(map[string]any{"realm": map[string]any{"roles": list}}); got != want {
			t.Errorf("role of %q = %q, want %q", claim, got, want)
		}
	}
}

func TestPeopleSignInWithAProviderInABrowser(t *testing.T) {
	t.Parallel()
	in := provided(t, nil)
	b := newBrowser(t)
	b.look("signed-out-provider", in.url+"/")
	b.look("asked-provider", in.url+"/account")
	b.prefers("light", 1280)
	b.do(chromedp.Navigate(in.url + "/account"))
	b.goes(`a.button[href^="/sign-in/with"]`)
	b.until("the provider asks who it is", `document.querySelector("input[name=username]") !== null`)
	if asks[string](b, "location.origin") == in.url {
		t.Error("the page that asks is ours, not the provider's")
	}
	b.heard() // of a page that is not ours
	b.fills("input[name=username]", "grace")
	b.fills("input[name=password]", "verysecure")
	b.presses(kb.Enter, 0)
	b.until("Grace is signed in on the page that she wanted", `location.pathname === "/account" && document.querySelector(".me")?.innerText.includes("Grace Hopper") === true`)
	b.goes(".me button")
	b.until("and signed out", `location.pathname === "/" && document.querySelector(".me") === null`)
}
