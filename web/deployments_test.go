package web

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// deploy notes that something reached production so long before the billing incident began.
func (in installation) deploy(t testing.TB, component, version string, before time.Duration) incident.Deployment {
	t.Helper()
	billing, err := in.store.Incident(context.Background(), store.System(), in.billing)
	if err != nil {
		t.Fatal(err)
	}
	at := incident.Exactly(billing.Milestones.Started.At.Add(-before), "UTC", incident.Minute)
	d, err := in.store.AddDeployment(context.Background(), store.System(), incident.Deployment{Component: component, Version: version, At: &at})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestARecordShowsWhatWasDeployedBeforeItBegan(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Lena Falk")
	path := "/incidents/1"
	if _, body := v.get(path); strings.Contains(body, "Deployed in the 24 hours before") {
		t.Error("a record speaks of deployments that nobody told of")
	}
	in.deploy(t, "Voice", "voice-7", 10*time.Minute)
	in.deploy(t, "billing", "billing-812", 47*time.Minute)
	in.deploy(t, "Voice", "voice-6", 25*time.Hour)
	_, body := v.get(path)
	_, section, _ := strings.Cut(body, "Deployed in the 24 hours before")
	section, _, _ = strings.Cut(section, "</section>")
	text := plain(section)
	if first, second := strings.Index(text, "billing-812"), strings.Index(text, "voice-7"); first < 0 || second < first || strings.Contains(text, "voice-6") || !strings.Contains(text, "47 min before") {
		t.Errorf("what was deployed before, that of the hurt component first: %s", text)
	}
}

func TestDeploymentsAreListedAndTakenOutByWhoReviews(t *testing.T) {
	t.Parallel()
	in := installed(t)
	lena := in.as(t, "Lena Falk")
	if _, body := lena.get("/deployments"); !strings.Contains(body, "debrief deploy") {
		t.Errorf("an empty page does not say how it fills:\n%s", body)
	}
	in.deploy(t, "Voice", "voice-7", time.Minute)
	d := in.deploy(t, "Billing", "billing-812", time.Hour)
	_, body := lena.get("/deployments?component=BILLING")
	if text := plain(body); !strings.Contains(text, "billing-812") || strings.Contains(text, "voice-7") {
		t.Errorf("those of one component: %s", text)
	}
	res, body := lena.post("/deployments", url.Values{"id": {d.ID}, "component": {"Billing"}}, nil)
	if res.StatusCode != 303 || res.Header.Get("Location") != "/deployments?component=Billing&done=remove" {
		t.Errorf("taking one out = %d to %s\n%s", res.StatusCode, res.Header.Get("Location"), body)
	}
	if _, body := lena.get("/deployments"); strings.Contains(body, "billing-812") || !strings.Contains(body, "voice-7") {
		t.Errorf("after one was taken out:\n%s", body)
	}
}
