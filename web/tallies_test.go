package web

import (
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// counted finds the chips that say a number: their address, and it.
var counted = regexp.MustCompile(`<a class="sift" href="([^"]+)"[^>]*>[^<]+<span class="count">(\d+)<`)

func TestAChipSaysHowManyItsListShows(t *testing.T) {
	t.Parallel()
	in := installed(t)
	by := storetest.Person(t, in.store, "Filer", incident.Admin)
	for i, severity := range []incident.Severity{"", incident.SEV1, incident.SEV1, incident.SEV3} {
		record := &incident.Incident{Heading: incident.Heading{Title: "Open", Severity: severity}}
		if i == 1 {
			record.Visibility = incident.VisiblePrivate
		}
		n := in.file(t, by, record)
		if i == 3 {
			if err := in.store.Archive(t.Context(), by, n, 0); err != nil {
				t.Fatal(err)
			}
		}
	}
	in.file(t, by, &incident.Incident{Heading: incident.Heading{Title: "Planned", Kind: incident.Maintenance, Status: incident.Scheduled}})
	for _, name := range []string{"Noor Haddad", "Lena Falk", "Filer"} {
		v := in.as(t, name)
		for _, path := range []string{"/incidents", "/incidents?status=resolved", "/incidents?severity=sev1&sort=number", "/incidents?severity=sev1&status=open"} {
			_, body := v.get(path)
			found := counted.FindAllStringSubmatch(body, -1)
			if len(found) < 5 {
				t.Errorf("GET %s for %s has %d chips with a number, want 5 at least", path, name, len(found))
			}
			for _, chip := range found {
				address, says := html.UnescapeString(chip[1]), chip[2]
				_, list := v.get(address)
				if shows := strings.Count(list, `<th scope="row">`); strconv.Itoa(shows) != says {
					t.Errorf("GET %s says to %s that %s shows %s, and it shows %d", path, name, address, says, shows)
				}
			}
		}
	}
}

func TestNoChipTellsOfAPrivateIncident(t *testing.T) {
	t.Parallel()
	in := installed(t)
	for name, want := range map[string]bool{"Noor Haddad": true, "Ines Duarte": true, "Lena Falk": false} {
		_, body := in.as(t, name).get("/incidents")
		if told := strings.Contains(body, `href="/incidents?status=investigating"`); told != want {
			t.Errorf("the chips tell %s that something is investigated: %v, want %v", name, told, want)
		}
	}
}

func TestChipsSayNoNumbersBesideAnotherFilter(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Lena Falk")
	for _, narrowed := range []string{"q=redis", "tag=redis", "component=x", "kind=incident", "review=draft", "from=2013-01-01", "to=2030-01-01"} {
		_, body := v.get("/incidents?status=resolved&" + narrowed)
		if strings.Contains(body, `class="count"`) {
			t.Errorf("with %s the chips say numbers, and nobody counted", narrowed)
		}
		if !strings.Contains(body, "severity=sev1&amp;status=resolved") {
			t.Errorf("with %s no chip leads to one severity of these", narrowed)
		}
		if !strings.Contains(body, `<input type="hidden" name="status" value="resolved">`) {
			t.Errorf("with %s the form forgets the status", narrowed)
		}
	}
	rows := tallyChips(url.Values{}, nil)
	if len(rows[0].All) != len(choices[0].Values) || rows[0].All[0].Count != "" {
		t.Errorf("while nobody knows the numbers the chips are %v, want all statuses without a number", rows[0].All)
	}
	if rows := tallyChips(url.Values{}, []store.Tally{}); len(rows) != 0 {
		t.Errorf("of no incidents the chips are %v", rows)
	}
}
