package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/debriefhq/debrief/incident"
)

// WriteJSON writes the whole record as the API gives it, indented, without what
// is derived and without comments, so that ReadJSON gives it back.
func WriteJSON(w io.Writer, in *incident.Incident, _ Options) error {
	kept := *in
	kept.Comments, kept.Measures, kept.Warnings = nil, nil, nil
	return writeIndented(w, &kept)
}

func writePublicJSON(w io.Writer, p *incident.Public, _ Options) error {
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

// ReadJSON reads one record, strictly: an unknown key, or anything after the
// record, is refused with Malformed.
func ReadJSON(r io.Reader) (*Reading, error) {
	data, err := io.ReadAll(io.LimitReader(r, longestDocument+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read document: %w", err)
	case len(data) > longestDocument:
		return nil, incident.Refuse(incident.TooLarge, "", "the document is over 32 MiB: send a smaller one")
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var in *incident.Incident
	if err := dec.Decode(&in); err != nil {
		return nil, badJSON(data, dec.InputOffset(), err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, badJSON(data, dec.InputOffset(), errors.New("something follows the record"))
	}
	if in == nil {
		return nil, badJSON(data, 0, errors.New("it is null"))
	}
	in.Measures, in.Warnings = nil, nil // derived: never taken from a document
	in.Normalize()
	return &Reading{Incident: in, Ours: true, Report: []Loss{}}, nil
}

// badJSON says where the document cannot be read.
func badJSON(data []byte, at int64, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	if errors.As(err, &syntax) {
		at = syntax.Offset
	} else if errors.As(err, &kind) {
		at = kind.Offset
	}
	line := bytes.Count(data[:min(max(at, 0), int64(len(data)))], []byte("\n")) + 1
	return incident.Refuse(incident.Malformed, "", fmt.Sprintf("line %d is not readable as a record in JSON: %v", line, err))
}
