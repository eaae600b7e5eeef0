package web

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/debriefhq/debrief/incident"
)

// chat is what somebody pastes: twenty lines of a channel.
var chat = strings.Join([]string{
	"[02:42] alice: redis-01 is gone", "[02:43] alice: paging the database team", "[02:44] bob: on it", "[02:46] bob: replicas lost their master",
	"[02:50] bob: I restarted the master", "it came back with the wrong configuration", "[02:55] alice: balances read zero",
	"[03:01] carol: support has tickets about charges", "[03:05] bob: we decided to suspend billing", "[03:06] bob: suspended",
	"[03:12] alice: charges have stopped", "[03:20] carol: the status page says degraded", "[03:30] bob: reading the logs", "[03:40] bob: found it",
	"[03:45] alice: which one", "[03:46] bob: /etc/redis.conf on redis-01", "[04:00] bob: restarted with the right one", "[04:10] alice: balances are back",
	"[04:20] alice: all clear", "[04:21] carol: telling customers", "[04:30] alice: going to bed",
}, "\r\n")

// filledIn gives what a browser would send of the form with an id.
func filledIn(t testing.TB, page, id string) url.Values {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	sent := url.Values{}
	attr := func(n *html.Node, key string) (string, bool) {
		for _, a := range n.Attr {
			if a.Key == key {
				return a.Val, true
			}
		}
		return "", false
	}
	for f := range root.Descendants() {
		if got, _ := attr(f, "id"); got != id {
			continue
		}
		for n := range f.Descendants() {
			name, _ := attr(n, "name")
			value, _ := attr(n, "value")
			_, checked := attr(n, "checked")
			kind, _ := attr(n, "type")
			switch {
			case n.Data == "input" && (kind != "checkbox" || checked):
				sent.Set(name, value)
			case n.Data == "textarea" && n.FirstChild != nil:
				sent.Set(name, strings.TrimPrefix(n.FirstChild.Data, "\n"))
			case n.Data == "select":
				for o := range n.Descendants() {
					if _, selected := attr(o, "selected"); selected {
						value, _ := attr(o, "value")
						sent.Set(name, value)
					}
				}
			}
		}
	}
	return sent
}

// read pastes a text, and gives the form that asks whether it was understood.
func (v visitor) pastes(n incident.Number, text string) url.Values {
	v.t.Helper()
	res, body := v.post(fmt.Sprintf("/incidents/%d/paste", n), url.Values{"source": {text}, "day": {"2013-07-18"}, "do": {"read"}}, nil)
	if res.StatusCode != http.StatusOK {
		v.t.Fatalf("paste = %d %s", res.StatusCode, body)
	}
	form := filledIn(v.t, body, "form-confirm")
	form.Set("do", "confirm")
	return form
}

func TestTwentyLinesOfAChatBecomeTwentyEntries(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Noor Haddad")
	before, err := in.store.Incident(t.Context(), reader, in.billing)
	if err != nil {
		t.Fatal(err)
	}
	form := v.pastes(in.billing, chat)
	if form.Get("rows") != "20" || form.Get("actor.0") != "alice" || form.Get("at.0") != "02:42" || form.Get("kind.1") != "escalation" {
		t.Fatalf("the text is read as %v", form)
	}
	form.Del("keep.19")
	form.Set("text.0", "redis-01 is gone, says alice")
	form.Set("at.2", "18 July 2013 02:45 PDT")
	res, body := v.post(fmt.Sprintf("/incidents/%d/paste", in.billing), form, nil)
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("confirming = %d %s", res.StatusCode, body)
	}
	got, err := in.store.Incident(t.Context(), reader, in.billing)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(got.Timeline) - len(before.Timeline); n != 19 {
		t.Errorf("%d entries were added, want 19", n)
	}
	_, page := v.get(fmt.Sprintf("/incidents/%d", in.billing))
	for _, want := range []string{"redis-01 is gone, says alice", "it came back with the wrong configuration", "all clear"} {
		if !strings.Contains(page, want) {
			t.Errorf("the record lacks %q", want)
		}
	}
	if strings.Contains(page, "going to bed") {
		t.Error("what was unticked was added")
	}
	for _, e := range got.Timeline {
		if e.Text == "on it" && (e.Actor != "bob" || e.At.At.Format("15:04") != "09:45" || e.Audience != incident.AudienceInternal) {
			t.Errorf("the third entry is %+v at %s", e, e.At.At)
		}
	}
	if !strings.HasPrefix(res.Header.Get("Location"), fmt.Sprintf("/incidents/%d#", in.billing)) {
		t.Errorf("confirming leads to %s", res.Header.Get("Location"))
	}
}

func TestConfirmingTwiceAddsOnce(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Noor Haddad")
	form := v.pastes(in.billing, "02:42 the only one of its kind")
	for range 2 {
		if res, body := v.post(fmt.Sprintf("/incidents/%d/paste", in.billing), form, nil); res.StatusCode != http.StatusSeeOther {
			t.Fatalf("confirming = %d %s", res.StatusCode, body)
		}
	}
	if _, page := v.get(fmt.Sprintf("/incidents/%d", in.billing)); strings.Count(page, "the only one of its kind") != 1 {
		t.Errorf("the record holds it %d times", strings.Count(page, "the only one of its kind"))
	}
}

func TestARefusalOfOneRowAddsNoneAndKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Noor Haddad")
	const key = "AKIA" + "Q3EGRWHJ5T2MZ7XB"
	for name, tt := range map[string]struct {
		key, value, says string
	}{
		"a time that can't be read":      {"at.1", "03/04 10:00", "3 April or 4 March"},
		"a text that is empty":           {"text.1", "", "The text"},
		"a credential shown to all":      {"audience.2", "public", "looks like a credential"},
		"a name that is too long":        {"actor.1", strings.Repeat("x", 201), "The name"},
		"a kind that does not exist":     {"rows", "99999999", "No entry is ticked"},
		"a time in the year of dinosaur": {"at.0", "0001-01-01 10:00", "out of reach"},
	} {
		form := v.pastes(in.billing, "02:42 first typed\n02:43 second\n02:44 the key is "+key)
		form.Set("text.0", "typed by hand")
		form.Set(tt.key, tt.value)
		res, body := v.post(fmt.Sprintf("/incidents/%d/paste", in.billing), form, nil)
		if res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, tt.says) {
			t.Errorf("%s: %d, the page doesn't say %q:\n%s", name, res.StatusCode, tt.says, body)
		}
		if tt.key != "rows" && !strings.Contains(body, "typed by hand") {
			t.Errorf("%s: what was typed is lost", name)
		}
	}
	if _, page := v.get(fmt.Sprintf("/incidents/%d", in.billing)); strings.Contains(page, "typed by hand") {
		t.Error("a part of what was refused was added")
	}
}

func TestACredentialThatIsPastedIsPointedOut(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Noor Haddad")
	res, body := v.post(fmt.Sprintf("/incidents/%d/paste", in.billing), url.Values{"source": {"02:42 the key is AKIA" + "Q3EGRWHJ5T2MZ7XB"}}, nil)
	if res.StatusCode != http.StatusOK || !strings.Contains(body, "seems to hold a credential (AWS access key)") {
		t.Errorf("the page doesn't point it out: %d\n%s", res.StatusCode, body)
	}
	if got := filledIn(t, body, "form-confirm").Get("audience.0"); got != "internal" {
		t.Errorf("its audience is %q", got)
	}
}

func TestPasteSaysWhatItCannotRead(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Noor Haddad")
	path := fmt.Sprintf("/incidents/%d/paste", in.billing)
	for text, want := range map[string]string{
		"":                                  "nothing in it yet",
		strings.Repeat("02:42 x\n", 501):    "more than 500 entries",
		strings.Repeat("x", pasteLimit+1):   "At most 256 KiB",
		"03/04 10:00 ambiguous\n02:42 down": "Kept as written",
	} {
		if _, body := v.post(path, url.Values{"source": {text}, "do": {"read"}}, nil); !strings.Contains(body, want) {
			t.Errorf("pasting %.20q doesn't say %q", text, want)
		}
	}
	_, body := v.post(path, url.Values{"source": {"02:42 kept"}, "do": {"again"}}, nil)
	if !strings.Contains(body, "02:42 kept</textarea>") {
		t.Error("going back to the text loses it")
	}
	_, body = v.get(path + "/understood?near=2013-07-18T09:00:00Z&at.7=" + url.QueryEscape("02:42–02:55"))
	if !regexp.MustCompile(`02:42 .*09:42 UTC.*02:55`).MatchString(body) {
		t.Errorf("a range is understood as %s", body)
	}
}

func TestViewersDoNotPaste(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Ines Duarte")
	form := url.Values{"do": {"confirm"}, "rows": {strconv.Itoa(1)}, "keep.0": {"true"}, "text.0": {"x"}}
	if res, _ := v.post(fmt.Sprintf("/incidents/%d/paste", in.billing), form, nil); res.StatusCode != http.StatusForbidden {
		t.Errorf("a viewer's paste = %d, want 403", res.StatusCode)
	}
	if res, _ := in.as(t, "Lena Falk").post(fmt.Sprintf("/incidents/%d/paste", in.private), form, nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("a paste into what one may not know of = %d, want 404", res.StatusCode)
	}
}
