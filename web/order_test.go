package web

import (
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store/storetest"
)

// crowded files an incident with entries of one minute, and gives their ids by text.
func crowded(t testing.TB, in installation, words string) (incident.Number, map[string]string) {
	t.Helper()
	record := &incident.Incident{}
	record.Title, record.Zone = "Much at once", "UTC"
	for _, word := range strings.Fields(words) {
		at := moment(t, "2013-08-20T09:00:00Z", "UTC", incident.Minute)
		record.Timeline = append(record.Timeline, incident.Entry{At: at, Kind: incident.EntryObservation, Text: word})
	}
	n := in.file(t, storetest.Person(t, in.store, "Filer", incident.Responder), record)
	ids := map[string]string{}
	for _, e := range in.entries(t, n) {
		ids[e.Text] = e.ID
	}
	return n, ids
}

func (in installation) entries(t testing.TB, n incident.Number) []incident.Entry {
	t.Helper()
	got, err := in.store.Incident(t.Context(), reader, n)
	if err != nil {
		t.Fatal(err)
	}
	return got.Timeline
}

func wordsOf(entries []incident.Entry) string {
	var words []string
	for _, e := range entries {
		words = append(words, e.Text)
	}
	return strings.Join(words, " ")
}

func TestEntriesOfOneMinuteChangePlaces(t *testing.T) {
	t.Parallel()
	in := installed(t)
	n, ids := crowded(t, in, "a b c")
	v := in.as(t, "Noor Haddad")
	path := fmt.Sprintf("/incidents/%d/order", n)
	for _, tt := range []struct{ id, do, to, want string }{
		{"a", "later", "", "b a c"}, {"c", "earlier", "", "b c a"}, {"b", "earlier", "", "b c a"}, {"a", "", "b", "a b c"},
	} {
		res, body := v.post(path, url.Values{"id": {ids[tt.id]}, "do": {tt.do}, "to": {ids[tt.to]}}, nil)
		if got := wordsOf(in.entries(t, n)); res.StatusCode != 303 || got != tt.want {
			t.Errorf("moving %s %s%s = %d, %s; want %s\n%s", tt.id, tt.do, tt.to, res.StatusCode, got, tt.want, body)
		}
	}
	if _, page := v.get(fmt.Sprintf("/incidents/%d", n)); strings.Count(page, `value="earlier"`) != 2 || strings.Count(page, `value="later"`) != 2 {
		t.Error("the page must offer two ways up and two ways down among three entries")
	}
	if res, _ := v.post(path, url.Values{"id": {"nothere00000"}, "to": {ids["a"]}}, nil); res.StatusCode != 404 {
		t.Errorf("moving what is not there = %d, want 404", res.StatusCode)
	}
	if res, _ := in.as(t, "Ines Duarte").post(path, url.Values{"id": {ids["a"]}, "do": {"later"}}, nil); res.StatusCode != 403 {
		t.Errorf("a viewer moves = %d, want 403", res.StatusCode)
	}
}

func TestTwoPeopleReorderAtOnceAndNoEntryIsLost(t *testing.T) {
	t.Parallel()
	in := installed(t)
	n, ids := crowded(t, in, "a b c d e")
	storetest.Person(t, in.store, "Ada Park", incident.Responder)
	var both sync.WaitGroup
	for name, id := range map[string]string{"Noor Haddad": "a", "Ada Park": "e"} {
		v := in.as(t, name)
		both.Go(func() {
			for _, do := range []string{"earlier", "later", "later", "earlier", "later", "earlier", "earlier"} {
				if res, body := v.post(fmt.Sprintf("/incidents/%d/order", n), url.Values{"id": {ids[id]}, "do": {do}}, nil); res.StatusCode != 303 {
					t.Errorf("%s moves %s = %d %s", name, do, res.StatusCode, body)
				}
			}
		})
	}
	both.Wait()
	got := in.entries(t, n)
	seen := map[int64]bool{}
	for _, e := range got {
		seen[e.Position] = true
	}
	if len(got) != 5 || len(seen) != 5 {
		t.Errorf("after two people moved there are %d entries at %d positions: %s", len(got), len(seen), wordsOf(got))
	}
}

func TestALineIsNotedAsItIsUnderstood(t *testing.T) {
	t.Parallel()
	in := installed(t)
	n, _ := crowded(t, in, "a")
	v := in.as(t, "Noor Haddad")
	path := fmt.Sprintf("/incidents/%d/quick", n)
	for line, want := range map[string]string{
		"09:10 alice: restarted the master":  "09:10:00 action alice restarted the master",
		"2:42 AM PDT paged the team":         "09:42:00 escalation  paged the team",
		"no time is now":                     "09:30:00 observation  no time is now",
		"[??:??] somebody called":            " observation  somebody called",
		"09:15–09:20 a while passes quietly": "09:15:00 observation  a while passes quietly",
	} {
		if res, body := v.post(path, url.Values{"line": {line}}, nil); res.StatusCode != 303 {
			t.Errorf("noting %q = %d %s", line, res.StatusCode, body)
		}
		found := false
		for _, e := range in.entries(t, n) {
			at := ""
			if e.At.Known() {
				at = e.At.At.Format("15:04:05")
			}
			found = found || strings.TrimLeft(fmt.Sprintf("%s %s %s %s", at, e.Kind, e.Actor, e.Text), "") == want
		}
		if !found {
			t.Errorf("noting %q keeps no entry %q", line, want)
		}
	}
	if _, body := v.get(path + "/understood?line=" + url.QueryEscape("09:10 alice: restarted the master")); !strings.Contains(body, "09:10") || !strings.Contains(body, "action · alice · restarted the master") {
		t.Errorf("the line is understood as %s", body)
	}
	for line, says := range map[string]string{"03/04 10:00 ambiguous words": "3 April or 4 March", "": "Write what happened"} {
		if res, body := v.post(path, url.Values{"line": {line}}, nil); res.StatusCode != 422 || !strings.Contains(body, says) || len(line) > 0 && !strings.Contains(body, "ambiguous words</textarea>") {
			t.Errorf("noting %q = %d, the whole form doesn't say %q:\n%s", line, res.StatusCode, says, body)
		}
	}
	if res, body := v.post(fmt.Sprintf("/incidents/%d/quick", in.billing), url.Values{"line": {"long after"}}, nil); res.StatusCode != 422 || !strings.Contains(body, "no time was found") && !strings.Contains(body, "No time was found") {
		t.Errorf("a line without a time, when all is over = %d\n%s", res.StatusCode, body)
	}
}

func TestANewEntryWithoutATimeIsNowWhileItGoesOn(t *testing.T) {
	t.Parallel()
	in := installed(t)
	n, _ := crowded(t, in, "a")
	v := in.as(t, "Noor Haddad")
	v.post(fmt.Sprintf("/incidents/%d/parts/timeline", n), url.Values{"text": {"just now"}, "kind": {"action"}}, nil)
	if all := in.entries(t, n); len(all) != 2 || !all[1].At.Known() || !all[1].At.At.Equal(today) {
		t.Errorf("the timeline is %+v, want an entry of %s", all, today)
	}
	before := len(in.entries(t, in.billing))
	v.post(fmt.Sprintf("/incidents/%d/parts/timeline", in.billing), url.Values{"text": {"who knows when"}, "kind": {"action"}}, nil)
	if all := in.entries(t, in.billing); len(all) != before+1 || all[before].At != nil {
		t.Error("an entry without a time, when all is over, must stay after the last one without a time")
	}
}

func TestATimeLeadsToTheNearestEntry(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Lena Falk")
	text := map[string]string{}
	for _, e := range in.entries(t, in.billing) {
		text[e.ID] = e.Text
	}
	for to, want := range map[string]string{
		"02:41": "on-call engineer about a Redis cluster failure", "1:00 AM": "All billing Redis replicas", "21:00": "End of the incident", "18 July 2013 03:30": "billing anomaly",
		"11:00 UTC": "Balances are rebuilt",
	} {
		res, _ := v.get(fmt.Sprintf("/incidents/%d/jump?to=%s", in.billing, url.QueryEscape(to)))
		_, id, _ := strings.Cut(res.Header.Get("Location"), "#")
		if res.StatusCode != 303 || !strings.Contains(text[id], want) {
			t.Errorf("going to %s leads to %q, want %q", to, text[id], want)
		}
	}
	if res, _ := v.get(fmt.Sprintf("/incidents/%d/jump?to=nonsense", in.billing)); res.StatusCode != 422 {
		t.Errorf("going to nonsense = %d, want 422", res.StatusCode)
	}
}
