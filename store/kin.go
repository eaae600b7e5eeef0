package store

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/debriefhq/debrief/incident"
	box "github.com/debriefhq/debrief/incident/query"
)

// placeWeights say how much the words of each place of a record tell of what it is about. Those of places that are not
// here tell nothing: names of people, what is said twice, comments.
var placeWeights = map[string]float64{
	"title": 4, "tags": 3, "trigger": 2.5, "technical_cause": 2.5, "process_cause": 2, "summary": 2,
	string(incident.Factors): 2, string(incident.Whys): 2, string(incident.Impacts): 1.5, "background": 1, string(incident.Lessons): 1,
	string(incident.Timeline): 0.7, string(incident.Messages): 0.7, string(incident.Actions): 0.7,
}

const (
	weightAgain    = 0.25 // of a word that is there once more
	mostAgain      = 4
	longestKey     = 12     // characters of a word with digits in it; longer ones are keys of other programs
	longestOwnText = 20_000 // bytes of the record that others are compared with
)

// term is a word of a record with what it weighs.
type term struct {
	word   string // as it was written first, in lower case
	weight float64
	again  int
	learns bool // the lexicon knows how rare it is
}

// kin is what of a record is compared with another. Nothing private is in it.
type kin struct {
	terms                 map[string]*term // by stem
	kinds                 []incident.CauseKind
	components, tags      []string
	categories            []string
	title, summary, other string
	length                float64
}

var address = regexp.MustCompile(`https?://\S+|\S+@\S+|[\w./-]*/[\w./-]+`)

// plainWords are those of times and of addresses, and those that are in every story.
var plainWords = func() map[string]bool {
	all := map[string]bool{}
	for w := range strings.FieldsSeq(`am pm utc cet cest gmt bst pst pdt est jan feb mar apr jun jul aug sep sept oct nov dec january february march april
		may june july august september october november december monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun
		http https www com org net html incident issue postmortem summary timeline
		about after again against all almost along already also always another any anything around away back because become becomes before began
		between both came can cannot case come could day days did didn different done due during each early end enough even eventually every
		everything first found four further gave get gets give given go going gone good got great here however initial instead itself just keep kept
		kind know known last late later least left let like long look looked lot made make makes many may maybe might more most much must near need
		needed never new next not nothing now number off often old once one only other others our out over own part per place please possible put
		quite rather real really right said same saw say second see seemed seen several should show since small some something soon still sure take
		taken team tell three through thus time times together too took turn turned two under until up upon use used user users using very via want
		was way well went while will within without work worked working would yet
		affected alarm low mistake mistakes monitoring none open read repair restored office cause caused change changed changes check checked day hour hours issue issues minute minutes problem problems thread week weeks year years`) {
		all[w] = true
	}
	return all
}()

// newKin reads the open text of a record as it is kept for searches: a line for each place. Names are words that name people.
func newKin(body string, components, tags, categories []string, names map[string]bool) *kin {
	k := &kin{terms: map[string]*term{}, components: components, tags: tags, categories: categories}
	var other strings.Builder
	for line := range strings.Lines(body) {
		place, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		kind, _, _ := strings.Cut(place, " ")
		switch kind {
		case "title":
			k.title = text
		case "summary":
			k.summary = text
		default:
			if placeWeights[kind] >= 1 {
				_, _ = other.WriteString(text + "\n") // a builder never fails
			}
		}
		if weight := placeWeights[kind]; weight > 0 {
			k.read(address.ReplaceAllString(text, " "), weight, names)
		}
	}
	k.other = other.String()
	k.kinds = incident.CauseKinds(k.title, k.summary, k.other)
	for _, t := range k.terms {
		t.weight += weightAgain * float64(t.again)
		k.length += t.weight * t.weight
	}
	k.length = math.Sqrt(k.length)
	return k
}

func (k *kin) read(text string, weight float64, names map[string]bool) {
	for _, w := range box.Words(text) {
		if w.Joined || w.Idle() || names[w.Text] || !tells(w.Text) {
			continue
		}
		stem := w.Stem()
		t := k.terms[stem]
		if t == nil {
			t = &term{word: w.Text, learns: inLexicon(w)}
			k.terms[stem] = t
		} else if t.again < mostAgain {
			t.again++
		}
		t.weight = max(t.weight, weight)
	}
}

// tells leaves out words that only say when, and numbers and keys that nothing else will ever hold. An HTTP status stays.
func tells(word string) bool {
	digits := strings.IndexFunc(word, unicode.IsDigit) >= 0
	letters := strings.IndexFunc(word, unicode.IsLetter) >= 0
	switch {
	case plainWords[word] || len(word) < 2:
		return false
	case digits && letters:
		return len(word) <= longestKey
	case digits:
		return len(word) == 3 && (word[0] == '4' || word[0] == '5')
	}
	return true
}

// rarities are what a word says of a record that it holds it, by stem (inverse document frequency).
type rarities struct {
	known   map[string]int64 // about how many records hold it
	records float64
}

const (
	unknownShare = 0.1 // of the records, that are thought to hold a word of which nothing is known
	rareShare    = 0.05
	rareAtLeast  = 3 // records, in which a word may be and is rare all the same
)

func (r rarities) of(stem string, t *term) float64 {
	n := float64(r.known[stem])
	if !t.learns {
		n = unknownShare * r.records
	}
	return math.Log((r.records + 1) / (n + 0.5))
}

// rare tells whether the word is worth naming as something that two records share.
func (r rarities) rare(stem string, t *term) bool {
	return t.learns && float64(r.known[stem]) <= max(rareAtLeast, rareShare*r.records)
}

// What two records have in common weighs so much beside their words, which weigh one when all of them are the same.
const (
	componentWeight = 0.15
	kindWeight      = 0.10
	tagWeight       = 0.06
	categoryWeight  = 0.04
	leastWords      = 0.02 // of what is told at all, where something else is the same
	leastWordsAlone = 0.08 // where nothing else is
	leastNamed      = 1.7  // weight in both of a word that is named as shared
	mostRare        = 4    // words named
)

// likeness says how alike two records are, from 0 up, and why in words.
func (k *kin) likeness(other *kin, r rarities) (score float64, reasons []string) {
	words, rare := k.sharedWords(other, r)
	add := func(what string, weight float64, shared []string) {
		if len(shared) > 0 {
			score += weight * math.Sqrt(float64(len(shared)))
			reasons = append(reasons, what+": "+strings.Join(shared, ", "))
		}
	}
	add("same component", componentWeight, sharedTexts(k.components, other.components))
	add("same kind of cause", kindWeight, sharedKinds(k.kinds, other.kinds))
	add("same tag", tagWeight, sharedTexts(k.tags, other.tags))
	if words < leastWords || score == 0 && words < leastWordsAlone {
		return 0, nil
	}
	add("same sort of factor", categoryWeight, sharedTexts(k.categories, other.categories))
	score += words
	named := strings.ToLower(strings.Join(reasons, " "))
	rare = slices.DeleteFunc(rare, func(word string) bool { return strings.Contains(named, word) })
	if len(rare) > 0 {
		reasons = append(reasons, "shares rare words: "+strings.Join(rare, ", "))
	}
	return score, reasons
}

// sharedWords is the part of its words that a record has in common with another, by what each tells, and the rarest of them.
func (k *kin) sharedWords(other *kin, r rarities) (part float64, rare []string) {
	type shared struct {
		word          string
		weight, tells float64
	}
	var all []shared
	var both, own float64
	for stem, t := range k.terms {
		idf := r.of(stem, t)
		own += t.weight * t.weight * idf * idf
		if o := other.terms[stem]; o != nil {
			both += t.weight * o.weight * idf * idf
			if r.rare(stem, t) && min(t.weight, o.weight) >= 1 {
				all = append(all, shared{t.word, min(t.weight, o.weight), min(t.weight, o.weight) * idf})
			}
		}
	}
	if own == 0 || other.length == 0 {
		return 0, nil
	}
	slices.SortFunc(all, func(a, b shared) int { return cmp.Or(cmp.Compare(b.tells, a.tells), cmp.Compare(a.word, b.word)) })
	for i, s := range all[:min(mostRare, len(all))] {
		if i == 0 || s.weight >= leastNamed {
			rare = append(rare, s.word)
		}
	}
	return both * k.length / (other.length * own), rare
}

// sharedTexts are those of a that are in b, compared without case.
func sharedTexts(a, b []string) (shared []string) {
	for _, text := range a {
		if slices.ContainsFunc(b, func(other string) bool { return fold(other) == fold(text) }) {
			shared = append(shared, text)
		}
	}
	return shared
}

func sharedKinds(a, b []incident.CauseKind) (shared []string) {
	for _, kind := range a {
		if slices.Contains(b, kind) {
			shared = append(shared, string(kind))
		}
	}
	return shared
}

// namesIn are the words by which people are named on a record.
func namesIn(in *incident.Incident) map[string]bool {
	words := map[string]bool{}
	add := func(name string) {
		for _, w := range box.Words(name) {
			words[w.Text] = true
		}
	}
	for _, p := range in.People {
		add(p.Name)
	}
	for i := range in.Timeline {
		add(in.Timeline[i].Actor)
	}
	for i := range in.Messages {
		add(in.Messages[i].Author)
	}
	for i := range in.Actions {
		add(in.Actions[i].Owner)
	}
	return words
}

// kinOf is what of a record is compared. The record is as its reader may see it; its private parts are left out.
func kinOf(in *incident.Incident) *kin {
	in = in.For(incident.AudienceInternal)
	text, _ := wordsOf(in)
	var components, categories []string
	for _, i := range in.Impacts {
		if c := strings.TrimSpace(i.Component); c != "" && len(sharedTexts([]string{c}, components)) == 0 {
			components = append(components, c)
		}
	}
	for _, f := range in.Analysis.Factors {
		if c := strings.TrimSpace(f.Category); c != "" && len(sharedTexts([]string{c}, categories)) == 0 {
			categories = append(categories, c)
		}
	}
	return newKin(cut(text.open, longestOwnText), components, in.Tags, categories, namesIn(in))
}
