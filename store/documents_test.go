package store_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// asSent is a record as a line of JSON.
func asSent(t *testing.T, in *incident.Incident) []byte {
	t.Helper()
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(in); err != nil {
		t.Fatal(err)
	}
	return body.Bytes()
}

// sameDocument fails unless each reader's document is the record that they read, the first time and from what was kept.
func sameDocument(t *testing.T, s *store.Store, n incident.Number, readers ...incident.Actor) {
	t.Helper()
	for range 2 {
		for _, by := range readers {
			in := must(s.Incident(t.Context(), by, n))
			d := must(s.Document(t.Context(), by, n))
			if want := asSent(t, in); !bytes.Equal(d.Body, want) || d.Revision != in.Revision || d.Version != in.Version {
				t.Errorf("%s gets %d.%d\n%s, want %d.%d\n%s", by.Name, d.Revision, d.Version, d.Body, in.Revision, in.Version, want)
			}
		}
	}
}

func TestADocumentIsTheRecordAsItsReaderSeesIt(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada, bob := storetest.Person(t, s, "Ada", incident.Responder), storetest.Person(t, s, "Bob", incident.Responder)
	in := titled("Charges <again> & again")
	in.People = []incident.Person{{Role: "commander", Name: "Ada"}}
	in.Timeline = []incident.Entry{{Text: "for everybody"}, {Text: "a name that only Ada reads", Audience: incident.AudiencePrivate}}
	n := must(s.File(t.Context(), bob, in)).Number
	sameDocument(t, s, n, ada, bob)
	must(s.Append(t.Context(), bob, n, []incident.Part{&incident.Entry{Text: "one more"}}))
	sameDocument(t, s, n, bob, ada)
	must(s.Change(t.Context(), ada, n, 0, func(in *incident.Incident) error { in.People[0].Name = "Bob"; return nil }))
	sameDocument(t, s, n, ada, bob)
	must(s.Change(t.Context(), bob, n, 0, func(in *incident.Incident) error { in.Visibility = incident.VisiblePrivate; return nil }))
	sameDocument(t, s, n, bob)
	_, err := s.Document(t.Context(), ada, n)
	refused(t, "the document of what became private", err, incident.NotFound)
	_, err = s.Document(t.Context(), incident.Actor{}, n)
	refused(t, "the document for nobody", err, incident.SignIn)
}

func TestADocumentNamesNoIncidentThatItsReaderMayNotKnowOf(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada, bob := storetest.Person(t, s, "Ada", incident.Responder), storetest.Person(t, s, "Bob", incident.Responder)
	secret := titled("Nobody else knows")
	secret.Visibility = incident.VisiblePrivate
	in := titled("Everybody knows")
	in.Related = []incident.Number{must(s.File(t.Context(), ada, secret)).Number}
	n := must(s.File(t.Context(), ada, in)).Number
	sameDocument(t, s, n, ada, bob)
	sameDocument(t, s, n, bob, ada)
}

func TestADocumentComesFromWhatWasKeptUntilTheRecordChanges(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	n := must(s.File(t.Context(), ada, titled("Charges"))).Number
	must(s.Document(t.Context(), ada, n))
	execute(t, url, `update documents set body = 'as kept'`)
	if d := must(s.Document(t.Context(), ada, n)); string(d.Body) != "as kept" {
		t.Errorf("it was written anew: %s", d.Body)
	}
	if other := storetest.Open(t, url); other != nil { // a program that may write in another way
		sameDocument(t, other, n, ada)
	}
	must(s.Document(t.Context(), ada, n))
	execute(t, url, `update documents set body = 'as kept'`)
	must(s.Append(t.Context(), ada, n, []incident.Part{&incident.Entry{Text: "one more"}}))
	sameDocument(t, s, n, ada)
}
