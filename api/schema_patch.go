package api

import (
	"maps"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// patchOf describes a merge patch of v: its keys without those that cannot be
// changed, none required, null taking away.
func patchOf(r huma.Registry, v any, without map[string]string) *huma.Schema {
	whole := huma.SchemaFromType(r, reflect.TypeOf(v))
	s := *whole
	s.Required = nil
	s.Properties = maps.Clone(whole.Properties)
	for key, property := range s.Properties {
		if _, fixed := without["/"+key]; fixed || property.ReadOnly {
			delete(s.Properties, key)
			continue
		}
		s.Properties[key] = takeaway(property)
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
