package store_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestWhatAnotherProcessRevokedEndsAfterFiveSeconds(t *testing.T) {
	t.Parallel()
	var now atomic.Pointer[time.Time]
	at := func(d time.Duration) {
		moment := time.Date(2026, 1, 1, 10, 0, 0, 0, time.UTC).Add(d)
		now.Store(&moment)
	}
	at(0)
	address := storetest.URL(t)
	open := func() *store.Store {
		s := must(store.Open(t.Context(), store.Options{URL: address, Key: storetest.Key, Now: func() time.Time { return *now.Load() }}))
		t.Cleanup(s.Close)
		return s
	}
	here, there, ctx := open(), open(), t.Context()
	secret, token, err := here.NewToken(ctx, store.System(), store.TokenRequest{Person: "Robot", Role: incident.Responder})
	if err != nil {
		t.Fatal(err)
	}
	must(here.Identify(ctx, secret))
	if err := there.RevokeToken(ctx, store.System(), token.ID); err != nil {
		t.Fatal(err)
	}
	_, err = there.Identify(ctx, secret)
	refused(t, "Identify where it was revoked", err, incident.SignIn)
	at(5*time.Second - time.Microsecond)
	if by, err := here.Identify(ctx, secret); err != nil || by.Name != "Robot" {
		t.Errorf("Identify elsewhere asks the database again within five seconds: %+v, %v", by, err)
	}
	at(5 * time.Second)
	_, err = here.Identify(ctx, secret)
	refused(t, "Identify elsewhere, five seconds later", err, incident.SignIn)
}

func TestWhoIsShutOutHereIsOutAtOnceHoweverBusyTheyAre(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ctx, system := t.Context(), store.System()
	for range 20 {
		secret, token, err := s.NewToken(ctx, system, store.TokenRequest{Person: "Robot", Role: incident.Responder})
		if err != nil {
			t.Fatal(err)
		}
		var stop atomic.Bool
		var busy sync.WaitGroup
		for range 4 {
			busy.Go(func() {
				for !stop.Load() {
					_, _ = s.Identify(ctx, secret)
				}
			})
		}
		if err := s.RevokeToken(ctx, system, token.ID); err != nil {
			t.Error(err)
		}
		for range 50 {
			_, err = s.Identify(ctx, secret)
			refused(t, "Identify after the revocation", err, incident.SignIn)
		}
		stop.Store(true)
		busy.Wait()
	}
}
