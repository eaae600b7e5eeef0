package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/api"
	"github.com/debriefhq/debrief/incident"
)

func TestARehearsalSaysWhatAnImportWouldDo(t *testing.T) {
	t.Parallel()
	h := serve(t)
	ada, bo := h.as("Ada", incident.Admin), h.as("Bo", incident.Responder)
	ours := ada.file(`{"title":"Disk full","public_title":"Outage","public_summary":"It was out.","timeline":[{"text":"Full."}]}`)
	exported := ada.call("GET", "/incidents/1/export?format=json&audience=internal", "").must(200).text
	for name, tt := range map[string]struct {
		by   *person
		text string
	}{
		"a record of ours":                         {bo, exported},
		"a message that was sent elsewhere":        {bo, `{"title":"x","messages":[{"channel":"email","body":"Sorry.","state":"sent"}]}`},
		"an odd order of times":                    {bo, `{"title":"x","milestones":{"started":"2013-07-18T10:00:00Z","detected":"2013-07-18T09:00:00Z"}}`},
		"a record of ours whose number is free":    {ada, strings.Replace(exported, `"number": 1`, `"number": 4711`, 1)},
		"another whose id is another's, by nobody": {bo, strings.Replace(exported, `"number": 1`, `"number": 4712`, 1)},
	} {
		dry := into[api.Imported](tt.by.call("POST", "/imports?format=json&dry_run=true", tt.text, "Content-Type: text/plain").must(200)).Incidents[0]
		if strings.Contains(tt.text, "4711") {
			tt.text = strings.Replace(tt.text, ours.ID, "abcdefghijkl", 1)
			dry.ID = "abcdefghijkl"
		}
		real := into[api.Imported](tt.by.call("POST", "/imports?format=json", tt.text, "Content-Type: text/plain").must(201)).Incidents[0]
		if told, is := outline(t, dry), outline(t, real); told != is {
			t.Errorf("%s: the rehearsal says\n%s\nand the import did\n%s", name, told, is)
		}
		if strings.Contains(tt.text, "4711") != (real.Number == 4711) {
			t.Errorf("%s: it is %s", name, real.Number)
		}
	}
}

// outline is what a rehearsal can know of a record.
func outline(t *testing.T, in *incident.Incident) string {
	t.Helper()
	c := in.Clone()
	if c.Number != 4711 {
		c.Number = 0
	}
	none := incident.Incident{}
	c.ID, c.Revision, c.Version, c.CreatedBy, c.CreatedAt, c.UpdatedAt = "", 0, 0, "", none.CreatedAt, none.UpdatedAt
	for _, k := range incident.PartKinds {
		for _, p := range c.Parts(k) {
			p.Head().ID, p.Head().Revision = "", 0
		}
	}
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAnImportIsRefusedInTheWordsOfItsDocument(t *testing.T) {
	t.Parallel()
	ada := serve(t).as("Ada", incident.Responder)
	for _, dry := range []string{"", "&dry_run=true"} {
		if p := ada.call("POST", "/imports?format=json"+dry, `{"title":""}`).problem(422); !names(p, "/title") {
			t.Errorf("an empty title%s is refused with %+v, want /title named", dry, p.Errors)
		}
		if p := ada.call("POST", "/imports?format=json"+dry, `{"title":"x","related":[99]}`).problem(422); !names(p, "/related/0") {
			t.Errorf("a relative that is not there%s is refused with %+v, want /related/0 named", dry, p.Errors)
		}
		ada.call("POST", "/imports?format=markdown"+dry, "").problem(400)
		ada.call("POST", "/imports?format=markdown"+dry, " \n").problem(400)
	}
	long := "# x\n" + strings.Repeat("word ", 7<<20) // 35 MiB: not too long for a document, but for a text in it
	ada.unchecked().call("POST", "/imports?format=markdown&dry_run=true", long).problem(422)
}
