package incident_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
)

// constants reads the closed sets of the package from its source: the values
// of every typed string constant, by type.
func constants(t *testing.T) map[string][]string {
	t.Helper()
	sets := map[string][]string{}
	files, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		tree, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			of, named := spec.Type.(*ast.Ident)
			for _, v := range spec.Values {
				if lit, ok := v.(*ast.BasicLit); ok && named && lit.Kind == token.STRING {
					value, err := strconv.Unquote(lit.Value)
					if err != nil {
						t.Fatal(err)
					}
					sets[of.Name] = append(sets[of.Name], value)
				}
			}
			return true
		})
	}
	return sets
}

// everyField visits the fields of all structs that a record is made of.
func everyField(t reflect.Type, visit func(in reflect.Type, f reflect.StructField)) {
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(t reflect.Type) {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct || t.PkgPath() == "time" || seen[t] {
			return
		}
		seen[t] = true
		for i := range t.NumField() {
			visit(t, t.Field(i))
			walk(t.Field(i).Type)
		}
	}
	walk(t)
}

func TestTheChoicesOfAFieldAreTheConstantsOfItsType(t *testing.T) {
	t.Parallel()
	sets := constants(t)
	checked := 0
	visit := func(in reflect.Type, f reflect.StructField) {
		tag, ok := f.Tag.Lookup("enum")
		if set := sets[f.Type.Name()]; f.Type.Kind() == reflect.String && len(set) > 0 && !ok && in.Name() != "Moment" {
			t.Errorf("%s.%s has no enum tag for %q", in.Name(), f.Name, set)
		}
		if !ok {
			return
		}
		checked++
		got := slices.DeleteFunc(strings.Split(tag, ","), func(s string) bool { return s == "" })
		want := slices.DeleteFunc(slices.Clone(sets[f.Type.Name()]), func(s string) bool { return s == "operational" })
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s.%s offers %q, the constants of %s are %q", in.Name(), f.Name, got, f.Type.Name(), want)
		}
	}
	everyField(reflect.TypeFor[incident.Incident](), visit)
	everyField(reflect.TypeFor[incident.StatusMove](), visit)
	if checked < 25 {
		t.Errorf("found %d fields with choices: this test is not looking at the record", checked)
	}
}

func TestEveryTagIsOneThatTheChecksRead(t *testing.T) {
	t.Parallel()
	numbers := []string{"maxLength", "minLength", "maxItems", "minimum", "maximum"}
	everyField(reflect.TypeFor[incident.Incident](), func(in reflect.Type, f reflect.StructField) {
		for _, tag := range numbers {
			if text, ok := f.Tag.Lookup(tag); ok {
				if _, err := strconv.Atoi(text); err != nil {
					t.Errorf("%s.%s has %s:%q: not a number", in.Name(), f.Name, tag, text)
				}
			}
		}
		if text, ok := f.Tag.Lookup("minLength"); ok && (text != "1" || f.Tag.Get("required") != "true") {
			t.Errorf("%s.%s has minLength %q: the checks know 1 with required only", in.Name(), f.Name, text)
		}
		if _, err := regexp.Compile(f.Tag.Get("pattern")); err != nil {
			t.Errorf("%s.%s: %v", in.Name(), f.Name, err)
		}
	})
}

// fitting has n letters: of two bytes each, where the field takes any.
func fitting(f reflect.StructField, n int) string {
	if _, formed := f.Tag.Lookup("pattern"); formed {
		return strings.Repeat("e", n)
	}
	return strings.Repeat("é", n)
}

func TestEveryTextIsKeptUpToItsLengthAndNoFurther(t *testing.T) {
	t.Parallel()
	checked := 0
	for _, k := range incident.PartKinds {
		p, _ := incident.NewPart(k)
		kind := reflect.TypeOf(p).Elem()
		for i := range kind.NumField() {
			f := kind.Field(i)
			most, err := strconv.Atoi(f.Tag.Get("maxLength"))
			if err != nil || f.Type.Kind() != reflect.String {
				continue
			}
			checked++
			key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			for length, refused := range map[int]bool{most: false, most + 1: true} {
				part, _ := incident.NewPart(k)
				reflect.ValueOf(part).Elem().Field(i).SetString(fitting(f, length))
				wrong := incident.CheckPart(part, "/here")["/here/"+key]
				if (wrong != "") != refused {
					t.Errorf("CheckPart(%s with %s of %d characters) = %q, want refused %v", k, key, length, wrong, refused)
				}
			}
		}
	}
	if checked < 18 {
		t.Errorf("found %d texts: this test is not looking at the parts", checked)
	}
}
