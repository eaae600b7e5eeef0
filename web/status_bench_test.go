package web

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"
)

// BenchmarkStatusPage reports how many of the requests that a bare handler answers the pages for outsiders answer in the
// same time, over real connections, asked in turn: beside one that sends the same answer, and beside one that sends its
// bytes with no headers but their type. 0.8 of the first is the least that is welcome:
//
//	go test ./web -run '^$' -bench StatusPage -benchtime 3s
func BenchmarkStatusPage(b *testing.B) {
	r, in := midday(b)
	for name, accepts := range map[string]string{"plain": "identity", "packed": "gzip"} {
		for what, path := range map[string]string{"status": "/status", "incident": "/status/incidents/" + in.ID} {
			b.Run(name+" "+what, func(b *testing.B) {
				bytes, headers, _ := stopped(b, r.url+path, accepts)
				bare := func(headers http.Header) string {
					server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
						maps.Copy(w.Header(), headers)
						_, _ = w.Write(bytes)
					}))
					b.Cleanup(server.Close)
					return server.URL
				}
				addresses := []string{r.url + path, bare(headers), bare(http.Header{"Content-Type": headers["Content-Type"]})}
				took := make([][]time.Duration, len(addresses))
				for b.Loop() {
					for i, address := range addresses {
						_, _, once := stopped(b, address, accepts)
						took[i] = append(took[i], once)
					}
				}
				median := func(i int) float64 { slices.Sort(took[i]); return took[i][len(took[i])/2].Seconds() }
				b.ReportMetric(median(1)/median(0), "of-bare")
				b.ReportMetric(median(2)/median(0), "of-bytes-alone")
				b.ReportMetric(float64(len(bytes)), "bytes")
			})
		}
	}
}

var asItCame = &http.Client{Transport: &http.Transport{DisableCompression: true}}

// stopped asks once, and says how long it took.
func stopped(b *testing.B, address, accepts string) ([]byte, http.Header, time.Duration) {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, address, nil)
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", accepts)
	began := time.Now()
	res, err := asItCame.Do(req)
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
