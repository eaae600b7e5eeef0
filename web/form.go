package web

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// shape is how a value is written by hand.
type shape string

const (
	asLine    shape = "line"
	asArea    shape = "area" // several lines, Markdown
	asMoment  shape = "when" // a moment as people write it
	asChoice  shape = "choice"
	asDay     shape = "day"
	asWords   shape = "words"   // a list, with commas between
	asLines   shape = "lines"   // a list, one a line
	asTable   shape = "table"   // a list of objects, one a row
	asEntries shape = "entries" // ids of entries of the timeline
	asWhole   shape = "whole"   // a whole number from 0
	asHidden  shape = "kept"    // goes along unseen
)

// input is a place of a form where one value is written. Its rules are not
// here: choices and lengths come from the tags of the type, refusals from the store.
type input struct {
	Key     string // path of JSON keys: "text", "milestones.started"
	Label   string
	Shape   shape
	Hint    string
	Columns []input // of a table
}

const (
	timeHint     = "As you would say it: 02:42, 2:42 AM PDT, 18 July 2013 14:05 UTC, ~09:40, unknown."
	linkHint     = "A link."
	audienceName = "Who may see it"
)

var audienceInput = input{Key: "audience", Label: audienceName, Shape: asChoice}

// partInputs is the one table of what is written of parts.
var partInputs = map[incident.PartKind][]input{
	incident.Timeline: {
		{Key: "at", Label: "When", Shape: asMoment, Hint: "As you would say it: 02:42, 2:42 AM PDT, +6m, ~09:40, unknown."},
		{Key: "until", Label: "Until", Shape: asMoment, Hint: "Where it took a while."},
		{Key: "kind", Label: "Kind", Shape: asChoice},
		{Key: "text", Label: "What happened", Shape: asArea},
		{Key: "actor", Label: "Who or what did it", Shape: asLine},
		{Key: "source", Label: "Known from", Shape: asLine, Hint: linkHint},
		audienceInput,
	},
	incident.Impacts: {
		{Key: "component", Label: "What was hurt", Shape: asLine, Hint: "A part of the product that customers can name."},
		{Key: "kind", Label: "How", Shape: asChoice},
		{Key: "level", Label: "How badly", Shape: asChoice},
		{Key: "from", Label: "From", Shape: asMoment, Hint: timeHint},
		{Key: "until", Label: "Until", Shape: asMoment, Hint: "Empty while it lasts."},
		{Key: "text", Label: "For whom, and what they saw", Shape: asArea},
		{Key: "figures", Label: "In figures", Shape: asTable, Columns: []input{
			{Key: "measure", Label: "Measure", Shape: asLine}, {Key: "value", Label: "Number", Shape: asLine}, {Key: "unit", Label: "Unit", Shape: asLine}}},
		audienceInput,
	},
	incident.Whys: {
		{Key: "why", Label: "Why?", Shape: asLine},
		{Key: "because", Label: "Because", Shape: asArea, Hint: "Leave it empty while nobody knows."},
		{Key: "evidence", Label: "Evidence", Shape: asEntries},
		audienceInput,
	},
	incident.Factors: {
		{Key: "text", Label: "What contributed", Shape: asArea},
		{Key: "category", Label: "Category", Shape: asLine, Hint: "One word: process, configuration, capacity."},
		{Key: "confidence", Label: "How sure is it", Shape: asChoice},
		{Key: "evidence", Label: "Evidence", Shape: asEntries},
		audienceInput,
	},
	incident.Lessons: {
		{Key: "kind", Label: "Kind", Shape: asChoice},
		{Key: "text", Label: "What we learned", Shape: asArea},
		audienceInput,
	},
	incident.Messages: {
		{Key: "channel", Label: "Channel", Shape: asChoice},
		{Key: "state", Label: "State", Shape: asChoice},
		{Key: "at", Label: "When", Shape: asMoment, Hint: timeHint},
		{Key: "status", Label: "Status word", Shape: asLine, Hint: "The word that people were given, such as identified."},
		{Key: "body", Label: "What people were told", Shape: asArea},
		{Key: "author", Label: "Author", Shape: asLine},
		{Key: "role", Label: "Role", Shape: asLine, Hint: "Outsiders see it instead of the author."},
		{Key: "link", Label: "Where it can be read", Shape: asLine, Hint: linkHint},
		{Key: "next_update_at", Label: "Next update promised for", Shape: asMoment},
		audienceInput,
		{Key: "corrects", Label: "Corrects", Shape: asHidden},
	},
	incident.Actions: {
		{Key: "title", Label: "What will be done", Shape: asLine, Hint: "So that somebody can check that it was."},
		{Key: "kind", Label: "Kind", Shape: asChoice},
		{Key: "owner", Label: "Owner", Shape: asLine},
		{Key: "due", Label: "Due", Shape: asDay},
		{Key: "priority", Label: "Priority", Shape: asChoice},
		{Key: "state", Label: "State", Shape: asChoice},
		{Key: "reason", Label: "Why it won’t be done", Shape: asLine, Hint: "Needed for what won’t be done."},
		{Key: "ticket", Label: "Ticket", Shape: asLine, Hint: linkHint},
		{Key: "also_for", Label: "Also for", Shape: asWords, Hint: "Other incidents that it serves: INC-7, INC-12."},
		audienceInput,
	},
	incident.Comments: {
		{Key: "on", Label: "On", Shape: asHidden},
		{Key: "text", Label: "Comment", Shape: asArea},
	},
}

// partNames name one part of a kind.
var partNames = map[incident.PartKind]string{
	incident.Timeline: "entry", incident.Impacts: "impact", incident.Whys: "why", incident.Factors: "contributing factor",
	incident.Lessons: "lesson", incident.Messages: "message", incident.Actions: "action", incident.Comments: "comment",
}

// group is some of the record's own fields, edited together.
type group struct {
	Name, Title string
	Part        string // the id on the record's page that shows them
	Inputs      []input
}

func statementInputs(key, label string) []input {
	return []input{{Key: "analysis." + key + ".text", Label: label, Shape: asArea}, {Key: "analysis." + key + ".audience", Label: audienceName, Shape: asChoice}}
}

// groups is the one table of what is written of a record's own fields.
var groups = []group{
	{"overview", "Overview", "main", []input{
		{Key: "title", Label: "Title", Shape: asLine, Hint: "For the team. Outsiders see the public title."},
		{Key: "severity", Label: "Severity", Shape: asChoice},
		{Key: "kind", Label: "Kind", Shape: asChoice},
		{Key: "summary", Label: "Summary", Shape: asArea, Hint: "Two sentences are enough: what broke, and for whom."},
		{Key: "background", Label: "Background", Shape: asArea, Hint: "What a reader must know first."},
		{Key: "tags", Label: "Tags", Shape: asWords, Hint: "With commas between."},
		{Key: "zone", Label: "Time zone", Shape: asLine, Hint: "Such as America/Los_Angeles, UTC or +05:30."},
		{Key: "visibility", Label: "Visibility", Shape: asChoice, Hint: "Of a private incident only the people named on it know."},
	}},
	{"times", "When it happened", "times", []input{
		{Key: "milestones.triggered", Label: "Triggered: what set it off", Shape: asMoment, Hint: timeHint},
		{Key: "milestones.started", Label: "Started: users begin to be hurt", Shape: asMoment},
		{Key: "milestones.detected", Label: "Detected: you notice", Shape: asMoment},
		{Key: "milestones.acknowledged", Label: "Acknowledged: somebody is on it", Shape: asMoment},
		{Key: "milestones.mitigated", Label: "Mitigated: users are no longer hurt", Shape: asMoment},
		{Key: "milestones.resolved", Label: "Resolved: it is over", Shape: asMoment},
	}},
	{"causes", "Why it happened", "causes", append(append(
		statementInputs("trigger", "What set it off"),
		statementInputs("technical_cause", "What failed")...),
		statementInputs("process_cause", "Why that was possible")...)},
	{"public", "For outsiders", "public", []input{
		{Key: "public_title", Label: "Public title", Shape: asLine},
		{Key: "public_summary", Label: "Public summary", Shape: asArea, Hint: "No names of people or hosts, and nothing that only the team should know."},
	}},
	{"people", "People", "people", []input{
		{Key: "people", Label: "Who was there", Shape: asTable, Columns: []input{
			{Key: "role", Label: "Role", Shape: asLine}, {Key: "name", Label: "Name", Shape: asLine},
			{Key: "from", Label: "From", Shape: asMoment}, {Key: "until", Label: "Until", Shape: asMoment}}},
	}},
	{"links", "Links", "links", []input{
		{Key: "related", Label: "Related incidents", Shape: asWords, Hint: "Such as INC-7, INC-12."},
		{Key: "recurrence_of", Label: "It is a recurrence of", Shape: asLine},
		{Key: "sources", Label: "Sources", Shape: asLines, Hint: "What this record was made from, one link a line."},
	}},
}

// form is what a page shows to be filled in.
type form struct {
	ID        string // its id on the page, and what its draft is kept under
	Title     string
	Action    string // where it is sent to
	Back      string // where to go without sending it
	Times     string // where to ask how a time is understood
	Target    string // id of the element that it stands in for
	Save      string // what its button says
	Problem   string // what is wrong with the whole of it
	Again     bool   // it was sent, and came back
	InPlace   bool   // it is shown inside the record's page
	Clash     bool   // somebody else changed what is edited here
	Starts    []start
	Once      string // names what is new, so that sending it twice adds it once; "" for what is there
	Removable bool
	Controls  []control
}

// control is an input with its value.
type control struct {
	input
	ID      string
	Value   string  // as written
	Was     *string // as it stood when the form was made; nil for what is new
	Theirs  *string // what somebody else put there meanwhile
	Error   string
	Longest int
	Needed  bool
	Options []option
	Rows    [][]control
}

// timedInput is a control with where to ask how a time is understood.
type timedInput struct {
	Control control
	Times   string
}

func timedControl(c control, times string) timedInput { return timedInput{c, times} }

// option is one of several values. Value "" says nothing.
type option struct {
	Value, Label string
	Chosen       bool
}

// tags finds the struct tags of a path of JSON keys.
func tags(t reflect.Type, key string) (reflect.StructTag, bool) {
	first, rest, deeper := strings.Cut(key, ".")
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	for _, f := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != first || f.Anonymous {
			continue
		}
		if deeper {
			return tags(f.Type, rest)
		}
		return f.Tag, true
	}
	return "", false
}

// options are the values of a closed set, as the tags of its field list them.
func options(tag reflect.StructTag) []option {
	var all []option
	for _, value := range strings.Split(tag.Get("enum"), ",") {
		label := word(value)
		if value == "" {
			label = "not said"
		}
		all = append(all, option{Value: value, Label: label})
	}
	return all
}

// mostCharacters is what a field holds at most, in characters; 0 is not said.
func mostCharacters(tag reflect.StructTag) (n int) {
	_, _ = fmt.Sscan(tag.Get("maxLength"), &n) // a test of package incident reads all tags
	return n
}
