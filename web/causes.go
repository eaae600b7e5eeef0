package web

import "github.com/debriefhq/debrief/incident"

// causes is why it happened; nil while nothing is known.
type causes struct {
	Statements []statement
	Whys       []why
	Factors    []factor
}

type statement struct {
	Key, Name string
	*incident.Statement
	Remarks *remarks
}

type why struct {
	*incident.Why
	Edit     *way
	Remarks  *remarks
	Evidence []evidence
}

type factor struct {
	*incident.Factor
	Edit     *way
	Remarks  *remarks
	Evidence []evidence
}

// evidence leads to an entry of the timeline.
type evidence struct{ ID, Label string }

func newCauses(in *incident.Incident, labels map[string]string) *causes {
	var all causes
	for _, s := range []statement{
		{"trigger", "What set it off", in.Analysis.Trigger, nil},
		{"technical_cause", "What failed", in.Analysis.TechnicalCause, nil},
		{"process_cause", "Why that was possible", in.Analysis.ProcessCause, nil},
	} {
		if s.Statement != nil {
			all.Statements = append(all.Statements, s)
		}
	}
	for i := range in.Analysis.Whys {
		w := &in.Analysis.Whys[i]
		all.Whys = append(all.Whys, why{Why: w, Evidence: evidenceOf(w.Evidence, labels)})
	}
	for i := range in.Analysis.Factors {
		f := &in.Analysis.Factors[i]
		all.Factors = append(all.Factors, factor{Factor: f, Evidence: evidenceOf(f.Evidence, labels)})
	}
	if all.Statements == nil && all.Whys == nil && all.Factors == nil {
		return nil
	}
	return &all
}

// entryLabels names each entry by its time and kind.
func entryLabels(in *incident.Incident, c *clock) map[string]string {
	labels := make(map[string]string, len(in.Timeline))
	for i := range in.Timeline {
		e := &in.Timeline[i]
		label := word(e.Kind)
		if at := c.show(e.At); at.Time != "" {
			label = at.Time + " " + label
		} else if at.Known {
			label = at.Date + " " + label
		}
		labels[e.ID] = label
	}
	return labels
}

// evidenceOf leaves out ids of entries that the reader may not see.
func evidenceOf(ids []string, labels map[string]string) []evidence {
	var all []evidence
	for _, id := range ids {
		if label, ok := labels[id]; ok {
			all = append(all, evidence{id, label})
		}
	}
	return all
}

// lessons are those of one kind.
type lessons struct {
	Kind    incident.LessonKind
	Lessons []lesson
}

type lesson struct {
	*incident.Lesson
	Edit    *way
	Remarks *remarks
}

func newLessons(all []incident.Lesson) []lessons {
	var groups []lessons
	for _, kind := range []incident.LessonKind{incident.WentWell, incident.WentWrong, incident.Lucky} {
		group := lessons{Kind: kind}
		for i := range all {
			if l := &all[i]; l.Kind == kind {
				group.Lessons = append(group.Lessons, lesson{Lesson: l})
			}
		}
		if group.Lessons != nil {
			groups = append(groups, group)
		}
	}
	return groups
}
