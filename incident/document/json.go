package document

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/debriefhq/debrief/incident"
)

// WriteJSON writes the whole record as the API gives it, indented, without what
// is derived and without comments, so that ReadJSON gives it back. The timeline
// alone is a list.
func WriteJSON(w io.Writer, in *incident.Incident, o Options) error {
	if o.Only != "" {
		return writeIndented(w, in.Timeline)
	}
	kept := *in
	kept.Comments, kept.Measures, kept.Warnings = nil, nil, nil
	return writeIndented(w, &kept)
}

func writePublicJSON(w io.Writer, p *incident.Public, o Options) error {
	if o.Only != "" {
		return writeIndented(w, p.Timeline)
	}
	return writeIndented(w, p)
}

func writeIndented(w io.Writer, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write a record as JSON: %w", err)
	}
	return flush(w, b.String())
}

// ReadJSON reads one record as strictly as incident.Decode does. What is
// derived, and comments, are left out.
func ReadJSON(r io.Reader) (*Reading, error) {
	data, err := readLimited(r)
	if err != nil {
		return nil, err
	}
	in := &incident.Incident{}
	if err := incident.Decode(bytes.TrimPrefix(data, []byte("\ufeff")), in); err != nil {
		return nil, err
	}
	in.Comments, in.Measures, in.Warnings = nil, nil, nil
	in.Normalize()
	return &Reading{Incident: in, Ours: true, Report: []Loss{}}, nil
}

// readLimited reads at most longestDocument bytes.
func readLimited(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, longestDocument+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read document: %w", err)
	case len(data) > longestDocument:
		return nil, incident.Refuse(incident.TooLarge, "", fmt.Sprintf("the document is over %d MiB: send a smaller one", longestDocument>>20))
	}
	return data, nil
}
