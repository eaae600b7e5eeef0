package client

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// Fault is an answer that is no refusal of ours: the server broke, was not
// ready, or something in between answered for it.
type Fault struct {
	Status   int
	Detail   string
	Instance string // names the request in the server's log; "" when unknown
}

func (f *Fault) Error() string {
	text := fmt.Sprintf("the server answered %d %s", f.Status, http.StatusText(f.Status))
	if f.Detail != "" {
		text += ": " + f.Detail
	}
	if f.Instance != "" {
		text += " (request " + f.Instance + ")"
	}
	return text
}

// kinds are those that a problem may come back as.
var kinds = map[incident.Kind]bool{
	incident.Malformed: true, incident.SignIn: true, incident.Forbidden: true, incident.NotFound: true,
	incident.Conflict: true, incident.Stale: true, incident.TooLarge: true, incident.Unsupported: true,
	incident.Invalid: true, incident.NeedRevision: true, incident.TooMany: true,
}

// refusal makes of a problem document the error that it was on the server.
func refusal(answer *http.Response, text []byte) error {
	var p struct {
		Type     string `json:"type"`
		Detail   string `json:"detail"`
		Instance string `json:"instance"`
		Errors   []struct {
			Pointer   string `json:"pointer"`
			Parameter string `json:"parameter"`
			Detail    string `json:"detail"`
		} `json:"errors"`
	}
	if !strings.HasPrefix(answer.Header.Get("Content-Type"), "application/problem+json") || json.Unmarshal(text, &p) != nil {
		return &Fault{Status: answer.StatusCode}
	}
	_, kind, _ := strings.Cut(p.Type, "#")
	if !kinds[incident.Kind(kind)] {
		return &Fault{Status: answer.StatusCode, Detail: p.Detail, Instance: p.Instance}
	}
	e := &incident.Error{Kind: incident.Kind(kind), Detail: p.Detail}
	for _, f := range p.Errors {
		if e.Fields == nil {
			e.Fields = map[string]string{}
		}
		e.Fields[f.Pointer+f.Parameter] = f.Detail
	}
	return e
}
