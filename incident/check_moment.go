package incident

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

func (c *checker) moment(at string, m *Moment) {
	if wrong := c.zone(m.Zone); wrong != "" {
		c.fault(at+"/zone", wrong)
	}
	switch {
	case !slices.Contains(Precisions, m.Precision):
		c.fault(at+"/precision", choose(string(m.Precision), []string{"second", "minute", "hour", "day", "unknown"}))
	case m.At == nil && m.Precision != UnknownPrecision:
		c.fault(at+"/precision", fmt.Sprintf("is %s without an instant: write at, or unknown", m.Precision))
	case m.At != nil && m.Precision == UnknownPrecision:
		c.fault(at+"/precision", "is unknown with an instant: write second, minute, hour or day, or leave at out")
	case m.At != nil && !kept(*m.At):
		c.fault(at+"/at", outOfRange)
	}
	switch {
	case !utf8.ValidString(m.AsWritten):
		c.fault(at+"/as_written", "is not valid UTF-8: send the text as UTF-8")
	case strings.ContainsFunc(m.AsWritten, unicode.IsControl):
		c.fault(at+"/as_written", controlText(false))
	case len(m.AsWritten) > longestWritten:
		c.fault(at+"/as_written", fmt.Sprintf("has %d bytes, at most %d are kept: shorten it", len(m.AsWritten), longestWritten))
	}
}

// zone says what is wrong with a zone's name, "" when nothing is. Names that are
// none are slow to look up: once nothing more is told, no more are.
func (c *checker) zone(name string) string {
	wrong, known := c.zones[name]
	if !known && len(c.faults) < mostFaults {
		wrong = zoneFault(name)
		c.zones[name] = wrong
	}
	return wrong
}

func zoneFault(name string) string {
	_, err := LoadZone(name)
	var refused *Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refused):
		return "is no zone: " + strings.ToValidUTF8(refused.Detail, "?")
	default:
		return "is no zone: write an IANA name such as \"America/Los_Angeles\", \"UTC\", or an offset such as \"+05:30\""
	}
}
