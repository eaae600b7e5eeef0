package document

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/debriefhq/debrief/incident"
)

// What may be added to a post's front matter.
const (
	mostFront    = 50   // pairs
	longestValue = 1000 // bytes
)

var (
	frontKey    = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,63}(?:\.[A-Za-z0-9_-]{1,64})?$`)
	frontNumber = regexp.MustCompile(`^(?:0|-?[1-9][0-9]{0,8})$`)
)

// CheckFront refuses what cannot be added to the front matter of a format: see
// Options.Front.
func CheckFront(f Format, added []string) error {
	if len(added) == 0 {
		return nil
	}
	refuse := func(why string) error { return incident.Refuse(incident.Invalid, "/front", why) }
	switch {
	case f.Front == noFront:
		return refuse(fmt.Sprintf("%s has no front matter: leave front out, or choose a blog's format", f.Name))
	case len(added) > mostFront:
		return refuse(fmt.Sprintf("%d pairs are too many for a front matter: leave some out, at most %d are added", len(added), mostFront))
	}
	for _, one := range added {
		key, value, found := strings.Cut(one, "=")
		switch {
		case !found || !frontKey.MatchString(key):
			return refuse(fmt.Sprintf("%.40q is no key=value: a key has letters, digits, - and _", one))
		case f.Front == metaFront && strings.Contains(key, "."):
			return refuse(fmt.Sprintf("%s has no key below another: write %q without a dot", f.Name, key))
		case len(value) > longestValue:
			return refuse(fmt.Sprintf("the value of %s is over %d bytes: shorten it", key, longestValue))
		case strings.ContainsFunc(value, unicode.IsControl):
			return refuse(fmt.Sprintf("the value of %s is more than one line: write it on one", key))
		}
	}
	if both := f.Front.valueAndKeys(added); both != "" {
		return refuse(fmt.Sprintf("%s has a value and keys below it: leave out one of them", both))
	}
	return nil
}

// valueAndKeys finds a key that was given a value and keys below it, of which a
// front matter holds one alone; "" for none.
func (k frontKind) valueAndKeys(added []string) string {
	nested := map[string]bool{}
	for _, one := range added {
		name, _, _ := strings.Cut(one, "=")
		above, _, isNested := strings.Cut(name, ".")
		if was, seen := nested[k.key(above)]; seen && was != isNested {
			return above
		}
		nested[k.key(above)] = isNested
	}
	return ""
}

// add puts what was asked for into the front matter: it replaces keys that are
// there, and takes away those without a value. A key told twice is a list.
func (f *front) add(added []string, kind frontKind) {
	values, keys := map[string][]string{}, []string(nil)
	for _, one := range added {
		name, value, _ := strings.Cut(one, "=")
		above, below, nested := strings.Cut(name, ".")
		if name = f.spelled(above, kind); nested {
			name += "." + f.get(name).spelled(below, kind)
		}
		i := slices.IndexFunc(keys, func(k string) bool { return kind.key(k) == kind.key(name) })
		if i < 0 {
			i, keys = len(keys), append(keys, name)
		}
		values[keys[i]] = append(values[keys[i]], value)
	}
	for _, key := range keys {
		var value any = values[key]
		if one := values[key]; len(one) == 1 && (!strings.HasPrefix(key, "taxonomies.") || one[0] == "") {
			value = typed(one[0])
		}
		above, below, nested := strings.Cut(key, ".")
		if !nested {
			f.set(key, value)
			continue
		}
		above = f.spelled(above, kind)
		inside := f.get(above)
		inside.set(below, value)
		f.set(above, inside)
	}
}

// spelled is a key as it stands here, else as it was given.
func (f front) spelled(key string, kind frontKind) string {
	for _, p := range f {
		if kind.key(p.key) == kind.key(key) {
			return p.key
		}
	}
	return key
}

// get is what stands below a key.
func (f front) get(key string) front {
	for _, p := range f {
		if inside, ok := p.value.(front); ok && p.key == key {
			return slices.Clone(inside)
		}
	}
	return nil
}

// typed is a value as the generators' own writers write it: true, false, whole
// numbers and dates bare, all else a text.
func typed(value string) any {
	isDate := func(layout string) bool {
		at, err := time.Parse(layout, value)
		return err == nil && at.Format(layout) == value
	}
	if value == "true" || value == "false" || frontNumber.MatchString(value) || isDate(time.DateOnly) || isDate(time.RFC3339) {
		return bare(value)
	}
	return value
}
