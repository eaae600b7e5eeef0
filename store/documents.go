package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"runtime/debug"

	"github.com/debriefhq/debrief/incident"
)

// largestDocument bounds what is kept of one record, in bytes. A larger one is written each time.
const largestDocument = 1 << 20

const (
	// readDocument reads a record as it was written for others before, if that is still what it is.
	readDocument = `
	select i.revision, c.version, reader.named, ` + unseenLinks + `, d.body
	from   incidents i
	join   chains    c on c.incident = i.number
	cross  join lateral (select ` + isNamed + `) as reader (named)
	left   join documents d on d.incident = i.number and d.named = reader.named and d.version = c.version and d.form = $3
	where  i.number = $1
	and    ` + visible
	// keepDocument keeps it, unless a later one is there.
	keepDocument = `
	insert into documents as d (incident, named, version, form, body)
	values ($1, $2, $3, $4, $5)
	on conflict on constraint documents_pkey do update
	set    version = excluded.version, form = excluded.form, body = excluded.body
	where  d.version < excluded.version
	or     d.form <> excluded.form`
)

// Document is a whole record as JSON, one line, as its reader may see it.
type Document struct {
	Revision, Version int64
	Body              []byte
}

// Document reads what Incident reads, written down. It comes from what was kept of the same version for readers who may
// see as much, which is one look; what is not kept yet is read, written and kept.
func (s *Store) Document(ctx context.Context, by incident.Actor, n incident.Number) (Document, error) {
	var d Document
	if err := may(by, incident.Read); err != nil {
		return d, err
	}
	var named bool
	var unseen []incident.Number
	err := s.pool.QueryRow(ctx, readDocument, n, fold(by.Name), s.form).Scan(&d.Revision, &d.Version, &named, &unseen, &d.Body)
	switch {
	case absent(err):
		return d, missing(n)
	case err != nil:
		return d, refuse(err, fmt.Sprintf("read %s", n))
	case d.Body != nil && len(unseen) == 0:
		return d, nil
	}
	return s.writeDocument(ctx, by, n)
}

func (s *Store) writeDocument(ctx context.Context, by incident.Actor, n incident.Number) (d Document, err error) {
	r, err := s.read(ctx, by, n)
	if err != nil {
		return d, err
	}
	in := r.view()
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(in); err != nil {
		return d, fmt.Errorf("write %s: %w", n, err)
	}
	d = Document{in.Revision, in.Version, body.Bytes()}
	if len(r.unseen) > 0 || body.Len() > largestDocument {
		return d, nil
	}
	if _, err := s.pool.Exec(ctx, keepDocument, n, r.named, d.Version, s.form, d.Body); err != nil {
		s.log.WarnContext(ctx, "a record was read, but not kept as it is sent", "incident", n, "error", err)
	}
	return d, nil
}

// newForm names how this program writes records: by its commit, or, where that is not known or was changed, by a name
// that no other process has.
func newForm() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		settings := map[string]string{}
		for _, s := range info.Settings {
			settings[s.Key] = s.Value
		}
		if commit := settings["vcs.revision"]; commit != "" && settings["vcs.modified"] == "false" {
			return commit
		}
	}
	return rand.Text()
}
