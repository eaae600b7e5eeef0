package document

import (
	"bytes"
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
)

// written is the record in a format, for people named on it.
func written(t testing.TB, f Format, in *incident.Incident) string {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b, in, Options{}); err != nil {
		t.Fatalf("Write(%s) = %v, want a document", f.Name, err)
	}
	return b.String()
}

func read(t testing.TB, f Format, text string) *Reading {
	t.Helper()
	got, err := f.Read(bytes.NewReader([]byte(text)))
	if err != nil {
		t.Fatalf("Read(%s) = %v, want a record, of\n%s", f.Name, err, text)
	}
	return got
}

func asJSON(t testing.TB, in *incident.Incident) string {
	t.Helper()
	text, err := json.MarshalIndent(in, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// tb lets the helpers above fail a property.
type tb struct {
	testing.TB
	t *rapid.T
}

func (tb) Helper()                          {}
func (b tb) Fatal(args ...any)              { b.t.Fatal(args...) }
func (b tb) Fatalf(format string, a ...any) { b.t.Fatalf(format, a...) }

func TestWhatIsWrittenReadsBackTheSame(t *testing.T) {
	t.Parallel()
	for _, f := range Formats {
		if f.Read == nil {
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(r *rapid.T) {
				in := incidenttest.Records().Draw(r, "record")
				text := written(tb{t, r}, f, in)
				got := read(tb{t, r}, f, text)
				if got, want := asJSON(t, got.Incident), asJSON(t, in); got != want {
					r.Fatalf("Read(Write(record)) = %s\nwant %s\nas\n%s", got, want, text)
				}
				if !got.Ours || len(got.Report) > 0 {
					r.Fatalf("Read(Write(record)) says ours %v, lost %v, of\n%s", got.Ours, got.Report, text)
				}
				if again := written(tb{t, r}, f, got.Incident); again != text {
					r.Fatalf("Write(Read(text)) = %s\nwant %s", again, text)
				}
			})
		})
	}
}
