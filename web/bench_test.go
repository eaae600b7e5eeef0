package web

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// BenchmarkLongRecord draws the page of the longest record there may be.
func BenchmarkLongRecord(b *testing.B) {
	s := newSite(Options{})
	in := filed(b)
	start := *in.Timeline[0].At.At
	for i := len(in.Timeline); i < 10_000; i++ {
		m := incident.Exactly(start.Add(time.Duration(i)*time.Minute), in.Zone, incident.Minute)
		in.Timeline = append(in.Timeline, incident.Entry{
			PartHead: incident.PartHead{ID: fmt.Sprintf("e%011d", i)}, At: &m, Kind: incident.EntryObservation,
			Text: "Queue depth is *still* growing; `SHOW POOLS` lists 400 waiting clients.", Audience: incident.AudienceInternal,
		})
	}
	for b.Loop() {
		var out bytes.Buffer
		if err := s.pages["record"].ExecuteTemplate(&out, "layout", frame{Name: "record", By: reader, Page: writable(in)}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(out.Len())/(1<<20), "MB")
	}
}
