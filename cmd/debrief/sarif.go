package main

import (
	"bytes"
	"encoding/json"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/lint"
)

// rulesPage explains the rules; each has a heading of its own.
const rulesPage = "https://github.com/debriefhq/debrief/blob/main/docs/lint.md"

// sarifSchemaAt is where OASIS publishes what the output is of.
const sarifSchemaAt = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// object is a JSON object of SARIF 2.1.0, whose names are those of the standard:
// docs.oasis-open.org/sarif/sarif/v2.1.0.
type object = map[string]any

func said(text string) object { return object{"text": text} }

// printSARIF writes one run with the findings of all records. What is silenced
// stands in it as suppressed, with the reason.
func (a *app) printSARIF(all []*linted) error {
	results := []object{}
	for _, one := range all {
		for _, f := range one.Items {
			results = append(results, one.result(f))
		}
		for _, f := range one.Silenced {
			r := one.result(f)
			why, ok := one.why[f.Rule+" "+f.Key]
			if !ok {
				why = one.why[f.Rule+" "]
			}
			r["suppressions"] = []object{{"kind": "inSource", "justification": why}}
			results = append(results, r)
		}
	}
	rules := make([]object, len(lint.Rules))
	for i, r := range lint.Rules {
		rules[i] = object{
			"id": r.ID, "shortDescription": said(r.Title), "fullDescription": said(r.Why), "helpUri": rulesPage + "#" + r.ID,
			"help": said(r.Why + " Source: " + r.Source), "defaultConfiguration": object{"level": r.Level},
		}
	}
	return a.printJSON(object{
		"$schema": sarifSchemaAt,
		"version": "2.1.0",
		"runs": []object{{
			"tool":    object{"driver": object{"name": "debrief", "informationUri": "https://github.com/debriefhq/debrief", "rules": rules}},
			"results": results,
		}},
	})
}

func (one *linted) result(f incident.Finding) object {
	place := object{"artifactLocation": object{"uri": one.uri}}
	if line := one.line(f.Pointer); line > 0 {
		place["region"] = object{"startLine": line}
	}
	subject := f.Key
	if subject == "" {
		subject = f.Pointer
	}
	return object{
		"ruleId": f.Rule, "ruleIndex": slices.IndexFunc(lint.Rules, func(r lint.Rule) bool { return r.ID == f.Rule }),
		"level": f.Level, "message": said(f.Place + ": " + f.Detail + ". " + f.Do),
		"locations": []object{{
			"physicalLocation": place,
			"logicalLocations": []object{{"fullyQualifiedName": f.Pointer}},
		}},
		"partialFingerprints": object{"ruleAndSubject/v1": f.Rule + " " + subject},
	}
}

// fileURI names a file as SARIF wants it: relative to where the command runs.
func fileURI(name string) string {
	switch {
	case name == "-":
		return "stdin"
	case filepath.IsAbs(name):
		return (&url.URL{Scheme: "file", Path: filepath.ToSlash(name)}).String()
	}
	return (&url.URL{Path: filepath.ToSlash(filepath.Clean(name))}).String()
}

// lineOf is the line of a file where a value of its record stands: the value
// itself, else what its part says; 1 where it cannot be found simply.
func lineOf(text []byte, in *incident.Incident, pointer string) int {
	raw, err := json.Marshal(in)
	if err != nil {
		return 1
	}
	var at any
	if json.Unmarshal(raw, &at) != nil {
		return 1
	}
	for _, key := range strings.Split(strings.Trim(pointer, "/"), "/") {
		if line := lineWith(text, at, key); line > 0 {
			return line
		}
		if at = inside(at, key); at == nil {
			break
		}
	}
	return 1
}

// lineWith looks for the text under a key of a part, or for what the part says.
func lineWith(text []byte, part any, key string) int {
	fields, ok := part.(map[string]any)
	if !ok {
		return 0
	}
	for _, name := range []string{key, "text", "title", "body", "because", "component"} {
		value, _ := fields[name].(string)
		if line := lineContaining(text, value); line > 0 && (name == key || fields["zone"] == nil) { // what has a zone is the record itself
			return line
		}
	}
	return 0
}

func lineContaining(text []byte, value string) int {
	const enough = 40 // bytes, so that a difference in how the end is written does no harm
	value, _, _ = strings.Cut(strings.TrimSpace(value), "\n")
	if len(value) < 3 {
		return 0
	}
	i := bytes.Index(text, []byte(value[:min(len(value), enough)]))
	if i < 0 {
		return 0
	}
	return 1 + bytes.Count(text[:i], []byte("\n"))
}

func inside(v any, key string) any {
	switch v := v.(type) {
	case map[string]any:
		return v[key]
	case []any:
		if i, err := strconv.Atoi(key); err == nil && i >= 0 && i < len(v) {
			return v[i]
		}
	}
	return nil
}
