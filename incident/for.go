package incident

// For is a copy for a reader. People named on the incident (AudiencePrivate)
// get everything; everybody signed in (AudienceInternal) gets it without the
// parts and statements that are private, what points at them, and what is odd
// about them. Outsiders have a type of their own, Public: asked for them, or
// for no audience at all, For gives an empty record.
func (in *Incident) For(a Audience) *Incident {
	switch a {
	case AudiencePrivate:
		return in.Clone()
	case AudienceInternal:
		return in.internal()
	default:
		empty := &Incident{}
		empty.Normalize()
		return empty
	}
}

func (in *Incident) internal() *Incident {
	out, hidden := in.Clone(), in.Hidden()
	for _, k := range PartKinds {
		collections[k].keep(out, func(p Part) bool {
			return p.Seen() == AudienceInternal || p.Seen() == AudiencePublic
		})
	}
	out.keepEvidence(func(id string) bool { return !hidden[id] })
	collections[Comments].keep(out, func(p Part) bool { return !hidden[p.(*Comment).On] })
	for _, s := range out.Analysis.Statements() {
		if *s != nil && (*s).Audience == AudiencePrivate {
			*s = nil
		}
	}
	if out.Warnings != nil {
		out.Warnings = Odd(out)
	}
	if out.Measures != nil {
		out.Measures = Measure(out)
	}
	return out
}

// Hidden names what only people named on the incident see, as comments name
// what they are on: the ids of parts, and the keys of statements. A part
// without an audience counts, one without an id does not.
func (in *Incident) Hidden() map[string]bool {
	hidden := map[string]bool{}
	for key, s := range in.Analysis.Statements() {
		if *s != nil && (*s).Audience == AudiencePrivate {
			hidden[key] = true
		}
	}
	for _, k := range PartKinds {
		for _, p := range in.Parts(k) {
			if p.Seen() != AudienceInternal && p.Seen() != AudiencePublic {
				hidden[p.Head().ID] = true
			}
		}
	}
	delete(hidden, "")
	return hidden
}
