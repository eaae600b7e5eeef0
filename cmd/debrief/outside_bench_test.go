package main

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"
)

// BenchmarkOutsiders reports how many of the requests that a bare handler answers ours answers in the same time, over
// real connections, asked in turn, in one run: of-bare beside one that writes the same answer, of-bytes-alone beside one
// that writes its body and no headers but the type. 0.8 of the first is the least that is welcome:
//
//	go test ./cmd/debrief -run '^$' -bench Outsiders -benchtime 3s
func BenchmarkOutsiders(b *testing.B) {
	o := newTrouble(b)
	for _, path := range []string{"/api/v2/summary.json", "/status", "/status/history.atom"} {
		for _, accepts := range []string{"identity", "gzip"} {
			b.Run(path[1:]+" "+accepts, func(b *testing.B) { besideBare(b, o.url+path, accepts) })
		}
	}
}

func besideBare(b *testing.B, address, accepts string) {
	body, header, _ := fetched(b, address, accepts)
	bare := func(header http.Header) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			maps.Copy(w.Header(), header)
			_, _ = w.Write(body)
		}))
		b.Cleanup(server.Close)
		return server.URL
	}
	const round = 20
	sides := []string{address, bare(header), bare(http.Header{"Content-Type": header["Content-Type"]})}
	ratios, took := make([][]float64, len(sides)), []float64{}
	for b.Loop() {
		spent := make([]time.Duration, len(sides))
		for range round {
			for i, side := range sides {
				got, _, once := fetched(b, side, accepts)
				if spent[i] += once; len(got) == 0 {
					b.Fatalf("GET %s is empty", side)
				}
			}
		}
		for i := range sides {
			ratios[i] = append(ratios[i], spent[i].Seconds()/spent[0].Seconds())
		}
		took = append(took, float64(spent[0].Microseconds())/round)
	}
	middle := func(all []float64) float64 { slices.Sort(all); return all[len(all)/2] }
	b.ReportMetric(middle(ratios[1]), "of-bare")
	b.ReportMetric(middle(ratios[2]), "of-bytes-alone")
	b.ReportMetric(middle(took), "µs/request")
	b.ReportMetric(float64(len(body)), "bytes")
	b.ReportMetric(0, "ns/op") // a round of all sides says nothing
}

// asItIs unpacks nothing.
var asItIs = &http.Client{Transport: &http.Transport{DisableCompression: true}}

// fetched is an answer, and how long it took.
func fetched(b *testing.B, address, accepts string) ([]byte, http.Header, time.Duration) {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", accepts)
	began := time.Now()
	res, err := asItIs.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil || res.StatusCode != http.StatusOK {
		b.Fatalf("GET %s = %d, %v", address, res.StatusCode, err)
	}
	return body, res.Header, time.Since(began)
}
