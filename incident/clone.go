package incident

import (
	"reflect"
	"time"
)

// Clone is a copy that shares nothing with the record.
func (in *Incident) Clone() *Incident {
	return copied(reflect.ValueOf(in)).Interface().(*Incident)
}

var timeType = reflect.TypeFor[time.Time]()

// copied follows pointers, lists and structs; times are values.
func copied(from reflect.Value) reflect.Value {
	to := reflect.New(from.Type()).Elem()
	switch {
	case from.Type() == timeType:
		to.Set(from)
	case from.Kind() == reflect.Pointer && !from.IsNil():
		to.Set(reflect.New(from.Type().Elem()))
		to.Elem().Set(copied(from.Elem()))
	case from.Kind() == reflect.Slice && !from.IsNil():
		to.Set(reflect.MakeSlice(from.Type(), from.Len(), from.Len()))
		for i := range from.Len() {
			to.Index(i).Set(copied(from.Index(i)))
		}
	case from.Kind() == reflect.Struct:
		for i := range from.NumField() {
			to.Field(i).Set(copied(from.Field(i)))
		}
	default:
		to.Set(from)
	}
	return to
}
