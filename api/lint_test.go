package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
)

const pasted = "AKIA" + "Q3EGRWHJ5T2MZ7XB"

// lint gives the findings of incident 1, and the key of the first of a rule.
func (p *person) lint(rule string) (found incident.Findings, key string) {
	p.h.t.Helper()
	found = into[incident.Findings](p.call("GET", "/incidents/1/lint", "").must(200))
	for _, f := range found.Items {
		if f.Rule == rule {
			return found, f.Key
		}
	}
	return found, ""
}

func TestLintFindsAndASilenceWithAReasonEndsIt(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Responder)
	ada.file(`{"title":"Cards were charged twice","status":"resolved","actions":[{"title":"Improve monitoring","owner":"Ada","due":"2013-08-01"}]}`)
	found, key := ada.lint("action_vague")
	if key == "" || len(found.Silenced) != 0 {
		t.Fatalf("lint finds %+v, want the vague action and nothing silenced", found)
	}
	ada.call("PATCH", "/incidents/1", `{"silenced":[{"rule":"action_vague","key":"`+key+`","reason":"the ticket says more"},{"rule":"no_severity","reason":"we have none"}]}`, `If-Match: "1"`).must(200)
	after, key := ada.lint("action_vague")
	if key != "" || len(after.Silenced) != 2 || len(after.Items) != len(found.Items)-2 {
		t.Errorf("after silencing two lint finds %+v", after)
	}
	ada.call("PATCH", "/incidents/1", `{"silenced":null}`, `If-Match: "2"`).must(200)
	if again, _ := ada.lint(""); len(again.Items) != len(found.Items) {
		t.Errorf("after taking that back lint finds %d things, want %d", len(again.Items), len(found.Items))
	}
	for _, bad := range []string{
		`{"silenced":[{"rule":"no_severity","reason":""}]}`, `{"silenced":[{"rule":"No severity","reason":"r"}]}`,
		`{"silenced":[{"rule":"secret","reason":"all of them"}]}`, `{"silenced":[{"rule":"secret","key":"XYZ","reason":"r"}]}`,
	} {
		if got := ada.call("PATCH", "/incidents/1", bad, `If-Match: "3"`); got.status != 422 || !strings.Contains(got.text, "/silenced/0/") {
			t.Errorf("PATCH %s = %d %.300s, want 422 that points into it", bad, got.status, got.text)
		}
	}
}

func TestACredentialIsNoticedAndWithheldOverTheAPI(t *testing.T) {
	t.Parallel()
	h := serve(t)
	ada, bo := h.as("Ada", incident.Responder), h.as("Bo", incident.Responder)
	filed := ada.file(`{"title":"Leak","public_title":"Leak","people":[{"role":"commander","name":"Ada"}],"timeline":[
		{"text":"ran with ` + pasted + `","audience":"public"},{"text":"and password=hunter2hunter2","audience":"private"}]}`)
	var warned []string
	for _, w := range filed.Warnings {
		if w.Rule == "secret" {
			warned = append(warned, w.Pointer)
		}
		if strings.Contains(w.Detail, pasted) || strings.Contains(w.Detail, "hunter2") {
			t.Errorf("a warning shows the credential: %s", w.Detail)
		}
	}
	if strings.Join(warned, " ") != "/timeline/0/text /timeline/1/text" {
		t.Errorf("filing warns of %q, want of both entries", warned)
	}
	secrets := func(p *person) (n int) {
		found, _ := p.lint("")
		for _, f := range found.Items {
			if f.Rule == "secret" {
				n++
			}
		}
		return n
	}
	if a, b := secrets(ada), secrets(bo); a != 2 || b != 1 {
		t.Errorf("Ada, who is named, is shown %d credentials and Bo %d, want 2 and 1", a, b)
	}
	for _, format := range []string{"markdown", "json", "html", "pelican"} {
		text := ada.call("GET", "/incidents/1/export?format="+format, "").must(200).text
		if strings.Contains(text, pasted) || !strings.Contains(text, "withheld") {
			t.Errorf("the public %s does not withhold the credential: %s", format, text)
		}
	}
}

func TestAWriteOfAPartThatIsOddSaysSoBesideItsKeys(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Responder)
	ada.file(`{"title":"Late","zone":"UTC","milestones":{"triggered":{"at":"2013-07-18T09:35:00Z","zone":"UTC","precision":"minute"}}}`)
	const entry = `{"text":"ran with ` + pasted + `","at":{"at":"2013-07-01T09:00:00Z","zone":"UTC","precision":"minute"},"until":{"at":"2013-06-30T09:00:00Z","zone":"UTC","precision":"minute"}}`
	told := func(text string) string {
		var kept struct{ Warnings []incident.Warning }
		if err := json.Unmarshal([]byte(text), &kept); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		said := ""
		for _, w := range kept.Warnings {
			said += w.Rule + " " + w.Pointer + "; "
		}
		return said
	}
	got := ada.call("POST", "/incidents/1/timeline", entry)
	const all = "secret /text; entry_ends_before_start /until; entry_long_before_trigger /at; "
	if said := told(got.text); said != all || got.status != 201 || strings.Contains(told(got.text), pasted) {
		t.Errorf("POST = %d, warns of %q, want %q", got.status, said, all)
	}
	if got := ada.call("POST", "/incidents/1/timeline", `[{"text":"plain"},`+entry+`]`); strings.Count(got.text, `"warnings"`) != 1 {
		t.Errorf("POST of two = %d %s, want warnings of the odd one alone", got.status, got.text)
	}
	var kept incident.Entry
	if err := json.Unmarshal([]byte(got.text), &kept); err != nil {
		t.Fatal(err)
	}
	changed := ada.call("PATCH", "/incidents/1/timeline/"+kept.ID, `{"until":null,"text":"plain"}`, `If-Match: "1"`)
	if said := told(changed.text); said != "entry_long_before_trigger /at; " {
		t.Errorf("PATCH = %d, warns of %q, want what is left", changed.status, said)
	}
	if read := ada.call("GET", "/incidents/1/timeline/"+kept.ID, ""); strings.Contains(read.text, "warnings") {
		t.Errorf("GET = %s, want the part alone", read.text)
	}
	fine := ada.call("POST", "/incidents/1/actions", `{"title":"Alert at 30 s"}`)
	if strings.Contains(fine.text, "warnings") {
		t.Errorf("POST of a plain follow-up = %s, want no warnings", fine.text)
	}
}

func TestTheClientHandsBackWhatIsOddAboutAPart(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Responder)
	in, err := ada.File(t.Context(), &incident.Incident{Heading: incident.Heading{Title: "It broke"}})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := ada.Append(t.Context(), in.Number, &incident.Entry{Text: "plain"}, &incident.Entry{Text: "password=" + pasted})
	if err != nil || len(kept) != 2 || len(kept[0].Warnings) != 0 || len(kept[1].Warnings) != 1 || kept[1].Warnings[0].Pointer != "/text" {
		t.Fatalf("Append = %+v, %v, want a warning of the second", kept, err)
	}
	head := kept[0].Head()
	changed, err := ada.PatchPart(t.Context(), in.Number, incident.Timeline, head.ID, head.Revision, map[string]any{"text": "token=" + pasted})
	if err != nil || len(changed.Warnings) != 1 || changed.Warnings[0].Rule != "secret" {
		t.Errorf("PatchPart = %+v, %v, want a warning", changed, err)
	}
}
