package incident

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
)

var keyCache sync.Map // reflect.Type → map[string]reflect.Type

// knownKeys is keysOf, remembered.
func knownKeys(t reflect.Type) map[string]reflect.Type {
	if known, ok := keyCache.Load(t); ok {
		return known.(map[string]reflect.Type)
	}
	keys := keysOf(t)
	keyCache.Store(t, keys)
	return keys
}

// escapedKey is a key as JSON pointers write it (RFC 6901).
func escapedKey(key string) string {
	return strings.ReplaceAll(strings.ReplaceAll(key, "~", "~0"), "/", "~1")
}

// keysOf lists the JSON keys of a struct and their types, those of embedded
// structs too.
func keysOf(t reflect.Type) map[string]reflect.Type {
	keys := map[string]reflect.Type{}
	for i := range t.NumField() {
		sf := t.Field(i)
		key, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
		switch {
		case key == "-" || !sf.IsExported() && !sf.Anonymous:
		case sf.Anonymous && key == "":
			maps.Copy(keys, keysOf(sf.Type))
		case key == "":
			keys[sf.Name] = sf.Type
		default:
			keys[key] = sf.Type
		}
	}
	return keys
}

// unknownKey says which key was likely meant.
func unknownKey(key string, keys map[string]reflect.Type) string {
	all := slices.Sorted(maps.Keys(keys))
	if near := Nearest(key, all); near != "" {
		return fmt.Sprintf("there is no key %.60q here: did you mean %q?", key, near)
	}
	return fmt.Sprintf("there is no key %.60q here: leave it out; the keys are %s", key, strings.Join(all, ", "))
}

// mistyped says what stands where and what should.
func mistyped(at, got string, t reflect.Type) error {
	want := "a text"
	switch {
	case t == timeType:
		want = "a time such as \"2013-07-18T09:42:00Z\""
	case t == momentType:
		want = "an object with at, zone and precision, or a time such as \"2013-07-18T09:42:00Z\""
	case t.Kind() == reflect.Slice:
		want = "a list"
	case t.Kind() == reflect.Struct:
		want = "an object"
	case t.Kind() == reflect.Bool:
		want = "true or false"
	case t.Kind() == reflect.Float64:
		want = "a number"
	case t.Kind() >= reflect.Int && t.Kind() <= reflect.Uint64:
		want = "a whole number"
	}
	if strings.HasSuffix(want, "number") && tooBig(got, t) {
		want += " nearer to zero"
	}
	return Refuse(Invalid, at, fmt.Sprintf("here stands %s, but %s belongs here", shortened(got), want))
}

// tooBig tells whether the number is of the type's sort, but beyond its range.
func tooBig(got string, t reflect.Type) bool {
	digits := strings.TrimLeft(got, "-0123456789")
	return digits == "" || t.Kind() == reflect.Float64 && digits != got
}

// shortened keeps refusals short.
func shortened(s string) string {
	if letters := []rune(s); len(letters) > 40 {
		return string(letters[:40]) + "…"
	}
	return s
}
