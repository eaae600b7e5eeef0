package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
	"github.com/debriefhq/debrief/incident/incidenttest"
	"github.com/debriefhq/debrief/store/storetest"
)

// forms are the pages with a form, for all that can be edited of a record.
func forms(t testing.TB, in *incident.Incident) []frame {
	t.Helper()
	s := newSite(Options{})
	var all []frame
	add := func(e *editor, f form, v any) {
		f.Action, f.Back, f.Removable, f.Again, f.Clash, f.Problem = "/a", "/b", true, true, true, "problem"
		if err := e.fill(f, v, false); err != nil {
			t.Fatal(err)
		}
		for i := range e.form.Controls {
			theirs := "theirs"
			e.form.Controls[i].Theirs, e.form.Controls[i].Error = &theirs, "error"
		}
		all = append(all, frame{Name: "form", By: reader, Page: editing{in.Number, in.Title, e.form}})
	}
	for kind, inputs := range partInputs {
		for _, p := range in.Parts(kind) {
			add(s.newEditor(in, reflect.TypeOf(p).Elem(), inputs, nil), form{ID: "f", Title: "Edit"}, p)
		}
	}
	for _, g := range groups {
		add(s.newEditor(in, reflect.TypeFor[incident.Incident](), g.Inputs, nil), form{ID: "f", Title: g.Title}, in)
	}
	e, err := s.fileEditor("UTC")
	if err != nil {
		t.Fatal(err)
	}
	return append(all,
		frame{Name: "file", By: reader, Page: filing{Form: e.form, Document: "# x", Problem: "problem"}},
		frame{Name: "file", By: reader, Page: filing{Form: e.form, Filed: in, Report: []document.Loss{{Line: 3, Text: "text", Why: "why"}}}})
}

func TestEveryInputIsAFieldOfItsType(t *testing.T) {
	t.Parallel()
	check := func(of reflect.Type, inputs []input) {
		for _, in := range inputs {
			tag, ok := tags(of, in.Key)
			if !ok {
				t.Errorf("%s has no field %s", of, in.Key)
			}
			if (in.Shape == asChoice) != (tag.Get("enum") != "") {
				t.Errorf("%s.%s is asked for as %s, and its values are %q", of, in.Key, in.Shape, tag.Get("enum"))
			}
			for _, c := range in.Columns {
				if _, ok := tags(of, in.Key+"."+c.Key); !ok {
					t.Errorf("%s has no field %s.%s", of, in.Key, c.Key)
				}
			}
		}
	}
	for _, kind := range incident.PartKinds {
		p, _ := incident.NewPart(kind)
		if len(partInputs[kind]) == 0 || partNames[kind] == "" {
			t.Errorf("%s has no form", kind)
		}
		check(reflect.TypeOf(p).Elem(), partInputs[kind])
	}
	for _, g := range groups {
		check(reflect.TypeFor[incident.Incident](), g.Inputs)
	}
	check(reflect.TypeFor[incident.Incident](), fileInputs)
	check(reflect.TypeFor[incident.StatusMove](), statusInputs)
}

// sentAs is a form as a browser sends it when nobody touched it.
func sentAs(controls []control) url.Values {
	sent := url.Values{}
	crlf := strings.NewReplacer("\n", "\r\n")
	for _, c := range controls {
		if c.Was != nil {
			sent.Set(was+c.Key, crlf.Replace(*c.Was))
		}
		switch c.Shape {
		case asTable:
			for _, row := range c.Rows {
				for _, cell := range row {
					sent.Add(cell.Key, cell.Value)
				}
			}
		case asEntries, asChoice:
			for _, o := range c.Options {
				if o.Chosen {
					sent.Add(c.Key, o.Value)
				}
			}
		default:
			sent.Set(c.Key, crlf.Replace(c.Value))
		}
	}
	return sent
}

func TestAFormThatNobodyTouchedChangesNothing(t *testing.T) {
	t.Parallel()
	s := newSite(Options{})
	rapid.Check(t, func(t *rapid.T) {
		in := incidenttest.Records().Draw(t, "record")
		in.Normalize()
		try := func(of reflect.Type, inputs []input, v any) {
			e := s.newEditor(in, of, inputs, nil)
			if err := e.fill(form{}, v, false); err != nil {
				t.Fatal(err)
			}
			before := reflect.New(of)
			o, err := objectOf(v)
			if err != nil {
				t.Fatal(err)
			}
			if err := o.into(before.Interface()); err != nil {
				t.Fatal(err)
			}
			if err := e.change(v, sentAs(e.form.Controls)); err != nil {
				t.Fatalf("%s: %v", of, err)
			}
			if asJSON(before.Interface()) != asJSON(v) {
				a, b := asJSON(before.Interface()), asJSON(v)
				i := 0
				for i < min(len(a), len(b)) && a[i] == b[i] {
					i++
				}
				t.Fatalf("%s changed:\n%.200s\n%.200s", of, a[max(0, i-100):], b[max(0, i-100):])
			}
		}
		for _, kind := range incident.PartKinds {
			for _, p := range in.Parts(kind) {
				try(reflect.TypeOf(p).Elem(), partInputs[kind], p)
			}
		}
		for _, g := range groups {
			try(reflect.TypeFor[incident.Incident](), g.Inputs, in)
		}
	})
}

func asJSON(v any) string {
	text, err := json.Marshal(v)
	return fmt.Sprintf("%s %v", text, err)
}

func TestATimeInAFormIsReadAsItIsShown(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		for _, m := range incident.Moments(incidenttest.Records().Draw(t, "record")) {
			if !m.Known() || m.Precision == incident.Hour || m.At.Year() < 1971 {
				continue // an hour is shown as about that minute; it may be 1969 on a clock
			}
			got, err := incident.When{Zone: m.Zone, Near: m}.Read(written(m))
			if err != nil || written(&got) != written(m) || got.Precision != m.Precision {
				t.Fatalf("%q is read as %+v, %v; want %+v", written(m), got, err, m)
			}
		}
	})
}

func TestAnIncidentIsFiledAndEditedByForms(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Noor Haddad")
	res, body := v.post("/incidents/new", url.Values{
		"title": {"Checkout answers 500"}, "summary": {"Nobody could pay."}, "kind": {"incident"}, "severity": {"sev2"}, "zone": {"Europe/Berlin"},
		"milestones.started": {"24 November 2026 14:05"}, "tags": {"checkout, payments"}, "visibility": {"internal"},
	}, nil)
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("filing = %d %s", res.StatusCode, body)
	}
	at := res.Header.Get("Location")
	for _, tt := range []struct {
		path string
		form url.Values
		want string // on the record's page
	}{
		{"/parts/timeline", url.Values{"at": {"14:07"}, "kind": {"detection"}, "text": {"The *alert* fires"}, "audience": {"public"}}, "The <em>alert</em> fires"},
		{"/parts/impacts", url.Values{"component": {"Checkout"}, "kind": {"availability"}, "level": {"major_outage"}, "from": {"14:05"},
			"figures.measure": {"failed payments", ""}, "figures.value": {"3 500", ""}, "figures.unit": {"payments", ""}}, "failed payments"},
		{"/parts/whys", url.Values{"why": {"Why did it fail?"}, "because": {"The pool was empty."}}, "The pool was empty."},
		{"/parts/lessons", url.Values{"kind": {"lucky"}, "text": {"It was Tuesday."}}, "It was Tuesday."},
		{"/parts/messages", url.Values{"channel": {"status_page"}, "state": {"recorded"}, "at": {"14:20"}, "body": {"We look into it."}}, "We look into it."},
		{"/parts/actions", url.Values{"title": {"Alert on the pool"}, "kind": {"detect"}, "owner": {"Noor"}, "due": {"2026-12-01"}, "state": {"open"}}, "Alert on the pool"},
		{"/parts/comments", url.Values{"text": {"Was it the deploy?"}, "on": {"summary"}}, "Was it the deploy?"},
		{"/fields/causes", url.Values{"analysis.trigger.text": {"A deploy."}, "analysis.trigger.audience": {"internal"}, "was.analysis.trigger.text": {""}}, "A deploy."},
		{"/fields/people", url.Values{"people.role": {"commander", ""}, "people.name": {"Noor Haddad", ""}, "people.from": {"14:10", ""}, "was.people": {""}}, "commander"},
		{"/status", url.Values{"to": {"resolved"}, "at": {"15:30"}}, "resolved"},
	} {
		res, body := v.post(at+tt.path, tt.form, nil)
		if res.StatusCode != http.StatusSeeOther {
			t.Errorf("POST %s = %d %s, want 303", tt.path, res.StatusCode, body)
			continue
		}
		if _, page := v.get(at); !strings.Contains(page, tt.want) {
			t.Errorf("after %s the page lacks %q", tt.path, tt.want)
		}
	}
}

func TestARefusalIsSaidAtItsFieldAndKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Noor Haddad")
	at := fmt.Sprintf("/incidents/%d", in.billing)
	for path, tt := range map[string]struct {
		form   url.Values
		status int
		says   []string
	}{
		"/parts/timeline":   {url.Values{"at": {"03/04 10:00"}, "text": {"typed text"}, "kind": {"action"}}, 422, []string{"typed text", `value="03/04 10:00"`, `class="fault"`, `id="form-timeline-new-at"`}},
		"/parts/lessons":    {url.Values{"text": {""}, "kind": {"lucky"}}, 422, []string{`class="fault"`}},
		"/fields/overview":  {url.Values{"title": {""}, "was.title": {billing(t).Title}}, 422, []string{`class="fault"`}},
		"/fields/links":     {url.Values{"related": {"twelve"}, "was.related": {""}}, 422, []string{"is no incident number", `value="twelve"`}},
		"/status":           {url.Values{"to": {"identified"}}, 422, []string{`class="fault"`}},
		"/parts/nothing":    {url.Values{}, 404, nil},
		"/parts/actions/xx": {url.Values{}, 404, nil},
		"/fields/nothing":   {url.Values{}, 404, nil},
	} {
		res, body := v.post(at+path, tt.form, nil)
		if res.StatusCode != tt.status {
			t.Errorf("POST %s = %d, want %d", path, res.StatusCode, tt.status)
		}
		for _, want := range tt.says {
			if !strings.Contains(body, want) {
				t.Errorf("POST %s: the form lacks %q:\n%s", path, want, body)
			}
		}
	}
	if res, _ := v.post(at+"/fields/overview", url.Values{"title": {strings.Repeat("x", formLimit)}}, nil); res.StatusCode != 413 {
		t.Errorf("a form of more than its limit = %d, want 413", res.StatusCode)
	}
}

func TestViewersGetNoWayToWrite(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Ines Duarte")
	at := fmt.Sprintf("/incidents/%d", in.billing)
	if _, page := v.get(at); strings.Contains(page, `class="edit"`) {
		t.Error("a viewer is offered forms")
	}
	for _, path := range []string{at + "/parts/timeline", at + "/fields/overview", at + "/status", "/incidents/new"} {
		if res, _ := v.post(path, url.Values{"text": {"x"}, "title": {"x"}, "to": {"resolved"}}, nil); res.StatusCode != http.StatusForbidden {
			t.Errorf("POST %s by a viewer = %d, want 403", path, res.StatusCode)
		}
	}
}

func TestTwoPeopleEditOneTextAndNeitherIsLost(t *testing.T) {
	t.Parallel()
	in := installed(t)
	storetest.Person(t, in.store, "Ada Park", incident.Responder)
	noor, ada := in.as(t, "Noor Haddad"), in.as(t, "Ada Park")
	path := fmt.Sprintf("/incidents/%d/fields/overview", in.billing)
	was := billing(t)
	change := func(v visitor, form url.Values) (reply, string) {
		t.Helper()
		form.Set("was.summary", strings.ReplaceAll(was.Summary, "\n", "\r\n"))
		form.Set("was.title", was.Title)
		return v.post(path, form, nil)
	}
	if res, body := change(noor, url.Values{"summary": {"Noor’s summary"}, "title": {was.Title}}); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("Noor saves = %d %s", res.StatusCode, body)
	}
	if res, body := change(ada, url.Values{"summary": {was.Summary}, "title": {"Ada’s title"}}); res.StatusCode != http.StatusSeeOther {
		t.Errorf("Ada changes another field = %d %s, want 303: it is nobody else's", res.StatusCode, body)
	}
	res, body := change(ada, url.Values{"summary": {"Ada’s summary"}, "title": {was.Title}})
	if res.StatusCode != http.StatusConflict || !strings.Contains(body, "Ada’s summary") || !strings.Contains(body, "Noor’s summary") {
		t.Errorf("Ada changes the same text = %d, want 409 and both texts:\n%s", res.StatusCode, body)
	}
	if !strings.Contains(body, "Ada’s title") {
		t.Error("what Ada left alone is not shown as it stands now")
	}
	_, page := noor.get(fmt.Sprintf("/incidents/%d", in.billing))
	if !strings.Contains(page, "Noor’s summary") || !strings.Contains(page, "Ada’s title") {
		t.Error("the record lacks Noor's summary or Ada's title")
	}
}
