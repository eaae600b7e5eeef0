package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/debriefhq/debrief/api"
	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// BenchmarkPagesBesideAPI reports how long a page takes beside the API's answer
// with the same data, each the median of one run; 2 is the most that is welcome:
//
//	go test ./cmd/debrief -run '^$' -bench PagesBesideAPI -benchtime 200x
func BenchmarkPagesBesideAPI(b *testing.B) {
	ctx := context.Background()
	st := storetest.New(b)
	noor := storetest.Person(b, st, "Noor Haddad", incident.Responder)
	number := fileLong(b, st, noor, 200)
	for range 60 {
		fileLong(b, st, noor, 2)
	}
	link, err := st.NewSignInLink(ctx, store.System(), noor.Name, time.Hour)
	if err != nil {
		b.Fatal(err)
	}
	session, _, err := st.SignIn(ctx, link, "")
	if err != nil {
		b.Fatal(err)
	}
	token, _, err := st.NewToken(ctx, noor, store.TokenRequest{Person: noor.Name})
	if err != nil {
		b.Fatal(err)
	}
	h := (&app{}).handler(context.Background(), st, gate{rate: api.Rate{Requests: -1}}, slog.New(slog.DiscardHandler))
	for name, path := range map[string]string{"record of 200 entries": fmt.Sprintf("/incidents/%d", number), "list": "/incidents?limit=50"} {
		b.Run(name, func(b *testing.B) {
			var pages, answers []time.Duration
			for b.Loop() {
				pages = append(pages, asked(b, h, path, "Cookie", "debrief="+session))
				answers = append(answers, asked(b, h, "/api/v1"+path, "Authorization", "Bearer "+token))
			}
			slices.Sort(pages)
			slices.Sort(answers)
			b.ReportMetric(float64(pages[len(pages)/2])/float64(answers[len(answers)/2]), "page/answer")
		})
	}
}

// asked is how long a handler takes to answer in full.
func asked(b *testing.B, h http.Handler, path, header, value string) time.Duration {
	b.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set(header, value)
	w := httptest.NewRecorder()
	began := time.Now()
	h.ServeHTTP(w, r)
	took := time.Since(began)
	if body, err := io.ReadAll(w.Body); err != nil || w.Code != http.StatusOK || len(body) == 0 {
		b.Fatalf("GET %s = %d %.300s", path, w.Code, body)
	}
	return took
}

// fileLong files a record of everything with so many entries.
func fileLong(b *testing.B, st *store.Store, by incident.Actor, entries int) incident.Number {
	b.Helper()
	in := incidenttest.Fill(func(string) string { return "The queue is *still* growing" }).Draft()
	in.Tags = []string{"queue"}
	in.Visibility, in.Related, in.RecurrenceOf, in.DuplicateOf = incident.VisibleInternal, nil, nil, nil
	for i := range in.Actions {
		in.Actions[i].AlsoFor = nil
	}
	start := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	for i := range entries {
		m := incident.Exactly(start.Add(time.Duration(i)*time.Minute), "UTC", incident.Minute)
		in.Timeline = append(in.Timeline, incident.Entry{At: &m, Kind: incident.EntryObservation, Text: "Queue depth is *still* growing; `SHOW POOLS` lists 400 waiting clients."})
	}
	filed, err := st.File(context.Background(), by, in)
	if err != nil {
		b.Fatal(err)
	}
	return filed.Number
}
