package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
)

// maxDocument bounds what file and import read, as the API does.
const maxDocument = 64 << 20

func (a *app) fileCommand() *cobra.Command {
	var asJSON bool
	var format string
	cmd := &cobra.Command{
		Use:   "file [FILE]",
		Short: "File a postmortem from Markdown, JSON or your editor, and print its number",
		Long: `Files a postmortem and prints its number. FILE is Markdown or JSON, "-" reads
standard input; without FILE your editor opens on a template that explains itself.
What Debrief itself assigns (number, review) is ignored in the file: filing makes
a draft. Any Markdown can be filed; what is not understood stays as text in the
record, and is named.`,
		Example: "  debrief file postmortem.md\n  debrief export 42 --format json --audience internal | debrief file -",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return &usageError{fmt.Errorf("one FILE at a time: see %s --help", cmd.CommandPath())}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			reading, err := a.readRecord(cmd.Context(), args, format)
			if err != nil {
				return err
			}
			a.printLosses(reading.Report)
			in, err := a.client().File(cmd.Context(), reading.Incident)
			if err != nil {
				return a.keep(err, args, reading)
			}
			a.printWarnings(in.Warnings)
			if asJSON {
				return a.printJSON(in)
			}
			_, err = fmt.Fprintln(a.out, in.Number)
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the record as JSON")
	cmd.Flags().StringVar(&format, "format", "", "markdown or json; guessed from the name or the text")
	return cmd
}

// readRecord reads the record from the editor, standard input or a file.
func (a *app) readRecord(ctx context.Context, args []string, format string) (*document.Reading, error) {
	name, text := "", []byte(nil)
	var err error
	switch {
	case len(args) == 0:
		text, err = a.edit(ctx)
	case args[0] == "-":
		text, err = bounded(a.in)
	default:
		name = args[0]
		text, err = readFile(name)
	}
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, incident.Refuse(incident.Invalid, "", "there is nothing in it: write at least a title, under the heading #")
	}
	f, err := readable(or(format, guess(name, text)))
	if err != nil {
		return nil, err
	}
	return f.Read(bytes.NewReader(text))
}

func readFile(name string) ([]byte, error) {
	file, err := os.Open(name) // #nosec G304 -- the caller's own file
	if err != nil {
		return nil, incident.Refuse(incident.Invalid, "", fmt.Sprintf("cannot read %s: %v", name, errors.Unwrap(err)))
	}
	defer func() { _ = file.Close() }() // only read
	return bounded(file)
}

func bounded(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxDocument+1))
	if err != nil {
		return nil, fmt.Errorf("read the document: %w", err)
	}
	if len(text) > maxDocument {
		return nil, incident.Refuse(incident.TooLarge, "", "the document is over 64 MiB: file it in parts")
	}
	return text, nil
}

func readable(name string) (document.Format, error) {
	f, err := document.Lookup(name)
	if err == nil && f.Read == nil {
		err = incident.Refuse(incident.Unsupported, "", name+" can be written but not read: use markdown or json")
	}
	return f, err
}

// guess tells JSON from Markdown by the name, else by the first character.
func guess(name string, text []byte) string {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".json":
		return "json"
	case ".md", ".markdown":
		return "markdown"
	}
	if bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n\ufeff"), []byte("{")) {
		return "json"
	}
	return "markdown"
}

// edit opens the editor on the template and gives what was written; an
// unchanged template is refused.
func (a *app) edit(ctx context.Context) ([]byte, error) {
	if a.Editor == "" {
		return nil, &usageError{errors.New(`no editor is set: name a FILE, use "-" for standard input, or set EDITOR`)}
	}
	file, err := os.CreateTemp("", "debrief-*.md")
	if err != nil {
		return nil, fmt.Errorf("make a file for the editor: %w", err)
	}
	defer func() { _ = os.Remove(file.Name()) }()
	_, err = file.WriteString(document.Template)
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, fmt.Errorf("write the template: %w", err)
	}
	words := strings.Fields(a.Editor)                                               // "code --wait"
	editor := exec.CommandContext(ctx, words[0], append(words[1:], file.Name())...) // #nosec G204 -- the caller's own editor
	editor.Stdin, editor.Stdout, editor.Stderr = a.in, a.out, a.err
	if err := editor.Run(); err != nil {
		return nil, incident.Refuse(incident.Invalid, "", fmt.Sprintf("%s ended with %v: nothing was filed", words[0], err))
	}
	text, err := readFile(file.Name())
	if err == nil && string(text) == document.Template {
		err = incident.Refuse(incident.Invalid, "", "the template was not changed: nothing was filed")
	}
	return text, err
}

// keep saves what was written in the editor when it could not be filed, so that
// a refusal loses nothing.
func (a *app) keep(cause error, args []string, reading *document.Reading) error {
	if len(args) > 0 {
		return cause
	}
	file, err := os.CreateTemp(".", "debrief-unfiled-*.md")
	if err != nil {
		return errors.Join(cause, err)
	}
	f, err := document.Lookup("markdown")
	if err == nil {
		err = document.Write(file, f, reading.Incident, document.Options{Audience: incident.AudiencePrivate})
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return errors.Join(cause, err)
	}
	_, _ = fmt.Fprintf(a.err, "what you wrote is kept in %s: mend it, then debrief file %s\n", file.Name(), file.Name())
	return cause
}

func (a *app) printLosses(losses []document.Loss) {
	for _, l := range losses {
		_, _ = fmt.Fprintf(a.err, "line %d: %s: %s\n", l.Line, l.Why, oneLine(l.Text))
	}
}
