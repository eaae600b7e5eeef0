package web

import (
	"bytes"
	"encoding/xml"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/mmcdole/gofeed"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/status"
)

var renew = flag.Bool("update", false, "write the golden files anew")

const fedBase = "https://status.example.com"

func fedMoment(text string) *incident.Moment {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	m := incident.Exactly(at, "America/Los_Angeles", incident.Second)
	return &m
}

// fedPage has an incident that goes on, with a correction and a title that is hard for XML, one that is over and has a
// postmortem, and a maintenance to come.
func fedPage() *status.Page {
	said := func(id, at, status, body, corrects string) incident.PublicMessage {
		return incident.PublicMessage{ID: id, Channel: incident.StatusPage, At: fedMoment(at), Status: status, Body: body, Corrects: corrects}
	}
	notice := func(id, title string, kind incident.IncidentKind, s incident.Status, all ...incident.PublicMessage) *status.Notice {
		return &status.Notice{AnnouncedAt: *all[0].At.At, Incident: &incident.Public{ID: id, Kind: kind, Status: s, Zone: "America/Los_Angeles", Title: title, Messages: all}}
	}
	billing := notice("billing00001", "Wrong charges ]]> <b>R&D</b> \u6c7a\u6e08 \U0001f4b3 \ufffe\ufffdend", incident.KindIncident, incident.Identified,
		said("m1", "2013-07-18T11:00:12Z", "investigating", "It began at 07:42 UTC.", ""),
		said("m2", "2013-07-18T12:00:00Z", "identified", "The cause is *known*:\n\n- Redis <script>alert(1)</script>\n- [ours](/relative), [theirs](https://example.com/a?b=1&c=2), [bad](javascript:alert(1))\n\n![a chart](https://example.com/chart.png)", ""),
		said("m3", "2013-07-18T13:00:00Z", "investigating", "It began at **09:42** UTC.", "m1"))
	voice := notice("voice0000001", "Calls dropped", incident.KindIncident, incident.Resolved,
		said("v1", "2013-07-02T10:00:00Z", "investigating", "Calls drop.", ""), said("v2", "2013-07-02T11:30:00Z", "resolved", "Calls hold again.", ""))
	published := *voice.Incident
	at := time.Date(2013, 7, 9, 15, 0, 0, 0, time.UTC)
	published.PublishedAt, voice.Postmortem = &at, &published
	move := notice("move00000001", "Move of the database", incident.Maintenance, incident.Scheduled,
		said("d1", "2013-07-15T09:00:00Z", "scheduled", "We move on Saturday.", ""))
	return status.New(nil, []*status.Notice{billing, voice, move}, time.Date(2013, 7, 18, 18, 0, 0, 0, time.UTC))
}

// fedForms are the page's feeds by the name of their file.
func fedForms(t testing.TB, p *status.Page, name string) map[string][]byte {
	t.Helper()
	f := newFeed(p, name, fedBase, "page00000001")
	all := map[string][]byte{}
	for file, form := range map[string]any{"history.atom": f.atom(), "history.rss": f.rss()} {
		text, err := writeFeed(form)
		if err != nil {
			t.Fatal(err)
		}
		all[file] = text
	}
	return all
}

func TestFeedsReadAsTheyShould(t *testing.T) {
	t.Parallel()
	for name, got := range fedForms(t, fedPage(), "Twilio status") {
		file := filepath.Join("testdata", name)
		if *renew {
			if err := os.WriteFile(file, got, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(file); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not as its golden file (%v), look at it after -update:\n%s", name, err, got)
		}
	}
}

func TestReadersOfFeedsUnderstandThem(t *testing.T) {
	t.Parallel()
	for name, text := range fedForms(t, fedPage(), "Twilio status") {
		f, err := gofeed.NewParser().Parse(bytes.NewReader(text))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if f.Title != "Twilio status: history" || f.Link != fedBase+"/status" || f.FeedLink != fedBase+"/status/"+name || len(f.Items) != 3 {
			t.Errorf("%s is %q of %q at %q with %d entries", name, f.Title, f.Link, f.FeedLink, len(f.Items))
			continue
		}
		if !f.UpdatedParsed.Equal(*fedMoment("2013-07-18T13:00:00Z").At) {
			t.Errorf("%s was told last at %v, want when the correction was", name, f.UpdatedParsed)
		}
		one := f.Items[0]
		told := one.UpdatedParsed
		if told == nil {
			told = one.PublishedParsed
		}
		if one.Title != "Wrong charges ]]> <b>R&D</b> \u6c7a\u6e08 \U0001f4b3 \ufffdend" || one.Link != fedBase+"/status/incidents/billing00001" || !told.Equal(*f.UpdatedParsed) {
			t.Errorf("%s has first %q at %q of %v", name, one.Title, one.Link, told)
		}
		html := one.Content + one.Description
		first, second := strings.Index(html, "The cause is <em>known</em>"), strings.Index(html, "It began at <strong>09:42</strong> UTC.")
		if first < 0 || second < first || strings.Count(html, "It began") != 1 || strings.Contains(html, "07:42 UTC") || !strings.Contains(html, "Corrected 18 Jul 2013, 06:00 PDT (13:00 UTC)") {
			t.Errorf("%s tells %s, want the newest first, each once, corrected", name, html)
		}
		if strings.Contains(html, "<script") || strings.Contains(html, "javascript:") {
			t.Errorf("%s brings something that acts: %s", name, html)
		}
		if voice := f.Items[2]; !strings.Contains(voice.Content+voice.Description, fedBase+"/status/incidents/voice0000001/postmortem") {
			t.Errorf("%s doesn't lead to the postmortem", name)
		}
	}
}

func TestIdsInFeedsNeverChange(t *testing.T) {
	t.Parallel()
	p := fedPage()
	before := newFeed(p, "Status", fedBase, "page00000001")
	p.Open[0].Incident.Title, p.Open[0].Incident.Messages[0].Body = "Another title", "Another text"
	after := newFeed(p, "Another name", "http://127.0.0.1:8080", "page00000001")
	if after.ID != before.ID || after.Entries[0].ID != before.Entries[0].ID || before.Entries[0].ID != "urn:uuid:bdcca222-6f80-8688-9f10-6343e0250535" {
		t.Errorf("ids were %s and %s, and are %s and %s", before.ID, before.Entries[0].ID, after.ID, after.Entries[0].ID)
	}
}

func TestFeedsHaveAtMostFifty(t *testing.T) {
	t.Parallel()
	var many []*status.Notice
	for i := range mostFed + 10 {
		at := today.Add(time.Duration(i) * time.Hour)
		many = append(many, &status.Notice{AnnouncedAt: at, Incident: &incident.Public{ID: fmt.Sprintf("incident%04d", i), Status: incident.Resolved, Title: "Trouble"}})
	}
	f := newFeed(status.New(nil, many, today), "Status", fedBase, "page00000001")
	if len(f.Entries) != mostFed || f.Entries[0].Address != fedBase+"/status/incidents/incident0059" {
		t.Errorf("%d are fed, the first is %s; want the newest %d", len(f.Entries), f.Entries[0].Address, mostFed)
	}
	if none := newFeed(status.New(nil, nil, today), "Status", fedBase, "page00000001"); !none.Updated.Equal(today) || len(none.Entries) != 0 {
		t.Errorf("with nothing to tell the feed is %+v", none)
	}
}

// feedFaults are the rules of W3C's feed validator (validator.w3.org/feed/docs) that a feed breaks.
func feedFaults(text []byte) (faults []string) {
	wrong := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if !utf8.Valid(text) || !bytes.HasPrefix(text, []byte(`<?xml version="1.0" encoding="UTF-8"?>`)) {
		wrong("is no UTF-8, or does not say so")
	}
	ids, self, path, inner := map[string]int{}, 0, []string{}, ""
	need := map[string]int{}
	for d := xml.NewDecoder(bytes.NewReader(text)); ; {
		token, err := d.Token()
		if err != nil {
			if len(path) > 0 || err.Error() != "EOF" {
				wrong("is no XML: %v", err)
			}
			break
		}
		switch x := token.(type) {
		case xml.StartElement:
			path, inner = append(path, x.Name.Local), ""
			for _, a := range x.Attr {
				if a.Name.Local == "href" && !absolute(a.Value) {
					wrong("has the relative link %q", a.Value)
				}
				if a.Name.Local == "rel" && a.Value == "self" {
					self++
				}
			}
		case xml.CharData:
			inner += string(x)
		case xml.EndElement:
			place := strings.Join(path, "/")
			if x.Name.Space == "" || path[0] == "feed" { // in RSS, what is of Atom is beside
				need[place]++
			}
			for _, fault := range valueFaults(x.Name.Local, strings.TrimSpace(inner)) {
				wrong("%s %s", place, fault)
			}
			if x.Name.Local == "id" || x.Name.Local == "guid" {
				ids[inner]++
			}
			path, inner = path[:len(path)-1], ""
		}
	}
	for id, n := range ids {
		if n > 1 {
			wrong("has the id %s %d times", id, n)
		}
	}
	if self != 1 {
		wrong("links to itself %d times", self)
	}
	return append(faults, missing(need)...)
}

// missing are the elements that a feed needs and has not, by how many of each it has.
func missing(need map[string]int) (faults []string) {
	wrong := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	for _, must := range [][2]string{{"feed/id", "rss/channel/title"}, {"feed/title", "rss/channel/link"}, {"feed/updated", "rss/channel/description"}, {"feed/author/name", "rss/channel/lastBuildDate"}} {
		if need[must[0]]+need[must[1]] != 1 {
			wrong("has not one of %v", must)
		}
	}
	if n := need["feed/entry"] + need["rss/channel/item"]; n != need["feed/entry/id"]+need["rss/channel/item/guid"] || n != need["feed/entry/updated"]+need["rss/channel/item/pubDate"] ||
		n != need["feed/entry/title"]+need["rss/channel/item/title"] || n != need["feed/entry/content"]+need["rss/channel/item/description"] {
		wrong("has %d entries, and not as many ids, dates, titles and texts", n)
	}
	return faults
}

var fedLink = regexp.MustCompile(`(?:href|src)="([^"]*)"`)

// valueFaults are what is wrong with what an element holds.
func valueFaults(name, value string) (faults []string) {
	_, rfc3339 := time.Parse(time.RFC3339, value)
	_, rfc822 := time.Parse(time.RFC1123Z, value)
	switch {
	case (name == "updated" || name == "published") && rfc3339 != nil, (name == "pubDate" || name == "lastBuildDate") && rfc822 != nil:
		faults = append(faults, fmt.Sprintf("is the date %q", value))
	case (name == "id" || name == "guid" || name == "link" && value != "") && !absolute(value):
		faults = append(faults, fmt.Sprintf("is %q, which is not absolute", value))
	case (name == "title" || name == "name" || name == "content") && value == "":
		faults = append(faults, "is empty")
	}
	if strings.ContainsFunc(value, func(r rune) bool { return r < 0x20 && r != '\n' && r != '\t' || r == 0xfffe || r == 0xffff }) {
		faults = append(faults, "holds control characters")
	}
	if name == "content" || name == "description" {
		for _, found := range fedLink.FindAllStringSubmatch(value, -1) {
			if !absolute(found[1]) {
				faults = append(faults, "has the relative link "+found[1])
			}
		}
	}
	return faults
}

func absolute(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.IsAbs()
}

func TestFeedsKeepTheRulesOfTheW3C(t *testing.T) {
	t.Parallel()
	empty := status.New(nil, nil, today)
	for what, p := range map[string]*status.Page{"full": fedPage(), "empty": empty} {
		for name, text := range fedForms(t, p, "Status \x01\ufffe & <co>") {
			for _, fault := range feedFaults(text) {
				t.Errorf("%s, %s: %s", name, what, fault)
			}
		}
	}
	good := fedForms(t, fedPage(), "Status")["history.atom"]
	for old, broken := range map[string]string{
		`rel="self"`: `rel="other"`, "2013-07-18T13:00:00Z": "18 July 2013", "urn:uuid:": "", `href="` + fedBase: `href="`, "<name>Status</name>": "<name></name>",
		"href=&#34;" + fedBase: "href=&#34;", "UTF-8": "latin1", "</entry>": "",
	} {
		if spoiled := bytes.ReplaceAll(good, []byte(old), []byte(broken)); bytes.Equal(spoiled, good) || len(feedFaults(spoiled)) == 0 {
			t.Errorf("nobody hears that %s became %q", old, broken)
		}
	}
}
