package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/debriefhq/debrief/incident"
)

// OfImage is embedded by requests about one image.
type OfImage struct {
	Of
	ID string `path:"id" pattern:"^[a-z0-9]{12}$" doc:"The image's id."`
}

type addingImage struct {
	Of
	Type string `header:"Content-Type" doc:"The image's media type; compared with what it is, unless it is application/octet-stream."`
	Key  string `header:"Idempotency-Key" maxLength:"255" doc:"Not needed: the same image is kept once."`
}

// AddedImage is an image that was kept, with what shows it in a text.
type AddedImage struct {
	incident.Image
	Path     string `json:"path" doc:"As texts name it: images/{id}.png."`
	Markdown string `json:"markdown" doc:"What to write into a text; put between [ and ] what is to be seen."`
}

type addedImage struct {
	Location string `header:"Location"`
	Body     AddedImage
}

// addImage keeps an image: the body is the file itself.
func (a *API) addImage(ctx context.Context, by incident.Actor, req *addingImage) (*addedImage, error) {
	file, err := readAll(requestOf(ctx).body, incident.LargestImage)
	if err != nil {
		return nil, err
	}
	kind, _, _ := strings.Cut(req.Type, ";")
	m, err := a.store.AddImage(ctx, by, req.Number.Number, strings.ToLower(strings.TrimSpace(kind)), file)
	if err != nil {
		return nil, err
	}
	return &addedImage{Location: requestOf(ctx).path + "/" + m.ID, Body: AddedImage{m, m.Path(), m.Markdown("")}}, nil
}

// images lists those that the caller may see.
func (a *API) images(ctx context.Context, by incident.Actor, req *Of) (*list[incident.Image], error) {
	items, err := a.store.Images(ctx, by, req.Number.Number)
	return all(ctx, items, err)
}

type readingImage struct {
	OfImage
	UnlessSame
}

type image struct {
	Status       int
	ETag         string `header:"ETag"`
	ContentType  string `header:"Content-Type"`
	CacheControl string `header:"Cache-Control"`
	Disposition  string `header:"Content-Disposition"`
	NoSniff      string `header:"X-Content-Type-Options"`
	CSP          string `header:"Content-Security-Policy"`
	Body         []byte
}

// image sends the file. Whether the caller may see it is asked each time, also
// of who has it.
func (a *API) image(ctx context.Context, by incident.Actor, req *readingImage) (*image, error) {
	m, file, err := a.store.Image(ctx, by, req.Number.Number, req.ID)
	if err != nil {
		return nil, err
	}
	out := &image{
		Status: http.StatusOK, ETag: `"` + m.ID + `"`, CacheControl: "private, no-cache", ContentType: m.MediaType,
		Disposition: "inline", NoSniff: "nosniff", CSP: "default-src 'none'; sandbox", Body: file,
	}
	if req.has(out.ETag) {
		return &image{Status: http.StatusNotModified, ETag: out.ETag, CacheControl: out.CacheControl}, nil
	}
	return out, nil
}

// imageFor reads the images of an export.
func (a *API) imageFor(ctx context.Context, by incident.Actor, n incident.Number) func(id string) (incident.Image, []byte, bool) {
	return func(id string) (incident.Image, []byte, bool) {
		m, file, err := a.store.Image(ctx, by, n, id)
		return m, file, err == nil // one that is gone is told in words
	}
}

// removeImage takes one out for good.
func (a *API) removeImage(ctx context.Context, by incident.Actor, req *OfImage) (*nothing, error) {
	return done(a.store.RemoveImage(ctx, by, req.Number.Number, req.ID))
}

// takesImage tells OpenAPI that the body is an image.
func takesImage(op *huma.Operation) {
	op.MaxBodyBytes = incident.LargestImage + 1
	op.RequestBody = &huma.RequestBody{Required: true, Description: "The image itself: PNG, JPEG, GIF or WebP.", Content: map[string]*huma.MediaType{
		"*/*": {Schema: &huma.Schema{Type: "string"}},
	}}
}

// sendsImage tells OpenAPI that the answer is an image.
func sendsImage(op *huma.Operation) {
	content := map[string]*huma.MediaType{}
	for _, kind := range []string{"image/png", "image/jpeg", "image/gif", "image/webp"} {
		content[kind] = &huma.MediaType{Schema: &huma.Schema{Description: "The image."}}
	}
	op.Responses["200"] = &huma.Response{Description: "The image", Content: content}
	notModified(op)
}
