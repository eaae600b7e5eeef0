// Package bench measures Debrief beside the plainest program that gives the same answers: on records that it makes
// up, over HTTP, by turns, in one run. It also reads the plans of what runs, and refuses those that grow with the
// number of records.
package bench

import (
	"context"
	"fmt"
	"net/url"
	"runtime"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// key seals the history of databases that are made to be thrown away.
var key = []byte("debrief bench: sealed with no secret")

const (
	chunk    = 200 // records in one transaction
	lives    = 40  // records that go on to be written to after they were filed
	shownOut = 12  // components that outsiders see
)

// Fill writes the records into a database that is migrated and empty, through the store, by several at once. Progress
// is told how many there are, now and then.
func (m *Records) Fill(ctx context.Context, address string, progress func(done int)) error {
	quick, err := withParam(address, "synchronous_commit", "off") // what a crash loses is made again
	if err != nil {
		return err
	}
	if err := m.prepare(ctx, quick); err != nil {
		return err
	}
	err = store.Unindexed(ctx, address, func() error { return m.fillAll(ctx, quick, progress) })
	if err != nil {
		return fmt.Errorf("fill the database: %w", err)
	}
	return m.settle(ctx, quick)
}

// withParam adds a parameter to the address of a database.
func withParam(address, name, value string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("read the database's address: %w", err)
	}
	q := u.Query()
	q.Set(name, value)
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// prepare adds what the records name: people, and components that outsiders see.
func (m *Records) prepare(ctx context.Context, address string) error {
	return withStore(ctx, address, m.Started(1).Add(-24*time.Hour), func(st *store.Store) error {
		for i, name := range m.names {
			role := incident.Responder
			if i%10 == 0 {
				role = incident.Admin
			}
			if _, err := st.AddPerson(ctx, store.System(), store.Person{Name: name, Role: role}); err != nil {
				return err
			}
		}
		for i, name := range components[:shownOut] {
			c := incident.Component{Name: name, Group: []string{"Product", "Platform"}[i%2], Position: int64(i + 1), Audience: incident.AudiencePublic}
			if _, err := st.AddComponent(ctx, store.System(), c); err != nil {
				return err
			}
		}
		return nil
	})
}

// withStore opens the store with a clock that stands still, for one use.
func withStore(ctx context.Context, address string, at time.Time, do func(*store.Store) error) error {
	st, err := store.Open(ctx, store.Options{URL: address, Key: key, MaxConns: 2, Now: func() time.Time { return at }})
	if err != nil {
		return err
	}
	defer st.Close()
	return do(st)
}

// fillAll shares the chunks out among as many workers as there are processors.
func (m *Records) fillAll(ctx context.Context, address string, progress func(done int)) error {
	var next, done atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	for range runtime.GOMAXPROCS(0) {
		g.Go(func() error {
			clock := until
			st, err := store.Open(ctx, store.Options{URL: address, Key: key, MaxConns: 1, Now: func() time.Time { return clock }})
			if err != nil {
				return err
			}
			defer st.Close()
			for ctx.Err() == nil {
				first := int(next.Add(chunk)) - chunk + 1
				if first > m.Size {
					return nil
				}
				ins := m.chunk(first)
				clock = ins[len(ins)-1].CreatedAt // each chunk is filed when its last record was
				if err := st.RestoreAll(ctx, store.System(), ins); err != nil {
					return fmt.Errorf("records %d to %d: %w", first, first+len(ins)-1, err)
				}
				progress(int(done.Add(int64(len(ins)))))
			}
			return ctx.Err()
		})
	}
	return g.Wait()
}

func (m *Records) chunk(first int) []*incident.Incident {
	ins := make([]*incident.Incident, min(chunk, m.Size-first+1))
	for i := range ins {
		ins[i] = m.Record(first + i)
	}
	return ins
}

// settle lets some records live on, so that there are chains of several rows, and does the chores.
func (m *Records) settle(ctx context.Context, address string) error {
	return withStore(ctx, address, until, func(st *store.Store) error {
		for i := range min(lives, m.Size) {
			n := incident.Number(m.Size - i*max(1, m.Size/lives))
			if m.Private(int(n)) || n < 1 {
				continue
			}
			e := incident.Entry{Text: m.lexicon[i] + " looked at again."}
			if _, err := st.Append(ctx, store.System(), n, []incident.Part{&e}); err != nil {
				return err
			}
			_, err := st.Change(ctx, store.System(), n, 0, func(in *incident.Incident) error {
				in.Summary += " Looked at again."
				return nil
			})
			if err != nil {
				return err
			}
		}
		for _, chore := range st.Chores() {
			if err := chore.Do(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}
