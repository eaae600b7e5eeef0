package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/raster"
)

const (
	// listImages reads what is known of an incident's images, oldest first.
	listImages = `
	select   m.id, m.media_type, m.width, m.height, octet_length(m.bytes), coalesce(p.name, '` + systemName + `'), m.at,
	         coalesce(m.person, 0), encode(sha256(m.bytes), 'hex')
	from     images m
	left     join people p on p.id = m.person
	where    m.incident = $1
	and      ` + ifKnown + `
	order by m.at, m.id`
	// auditImages is listImages for everybody.
	auditImages = `
	select   m.id, m.media_type, m.width, m.height, octet_length(m.bytes), '', m.at, coalesce(m.person, 0), encode(sha256(m.bytes), 'hex')
	from     images m
	where    m.incident = $1
	order by m.id`
	// imageBytes reads one.
	imageBytes = `
	select m.bytes
	from   images m
	where  m.incident = $1
	and    ` + ifKnown + `
	and    m.id = $3`
	insertImage = `
	insert into images (incident, id, media_type, width, height, bytes, person, at)
	values ($1, $2, $3, $4, $5, $6, nullif($7::bigint, 0), $8)`
	dropImage = `
	delete from images
	where  incident = $1
	and    id = $2`
)

// unnamedFor is how long an image that no text names is kept, counted from the last change of its incident.
const unnamedFor = 7 * 24 * time.Hour

// imagesPath is where images stand in history. History names them to nobody but the people named on the incident:
// who knows an id could write it into a text of their own, and see the image.
const imagesPath = "/images/"

// imageNote is what history keeps of an image.
type imageNote struct {
	Digest    string `json:"sha256"` // of its bytes, hexadecimal
	MediaType string `json:"media_type"`
	Width     int    `json:"width"`
	Height    int    `json:"height"`
}

// keptImage is an image with what only the store knows of it.
type keptImage struct {
	incident.Image
	person int64
	digest string
}

func (m keptImage) note() imageNote { return imageNote{m.digest, m.MediaType, m.Width, m.Height} }

// gallery is the images of one incident and what its texts say of them.
type gallery struct {
	all   []keptImage
	by    incident.Actor
	named map[string]bool // by any text
	seen  map[string]bool // by a text that the actor may see
}

func (g *gallery) collect(rows pgx.Rows) (err error) {
	g.all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (m keptImage, err error) {
		return m, row.Scan(&m.ID, &m.MediaType, &m.Width, &m.Height, &m.Size, &m.AddedBy, &m.AddedAt, &m.person, &m.digest)
	})
	return err
}

// hang looks through the whole record for what texts name.
func (g *gallery) hang(r *reading, by incident.Actor) *incident.Incident {
	in := r.record()
	g.by, g.named = by, in.ImagesNamed()
	if g.seen = g.named; !r.named {
		g.seen = in.For(incident.AudienceInternal).ImagesNamed()
	}
	return in
}

// sees tells whether the actor may see an image: a text that they may see names it, or none does and it is theirs.
func (g *gallery) sees(m keptImage) bool {
	return g.seen[m.ID] || !g.named[m.ID] && m.person == g.by.PersonID
}

func (g *gallery) find(id string) (keptImage, bool) {
	i := slices.IndexFunc(g.all, func(m keptImage) bool { return m.ID == id })
	if i < 0 {
		return keptImage{}, false
	}
	return g.all[i], true
}

func missingImage(id string) error {
	return incident.Refuse(incident.NotFound, "", fmt.Sprintf("there is no image %.40q, or you may not see it", id))
}

// Images lists the images of an incident that by may see, oldest first.
func (s *Store) Images(ctx context.Context, by incident.Actor, n incident.Number) ([]incident.Image, error) {
	g, _, err := s.gallery(ctx, by, n, "")
	if err != nil {
		return nil, err
	}
	all := []incident.Image{}
	for _, m := range g.all {
		if g.sees(m) {
			all = append(all, m.Image)
		}
	}
	return all, nil
}

// Image reads an image. One that by may not see is NotFound.
func (s *Store) Image(ctx context.Context, by incident.Actor, n incident.Number, id string) (incident.Image, []byte, error) {
	g, bytes, err := s.gallery(ctx, by, n, id)
	if err != nil {
		return incident.Image{}, nil, err
	}
	m, found := g.find(id)
	if !found || !g.sees(m) {
		return incident.Image{}, nil, missingImage(id)
	}
	return m.Image, bytes, nil
}

// gallery reads the images of an incident, with the bytes of one unless id is "".
func (s *Store) gallery(ctx context.Context, by incident.Actor, n incident.Number, id string) (*gallery, []byte, error) {
	if err := may(by, incident.Read); err != nil {
		return nil, nil, err
	}
	r, g := reading{number: n, reader: fold(by.Name), whole: true}, &gallery{}
	var bytes []byte
	b := &pgx.Batch{}
	b.Queue(beginRead)
	r.queue(b, readRecord)
	b.Queue(listImages, n, r.reader).Query(g.collect)
	if id != "" {
		b.Queue(imageBytes, n, r.reader, id).Query(func(rows pgx.Rows) error {
			defer rows.Close()
			if !rows.Next() {
				return rows.Err()
			}
			return rows.Scan(&bytes)
		})
	}
	b.Queue(`commit`)
	if err := s.send(ctx, b); err != nil {
		return nil, nil, refuse(err, fmt.Sprintf("read the images of %s", n))
	}
	if !r.found {
		return nil, nil, missing(n)
	}
	g.hang(&r, by)
	return g, bytes, nil
}

// AddImage keeps the image that a file holds: see raster.Read. Kind is the media type that it is said to be of; "" and
// application/octet-stream say nothing. The same image again is the one that is there. What no text has named for a
// week goes on this occasion.
func (s *Store) AddImage(ctx context.Context, by incident.Actor, n incident.Number, kind string, file []byte) (incident.Image, error) {
	if err := may(by, incident.Write); err != nil {
		return incident.Image{}, err
	}
	picture, err := raster.Read(file)
	if err != nil {
		return incident.Image{}, err
	}
	if kind != "" && kind != "application/octet-stream" && kind != picture.MediaType {
		return incident.Image{}, incident.Refuse(incident.Unsupported, "", fmt.Sprintf("this is %s, and was sent as %.40q: send it as what it is", picture.MediaType, kind))
	}
	sum := sha256.Sum256(picture.Bytes)
	m := keptImage{person: by.PersonID, digest: hex.EncodeToString(sum[:]), Image: incident.Image{
		ID: incident.NewID([8]byte(sum[:8])), MediaType: picture.MediaType,
		Width: picture.Width, Height: picture.Height, Size: len(picture.Bytes), AddedBy: by.Name,
	}}
	err = s.changeImages(ctx, by, n, didAppend, m.ID, func(w *writer, g *gallery, in *incident.Incident) ([]diff, error) {
		m.AddedAt = w.at
		if old, there := g.find(m.ID); there {
			if old.digest != m.digest {
				return nil, incident.Refuse(incident.Conflict, "", "another image has the id that this one would get: save it in another size")
			}
			return nil, nil
		}
		changes, err := g.sweep(w, in)
		if err != nil {
			return nil, err
		}
		if err := g.hasRoom(n, m.Size); err != nil {
			return nil, err
		}
		note, err := encode(m.note())
		w.batch.Queue(insertImage, n, m.ID, m.MediaType, m.Width, m.Height, picture.Bytes, by.PersonID, w.at)
		if err != nil {
			return nil, err
		}
		return w.voidNamed(g, in, m.ID, append(changes, diff{op: opAdd, path: imagesPath + m.ID, value: note, private: true}))
	})
	var again *repeated
	if errors.As(err, &again) {
		err = nil
	}
	return m.Image, err
}

// hasRoom refuses an image of size bytes where there are too many.
func (g *gallery) hasRoom(n incident.Number, size int) error {
	if len(g.all) >= incident.MostImages {
		return incident.Refuse(incident.TooLarge, "", fmt.Sprintf("%s has %d images already, and keeps no more: remove one that nobody needs", n, len(g.all)))
	}
	for _, m := range g.all {
		size += m.Size
	}
	if size > incident.MostImageBytes {
		return incident.Refuse(incident.TooLarge, "", fmt.Sprintf("the images of %s would have more than %d MiB: remove one that nobody needs, or make this one smaller", n, incident.MostImageBytes>>20))
	}
	return nil
}

// sweep drops what no text has named since the record last changed, a week ago or longer.
func (g *gallery) sweep(w *writer, in *incident.Incident) ([]diff, error) {
	var changes []diff
	old := w.at.Add(-unnamedFor)
	var fault error
	g.all = slices.DeleteFunc(g.all, func(m keptImage) bool {
		if g.named[m.ID] || !m.AddedAt.Before(old) || !in.UpdatedAt.Before(old) {
			return false
		}
		d, err := w.dropImage(in.Number, m)
		changes, fault = append(changes, d), errors.Join(fault, err)
		return true
	})
	return changes, fault
}

// RemoveImage takes an image out for good: of what it showed, history keeps a digest. Texts that name it show in
// its place what they say of it.
func (s *Store) RemoveImage(ctx context.Context, by incident.Actor, n incident.Number, id string) error {
	err := s.changeImages(ctx, by, n, didRemove, id, func(w *writer, g *gallery, in *incident.Incident) ([]diff, error) {
		m, found := g.find(id)
		if !found || !g.sees(m) {
			return nil, missingImage(id)
		}
		d, err := w.dropImage(n, m)
		if err != nil {
			return nil, err
		}
		return w.voidNamed(g, in, id, []diff{d})
	})
	var again *repeated
	if errors.As(err, &again) {
		return nil
	}
	return err
}

// voidNamed takes approvals back when an image comes or goes that a text names: reviewers saw it otherwise.
func (w *writer) voidNamed(g *gallery, in *incident.Incident, id string, changes []diff) ([]diff, error) {
	if !g.named[id] {
		return changes, nil
	}
	voided, err := w.void(in, incident.Timeline)
	return append(changes, voided...), err
}

func (w *writer) dropImage(n incident.Number, m keptImage) (diff, error) {
	note, err := encode(m.note())
	w.batch.Queue(dropImage, n, m.ID)
	return diff{op: opRemove, path: imagesPath + m.ID, old: note, private: true}, err
}

// changeImages runs one change of the images of an incident.
func (s *Store) changeImages(ctx context.Context, by incident.Actor, n incident.Number, did, result string, edit func(*writer, *gallery, *incident.Incident) ([]diff, error)) error {
	return s.write(ctx, by, incident.Write, fmt.Sprintf("change the images of %s", n), func(w *writer) error {
		r, g, h := reading{number: n, reader: fold(by.Name), whole: true}, &gallery{}, head{incident: n}
		err := w.begin(ctx, func(b *pgx.Batch) {
			b.Queue(lockChain, n, r.reader)
			r.queue(b, readAll, &h.mac, &h.checkpoint)
			b.Queue(listImages, n, r.reader).Query(g.collect)
		})
		if err != nil {
			return err
		}
		if !r.found {
			return missing(n)
		}
		in := g.hang(&r, by)
		if in.Archived {
			return archived(n)
		}
		changes, err := edit(w, g, in)
		if err != nil {
			return err
		}
		if h.version = in.Version; len(changes) > 0 {
			if err := w.record(h, in.Revision, did, changes); err != nil {
				return err
			}
		}
		return w.commit(ctx, result)
	})
}
