package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/danielgtaylor/huma/v2"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
)

// readableName is a written form that can be read.
type readableName string

// Schema lists them.
func (readableName) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: "string"}
	for _, f := range document.Formats {
		if f.Read != nil {
			s.Enum = append(s.Enum, f.Name)
		}
	}
	return s
}

type importing struct {
	Format readableName `query:"format" required:"true"`
	DryRun bool         `query:"dry_run" doc:"Only say what would be filed and lost."`
	Key    string       `header:"Idempotency-Key" maxLength:"255" doc:"As for every POST."`
}

// Imported is what came in, and what of the documents was not understood.
type Imported struct {
	Incidents []*incident.Incident `json:"incidents"`
	Report    []document.Loss      `json:"report"`
}

type imported struct {
	Status int
	Body   Imported
}

// bring reads a document and files what it holds, all or nothing.
func (a *API) bring(ctx context.Context, by incident.Actor, req *importing) (*imported, error) {
	format, err := document.Lookup(string(req.Format))
	if err != nil {
		return nil, err
	}
	from := requestOf(ctx)
	raw, err := readAll(from.body, maxImport)
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil, incident.Refuse(incident.Malformed, "", "the document is empty: send at least a title")
	}
	by.Once, err = from.once(req.Key, func() []byte {
		h := sha256.New()
		_, _ = fmt.Fprintf(h, "%s %s?%s\n", from.method, from.path, from.query.Encode()) // a hash never fails
		h.Write(raw)
		return h.Sum(nil)
	})
	if err != nil {
		return nil, err
	}
	reading, err := format.Read(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	out := &imported{Status: http.StatusCreated, Body: Imported{Report: reading.Report}}
	if out.Body.Report == nil {
		out.Body.Report = []document.Loss{}
	}
	if req.DryRun {
		out.Status = http.StatusOK
		out.Body.Incidents, err = a.rehearse(ctx, by, reading)
		return out, reading.Locate(err)
	}
	out.Body.Incidents, err = a.keepRead(ctx, by, reading)
	return out, reading.Locate(err)
}

// restores tells whether a record keeps what it was given: one that we wrote,
// when an admin brings it where its number is free.
func restores(by incident.Actor, r *document.Reading) bool {
	return r.Ours && r.Incident.Number > 0 && by.Role.May(incident.Administer)
}

// keepRead restores what was read, or files it under a number of its own.
func (a *API) keepRead(ctx context.Context, by incident.Actor, r *document.Reading) ([]*incident.Incident, error) {
	if restores(by, r) {
		in, err := a.store.Restore(ctx, by, r.Incident)
		if !errors.Is(err, incident.Conflict) {
			return []*incident.Incident{in}, err
		}
	}
	in, err := a.store.File(ctx, by, r.Incident)
	return []*incident.Incident{in}, err
}

// rehearse checks without writing. Whether the number is free is not looked at.
func (a *API) rehearse(ctx context.Context, by incident.Actor, r *document.Reading) ([]*incident.Incident, error) {
	in, restored := r.Incident, restores(by, r)
	if in.Normalize(); !restored {
		in = in.Draft()
	}
	if err := in.Check(); err != nil {
		return nil, err
	}
	if !restored {
		if err := a.store.CheckLinks(ctx, by, in); err != nil {
			return nil, err
		}
	}
	in.Measures, in.Warnings = incident.Measure(in), append(in.Warnings, incident.Odd(in)...)
	return []*incident.Incident{in}, nil
}

// readAll reads at most limit bytes.
func readAll(body io.Reader, limit int64) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(body, limit+1))
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, slow()
	case err != nil:
		return nil, incident.Refuse(incident.Malformed, "", "the body ended too early: send it again")
	case int64(len(raw)) > limit:
		return nil, tooLarge(limit)
	}
	return raw, nil
}

// takesDocument tells OpenAPI that the body is a document.
func takesDocument(op *huma.Operation) {
	op.MaxBodyBytes = maxImport + 1
	op.RequestBody = &huma.RequestBody{Required: true, Description: "The document itself.", Content: map[string]*huma.MediaType{
		"*/*": {Schema: &huma.Schema{Type: "string"}},
	}}
	op.Responses["200"] = &huma.Response{Description: "What would be brought in, with dry_run", Content: map[string]*huma.MediaType{
		"application/json": {Schema: &huma.Schema{Ref: components + "Imported"}},
	}}
}
