package web

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
)

// framing is the policy of the page that shows a document in a frame.
const framing = policy + "; frame-src 'self'"

// framedPolicy is that of the document in the frame. It is made to stand alone in one
// file, so its style stands in it, and its images do; the sandbox leaves it
// nothing else: no script, no form, no origin of ours. Only our pages frame it.
const framedPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"

// framed are the formats that are looked at, not read.
var framed = []string{"html", "svg"}

// preview is the page with a document as it will be published.
type preview struct {
	In       *incident.Incident
	Format   []option
	Audience []option
	Only     []option
	Zone     string
	Zones    []string // that are asked for often
	Wrong    map[string]string
	Problem  string // why there is no document

	File     string   // its name, "" when there is none
	Download string   // its address
	Frame    string   // the address of a page to look at, else ""
	Picture  string   // that of a picture
	Text     string   // of one that is read
	Images   []string // that it names, as paths of the record
	Belong   string   // where their files belong

	Lacks    []string // what the public version can't do without
	Public   bool     // it is for outsiders
	Withheld []string // what its readers don't see of the record
	Secrets  []incident.Finding
}

// alones are the parts that stand alone.
var alones = []option{{Label: "the whole record"}, {Value: document.OnlyTimeline, Label: "the timeline alone"}}

// preview shows a document with the choices that make it. What it can't be
// made of is said at the choice.
func (s *site) preview(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	in, err := s.asked(r, by)
	if err != nil {
		return err
	}
	asked := previewAsked(in, r.URL.Query())
	page := newPreview(in, asked)
	r.URL.RawQuery = asked.Encode()
	d, err := s.written(r, by, in)
	status := http.StatusOK
	var refusal *incident.Error
	switch {
	case errors.As(err, &refusal) && (refusal.Kind == incident.Invalid || refusal.Kind == incident.Unsupported):
		status = answers[refusal.Kind].status
		page.refuse(refusal)
	case err != nil:
		return err
	default:
		page.hold(d, asked)
	}
	w.Header().Set("Content-Security-Policy", framing)
	return s.show(w, status, frame{Name: "preview", Title: "Export · " + in.Number.String(), By: by, Here: "incidents", Page: page})
}

// previewed sends the document that the frame shows.
func (s *site) previewed(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	in, err := s.asked(r, by)
	if err != nil {
		return err
	}
	d, err := s.written(r, by, in)
	if err != nil {
		return err
	}
	if !slices.Contains(framed, d.Format.Name) {
		return incident.Refuse(incident.NotFound, "", "")
	}
	w.Header().Set("Content-Security-Policy", framedPolicy)
	w.Header().Set("Content-Type", d.Format.MediaType)
	s.send(w, bytes.NewBuffer(d.Text))
	return nil
}

// previewAsked are the choices of an address; what it leaves open is the page
// for the widest audience.
func previewAsked(in *incident.Incident, q url.Values) url.Values {
	asked := url.Values{"format": {"html"}, "audience": {string(audiences(in)[0])}}
	for _, key := range []string{"format", "audience", "zone", "only"} {
		if value := strings.TrimSpace(q.Get(key)); value != "" {
			asked.Set(key, value)
		}
	}
	return asked
}

func newPreview(in *incident.Incident, asked url.Values) preview {
	p := preview{In: in, Zone: asked.Get("zone"), Wrong: map[string]string{}}
	for _, f := range document.Formats {
		p.Format = append(p.Format, option{Value: f.Name, Label: f.Name, Chosen: f.Name == asked.Get("format")})
	}
	for _, a := range audiences(in) {
		p.Audience = append(p.Audience, option{string(a), forWhom[a], string(a) == asked.Get("audience")})
	}
	for _, o := range alones {
		o.Chosen = o.Value == asked.Get("only")
		p.Only = append(p.Only, o)
	}
	for _, zone := range []string{in.Zone, "UTC"} {
		if !slices.Contains(p.Zones, zone) {
			p.Zones = append(p.Zones, zone)
		}
	}
	switch incident.Audience(asked.Get("audience")) {
	case incident.AudiencePublic:
		p.withhold()
	case incident.AudienceInternal:
		if n := len(in.Hidden()); n > 0 {
			p.Withheld = append(p.Withheld, fmt.Sprintf("What only those named on the incident see: %d", n))
		}
	}
	return p
}

// forWhom says who reads the version of an audience.
var forWhom = map[incident.Audience]string{
	incident.AudiencePublic: "outsiders", incident.AudienceInternal: "the team", incident.AudiencePrivate: "those named on it",
}

// withhold says what outsiders do not read.
func (p *preview) withhold() {
	c := newComparison(p.In)
	p.Public, p.Lacks = true, c.Lacks
	for _, section := range c.Sections {
		kept := 0
		for _, row := range section.Rows {
			if row.Right == nil {
				kept++
			}
		}
		if kept > 0 {
			p.Withheld = append(p.Withheld, fmt.Sprintf("%s: %d of %d", section.Name, kept, len(section.Rows)))
		}
	}
	for _, f := range c.Warnings {
		if f.Rule == "secret" {
			p.Secrets = append(p.Secrets, f)
		}
	}
}

// refuse says what no document can be made of.
func (p *preview) refuse(why *incident.Error) {
	for pointer, text := range why.Fields {
		p.Wrong[strings.TrimPrefix(pointer, "/")] = sentence(text)
	}
	if len(why.Fields) == 0 {
		p.Problem = sentence(why.Detail)
	}
}

// hold takes the document that was made.
func (p *preview) hold(d sheet, asked url.Values) {
	p.File, p.Download = d.File, address(p.In, "/export?"+asked.Encode())
	at := address(p.In, "/preview/document?"+asked.Encode())
	switch d.Format.Name {
	case "html":
		p.Frame = at
	case "svg": // as an image it is clear where the page shows through; a frame is white in the dark
		p.Picture = at
	default:
		p.Text = string(d.Text)
		p.Images, p.Belong = incident.ImagesIn(d.Text), d.Format.Images.Where
	}
}

// pick is a choice of the form.
type pick struct {
	Name, Label string
	Options     []option
	Wrong       string
}

func newPick(name, label string, options []option, wrong map[string]string) pick {
	return pick{name, label, options, wrong[name]}
}
