package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// outsidePrograms are made for Statuspage, feeds and webhooks, by others; they run as they are published.
var outsidePrograms = []string{"statuspage.io@3.3.8", "@statuspage/status-widget@1.0.5", "@webcomponents/webcomponentsjs@2.1.3", "rss-parser@3.13.0", "standardwebhooks@1.1.1"}

// fetchPrograms gets them from npm, once a machine, and says where they are.
var fetchPrograms = sync.OnceValues(func() (string, error) {
	if _, err := exec.LookPath("node"); err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "debrief-test", strings.NewReplacer("/", "-", "@", "-").Replace(strings.Join(outsidePrograms, "-")))
	done := filepath.Join(dir, "complete")
	if _, err := os.Stat(done); err == nil {
		return dir, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	args := slices.Concat([]string{"install", "--prefix", dir, "--ignore-scripts", "--no-save", "--no-audit", "--no-fund"}, outsidePrograms)
	if out, err := exec.CommandContext(ctx, "npm", args...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm install %v: %w\n%s", outsidePrograms, err, out)
	}
	return dir, os.WriteFile(done, nil, 0o600)
})

// programs are where the programs of others are. Without npm their tests are left out, unless all were asked for.
func programs(t *testing.T) string {
	t.Helper()
	dir, err := fetchPrograms()
	needs(t, err)
	return filepath.Join(dir, "node_modules")
}

// runNode runs a script that prints JSON, which is read into an answer.
func runNode(t *testing.T, script, url string, answer any) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", "-e", script, url)
	cmd.Env = append(os.Environ(), "NODE_PATH="+programs(t), "NO_PROXY=*")
	var wrong strings.Builder
	cmd.Stderr = &wrong
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, wrong.String())
	}
	if err := json.Unmarshal(out, answer); err != nil {
		t.Fatalf("node printed no JSON (%v): %s", err, out)
	}
}

// trouble is a server, and an incident that goes on there and that outsiders were told of.
type trouble struct {
	t      testing.TB
	url    string
	store  *store.Store
	by     incident.Actor
	number incident.Number
	first  string // id of the first message
}

const (
	troubleTitle = "Wrong charges & <refunds>"
	firstSaid    = "It began at 07:42 UTC."
	correctSaid  = "It began at 09:42 UTC."
	lastSaid     = "All accounts are right again."
)

func newTrouble(t testing.TB) *trouble {
	t.Helper()
	st := storetest.New(t)
	return troubleOn(t, st, listen(t, st))
}

func troubleOn(t testing.TB, st *store.Store, url string) *trouble {
	t.Helper()
	o := &trouble{t: t, url: url, store: st, by: storetest.Person(t, st, "Ines", incident.Admin)}
	for _, name := range []string{"Billing", "Voice"} {
		if _, err := o.store.AddComponent(t.Context(), o.by, incident.Component{Name: name, Group: "Product", Audience: incident.AudiencePublic}); err != nil {
			t.Fatal(err)
		}
	}
	in := &incident.Incident{
		Heading: incident.Heading{Title: "redis-7 lost its master"}, PublicTitle: troubleTitle, PublicSummary: "Some cards were charged again.",
		Impacts: []incident.Impact{{Component: "Billing", Level: incident.PartialOutage, Audience: incident.AudiencePublic}},
	}
	filed, err := o.store.File(t.Context(), o.by, in)
	if err != nil {
		t.Fatal(err)
	}
	o.number = filed.Number
	o.first = o.say(incident.Message{Body: firstSaid})
	return o
}

// say sends a message to the status page.
func (o *trouble) say(m incident.Message) (id string) {
	o.t.Helper()
	m.Channel, m.Audience, m.State = incident.StatusPage, incident.AudiencePublic, incident.Draft
	kept, err := o.store.Append(o.t.Context(), o.by, o.number, []incident.Part{&m})
	if err != nil {
		o.t.Fatal(err)
	}
	id = kept[0].Head().ID
	if _, err := o.store.Send(o.t.Context(), o.by, o.number, id, 0); err != nil {
		o.t.Fatal(err)
	}
	return id
}

func (o *trouble) correct() { o.say(incident.Message{Body: correctSaid, Corrects: o.first}) }

func (o *trouble) resolve() {
	o.t.Helper()
	if _, err := o.store.Move(o.t.Context(), o.by, o.number, 0, incident.StatusMove{To: incident.Resolved}); err != nil {
		o.t.Fatal(err)
	}
	o.say(incident.Message{Body: lastSaid})
}

// plan announces a maintenance that is to come.
func (o *trouble) plan() {
	o.t.Helper()
	from := incident.Exactly(time.Date(2033, 7, 18, 2, 0, 0, 0, time.UTC), "UTC", incident.Minute)
	filed, err := o.store.File(o.t.Context(), o.by, &incident.Incident{
		Heading: incident.Heading{Title: "Move redis-7", Kind: incident.Maintenance, Status: incident.Scheduled}, PublicTitle: "Maintenance of billing", PublicSummary: "Short breaks.",
		Impacts:  []incident.Impact{{Component: "Billing", Level: incident.UnderMaintenance, Audience: incident.AudiencePublic, From: &from}},
		Messages: []incident.Message{{Channel: incident.StatusPage, Audience: incident.AudiencePublic, State: incident.Draft, Body: "We move in July."}},
	})
	if err != nil {
		o.t.Fatal(err)
	}
	if _, err := o.store.Send(o.t.Context(), o.by, filed.Number, filed.Messages[0].ID, 0); err != nil {
		o.t.Fatal(err)
	}
}
