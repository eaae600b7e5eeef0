package api

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
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
func (u UnlessSame) has(tag string) bool { return among(u.IfNoneMatch, tag) }

// among tells whether a list of ETags names one of the tags, marked weak or
// not, or is *.
func among(list string, tags ...string) bool {
	for given := range strings.SplitSeq(list, ",") {
		given = strings.TrimPrefix(strings.TrimSpace(given), "W/")
		if given == "*" || slices.Contains(tags, given) {
			return true
		}
	}
	return false
}

// MustMatch is embedded by requests that change what the caller has read.
type MustMatch struct {
	IfMatch string `header:"If-Match" doc:"The ETag of what you read and now change: 428 without, 412 when it changed meanwhile. * means: whatever it is now."`
}

// revision is the record's that If-Match asks for; 0 when it is *, which asks for nothing.
func (m MustMatch) revision() (int64, error) {
	seen, err := m.seen()
	return seen.Revision, err
}

// ofPart is the part's revision that If-Match asks for; 0 when it is *.
func (m MustMatch) ofPart() (int64, error) {
	seen, err := m.seen()
	if err == nil && seen.Version != 0 {
		return 0, incident.Refuse(incident.Stale, "If-Match", "If-Match is the ETag of a record: send the part's own, such as \"7\"")
	}
	return seen.Revision, err
}

func (m MustMatch) seen() (store.Seen, error) {
	if m.IfMatch == "" {
		return store.Seen{}, incident.Refuse(incident.NeedRevision, "If-Match", "say which revision you change: send its ETag as If-Match")
	}
	return readSeen(m.IfMatch)
}

// MayMatch is embedded by requests that may say which revision they saw.
type MayMatch struct {
	IfMatch string `header:"If-Match" doc:"The ETag of what you read, if a change meanwhile should refuse this: 412."`
}

// seen is what If-Match asks for; nothing when there is none or it is *.
func (m MayMatch) seen() (store.Seen, error) {
	if m.IfMatch == "" {
		return store.Seen{}, nil
	}
	return readSeen(m.IfMatch)
}

// agrees refuses reading what is not as If-Match says; any of the tags will do.
func (m MayMatch) agrees(tags ...string) error {
	if m.IfMatch == "" || among(m.IfMatch, tags...) {
		return nil
	}
	return incident.Refuse(incident.Stale, "If-Match", "its ETag is "+tags[0]+" now, which If-Match does not name")
}

// readSeen takes "7" and "7.12", also marked weak as proxies that pack answers
// do, and * for any.
func readSeen(tag string) (store.Seen, error) {
	if tag == "*" {
		return store.Seen{}, nil
	}
	text, opened := strings.CutPrefix(strings.TrimPrefix(strings.TrimSpace(tag), "W/"), `"`)
	text, closed := strings.CutSuffix(text, `"`)
	first, second, both := strings.Cut(text, ".")
	revision, known := counter(first)
	version := int64(0)
	if both && known {
		version, known = counter(second)
	}
	switch {
	case !opened || !closed || strings.Contains(text, `"`):
		return store.Seen{}, incident.Refuse(incident.Malformed, "If-Match", `If-Match is not one ETag: send the one that you got, with its quotes, such as "7.12"`)
	case !known: // an ETag, but none that this ever had
		return store.Seen{}, incident.Refuse(incident.Stale, "If-Match", `If-Match is no ETag of ours: read it again, and send the one that you get, such as "7.12"`)
	}
	return store.Seen{Revision: revision, Version: version}, nil
}

// counter reads a number from 1, as an ETag of ours writes it.
func counter(text string) (int64, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil && n > 0 && strconv.FormatInt(n, 10) == text
}
