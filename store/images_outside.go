package store

import (
	"context"

	"github.com/debriefhq/debrief/incident"
)

// publishedImage reads an image of an incident that has a published postmortem.
const publishedImage = `
	select m.id, m.media_type, m.width, m.height, octet_length(m.bytes), m.at, m.bytes
	from   incidents i
	join   images m on m.incident = i.number
	where  i.id = $1
	and    i.visibility = 'internal'
	and    not i.archived
	and    m.id = $2`

// PublishedImage reads an image for outsiders: of the incident with that public id. Whether what was published of it
// names the image is known from StatusPage, and asked before. Who added it is not told.
func (s *Store) PublishedImage(ctx context.Context, incidentID, id string) (incident.Image, []byte, error) {
	var m incident.Image
	var file []byte
	err := s.pool.QueryRow(ctx, publishedImage, incidentID, id).Scan(&m.ID, &m.MediaType, &m.Width, &m.Height, &m.Size, &m.AddedAt, &file)
	switch {
	case absent(err):
		return m, nil, missingImage(id)
	case err != nil:
		return m, nil, refuse(err, "read an image for outsiders")
	}
	return m, file, nil
}
