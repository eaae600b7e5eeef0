package web

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func TestAFormThatIsSentTwiceIsDoneOnce(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Noor Haddad")
	at := fmt.Sprintf("/incidents/%d", in.billing)
	for path, form := range map[string]url.Values{
		"/incidents/new":       {"title": {"Filed by a double click"}, "kind": {"incident"}, "zone": {"UTC"}},
		at + "/parts/lessons":  {"kind": {"lucky"}, "text": {"Learned by a double click"}},
		at + "/parts/comments": {"text": {"Asked by a double click"}},
		at + "/parts/timeline": {"kind": {"action"}, "text": {"Noted by a double click"}, "at": {""}},
	} {
		_, page := v.get(path)
		_, key, _ := strings.Cut(page, `name="once" value="`)
		key, _, _ = strings.Cut(key, `"`)
		form.Set("once", key)
		first, _ := v.post(path, form, nil)
		second, body := v.post(path, form, nil)
		if first.StatusCode != 303 || second.StatusCode != 303 || first.Header.Get("Location") != second.Header.Get("Location") {
			t.Errorf("POST %s twice = %d to %s, then %d to %s\n%s", path, first.StatusCode, first.Header.Get("Location"), second.StatusCode, second.Header.Get("Location"), body)
		}
		for key := range form { // another one is one more
			if key == "text" || key == "title" || key == "document" {
				form.Set(key, "and another")
			}
		}
		if third, _ := v.post(path, form, nil); third.StatusCode != 303 || third.Header.Get("Location") == first.Header.Get("Location") {
			t.Errorf("POST %s with another text = %d to %s", path, third.StatusCode, third.Header.Get("Location"))
		}
	}
	if _, list := v.get("/incidents"); strings.Count(list, "Filed by a double click") != strings.Count(list, "and another") {
		t.Error("a double click files two incidents")
	}
}
