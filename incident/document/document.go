// Package document holds the written forms of a record: one table of formats,
// and for each how a record is written and, where that is possible, read. It
// opens no files and knows no clock; the same record always gives the same
// bytes. What a record means and who may see which part of it is decided in
// package incident.
package document

import (
	"fmt"
	"io"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// Format is one row of the table: a form that records are written in.
type Format struct {
	Name      string // what people call it: markdown
	MediaType string // with its charset where it has one
	Extension string // with its dot: .md
	Dated     string // how a file's name begins with the day, as time.Format has it; "" for not at all
	Front     frontKind
	Images    Images

	// Write serves people who are signed in; it is nil where the form is made
	// for outsiders only. It writes all that it is given: Write, the function,
	// narrows a record to its audience.
	Write func(w io.Writer, in *incident.Incident, o Options) error
	// WritePublic serves outsiders, who have a type of their own.
	WritePublic func(w io.Writer, p *incident.Public, o Options) error
	// Read is nil where the form cannot be read back.
	Read func(r io.Reader) (*Reading, error)
}

// frontKind says what a format's front matter takes beside its own keys.
type frontKind int

const (
	noFront   frontKind = iota // it has none, or none that others may add to
	metaFront                  // Pelican's: keys in whatever case
	hugoFront                  // the same, and keys below them
	deepFront                  // keys, and keys below them; title and Title are two
)

// key is what a key is known by to the generator.
func (k frontKind) key(name string) string {
	if k == deepFront {
		return name
	}
	return strings.ToLower(name)
}

// Options say for whom a document is written.
type Options struct {
	Zone     string            // whose clock is shown beside UTC; "" is the incident's own
	Audience incident.Audience // "" is public
	Only     string            // OnlyTimeline, or "" for the whole record

	// Front holds key=value pairs for the front matter of a post, which replace
	// its own; an empty value leaves the key out, a key told twice is a list,
	// and "extra.author=x" stands below another key, which has no value then. true, false, whole numbers
	// and dates are written as such, all else as text. See CheckFront.
	Front []string

	// Image reads an image that a text of the written record names, for forms
	// that carry images in them; false leaves what the text says of it, and so
	// does nil. It is asked for nothing that the audience may not see.
	Image func(id string) (m incident.Image, file []byte, ok bool)
}

// Reading is what was understood of a document. The record is normalised, not
// checked: the store checks what it is given.
type Reading struct {
	Incident *incident.Incident `json:"incident"`
	Ours     bool               `json:"ours"`   // written in our own form, by Debrief or by a person
	Report   []Loss             `json:"report"` // what was kept only as text, in the order of the document

	lines map[string]int // JSON pointer into the record → line of the document, from 1
}

// Loss names something that a document said and the record holds only as text.
type Loss struct {
	Line int    `json:"line"` // from 1; 0 when it is about the whole document
	Text string `json:"text"` // how it begins
	Why  string `json:"why"`  // what became of it
}

// Formats is the one table of forms: exports, imports, content negotiation and
// the download menu are made from it.
var Formats = []Format{
	{"markdown", "text/markdown; charset=utf-8", ".md", "", noFront, besides, WriteMarkdown, writePublicMarkdown, ReadMarkdown},
	{"json", "application/json", ".json", "", noFront, besides, WriteJSON, writePublicJSON, ReadJSON},
	{"html", "text/html; charset=utf-8", ".html", "", noFront, Images{}, WriteHTML, writePublicHTML, nil},
	{"pelican", "text/markdown; charset=utf-8", ".markdown", "060102-", metaFront, pelicanImages, nil, WritePelican, nil},
	{"hugo", "text/markdown; charset=utf-8", ".md", "", hugoFront, hugoImages, nil, writeHugo, nil},
	{"jekyll", "text/markdown; charset=utf-8", ".markdown", "2006-01-02-", deepFront, jekyllImages, nil, writeJekyll, nil},
	{"zola", "text/markdown; charset=utf-8", ".md", "", deepFront, zolaImages, nil, writeZola, nil},
	{"cstate", "text/markdown; charset=utf-8", ".md", "2006-01-02-", hugoFront, cstateImages, nil, writeCState, nil},
	{"csv", "text/csv; charset=utf-8", ".csv", "", noFront, besides, writeCSV, writePublicCSV, nil},
	{"svg", "image/svg+xml", ".svg", "", noFront, besides, writePicture, writePublicPicture, nil},
}

// Lookup finds a format by its name. It refuses an unknown one with
// Unsupported, and lists those there are.
func Lookup(name string) (Format, error) {
	for _, f := range Formats {
		if strings.EqualFold(f.Name, name) {
			return f, nil
		}
	}
	return Format{}, incident.Refuse(incident.Unsupported, "/format",
		fmt.Sprintf("%.40q is no format: choose one of %s", name, Names()))
}

// Names lists the formats for people: "markdown, json, html".
func Names() string {
	names := make([]string, len(Formats))
	for i, f := range Formats {
		names[i] = f.Name
	}
	return strings.Join(names, ", ")
}

// Write writes the record as the audience may see it; "" is outsiders. The
// caller decides whether its reader belongs to that audience.
func Write(w io.Writer, f Format, in *incident.Incident, o Options) error {
	if o.Zone != "" {
		if _, err := incident.LoadZone(o.Zone); err != nil {
			return err
		}
	}
	if err := checkOnly(o); err != nil {
		return err
	}
	if err := CheckFront(f, o.Front); err != nil {
		return err
	}
	switch o.Audience {
	case "", incident.AudiencePublic:
		return f.WritePublic(w, in.Public(), o)
	case incident.AudienceInternal, incident.AudiencePrivate:
	default:
		return incident.Refuse(incident.Invalid, "/audience",
			fmt.Sprintf("%.40q is no audience: choose public, internal or private", o.Audience))
	}
	if f.Write == nil {
		return incident.Refuse(incident.Invalid, "/audience",
			fmt.Sprintf("%s is a form for outsiders: choose audience public, or format markdown or html", f.Name))
	}
	return f.Write(w, in.For(o.Audience), o)
}
