package document

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
)

func TestATemplateOfOnesOwn(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, source, want string }{
		{"a field", "{{.Title}}", "Erroneous card charges"},
		{"a time on both clocks", "{{both .Milestones.Detected}}", "2:42 AM PDT / 09:42 UTC"},
		{"one that nobody knows", "{{both .Milestones.Mitigated}}", "time unknown"},
		{"a day", "{{date .Milestones.Detected}}", "Thursday, 18 July 2013"},
		{"how long it took", "{{duration .Measures.TimeToDetect}}{{duration .Measures.TimeToTell}}", "3 min"},
		{"the entries", "{{range .Timeline}}- {{.At | both}}: {{markdown .Text}}\n{{end}}", "- 1:35 AM PDT / 08:35 UTC: All Redis replicas lose the master, reconnect, and ask for a full resync.\n" +
			"- 2:42 AM PDT / 09:42 UTC: On-call restarts the master to relieve load; later judged a misdiagnosis.\n"},
		{"a word of ours for people", "{{human (index .Impacts 0).Level}}", "major outage"},
		{"a time as its author likes it", `{{.Milestones.Detected.At.Format "2006-01-02"}}`, "2013-07-18"},
		{"what a language quotes", `{{quote "a \"b\""}}`, `"a \"b\""`},
		{"a text without marks", `{{plain "**a** <b>\nc"}}`, "a <b> c"},
		{"a text that would act", `{{markdown "<script>x</script>"}}`, "&#60;script&#62;x&#60;/script&#62;"},
		{"what text/template has", `{{printf "%05.1f" 2.25}} {{len .Timeline}} {{if eq .Status "resolved"}}over{{end}}`, "002.2 2 over"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ctx, stop := context.WithTimeout(t.Context(), time.Minute)
			defer stop()
			var b strings.Builder
			if err := WriteOwn(ctx, &b, tt.source, twilio(t).Public(), Options{}); err != nil || b.String() != tt.want {
				t.Errorf("WriteOwn(%q) = %q, %v, want %q", tt.source, b.String(), err, tt.want)
			}
		})
	}
}

func TestATemplateIsStopped(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, source, says string }{
		{"one that cannot be read", "a\n{{.Title", "2: unclosed action"},
		{"one that asks for what is not there", "{{.Severity}}", "can't evaluate field Severity"},
		{"one that calls what is not there", `{{env "HOME"}}`, `function "env" not defined`},
		{"one that never ends", "{{range 1000000}}{{range 1000000}}{{end}}{{end}}", "over a second"},
		{"one that writes too much", "{{range 1000000}}aaaaaaaaaa{{end}}", "look for ranges inside ranges"},
		{"one that calls itself", `{{define "x"}}{{template "x"}}{{end}}{{template "x"}}`, "exceeded maximum template depth"},
		{"one that doubles a text", `{{$x := "aaaaaaaa"}}{{range 60}}{{$x = print $x $x}}{{end}}`, "over 4 MiB"},
		{"one that fills a line", `{{printf "%1000000000d" 1}}`, "at most three digits"},
		{"one that fills it with a star", `{{printf "%*d" 1000000000 1}}`, "at most three digits"},
		{"one that is too long", strings.Repeat("a", LongestOwn+1), "over 1 MiB: keep in it"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			given := time.Minute // a busy machine is slow
			if tt.says == "over a second" {
				given = OwnTime
			}
			ctx, stop := context.WithTimeout(t.Context(), given)
			defer stop()
			start := time.Now()
			err := WriteOwn(ctx, &b, tt.source, twilio(t).Public(), Options{})
			if !errors.As(err, new(*incident.Error)) || !strings.Contains(err.Error(), tt.says) || b.Len() > 0 {
				t.Errorf("WriteOwn(%.60q) = %d bytes, %v, want a refusal that says %q", tt.source, b.Len(), err, tt.says)
			}
			if took := time.Since(start); took > 10*OwnTime {
				t.Errorf("WriteOwn(%.60q) took %v", tt.source, took)
			}
		})
	}
}

func TestThePublicRecordIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		in := incidenttest.Records().Draw(r, "record")
		incidenttest.SetAudience(in, incident.AudiencePublic)
		var b bytes.Buffer
		if err := writePublicJSON(&b, in.Public(), Options{}); err != nil {
			r.Fatalf("write = %v", err)
		}
		p, err := ReadPublic(b.Bytes())
		if err != nil {
			r.Fatalf("ReadPublic = %v", err)
		}
		got, _ := json.Marshal(p)
		want, _ := json.Marshal(in.Public())
		if string(got) != string(want) {
			r.Fatalf("ReadPublic = %s\nwant %s", got, want)
		}
	})
}
