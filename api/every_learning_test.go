package api_test

import (
	"testing"

	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
)

// visitSimilar says of two incidents that they are no relatives, and that they are.
func visitSimilar(t *testing.T, ada *person, n incident.Number) {
	t.Helper()
	ctx := t.Context()
	must := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s = %v", what, err)
		}
	}
	other := ada.file(`{"title": "Cards were charged before", "actions": [{"title": "Alert on it"}], "milestones": {"started": "2012-01-01T00:00:00Z"}}`).Number
	must("Relate", ada.Relate(ctx, n, other, "no_relative"))
	must("TakeBack", ada.TakeBack(ctx, n, other))
	must("Relate", ada.Relate(ctx, n, other, "recurrence_of"))
	all, err := ada.Similar(ctx, n, 3)
	must("Similar", err)
	for _, r := range all {
		if r.Number == other {
			t.Errorf("Similar = %+v, want none that is confirmed", all)
		}
	}
	_, err = ada.SimilarToDraft(ctx, client.Draft{Title: "Cards are charged again", Components: []string{"Billing"}})
	must("SimilarToDraft", err)
	before, err := ada.KnownBefore(ctx, n)
	if must("KnownBefore", err); len(before) == 0 || before[0].Incident != other || len(before[0].Left) != 1 {
		t.Errorf("KnownBefore = %+v, want what was left of the one before", before)
	}
	again, err := ada.Recurrences(ctx, "1990-01", "")
	if must("Recurrences", err); len(again) != 1 || again[0].Number != n || len(again[0].Before) == 0 || len(again[0].Before[0].Left) != 1 {
		t.Errorf("Recurrences = %+v, want %s with what was left of the one before", again, n)
	}
}

// visitDeployments deploys something, and takes it back.
func visitDeployments(t *testing.T, ada *person, n incident.Number) {
	t.Helper()
	d, err := ada.AddDeployment(t.Context(), incident.Deployment{Component: "Billing", Version: "812"})
	if err != nil || d.ID == "" || d.By != "Ada" {
		t.Fatalf("AddDeployment = %+v, %v", d, err)
	}
	if got, err := ada.Deployment(t.Context(), d.ID); err != nil || got.Version != "812" {
		t.Errorf("Deployment = %+v, %v", got, err)
	}
	if page, err := ada.Deployments(t.Context(), client.DeploymentFilter{Component: "billing"}); err != nil || len(page.Items) != 1 {
		t.Errorf("Deployments = %+v, %v, want the one", page, err)
	}
	if before, err := ada.DeployedBefore(t.Context(), n); err != nil || len(before) != 0 {
		t.Errorf("DeployedBefore = %+v, %v, want none: it was deployed years later", before, err)
	}
	if err := ada.RemoveDeployment(t.Context(), d.ID); err != nil {
		t.Errorf("RemoveDeployment = %v", err)
	}
}
