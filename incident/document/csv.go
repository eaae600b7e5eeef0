package document

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/debriefhq/debrief/incident"
)

// writeCSV writes the timeline as a table of RFC 4180, in UTF-8. Times are as
// fine as they were told; an unknown one is empty.
func writeCSV(w io.Writer, in *incident.Incident, o Options) error {
	return writeTable(w, newStory(in, o, false))
}

func writePublicCSV(w io.Writer, p *incident.Public, o Options) error {
	return writeTable(w, newStory(view(p), o, true))
}

func writeTable(w io.Writer, s *story) error {
	var b strings.Builder
	table := csv.NewWriter(&b)
	table.UseCRLF = true
	head := []string{"time", "utc", "precision", "approximate", "until", "until_utc", "until_precision", "until_approximate", "kind", "actor", "audience", "source", "text"}
	rows := [][]string{head}
	for _, e := range s.Timeline {
		row := append(s.cells(e.At), s.cells(e.Until)...)
		rows = append(rows, append(row, string(e.Kind), e.Actor, string(e.Audience), e.Source, e.Text))
	}
	const audience = 10
	for _, row := range rows {
		for i := range row {
			row[i] = inertCell(row[i])
		}
		if s.Outsiders {
			row = append(row[:audience], row[audience+1:]...)
		}
		if err := table.Write(row); err != nil {
			return fmt.Errorf("write a table: %w", err)
		}
	}
	table.Flush()
	return flush(w, b.String())
}

// cells are a moment in the zone shown, in UTC, and how sure it is.
func (s *story) cells(m *incident.Moment) []string {
	if m == nil {
		return []string{"", "", "", ""}
	}
	about := "no"
	if m.Approximate {
		about = "yes"
	}
	local, ok := m.In(s.Zone)
	switch {
	case !ok:
		return []string{"", "", string(m.Precision), about}
	case m.Precision == incident.Day:
		return []string{machine(m), machine(m), string(m.Precision), about}
	case m.Precision == incident.Second:
		return []string{local.Format(time.RFC3339), machine(m), string(m.Precision), about}
	}
	return []string{local.Format("2006-01-02T15:04Z07:00"), machine(m), string(m.Precision), about}
}

// inertCell keeps a spreadsheet from taking a text for a formula, with a quote
// before it. Source: owasp.org/www-community/attacks/CSV_Injection.
func inertCell(text string) string {
	start := strings.TrimLeftFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) })
	if strings.HasPrefix(text, "\t") || strings.HasPrefix(text, "\r") || strings.HasPrefix(text, "\n") || start != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(start)[0]) {
		return "'" + text
	}
	return text
}
