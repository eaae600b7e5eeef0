package api

import (
	"maps"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// patchOf describes a merge patch of v: no key is required, null takes away, and
// what is settled elsewhere or assigned may only be sent back as it was read.
func patchOf(r huma.Registry, v any, settled func(key string) bool) *huma.Schema {
	whole := huma.SchemaFromType(r, reflect.TypeOf(v))
	s := *whole
	s.Required = nil
	s.Properties = maps.Clone(whole.Properties)
	for key, property := range s.Properties {
		p := takeaway(property)
		if settled(key) || property.ReadOnly {
			p.ReadOnly, p.Description = true, "Not changed by a patch; may be sent back as it was read."
		}
		s.Properties[key] = p
	}
	s.PrecomputeMessages()
	return &s
}

// takeaway is a property that may be null in a patch. A default is no default there.
func takeaway(property *huma.Schema) *huma.Schema {
	p := *property
	p.Default = nil
	switch {
	case p.Ref != "":
		return &huma.Schema{AnyOf: []*huma.Schema{{Ref: p.Ref}, {Type: "null"}}, Description: p.Description}
	case p.Enum != nil:
		p.Enum = append(p.Enum[:len(p.Enum):len(p.Enum)], nil)
	}
	p.Nullable = p.Type != ""
	return &p
}
