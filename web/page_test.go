package web

import (
	"bytes"
	"fmt"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
	"github.com/debriefhq/debrief/incident/lint"
	"github.com/debriefhq/debrief/store"
)

// drawn renders a page without a server.
func drawn(t testing.TB, f frame) string {
	t.Helper()
	s := newSite(Options{Now: func() time.Time { return today }})
	var b bytes.Buffer
	if err := s.pages[f.Name].ExecuteTemplate(&b, "layout", f); err != nil {
		t.Fatalf("page %s: %v", f.Name, err)
	}
	return b.String()
}

// reader is somebody signed in.
var reader = incident.Actor{PersonID: 1, Name: "Lena Falk", Role: incident.Reviewer}

// frames are all pages with all that they can show.
func frames(t testing.TB) []frame {
	full, empty := filed(t), &incident.Incident{Heading: incident.Heading{Number: 3, Title: "x", Visibility: incident.VisiblePrivate}}
	empty.Normalize()
	none := store.Page[incident.Heading]{}
	headings := store.Page[incident.Heading]{Items: []incident.Heading{full.Heading, empty.Heading}, Next: "next"}
	return slices.Concat(forms(t, full), accountFrames(), reviewFrames(full), previewFrames(full), boardFrames(full), viewFrames(headings), paletteFrames(), []frame{
		{Name: "outside", Page: outside{Asked: true, Goodbye: true, Provider: hostile, Wanted: "/incidents", Typed: hostile, Problem: hostile}},
		{Name: "sign-in", Page: asking{Key: "k", Now: "Noor Haddad", Wanted: "/incidents"}},
		{Name: "problem", By: reader, Page: problem{Status: 404, Title: "t", Detail: "d", Way: "/", WayName: "w"}},
		{Name: "list", By: reader, Here: "incidents", Page: newList(url.Values{"q": {"redis"}, "status": {"resolved"}}, true, headings, nil, today)},
		{Name: "list", By: reader, Here: "incidents", Page: newList(url.Values{}, false, headings, &headings, today)},
		{Name: "list", By: reader, Here: "incidents", Page: newList(url.Values{}, false, headings, &none, today)},
		{Name: "list", By: reader, Page: newList(url.Values{}, false, none, nil, today)},
		{Name: "list", By: reader, Page: tallying(newList(url.Values{"status": {"open"}}, false, headings, nil, today))},
		{Name: "list", By: reader, Page: newList(url.Values{"tag": {"none"}}, false, none, nil, today)},
		{Name: "tagged", By: reader, Page: tagged{Tag: hostile, Done: []incident.Number{1, 2}, Refused: []untagged{{3, hostile}}, Back: "/incidents?tag=x"}},
		{Name: "list", By: reader, Page: writing(newList(url.Values{"q": {hostile}, "sort": {"started"}}, true, headings, nil, today))},
		{Name: "paste", By: reader, Page: newSite(Options{}).newPasting(full, "text")},
		{Name: "paste", By: reader, Page: pastedPage(t, full)},
		{Name: "images", By: reader, Page: images{Number: 42, Title: hostile, Write: true, Problem: hostile, All: []incident.Image{{ID: "k3v9x1m7q2ab", MediaType: "image/png", Width: 3, Height: 2, AddedBy: hostile}}}},
		{Name: "images", By: reader, Page: images{Number: 42, Title: "x"}},
		{Name: "said", By: reader, Page: newSaying(full, today)},
		{Name: "said", By: reader, Page: newSaying(empty, today)},
		sendFrame(full, incident.Draft), sendFrame(full, incident.Recorded), sendFrame(full, incident.Sent),
		{Name: "components", By: reader, Page: newComponents([]incident.Component{{ID: "k3v9x1m7q2ab", Name: hostile, Group: hostile, Description: hostile, Level: incident.MajorOutage}, {ID: "k3v9x1m7q2ac", Name: "x", Audience: incident.AudiencePublic}}, reader)},
		{Name: "components", By: reader, Page: newComponents(nil, incident.Actor{})},
		{Name: "component", By: reader, Page: componentForm(t)},
		{Name: "webhooks", By: reader, Page: webhooksPage()}, {Name: "webhooks", By: reader, Page: webhooks{Add: newHookForm(typed{}, "Add")}},
		{Name: "webhook", By: reader, Page: webhookPage()}, {Name: "webhook", By: reader, Page: webhook{Edit: newHookForm(typed{}, "Save")}},
		{Name: "subscribers", By: reader, Page: subscribers{Query: hostile, Done: hostile, Older: "/subscribers?cursor=x", Tallies: []store.SubscriberTally{{Kind: incident.ByMail, State: store.Active, Count: 3}},
			All:       []store.Subscriber{{Subscription: incident.Subscription{Kind: incident.ByMail, Address: hostile}, State: store.Pending}, {State: store.Bounced, Reason: hostile}, {State: store.Active}},
			Undecided: []undecided{{store.Undecided{Incident: 42, Message: "m", Count: 2}, "/incidents/42/messages/m/deliveries"}}}},
		{Name: "subscribers", By: reader, Page: subscribers{}},
		{Name: "deployments", By: reader, Page: deployments{Component: hostile, Done: true, May: true, Older: "/deployments?cursor=x", Rows: []deployment{{Deployment: incident.Deployment{ID: "k3v9x1m7q2ab",
			Component: hostile, Version: hostile, State: incident.Failed, Environment: hostile, By: hostile, Link: hostile}, Before: "7m", Hurt: true}, {}}}},
		{Name: "deployments", By: reader, Page: deployments{Later: true}},
		{Name: "deployments", By: reader, Page: deployments{}},
		{Name: "similar", By: reader, Page: similar{Number: 42, Title: hostile, Done: hostile, Likely: newLikely([]store.Relative{{Heading: full.Heading, Reasons: []string{hostile}}, {}}, "/x"), Dismissed: []incident.Heading{full.Heading}}},
		{Name: "similar", By: reader, Page: similar{}},
		{Name: "deliveries", By: reader, Page: undelivered{Number: 42, Action: "/x", Done: hostile, More: true, Tallies: []store.DeliveryTally{{State: store.Unknown, Count: 1}}, Rows: []store.DeliveryRow{{ID: 1, Address: hostile, Reason: hostile, Kind: incident.ByMail}, {ID: 2}}}},
		{Name: "deliveries", By: reader, Page: undelivered{}},
		{Name: "jobs", By: reader, Page: jobsPage()}, {Name: "jobs", By: reader, Page: jobs{}},
		{Name: "insights", By: reader, Page: insightsPage()},
		{Name: "digest", By: reader, Page: digest{Text: "<h1>July 2013</h1>", Going: true, Before: &digestLink{"/digests/2013-06", "June 2013"}, Other: digestLink{"/digests/2013-Q3", "Third quarter of 2013"}}},
		{Name: "digest", By: reader, Page: digest{Text: "<h1>July 2013</h1>", Other: digestLink{"/digests/2013-Q3", ""}, After: &digestLink{"/digests/2013-08", ""}}},
		{Name: "record", By: reader, Page: newRecord(full, today)},
		{Name: "record", By: reader, Page: writable(full)},
		{Name: "record", By: reader, Page: writable(empty)},
		{Name: "record", By: reader, Page: newRecord(empty, today)},
	})
}

func tallying(l list) list {
	l.Chips = tallyChips(l.Asked, []store.Tally{{Status: incident.Resolved, Severity: incident.SEV1, Incidents: 12_345}, {Status: incident.Identified, Incidents: 1}})
	return l
}

func writing(l list) list {
	l.May = true
	return l
}

// pastedPage asks about entries with all that may be said of them.
func pastedPage(t testing.TB, in *incident.Incident) pasting {
	t.Helper()
	found, err := document.ReadLog("02:42-02:50 PST alice: x\n7/8/13, 02:42 y\n[??:??] z", incident.When{Zone: in.Zone, Near: in.Latest(), Now: today})
	if err != nil {
		t.Fatal(err)
	}
	p := newSite(Options{}).newPasting(in, "text")
	p.Problem, p.Secrets, p.Again, p.Rows = "problem", 2, true, readRows(found, incident.When{Zone: in.Zone, Near: in.Latest()})
	p.Rows[0].Secrets, p.Rows[1].Faults = []string{"key"}, []string{"fault"}
	return p
}

// writable is the page for somebody who may write.
func writable(in *incident.Incident) record {
	r := newRecord(in, today)
	r.allow(reader)
	return r
}

// wellFormed checks what every page keeps to.
func wellFormed(t *testing.T, name, text string) {
	t.Helper()
	if strings.Contains(text, "ZgotmplZ") || strings.Contains(text, "<no value>") {
		t.Errorf("page %s prints a value that the template refused", name)
	}
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]int{}
	var links []string
	headings := 0
	for n := range root.Descendants() {
		if n.Data == "h1" {
			headings++
		}
		for _, a := range n.Attr {
			if a.Key == "id" {
				ids[a.Val]++
			}
			if a.Key == "href" && strings.HasPrefix(a.Val, "#") {
				links = append(links, a.Val[1:])
			}
		}
	}
	if headings != 1 {
		t.Errorf("page %s has %d first headings, want 1", name, headings)
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("page %s has the id %q %d times", name, id, n)
		}
	}
	for _, id := range links {
		if ids[id] == 0 {
			t.Errorf("page %s leads to #%s, which it lacks", name, id)
		}
	}
}

func TestEveryPageIsWellFormed(t *testing.T) {
	t.Parallel()
	var seen []string
	for _, f := range frames(t) {
		seen = append(seen, f.Name)
		wellFormed(t, f.Name, drawn(t, f))
	}
	for _, name := range names {
		if !slices.Contains(seen, name) {
			t.Errorf("page %s is not tried", name)
		}
	}
}

// texts visits every plain text of a value, by its path.
func texts(path string, v reflect.Value, visit func(path string, v reflect.Value)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			texts(path, v.Elem(), visit)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			texts(path+"/"+v.Type().Field(i).Name, v.Field(i), visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			texts(fmt.Sprintf("%s/%d", path, i), v.Index(i), visit)
		}
	case reflect.String:
		visit(path, v)
	}
}

// unshown are the texts that the page has no words for: ids and zones are
// shown by what they stand for, and what was written of a known time stands
// only in the timeline and beside the milestones.
var unshown = regexp.MustCompile(`/(ID|Zone|On|Due|Pointer|Rule|Corrects)$|/Evidence/|/(People|Impacts|Messages)/.*/AsWritten$|/Timeline/.*/Until/AsWritten$`)

func TestEveryTextOfARecordIsOnItsPage(t *testing.T) {
	t.Parallel()
	in := filed(t)
	var canaries []string
	texts("", reflect.ValueOf(in), func(path string, v reflect.Value) {
		if v.Type() != reflect.TypeFor[string]() || unshown.MatchString(path) {
			return
		}
		canary := "canary" + strings.ReplaceAll(path, "/", "x") + "end"
		v.SetString(canary)
		canaries = append(canaries, canary)
	})
	text := drawn(t, frame{Name: "record", By: reader, Page: newRecord(in, today)})
	if len(canaries) < 100 {
		t.Errorf("%d texts were tried: the record is not rich enough", len(canaries))
	}
	for _, canary := range canaries {
		if !strings.Contains(text, canary) {
			t.Errorf("the page lacks %s", canary)
		}
	}
}

const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)><a href="javascript:alert(3)" style="color:red">'`

// ours are the elements that pages are made of.
var ours = strings.Fields(`html head meta title link body a header nav form span small button main article section aside footer
	div p h1 h2 h3 h4 ul ol li dl dt dd table caption thead tbody tr th td time strong em br code pre blockquote figure details summary
	ins del datalist 	figcaption bdi svg use rect path text line img input select option iframe label textarea fieldset legend output q dialog kbd`)

func TestHostileTextsStayText(t *testing.T) {
	t.Parallel()
	wild := filed(t)
	texts("", reflect.ValueOf(wild), func(_ string, v reflect.Value) { v.SetString(hostile) })
	tame := slices.DeleteFunc(frames(t), func(f frame) bool {
		return slices.Contains([]string{"review", "compare", "history", "preview", "board"}, f.Name)
	})
	for _, f := range append(tame, slices.Concat(previewFrames(wild), boardFrames(wild), reviewFrames(wild))...) {
		if r, ok := f.Page.(record); ok {
			in := r.In
			texts("", reflect.ValueOf(in), func(_ string, v reflect.Value) { v.SetString(hostile) })
			f.Page = newRecord(in, today)
		}
		if _, ok := f.Page.(sending); ok {
			in := filed(t)
			texts("", reflect.ValueOf(in), func(_ string, v reflect.Value) { v.SetString(hostile) })
			f = sendFrame(in, incident.Draft)
		}
		if _, ok := f.Page.(saying); ok {
			in := filed(t)
			texts("", reflect.ValueOf(in), func(_ string, v reflect.Value) { v.SetString(hostile) })
			f.Page = newSaying(in, today)
		}
		if l, ok := f.Page.(list); ok {
			page := store.Page[incident.Heading]{Items: []incident.Heading{filed(t).Heading}, Next: hostile}
			texts("", reflect.ValueOf(&page.Items), func(_ string, v reflect.Value) { v.SetString(hostile) })
			for _, name := range []string{"q", "component", "tag", "from", "to", "status", "sort"} {
				l.Asked.Set(name, hostile)
			}
			f.Page = newList(l.Asked, true, page, &page, today)
		}
		f.Title, f.By.Name = hostile, hostile
		harmless(t, f.Name, drawn(t, f))
	}
}

// harmless checks that a page of hostile texts has nothing but what pages of ours are made of.
func harmless(t *testing.T, name, text string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		script := n.Data == "script" && n.FirstChild == nil && slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "src" })
		if !script && !slices.Contains(ours, n.Data) {
			t.Errorf("page %s has an element <%s>", name, n.Data)
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
				t.Errorf("page %s has an attribute %s on <%s>", name, a.Key, n.Data)
			}
			reason := slices.ContainsFunc(lint.Rules, func(r lint.Rule) bool { return r.Source == a.Val })
			if (a.Key == "href" || a.Key == "src") && !reason && !strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "#") {
				t.Errorf("page %s leads to %q", name, a.Val)
			}
		}
	}
}
