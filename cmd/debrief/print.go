package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"golang.org/x/sys/unix"

	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/cmd/debrief/screen"
	"github.com/debriefhq/debrief/incident"
)

// stream remembers the first write that failed, so that a full disk is not
// taken for success wherever something is printed.
type stream struct {
	to  io.Writer
	err error
}

func (s *stream) Write(text []byte) (int, error) {
	n, err := s.to.Write(text)
	if err != nil {
		err = fmt.Errorf("write the output: %w", err)
		s.err = cmp.Or(s.err, err)
	}
	return n, err
}

// columns is how wide the terminal is that w writes to; 0 when it is none.
func columns(w io.Writer) int {
	file, ok := w.(*os.File)
	if !ok {
		return 0
	}
	size, err := unix.IoctlGetWinsize(int(file.Fd()), unix.TIOCGWINSZ)
	if err != nil {
		return 0
	}
	return int(size.Col)
}

// isTerminal tells whether a person sees what is written, or types what is read.
func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	if !ok {
		return false
	}
	_, err := unix.IoctlGetWinsize(int(file.Fd()), unix.TIOCGWINSZ)
	return err == nil
}

// printRefusal says what is wrong with what, and where: the field behind it when
// it is about one only, else a line for each.
func printRefusal(w io.Writer, what string, e *incident.Error) {
	first, more := what+": "+e.Detail, []string{}
	for _, pointer := range slices.Sorted(maps.Keys(e.Fields)) {
		switch text := e.Fields[pointer]; {
		case text == e.Detail:
			first += " (" + pointer + ")"
		case !strings.HasPrefix(e.Detail, pointer+" ") && !strings.HasPrefix(e.Detail, pointer+":"): // told already
			more = append(more, "  "+pointer+": "+text)
		}
	}
	if e.Kind == incident.SignIn {
		more = append(more, `  DEBRIEF_TOKEN holds it; "debrief admin token --name NAME --role ROLE" makes one`)
	}
	for _, line := range append([]string{first}, more...) {
		_, _ = fmt.Fprintln(w, plain(line))
	}
}

// printWarnings tells what was kept though odd; on the error stream, so that
// what is printed for other programs stays clean.
func (a *app) printWarnings(warnings []incident.Warning) {
	for _, w := range warnings {
		_, _ = fmt.Fprintf(a.err, "note: %s (%s)\n", plain(w.Detail), plain(w.Pointer))
	}
}

// printOdd tells what is odd about parts that were just written; which field that
// is of, whoever wrote them knows.
func (a *app) printOdd(parts ...client.Kept) {
	for _, p := range parts {
		for _, w := range p.Warnings {
			_, _ = fmt.Fprintf(a.err, "note: %s\n", plain(w.Detail))
		}
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

func (a *app) table() *table {
	return &table{tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)}
}

func (t *table) row(cells ...string) {
	for i, cell := range cells {
		cells[i] = oneLine(cell)
	}
	_, _ = fmt.Fprintln(t.w, strings.Join(cells, "\t")) // flush gives the error
}

func (t *table) flush() error { return t.w.Flush() }

// printSentences prints rows that end in a sentence, which takes as many lines as
// the width of the terminal makes it.
func (a *app) printSentences(rows [][]string) error {
	const least = 20
	room := a.columns()
	for i := range len(rows[0]) - 1 {
		column := 0
		for _, row := range rows {
			column = max(column, screen.Width(row[i])+2)
		}
		room -= column
	}
	t := a.table()
	for _, row := range rows {
		cells, last := slices.Clone(row), len(row)-1
		for _, line := range screen.Ink(false).Wrap("", oneLine(row[last]), max(room, least)) {
			cells[last] = line
			t.row(cells...)
			cells = make([]string, len(row))
		}
	}
	return t.flush()
}

// plain takes out of a text what could drive the terminal.
func plain(text string) string { return screen.Plain(text) }

func oneLine(text string) string { return strings.Join(strings.Fields(plain(text)), " ") }
