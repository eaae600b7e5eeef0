package incident

import (
	"bytes"
	"encoding/json"
	"time"
)

// Precision says how finely a moment was told.
type Precision string

// The precisions, finest first. UnknownPrecision goes with a moment whose
// instant nobody knows, and only with that.
const (
	Second           Precision = "second"
	Minute           Precision = "minute"
	Hour             Precision = "hour"
	Day              Precision = "day"
	UnknownPrecision Precision = "unknown"
)

// Precisions lists the closed set, for checks, schemas and menus.
var Precisions = []Precision{Second, Minute, Hour, Day, UnknownPrecision}

// Moment is a point in time as people told it: never only a UTC time.
//
// At is nil when the instant is not known; AsWritten then often still holds
// what somebody wrote ("Time TBC"). Zone is an IANA name, "UTC", or an offset
// such as "+05:30"; it is the zone the time was told in. At of a day-precise
// moment is the first instant of that day in Zone.
type Moment struct {
	At          *time.Time `json:"at"`
	Zone        string     `json:"zone"`
	Precision   Precision  `json:"precision"`
	Approximate bool       `json:"approximate,omitempty"`
	AsWritten   string     `json:"as_written,omitempty"` // at most 200 bytes
}

// Exactly makes a moment of an instant, told in zone.
func Exactly(at time.Time, zone string, precision Precision) Moment {
	at = at.UTC()
	return Moment{At: &at, Zone: zone, Precision: precision}
}

// Known tells whether the instant is known.
func (m *Moment) Known() bool { return m != nil && m.At != nil }

// UnmarshalJSON takes the object form, or an RFC 3339 text as a shorthand: its
// offset becomes the zone ("Z" is UTC) and its precision is a minute when the
// seconds are zero, else a second. Unknown keys are refused.
func (m *Moment) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		var text string
		if err := json.Unmarshal(data, &text); err != nil {
			return err
		}
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return Refuse(Invalid, "", "write a time as RFC 3339, such as 2013-07-18T09:42:00Z")
		}
		*m = Exactly(at, "UTC", Second)
		if _, offset := at.Zone(); offset != 0 {
			m.Zone = at.Format("-07:00")
		}
		if at.Second() == 0 && at.Nanosecond() == 0 {
			m.Precision = Minute
		}
		return nil
	}
	type plain Moment
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode((*plain)(m)); err != nil {
		return err
	}
	if m.At != nil {
		utc := m.At.UTC()
		m.At = &utc
	}
	return nil
}
