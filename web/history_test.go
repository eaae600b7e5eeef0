package web

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestHistoryIsToldInWordsAndComparesTwoPoints(t *testing.T) {
	t.Parallel()
	in := installed(t)
	noor, lena := in.as(t, "Noor Haddad"), in.as(t, "Lena Falk")
	history := fmt.Sprintf("/incidents/%d/history", in.billing)
	noor.post(fmt.Sprintf("/incidents/%d/fields/public", in.billing), url.Values{"public_title": {"Erroneous charges"}, "public_summary": {"Refunded."}}, nil)
	noor.post(fmt.Sprintf("/incidents/%d/parts/lessons", in.billing), url.Values{"kind": {"lucky"}, "text": {"It was a quiet day."}, "audience": {"internal"}}, nil)
	_, body := lena.get(history)
	for _, want := range []string{"filed it", "changed: Public title, Public summary", "added: lesson: where we were lucky", `name="from"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the history lacks %q", want)
		}
	}
	for _, q := range []string{"?from=1&to=3", "?from=3&to=1", "?from=1&to=999"} {
		res, body := lena.get(history + q)
		if res.StatusCode != 200 || !strings.Contains(body, "<del>") || !strings.Contains(body, "<ins>It was a quiet day.</ins>") || !strings.Contains(body, "From version 1 to 3") {
			t.Errorf("GET %s = %d, and does not show what came and went", q, res.StatusCode)
		}
	}
	if res, _ := lena.get(history + "?from=x&to=1"); res.StatusCode != 400 {
		t.Errorf("comparing with x = %d, want 400", res.StatusCode)
	}
}

func TestALongHistoryTurnsPagesAndComparesWithNow(t *testing.T) {
	t.Parallel()
	in := installed(t)
	by := storetest.Person(t, in.store, "Filer", incident.Responder)
	for i := range historyPerPage {
		if _, err := in.store.Append(context.Background(), by, in.billing, []incident.Part{&incident.Comment{Text: fmt.Sprintf("remark %d", i)}}); err != nil {
			t.Fatal(err)
		}
	}
	v := in.as(t, "Lena Falk")
	_, first := v.get(fmt.Sprintf("/incidents/%d/history", in.billing))
	older := regexp.MustCompile(`/incidents/\d+/history\?cursor=[^"]+`).FindString(first)
	if older == "" || strings.Contains(first, "filed it") || strings.Contains(first, "As it is now") {
		t.Fatal("the first page must begin with the newest and lead to the oldest")
	}
	_, second := v.get(strings.ReplaceAll(older, "&amp;", "&"))
	if !strings.Contains(second, "filed it") || !strings.Contains(second, "As it is now") || !strings.Contains(second, fmt.Sprintf(`name="to" value="%d" checked`, historyPerPage+1)) {
		t.Error("the second page must hold the oldest, and offer what stands now beside it")
	}
}

func TestAStepThatIsHiddenFromItsReaderSaysSo(t *testing.T) {
	t.Parallel()
	in := billing(t)
	for _, did := range []string{"appended", "edited", "removed"} {
		s := newSteps(in, []store.Change{{Version: 3, Did: did, By: "Noor Haddad"}})[0]
		if s.Did != "changed something that is not yours to see" {
			t.Errorf("%s, of which a reader sees nothing, is told as: Noor Haddad %s", did, s.Did)
		}
	}
}
