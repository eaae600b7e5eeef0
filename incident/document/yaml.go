package document

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/debriefhq/debrief/incident"
)

var (
	yamlPlain = regexp.MustCompile(`^[\p{L}\p{N}/(][^\x00-\x1f]*$`)
	yamlOther = regexp.MustCompile(`(?i)^(?:true|false|null|yes|no|on|off|y|n|0[xob][0-9a-f_]*|[0-9][0-9_.,]*(?:e[-+]?[0-9]+)?)$`)
	yamlNo    = regexp.MustCompile(`: |:$| #|[\[\]{},]`)
)

// scalar writes a text as a value of the front matter.
func scalar(text string) string {
	if yamlPlain.MatchString(text) && !yamlOther.MatchString(text) && !yamlNo.MatchString(text) &&
		strings.TrimSpace(text) == text && !strings.ContainsFunc(text, escapedInYAML) {
		return text
	}
	return quotedScalar(text)
}

// timeScalar writes a moment: as scalar does, and plain also after a tilde.
func timeScalar(text string) string {
	if rest, about := strings.CutPrefix(text, "~"); about && scalar(rest) == rest {
		return text
	}
	return scalar(text)
}

func escapedInYAML(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == '\ufeff'
}

func quotedScalar(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case escapedInYAML(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// field is one key of the front matter: a text, a list or keys of its own.
type field struct {
	key  string
	line int // in the document, from 1
	end  int // the line that follows all that belongs to it
	node ast.Node
}

// frontLine is the number of the first line of the front matter.
const frontLine = 2

// A record's front matter stays far below these. goccy/go-yaml 1.19.2 parses in
// the square of the number of keys, and takes 300 bytes of memory for a bracket.
const (
	longestFront = 2 << 20 // bytes
	mostTokens   = 50_000
)

// readYAML reads the front matter: its keys, and its comments by line.
func readYAML(text string) (keys []field, comments map[int]string, err error) {
	if len(text) > longestFront {
		return nil, nil, badAt(frontLine, "it is over 2 MiB: move texts to sections of their own")
	}
	tokens := lexer.Tokenize(text)
	if len(tokens) > mostTokens {
		return nil, nil, badAt(frontLine, fmt.Sprintf("it has more than %d words and marks: move texts to sections of their own", mostTokens))
	}
	file, err := parser.Parse(tokens, 0)
	if err != nil {
		return nil, nil, badYAML(err)
	}
	switch {
	case len(file.Docs) == 0 || file.Docs[0].Body == nil:
		return nil, nil, nil
	case len(file.Docs) > 1:
		return nil, nil, badAt(frontLine, "it holds a second document: leave one line --- at its start and one at its end")
	}
	keys, err = fields(file.Docs[0].Body, frontLine+1+strings.Count(text, "\n"))
	return keys, commentsOf(tokens), err
}

// commentsOf are the comments by the line of the document that they stand in.
func commentsOf(tokens token.Tokens) map[int]string {
	all := map[int]string{}
	for _, t := range tokens {
		if t.Type == token.CommentType {
			all[t.Position.Line+frontLine-1] = strings.TrimSpace(t.Value)
		}
	}
	return all
}

// badYAML says where the front matter is broken, and what to do.
func badYAML(err error) error {
	line, what := 1, err.Error()
	if syntax, ok := err.(yaml.Error); ok { //nolint:errorlint // the parser returns it bare
		what = syntax.GetMessage()
		if t := syntax.GetToken(); t != nil && t.Position != nil {
			line = t.Position.Line
		}
	}
	advice := ": put a text that holds a colon, # or quotes in double quotes, and indent with spaces"
	if key := standsTwice.FindStringSubmatch(what); key != nil {
		what, advice = key[1]+" stands twice", ": leave one of them"
	}
	return badAt(frontLine+line-1, what+advice)
}

var standsTwice = regexp.MustCompile(`^mapping key (".*") already defined`)

// twice refuses a key that stands twice, in whatever letters: a later one would
// silently take the place of the earlier.
func twice(keys []field) error {
	seen := map[string]bool{}
	for _, f := range keys {
		if name := strings.ToLower(f.key); seen[name] {
			return badAt(f.line, fmt.Sprintf("%q stands twice: leave one of them", name))
		}
		seen[strings.ToLower(f.key)] = true
	}
	return nil
}

func badAt(line int, what string) error {
	return incident.Refuse(incident.Invalid, "", fmt.Sprintf("line %d of the front matter cannot be read: %s", line, what))
}

// fields lists the keys of a mapping that ends before a line, in its order.
func fields(node ast.Node, end int) ([]field, error) {
	var values []*ast.MappingValueNode
	switch n := node.(type) {
	case *ast.NullNode, *ast.CommentGroupNode:
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		return nil, badAt(lineOf(node), "write a key and a value, such as title: What happened")
	}
	all := make([]field, 0, len(values))
	for _, v := range values {
		line := lineOf(v)
		key, ok := scalarText(v.Key)
		if !ok {
			return nil, badAt(line, "write the key as plain text")
		}
		all = append(all, field{strings.TrimSpace(key), line, end, v.Value})
	}
	ended(all)
	return all, nil
}

// ended lets each field end where the next begins.
func ended(all []field) {
	for i := range all[:max(len(all)-1, 0)] {
		all[i].end = all[i+1].line
	}
}

// items lists what stands in a list; one value alone is a list of one.
func (f field) items() []field {
	seq, ok := f.node.(*ast.SequenceNode)
	if !ok {
		if _, none := f.text(); none {
			return nil
		}
		return []field{f}
	}
	all := make([]field, len(seq.Values))
	for i, v := range seq.Values {
		all[i] = field{f.key, lineOf(v), f.end, v}
	}
	ended(all)
	return all
}

// text is the value as written; none tells that there is none.
func (f field) text() (value string, none bool) {
	if f.node == nil {
		return "", true
	}
	if _, null := f.node.(*ast.NullNode); null {
		return "", true
	}
	value, _ = scalarText(f.node)
	return value, false
}

// single is the value of a key that holds one text, refused when it is a list
// or holds keys.
func (f field) single() (string, error) {
	value, none := f.text()
	if none {
		return "", nil
	}
	if _, ok := scalarText(f.node); !ok {
		return "", badAt(f.line, fmt.Sprintf("%s is one text: write it on one line, in double quotes", f.key))
	}
	return value, nil
}

// scalarText gives a scalar as it was written, whatever YAML would make of it.
// Anchors, aliases and tags are not texts.
func scalarText(node ast.Node) (string, bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return node.GetToken().Value, true
	}
	return "", false
}

func lineOf(node ast.Node) int {
	if t := node.GetToken(); t != nil && t.Position != nil {
		return frontLine + t.Position.Line - 1
	}
	return frontLine
}
