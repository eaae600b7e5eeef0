package document

import (
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// What may stand in braces after each kind of part.
var (
	audienceNames = []string{"public", "internal", "private"}
	confidences   = []string{"confirmed", "likely", "unknown"}
	actionKinds   = []string{"prevent", "detect", "mitigate", "process", "document"}
	actionStates  = []string{"open", "in_progress", "done", "not_doing"}
	priorities    = []string{"high", "medium", "low"}

	statementWords = known{sets: [][]string{audienceNames}}
	whyWords       = known{sets: [][]string{audienceNames}, keys: []string{"evidence"}}
	factorWords    = known{sets: [][]string{audienceNames, confidences}, keys: []string{"category", "evidence"}}
	lessonWords    = known{sets: [][]string{audienceNames}}
	actionWords    = known{
		sets: [][]string{audienceNames, actionKinds, actionStates, priorities},
		keys: []string{"owner", "due", "reason", "ticket", "also_for"},
	}
)

// lessonHeadings are the questions of a retrospective, then other ways to ask
// them.
var lessonHeadings = []struct {
	kind  incident.LessonKind
	names []string
}{
	{incident.WentWell, []string{"What went well", "Went well", "What worked"}},
	{incident.WentWrong, []string{"What went wrong", "Went wrong", "What went badly", "What did not go well", "What didn't go well"}},
	{incident.Lucky, []string{"Where we got lucky", "Lucky", "Where we were lucky", "What was lucky"}},
}

func lessonHeading(k incident.LessonKind) string {
	for _, h := range lessonHeadings {
		if h.kind == k {
			return h.names[0]
		}
	}
	return string(k)
}

func lessonKind(heading string) (incident.LessonKind, bool) {
	for _, h := range lessonHeadings {
		for _, name := range h.names {
			if strings.EqualFold(heading, name) {
				return h.kind, true
			}
		}
	}
	return "", false
}

// human writes a word of a closed set for people: "major outage".
func human[T ~string](w T) string { return strings.ReplaceAll(string(w), "_", " ") }
