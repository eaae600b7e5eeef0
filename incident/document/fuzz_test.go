package document

import (
	"bytes"
	"testing"
)

// stays fails unless what was read, if it is ours, is written and read the same.
func stays(t *testing.T, f Format, data []byte) {
	got, err := f.Read(bytes.NewReader(data))
	if err != nil || !got.Ours {
		return
	}
	if got.Incident.Check() != nil {
		return // only what may be kept has to come back
	}
	text := written(t, f, got.Incident)
	again := read(t, f, text)
	if asJSON(t, again.Incident) != asJSON(t, got.Incident) {
		t.Errorf("Read(Write(Read(%q))) = %s\nwant %s\nas\n%s", data, asJSON(t, again.Incident), asJSON(t, got.Incident), text)
	}
	if len(again.Report) > 0 {
		t.Errorf("reading what was written loses %v, of\n%s", again.Report, text)
	}
}

func FuzzReadMarkdown(f *testing.F) {
	f.Add([]byte(Template))
	f.Add([]byte(byHand))
	f.Add([]byte("---\ndebrief:\n---\n## Causes\n### Whys\n1. a {public}\n\n   Because: b\n```\n## x\n"))
	f.Add([]byte("---\ntitle: &a [x]\nb: *a\ndebrief: {timeline: \"a.2@3\"}\n---\n"))
	f.Add([]byte("a\r\n=\r\n\r\n| a |"))
	f.Fuzz(func(t *testing.T, data []byte) { stays(t, Formats[0], data) })
}

func FuzzReadJSON(f *testing.F) {
	f.Add([]byte(`{"title": "x", "timeline": [{"at": "2013-07-18T02:42:00-07:00", "text": "a\r\nb"}]}`))
	f.Add([]byte(`{"title": "x", "milestones": {"started": {"at": null, "as_written": " ?"}}} {}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, data []byte) { stays(t, Formats[1], data) })
}
