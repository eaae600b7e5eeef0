package store

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/debriefhq/debrief/incident"
)

// What was done, in one word of history.
const (
	didFile    = "filed"
	didRestore = "restored"
	didChange  = "changed"
	didAppend  = "appended"
	didEdit    = "edited"
	didRemove  = "removed"
	didComment = "commented"
	didMove    = "moved"
	didArchive = "archived"
	didReview  = "reviewed"
	didSend    = "sent"
)

// wrote lists the deeds whose doer is an author of the record's content.
var wrote = []string{didFile, didRestore, didChange, didAppend, didEdit, didRemove, didSend}

// head is the end of a chain.
type head struct {
	incident   incident.Number
	version    int64
	mac        []byte
	checkpoint int64 // the newest that names this chain
}

// body is what a row of history is chained by: all but the values, for each of which it holds a
// commitment, so that erasing one keeps the chain true.
type body struct {
	Incident incident.Number `json:"incident"`
	Version  int64           `json:"version"`
	Revision int64           `json:"revision"`
	At       time.Time       `json:"at"`
	By       int64           `json:"by"` // person; 0 is the installation itself
	Did      string          `json:"did"`
	Changes  []bodyChange    `json:"changes"`
	Hidden   []string        `json:"hidden,omitempty"` // paths that this write made private, beside those of its changes
}

// private lists the paths that are private since this write at the latest.
func (b *body) private() []string {
	paths := append([]string{}, b.Hidden...)
	for _, c := range b.Changes {
		if c.Private {
			paths = append(paths, subject(c.Path))
		}
	}
	return paths
}

type bodyChange struct {
	Op         string `json:"op"`
	Path       string `json:"path"`
	Private    bool   `json:"private,omitempty"`
	Commitment []byte `json:"commitment"`
}

// kept is what one change was about; the whole is null once erased on request.
type keptValue struct {
	Salt  []byte          `json:"salt"`
	Old   json.RawMessage `json:"old,omitempty"`
	Value json.RawMessage `json:"value,omitempty"`
}

// commitment is SHA-256 of salt, the JSON before, a zero byte, and the JSON after. JSON holds no zero byte.
func (v keptValue) commitment() []byte {
	sum := sha256.New()
	for _, piece := range [][]byte{v.Salt, v.Old, {0}, v.Value} {
		_, _ = sum.Write(piece) // a hash never fails
	}
	return sum.Sum(nil)
}

const saltLength = 16

// insertHistory adds a row; the installation itself is no person.
const insertHistory = `
	insert into history (incident, version, at, person, did, body, "values", private, mac)
	values ($1, $2, $3, nullif($4::bigint, 0), $5, $6, $7, $8, $9)`

// openChain begins the chain of a new incident.
const openChain = `
	insert into chains (incident, version, updated_at, mac, seal)
	values ($1, $2, $3, $4, $5)`

// moveHead puts the head of a chain on its new last row.
const moveHead = `
	update chains
	set    version = $2, updated_at = $3, mac = $4, seal = $5
	where  incident = $1`

// record queues the row of history of this write and moves the chain's head; a head of version 0 opens the
// chain of an incident. Hidden are paths that the write made private, beside those of the changes.
func (w *writer) record(h head, revision int64, did string, changes []diff, hidden ...string) error {
	b := body{Incident: h.incident, Version: h.version + 1, Revision: revision, At: w.at, By: w.by.PersonID, Did: did, Changes: []bodyChange{}, Hidden: hidden}
	values := []keptValue{}
	salts := make([]byte, saltLength*len(changes))
	_, _ = rand.Read(salts) // never fails
	for i, d := range changes {
		v := keptValue{Salt: salts[saltLength*i : saltLength*(i+1)], Old: d.old, Value: d.value}
		b.Changes = append(b.Changes, bodyChange{d.op, d.path, d.private, v.commitment()})
		values = append(values, v)
	}
	text, err := json.Marshal(b)
	if err != nil {
		return fmt.Errorf("write history: %w", err)
	}
	kept, err := json.Marshal(values)
	if err != nil {
		return fmt.Errorf("write history: %w", err)
	}
	mac := w.s.link(h.mac, text)
	seal := w.s.seal(head{h.incident, b.Version, mac, h.checkpoint})
	w.keep(b, h.version == 0 && h.incident != 0, mac, seal, text, kept)
	if h.incident != 0 {
		w.news[h.incident] = true
		w.happened = append(w.happened, happened{incident.EventOf(did), h.incident, b.Version})
	}
	return nil
}

// keep queues a row of history and the head of its chain, which it opens or moves.
func (w *writer) keep(b body, opens bool, mac, seal, text, kept []byte) {
	if opens && w.copies != nil {
		w.copies.add("chains", chainCopied, b.Incident, b.Version, b.At, mac, seal)
		w.copies.add("history", historyCopied, b.Incident, b.Version, b.At, zeronull.Int8(b.By), b.Did, text, kept, b.private(), mac)
		return
	}
	head := moveHead
	if opens {
		head = openChain
	}
	w.batch.Queue(head, b.Incident, b.Version, b.At, mac, seal)
	w.batch.Queue(insertHistory, b.Incident, b.Version, b.At, b.By, b.Did, text, kept, b.private(), mac)
}

// subject is what a path is about: the part for the key of a part, else the field.
func subject(path string) string {
	pieces := strings.SplitN(path, "/", 4)
	return strings.Join(pieces[:min(3, len(pieces))], "/")
}

// link chains a row to the one before it.
func (s *Store) link(before, body []byte) []byte { return s.digest("link", before, body) }

// seal binds a head, so that cutting the newest rows of a chain shows.
func (s *Store) seal(h head) []byte {
	var fixed [24]byte
	binary.BigEndian.PutUint64(fixed[:], uint64(h.incident))     //nolint:gosec // the bits are what is sealed, whatever their sign
	binary.BigEndian.PutUint64(fixed[8:], uint64(h.version))     //nolint:gosec // as above
	binary.BigEndian.PutUint64(fixed[16:], uint64(h.checkpoint)) //nolint:gosec // as above
	return s.digest("head", fixed[:], h.mac)
}

// digest is HMAC-SHA256 over what is being digested and the pieces, each with its length before it.
func (s *Store) digest(purpose string, pieces ...[]byte) []byte {
	sum := hmac.New(sha256.New, s.key)
	for _, piece := range append([][]byte{[]byte(purpose)}, pieces...) {
		_, _ = sum.Write(binary.BigEndian.AppendUint64(nil, uint64(len(piece)))) // a hash never fails
		_, _ = sum.Write(piece)
	}
	return sum.Sum(nil)
}

// equal compares two digests in constant time.
func equal(a, b []byte) bool { return subtle.ConstantTimeCompare(a, b) == 1 }
