package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestADigestIsAPageAndAText(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Lena Falk")
	got, page := v.get("/digests/2013-07")
	link := fmt.Sprintf(`<a href="/incidents/%d"`, in.billing)
	for _, want := range []string{"<h1", "July 2013", link, `href="/digests/2013-06"`, `href="/digests/2013-08"`, `href="/digests/2013-Q3"`, "What is still owed"} {
		if got.StatusCode != http.StatusOK || !strings.Contains(page, want) {
			t.Errorf("the digest of a month = %d without %q:\n%s", got.StatusCode, want, page)
		}
	}
	if got, text := v.get("/digests/2013-Q3/markdown"); got.StatusCode != http.StatusOK || !strings.Contains(text, fmt.Sprintf("](%s/incidents/%d)", in.url, in.billing)) {
		t.Errorf("as Markdown = %d\n%s", got.StatusCode, text)
	}
	if got, page := v.get("/digests/July"); got.StatusCode != http.StatusBadRequest || !strings.Contains(page, "2013-07 or 2013-Q3") {
		t.Errorf("a digest of July = %d\n%s", got.StatusCode, page)
	}
	if got, _ := v.get("/digests"); got.StatusCode != http.StatusSeeOther || !strings.HasPrefix(got.Header.Get("Location"), "/digests/2") {
		t.Errorf("/digests = %d to %s", got.StatusCode, got.Header.Get("Location"))
	}
}

func TestDigestsInABrowser(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in := installed(t)
	b.enters(in, "Lena Falk")
	b.look("digest", in.url+"/digests/2013-07")
	b.look("digest-going", in.url+"/digests")
}
