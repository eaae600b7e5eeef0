package document

import (
	"fmt"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// assignedKey is the key of the front matter that makes a document ours.
const assignedKey = "debrief"

// front reads the front matter.
func (r *reader) front(keys []field, comments map[int]string) error {
	if err := twice(keys); err != nil {
		return err
	}
	for _, f := range keys { // times are read against the zone, wherever it stands
		if strings.EqualFold(f.key, "zone") {
			r.clock.home, _ = f.text()
		}
	}
	if r.clock.home == "" {
		r.clock.home = "UTC"
	}
	for _, f := range keys { // and near the milestones
		if strings.EqualFold(f.key, "milestones") {
			if err := r.milestones(f); err != nil {
				return err
			}
		}
	}
	r.begin()
	for _, f := range keys {
		name := strings.ToLower(f.key)
		r.lines["/"+name] = f.line
		read, ok := frontKeys[name]
		if !ok {
			r.unknownLines(f.line, f.end, fmt.Sprintf("kept in the background: there is no field %.40q", f.key))
		} else if err := read(r, f); err != nil {
			return err
		}
	}
	r.comments(comments)
	r.unknownFront()
	return nil
}

// begin takes the milestones as what the first time of the timeline is near to.
func (r *reader) begin() {
	near := r.in.Milestones
	for _, m := range []*incident.Moment{near.Started, near.Triggered, near.Detected, near.Acknowledged, near.Mitigated, near.Resolved} {
		if m.Known() && r.clock.near == nil {
			r.clock.near = m
		}
	}
}

// frontKeys are the fields of the front matter.
var frontKeys = map[string]func(*reader, field) error{
	"title":          line(func(in *incident.Incident) *string { return &in.Title }),
	"kind":           choice(func(in *incident.Incident) *incident.IncidentKind { return &in.Kind }),
	"severity":       choice(func(in *incident.Incident) *incident.Severity { return &in.Severity }),
	"status":         choice(func(in *incident.Incident) *incident.Status { return &in.Status }),
	"resolution":     choice(func(in *incident.Incident) *incident.Resolution { return &in.Resolution }),
	"visibility":     choice(func(in *incident.Incident) *incident.Visibility { return &in.Visibility }),
	"zone":           line(func(in *incident.Incident) *string { return &in.Zone }),
	"public_title":   line(func(in *incident.Incident) *string { return &in.PublicTitle }),
	"summary":        line(func(in *incident.Incident) *string { return &in.Summary }),
	"background":     line(func(in *incident.Incident) *string { return &in.Background }),
	"public_summary": line(func(in *incident.Incident) *string { return &in.PublicSummary }),
	"tags":           list(func(in *incident.Incident) *[]string { return &in.Tags }),
	"sources":        list(func(in *incident.Incident) *[]string { return &in.Sources }),
	"silenced":       (*reader).silenced,
	"people":         (*reader).people,
	"milestones":     func(*reader, field) error { return nil }, // read before the others
	"stated":         (*reader).stated,
	"related":        (*reader).related,
	"recurrence_of":  other(func(in *incident.Incident) **incident.Number { return &in.RecurrenceOf }),
	"duplicate_of":   other(func(in *incident.Incident) **incident.Number { return &in.DuplicateOf }),
	assignedKey:      (*reader).assigned,
}

func line(of func(*incident.Incident) *string) func(*reader, field) error {
	return func(r *reader, f field) (err error) {
		*of(r.in), err = f.single()
		return err
	}
}

// choice reads a word of a closed set as people write it: SEV1, In progress.
func choice[T ~string](of func(*incident.Incident) *T) func(*reader, field) error {
	return func(r *reader, f field) error {
		value, err := f.single()
		*of(r.in) = T(chosen(value))
		return err
	}
}

func chosen(value string) string {
	return strings.ReplaceAll(strings.ToLower(strings.Trim(value, " \t“”‘’")), " ", "_")
}

func list(of func(*incident.Incident) *[]string) func(*reader, field) error {
	return func(r *reader, f field) error {
		all, err := f.texts()
		*of(r.in) = all
		return err
	}
}

// texts reads a list of texts.
func (f field) texts() ([]string, error) {
	var all []string
	for _, one := range f.items() {
		text, err := one.single()
		if err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, nil
}

func other(of func(*incident.Incident) **incident.Number) func(*reader, field) error {
	return func(r *reader, f field) error {
		text, err := f.single()
		if err != nil || text == "" {
			return err
		}
		n, err := incident.ReadNumber(text)
		if err != nil {
			return badAt(f.line, err.Error())
		}
		*of(r.in) = &n
		return nil
	}
}

func (r *reader) related(f field) error {
	all, err := f.texts()
	if err != nil {
		return err
	}
	r.in.Related, err = readNumbers(all, f.line)
	return err
}

func readNumbers(all []string, line int) ([]incident.Number, error) {
	var out []incident.Number
	for _, text := range all {
		n, err := incident.ReadNumber(strings.TrimSpace(text))
		if err != nil {
			return nil, badAt(line, err.Error())
		}
		out = append(out, n)
	}
	return out, nil
}

func (r *reader) people(f field) error {
	for _, one := range f.items() {
		keys, err := fields(one.node, one.end)
		if err != nil {
			return badAt(one.line, "write a person as - commander: Their name")
		}
		if err := twice(keys); err != nil {
			return err
		}
		r.lines[fmt.Sprintf("/people/%d", len(r.in.People))] = one.line
		var p incident.Person
		for _, k := range keys {
			value, err := k.single()
			if err != nil {
				return err
			}
			switch strings.ToLower(k.key) {
			case "role":
				p.Role = value
			case "name":
				p.Name = value
			case "from":
				p.From = r.moment(r.clock, value, k.line)
			case "until":
				p.Until = r.moment(r.clock, value, k.line)
			default:
				if p.Role != "" {
					return badAt(k.line, "write each person as a list item of their own: - commander: Their name")
				}
				p.Role, p.Name = k.key, value
			}
		}
		r.in.People = append(r.in.People, p)
	}
	return nil
}

func (r *reader) silenced(f field) error {
	for _, one := range f.items() {
		const form = "write each as - rule: its id, with key: and reason: below it"
		keys, err := fields(one.node, one.end)
		if err != nil {
			return badAt(one.line, form)
		}
		if err := twice(keys); err != nil {
			return err
		}
		r.lines[fmt.Sprintf("/silenced/%d", len(r.in.Silenced))] = one.line
		var s incident.Silence
		for _, k := range keys {
			value, err := k.single()
			if err != nil {
				return err
			}
			switch strings.ToLower(k.key) {
			case "rule":
				s.Rule = value
			case "key":
				s.Key = value
			case "reason":
				s.Reason = value
			default:
				return badAt(k.line, fmt.Sprintf("%.40q is nothing of a silence: %s", k.key, form))
			}
		}
		r.in.Silenced = append(r.in.Silenced, s)
	}
	return nil
}

// milestones reads them; a time without a day belongs near the one before it.
func (r *reader) milestones(f field) error {
	clock := r.clock
	return eachKey(f, func(k field) error {
		for _, one := range milestonesOf(&r.in.Milestones) {
			if strings.EqualFold(one.key, k.key) {
				text, err := k.single()
				m := r.moment(clock, text, k.line)
				if *one.moment = m; m.Known() {
					clock.near = m
				}
				r.lines["/milestones/"+one.key] = k.line
				return err
			}
		}
		return badAt(k.line, fmt.Sprintf("%.40q is no milestone: write triggered, started, detected, acknowledged, mitigated or resolved", k.key))
	})
}

func (r *reader) stated(f field) error {
	return eachKey(f, func(k field) error {
		for _, one := range spansOf(&r.in.Stated) {
			if strings.EqualFold(one.key, k.key) {
				text, err := k.single()
				*one.text = &text
				r.lines["/stated/"+one.key] = k.line
				return err
			}
		}
		return badAt(k.line, fmt.Sprintf("%.40q is not stated here: write time_to_detect, time_to_acknowledge, time_to_mitigate, time_to_resolve or time_to_tell", k.key))
	})
}

// eachKey reads the keys below a key.
func eachKey(f field, read func(field) error) error {
	if f.node == nil {
		return nil
	}
	keys, err := fields(f.node, f.end)
	if err == nil {
		err = twice(keys)
	}
	for _, k := range keys {
		if err == nil {
			err = read(k)
		}
	}
	return err
}
