package api

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

const components = "#/components/schemas/"

// newRegistry describes types as huma does, but for those that JSON shows in
// more than one way: they say so themselves, below.
func newRegistry() huma.Registry {
	r := huma.NewMapRegistry(components, nameSchema)
	r.RegisterTypeAlias(reflect.TypeFor[incident.Moment](), reflect.TypeFor[momentSchema]())
	r.RegisterTypeAlias(reflect.TypeFor[incident.Number](), reflect.TypeFor[numberSchema]())
	r.RegisterTypeAlias(reflect.TypeFor[incident.Statement](), reflect.TypeFor[statementSchema]())
	return r
}

// nameSchema names types without their package; people of the installation are
// not the people named on an incident.
func nameSchema(t reflect.Type, hint string) string {
	switch t {
	case reflect.TypeFor[store.Person](), reflect.TypeFor[*store.Person]():
		return "Account"
	case reflect.TypeFor[store.Page[store.Person]]():
		return "PageAccount"
	}
	return huma.DefaultSchemaNamer(t, hint)
}

// named puts a schema among the components once, and refers to it.
func named(r huma.Registry, name string, schema func() *huma.Schema) *huma.Schema {
	if r.Map()[name] == nil {
		r.Map()[name] = &huma.Schema{} // types that hold themselves end here
		s := schema()
		s.PrecomputeMessages()
		r.Map()[name] = s
	}
	return &huma.Schema{Ref: components + name}
}

// nullable is s or null.
func nullable(s *huma.Schema) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{s, {Type: "null"}}}
}

// momentSchema describes incident.Moment where it may be missing: an object, a
// time as text, or null.
type momentSchema struct{}

// plainMoment is the object form of a moment.
type plainMoment incident.Moment

// Schema tells huma.
func (momentSchema) Schema(r huma.Registry) *huma.Schema {
	return named(r, "Moment", func() *huma.Schema {
		object := huma.SchemaFromType(r, reflect.TypeFor[plainMoment]())
		object.Description = "As it is always answered."
		for _, p := range incident.Precisions {
			object.Properties["precision"].Enum = append(object.Properties["precision"].Enum, string(p))
		}
		return &huma.Schema{
			Description: "A point in time as people told it, with its zone and precision; null while nobody knows.",
			OneOf: []*huma.Schema{
				object,
				{Type: "string", Format: "date-time", Description: "Short for writing: its offset becomes the zone, and it is precise to the minute when the seconds are zero."},
				{Type: "null"},
			},
			Examples: []any{map[string]any{"at": "2013-07-18T09:42:00Z", "zone": "America/Los_Angeles", "precision": "minute", "as_written": "2:42 AM PDT"}, "2013-07-18T02:42:00-07:00"},
		}
	})
}

// statementSchema describes incident.Statement where it may be missing.
type statementSchema struct{}

// plainStatement is a statement that is there.
type plainStatement incident.Statement

// Schema tells huma.
func (statementSchema) Schema(r huma.Registry) *huma.Schema {
	return named(r, "Statement", func() *huma.Schema {
		return nullable(huma.SchemaFromType(r, reflect.TypeFor[plainStatement]()))
	})
}

// numberSchema describes incident.Number in a body.
type numberSchema struct{}

// Schema tells huma.
func (numberSchema) Schema(r huma.Registry) *huma.Schema {
	return named(r, "Number", func() *huma.Schema {
		return &huma.Schema{
			Description: "Names an incident. It is always answered as a number.",
			OneOf:       []*huma.Schema{{Type: "integer", Format: "int64"}, {Type: "string", Pattern: numberPattern}},
			Examples:    []any{42, "INC-42"},
		}
	})
}
