package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"

	"github.com/debriefhq/debrief/incident"
)

func partPath(n incident.Number, k incident.PartKind, id string) string {
	return path(n) + "/" + string(k) + "/" + url.PathEscape(id)
}

// Kept is a part as a write kept it.
type Kept struct {
	incident.Part
	Warnings []incident.Warning // what is odd about it; pointers begin at the part
}

// Append adds parts of one kind, all or none.
func (c *Client) Append(ctx context.Context, n incident.Number, parts ...incident.Part) ([]Kept, error) {
	if len(parts) == 0 {
		return nil, nil
	}
	kind := parts[0].PartKind()
	texts, err := post[[]json.RawMessage](ctx, c, path(n)+"/"+string(kind), parts)
	if err != nil {
		return nil, err
	}
	all := make([]Kept, len(texts))
	for i, text := range texts {
		if all[i], err = readKept(kind, text); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Parts lists the parts of one kind in the order of the record.
func (c *Client) Parts(ctx context.Context, n incident.Number, k incident.PartKind) ([]incident.Part, error) {
	page, err := get[Page[json.RawMessage]](ctx, c, path(n)+"/"+string(k), nil)
	if err != nil {
		return nil, err
	}
	all := make([]incident.Part, len(page.Items))
	for i, text := range page.Items {
		if all[i], err = readPart(k, text); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Part reads one part.
func (c *Client) Part(ctx context.Context, n incident.Number, k incident.PartKind, id string) (incident.Part, error) {
	text, err := get[json.RawMessage](ctx, c, partPath(n, k, id), nil)
	if err != nil {
		return nil, err
	}
	return readPart(k, text)
}

// PatchPart changes one part by a merge patch. Revision is the part's own; 0 is
// whatever it is now.
func (c *Client) PatchPart(ctx context.Context, n incident.Number, k incident.PartKind, id string, revision int64, changes map[string]any) (Kept, error) {
	text, err := patch[json.RawMessage](ctx, c, partPath(n, k, id), tag(revision), changes)
	if err != nil {
		return Kept{}, err
	}
	return readKept(k, text)
}

// RemovePart takes one part out.
func (c *Client) RemovePart(ctx context.Context, n incident.Number, k incident.PartKind, id string, revision int64) error {
	return c.remove(ctx, partPath(n, k, id), tag(revision))
}

func readKept(k incident.PartKind, text []byte) (Kept, error) {
	part, err := readPart(k, text)
	if err != nil {
		return Kept{}, err
	}
	var odd struct {
		Warnings []incident.Warning `json:"warnings"`
	}
	if err := json.Unmarshal(text, &odd); err != nil {
		return Kept{}, fmt.Errorf("read the warnings of %s: %w", k, err)
	}
	return Kept{part, odd.Warnings}, nil
}

func readPart(k incident.PartKind, text []byte) (incident.Part, error) {
	p, ok := incident.NewPart(k)
	if !ok {
		return nil, fmt.Errorf("there are no parts called %q", k)
	}
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(p); err != nil {
		return nil, fmt.Errorf("read %s: %w", k, err)
	}
	return p, nil
}
