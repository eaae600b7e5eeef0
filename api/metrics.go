package api

import (
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics is what /metrics shows: counts and durations of requests by route
// pattern, the database's connections, the process. No label holds anything
// that a caller wrote, so it is open to whoever may reach the port.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

func newMetrics(o Options) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "debrief_http_request_duration_seconds",
			Help:    "Time to answer, by method, route and status.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"method", "route", "status"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{Name: "debrief_build_info", Help: "1, with what runs here.",
		ConstLabels: prometheus.Labels{"version": o.Version, "go": runtime.Version()}})
	build.Set(1)
	m.registry.MustRegister(m.requests, build, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, c := range []struct {
		name, help string
		value      func() float64
	}{
		{"busy", "Connections that do something now.", func() float64 { return float64(o.Store.Load().Busy) }},
		{"idle", "Connections that wait for work.", func() float64 { return float64(o.Store.Load().Idle) }},
		{"most", "How many connections there may be.", func() float64 { return float64(o.Store.Load().Most) }},
	} {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "debrief_database_connections_" + c.name, Help: c.help}, c.value))
	}
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// count measures every request under the pattern of its route; all that have
// no route are one.
func (m *metrics) count(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		seen := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		defer func() {
			route, method := "none", "other"
			if c := chi.RouteContext(r.Context()); c != nil {
				if pattern := c.RoutePattern(); pattern != "" && !strings.HasSuffix(pattern, "*") {
					route = pattern
				}
			}
			switch r.Method {
			case "GET", "HEAD", "POST", "PATCH", "DELETE":
				method = r.Method
			}
			m.requests.WithLabelValues(method, route, strconv.Itoa(max(seen.Status(), http.StatusOK))).Observe(time.Since(began).Seconds())
		}()
		next.ServeHTTP(seen, r)
	})
}
