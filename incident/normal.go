package incident

import (
	"reflect"
	"strings"
	"time"
	"unicode"
)

// Normalize brings a record into the one form in which it is checked, stored
// and compared. It fills defaults; trims lines and the blank edges of texts,
// and writes line ends as \n; turns nil lists into empty ones and empty
// optional texts into nil; keeps instants in UTC to the microsecond; and gives
// every part a position and the parts their order. Doing it twice changes
// nothing more.
func (in *Incident) Normalize() {
	if strings.TrimSpace(in.Zone) == "" {
		in.Zone = "UTC"
	}
	in.Kind = or(in.Kind, KindIncident)
	if in.Status == "" && len(courses[in.Kind]) > 0 {
		in.Status = courses[in.Kind][0]
	}
	in.Review.State = or(in.Review.State, ReviewDraft)
	normalize(reflect.ValueOf(in).Elem(), "", "", strings.TrimSpace(in.Zone))
	for _, k := range PartKinds {
		in.number(k)
		in.sortParts(k)
	}
	if len(in.Silenced) == 0 {
		in.Silenced = nil
	}
	if len(in.Comments) == 0 {
		in.Comments = nil
	}
	if len(in.Warnings) == 0 {
		in.Warnings = nil
	}
}

// NormalizePart is Normalize for a part alone, in an incident of the zone.
// Its position is left to AddPart.
func NormalizePart(p Part, zone string) {
	normalize(reflect.ValueOf(p).Elem(), "", "", or(zone, "UTC"))
}

func or[T ~string](value, otherwise T) T {
	if value == "" {
		return otherwise
	}
	return value
}

// normalMoment fills in what a moment leaves open.
func normalMoment(m *Moment, zone string) {
	m.Zone = or(strings.TrimSpace(m.Zone), zone)
	m.AsWritten = strings.TrimSpace(m.AsWritten)
	if m.At == nil {
		m.Precision = or(m.Precision, UnknownPrecision)
		return
	}
	at := microseconds(*m.At)
	m.At = &at
	if m.Precision == "" {
		m.Precision = Second
		if at.Second() == 0 && at.Nanosecond() == 0 {
			m.Precision = Minute
		}
	}
}

// microseconds is how finely instants are kept: as PostgreSQL does.
func microseconds(at time.Time) time.Time { return at.UTC().Truncate(time.Microsecond) }

// normalize walks a value; byDefault and kept are its field's tags.
func normalize(v reflect.Value, byDefault, longest, zone string) {
	switch {
	case v.Type() == timeType:
		v.Set(reflect.ValueOf(microseconds(v.Interface().(time.Time))))
	case v.Type() == momentType:
		normalMoment(v.Addr().Interface().(*Moment), zone)
	case v.Kind() == reflect.String:
		v.SetString(or(trimmed(v.String(), longest == longText), byDefault))
	case v.Kind() == reflect.Pointer && !v.IsNil():
		normalize(v.Elem(), byDefault, longest, zone)
		if v.Elem().Kind() == reflect.String && v.Elem().Len() == 0 {
			v.SetZero()
		}
	case v.Kind() == reflect.Slice:
		if v.IsNil() {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		for i := range v.Len() {
			normalize(v.Index(i), "", "", zone)
		}
	case v.Kind() == reflect.Struct:
		for i, f := range fieldsOf(v.Type()) {
			normalize(v.Field(i), f.byDefault, f.longest, zone)
		}
	}
}

// trimmed takes the spaces off a line, and off a text the blank lines before
// it and the spaces after it.
func trimmed(s string, isText bool) string {
	if !isText {
		return strings.TrimSpace(s)
	}
	if strings.ContainsRune(s, '\r') {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	s = strings.TrimRightFunc(s, unicode.IsSpace)
	for {
		line, rest, more := strings.Cut(s, "\n")
		if !more || strings.TrimSpace(line) != "" {
			return s
		}
		s = rest
	}
}

// Draft is a copy of the record as it would be filed, in normal form: what
// Debrief itself assigns is empty, review starts anew, comments are left out,
// and messages that say sent become recorded, each with a warning.
func (in *Incident) Draft() *Incident {
	d := in.Clone()
	d.Number, d.ID, d.Revision, d.Version = 0, "", 0, 0
	d.CreatedBy, d.CreatedAt, d.UpdatedAt, d.Archived = "", time.Time{}, time.Time{}, false
	d.Review = Review{}
	d.Comments, d.Measures, d.Warnings = nil, nil, nil
	d.Normalize()
	for _, k := range PartKinds {
		for _, p := range d.Parts(k) {
			p.Head().Revision = 0
		}
	}
	for i := range d.Messages {
		if d.Messages[i].State == Sent {
			d.Messages[i].State = Recorded
			d.Warnings = append(d.Warnings, Warning{place(Messages.Pointer(), i) + "/state", "sent_kept_as_recorded",
				"filing never sends: the message is kept as recorded; send it with a move of its own"})
		}
	}
	return d
}
