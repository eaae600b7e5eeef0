package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
)

// maxDocument bounds what file and import read, as the API does.
const maxDocument = 64 << 20

func (a *app) fileCommand() *cobra.Command {
	var asJSON, ask bool
	var format, model string
	cmd := &cobra.Command{
		Use:   "file [FILE]",
		Short: "File a postmortem from Markdown, JSON or your editor, and print its number",
		Long: `Files a postmortem and prints its number. FILE is Markdown or JSON, "-" reads
standard input; without FILE your editor opens on a template that explains itself,
and --template chooses another: "--template list" lists them. --ask asks simple
questions instead. What Debrief itself assigns (number, review) is ignored in the
file: filing makes a draft. Any Markdown can be filed; what is not understood stays
as text in the record, and is named.`,
		Example: "  debrief file postmortem.md\n  debrief file --template short\n  debrief export 42 --format json --audience internal | debrief file -",
		Args: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) > 1:
				return &usageError{fmt.Errorf("one FILE at a time: see %s --help", cmd.CommandPath())}
			case ask && (len(args) == 1 || model != "" || format != ""):
				return &usageError{fmt.Errorf("--ask takes no FILE, --template or --format: see %s --help", cmd.CommandPath())}
			case len(args) == 1 && model != "":
				return &usageError{fmt.Errorf("--template is for the editor, which does not open on a FILE: see %s --help", cmd.CommandPath())}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			var in *incident.Incident
			var err error
			switch {
			case model == "list":
				return a.printTemplates()
			case ask:
				in, err = a.fileAsked(cmd.Context())
			case len(args) == 0:
				in, err = a.fileFromEditor(cmd.Context(), or(model, wholeTemplate), format)
			default:
				in, err = a.fileFrom(cmd.Context(), args[0], format)
			}
			if err != nil {
				return err
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
	cmd.Flags().BoolVar(&ask, "ask", false, "ask on the terminal, one line each, instead of an editor")
	cmd.Flags().StringVar(&model, "template", "", "what the editor opens on: a NAME, a FILE, or list for those there are")
	cmd.Flags().StringVar(&a.Templates, "template-dir", a.Templates, "where your own templates are, each NAME.md")
	return cmd
}

// fileFrom files what is in a file, or comes on standard input.
func (a *app) fileFrom(ctx context.Context, name, format string) (*incident.Incident, error) {
	text, err := a.readNamed(name)
	if err != nil {
		return nil, err
	}
	return a.fileText(ctx, text, or(format, guess(name, text)))
}

// fileText files a document, and says what of it was not understood.
func (a *app) fileText(ctx context.Context, text []byte, format string) (*incident.Incident, error) {
	if blank(text) {
		return nil, incident.Refuse(incident.Invalid, "", "there is nothing in it: write at least a title, under the heading #")
	}
	f, err := readable(format)
	if err != nil {
		return nil, err
	}
	reading, err := f.Read(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	for _, l := range reading.Report {
		where := "the document"
		if l.Line > 0 {
			where = fmt.Sprintf("line %d", l.Line)
		}
		printLoss(a.err, where, client.Loss(l))
	}
	in, err := a.client().File(ctx, reading.Incident)
	if errors.Is(err, incident.TooLarge) {
		err = incident.Refuse(incident.TooLarge, "", fmt.Sprintf("the record is over 1 MiB, the most that filing takes: \"debrief import --format %s\" takes up to 64 MiB", format))
	}
	return in, reading.Locate(err)
}

func blank(text []byte) bool { return len(bytes.TrimSpace(text)) == 0 }

// printLoss writes a line of a loss report. What is about a whole document is
// not repeated.
func printLoss(w io.Writer, where string, l client.Loss) {
	text := ""
	if l.Line > 0 {
		text = ": " + oneLine(l.Text)
	}
	_, _ = fmt.Fprintf(w, "%s: %s%s\n", plain(where), plain(l.Why), text)
}

// readNamed reads a file, or standard input for "-".
func (a *app) readNamed(name string) ([]byte, error) {
	return a.readUpTo(name, documents)
}

// bound is how much is read of one thing, and what to do with more.
type bound struct {
	most int64  // bytes
	over string // the refusal
}

var (
	documents = bound{maxDocument, "the document is over 64 MiB: file it in parts"}
	templates = bound{maxDocument, "the template is over 64 MiB, the most that can be filed: shorten it"}
)

// readUpTo is readNamed with a bound of its own.
func (a *app) readUpTo(name string, b bound) ([]byte, error) {
	if name == "-" {
		return b.read(a.in)
	}
	return readFile(name, b)
}

func readFile(name string, b bound) ([]byte, error) {
	file, err := os.Open(name) // #nosec G304 -- the caller's own file
	if err != nil {
		return nil, unreadable(name, err)
	}
	defer func() { _ = file.Close() }() // only read
	text, err := b.read(file)
	var broken *fs.PathError
	if errors.As(err, &broken) {
		err = unreadable(name, broken)
	}
	return text, err
}

func unreadable(name string, err error) error {
	return incident.Refuse(incident.Invalid, "", fmt.Sprintf("cannot read %s: %v", name, errors.Unwrap(err)))
}

func (b bound) read(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, b.most+1))
	if err != nil {
		return nil, fmt.Errorf("read the document: %w", err)
	}
	if int64(len(text)) > b.most {
		return nil, incident.Refuse(incident.TooLarge, "", b.over)
	}
	return text, nil
}

func readable(name string) (document.Format, error) {
	f, err := document.Lookup(name)
	if err == nil && f.Read == nil {
		err = &usageError{errors.New(name + " can be written but not read: use markdown or json")}
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

// fileFromEditor files what is written in the editor. Until that is filed it
// stays in the editor's file, so that no refusal or fault loses it.
func (a *app) fileFromEditor(ctx context.Context, model, format string) (*incident.Incident, error) {
	chosen, err := a.template(model)
	if err != nil {
		return nil, err
	}
	path, err := a.edit(ctx, chosen.Text)
	if path == "" {
		return nil, err
	}
	text, unread := readFile(path, documents)
	if unread == nil && (blank(text) || string(text) == chosen.Text) {
		_ = os.Remove(path)
		if err == nil {
			err = incident.Refuse(incident.Invalid, "", "the template was not changed: nothing was filed")
		}
		return nil, err
	}
	if unread == nil && chosen.own != "" { // whoever files what is kept no longer knows the template
		text = []byte(chosen.unfilled(string(text)))
		unread = os.WriteFile(path, text, 0o600)
	}
	format = or(format, guess("", text))
	var in *incident.Incident
	if err = cmp.Or(err, unread); err == nil {
		in, err = a.fileText(ctx, text, format)
	}
	if err != nil {
		if as := strings.TrimSuffix(path, ".md") + ".json"; format == "json" && os.Rename(path, as) == nil {
			path = as // by its name it is filed as what it is
		}
		_, _ = fmt.Fprintf(a.err, "what you wrote is kept in %s: mend it, then debrief file %s\n", path, path)
		return nil, err
	}
	_ = os.Remove(path)
	return in, nil
}

// edit opens the editor on a file that holds text. The file is there
// also when the editor failed; path is empty when there is none.
func (a *app) edit(ctx context.Context, text string) (path string, err error) {
	if a.Editor == "" {
		return "", &usageError{errors.New(`no editor is set: name a FILE, use "-" for standard input, or set EDITOR`)}
	}
	file, err := os.CreateTemp("", "debrief-*.md")
	if err != nil {
		return "", fmt.Errorf("make a file for the editor: %w", err)
	}
	_, err = file.WriteString(text)
	if err = errors.Join(err, file.Close()); err != nil {
		_ = os.Remove(file.Name())
		return "", fmt.Errorf("write the template: %w", err)
	}
	// The shell understands what people set, such as "code --wait" or a quoted
	// path. Ctrl-C is the editor's: neither we nor the shell end with work in it.
	editor := exec.CommandContext(context.WithoutCancel(ctx), "sh", "-c", "trap : INT; "+a.Editor+` "$1"`, "sh", file.Name()) // #nosec G204 -- the caller's own editor
	editor.Stdin, editor.Stdout, editor.Stderr = a.in, a.terminal, a.err
	if err := editor.Run(); err != nil {
		return file.Name(), incident.Refuse(incident.Invalid, "", fmt.Sprintf("%s ended with %v: nothing was filed", a.Editor, err))
	}
	return file.Name(), nil
}
