package lint

import (
	"regexp"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// open are the follow-ups that are still to be done.
func open(in *record) func(func(int, *incident.Action) bool) {
	return func(yield func(int, *incident.Action) bool) {
		for i := range in.Actions {
			a := &in.Actions[i]
			if (a.State == incident.Open || a.State == incident.InProgress || a.State == "") && !yield(i, a) {
				return
			}
		}
	}
}

func findOwnerless(in *record, r *report) {
	for i, a := range open(in) {
		if blank(a.Owner) {
			r.add(under(incident.Actions, i, "owner", "action"), a.Title, "nobody owns “"+short(a.Title)+"”",
				"Name one person who will say that it is done; the team can still do it together.")
		}
	}
}

func findDateless(in *record, r *report) {
	for i, a := range open(in) {
		if a.Due == nil {
			r.add(under(incident.Actions, i, "due", "action"), a.Title, "“"+short(a.Title)+"” has no date",
				"Give a day on which somebody will look whether it is done.")
		}
	}
}

// hopeful are wishes that nobody can ever check.
var hopeful = regexp.MustCompile(`(?i)^(?:please )?(?:be (?:more )?(?:careful|aware|mindful|vigilant)|pay (?:more |closer )?attention|remind\b|try (?:harder|to)\b|(?:don[’']t|do not|never) do (?:this|that|it)|(?:tbd|tbc|todo|fix it|fix this)\W*$|(?:educate|train) (?:the |our )?(?:team|engineers|developers|staff|people|operators)\W*$|raise awareness|take (?:more )?care|communicate (?:better|more)|(?:make sure|ensure) (?:this|it) (?:doesn[’']t|does not|never|won[’']t) happen)`)

// vague are beginnings that need an end: until when, to what, how much.
var vague = regexp.MustCompile(`(?i)^(?:we (?:should|need to|will) |to )?(?:improve|enhance|strengthen|increase|better|more|optimi[sz]e|revisit|rethink|look (?:in|at|into)|investigate|explore|think about|consider|discuss|review|monitor|clean up|harden|work on)\b|` +
	`^(?:we (?:should|need to|will) |to )?(?:add|fix|update|write|create|reduce|follow up on|make) (?:more |better |the |our |some )*(?:monitoring|alerting|alerts|tests?|testing|documentation|docs|logging|logs|runbooks?|observability|dashboards?|toil|it more robust|it better)\W*$`)

// bound finds what makes it checkable: a number, a name in code, a purpose or
// a condition.
var bound = regexp.MustCompile("(?i)[0-9`\"“]|https?://|\\b(?:so that|such that|in order to|when|whenever|if|unless|until|before|after|below|above|under|within|at least|at most|every|each|by (?:adding|making|using|moving|setting)|for (?:the|all|each|every)|on the|of the|from the|with an?|to (?:\\S+ ){0,2}(?:alert|page|fail|refuse|reject|warn|detect|block|require|prevent|cover|include))\\b")

// wordy is the number of words from which a title says enough to be checked.
const wordy = 10

func findVague(in *record, r *report) {
	for i, a := range open(in) {
		title := strings.TrimSpace(a.Title)
		if hopeful.MatchString(title) {
			r.add(under(incident.Actions, i, "title", "action"), a.Title, "nobody can ever check “"+short(title)+"”",
				"Ask what would make it unnecessary to be careful: a check, a default, a guard, an alert.")
			continue
		}
		if vague.MatchString(title) && !bound.MatchString(title) && len(strings.Fields(title)) < wordy {
			r.add(under(incident.Actions, i, "title", "action"), a.Title, "nobody can tell when “"+short(title)+"” is done",
				"Say what will be there that is not there now: “Alert when the replica lags 30 s”, not “Improve monitoring”.")
		}
	}
}
