package document

import (
	"fmt"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// front writes the front matter: the fields of the record, then what Debrief
// itself assigns, under one key. A version for outsiders has nothing of that.
func (w *writer) front(in *incident.Incident) {
	w.line("---")
	w.field("title", in.Title)
	w.field("kind", string(in.Kind))
	w.field("severity", string(in.Severity))
	w.field("status", string(in.Status))
	w.field("resolution", string(in.Resolution))
	if !w.outsiders {
		w.field("visibility", string(in.Visibility))
	}
	w.field("zone", in.Zone)
	w.list("tags", in.Tags)
	w.field("public_title", in.PublicTitle)
	w.people(in.People)
	w.milestones(&in.Milestones)
	w.stated(&in.Stated)
	w.list("related", numbers(in.Related))
	w.number("recurrence_of", in.RecurrenceOf)
	w.number("duplicate_of", in.DuplicateOf)
	w.sources(in.Sources)
	if !w.outsiders {
		w.silenced(in.Silenced)
		w.assigned(in)
	}
	w.line("---")
}

// field writes one key; a text that is empty is not written.
func (w *writer) field(key, value string) {
	if value != "" {
		w.line(key + ": " + scalar(value))
	}
}

func (w *writer) list(key string, values []string) {
	if len(values) == 0 {
		return
	}
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = scalar(v)
	}
	w.line(key + ": [" + strings.Join(all, ", ") + "]")
}

func (w *writer) number(key string, n *incident.Number) {
	if n != nil {
		w.line(key + ": " + n.String())
	}
}

func numbers(all []incident.Number) []string {
	out := make([]string, len(all))
	for i, n := range all {
		out[i] = n.String()
	}
	return out
}

func (w *writer) moment(key string, m *incident.Moment) {
	if m != nil {
		w.line(key + ": " + timeScalar(w.clock.write(m)))
	}
}

func (w *writer) people(people []incident.Person) {
	if len(people) == 0 {
		return
	}
	w.line("people:")
	for _, p := range people {
		switch strings.ToLower(p.Role) {
		case "role", "name", "from", "until": // as a key these would mean something else
			w.line("  - role: " + scalar(p.Role))
			w.line("    name: " + scalar(p.Name))
		default:
			w.line("  - " + scalar(p.Role) + ": " + scalar(p.Name))
		}
		w.moment("    from", p.From)
		w.moment("    until", p.Until)
	}
}

// milestone is one of the six, under its name.
type milestone struct {
	key    string
	moment **incident.Moment
}

func milestonesOf(m *incident.Milestones) []milestone {
	return []milestone{
		{"triggered", &m.Triggered}, {"started", &m.Started}, {"detected", &m.Detected},
		{"acknowledged", &m.Acknowledged}, {"mitigated", &m.Mitigated}, {"resolved", &m.Resolved},
	}
}

func (w *writer) milestones(m *incident.Milestones) {
	if *m == (incident.Milestones{}) {
		return
	}
	w.line("milestones:")
	for _, one := range milestonesOf(m) {
		w.moment("  "+one.key, *one.moment)
	}
}

// span is one stated duration, under its name.
type span struct {
	key  string
	text **string
}

func spansOf(s *incident.Stated) []span {
	return []span{
		{"time_to_detect", &s.TimeToDetect}, {"time_to_acknowledge", &s.TimeToAcknowledge},
		{"time_to_mitigate", &s.TimeToMitigate}, {"time_to_resolve", &s.TimeToResolve}, {"time_to_tell", &s.TimeToTell},
	}
}

func (w *writer) stated(s *incident.Stated) {
	if *s == (incident.Stated{}) {
		return
	}
	w.line("stated:")
	for _, one := range spansOf(s) {
		if *one.text != nil {
			w.line("  " + one.key + ": " + scalar(**one.text))
		}
	}
}

func (w *writer) sources(sources []string) {
	if len(sources) == 0 {
		return
	}
	w.line("sources:")
	for _, s := range sources {
		w.line("  - " + scalar(s))
	}
}

func (w *writer) silenced(silenced []incident.Silence) {
	if len(silenced) == 0 {
		return
	}
	w.line("silenced:")
	for _, s := range silenced {
		w.line("  - rule: " + scalar(s.Rule))
		w.field("    key", s.Key)
		w.line("    reason: " + scalar(s.Reason))
	}
}

// assigned writes what Debrief itself keeps. The key stands also when there is
// nothing under it: it tells that the form is ours.
func (w *writer) assigned(in *incident.Incident) {
	w.line("debrief:")
	if in.Number != 0 {
		w.field("  number", in.Number.String())
	}
	w.field("  id", in.ID)
	w.count("  revision", in.Revision)
	w.count("  version", in.Version)
	if in.Review.State != incident.ReviewDraft {
		w.field("  review", string(in.Review.State))
	}
	w.list("  reviewers", in.Review.Reviewers)
	w.approvals(in.Review.Approvals)
	if in.Review.PublishedAt != nil {
		w.line("  published_at: " + in.Review.PublishedAt.UTC().Format(time.RFC3339Nano))
	}
	w.field("  created_by", in.CreatedBy)
	w.instant("  created_at", in.CreatedAt)
	w.instant("  updated_at", in.UpdatedAt)
	if in.Archived {
		w.line("  archived: true")
	}
	for _, k := range incident.PartKinds {
		if k != incident.Comments {
			w.heads(k, in.Parts(k))
		}
	}
}

func (w *writer) count(key string, n int64) {
	if n != 0 {
		w.line(fmt.Sprintf("%s: %d", key, n))
	}
}

func (w *writer) instant(key string, t time.Time) {
	if !t.IsZero() {
		w.line(key + ": " + t.UTC().Format(time.RFC3339Nano))
	}
}

func (w *writer) approvals(all []incident.Approval) {
	if len(all) == 0 {
		return
	}
	w.line("  approvals:")
	for _, a := range all {
		w.line("    - by: " + scalar(a.By))
		if a.Public {
			w.line("      public: true")
		}
		w.count("      version", a.Version)
		w.instant("      at", a.At)
		w.field("      reason", a.Reason)
	}
}

// heads lists what is kept of each part of a kind, in their order, as far as it
// is not the rule: "ID" at revision 1 in the place it has, "ID.3" at revision
// 3, "ID@20" with position 20; "-" for a part without an id.
func (w *writer) heads(k incident.PartKind, parts []incident.Part) {
	tokens, rule := make([]string, len(parts)), true
	for i, p := range parts {
		tokens[i] = headToken(*p.Head(), i)
		rule = rule && tokens[i] == "-"
	}
	if rule {
		return
	}
	const perLine = 6
	if len(tokens) <= perLine {
		w.line("  " + string(k) + ": " + quotedScalar(strings.Join(tokens, " ")))
		return
	}
	w.line("  " + string(k) + ": >-")
	for len(tokens) > 0 {
		n := min(perLine, len(tokens))
		w.line("    " + strings.Join(tokens[:n], " "))
		tokens = tokens[n:]
	}
}

func headToken(h incident.PartHead, i int) string {
	token, revision := h.ID, int64(1)
	if token == "" {
		token, revision = "-", 0
	}
	if h.Revision != revision {
		token += fmt.Sprintf(".%d", h.Revision)
	}
	if h.Position != int64(i+1) {
		token += fmt.Sprintf("@%d", h.Position)
	}
	return token
}
