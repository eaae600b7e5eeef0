package incident

import (
	"iter"
	"reflect"
)

// Moments visits every moment of the record that is not nil, with its JSON
// pointer: milestones, people, parts. What it yields points into the record.
func Moments(in *Incident) iter.Seq2[string, *Moment] {
	return func(yield func(string, *Moment) bool) {
		moments("", reflect.ValueOf(in).Elem(), yield)
	}
}

// moments is false once yield wants no more.
func moments(at string, v reflect.Value, yield func(string, *Moment) bool) bool {
	switch {
	case v.Type() == momentType:
		return yield(at, v.Addr().Interface().(*Moment))
	case v.Type() == timeType:
		return true
	case v.Kind() == reflect.Pointer && !v.IsNil():
		return moments(at, v.Elem(), yield)
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			if !moments(place(at, i), v.Index(i), yield) {
				return false
			}
		}
	case v.Kind() == reflect.Struct:
		for i, f := range fieldsOf(v.Type()) {
			inside := at
			if f.key != "" {
				inside += "/" + f.key
			}
			if !moments(inside, v.Field(i), yield) {
				return false
			}
		}
	}
	return true
}

// Latest is what a time that is told now is told near to: that of the last entry
// with a known one, else a milestone; nil, which is now, when there is neither.
func (in *Incident) Latest() *Moment {
	for i := len(in.Timeline) - 1; i >= 0; i-- {
		if in.Timeline[i].At.Known() {
			return in.Timeline[i].At
		}
	}
	for _, m := range []*Moment{in.Milestones.Started, in.Milestones.Triggered, in.Milestones.Detected} {
		if m.Known() {
			return m
		}
	}
	return nil
}
