package document

import (
	"errors"
	"fmt"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// mostLosses bounds a report; the rest is counted.
const mostLosses = 1000

// losses gathers a report.
type losses struct {
	kept []Loss
	more int
}

func (l *losses) add(line int, text, why string) {
	const shown = 80
	if len(l.kept) == mostLosses {
		l.more++
		return
	}
	text, _, _ = strings.Cut(strings.TrimSpace(text), "\n")
	if cut := []rune(text); len(cut) > shown {
		text = string(cut[:shown-1]) + "…"
	}
	l.kept = append(l.kept, Loss{line, text, why})
}

// all is the report, never nil.
func (l *losses) all() []Loss {
	if l.more > 0 {
		return append(l.kept, Loss{0, "", fmt.Sprintf("and %d more of this kind, kept as text too", l.more)})
	}
	return append([]Loss{}, l.kept...)
}

// Locate adds the lines of the document to a refusal of the record that was
// read from it, so that its author finds them.
func (r *Reading) Locate(err error) error {
	var refused *incident.Error
	if !errors.As(err, &refused) || len(refused.Fields) == 0 {
		return err
	}
	located := &incident.Error{Kind: refused.Kind, Detail: refused.Detail, Fields: map[string]string{}}
	for pointer, wrong := range refused.Fields {
		told, inRecord := wrong, strings.TrimPrefix(pointer, "/0") // the record may be the first of a list
		if line := r.line(inRecord); line > 0 {
			told = fmt.Sprintf("in line %d %s", line, wrong)
		}
		located.Fields[pointer] = told
		located.Detail = strings.Replace(located.Detail, inRecord+" "+wrong, inRecord+" "+told, 1)
	}
	return located
}

// line is where the document says what the pointer names, or what holds it; 0
// when it does not.
func (r *Reading) line(pointer string) int {
	for pointer != "" && r.lines[pointer] == 0 {
		pointer = pointer[:max(strings.LastIndexByte(pointer, '/'), 0)]
	}
	return r.lines[pointer]
}
