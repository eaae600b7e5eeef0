package incident

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// deepest is how far JSON may nest: a record needs five levels.
const deepest = 32

// Decode reads strict JSON into what into points at, and names the place of
// what it refuses. Malformed: broken syntax, text that is not UTF-8 (also half
// a surrogate pair), a key twice, nesting over 32 levels, anything after the
// value. Invalid: a key that into does not have (keys are compared with case),
// a value of another type, NUL in a text, a required number that is missing
// (what else is missing is for Check). On a refusal into holds nothing new.
func Decode(data []byte, into any) error {
	if !utf8.Valid(data) || halfPair(data) {
		return Refuse(Malformed, "", "the text is not valid UTF-8: send JSON as UTF-8")
	}
	target := reflect.ValueOf(into)
	if target.Kind() != reflect.Pointer || target.IsNil() {
		return fmt.Errorf("decode into %T: not a pointer", into)
	}
	r := reader{dec: json.NewDecoder(bytes.NewReader(data)), data: data}
	r.dec.UseNumber()
	if err := r.value("", target.Type().Elem(), 0); err != nil {
		return err
	}
	if _, err := r.dec.Token(); !errors.Is(err, io.EOF) {
		return r.malformed("there is more after the JSON value: send one value")
	}
	fresh := reflect.New(target.Type().Elem())
	fresh.Elem().Set(target.Elem())
	if err := json.Unmarshal(data, fresh.Interface()); err != nil {
		return refusedBy(err, "")
	}
	target.Elem().Set(fresh.Elem())
	return nil
}

// reader walks JSON beside the type that it is to become. A nil type is any.
type reader struct {
	dec  *json.Decoder
	data []byte
	null bool // the last value was null
}

// malformed says where the reader stands.
func (r *reader) malformed(what string) error {
	read := r.data[:min(r.dec.InputOffset(), int64(len(r.data)))]
	line := bytes.Count(read, []byte("\n")) + 1
	column := len(read) - bytes.LastIndexByte(read, '\n')
	return Refuse(Malformed, "", fmt.Sprintf("the JSON cannot be read at line %d, column %d: %s", line, column, what))
}

func (r *reader) token() (json.Token, error) {
	token, err := r.dec.Token()
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, r.malformed("it ends too early")
	case err != nil:
		return nil, r.malformed(err.Error())
	}
	return token, nil
}

func (r *reader) value(at string, t reflect.Type, depth int) error {
	if depth > deepest {
		return r.malformed(fmt.Sprintf("it nests deeper than %d levels", deepest))
	}
	token, err := r.token()
	if err != nil {
		return err
	}
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t != nil && readsItself(t) {
		t = nil
	}
	switch token {
	case json.Delim('{'):
		err = r.object(at, t, depth)
	case json.Delim('['):
		err = r.list(at, t, depth)
	default:
		err = leaf(at, token, t)
	}
	r.null = token == nil
	return err
}

var unmarshaler = reflect.TypeFor[json.Unmarshaler]()

// readsItself tells whether any JSON may stand for the type, as far as can be
// told without it.
func readsItself(t reflect.Type) bool {
	switch {
	case t == momentType, t == timeType, t == numberType:
		return false
	case t.Kind() == reflect.Interface, t.Kind() == reflect.Map:
		return true
	default:
		return reflect.PointerTo(t).Implements(unmarshaler)
	}
}

func (r *reader) list(at string, t reflect.Type, depth int) error {
	var element reflect.Type
	if t != nil {
		if t.Kind() != reflect.Slice {
			return mistyped(at, "a list", t)
		}
		element = t.Elem()
	}
	for i := 0; r.dec.More(); i++ {
		if err := r.value(place(at, i), element, depth+1); err != nil {
			return err
		}
	}
	_, err := r.token()
	return err
}

func (r *reader) object(at string, t reflect.Type, depth int) error {
	var keys map[string]reflect.Type
	if t != nil {
		if t.Kind() != reflect.Struct || t == timeType {
			return mistyped(at, "an object", t)
		}
		keys = knownKeys(t)
	}
	seen := map[string]bool{} // and whether it was more than null
	for r.dec.More() {
		token, err := r.token()
		if err != nil {
			return err
		}
		key, _ := token.(string)
		inside := at + "/" + escapedKey(key)
		of, known := keys[key]
		_, again := seen[key]
		switch {
		case again:
			return Refuse(Malformed, inside, fmt.Sprintf("the key %.60q stands twice in one object: keep one", key))
		case strings.ContainsRune(key, 0):
			return Refuse(Invalid, inside, "the key holds a NUL character: remove it")
		case keys != nil && !known:
			return Refuse(Invalid, inside, unknownKey(key, keys))
		}
		if err := r.value(inside, of, depth+1); err != nil {
			return err
		}
		seen[key] = !r.null
	}
	if _, err := r.token(); err != nil {
		return err
	}
	return lacking(at, t, seen)
}

// lacking refuses an object without a number that it must have: absent would
// read as zero.
func lacking(at string, t reflect.Type, seen map[string]bool) error {
	if t == nil {
		return nil
	}
	for i, f := range fieldsOf(t) {
		if f.needed && t.Field(i).Type.Kind() == reflect.Float64 && !seen[f.key] {
			return Refuse(Invalid, at+"/"+f.key, "is missing: write a number")
		}
	}
	return nil
}

// leaf checks that a text, number, boolean or null fits the type.
func leaf(at string, token json.Token, t reflect.Type) error {
	if text, ok := token.(string); ok && strings.ContainsRune(text, 0) {
		return Refuse(Invalid, at, "the text holds a NUL character: remove it")
	}
	if t == nil || token == nil {
		return nil
	}
	data, err := json.Marshal(token)
	if err != nil {
		return refusedBy(err, at)
	}
	if err := json.Unmarshal(data, reflect.New(t).Interface()); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) || t == timeType {
			return mistyped(at, string(data), t)
		}
		return refusedBy(err, at)
	}
	return nil
}

// refusedBy keeps a refusal that a type itself made, at its place.
func refusedBy(err error, at string) error {
	var refused *Error
	if errors.As(err, &refused) {
		return Refuse(refused.Kind, at, refused.Detail)
	}
	return Refuse(Invalid, at, "does not fit: "+strings.TrimPrefix(err.Error(), "json: "))
}

// halfPair tells whether a \u escape gives half of a surrogate pair, which is
// no character.
func halfPair(data []byte) bool {
	for i := 0; i+1 < len(data); i++ {
		if data[i] != '\\' {
			continue
		}
		i++
		if data[i] != 'u' {
			continue
		}
		switch high := escaped(data, i+1); {
		case high >= 0xdc00 && high <= 0xdfff:
			return true
		case high >= 0xd800 && high < 0xdc00:
			if i+6 >= len(data) || data[i+5] != '\\' || data[i+6] != 'u' {
				return true
			}
			if low := escaped(data, i+7); low < 0xdc00 || low > 0xdfff {
				return true
			}
			i += 6
		}
	}
	return false
}

// escaped reads the four hexadecimal digits at i, 0 when there are none.
func escaped(data []byte, i int) uint64 {
	if i+4 > len(data) {
		return 0
	}
	n, err := strconv.ParseUint(string(data[i:i+4]), 16, 32)
	if err != nil {
		return 0
	}
	return n
}
