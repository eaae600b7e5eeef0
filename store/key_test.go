package store_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

func TestAnotherKeyIsRefusedBeforeItSealsAnything(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	other := must(store.Open(t.Context(), store.Options{URL: url, Key: bytes.Repeat([]byte{7}, 32)}))
	defer other.Close()
	if err := other.CheckKey(t.Context()); err != nil {
		t.Errorf("CheckKey of a database without history = %v, want any key to do", err)
	}
	own := must(store.Open(t.Context(), store.Options{URL: url, Key: storetest.Key}))
	defer own.Close()
	history(t, own)
	if err := own.CheckKey(t.Context()); err != nil {
		t.Errorf("CheckKey with the key that sealed it = %v, want nil", err)
	}
	if err := other.CheckKey(t.Context()); !errors.Is(err, incident.Conflict) {
		t.Errorf("CheckKey with another key = %v, want %v", err, incident.Conflict)
	}
	execute(t, url, `update chains set seal = '\x00' where incident = 0`)
	if err := own.CheckKey(t.Context()); err != nil {
		t.Errorf("CheckKey after the head was changed = %v, want nil: Verify tells of it", err)
	}
}
