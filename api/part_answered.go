package api

import (
	"encoding/json"
	"maps"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/debriefhq/debrief/incident"
)

// partAnswered is a part as a write kept it, and what is odd about it, beside its keys.
type partAnswered[P any] struct {
	part incident.Part
	odd  []incident.Warning // pointers begin at the part
}

// MarshalJSON writes the part, and warnings only where there are any.
func (p partAnswered[P]) MarshalJSON() ([]byte, error) {
	text, err := json.Marshal(p.part)
	if err != nil || len(p.odd) == 0 {
		return text, err
	}
	odd, err := json.Marshal(p.odd)
	if err != nil {
		return nil, err
	}
	text = append(text[:len(text)-1], `,"warnings":`...)
	return append(append(text, odd...), '}'), nil
}

// Schema is that of the part with one key more.
func (partAnswered[P]) Schema(r huma.Registry) *huma.Schema {
	ref := r.Schema(reflect.TypeFor[P](), true, "").Ref
	name := "Kept" + ref[strings.LastIndexByte(ref, '/')+1:]
	if r.Map()[name] == nil {
		kept := *r.SchemaFromRef(ref)
		kept.Properties = maps.Clone(kept.Properties)
		warnings := *r.Schema(reflect.TypeFor[[]incident.Warning](), true, "")
		warnings.Description, warnings.ReadOnly = "What is odd about the part but kept; pointers begin at the part. Absent when nothing is.", true
		kept.Properties["warnings"] = &warnings
		r.Map()[name] = &kept
	}
	return &huma.Schema{Ref: ref[:strings.LastIndexByte(ref, '/')+1] + name}
}

// partsAnswered is what was appended, in the form it was sent.
type partsAnswered[P any] struct {
	all  []partAnswered[P]
	many bool // an array
}

// MarshalJSON writes one part or an array.
func (p partsAnswered[P]) MarshalJSON() ([]byte, error) {
	if !p.many {
		return json.Marshal(p.all[0])
	}
	return json.Marshal(p.all)
}

// Schema says so.
func (partsAnswered[P]) Schema(r huma.Registry) *huma.Schema {
	one := partAnswered[P]{}.Schema(r)
	return &huma.Schema{OneOf: []*huma.Schema{one, {Type: "array", Items: one}}}
}
