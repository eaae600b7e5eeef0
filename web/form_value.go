package web

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// object is a part or a record as JSON keeps it, while it is edited.
type object map[string]any

// objectOf takes a part or a record apart.
func objectOf(v any) (object, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("take apart %T: %w", v, err)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var o object
	if err := dec.Decode(&o); err != nil {
		return nil, fmt.Errorf("take apart %T: %w", v, err)
	}
	return o, nil
}

// into puts it together again in an empty value of the same type.
func (o object) into(v any) error {
	data, err := json.Marshal(o)
	if err != nil {
		return fmt.Errorf("put together %T: %w", v, err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("put together %T: %w", v, err)
	}
	return nil
}

// get is nil where a path leads nowhere.
func (o object) get(path string) any {
	first, rest, deeper := strings.Cut(path, ".")
	if !deeper {
		return o[first]
	}
	inner, _ := o[first].(map[string]any)
	return object(inner).get(rest)
}

func (o object) set(path string, value any) {
	first, rest, deeper := strings.Cut(path, ".")
	if !deeper {
		o[first] = value
		return
	}
	inner, ok := o[first].(map[string]any)
	if !ok {
		inner = map[string]any{}
		o[first] = inner
	}
	object(inner).set(rest, value)
}

// What is between the cells of a table as text, and between its rows. No cell
// holds them: it is one line.
const (
	betweenColumns = "\t"
	betweenRows    = "\n"
)

// asText writes a value as people would.
func asText(in input, value any) string {
	switch in.Shape {
	case asMoment:
		return momentText(value)
	case asWords, asLines, asEntries:
		list, _ := value.([]any)
		between := map[shape]string{asWords: ", ", asLines: "\n", asEntries: " "}[in.Shape]
		all := make([]string, len(list))
		for i, v := range list {
			all[i] = plainText(in, v)
		}
		if in.Shape == asEntries {
			slices.Sort(all) // as many are chosen at once, their order says nothing
		}
		return strings.Join(all, between)
	case asTable:
		list, _ := value.([]any)
		rows := make([]string, len(list))
		for i, v := range list {
			row, _ := v.(map[string]any)
			cells := make([]string, len(in.Columns))
			for j, c := range in.Columns {
				cells[j] = asText(c, row[c.Key])
			}
			rows[i] = strings.Join(cells, betweenColumns)
		}
		return strings.Join(rows, betweenRows)
	default:
		return plainText(in, value)
	}
}

// numbers are the inputs that name incidents.
var numbers = map[string]bool{"related": true, "also_for": true, "recurrence_of": true, "duplicate_of": true}

// plainText writes what is no list. Numbers of incidents get their name.
func plainText(in input, value any) string {
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		if numbers[in.Key] {
			return "INC-" + v.String()
		}
		return v.String()
	}
	return ""
}

// momentText writes a moment so that incident.When reads the same again.
func momentText(value any) string {
	if value == nil {
		return ""
	}
	data, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	var m incident.Moment
	if err := json.Unmarshal(data, &m); err != nil {
		return ""
	}
	return written(&m)
}

func written(m *incident.Moment) string {
	switch {
	case m == nil:
		return ""
	case !m.Known() && m.AsWritten == "":
		return "unknown"
	case !m.Known():
		return m.AsWritten
	case m.Precision == incident.Day:
		return about(m) + incident.Date(m, "")
	}
	clock, _ := strings.CutPrefix(incident.Clock(m), "about ")
	return about(m) + clock + ", " + incident.Date(m, "")
}

func about(m *incident.Moment) string {
	if m.Approximate || m.Precision == incident.Hour {
		return "~"
	}
	return ""
}

// valueOf reads what somebody wrote. Was is the value that stands there; what
// is not written differently stays as it is, to the second.
func valueOf(in input, text string, was any, w incident.When) (any, error) {
	switch in.Shape {
	case asMoment:
		return readMoment(text, was, w)
	case asWords, asLines, asEntries:
		return readList(in, text)
	case asTable:
		return readTable(in, text, was, w)
	case asDay:
		if text == "" {
			return nil, nil
		}
		return text, nil
	case asWhole:
		return readWhole(text)
	}
	if numbers[in.Key] {
		if text == "" {
			return nil, nil
		}
		return readNumber(text)
	}
	if in.Key == "value" {
		return readFigure(text)
	}
	return text, nil
}

func readMoment(text string, was any, w incident.When) (any, error) {
	if text = strings.TrimSpace(text); text == "" {
		return nil, nil
	}
	if text == momentText(was) {
		return was, nil
	}
	return w.Read(text)
}

func readList(in input, text string) (any, error) {
	split := map[shape]func(rune) bool{
		asWords:   func(r rune) bool { return r == ',' || r == '\n' },
		asLines:   func(r rune) bool { return r == '\n' },
		asEntries: func(r rune) bool { return r == ' ' },
	}[in.Shape]
	all := []any{}
	for item := range strings.FieldsFuncSeq(text, split) {
		item = strings.TrimSpace(item)
		switch {
		case item == "":
		case numbers[in.Key]:
			n, err := readNumber(item)
			if err != nil {
				return nil, err
			}
			all = append(all, n)
		default:
			all = append(all, item)
		}
	}
	return all, nil
}

func readNumber(text string) (any, error) {
	n, err := incident.ReadNumber(strings.TrimSpace(text))
	if err != nil {
		return nil, err
	}
	return int64(n), nil
}

// readWhole reads a number that counts; nothing is 0.
func readWhole(text string) (any, error) {
	n, err := strconv.ParseUint(cmp.Or(strings.TrimSpace(text), "0"), 10, 63)
	if err != nil {
		return nil, incident.Refuse(incident.Invalid, "", fmt.Sprintf("%.40q is no whole number: write one such as 10", text))
	}
	return n, nil
}

// readFigure takes the thousands apart as people do: 3 500, 3,500.
func readFigure(text string) (any, error) {
	plain := strings.NewReplacer(" ", "", "\u202f", "", "\u00a0", "", "−", "-").Replace(text)
	if i := strings.LastIndexByte(plain, ','); i >= 0 && len(plain)-i == 4 {
		plain = strings.ReplaceAll(plain, ",", "")
	}
	n, err := strconv.ParseFloat(plain, 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		return nil, incident.Refuse(incident.Invalid, "", fmt.Sprintf("%.40q is no number: write it as 3500 or 0.25", text))
	}
	return n, nil
}

// readTable reads rows; one that is empty is none. A row that says what one did
// before keeps what the form does not show.
func readTable(in input, text string, was any, w incident.When) (any, error) {
	before, _ := was.([]any)
	all := []any{}
	for row := range strings.SplitSeq(text, betweenRows) {
		cells := strings.Split(row, betweenColumns)
		if strings.Trim(row, betweenColumns+" ") == "" {
			continue
		}
		i := slices.IndexFunc(before, func(old any) bool { return asText(in, []any{old}) == row })
		if i >= 0 {
			all = append(all, before[i])
			continue
		}
		made := map[string]any{}
		for j, c := range in.Columns {
			if j >= len(cells) {
				break
			}
			value, err := valueOf(c, strings.TrimSpace(cells[j]), nil, w)
			if err != nil {
				return nil, err
			}
			made[c.Key] = value
		}
		all = append(all, made)
	}
	return all, nil
}
