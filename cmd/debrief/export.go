package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
)

const exportLong = `Writes the postmortem as a document on standard output, or with -o into a file; -o
a directory names the file as the format wants it. Outsiders' version unless
--audience says otherwise: nothing internal is in it. For pdf a Chromium, Chrome or
Edge on this machine prints the HTML, without network and scripts.

In a directory a file is replaced when it was exported from the same record, which
.debrief-exports there remembers: keep it beside the posts. Another file of that name
stays, unless --force is given.

The html carries the images of the record. With -o those that another form names are
written to where the form, or the site that the file lies in, wants them: the command
says where. In a directory a post with images for hugo or zola is SLUG/index.md.

csv and svg are always the timeline: a table, and a picture of the incident drawn to
scale. --only timeline asks any other form for the timeline alone.

--front replaces a key of a blog's front matter or adds one; an empty value leaves the
key out, a key told twice becomes a list, and extra.author=Ana stands below the key
extra. true, false, whole numbers and dates are written as such, all else as text.

--template writes the outsiders' version through a template of your own: docs/export.md
says what it may use.`

func (a *app) exportCommand() *cobra.Command {
	var form client.Form
	var audience, own, output string
	var force bool
	cmd := &cobra.Command{
		Use:   "export NUMBER --format F",
		Short: "Write the postmortem as a document, a page or a blog's post",
		Long:  exportLong,
		Example: "  debrief export 42 --format pelican --zone America/Los_Angeles -o content/\n" +
			"  debrief export 42 --format hugo --front draft=true --front tags=billing --front tags=redis\n" +
			"  debrief export 42 --format svg -o incident.svg\n" +
			"  debrief export 42 --format markdown --audience internal\n" +
			"  debrief export 42 --format pdf -o incident.pdf",
		RunE: func(cmd *cobra.Command, args []string) error {
			n, err := number(args[0])
			if err != nil {
				return err
			}
			form.Audience = incident.Audience(audience)
			if output != "" && output != "-" {
				return a.exportTo(cmd.Context(), output, n, form, own, force)
			}
			doc, err := a.export(cmd.Context(), n, form, own, true)
			if err != nil {
				return err
			}
			_, err = a.out.Write(doc.Text)
			return err
		},
	}
	cmd.Flags().StringVar(&form.Format, "format", "", "one of "+document.Names()+", pdf")
	cmd.Flags().StringVar(&audience, "audience", "public", "public, internal or private")
	cmd.Flags().StringVar(&form.Zone, "zone", "", "zone to show times in, UTC beside; the incident's own when left out")
	cmd.Flags().StringVar(&form.Only, "only", "", "timeline: nothing else")
	cmd.Flags().StringArrayVar(&form.Front, "front", nil, "key=value for the front matter of a blog's post; repeat it for more")
	cmd.Flags().StringVarP(&output, "output", "o", "", "file or directory to write")
	cmd.Flags().BoolVar(&force, "force", false, "in a directory, replace a file of that name whatever it is")
	cmd.Flags().StringVar(&own, "template", "", "file of a template of your own, in place of a format")
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if err := checkOwn(cmd, own, form, audience); err != nil {
			return err
		}
		return exactly("NUMBER")(cmd, args)
	}
	return cmd
}

// checkOwn wants a format or a template, and nothing with a template that it
// would not obey.
func checkOwn(cmd *cobra.Command, own string, form client.Form, audience string) error {
	switch {
	case own == "" && form.Format == "":
		return &usageError{fmt.Errorf("--format is missing: see %s --help", cmd.CommandPath())}
	case own != "" && (form.Format != "" || form.Only != "" || len(form.Front) > 0 || audience != string(incident.AudiencePublic)):
		return &usageError{errors.New("--template stands alone: it has the outsiders' version, so leave out --format, --audience, --only and --front")}
	}
	return nil
}

// exportTo writes the document into a file or a directory. It says which file,
// and on the error stream when another text stood in it and where its images are.
func (a *app) exportTo(ctx context.Context, output string, n incident.Number, form client.Form, own string, force bool) error {
	file, err := save(output)
	if err != nil {
		return err
	}
	defer file.drop()
	doc, err := a.export(ctx, n, form, own, false)
	if err != nil {
		return err
	}
	images, id, flat := imagesOf(form.Format), "", ""
	if file.dir {
		public, err := a.public(ctx, n)
		if err != nil {
			return err
		}
		id = public.ID
		if images.Bundle {
			if doc.Name, flat, err = file.bundle(doc, id); err != nil {
				return err
			}
		}
	}
	path, replaced, err := file.keep(doc.Name, id, doc.Text, force)
	if err != nil {
		return err
	}
	if file.temp != nil && form.Format != pdf {
		if err := a.exportImages(ctx, path, n, doc.Text, images); err != nil {
			return err
		}
	}
	if flat != "" {
		if err := os.Remove(flat); err != nil {
			return written(flat, err)
		}
		_, _ = fmt.Fprintf(a.err, "%s became %s: a post with images has a folder of its own\n", plain(flat), plain(path))
	}
	if replaced {
		_, _ = fmt.Fprintf(a.err, "replaced what stood in %s\n", plain(path))
	}
	_, err = fmt.Fprintln(a.out, path)
	return err
}

// public is what outsiders see of an incident.
func (a *app) public(ctx context.Context, n incident.Number) (*incident.Public, error) {
	doc, err := a.client().Export(ctx, n, client.Form{Format: "json"})
	if err != nil {
		return nil, err
	}
	return document.ReadPublic(doc.Text)
}

// export makes the document; toScreen tells where it goes.
func (a *app) export(ctx context.Context, n incident.Number, form client.Form, own string, toScreen bool) (client.Document, error) {
	switch {
	case own != "":
		return a.exportOwn(ctx, n, own, form.Zone)
	case form.Format == pdf && toScreen && a.tty:
		return client.Document{}, &usageError{errors.New("a PDF is nothing for a terminal: name a file or a directory with -o")}
	case form.Format == pdf:
		return a.exportPDF(ctx, n, form)
	}
	return a.client().Export(ctx, n, form)
}

// exportOwn writes the outsiders' version through a template of the caller's
// own, here: the server runs nobody's templates. The file is named after the
// template: from post.md or post.md.tmpl comes SLUG.md.
func (a *app) exportOwn(ctx context.Context, n incident.Number, file, zone string) (client.Document, error) {
	source, err := a.readUpTo(file, bound{document.LongestOwn, document.OwnTooLong})
	if err != nil {
		return client.Document{}, err
	}
	doc, err := a.client().Export(ctx, n, client.Form{Format: "json"})
	if err != nil {
		return doc, err
	}
	public, err := document.ReadPublic(doc.Text)
	if err != nil {
		return doc, err
	}
	var b bytes.Buffer
	ctx, stop := context.WithTimeout(ctx, document.OwnTime)
	defer stop()
	if err := document.WriteOwn(ctx, &b, string(source), public, document.Options{Zone: zone}); err != nil {
		return doc, err
	}
	doc.Name = strings.TrimSuffix(doc.Name, filepath.Ext(doc.Name)) + filepath.Ext(strings.TrimSuffix(file, ".tmpl"))
	doc.Text = b.Bytes()
	return doc, nil
}
