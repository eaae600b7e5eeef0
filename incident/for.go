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
	out := in.Clone()
	hidden := map[string]bool{}
	for _, k := range PartKinds {
		collections[k].keep(out, func(p Part) bool {
			if p.Seen() == AudienceInternal || p.Seen() == AudiencePublic {
				return true
			}
			hidden[p.Head().ID] = true
			return false
		})
	}
	delete(hidden, "")
	out.keepEvidence(func(id string) bool { return !hidden[id] })
	collections[Comments].keep(out, func(p Part) bool { return !hidden[p.(*Comment).On] })
	for _, s := range []**Statement{&out.Analysis.Trigger, &out.Analysis.TechnicalCause, &out.Analysis.ProcessCause} {
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
