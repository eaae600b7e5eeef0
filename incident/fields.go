package incident

import (
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

var momentType = reflect.TypeFor[Moment]()

// longText is the longest a text may be, in characters: a string with this
// maxLength may have several lines, any other is one line.
const longText = "65536"

// field is what the tags of a struct's field say. The tags are the rules: the
// checks, the defaults and the API's schema read them here and there alike.
type field struct {
	key       string // JSON key, "" for an embedded struct
	byDefault string
	longest   string   // maxLength as written
	choices   []string // nil: any
	pattern   *regexp.Regexp
	required  bool // and not empty: has a minLength of 1
	needed    bool // says required
	length    int  // maxLength, characters; lineLength when there is no tag
	items     int  // maxItems; 0: any number
	low, high int64
	bounded   bool
}

// lineLength bounds strings whose field has no maxLength of its own.
const lineLength = 200

var fieldCache sync.Map // reflect.Type → []field

// fieldsOf reads the tags of a struct, in the order of its fields.
func fieldsOf(t reflect.Type) []field {
	if known, ok := fieldCache.Load(t); ok {
		return known.([]field)
	}
	fields := make([]field, t.NumField())
	for i := range fields {
		fields[i] = readField(t.Field(i))
	}
	fieldCache.Store(t, fields)
	return fields
}

func readField(sf reflect.StructField) field {
	f := field{
		byDefault: sf.Tag.Get("default"),
		longest:   sf.Tag.Get("maxLength"),
		required:  sf.Tag.Get("minLength") != "",
		needed:    sf.Tag.Get("required") == "true",
		length:    lineLength,
		items:     int(tagNumber(sf, "maxItems")),
		low:       tagNumber(sf, "minimum"),
		high:      tagNumber(sf, "maximum"),
	}
	_, f.bounded = sf.Tag.Lookup("maximum")
	if !sf.Anonymous {
		f.key, _, _ = strings.Cut(sf.Tag.Get("json"), ",")
	}
	if enum, ok := sf.Tag.Lookup("enum"); ok {
		f.choices = strings.Split(enum, ",")
	}
	if pattern, ok := sf.Tag.Lookup("pattern"); ok {
		f.pattern = regexp.MustCompile(pattern)
	}
	if f.longest != "" {
		f.length = int(tagNumber(sf, "maxLength"))
	}
	return f
}

// tagNumber is 0 for a tag that is not there. One that is no number is a
// mistake in our own source, which TestEveryTagIsANumber finds.
func tagNumber(sf reflect.StructField, tag string) int64 {
	n, err := strconv.ParseInt(sf.Tag.Get(tag), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
