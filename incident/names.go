package incident

import (
	"slices"
	"strings"
)

// fold makes names comparable: people are the same without case and spaces around.
func fold(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// Names lists who is named on the incident, lower-cased, once each, sorted:
// its people, owners of actions, reviewers asked, and who filed it. They may
// read it when it is private.
func (in *Incident) Names() []string {
	names := []string{fold(in.CreatedBy)}
	for _, p := range in.People {
		names = append(names, fold(p.Name))
	}
	for _, a := range in.Actions {
		names = append(names, fold(a.Owner))
	}
	for _, r := range in.Review.Reviewers {
		names = append(names, fold(r))
	}
	slices.Sort(names)
	names = slices.Compact(names)
	return slices.DeleteFunc(names, func(n string) bool { return n == "" })
}

// roleOf is the role of a person named on the incident, "" when name is nobody's.
func (in *Incident) roleOf(name string) string {
	for _, p := range in.People {
		if fold(name) != "" && fold(p.Name) == fold(name) {
			return publicRole(p.Role)
		}
	}
	return ""
}

// publicRoles are the roles that outsiders read: the words of the trade.
var publicRoles = []string{"author", "commander", "communications", "engineer", "liaison", "operations", "responder", "scribe", "support"}

// publicRole is the role if it is one of those, else "": any other is a text
// that somebody wrote for the team, and that nobody marked public.
func publicRole(role string) string {
	if slices.Contains(publicRoles, fold(role)) {
		return role
	}
	return ""
}
