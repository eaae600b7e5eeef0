package lint

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// blaming is one way of blaming, and the question that leads on.
type blaming struct {
	hints []string // lower case; one of them must be in the text before words is tried
	words *regexp.Regexp
	named *regexp.Regexp // what follows the name of a person of the record; nil: nothing does
	ask   string
}

// someone is a person as a subject; what systems should have done is no blame.
const someone = `(?:he|she|they|we|i|you|somebody|someone|whoever|the team|support|on-call|(?:the|an?|our|their) (?:\S+ ){0,2}(?:lads?|guys?|blokes?|chaps?|folks|engineers?|developers?|operators?|admins?|administrators?|teams?|responders?|commander|on-call|colleagues?|managers?|person|employees?|contractors?|interns?|staff|vendor|sres?|dbas?|sysadmins?|programmers?|(?:new )?hire)(?: (?:on|at|in) (?:the )?(?:\S+ )?(?:call|duty|desk|shift))?)`

// role is who is blamed by what they are.
const role = `(?:engineer|developer|operator|admin|administrator|team|responder|colleague|manager|employee|contractor|intern|sre|dba|sysadmin|programmer|new hire|person)s?`

// participle tells "should have checked" from "should have a check".
const participle = `(?: (?:also|never|really|probably|at least|already|just|simply))? (?:\p{L}+(?:ed|own|ght)|\p{L}*[^eE\s]en|seen|done|kept|made|had|told|found|understood|read|run|set|put|gone|come|left|begun)\b`

var blames = []blaming{
	{[]string{"human error", "operator error", "user error", "pilot error", "human mistake", "operator mistake"},
		regexp.MustCompile(`(?i)\b(?:human|operator|user|pilot)[- ](?:error|mistake)s?\b`), nil,
		"Ask: what made the error easy to make and hard to notice? That can be changed."},
	{[]string{"should have", "should've", "should’ve", "ought to have", "could have easily", "could have simply", "could have just", "shouldn't have", "shouldn’t have", "should not have"},
		regexp.MustCompile(`(?i)\b` + someone + ` (?:really |also |clearly )?(?:(?:should(?:n[’']t| not)?(?: have|[’']ve)|ought to have)` + participle + `|could(?: have|[’']ve) (?:easily|simply|just)\b)`),
		regexp.MustCompile(`^ (?:should(?:n[’']t| not)?(?: have|[’']ve)|ought to have)` + participle),
		"Ask: what did they know at that minute, and what made what they did the reasonable thing?"},
	{[]string{"failed to", "neglected to", "forgot", "bother", "ignored", "overlooked", "missed the", "messed up", "screwed up", "fat-fingered", "fat fingered", "clueless", "too slow", "dropped the ball", "asleep at", "did not ", "didn't ", "didn’t "},
		regexp.MustCompile(`(?i)\b(?:nobody|no one) (?:had )?bothered to\b|\b` + someone + ` (?:had |have |has |simply |clearly )?(?:failed to|neglected to|forgot(?:ten)?(?: to)?|did(?: not|n[’']t) (?:bother|follow|read|check|test|pay)|ignored|overlooked|missed the (?:page|alert|alarm|warning|signs?)|messed up|screwed up|dropped the ball|fat[- ]fingered|(?:is|are|was|were) (?:asleep at|clueless|too slow to (?:react|respond|notice|act)))\b`),
		regexp.MustCompile(`^ (?:failed to|neglected to|forgot(?:ten)?(?: to)?|did(?: not|n[’']t) (?:bother|follow|read|check|test|pay)|ignored|overlooked|missed the (?:page|alert|alarm|warning|signs?)|messed up|screwed up|dropped the ball|fat[- ]fingered|(?:is|was) (?:asleep at|clueless|too slow to (?:react|respond|notice|act)))\b`),
		"Say what they did and saw instead. Ask: what would have had to be there for it to be remembered or seen?"},
	{[]string{"careless", "negligen", "incompeten", "sloppy", "stupid", "reckless", "lazy", "inexcusabl", "foolish"},
		regexp.MustCompile(`(?i)\b(?:careless(?:ly|ness)?|negligen(?:t|tly|ce)|incompeten(?:t|tly|ce)|slopp(?:y|ily|iness)|stupid(?:ly|ity)?|reckless(?:ly|ness)?|lazy|inexcusabl[ey]|foolish(?:ly)?)\b`), nil,
		"Leave the judgement out, and say what happened. Ask: under which pressure, with which tool?"},
	{[]string{"counselled", "counseled", "reprimand", "disciplin", "was fired", "were fired", "let go"},
		regexp.MustCompile(`(?i)\b` + someone + ` (?:concerned )?(?:has |have |had |was |were )?(?:been )?(?:counsell?ed|reprimanded|disciplined|fired|let go)\b`),
		regexp.MustCompile(`^ (?:has |had |was )?(?:been )?(?:counsell?ed|reprimanded|disciplined|fired|let go)\b`),
		"Leave it out: who reads that telling the truth is punished will not tell it. Say what the system will do from now on."},
	{[]string{"fault", "mistake", "oversight", "to blame", "blame on", "blamed", "responsible for", "culprit", "more careful", "careful in", "my bad"},
		regexp.MustCompile(`(?i)\b(?:my bad\b|(?:\p{L}+[’']s|my|our|his|her|their|whose|your) (?:own )?fault(?:$|[.,;:!?)]| (?:that|for|because|as|and))|` +
			`(?:` + role + `[’']s?|my|his|her|their) (?:own )?(?:mistake|error|oversight)s?\b|(?:mistake|error|oversight) (?:was made )?by (?:the|an?|our) (?:\S+ )?` + role + `\b|` +
			someone + ` (?:is|are|was|were) (?:solely |clearly |fully )?(?:to blame|at fault|responsible for (?:this|the (?:outage|incident|mistake)))\b|` +
			someone + ` (?:should be|must be|needs? to be|need to be|has to be|have to be|(?:is|are|was|were) to be|to be) (?:more careful\b|careful in (?:the )?future\b)|culprit (?:was|is) (?:the|an?|our) (?:\S+ )?` + role + `\b|blamed (?:the|an?|our|on) (?:\S+ )?(?:engineer|developer|operator|team|admin|colleague))`),
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
		own := ownWords(t.said)
		if !hinted(strings.ToLower(joined(own)), anyBlame) {
			continue
		}
		said := inOneLine(own)
		for paragraph := range strings.SplitSeq(said, "\n") {
			subject := paragraph
			if paragraph == said {
				subject = t.said
			}
			if words, ask := in.blaming(paragraph); words != "" {
				r.add(in.place(t), subject, "“"+words+"” blames a person", ask)
			}
		}
	}
}

// anyBlame are the hints of all ways of blaming.
var anyBlame = func() (all []string) {
	for i := range blames {
		all = append(all, blames[i].hints...)
	}
	return all
}()

// blaming gives the first words of a paragraph that blame, and what to ask; ""
// where none do.
func (in *record) blaming(paragraph string) (words, ask string) {
	lower := strings.ToLower(paragraph)
	for i := range blames {
		b := &blames[i]
		if !hinted(lower, b.hints) {
			continue
		}
		if start, end := b.find(in, paragraph); end > 0 {
			return excerpt(paragraph, start, end), b.ask
		}
	}
	return "", ""
}

// find is where a paragraph blames, and means it; end is 0 where it does not.
func (b *blaming) find(in *record, said string) (start, end int) {
	means := func(start, end int) bool {
		return !forgives.MatchString(said[max(0, start-60):start]) && !technical.MatchString(said[end:]) && !isQuestion(said, end)
	}
	if start, end := b.near(said, means); end > 0 {
		return start, end
	}
	if b.named == nil {
		return 0, 0
	}
	name, start, end := in.persons().find(said, b.named.MatchString)
	if name == "" || !means(start, end) {
		return 0, 0
	}
	return start, end
}

// technical finds that words of blame are the beginning of a term: an operator
// error class, lazy loading.
var technical = regexp.MustCompile(`(?i)^[- ](?:class|code|type|page|budget|rate|message|report|log|count|channel|handl|load|init|eval|alloc|import|migrat|fetch|delet|connect|creat|expir|free|unmount|mode|bind|propert|load|cache|index|seq|quantif|match)`)

// near looks for the words around their hints, up to the first that mean it: a
// pattern over a whole text takes its time. end is 0 where none do.
func (b *blaming) near(said string, means func(start, end int) bool) (start, end int) {
	const before, after = 80, 40 // bytes, more than the words take
	lower := strings.ToLower(said)
	if len(lower) != len(said) { // a letter that grows: rare
		if hit := b.words.FindStringIndex(said); hit != nil && means(hit[0], hit[1]) {
			return hit[0], hit[1]
		}
		return 0, 0
	}
	for _, h := range b.hints {
		for at := 0; at <= len(lower); {
			i := strings.Index(lower[at:], h)
			if i < 0 {
				break
			}
			at += i
			from := max(0, at-before)
			for _, hit := range b.words.FindAllStringIndex(said[from:min(len(said), at+len(h)+after)], -1) {
				if means(from+hit[0], from+hit[1]) {
					return from + hit[0], from + hit[1]
				}
			}
			at += len(h) + after/2
		}
	}
	return 0, 0
}

// inOneLine is a text without the ends of its lines and without emphasis, so that
// words which follow each other stand side by side. Paragraphs stay apart.
func inOneLine(said string) string {
	if strings.ContainsAny(said, "*_") {
		said = emphasis.ReplaceAllString(said, "$1")
	}
	return joined(said)
}

// joined is a text without the ends of lines within a paragraph.
func joined(said string) string {
	var b strings.Builder
	from := 0
	for at := 0; ; {
		i := strings.IndexByte(said[at:], '\n')
		if i < 0 {
			break
		}
		at += i + 1
		line := strings.TrimRight(said[from:at-1], " \t")
		rest := strings.TrimLeft(said[at:], " \t")
		if first, _ := utf8.DecodeRuneInString(rest); line == "" || strings.ContainsRune("\n\r\f", rune(line[len(line)-1])) || !unicode.IsLetter(first) && (first > '9' || first < '0') {
			continue
		}
		b.WriteString(line)
		b.WriteByte(' ')
		at = len(said) - len(rest)
		from = at
	}
	return b.String() + said[from:]
}

var emphasis = regexp.MustCompile(`[*_]{1,3}(\p{L}[^*_\n]*)[*_]{1,3}`)

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
