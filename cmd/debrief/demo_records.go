package main

import (
	"context"
	"embed"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// demoFiles are the demo's records in our own form, and where they come from.
//
//go:embed demo/*.md
var demoFiles embed.FS

// The people who file, review and publish in the demo.
const (
	ana   = "Ana Reyes"
	kofi  = "Kofi Mensah"
	marek = "Marek Hlavac"
	lena  = "Lena Brandt"
)

var demoPeople = []store.Person{
	{Name: ana, Role: incident.Reviewer},
	{Name: kofi, Role: incident.Reviewer},
	{Name: marek, Role: incident.Responder},
	{Name: lena, Role: incident.Responder},
}

// lastDemoPerson comes when all else is done: as people are never removed, her
// being there says that the demo is complete.
var lastDemoPerson = store.Person{Name: "Jo Lindqvist", Role: incident.Viewer}

// demoRecord is a record, who files it, and its life.
type demoRecord struct {
	name     string // of its file in demo/
	by       string
	relative string // the record it is related to, filed before it; "" for none
	moves    []demoMove
}

// demoMove is a step in the life of a record. It makes one version.
type demoMove struct {
	by string
	do func(context.Context, *demo, incident.Actor, incident.Number) error
}

// demoRecords are in the order of filing: a list shows the last one first.
var demoRecords = []demoRecord{
	{name: "homebrew-token", by: kofi},
	{name: "mybinder-staging-deploy", by: lena},
	{name: "mybinder-culler-flood", by: marek, moves: []demoMove{
		submit(marek, kofi), review(kofi, incident.Approve)}},
	{name: "mybinder-build-cpu", by: marek},
	{name: "2i2c-memory", by: lena, moves: []demoMove{submit(lena, kofi)}},
	{name: "jenkins-agents", by: marek, moves: []demoMove{
		submit(marek, kofi, ana), review(kofi, incident.Approve),
		review(ana, incident.ApprovePublic), review(ana, incident.Publish)}},
	{name: "dfds-503-june", by: marek, moves: []demoMove{
		submit(marek, ana), review(ana, incident.RequestChanges), relate(marek, "dfds-503-july")}},
	{name: "dfds-503-july", by: marek, relative: "dfds-503-june"},
	{name: "moj-certificate", by: lena, moves: []demoMove{
		submit(lena, kofi), review(kofi, incident.Approve)}},
	{name: "chia-vpn", by: kofi},
	{name: "moj-dns-records", by: lena, moves: []demoMove{submit(lena, ana)}},
	{name: "chia-account", by: marek, moves: []demoMove{
		status(marek, incident.Resolved, "2023-04-25T09:41:00-07:00", "America/Los_Angeles"), submit(marek, ana)}},
	{name: "jenkins-postgres", by: marek},
	{name: "jenkins-search", by: lena, moves: []demoMove{
		status(lena, incident.Identified, "2026-05-23T15:00:00Z", "UTC"),
		status(lena, incident.Monitoring, "2026-05-23T18:00:00Z", "UTC"),
		promise(lena),
		write(lena, incident.Monitoring, "Search on plugins.jenkins.io works again for some, and we are watching the quota. The pages of plugins can be opened as usual."),
		send(lena)}},
	{name: "twilio-billing", by: marek, moves: []demoMove{
		submit(marek, kofi, ana), review(kofi, incident.Approve),
		review(ana, incident.ApprovePublic), review(ana, incident.Publish)}},
}

// submit asks people to review.
func submit(by string, reviewers ...string) demoMove {
	return demoMove{by, func(ctx context.Context, d *demo, who incident.Actor, n incident.Number) error {
		_, err := d.st.Review(ctx, who, n, store.Seen{}, incident.ReviewStep{Move: incident.Submit, Reviewers: reviewers})
		return err
	}}
}

// review takes another step of review.
func review(by string, move incident.ReviewMove) demoMove {
	return demoMove{by, func(ctx context.Context, d *demo, who incident.Actor, n incident.Number) error {
		_, err := d.st.Review(ctx, who, n, store.Seen{}, incident.ReviewStep{Move: move})
		return err
	}}
}

// status takes the incident to another status at a time of its own, RFC 3339.
func status(by string, to incident.Status, at, zone string) demoMove {
	return demoMove{by, func(ctx context.Context, d *demo, who incident.Actor, n incident.Number) error {
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			return err
		}
		moment := incident.Exactly(when, zone, incident.Minute)
		_, err = d.st.Move(ctx, who, n, 0, incident.StatusMove{To: to, At: &moment})
		return err
	}}
}

// relate names a relative that was filed later.
func relate(by, relative string) demoMove {
	return demoMove{by, func(ctx context.Context, d *demo, who incident.Actor, n incident.Number) error {
		_, err := d.st.Change(ctx, who, n, 0, func(in *incident.Incident) error {
			in.Related = append(in.Related, d.filed[relative].Number)
			return nil
		})
		return err
	}}
}

// promise gives the first follow-up a date that is still to come.
func promise(by string) demoMove {
	const notice = 14 * 24 * time.Hour
	return demoMove{by, func(ctx context.Context, d *demo, who incident.Actor, n incident.Number) error {
		_, err := d.st.Change(ctx, who, n, 0, func(in *incident.Incident) error {
			due := d.now.Add(notice).UTC().Format(time.DateOnly)
			in.Actions[0].Due = &due
			return nil
		})
		return err
	}}
}
