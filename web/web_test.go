package web

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
)

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

// since is where the list's stream goes on from: it moves with every transaction
// of the server, whosever.
var since = regexp.MustCompile(`/incidents/live\?after=[^"]*`)

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
		word := strings.TrimPrefix(strings.TrimPrefix(path, "/incidents?q="), "/incidents?tag=")
		if asked := word != path; asked { // the page repeats what was asked, and must read like that about what there is not
			_, other := lena.get(strings.Replace(path, word, "unheardof", 1))
			if since.ReplaceAllString(strings.ReplaceAll(body, word, "unheardof"), "") != since.ReplaceAllString(other, "") {
				t.Errorf("GET %s reads otherwise than that about a word that is nowhere", path)
			}
			body = strings.ReplaceAll(body, word, "")
		}
		if strings.Contains(body+fmt.Sprint(res.Header), "canary") {
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
	for _, e := range exports(&incident.Incident{Heading: incident.Heading{Number: in.billing}}) {
		for _, link := range e.Links {
			if !strings.Contains(page, strings.ReplaceAll(link.Address, "&", "&amp;")) {
				t.Errorf("the record's page lacks a link to %s", link.Address)
			}
		}
		for _, f := range document.Formats {
			if e.Audience != incident.AudiencePublic && f.Write == nil {
				continue
			}
			link := exportLink{f.Name, exportAddress(in.billing, f.Name, e.Audience)}
			if _, body := v.get(strings.Replace(link.Address, "/export?", "/preview?", 1)); !strings.Contains(body, strings.ReplaceAll(link.Address, "&", "&amp;")) {
				t.Errorf("the preview of %s lacks a link to it", link.Address)
			}
			res, body := v.get(link.Address)
			if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != f.MediaType || body == "" {
				t.Errorf("GET %s = %d %s of %d bytes, want 200 %s", link.Address, res.StatusCode, res.Header.Get("Content-Type"), len(body), f.MediaType)
			}
			if got := res.Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment; filename=") || !strings.Contains(got, f.Extension) {
				t.Errorf("GET %s has Content-Disposition %q, want a file with %s", link.Address, got, f.Extension)
			}
			internal := strings.Contains(body, "The database team is called in.")
			if internal != (e.Audience == incident.AudienceInternal && link.Name != "svg") { // a picture has no texts
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
