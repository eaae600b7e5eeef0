package debrief_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/debriefhq/debrief"

// floors is the house. A package imports only packages on lower floors; rooms
// on one floor never import each other. A folder inside a room (templates,
// static files, test helpers) is part of that room. The module's root holds
// tests of the whole house, so it stands above all.
var floors = [][]string{
	{"incident", "migrations"},
	{"incident/document", "incident/insight", "incident/lint", "incident/query", "incident/status", "store/postgres"},
	{"store", "store/storetest", "api/client", "api/edition", "api/stream"},
	{"api", "api/notify", "web"},
	{"cmd/debrief"},
	{"."},
}

// only lists rooms that may import less than their floor would allow.
var only = map[string][]string{
	"api/client":  {"incident"},
	"api/edition": {"incident", "incident/status"},
	"api/stream":  {"incident"},
}

// neighbours lists the rooms that a room's tests may import beside lower floors:
// the store is tested on real databases, which storetest hands out, and lint on
// records that people wrote as Markdown.
var neighbours = map[string][]string{
	"incident/lint": {"incident/document"},
	"store":         {"store/storetest"},
}

// opens lists the one neighbour that a room may import outside its tests:
// storetest hands out open stores, and only tests import it.
var opens = map[string]string{"store/storetest": "store"}

// impure are the standard packages that would bring I/O or chance into package incident.
var impure = []string{
	"crypto/rand", "database/sql", "log", "log/slog", "math/rand", "math/rand/v2",
	"net", "net/http", "os", "os/exec", "os/signal", "syscall",
}

// clocks are the functions of package time that look at a clock.
var clocks = []string{
	"After", "AfterFunc", "NewTicker", "NewTimer", "Now", "Since", "Sleep", "Tick", "Until",
}

// source is one Go file of the house.
type source struct {
	name string // slash-separated, from the module's root
	text []byte
	set  *token.FileSet
	tree *ast.File
}

// pkg is the folder of the file, which names its package inside the module.
func (s source) pkg() string { return path.Dir(s.name) }

// test tells whether the file is compiled only for tests.
func (s source) test() bool { return strings.HasSuffix(s.name, "_test.go") }

// sources reads every Go file that the go command would look at, on any platform.
func sources(t *testing.T) []source {
	t.Helper()
	house, err := os.OpenRoot(".")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = house.Close() }()
	var all []source
	err = fs.WalkDir(house.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		switch base := path.Base(name); {
		case err != nil:
			return err
		case entry.IsDir() && name != "." && (strings.ContainsAny(base[:1], "._") || base == "testdata" || base == "node_modules"):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		text, err := house.ReadFile(name)
		if err != nil {
			return err
		}
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, name, text, parser.ParseComments|parser.SkipObjectResolution)
		all = append(all, source{name, text, set, tree})
		return err
	})
	if err != nil {
		t.Fatalf("reading the house: %v", err)
	}
	return all
}

// room finds the room and the floor of a package, or floor -1.
func room(pkg string) (name string, floor int) {
	floor = -1
	for level, rooms := range floors {
		for _, r := range rooms {
			if (pkg == r || strings.HasPrefix(pkg, r+"/")) && len(r) > len(name) {
				name, floor = r, level
			}
		}
	}
	return name, floor
}

// objection says why from may not import the path to; "" when it may.
func objection(from, to string, test bool) string {
	here, floor := room(from)
	inside, ours := strings.CutPrefix(to, module+"/")
	there, below := room(inside)
	thirdParty := strings.Contains(strings.Split(to, "/")[0], ".")
	switch {
	case floor < 0:
		return "give this room a floor"
	case from == "incident/incidenttest" && !ours:
		return "" // makes records for tests, and is imported by tests only
	case !ours && here == "incident" && !test && thirdParty:
		return "incident imports only the standard library"
	case !ours && here == "incident" && !test && slices.Contains(impure, to):
		return "incident has no I/O: pass in what it needs"
	case !ours, here == there, test && slices.Contains(neighbours[here], there):
		return ""
	case opens[here] == there && there != "":
		return ""
	case below < 0:
		return "the imported room has no floor"
	case there == "store/storetest" && !test:
		return "only tests import it"
	case only[here] != nil && !slices.Contains(only[here], there):
		return "it imports " + strings.Join(only[here], ", ") + " and nothing else of ours"
	case below == floor:
		return "rooms on one floor never import each other"
	case below > floor:
		return "a room imports only lower floors"
	}
	return ""
}

func TestEveryPackageImportsOnlyLowerFloors(t *testing.T) {
	t.Parallel()
	all := sources(t)
	if len(all) < 2 {
		t.Fatalf("found %d Go files: this test is not looking at the house", len(all))
	}
	homeless := map[string]bool{}
	for _, s := range all {
		if _, floor := room(s.pkg()); floor < 0 && !homeless[s.pkg()] {
			homeless[s.pkg()] = true
			t.Errorf("%s: give this room a floor, in floors_test.go", s.pkg())
		}
		for _, spec := range s.tree.Imports {
			to, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatalf("%s: import %s: %v", s.name, spec.Path.Value, err)
			}
			if why := objection(s.pkg(), to, s.test()); why != "" && !homeless[s.pkg()] {
				t.Errorf("%s imports %s: %s", s.set.Position(spec.Pos()), to, why)
			}
		}
	}
}

func TestPackageIncidentReadsNoClock(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if here, _ := room(s.pkg()); here != "incident" || s.test() {
			continue
		}
		ast.Inspect(s.tree, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clocks, sel.Sel.Name) {
				t.Errorf("%s calls time.%s: rules take the time as an argument", s.set.Position(n.Pos()), sel.Sel.Name)
			}
			return true
		})
	}
}

func TestTheFloors(t *testing.T) {
	t.Parallel()
	const src, test = false, true
	tests := []struct {
		name     string
		from, to string
		test     bool
		refused  string // part of the objection; "" when allowed
	}{
		{"a room imports a lower floor", "store", module + "/incident", src, ""},
		{"but not a higher one", "store", module + "/api", src, "only lower floors"},
		{"not even in its tests", "store/postgres", module + "/store", test, "only lower floors"},
		{"rooms on one floor are strangers", "web", module + "/api", src, "never import each other"},
		{"also when one is drawn inside the other", "api", module + "/api/notify", src, "never import each other"},
		{"a room uses its own folders", "web", module + "/web/static", src, ""},
		{"whose floor is the room's", "web/page", module + "/api", src, "never import each other"},
		{"the store's tests use storetest", "store", module + "/store/storetest", test, ""},
		{"the store itself does not", "store", module + "/store/storetest", src, "only tests"},
		{"nor does anything else that is not a test", "web", module + "/store/storetest", src, "only tests"},
		{"which hands out open stores", "store/storetest", module + "/store", src, ""},
		{"the client imports incident", "api/client", module + "/incident", src, ""},
		{"and nothing else of ours", "api/client", module + "/incident/document", src, "nothing else of ours"},
		{"nor from a lower floor's other room", "api/client", module + "/migrations", src, "nothing else of ours"},
		{"incident uses the standard library", "incident", "encoding/json", src, ""},
		{"but no third party", "incident", "github.com/yuin/goldmark", src, "only the standard library"},
		{"and no I/O", "incident", "os", src, "no I/O"},
		{"its tests may use third parties", "incident", "pgregory.net/rapid", test, ""},
		{"so may what makes records for tests", "incident/incidenttest", "pgregory.net/rapid", src, ""},
		{"so may documents", "incident/document", "github.com/yuin/goldmark", src, ""},
		{"the command imports everything", "cmd/debrief", module + "/store/postgres", src, ""},
		{"an unknown room is refused", "util", "strings", src, "give this room a floor"},
		{"also next to the command", "cmd/other", "strings", src, "give this room a floor"},
		{"and as an import", "cmd/debrief", module + "/util", src, "has no floor"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := objection(tt.from, tt.to, tt.test)
			if (got == "") != (tt.refused == "") || !strings.Contains(got, tt.refused) {
				t.Errorf("objection(%q, %q, test %v) = %q, want %q", tt.from, tt.to, tt.test, got, tt.refused)
			}
		})
	}
}
