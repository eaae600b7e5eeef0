package store

import (
	"fmt"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/debriefhq/debrief/incident"
)

// told scans a column of the composite type moment; NULL becomes nil.
type told struct{ to **incident.Moment }

// ScanNull is called for NULL.
func (m told) ScanNull() error {
	*m.to = nil
	return nil
}

// ScanIndex gives the place for the i-th field of the type.
func (m told) ScanIndex(i int) any {
	if i == 0 {
		*m.to = new(incident.Moment)
	}
	to := *m.to
	switch i {
	case 0:
		return &to.At
	case 1:
		return &to.Zone
	case 2:
		return &to.Precision
	case 3:
		return (*flag)(&to.Approximate)
	case 4:
		return (*words)(&to.AsWritten)
	}
	return nil
}

// flag is a bool that is false when NULL.
type flag bool

// ScanBool is called by pgx.
func (f *flag) ScanBool(v pgtype.Bool) error {
	*f = flag(v.Bool)
	return nil
}

// words is a text that is empty when NULL.
type words string

// ScanText is called by pgx.
func (w *words) ScanText(v pgtype.Text) error {
	*w = words(v.String)
	return nil
}

// day scans a date as its text, such as 2013-08-01; NULL becomes nil.
type day struct{ to **string }

// ScanDate is called by pgx.
func (d day) ScanDate(v pgtype.Date) error {
	*d.to = nil
	if !v.Valid {
		return nil
	}
	if v.InfinityModifier != pgtype.Finite {
		return fmt.Errorf("a date is infinite")
	}
	text := v.Time.Format("2006-01-02")
	*d.to = &text
	return nil
}

// said scans the two columns of a statement, text and audience; NULL becomes nil.
type said struct {
	to       **incident.Statement
	audience bool // this is the second column
}

// ScanText is called by pgx, for the text first.
func (s said) ScanText(v pgtype.Text) error {
	switch {
	case !v.Valid:
		*s.to = nil
	case s.audience && *s.to != nil:
		(*s.to).Audience = incident.Audience(v.String)
	default:
		*s.to = &incident.Statement{Text: v.String}
	}
	return nil
}
