package document

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/debriefhq/debrief/incident"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestEveryFormLooksAsItDid(t *testing.T) {
	t.Parallel()
	for name, in := range samples(t) {
		if err := in.Check(); err != nil {
			t.Fatalf("the sample %s is not valid: %v", name, err)
		}
		for _, f := range Formats {
			for _, who := range []incident.Audience{incident.AudiencePublic, incident.AudiencePrivate} {
				if who != incident.AudiencePublic && f.Write == nil {
					continue
				}
				t.Run(name+" as "+f.Name+" for "+string(who), func(t *testing.T) {
					t.Parallel()
					var b bytes.Buffer
					if err := Write(&b, f, in, Options{Audience: who}); err != nil {
						t.Fatalf("Write = %v, want a document", err)
					}
					golden(t, name+"-"+string(who)+"-"+f.Name+f.Extension, b.Bytes())
				})
			}
		}
	}
}

// golden compares with a file that was looked at, or writes it with -update.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: write it with -update, and look at it", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s changed: look at the difference after -update; now\n%s", path, got)
	}
}

func TestASampleReadsBackTheSame(t *testing.T) {
	t.Parallel()
	for name, in := range samples(t) {
		for _, f := range Formats {
			if f.Read == nil {
				continue
			}
			t.Run(name+" from "+f.Name, func(t *testing.T) {
				t.Parallel()
				text := written(t, f, in)
				if got, want := asJSON(t, read(t, f, text).Incident), asJSON(t, in); got != want {
					t.Errorf("Read(Write(%s)) = %s\nwant %s", name, got, want)
				}
			})
		}
	}
}
