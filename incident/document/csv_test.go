package document

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
)

func TestNoCellIsAFormula(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"words stay as they are", "It broke.", "It broke."},
		{"a formula is quoted", `=HYPERLINK("https://example.org")`, `'=HYPERLINK("https://example.org")`},
		{"so is what a spreadsheet makes one", "+1", "'+1"},
		{"a list's point too", "- a\n- b", "'- a\n- b"},
		{"a name of a function", "@SUM(1)", "'@SUM(1)"},
		{"in wide letters", "＝1+1", "'＝1+1"},
		{"after a tab", "\t=1", "'\t=1"},
		{"after a space", " =1", "' =1"},
		{"after a letter that is not seen", "\u200b=1", "'\u200b=1"},
		{"not inside a text", "a =1", "a =1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := twilio(t)
			in.Timeline[0].Text = tt.text
			rows := tableOf(t, public(t, byName(t, "csv"), in))
			if got := rows[1][len(rows[1])-1]; got != tt.want {
				t.Errorf("the cell of %q is %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

func tableOf(t interface{ Fatalf(string, ...any) }, text string) [][]string {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatalf("the table is none: %v\n%s", err, text)
	}
	return rows
}

func TestEveryTimelineIsATable(t *testing.T) {
	t.Parallel()
	f := byName(t, "csv")
	rapid.Check(t, func(r *rapid.T) {
		in := incidenttest.Records().Draw(r, "record")
		for _, who := range []incident.Audience{incident.AudiencePublic, incident.AudienceInternal, incident.AudiencePrivate} {
			var b bytes.Buffer
			if err := Write(&b, f, in, Options{Audience: who}); err != nil {
				r.Fatalf("Write(csv) = %v", err)
			}
			rows, want := tableOf(r, b.String()), in.For(who).Timeline
			if who == incident.AudiencePublic {
				want = view(in.Public()).Timeline
			}
			if len(rows) != len(want)+1 {
				r.Fatalf("the table has %d rows, want one for each of %d entries and a head", len(rows), len(want))
			}
			for i, row := range rows[1:] {
				if got := row[len(row)-1]; strings.TrimPrefix(got, "'") != want[i].Text && got != want[i].Text {
					r.Fatalf("the text of row %d is %q, want %q", i+1, got, want[i].Text)
				}
				for n, cell := range row {
					if cell != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(cell)[0]) {
						r.Fatalf("cell %d of row %d begins a formula: %q", n, i+1, cell)
					}
				}
			}
		}
	})
}
