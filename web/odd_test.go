package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestOddFormsAreRefusedInWords(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Noor Haddad")
	at := fmt.Sprintf("/incidents/%d", in.billing)
	figure := func(value string) url.Values {
		return url.Values{"component": {"Payments"}, "kind": {"delay"}, "level": {"major_outage"}, "figures.measure": {"late"}, "figures.value": {value}, "figures.unit": {"payments"}}
	}
	for _, tt := range []struct {
		path   string
		form   url.Values
		status int
		says   string
	}{
		{at + "/parts/impacts", figure("NaN"), 422, "is no number"},
		{at + "/parts/impacts", figure("+Inf"), 422, "is no number"},
		{at + "/parts/comments", url.Values{"text": {"kept"}, "on": {"\x00"}}, 422, `class="notice wrong"`},
		{at + "/review", url.Values{"version": {"99999999"}, "move": {"submit"}}, 409, "read it again"},
		{"/incidents/new", url.Values{}, 422, `class="fault"`},
		{"/incidents/tags", url.Values{}, 422, "This can’t be done"},
		{"/account", url.Values{"do": {"nothing of ours"}}, 400, "This form can’t be read"},
		{"/sign-in", url.Values{"name": {"\x00"}, "password": {"twelve letters"}}, 401, "don’t belong together"},
	} {
		res, body := v.post(tt.path, tt.form, nil)
		if res.StatusCode != tt.status || !strings.Contains(body, tt.says) {
			t.Errorf("POST %s %v = %d, want %d and %q in\n%s", tt.path, tt.form, res.StatusCode, tt.status, tt.says, body)
		}
	}
	if res, _ := v.post(at+"/fields/causes", causesOf(strings.Repeat("界", 65_536)), nil); res.StatusCode != http.StatusSeeOther {
		t.Errorf("three texts as long as texts may be = %d, want 303", res.StatusCode)
	}
	if strings.Contains(in.log.String(), "level=ERROR") {
		t.Errorf("a form that people can send is logged as a fault:\n%s", in.log)
	}
}

// causesOf is a form whose texts are all new, and were as long before.
func causesOf(text string) url.Values {
	form := url.Values{}
	for _, key := range []string{"trigger", "technical_cause", "process_cause"} {
		form.Set("analysis."+key+".text", text)
		form.Set("analysis."+key+".audience", "internal")
		form.Set("was.padding."+key, text) // as much again as what stood there takes
	}
	return form
}
