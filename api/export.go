package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
)

// formatName is a written form that can be made.
type formatName string

// Schema lists them.
func (formatName) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: "string"}
	for _, f := range document.Formats {
		s.Enum = append(s.Enum, f.Name)
	}
	return s
}

type exporting struct {
	Of
	Format   formatName        `query:"format" default:"markdown"`
	Audience incident.Audience `query:"audience" enum:"public,internal,private" default:"public" doc:"For whom; private only for people named on the incident."`
	Zone     string            `query:"zone" maxLength:"64" doc:"Zone in which times are shown; the incident's when absent."`
	Only     string            `query:"only" enum:"timeline" doc:"The timeline alone; the whole record when absent."`
	Front    []string          `query:"front,explode" doc:"key=value for the front matter of a blog's post; it may be repeated, up to 50 times. It replaces a key that is there, an empty value leaves the key out, a key told twice is a list."`
	UnlessSame
	MayMatch
}

type exported struct {
	Status      int
	ETag        string `header:"ETag"`
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	CSP         string `header:"Content-Security-Policy"`
	Body        []byte
}

// exportCSP lets a page that was exported show itself and nothing else.
const exportCSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"

// export writes the document for one audience. Only incident.Public can become
// a public one, whoever asks.
func (a *API) export(ctx context.Context, by incident.Actor, req *exporting) (*exported, error) {
	format, err := document.Lookup(string(req.Format))
	if err != nil {
		return nil, err
	}
	if req.Zone != "" {
		if _, err := incident.LoadZone(req.Zone); err != nil {
			return nil, inParameter("zone", err)
		}
	}
	if err := document.CheckFront(format, req.Front); err != nil {
		return nil, inParameter("front", err)
	}
	in, err := a.store.Incident(ctx, by, req.Number.Number)
	if err != nil {
		return nil, err
	}
	if req.Audience == incident.AudiencePrivate && !slices.Contains(in.Names(), strings.ToLower(by.Name)) {
		return nil, incident.Refuse(incident.Forbidden, "audience", "the private version is for people named on the incident: ask for internal or public")
	}
	out, options := bytes.Buffer{}, document.Options{Zone: req.Zone, Audience: req.Audience, Only: req.Only, Front: req.Front, Image: a.imageFor(ctx, by, req.Number.Number)}
	if err := document.Write(&out, format, in, options); err != nil {
		if errors.Is(err, incident.Invalid) { // a form that is for outsiders only: all else was looked at above
			err = inParameter("audience", err)
		}
		return nil, err
	}
	sum := sha256.Sum256(out.Bytes())
	answer := &exported{
		Status: http.StatusOK, ETag: `"` + hex.EncodeToString(sum[:16]) + `"`, ContentType: format.MediaType,
		Disposition: mime.FormatMediaType("attachment", map[string]string{"filename": document.FileName(format, in, options)}), CSP: exportCSP,
		Body: out.Bytes(),
	}
	if err := req.agrees(answer.ETag); err != nil {
		return nil, err
	}
	if req.has(answer.ETag) {
		return &exported{Status: http.StatusNotModified, ETag: answer.ETag}, nil
	}
	return answer, nil
}

// inParameter makes a refusal about the body one about a parameter.
func inParameter(name string, err error) error {
	return incident.Refuse(incident.Malformed, name, err.Error())
}

// asDocument tells OpenAPI that the answer is a document of any format.
func asDocument(op *huma.Operation) {
	content := map[string]*huma.MediaType{}
	for _, f := range document.Formats {
		kind, _, _ := strings.Cut(f.MediaType, ";")
		content[kind] = &huma.MediaType{Schema: &huma.Schema{Description: "The document."}}
	}
	op.Responses["200"] = &huma.Response{Description: "The document", Content: content}
	notModified(op)
}

// notModified tells OpenAPI of the answer 304.
func notModified(op *huma.Operation) {
	op.Responses["304"] = &huma.Response{Description: "Not Modified: the ETag in If-None-Match is current"}
}
