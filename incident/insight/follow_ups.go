package insight

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"github.com/debriefhq/debrief/incident"
)

// ages are the bounds, in days, between which open follow-ups are counted.
var ages = []struct {
	name string
	days int64 // at most
}{{"a week", 7}, {"30 days", 30}, {"90 days", 90}, {"a year", 365}, {"more than a year", 1 << 40}}

func number(n int64) string { return strconv.FormatInt(n, 10) }

func (q Question) followUps(s *Sheet, today int64) incident.InsightFollowUps {
	out := incident.InsightFollowUps{Definition: followUpsMeans, All: incident.InsightFates{Name: "all", List: q.list(q.Range, "follow_ups")}, Owners: []incident.InsightFates{}}
	kinds, owners, spelling := map[string]*incident.InsightFates{}, map[string]*incident.InsightFates{}, map[string]int64{}
	for key, n := range s.FollowUps {
		spelling[key.owner] += n
		for _, of := range []*incident.InsightFates{&out.All, at(kinds, key.kind), at(owners, Fold(key.owner))} {
			count(of, key, n, today)
		}
	}
	for _, k := range []incident.ActionKind{incident.Prevent, incident.Detect, incident.Mitigate, incident.Process, incident.Document} {
		of := at(kinds, string(k))
		of.Name, of.List = string(k), q.list(q.Range, "follow_up:"+string(k))
		out.Kinds = append(out.Kinds, *of)
	}
	for folded, name := range together(spelling) {
		of := owners[folded]
		of.Name, of.List = name, q.list(q.Range, "owner:"+name)
		out.Owners = append(out.Owners, *of)
	}
	slices.SortFunc(out.Owners, func(a, b incident.InsightFates) int {
		return cmp.Or(cmp.Compare(b.Overdue, a.Overdue), cmp.Compare(b.Open, a.Open), cmp.Compare(Fold(a.Name), Fold(b.Name)))
	})
	out.Owners = out.Owners[:min(len(out.Owners), mostNames)]
	last := int64(-1)
	days := slices.Sorted(maps.Keys(s.Added))
	for _, age := range ages {
		of := incident.InsightBetween{Name: age.name, List: q.list(q.Range, "to_do")}
		for _, day := range days {
			if old := max(0, today-day); old > last && old <= age.days {
				of.N += s.Added[day]
			}
		}
		out.Ages, last = append(out.Ages, of), age.days
	}
	return out
}

// at is the value of a key, made when there is none.
func at(all map[string]*incident.InsightFates, key string) *incident.InsightFates {
	if all[key] == nil {
		all[key] = &incident.InsightFates{}
	}
	return all[key]
}

func count(of *incident.InsightFates, key followUps, n, today int64) {
	switch key.fate {
	case fateOpen:
		of.Open += n
		if key.due != 0 && key.due < today {
			of.Overdue += n
		}
	case fateOverdue:
		of.Open, of.Overdue = of.Open+n, of.Overdue+n
	case fateInTime:
		of.InTime += n
	case fateLate:
		of.Late += n
	case fateDone:
		of.Done += n
	case fateNot:
		of.NotDoing += n
	}
}
