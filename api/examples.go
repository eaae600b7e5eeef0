package api

import (
	_ "embed" // the example is a file
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
	"github.com/debriefhq/debrief/incident/lint"
	"github.com/debriefhq/debrief/store"
)

// example is what is sent to an operation and what it answers, for OpenAPI and
// the reference; nil where that is nothing.
type example struct{ sent, answered any }

// show puts the example where OpenAPI has it.
func (e example) show(op *huma.Operation) {
	put := func(content map[string]*huma.MediaType, kinds []string, value any) {
		for _, kind := range kinds {
			if of := content[kind]; of != nil && value != nil {
				of.Example = value
			}
		}
	}
	if op.RequestBody != nil {
		put(op.RequestBody.Content, []string{"application/json", "*/*"}, e.sent)
	}
	status := max(op.DefaultStatus, http.StatusOK)
	put(op.Responses[strconv.Itoa(status)].Content, []string{"application/json", "text/markdown"}, e.answered)
}

//go:embed example.json
var exampleFiled []byte

// exampleRecord is example.json as it is answered.
func exampleRecord() *incident.Incident {
	in := &incident.Incident{}
	if err := incident.Decode(exampleFiled, in); err != nil {
		panic(err) // at the start of the program: the file itself is broken
	}
	at := time.Date(2013, 7, 20, 16, 0, 0, 0, time.UTC)
	in.Number, in.ID, in.Revision, in.Version = 42, "k3v9x1m7q2ab", 3, 12
	in.CreatedBy, in.CreatedAt, in.UpdatedAt = "Ana Reyes", at, at.Add(25*time.Minute)
	in.Comments = []incident.Comment{{On: "summary", Author: "Kofi Mensah", At: at, Text: "How many cards?"}}
	in.Normalize()
	for i, k := range incident.PartKinds {
		for _, p := range in.Parts(k) {
			if p.Head().Revision = 1; p.Head().ID == "" {
				p.Head().ID = fmt.Sprintf("%dx2k9m3q7abc", i)
			}
		}
	}
	in.Measures, in.Warnings = incident.Measure(in), incident.Odd(in)
	return in
}

// examples are those of all operations, by id: all of one incident.
var examples = sync.OnceValue(func() map[string]example {
	in := exampleRecord()
	all := map[string]example{
		"fileIncident":   {json.RawMessage(exampleFiled), in},
		"listIncidents":  {nil, one(in.Heading)},
		"getIncident":    {nil, in},
		"patchIncident":  {map[string]any{"severity": "sev1", "milestones": map[string]any{"mitigated": "2013-07-19T21:15:00-07:00"}}, in},
		"moveIncident":   {map[string]any{"to": incident.Resolved, "at": "2013-07-19T21:15:00-07:00"}, in},
		"reviewIncident": {map[string]any{"move": incident.Submit, "reviewers": []string{"Kofi Mensah"}}, in},
		"exportIncident": {nil, "title: Erroneous card charges\nslug: erroneous-card-charges\n\nSome customers' cards were charged several times.\n"},
		"import": {"# Disk full\n\n## Timeline\n\n- 09:42 UTC: the disk was full\n", Imported{
			Incidents: []*incident.Incident{in}, Report: []document.Loss{{Line: 5, Text: "09:42 UTC", Why: "the day is not known: kept as text"}},
		}},
	}
	addSearchExamples(all, in)
	addImageExamples(all, in)
	addCustomerExamples(all, in)
	addSubscriberExamples(all, in.CreatedAt)
	addDeploymentExamples(all, in)
	all["getInsights"] = example{nil, exampleInsights(in)}
	addJobExamples(all, in.CreatedAt)
	addWebhookExamples(all, in)
	addDigestExample(all, in)
	addSimilarExamples(all, in)
	addPeopleExamples(all, in.CreatedAt)
	for _, k := range incident.PartKinds {
		addPartExamples(all, in, k)
	}
	return all
})

// one is a page of one item, after which more come.
func one[T any](item T) store.Page[T] {
	return store.Page[T]{Items: []T{item}, Next: "eyJsIjoiLW51bWJlciIsImsiOls0Ml19"}
}

func addSearchExamples(all map[string]example, in *incident.Incident) {
	found, silenced := lint.Check(in)
	change := store.Change{
		Number: in.Number, Version: in.Version, Revision: in.Revision, At: in.UpdatedAt, By: in.CreatedBy, Did: "changed",
		Changes: []store.Diff{{Op: "replace", Path: "/severity", Old: json.RawMessage(`"sev2"`), Value: json.RawMessage(`"sev1"`)}},
	}
	all["lintIncident"] = example{nil, incident.Findings{Items: found[:min(1, len(found))], Silenced: silenced}}
	all["listHistory"], all["listChanges"] = example{nil, one(change)}, example{nil, one(change)}
	all["search"] = example{nil, one(store.Hit{Heading: in.Heading, Snippet: "A restarted **Redis** master read the wrong configuration", Where: []store.Place{{Part: "summary", Snippet: "A restarted **Redis** master read the wrong configuration"}}})}
	all["listActions"] = example{nil, one(store.NumberedAction{Incident: in.Number, Heading: in.Title, Action: in.Actions[0]})}
	all["listMessages"] = example{nil, one(store.NumberedMessage{Incident: in.Number, Heading: in.Title, Message: in.Messages[0]})}
}

func addImageExamples(all map[string]example, in *incident.Incident) {
	m := incident.Image{ID: "k3v9x1m7q2ab", MediaType: "image/png", Width: 1280, Height: 720, Size: 48_213, AddedBy: in.CreatedBy, AddedAt: in.UpdatedAt}
	all["addImage"] = example{"(the bytes of the file)", AddedImage{m, m.Path(), m.Markdown("")}}
	all["listImages"] = example{nil, store.Page[incident.Image]{Items: []incident.Image{m}}}
}

func addCustomerExamples(all map[string]example, in *incident.Incident) {
	c := incident.Component{ID: "c0mp0n3nt7ab", Revision: 2, Name: "Billing", Description: "Balances, and cards charged when one runs low.", Group: "Money",
		Position: 1, Audience: incident.AudiencePublic, Level: incident.MajorOutage, CreatedAt: in.CreatedAt}
	all["listComponents"], all["getComponent"] = example{nil, store.Page[incident.Component]{Items: []incident.Component{c}}}, example{nil, c}
	all["addComponent"] = example{map[string]any{"name": c.Name, "group": c.Group, "audience": c.Audience}, c}
	all["patchComponent"] = example{map[string]any{"description": c.Description, "position": c.Position}, c}
	m := in.Messages[0]
	m.State, m.Channel, m.Audience = incident.Sent, incident.StatusPage, incident.AudiencePublic
	all["sendMessage"] = example{nil, m}
	all["countRecipients"] = example{nil, store.Recipients{Email: 1240, Webhook: 3, Slack: 12}}
}

func addSubscriberExamples(all map[string]example, at time.Time) {
	confirmed := at.Add(time.Hour)
	s := store.Subscriber{ID: 7, Subscription: incident.Subscription{Kind: incident.ByMail, Address: "ada@example.com", Components: []string{}}, State: store.Active, AskedAt: at, ConfirmedAt: &confirmed}
	all["listSubscribers"] = example{nil, one(s)}
	all["listDeliveries"] = example{nil, one(store.DeliveryRow{ID: 31, Kind: s.Kind, State: store.Unknown, Tries: 1, DueAt: at, At: confirmed,
		Reason: "whoever sent it ended before it was noted how that went", Address: s.Address, Subscriber: s.ID})}
	all["decideDeliveries"] = example{map[string]any{"again": false, "ids": []int64{31}}, map[string]any{"done": 1}}
}

func addDeploymentExamples(all map[string]example, in *incident.Incident) {
	at := incident.Exactly(in.Milestones.Started.At.Add(-47*time.Minute), "UTC", incident.Second)
	d := incident.Deployment{ID: "d3pl0y7m9q2a", Component: "Billing", Version: "2013.07.18-2", At: &at, State: incident.Succeeded, Environment: incident.Production,
		By: "Ana Reyes", Link: "https://ci.example.com/billing/812", Source: "jenkins", ExternalID: "billing/812", CreatedAt: at.At.Add(time.Second)}
	all["listDeployments"], all["getDeployment"] = example{nil, one(d)}, example{nil, d}
	all["addDeployment"] = example{map[string]any{"component": d.Component, "version": d.Version, "at": "2013-07-18T08:55:00Z", "link": d.Link, "source": d.Source, "external_id": d.ExternalID}, d}
	all["listDeployedBefore"] = example{nil, store.Page[store.DeployedBefore]{Items: []store.DeployedBefore{{Deployment: d, Hurt: true, Seconds: 47 * 60}}}}
}

func addDigestExample(all map[string]example, in *incident.Incident) {
	name, from, until, err := incident.ReadPeriod("2013-07")
	if err != nil {
		panic(err) // at the start of the program
	}
	due := "2013-08-01"
	all["getDigest"] = example{nil, &incident.Digest{
		Period: name, From: from, Until: until, MadeAt: in.CreatedAt, Incidents: []incident.Retold{incident.Retell(in)},
		Owed: []incident.Owed{{Incident: in.Number, Title: "Test what a restart loads", Owner: "Ana Reyes", Due: &due, State: incident.Open}},
	}}
}

func addJobExamples(all map[string]example, at time.Time) {
	j := store.Job{ID: 1204, Kind: "chore", Name: "sweep", Queue: store.ChoreQueue, State: store.JobRetrying, Tries: 1, MostTries: 25,
		DueAt: at.Add(time.Minute), CreatedAt: at, TriedAt: &at, Reason: "sweep: the database has no room left"}
	q := store.Queue{Name: store.MailQueue, Does: "mails to subscribers", Waiting: 1, DueAt: &at, Deliveries: 1240}
	paused := q
	paused.PausedAt = &at
	all["listJobs"], all["retryJob"] = example{nil, one(j)}, example{nil, j}
	all["listQueues"], all["pauseQueue"], all["resumeQueue"] = example{nil, store.Page[store.Queue]{Items: []store.Queue{q}}}, example{nil, paused}, example{nil, q}
}

func addSimilarExamples(all map[string]example, in *incident.Incident) {
	likely := store.Page[store.Relative]{Items: []store.Relative{{Heading: in.Heading, Reasons: []string{"same component: Billing", "same kind of cause: configuration", "shares rare words: resync, read-only"}}}}
	all["listSimilar"] = example{nil, likely}
	all["findSimilar"] = example{map[string]any{"title": "Balances read as zero", "summary": "After a resync the master is read-only.", "components": []string{"Billing"}}, likely}
	all["relate"] = example{map[string]any{"incident": 12, "as": store.RecurrenceOf}, map[string]any{"incident": 12, "as": store.RecurrenceOf}}
	before := []store.KnownBefore{{Incident: 12, Title: "Redis replicas lost their master", As: store.RecurrenceOf, Actions: 5,
		Left: []store.LeftAction{{Action: in.Actions[0], Then: incident.Open}}}}
	all["listKnownBefore"] = example{nil, store.Page[store.KnownBefore]{Items: before}}
	all["listRecurrences"] = example{nil, store.Page[store.Recurrence]{Items: []store.Recurrence{{Heading: in.Heading, Before: before}}}}
}

func addPeopleExamples(all map[string]example, at time.Time) {
	person := store.Person{ID: 7, Name: "Ana Reyes", Role: incident.Reviewer, CreatedAt: at}
	token := store.Token{ID: 9, Person: person.Name, Name: "status bot", Role: incident.Responder, Scope: incident.ScopeWrite, CreatedAt: at}
	all["getMe"] = example{nil, map[string]any{"id": person.ID, "name": person.Name, "role": person.Role}}
	all["listPeople"], all["getPerson"] = example{nil, store.Page[store.Person]{Items: []store.Person{person}}}, example{nil, person}
	all["addPerson"] = example{map[string]any{"name": person.Name, "role": person.Role}, person}
	all["patchPerson"] = example{map[string]any{"role": person.Role}, person}
	c := store.Contact{Email: "ana@example.com", Reminders: true}
	all["getContact"], all["getMyContact"], all["patchMyContact"] = example{nil, c}, example{nil, c}, example{map[string]any{"email": c.Email}, c}
	all["listTokens"] = example{nil, store.Page[store.Token]{Items: []store.Token{token}}}
	all["newToken"] = example{
		map[string]any{"person": token.Person, "name": token.Name, "role": token.Role, "scope": token.Scope},
		NewToken{token, "debrief_THE-SECRET-THAT-IS-SHOWN-ONCE"},
	}
}

func addPartExamples(all map[string]example, in *incident.Incident, k incident.PartKind) {
	p := in.Parts(k)[0]
	name := reflect.TypeOf(p).Elem().Name()
	all["append"+name] = example{asSent(p), p}
	all["get"+name] = example{nil, p}
	all["list"+name] = example{nil, store.Page[incident.Part]{Items: in.Parts(k)}}
	all["patch"+name] = example{map[string]any{"audience": p.Seen()}, p}
	if k == incident.Comments {
		all["patch"+name] = example{map[string]any{"resolved": true}, p}
	}
}

// asSent is a part without what Debrief assigns.
func asSent(p incident.Part) map[string]any {
	text, err := json.Marshal(p)
	var keys map[string]any
	if err == nil {
		err = json.Unmarshal(text, &keys)
	}
	if err != nil {
		panic(err) // as above
	}
	assigned := []string{"id", "revision", "position"}
	if p.PartKind() == incident.Comments {
		assigned = append(assigned, "author", "at")
	}
	for _, key := range assigned {
		delete(keys, key)
	}
	return keys
}
