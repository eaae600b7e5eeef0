package api

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// recordTag is a record's ETag: revision counts changes of its own fields,
// version every change in it.
func recordTag(in *incident.Incident) string { return quote(in.Revision, in.Version) }

func quote(revision, version int64) string { return fmt.Sprintf(`"%d.%d"`, revision, version) }

// partTag is a part's ETag.
func partTag(p incident.Part) string { return fmt.Sprintf(`"%d"`, p.Head().Revision) }

// UnlessSame is embedded by requests that answer 304 when nothing changed.
type UnlessSame struct {
	IfNoneMatch string `header:"If-None-Match" doc:"The ETag you have: the answer is 304 while it is current."`
}

// has tells whether tag is among those that the caller has.
func (u UnlessSame) has(tag string) bool {
	for given := range strings.SplitSeq(u.IfNoneMatch, ",") {
		given = strings.TrimPrefix(strings.TrimSpace(given), "W/")
		if given == tag || given == "*" {
			return true
		}
	}
	return false
}

// MustMatch is embedded by requests that change what the caller has read.
type MustMatch struct {
	IfMatch string `header:"If-Match" doc:"The ETag of what you read and now change: 428 without, 412 when it changed meanwhile. * means: whatever it is now."`
}

// revision is what If-Match asks for; 0 when it is *, which asks for nothing.
func (m MustMatch) revision() (int64, error) {
	if m.IfMatch == "" {
		return 0, incident.Refuse(incident.NeedRevision, "If-Match", "say which revision you change: send its ETag as If-Match")
	}
	return readRevision(m.IfMatch)
}

// MayMatch is embedded by requests that may say which revision they saw.
type MayMatch struct {
	IfMatch string `header:"If-Match" doc:"The ETag of what you read, if a change meanwhile should refuse this: 412."`
}

// revision is what If-Match asks for; 0 when there is none or it is *.
func (m MayMatch) revision() (int64, error) {
	if m.IfMatch == "" {
		return 0, nil
	}
	return readRevision(m.IfMatch)
}

// readRevision takes "7" and "7.12", of which it needs the 7, also marked weak
// as proxies that pack answers do; and * for any.
func readRevision(tag string) (int64, error) {
	if tag == "*" {
		return 0, nil
	}
	text, opened := strings.CutPrefix(strings.TrimPrefix(strings.TrimSpace(tag), "W/"), `"`)
	text, closed := strings.CutSuffix(text, `"`)
	first, second, both := strings.Cut(text, ".")
	revision, err := strconv.ParseUint(first, 10, 63)
	if both && err == nil {
		_, err = strconv.ParseUint(second, 10, 63)
	}
	if err != nil || revision == 0 || !opened || !closed {
		return 0, incident.Refuse(incident.Malformed, "If-Match", `If-Match is no ETag of ours: send one as you got it, with its quotes, such as "7.12"`)
	}
	return int64(revision), nil
}
