package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/debriefhq/debrief/incident"
)

// printRefusal says what is wrong, then where.
func printRefusal(w io.Writer, e *incident.Error) {
	_, _ = fmt.Fprintln(w, "debrief:", plain(e.Detail))
	pointers := make([]string, 0, len(e.Fields))
	for pointer := range e.Fields {
		pointers = append(pointers, pointer)
	}
	slices.Sort(pointers)
	for _, pointer := range pointers {
		if !strings.Contains(e.Detail, e.Fields[pointer]) {
			_, _ = fmt.Fprintf(w, "  %s: %s\n", plain(pointer), plain(e.Fields[pointer]))
		}
	}
}

// printWarnings tells what was kept though odd; on the error stream, so that
// what is printed for other programs stays clean.
func (a *app) printWarnings(warnings []incident.Warning) {
	for _, w := range warnings {
		_, _ = fmt.Fprintf(a.err, "note: %s (%s)\n", plain(w.Detail), plain(w.Pointer))
	}
}

// printJSON writes v indented, as every --json does.
func (a *app) printJSON(v any) error {
	enc := json.NewEncoder(a.out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// table prints columns; cells are made safe for a terminal.
type table struct{ w *tabwriter.Writer }

func (a *app) table(head ...string) *table {
	t := &table{tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)}
	t.row(head...)
	return t
}

func (t *table) row(cells ...string) {
	for i, cell := range cells {
		cells[i] = oneLine(cell)
	}
	_, _ = fmt.Fprintln(t.w, strings.Join(cells, "\t")) // flush gives the error
}

func (t *table) flush() error { return t.w.Flush() }

// plain removes control characters, so that no text can drive the terminal.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || (r >= ' ' && r != 0x7f && (r < 0x80 || r >= 0xa0)) {
			return r
		}
		return -1
	}, text)
}

func oneLine(text string) string { return strings.Join(strings.Fields(plain(text)), " ") }
