package api

import (
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

func addWebhookExamples(all map[string]example, in *incident.Incident) {
	at := in.CreatedAt
	w := incident.Webhook{ID: "w3bh00k7x2ab", Revision: 1, URL: "https://hooks.example.com/debrief", Description: "the war room's bot",
		Events: []incident.WebhookEvent{"incident.filed", "incident.moved"}, State: incident.WebhookActive, CreatedAt: at.Add(-time.Hour)}
	made := NewWebhook{w, "whsec_VEhFLVNFQ1JFVC1USEFULUlTLVNIT1dOLU9OQ0U="}
	all["listWebhooks"], all["getWebhook"] = example{nil, store.Page[incident.Webhook]{Items: []incident.Webhook{w}}}, example{nil, w}
	all["addWebhook"] = example{map[string]any{"url": w.URL, "description": w.Description, "events": w.Events}, made}
	all["rotateWebhook"] = example{map[string]any{"at_once": false}, made}
	off := w
	off.State = incident.WebhookDisabled
	all["patchWebhook"] = example{map[string]any{"state": off.State}, off}
	d := incident.WebhookDelivery{ID: 812, EventID: "evt_p4g3x9m1q7zz_42_12", Type: "incident.moved", Incident: in.Number, Version: in.Version, Happened: at,
		State: string(store.Delivered), Tries: 1, DueAt: at, At: at.Add(time.Second), Status: 204,
		Request: `{"type":"incident.moved","timestamp":"2013-07-20T16:00:00.000Z","data":{"incident":42,"name":"INC-42","version":12,"api_url":"https://debrief.example.com/api/v1/incidents/42","page_url":"https://debrief.example.com/incidents/42"}}`}
	all["listWebhookDeliveries"] = example{nil, one(d)}
	all["redeliverWebhook"] = example{map[string]any{"ids": []int64{d.ID}}, map[string]any{"done": 1}}
	test := d
	test.ID, test.EventID, test.Type, test.Incident, test.Version = 813, "evt_p4g3x9m1q7zz_test_813", incident.EventTest, 0, 0
	test.State, test.Tries, test.Status, test.Request = string(store.Queued), 0, 0, ""
	all["testWebhook"] = example{nil, test}
}
