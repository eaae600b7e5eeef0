package client

import (
	"context"
	"net/http"

	"github.com/debriefhq/debrief/incident"
)

// AddedImage is an image that was kept, with what shows it in a text.
type AddedImage struct {
	incident.Image
	Path     string `json:"path"`
	Markdown string `json:"markdown"`
}

// AddImage keeps an image of an incident: a PNG, JPEG, GIF or WebP of at most 5 MiB.
func (c *Client) AddImage(ctx context.Context, n incident.Number, file []byte) (AddedImage, error) {
	var into AddedImage
	header := http.Header{"Content-Type": {"application/octet-stream"}}
	_, err := c.do(ctx, call{method: http.MethodPost, path: path(n) + "/images", header: header, body: file, into: &into})
	return into, err
}

// Images lists the images of an incident that the caller may see.
func (c *Client) Images(ctx context.Context, n incident.Number) (Page[incident.Image], error) {
	return get[Page[incident.Image]](ctx, c, path(n)+"/images", nil)
}

// Image reads the file of an image.
func (c *Client) Image(ctx context.Context, n incident.Number, id string) ([]byte, error) {
	return get[[]byte](ctx, c, path(n)+"/images/"+id, nil)
}

// RemoveImage takes an image out for good.
func (c *Client) RemoveImage(ctx context.Context, n incident.Number, id string) error {
	return c.remove(ctx, path(n)+"/images/"+id, "")
}
