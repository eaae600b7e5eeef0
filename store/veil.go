package store

import (
	"slices"

	"github.com/debriefhq/debrief/incident"
)

// mayKeepPrivate refuses private parts from somebody whom the incident does not name: they could not read
// them afterwards. What was private before is not in after yet.
func (w *writer) mayKeepPrivate(before, after *incident.Incident) error {
	refusal := incident.Refuse(incident.Forbidden, "", "only people named on "+before.Number.String()+" keep private parts of it: name yourself on it first")
	for _, s := range after.Analysis.Statements() {
		if *s != nil && (*s).Audience == incident.AudiencePrivate {
			return refusal
		}
	}
	for _, k := range incident.PartKinds {
		for _, p := range after.Parts(k) {
			if p.Seen() == incident.AudiencePrivate {
				return refusal
			}
		}
	}
	return nil
}

// putBack lays what the writer could not see beside what the edit made: private statements and parts,
// remarks on them, and evidence that names them.
func putBack(before, after *incident.Incident) error {
	now := after.Analysis.Statements()
	for i, s := range before.Analysis.Statements() {
		if *s == nil || (*s).Audience != incident.AudiencePrivate {
			continue
		}
		if *now[i] != nil {
			return incident.Refuse(incident.Conflict, "/analysis", "this statement is kept by the people named on the incident: ask one of them")
		}
		kept := **s
		*now[i] = &kept
	}
	hidden := before.Hidden()
	if len(hidden) == 0 {
		return nil
	}
	gone := missingParts(before, after, incident.Timeline)
	whole := before.Clone()
	for _, k := range incident.PartKinds {
		edited := byID(after.Parts(k))
		for _, p := range whole.Parts(k) {
			was := evidenceOf(p)
			switch is := evidenceOf(edited[p.Head().ID]); {
			case hides(p, hidden):
				if was != nil {
					*was = slices.DeleteFunc(*was, func(id string) bool { return gone[id] && !hidden[id] })
				}
				place(after, p)
			case was != nil && is != nil:
				*is = withHidden(*was, *is, hidden)
			}
		}
	}
	return nil
}

// missingParts are the ids of the parts of a kind that an edit took out.
func missingParts(before, after *incident.Incident, k incident.PartKind) map[string]bool {
	gone := map[string]bool{}
	still := byID(after.Parts(k))
	for _, p := range before.Parts(k) {
		if id := p.Head().ID; still[id] == nil {
			gone[id] = true
		}
	}
	return gone
}

// dropRemarks takes out the remarks on what was private and an edit took out: nothing would hide them any more.
func dropRemarks(before, after *incident.Incident) {
	if len(after.Comments) == 0 {
		return
	}
	gone := before.Hidden()
	for key, s := range after.Analysis.Statements() {
		if *s != nil {
			delete(gone, key)
		}
	}
	for _, k := range incident.PartKinds {
		for _, p := range after.Parts(k) {
			delete(gone, p.Head().ID)
		}
	}
	after.Comments = slices.DeleteFunc(after.Comments, func(c incident.Comment) bool { return gone[c.On] })
}

// evidenceOf is the place of a part's evidence, nil when it has none.
func evidenceOf(p incident.Part) *[]string {
	switch p := p.(type) {
	case *incident.Why:
		return &p.Evidence
	case *incident.Factor:
		return &p.Evidence
	}
	return nil
}

// withHidden gives an edited list those items back that the writer could not see.
func withHidden[T comparable](was, is []T, hidden map[T]bool) []T {
	seen := slices.DeleteFunc(slices.Clone(was), func(item T) bool { return hidden[item] })
	if slices.Equal(seen, is) {
		return slices.Clone(was)
	}
	for _, item := range was {
		if hidden[item] {
			is = append(is, item)
		}
	}
	return is
}

// hiddenRemarks are the paths of remarks on what an edit made private; those on what was private are known.
func hiddenRemarks(before, after *incident.Incident) []string {
	if len(after.Comments) == 0 {
		return nil
	}
	known, hidden := before.Hidden(), after.Hidden()
	var paths []string
	for i := range after.Comments {
		if c := &after.Comments[i]; hidden[c.On] && !known[c.On] {
			paths = append(paths, partPath(incident.Comments, c.ID))
		}
	}
	return paths
}

// checkComments lets people change and remove only what they said themselves; admins may remove any.
func (w *writer) checkComments(before, after *incident.Incident) error {
	now := byID(after.Parts(incident.Comments))
	for i := range before.Comments {
		was := &before.Comments[i]
		if fold(was.Author) == fold(w.by.Name) {
			continue
		}
		is, still := now[was.ID].(*incident.Comment)
		switch {
		case !still && !w.by.Role.May(incident.Administer):
			return incident.Refuse(incident.Forbidden, "", "this remark is somebody else's: ask them, or an admin, to remove it")
		case still && is.Text != was.Text:
			return incident.Refuse(incident.Forbidden, "/text", "this remark is somebody else's: add one of your own")
		}
	}
	return nil
}
