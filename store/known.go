package store

import (
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/debriefhq/debrief/incident"
)

const (
	knownTime = 5 * time.Second // how late another process may hear that somebody was shut out: DESIGN section 8
	knownMost = 10_000          // secrets
)

// identity is who a secret belongs to, and until when that may be believed.
type identity struct {
	by    incident.Actor
	until time.Time
}

// known remembers for a moment who presented which secret, so that reading a record is one round
// trip. Changes of people, tokens and sessions made through this store count at once.
type known struct {
	mu      sync.Mutex
	changes uint64 // of people, tokens and sessions; what was asked before the last one is not remembered
	all     *lru.Cache[[32]byte, identity]
}

func newKnown() *known {
	all, _ := lru.New[[32]byte, identity](knownMost) // fails only for a size below one
	return &known{all: all}
}

// find gives who the secret belongs to, if that is still known; else remember, which keeps the answer
// of a question that is asked from now on.
func (k *known) find(digest [32]byte, now time.Time) (by incident.Actor, found bool, remember func(identity)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if known, held := k.all.Get(digest); held && now.Before(known.until) {
		return known.by, true, nil
	}
	asked := k.changes
	return incident.Actor{}, false, func(id identity) {
		k.mu.Lock()
		defer k.mu.Unlock()
		if k.changes == asked {
			k.all.Add(digest, id)
		}
	}
}

// forget drops all that is known: somebody may now do something else.
func (k *known) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.changes++
	k.all.Purge()
}
