package api_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/pb33f/jsonschema/v6"

	"github.com/debriefhq/debrief/incident"
)

// statuspageDocuments are those of Statuspage's JSON, each with the lists that this test wants something in.
var statuspageDocuments = map[string][]string{
	"summary": {"components", "incidents", "scheduled_maintenances"}, "status": {}, "components": {"components"}, "incidents": {"incidents"},
	"incidents/unresolved": {"incidents"}, "scheduled-maintenances": {"scheduled_maintenances"},
	"scheduled-maintenances/upcoming": {"scheduled_maintenances"}, "scheduled-maintenances/active": {"scheduled_maintenances"},
}

// statuspageSchema is the one of a document, which we wrote from Statuspage's documentation.
func statuspageSchema(t *testing.T, document string) *jsonschema.Schema {
	t.Helper()
	whole, err := jsonschema.UnmarshalJSON(strings.NewReader(golden(t, "statuspage.schema.json")))
	if err != nil {
		t.Fatal(err)
	}
	address := whole.(map[string]any)["$id"].(string)
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(address, whole); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(address + "#/$defs/" + strings.ReplaceAll(document, "/", "~1"))
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// asStatuspage holds what a house tells outsiders against the schema.
func (h *house) asStatuspage(t *testing.T, stage string) {
	t.Helper()
	for document := range statuspageDocuments {
		_, _, text := h.outside(t, http.MethodGet, "/api/v2/"+document+".json")
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := statuspageSchema(t, document).Validate(doc); err != nil {
			t.Errorf("%s: %s is not as Statuspage's: %v\n%s", stage, document, err, text)
		}
	}
}

func TestStatuspagesJSONIsWhatItsSchemaAsks(t *testing.T) {
	t.Parallel()
	h := serve(t)
	h.asStatuspage(t, "with nothing to tell")
	ada := h.as("Ada", incident.Admin)
	ctx := t.Context()
	in := trouble(t, ada)
	plan(t, ada)
	under := plan(t, ada)
	must(ada.Move(ctx, under.Number, incident.StatusMove{To: incident.MaintenanceInProgress}))
	for document, lists := range statuspageDocuments {
		told := h.told(t, "/api/v2/"+document+".json")
		for _, list := range lists {
			if len(told[list].([]any)) == 0 {
				t.Errorf("%s has no %s: this test is not looking at them", document, list)
			}
		}
	}
	h.asStatuspage(t, "while it goes on")
	said := must(ada.Incident(ctx, in.Number)).Messages[0]
	kept := must(ada.Append(ctx, in.Number, &incident.Message{
		Channel: incident.StatusPage, Audience: incident.AudiencePublic, State: incident.Draft, Body: "We look at cards alone.", Status: "An update", Corrects: said.ID}))
	must(ada.Send(ctx, in.Number, kept[0].Head().ID, 0))
	h.asStatuspage(t, "after a correction, with a word that Statuspage has not")
	must(ada.Move(ctx, in.Number, incident.StatusMove{To: incident.Resolved}))
	must(ada.Move(ctx, under.Number, incident.StatusMove{To: incident.Completed}))
	h.asStatuspage(t, "when it is over")
}

func TestStatuspagesSchemaHearsWhatIsWrong(t *testing.T) {
	t.Parallel()
	h := serve(t)
	trouble(t, h.as("Ada", incident.Admin))
	_, _, text := h.outside(t, http.MethodGet, "/api/v2/summary.json")
	schema := statuspageSchema(t, "summary")
	for what, spoil := range map[string]func(all map[string]any){
		"a document without its page": func(all map[string]any) { delete(all, "page") },
		"a level of our own":          func(all map[string]any) { first(all, "components")["status"] = "slow" },
		"an incident that is over":    func(all map[string]any) { first(all, "incidents")["status"] = "resolved" },
		"a key that is left out":      func(all map[string]any) { delete(first(all, "incidents"), "monitoring_at") },
		"a key of our own":            func(all map[string]any) { first(all, "incidents")["severity"] = "sev1" },
		"an update without an id":     func(all map[string]any) { delete(first(first(all, "incidents"), "incident_updates"), "id") },
		"an instant without a zone":   func(all map[string]any) { first(all, "incidents")["created_at"] = "2013-07-18T09:39:00" },
	} {
		var all map[string]any
		if err := json.Unmarshal(text, &all); err != nil {
			t.Fatal(err)
		}
		spoil(all)
		if schema.Validate(all) == nil {
			t.Errorf("the schema takes %s", what)
		}
	}
}

// first is the first of a list in a document.
func first(in map[string]any, list string) map[string]any {
	return in[list].([]any)[0].(map[string]any)
}
