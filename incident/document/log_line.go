package document

import (
	"regexp"
	"slices"
	"strings"

	"github.com/debriefhq/debrief/incident"
)

// The times that lines begin with. What they match is read by incident.When,
// which decides what is a time; these only say where one may end.
const (
	clockForm  = `(?:\d{1,2}(?::\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?|:\?\?|h\d{2})(?: ?[AaPp]\.?[Mm]\b\.?)?|\d{1,2} ?[AaPp]\.?[Mm]\b\.?)`
	dayForm    = `\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[-/.]\d{1,2}(?:[-/.]\d{2,4})?|(?:\d{1,2}(?:st|nd|rd|th)?[ .-]+)?` + monthForm + `\.?(?:[ -]+\d{1,2}(?:st|nd|rd|th)?)?(?:,?[ -]+\d{4})?`
	monthForm  = `(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|January|February|March|April|June|July|August|September|October|November|December)`
	namedDay   = `(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?|[Tt]oday|[Yy]esterday)`
	zoneForm   = `(?: ?(?:Z|[+-]\d{2}:?\d{2})\b)?(?: (?:[A-Z]{2,5}\b|[A-Z][a-z]+/[A-Z][A-Za-z_]+))?`
	besideForm = `(?: ?[/(] ?\d{1,2}:\d{2}(?::\d{2})? ?[A-Z]{1,5}\)?)?`
	fullForm   = `(?:` + namedDay + `,? (?:at )?)?(?:(?:` + dayForm + `)(?:T|,? ?(?:at|@)? ?))?` + clockForm + `(?: \d{4}\b)?`
	countForm  = `\+ ?\d{1,4} ?(?:m|min|h|s)\b|\d{1,4} ?(?:m|min|mins|minutes?|h|hours?) ago\b|(?:\?\?|--|xx|XX|HH):(?:\?\?|--|xx|XX|MM)|\d{4}(?:Z| UTC| GMT)\b`
)

var (
	bareTime   = regexp.MustCompile(`^[~≈]?` + clockForm + zoneForm + `(?: ?[-–] ?` + clockForm + zoneForm + `)?$`)
	leading    = regexp.MustCompile(`^((?:[~≈]|about |ca\.? )?(?:` + fullForm + `|` + countForm + `))(` + zoneForm + `)(` + besideForm + `)`)
	rangeEnd   = regexp.MustCompile(`^ ?(?:-|–|—|to) ?(?:` + clockForm + `)` + zoneForm)
	cutBracket = regexp.MustCompile(`^[[(]([^][()]{3,60})[])]`)
	between    = regexp.MustCompile(`^(?:[ \t]*(?:[:|│,;]|[-–—>]+(?:[ \t]|$)))?[ \t]*`)
	marker     = regexp.MustCompile(`^(?:[-*+•‣◦–—>]+[ \t]+|\d{1,5}[.)][ \t]+|\d{1,6}[ \t]{2,})`)
	headForm   = regexp.MustCompile(`^(.{1,80}?)(?:[ \t]{2,}|\t|,[ \t]*|[ \t]+[—–|·-][ \t]*|[ \t]+)[[(]?((?:` + fullForm + `)(?:` + zoneForm + `))[])]?$`)
	dayAlone   = regexp.MustCompile(`^(?:` + namedDay + `,? ?)?(?:(?:the )?(?:` + dayForm + `))?$`)
)

// withoutMarker takes bullets, quote marks and the numbers of lists off a line.
func withoutMarker(line string) (rest string, bulleted bool) {
	rest = strings.TrimSpace(line)
	for range 3 {
		m := marker.FindString(rest)
		if m == "" {
			break
		}
		rest, bulleted = strings.TrimSpace(rest[len(m):]), true
	}
	return rest, bulleted
}

// cutTime splits a line at the end of the time that it begins with.
func (l *log) cutTime(line string) (when, said string, ok bool) {
	if m := cutBracket.FindStringSubmatch(line); m != nil {
		inside := strings.TrimSpace(m[1])
		if whole := leading.FindString(inside); whole != "" && strings.TrimSpace(rangeEnd.ReplaceAllString(inside[len(whole):], "")) == "" || nobodyKnows(inside) {
			return inside, afterTime(line[len(m[0]):]), true
		}
		return "", "", false
	}
	strong := strings.TrimLeft(line, "*_`") // Markdown's emphasis around a time
	m := leading.FindStringSubmatch(strong)
	if m == nil {
		return "", "", false
	}
	frame := line[:len(line)-len(strong)]
	for _, when := range []string{m[0], m[1] + m[2], m[1]} {
		if _, err := l.when.Read(when); err != nil && when != m[1] {
			continue
		}
		end := when
		rest := strong[len(when):]
		if r := rangeEnd.FindString(rest); r != "" {
			if _, _, err := ReadTimes(when+r, l.when); err == nil {
				end, rest = when+r, rest[len(r):]
			}
		}
		if rest != "" && !strings.ContainsAny(rest[:1], " \t:|,;-–—])*_`>") && !strings.HasPrefix(rest, "│") && !strings.HasPrefix(rest, "–") && !strings.HasPrefix(rest, "—") {
			continue // 10:42x is a word
		}
		if frame != "" {
			rest = strings.Replace(rest, frame, "", 1)
		}
		return end, afterTime(rest), true
	}
	return "", "", false
}

// afterTime takes off what stands between a time and the words.
func afterTime(rest string) string {
	return strings.TrimSpace(rest[len(between.FindString(rest)):])
}

func nobodyKnows(inside string) bool {
	m, err := incident.When{Zone: "UTC"}.Read(inside)
	return err == nil && !m.Known()
}

// cutHead reads a name with a time after it, above the words that were said, in
// line i.
func (l *log) cutHead(i int) (name, when string, ok bool) {
	line, _ := withoutMarker(l.lines[i])
	m := headForm.FindStringSubmatch(line)
	if m == nil || i+1 >= len(l.lines) || strings.TrimSpace(l.lines[i+1]) == "" {
		return "", "", false
	}
	if name, when = strings.TrimRight(m[1], " \t:"), m[2]; !isName(name) {
		return "", "", false
	}
	_, err := l.when.Read(when)
	return name, when, err == nil || strings.Contains(line, "  ") || strings.Contains(line, "—")
}

// cutNameAlone reads the time below a name, in line i, and above the words that
// were said. A single word is a name only where the time is indented: it may be
// the last thing that somebody said before.
func (l *log) cutNameAlone(i int) (when string, ok bool) {
	name := strings.TrimSpace(l.lines[i])
	if i+2 >= len(l.lines) || !isName(name) || indentOf(l.lines[i+1]) == 0 && !fullName.MatchString(name) {
		return "", false
	}
	when, said, ok := l.cutTime(strings.TrimSpace(l.lines[i+1]))
	return when, ok && said == "" && strings.TrimSpace(l.lines[i+2]) != ""
}

// dayOf is what is left of a line when what people draw around a day is taken off.
func dayOf(line string) string {
	return strings.TrimPrefix(strings.TrimPrefix(strings.Trim(line, "-–—=#*_~ \t:."), "Day changed "), "to ")
}

// isDay tells a line that is a day, such as chats put between messages.
func (l *log) isDay(line string) bool {
	plain := dayOf(line)
	if plain == "" || len(plain) > 60 || !dayAlone.MatchString(plain) {
		return false
	}
	m, err := l.when.Read(plain)
	return err == nil && m.Known() && m.Precision == incident.Day
}

var (
	nick      = regexp.MustCompile(`^<[ @+%&~]?([^<>\s]{1,60})>\s*`)
	weechat   = regexp.MustCompile(`^([^\s|│]{1,40})\s+[|│]\s+`)
	oneSaid   = regexp.MustCompile(`^([\p{L}@][\p{L}\p{M}\p{N}._@'’() -]{0,60}?):(?:\s+|$)`)
	logged    = regexp.MustCompile(`^(?:([\w.-]{1,64}) )?([\w./@-]{1,64})(\[\d+\])?:\s+`)
	withDigit = regexp.MustCompile(`:\d{2}[:.]\d{2}`)
	fullName  = regexp.MustCompile(`^\p{Lu}[\p{L}\p{M}.'’-]+(?: \p{Lu}[\p{L}\p{M}.'’-]*){1,3}$`)
)

// cutSaid splits what stands after a time into who and what: a program's line,
// where the time is to the second, or what somebody said.
func cutSaid(when, said string) (actor, text string) {
	if withDigit.MatchString(when) {
		if m := logged.FindStringSubmatch(said); m != nil && (m[1] != "" || m[3] != "") && !slices.Contains(noNames, strings.ToLower(m[2])) {
			return strings.TrimSpace(m[1] + " " + m[2]), said[len(m[0]):]
		}
	}
	return cutActor(said)
}

// cutActor splits off who said it, where a chat names one.
func cutActor(said string) (actor, text string) {
	for _, form := range []*regexp.Regexp{nick, weechat} {
		if m := form.FindStringSubmatch(said); m != nil && len(said) > len(m[0]) {
			return m[1], said[len(m[0]):]
		}
	}
	if m := oneSaid.FindStringSubmatch(said); m != nil && len(said) > len(m[0]) && isName(m[1]) {
		return m[1], said[len(m[0]):]
	}
	return "", said
}

// noNames are words with a colon after them that name nobody.
var noNames = []string{
	"note", "update", "fix", "impact", "edit", "warning", "warn", "error", "info", "debug", "fatal", "todo", "ps", "fyi", "action", "status",
	"summary", "cause", "decision", "http", "https", "result", "reason", "alert", "critical", "problem", "resolved", "detected", "started",
	"ended", "start", "end", "lesson", "trigger", "detection", "escalation", "communication", "observation", "recovery",
}

// isName tells what may be somebody's name: one word, or up to four that begin
// with capitals, digits or brackets.
func isName(text string) bool {
	words := strings.Fields(text)
	if len(words) == 0 || len(words) > 4 || len(text) > 60 || slices.Contains(noNames, strings.ToLower(text)) {
		return false
	}
	letters := false
	for i, word := range words {
		first := []rune(strings.TrimLeft(word, "(@"))
		if len(first) == 0 || strings.ContainsAny(word, ",;!?\"=/\\|<>[]{}") {
			return false
		}
		letters = letters || strings.ToUpper(word) != strings.ToLower(word)
		if i > 0 && strings.ToLower(string(first[0])) == string(first[0]) && strings.ToUpper(string(first[0])) != string(first[0]) {
			return false
		}
	}
	return letters
}
