package incident

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Digest is what happened in a month or a quarter of UTC, what was learned from it and what is still owed, for the whole
// team: nothing of it is private.
type Digest struct {
	Period    string    `json:"period" doc:"2013-07 or 2013-Q3, of UTC."`
	From      time.Time `json:"from"`
	Until     time.Time `json:"until" doc:"The first instant after it."`
	MadeAt    time.Time `json:"made_at" doc:"What is owed, and how far reviews are, is as of then."`
	Incidents []Retold  `json:"incidents" doc:"Those that started in it, the most severe first, then by start. When nobody said when, they count where they were filed."`
	More      bool      `json:"more" doc:"There were more than are told here."`
	Owed      []Owed    `json:"owed" doc:"Follow-ups of whenever that are open or in progress, the soonest due first."`
	MoreOwed  bool      `json:"more_owed" doc:"There are more than are told here."`
}

// Retold is an incident in a digest.
type Retold struct {
	Number         Number       `json:"number"`
	Title          string       `json:"title"`
	Kind           IncidentKind `json:"kind" enum:"incident,near_miss,maintenance"`
	Severity       Severity     `json:"severity" enum:",sev1,sev2,sev3,sev4"`
	Status         Status       `json:"status" enum:"investigating,identified,monitoring,resolved,scheduled,in_progress,verifying,completed"`
	Zone           string       `json:"zone"`
	Started        *Moment      `json:"started"`
	Components     []string     `json:"components"`
	Measures       *Measures    `json:"measures"`
	Summary        string       `json:"summary"`
	TechnicalCause string       `json:"technical_cause"`
	ProcessCause   string       `json:"process_cause"`
	Lessons        []Lesson     `json:"lessons"`
	Review         ReviewState  `json:"review" enum:"draft,in_review,approved,published"`
	Done           int          `json:"done" doc:"Of its follow-ups."`
	Pending        int          `json:"pending"`
	NotDoing       int          `json:"not_doing"`
}

// Owed is a follow-up in a digest.
type Owed struct {
	Incident Number      `json:"incident"`
	Title    string      `json:"title"`
	Owner    string      `json:"owner"`
	Due      *string     `json:"due" format:"date"`
	State    ActionState `json:"state" enum:"open,in_progress"`
	Overdue  bool        `json:"overdue"`
}

// Retell takes from a record what a digest tells, nothing private.
func Retell(in *Incident) Retold {
	in = in.For(AudienceInternal)
	r := Retold{
		Number: in.Number, Title: in.Title, Kind: in.Kind, Severity: in.Severity, Status: in.Status, Zone: in.Zone,
		Started: in.Milestones.Started, Components: []string{}, Measures: Measure(in), Summary: in.Summary,
		Lessons: append([]Lesson{}, in.Analysis.Lessons...), Review: in.Review.State,
	}
	seen := map[string]bool{}
	for _, i := range in.Impacts {
		if i.Component != "" && !seen[i.Component] {
			seen[i.Component] = true
			r.Components = append(r.Components, i.Component)
		}
	}
	if s := in.Analysis.TechnicalCause; s != nil {
		r.TechnicalCause = s.Text
	}
	if s := in.Analysis.ProcessCause; s != nil {
		r.ProcessCause = s.Text
	}
	for _, a := range in.Actions {
		switch a.State {
		case Done:
			r.Done++
		case NotDoing:
			r.NotDoing++
		default:
			r.Pending++
		}
	}
	return r
}

var periodForm = regexp.MustCompile(`^(\d{4})-(?:(\d{2})|[Qq]([1-4]))$`)

// ReadPeriod reads a month, 2013-07, or a quarter, 2013-Q3, of UTC. Name is how it is written.
func ReadPeriod(text string) (name string, from, until time.Time, err error) {
	m := periodForm.FindStringSubmatch(text)
	if m == nil {
		return "", from, until, Refuse(Malformed, "/period", fmt.Sprintf("%.20q is no month or quarter: write it as 2013-07 or 2013-Q3", text))
	}
	year, _ := strconv.Atoi(m[1]) // the form has digits alone
	month, _ := strconv.Atoi(m[2])
	length := 1
	if m[3] != "" {
		quarter, _ := strconv.Atoi(m[3])
		month, length = 3*quarter-2, 3
	}
	if month < 1 || month > 12 || year < 1970 || year > 2200 {
		return "", from, until, Refuse(Malformed, "/period", fmt.Sprintf("%s is no month from 1970-01 to 2200-12: write it as 2013-07 or 2013-Q3", text))
	}
	from = time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC)
	until = from.AddDate(0, length, 0)
	return PeriodName(from, until), from, until, nil
}

// PeriodName is how a month or a quarter is written.
func PeriodName(from, until time.Time) string {
	if from.AddDate(0, 1, 0).Equal(until) {
		return from.Format("2006-01")
	}
	return fmt.Sprintf("%d-Q%d", from.Year(), (from.Month()+2)/3)
}

// PeriodTitle is how people say it: July 2013, Third quarter of 2013.
func PeriodTitle(from, until time.Time) string {
	if from.AddDate(0, 1, 0).Equal(until) {
		return from.Format("January 2006")
	}
	return fmt.Sprintf("%s quarter of %d", [4]string{"First", "Second", "Third", "Fourth"}[(from.Month()-1)/3], from.Year())
}

// LastMonth is the beginning of the last month of UTC that is over.
func LastMonth(now time.Time) time.Time {
	now = now.UTC()
	return time.Date(now.Year(), now.Month()-1, 1, 0, 0, 0, 0, time.UTC)
}
