package query

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
	"golang.org/x/text/unicode/norm"
)

const (
	longestWord   = 60 // characters; what follows is no part of it
	longestJoined = 30 // bytes of words with hyphens that are found without them too
	mostJoined    = 3  // words
)

// Word is a word of a text.
type Word struct {
	Text     string // in lower case, without accents
	From, To int    // where it stands, in bytes
	At       int    // its place among the words; one with hyphens has that of its first piece
	Joined   bool   // it is several with hyphens between them, as one
}

// Words are those of a text, in any alphabet. Every Chinese or Japanese character is a word of its own.
func Words(text string) []Word {
	s := splitter{text: text, words: make([]Word, 0, len(text)/6)}
	s.split()
	return s.words
}

// splitter goes along a text.
type splitter struct {
	text  string
	words []Word
	at    int
	run   int // the index in words of the first of those with only hyphens between them
}

func (s *splitter) split() {
	for i := 0; i < len(s.text); {
		r, size := utf8.DecodeRuneInString(s.text[i:])
		switch {
		case ideograph(r):
			s.join()
			s.add(i, i+size)
			i += size
			s.run = len(s.words)
		case worded(r):
			end := s.end(i)
			s.add(i, end)
			i = s.possessive(end)
			if !s.hyphen(i) {
				s.join()
				s.run = len(s.words)
			}
		default:
			i += size
		}
	}
	s.join()
}

// end is where the word ends that begins at i.
func (s *splitter) end(i int) int {
	for i < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[i:])
		switch {
		case ideograph(r):
			return i
		case worded(r) || unicode.Is(unicode.M, r):
		case apostrophe(r) && s.letter(i+size) && !s.ends(i+size):
		default:
			return i
		}
		i += size
	}
	return i
}

// possessive passes by the 's of a word.
func (s *splitter) possessive(i int) int {
	if r, size := utf8.DecodeRuneInString(s.text[i:]); apostrophe(r) && s.letter(i+size) && s.ends(i+size) {
		return i + size + 1
	}
	return i
}

// ends tells whether an s alone stands there.
func (s *splitter) ends(i int) bool {
	return i < len(s.text) && (s.text[i] == 's' || s.text[i] == 'S') && !s.letter(i+1)
}

func (s *splitter) letter(i int) bool {
	r, _ := utf8.DecodeRuneInString(s.text[i:])
	return unicode.IsLetter(r)
}

// hyphen tells whether a hyphen there joins the next word.
func (s *splitter) hyphen(i int) bool { return i < len(s.text) && s.text[i] == '-' && s.letter(i+1) }

func (s *splitter) add(from, to int) {
	folded := Fold(s.text[from:to])
	if folded == "" {
		return
	}
	s.words = append(s.words, Word{Text: folded, From: from, To: to, At: s.at})
	s.at++
}

// join adds what the words since run are without their hyphens: read-only is found by readonly too.
func (s *splitter) join() {
	pieces := s.words[s.run:]
	if len(pieces) < 2 || len(pieces) > mostJoined {
		return
	}
	var b strings.Builder
	for _, w := range pieces {
		_, _ = b.WriteString(w.Text) // a builder never fails
	}
	first, last := pieces[0], pieces[len(pieces)-1]
	if b.Len() <= longestJoined && !strings.ContainsFunc(b.String(), unicode.IsDigit) {
		s.words = append(s.words, Word{Text: b.String(), From: first.From, To: last.To, At: first.At, Joined: true})
	}
}

func apostrophe(r rune) bool { return r == '\'' || r == '’' }

// ideograph tells whether a character is written without spaces around its words.
func ideograph(r rune) bool {
	return r >= 0x2E80 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}

// letters are those that are written in two, or with a stroke that is no accent.
var letters = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i", "'", "", "’", "")

// Fold makes words comparable: without case, accents and apostrophes, in one of the forms that Unicode has for them.
func Fold(word string) string {
	plain := true
	for i := 0; i < len(word) && plain; i++ {
		plain = word[i] < utf8.RuneSelf && word[i] != '\''
	}
	word = strings.ToLower(word)
	if !plain {
		word = letters.Replace(strings.ToLower(strings.Map(unaccented, norm.NFKD.String(word))))
	}
	if len(word) > longestWord {
		n := 0
		for i := range word {
			if n++; n > longestWord {
				return word[:i]
			}
		}
	}
	return word
}

// unaccented drops the accents of letters, and what is no part of a word after all.
func unaccented(r rune) rune {
	if r >= 0x300 && r <= 0x36F || !worded(r) && !unicode.Is(unicode.M, r) && !apostrophe(r) {
		return -1
	}
	return r
}

// Stem is what the word is found by: restarted and restarts are restart. Words that are not English stay as they are.
func (w Word) Stem() string {
	word := w.Text
	if len(word) < 3 {
		return word
	}
	for i := range len(word) {
		if word[i] < 'a' || word[i] > 'z' {
			return word
		}
	}
	return english.Stem(word, true)
}

// idle are words that say nothing by themselves. Those that do in an outage, such as down, out, no and will, which
// may be a name, are not among them.
var idle = func() map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(`a an and are as at be been being but by did do does for from had has have he her his how i if in into
		is it its me my of on or our she so some such than that the their them then there these they this those to too us was
		we were what when where which who why with would you your`) {
		all[w] = true
	}
	return all
}()

// Idle tells whether the word is in nearly every text, so that nothing is found by it.
func (w Word) Idle() bool { return idle[w.Text] }
