package lint

import (
	"regexp"
	"strings"
)

// blaming is one way of blaming, and the question that leads on.
type blaming struct {
	hints []string // lower case; one of them must be in the text before words is tried
	words *regexp.Regexp
	named *regexp.Regexp // what follows the name of a person of the record; nil: nothing does
	ask   string
}

// someone is a person as a subject; what systems should have done is no blame.
const someone = `(?:he|she|they|we|i|you|somebody|someone|whoever|the team|support|on-call|(?:the|an?|our|their) (?:\S+ ){0,2}(?:engineers?|developers?|operators?|admins?|administrators?|teams?|responders?|commander|on-call|colleagues?|managers?|person|employees?|contractors?|interns?|staff|vendor|sres?|dbas?|sysadmins?|programmers?|(?:new )?hire)(?: on (?:call|duty))?)`

// role is who is blamed by what they are.
const role = `(?:engineer|developer|operator|admin|administrator|team|responder|colleague|manager|employee|contractor|intern|sre|dba|sysadmin|programmer|new hire|person)s?`

// participle tells "should have checked" from "should have a check".
const participle = `(?: (?:also|never|really|probably|at least|already|just|simply))? (?:\p{L}+(?:ed|own|ght)|\p{L}*[^eE\s]en|seen|done|kept|made|had|told|found|understood|read|run|set|put|gone|come|left|begun)\b`

var blames = []blaming{
	{[]string{"human error", "operator error", "user error", "pilot error", "human mistake", "operator mistake"},
		regexp.MustCompile(`(?i)\b(?:human|operator|user|pilot)[- ](?:error|mistake)s?\b`), nil,
		"Ask: what made the error easy to make and hard to notice? That can be changed."},
	{[]string{"should have", "should've", "should’ve", "ought to have", "could have", "shouldn't have", "shouldn’t have", "should not have"},
		regexp.MustCompile(`(?i)\b` + someone + ` (?:really |also |clearly )?(?:(?:should(?:n[’']t| not)?(?: have|[’']ve)|ought to have)` + participle + `|could(?: have|[’']ve) (?:easily|simply|just)\b)`),
		regexp.MustCompile(`^ (?:should(?:n[’']t| not)?(?: have|[’']ve)|ought to have)` + participle),
		"Ask: what did they know at that minute, and what made what they did the reasonable thing?"},
	{[]string{"failed to", "neglected to", "forgot", "bother", "ignored", "overlooked", "missed the", "messed up", "screwed up", "dropped the ball", "asleep at", "did not ", "didn't ", "didn’t "},
		regexp.MustCompile(`(?i)\b` + someone + ` (?:had |have |has |simply |clearly )?(?:failed to|neglected to|forgot(?:ten)?(?: to)?|did(?: not|n[’']t) (?:bother|follow|read|check|test|pay)|ignored|overlooked|missed the (?:page|alert|alarm|warning|signs?)|messed up|screwed up|dropped the ball|(?:was|were) asleep at)\b`),
		regexp.MustCompile(`^ (?:failed to|neglected to|forgot(?:ten)?(?: to)?|did(?: not|n[’']t) (?:bother|follow|read|check|test|pay)|ignored|overlooked|missed the (?:page|alert|alarm|warning|signs?)|messed up|screwed up|dropped the ball|(?:was|were) asleep at)\b`),
		"Say what they did and saw instead. Ask: what would have had to be there for it to be remembered or seen?"},
	{[]string{"careless", "negligen", "incompeten", "sloppy", "stupid", "reckless", "lazy ", "lazily", "inexcusabl", "foolish"},
		regexp.MustCompile(`(?i)\b(?:careless(?:ly|ness)?|negligen(?:t|tly|ce)|incompeten(?:t|tly|ce)|slopp(?:y|ily|iness)|stupid(?:ly|ity)?|reckless(?:ly|ness)?|lazy|lazily|inexcusabl[ey]|foolish(?:ly)?)\b`), nil,
		"Leave the judgement out, and say what happened. Ask: under which pressure, with which tool?"},
	{[]string{"fault", "mistake", "oversight", "to blame", "blame on", "blamed", "responsible for", "culprit", "more careful"},
		regexp.MustCompile(`(?i)\b(?:(?:\p{L}+[’']s|my|our|his|her|their|whose|your) (?:own )?fault(?:$|[.,;:!?)]| (?:that|for|because|as|and))|` +
			`(?:` + role + `[’']s?|my|his|her|their) (?:own )?(?:mistake|error|oversight)s?\b|(?:mistake|error|oversight) (?:was made )?by (?:the|an?|our) (?:\S+ )?` + role + `\b|` +
			someone + ` (?:is|are|was|were) (?:solely |clearly |fully )?(?:to blame|at fault|responsible for (?:this|the (?:outage|incident|mistake)))\b|` +
			someone + ` (?:should be|must be|needs? to be|has to be|have to be) more careful\b|culprit (?:was|is) (?:the|an?|our) (?:\S+ )?` + role + `\b|blamed (?:the|an?|our|on) (?:\S+ )?(?:engineer|developer|operator|team|admin|colleague))`),
		regexp.MustCompile(`^(?:[’']s? (?:own )?(?:fault|mistake|error|oversight)\b| (?:is|was) (?:solely |clearly )?(?:to blame|at fault|responsible for (?:this|the (?:outage|incident|mistake)))\b)`),
		"Ask: which conditions came together? There is never one, and a person is not one of them."},
	{[]string{"obviously", "obvious mistake", "it was obvious", "clearly should", "any competent"},
		regexp.MustCompile(`(?i)\b(?:obviously|obvious mistake|it was obvious|any competent)\b`), nil,
		"It is obvious now. Ask: what did it look like then, and what else looked the same?"},
}

// forgives finds that the words are denied: "no human error", "nobody is to blame".
var forgives = regexp.MustCompile(`(?i)\b(?:no|not|nobody|never|without|isn[’']t|wasn[’']t|blameless\S*|rather than|instead of|assign\S*)\b[^.;!?\n]{0,25}$`)

func findBlame(in *record, r *report) {
	for t := range in.words() {
		if r.full() {
			return
		}
		lower := strings.ToLower(t.said)
		said := ""
		for i := range blames {
			b := &blames[i]
			if !hinted(lower, b.hints) {
				continue
			}
			if said == "" {
				said = inOneLine(ownWords(t.said))
			}
			if start, end := b.find(in, said); end > 0 {
				r.add(in.place(t), t.said, "“"+excerpt(said, start, end)+"” blames a person", b.ask)
				break
			}
		}
	}
}

// find is where a text blames, and means it; end is 0 where it does not.
func (b *blaming) find(in *record, said string) (start, end int) {
	hit := b.near(said)
	if hit == nil && b.named != nil {
		if name, from, to := in.persons().find(said, b.named.MatchString); name != "" {
			hit = []int{from, to}
		}
	}
	if hit == nil || forgives.MatchString(said[max(0, hit[0]-60):hit[0]]) || isQuestion(said, hit[1]) {
		return 0, 0
	}
	return hit[0], hit[1]
}

// near looks for the words around the first hints: a pattern over a whole text
// takes its time.
func (b *blaming) near(said string) []int {
	const before, after = 80, 40 // bytes, more than the words take
	lower := strings.ToLower(said)
	if len(lower) != len(said) { // a letter that grows: rare
		return b.words.FindStringIndex(said)
	}
	for _, h := range b.hints {
		for at := 0; ; {
			i := strings.Index(lower[at:], h)
			if i < 0 {
				break
			}
			at += i
			from := max(0, at-before)
			if hit := b.words.FindStringIndex(said[from:min(len(said), at+len(h)+after)]); hit != nil {
				return []int{from + hit[0], from + hit[1]}
			}
			at += len(h) + after/2
			if at > len(lower) {
				break
			}
		}
	}
	return nil
}

// inOneLine is a text without the ends of its lines and without emphasis, so that
// words which follow each other stand side by side. Paragraphs stay apart.
func inOneLine(said string) string {
	if strings.ContainsAny(said, "*_") {
		said = emphasis.ReplaceAllString(said, "$1")
	}
	return lineEnd.ReplaceAllString(said, "$1 $2")
}

var (
	emphasis = regexp.MustCompile(`[*_]{1,3}(\p{L}[^*_\n]*)[*_]{1,3}`)
	lineEnd  = regexp.MustCompile(`([^\s])[ \t]*\n[ \t]*([\p{L}\d])`)
)

func hinted(lower string, hints []string) bool {
	for _, h := range hints {
		if strings.Contains(lower, h) {
			return true
		}
	}
	return false
}

// isQuestion tells whether the sentence asks: "what should we have seen?"
func isQuestion(said string, from int) bool {
	end := strings.IndexAny(said[from:], ".!?\n")
	return end >= 0 && said[from+end] == '?'
}
