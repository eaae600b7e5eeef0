package web

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// clash is the answer to an edit of what somebody else changed meanwhile: by
// key, what stands there now.
type clash map[string]string

func (clash) Error() string { return "somebody else changed this meanwhile" }

// misread is what could not be read, by key.
type misread map[string]string

func (misread) Error() string { return "not everything could be read" }

// was is before the name of what a control was made with.
const was = "was."

// posted is what somebody wrote of an input.
func posted(in input, sent url.Values) string {
	switch in.Shape {
	case asTable:
		var rows []string
		for i := range sent[in.Key+"."+in.Columns[0].Key] {
			cells := make([]string, len(in.Columns))
			for j, c := range in.Columns {
				if all := sent[in.Key+"."+c.Key]; i < len(all) {
					cells[j] = strings.NewReplacer(betweenColumns, " ", betweenRows, " ", "\r", "").Replace(strings.TrimSpace(all[i]))
				}
			}
			rows = append(rows, strings.Join(cells, betweenColumns))
		}
		rows = slices.DeleteFunc(rows, func(row string) bool { return strings.Trim(row, betweenColumns) == "" })
		return strings.Join(rows, betweenRows)
	case asEntries:
		return strings.Join(slices.Sorted(slices.Values(sent[in.Key])), " ")
	}
	return lf(sent.Get(in.Key))
}

// lf ends lines as we keep them; browsers send CRLF.
func lf(text string) string { return endOfLine.Replace(text) }

var endOfLine = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// before is what stood there when the form was made.
func before(in input, sent url.Values) string {
	return lf(sent.Get(was + in.Key))
}

// edit changes o as a form says. What its writer left alone stays; what they
// and somebody else changed alike or apart is a clash, unless sent says that
// they have seen it. It gives clash, misread, or nil.
func edit(o object, inputs []input, sent url.Values, w incident.When) error {
	theirs, wrong := clash{}, misread{}
	for _, in := range inputs {
		mine, before := posted(in, sent), before(in, sent)
		now := lf(asText(in, o.get(in.Key)))
		if mine == before && sent.Has(was+in.Key) || mine == now {
			continue
		}
		if sent.Has(was+in.Key) && now != before {
			theirs[in.Key] = now
			continue
		}
		value, err := valueOf(in, mine, o.get(in.Key), w)
		var refusal *incident.Error
		switch {
		case errors.As(err, &refusal):
			wrong[in.Key] = refusal.Detail
		case err != nil:
			return err
		default:
			o.set(in.Key, value)
		}
	}
	o.prune()
	switch {
	case len(theirs) > 0:
		return theirs
	case len(wrong) > 0:
		return wrong
	}
	return nil
}

// prune takes out statements without a text: they say nothing.
func (o object) prune() {
	analysis, _ := o["analysis"].(map[string]any)
	for _, key := range []string{"trigger", "technical_cause", "process_cause"} {
		if s, ok := analysis[key].(map[string]any); ok && (s["text"] == nil || s["text"] == "") {
			analysis[key] = nil
		}
	}
}

// menus are the values of some inputs that are not those of their tags, by key.
type menus map[string][]option

// controls shows a value of type t for editing.
func controls(id string, t reflect.Type, o object, inputs []input, labels menus) []control {
	all := make([]control, len(inputs))
	for i, in := range inputs {
		all[i] = newControl(id, t, in, asText(in, o.get(in.Key)), labels)
	}
	return all
}

func newControl(id string, t reflect.Type, in input, text string, labels menus) control {
	tag, _ := tags(t, in.Key)
	c := control{
		input: in, ID: id + "-" + strings.ReplaceAll(in.Key, ".", "-"), Value: text,
		Longest: mostCharacters(tag), Needed: tag.Get("minLength") != "" && in.Shape != asTable,
	}
	switch in.Shape {
	case asChoice, asEntries:
		chosen := strings.Fields(text)
		if text == "" {
			chosen = []string{tag.Get("default")}
		}
		all, set := labels[in.Key]
		if !set {
			all = options(tag)
		}
		for _, o := range all {
			o.Chosen = slices.Contains(chosen, o.Value)
			c.Options = append(c.Options, o)
		}
	case asTable:
		c.Rows = tableRows(c.ID, t, in, text)
	}
	return c
}

// spareRows are the empty rows at the end of a table.
const spareRows = 2

func tableRows(id string, t reflect.Type, in input, text string) [][]control {
	rows := strings.Split(text, betweenRows)
	if text == "" {
		rows = nil
	}
	for range spareRows {
		rows = append(rows, "")
	}
	all := make([][]control, len(rows))
	for i, row := range rows {
		cells := strings.Split(row, betweenColumns)
		for j, column := range in.Columns {
			cell := ""
			if j < len(cells) {
				cell = cells[j]
			}
			inner := column
			inner.Key = in.Key + "." + column.Key
			c := newControl(fmt.Sprintf("%s-%d", id, i), t, inner, cell, nil)
			c.Needed = false
			all[i] = append(all[i], c)
		}
	}
	return all
}

// again fills the form with what was sent, and says what is wrong with it.
func (f *form) again(t reflect.Type, sent url.Values, labels menus, err error) {
	var theirs clash
	var wrong misread
	var refusal *incident.Error
	f.Again, f.Clash = true, errors.As(err, &theirs)
	if key := sent.Get("once"); key != "" {
		f.Once = key
	}
	for i, c := range f.Controls {
		mine, before := posted(c.input, sent), before(c.input, sent)
		if f.Clash && mine == before {
			continue // not touched here: shown as it stands now
		}
		f.Controls[i] = newControl(f.ID, t, c.input, mine, labels)
		if sent.Has(was + c.Key) {
			f.Controls[i].Was = &before
		}
		if text, ok := theirs[c.Key]; ok {
			f.Controls[i].Was, f.Controls[i].Theirs = &text, &text
		}
	}
	switch {
	case errors.As(err, &wrong):
		f.blame(wrong)
	case errors.As(err, &refusal) && len(refusal.Fields) > 0:
		f.blame(refusal.Fields)
	case errors.As(err, &refusal):
		f.Problem = sentence(refusal.Detail)
	}
}

// blame puts what is wrong at its control; pointers and keys are understood.
// What belongs to none that is seen is said above them.
func (f *form) blame(faults map[string]string) {
	for _, pointer := range slices.Sorted(maps.Keys(faults)) {
		key := strings.ReplaceAll(strings.TrimPrefix(pointer, "/"), "/", ".")
		i := slices.IndexFunc(f.Controls, func(c control) bool { return key == c.Key || strings.HasPrefix(key, c.Key+".") })
		switch {
		case i < 0 || f.Controls[i].Shape == asHidden:
			f.Problem = strings.TrimSpace(f.Problem + " " + sentence(strings.TrimPrefix(pointer, "/")+" "+faults[pointer]))
		case f.Controls[i].Error == "":
			f.Controls[i].Error = sentence(strings.TrimPrefix(faults[pointer], pointer+" "))
		}
	}
}

// entryOptions are the entries that evidence may point at.
func entryOptions(in *incident.Incident) []option {
	labels := entryLabels(in, newClock(in.Zone))
	all := make([]option, 0, len(in.Timeline))
	for i := range in.Timeline {
		e := &in.Timeline[i]
		text := []rune(strings.Join(strings.Fields(e.Text), " "))
		if len(text) > 60 {
			text = append(text[:59], '…')
		}
		all = append(all, option{Value: e.ID, Label: labels[e.ID] + ": " + string(text)})
	}
	return all
}
