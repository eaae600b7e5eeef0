package document

import (
	"bytes"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
)

// Also where a text is cut, joined or written in lower case: in titles, in what
// stands above a blog post, in names of files.
func TestNoDocumentForOutsidersShowsACredential(t *testing.T) {
	t.Parallel()
	const key = "AKIA" + "Q3EGRWHJ5T2MZ7XB"
	for _, words := range []string{key, "password=" + key, strings.Repeat("so many words ", 12) + key} {
		in := incidenttest.Fill(func(pointer string) string {
			if strings.HasPrefix(pointer, "/tags/") || strings.HasSuffix(pointer, "role") && len(words) > 60 {
				return "word"
			}
			return words
		})
		in.Silenced = nil
		incidenttest.SetAudience(in, incident.AudiencePublic)
		for _, f := range Formats {
			var b bytes.Buffer
			if err := Write(&b, f, in, Options{}); err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			text := b.String() + FileName(f, in, Options{})
			for at := range len(key) - 7 { // no eight characters of it
				if part := strings.ToLower(key[at : at+8]); strings.Contains(strings.ToLower(text), part) {
					t.Errorf("%s shows %q of the credential: %s", f.Name, part, text)
					break
				}
			}
		}
	}
}
