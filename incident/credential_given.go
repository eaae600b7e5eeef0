package incident

import (
	"regexp"
	"strings"
	"unicode"
)

// passwords and keys are what people call them, in lower case. A password may
// be short; a key never is.
var (
	passwords = []string{"password", "passwd", "passphrase", "passcode", "passwort", "kennwort", "pwd", "_pass", "_pw", "mot de passe", "contraseña", "wachtwoord", "lösenord", "senha"}
	keys      = []string{
		"secret", "token", "credential", "api_key", "api-key", "apikey", "api key", "access_key", "access-key", "accesskey", "access key",
		"accountkey", "private_key", "private-key", "encryption_key", "encryption key", "signing_key", "signing key",
	}
	names = append(append([]string{}, passwords...), keys...)
)

// What a value that is given to a name looks like: "DB_PASSWORD=…", "api key: …",
// alone in the next cell of a table, the value on
// the next line of YAML, and the text of an element of XML.
var (
	anyName  = `(?i:` + strings.Join(names, "|") + `)[A-Za-z0-9_.-]{0,40}`
	oneWord  = "[^\\s\"'<>`,;(){}\\[\\]|]+"
	assigned = shape(anyName + "[\"'`*]{0,3}[ \t]*(?:=|:=|=>|:)[\"'`*]{0,3}[ \t]*[\"'`*]{0,3}(" + "[^\\s\"'<>`,;(){}\\[\\]]+[(\\[]?)")
	inCell   = shape(anyName + "[\"'`*:]{0,3}[ \t]*\\|[ \t]*[\"'`*]{0,3}(" + oneWord + ")[\"'`*]{0,3}[ \t]*(?:\\||\n|$)")
	inList   = shape(anyName + "[\"']?[ \t]*\r?\n[ \t]*value:[ \t]*[\"']?(" + oneWord + ")")
	inXML    = shape(anyName + "[\"']?>[ \t\r\n]*(" + oneWord + ")[ \t\r\n]*</")
)

// said is a password of a sentence: "the password for app was set to …".
var said = shape(`(?i:password|passphrase|passwort|kennwort|mot de passe|contraseña)(?: (?:for|of|on|to)(?: [^\s.:;]+){1,5})?` +
	"(?: (?:(?:(?:is|was) )?(?:set|changed|reset) to|is|was|ist|war|est|était|es|era):? [\"'`*]{0,3}| [\"'`])([^\\s\"'<>`,;(){}\\[\\]]+)")

// named tells what a longer name goes on with: token_of.billing-2.
func named(r rune) bool {
	return r == '.' || r == '_' || r == '-' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z'
}

// given looks at what follows the name first: in most texts it is another word.
func given(from string, name int) []int {
	const most = 60 // bytes between a name and its value
	rest := strings.TrimLeftFunc(from[name:min(len(from), name+most)], named)
	rest = strings.TrimLeft(rest, "\"'`* \t")
	if rest == "" {
		return nil
	}
	switch rest[0] {
	case ':', '=':
		if hit := assigned(from, name); hit != nil {
			return hit
		}
		return inCell(from, name)
	case '|':
		return inCell(from, name)
	case '\r', '\n':
		return inList(from, name)
	case '>':
		return inXML(from, name)
	}
	return nil
}

// noExample leaves out the keys of AWS's own documentation.
func noExample(value, _ string) bool { return !strings.HasSuffix(value, "EXAMPLE") }

// mixed tells a random text from words: it has digits and letters.
func mixed(value, _ string) bool {
	return lettersAndDigits(value) && chosen(value, "") && !inWords(value)
}

func lettersAndDigits(value string) bool {
	return strings.ContainsFunc(value, unicode.IsLetter) && strings.ContainsFunc(value, unicode.IsDigit)
}

// hyphened are words, dates and numbers that are joined, or a name in capitals.
var hyphened = regexp.MustCompile(`^(?:[A-Z]?[a-z]{1,16}\d?|[A-Z]{2,16}|\d{1,8})(?:[-_./](?:[A-Z]?[a-z]{1,16}\d?|[A-Z]{2,16}|\d{1,8}))+$`)

// inWords tells what is joined from words: billing-tls-2023, ERR_EXPIRED.
func inWords(value string) bool { return hyphened.MatchString(value) }

// reference finds what says where the value is: a name in capitals, a member of
// a program's object, a call of a function.
var reference = regexp.MustCompile(`^[A-Z]{2,}(?:_[A-Z]{2,})+$|^[A-Za-z_]+(?:\.[A-Za-z_]+)+[(\[]?$|^[A-Za-z_][\w.]*[(\[]$`)

// technique finds what people do with passwords, or how many there are.
var technique = regexp.MustCompile(`(?i)^(?:sha|md|aes|base|utf|argon|pbkdf|oauth|rsa|rfc|v|k)[-_]?\d+\S*$|^\d+[a-z-]*$`)

// proper is a name with a number: Facebook2.
var proper = regexp.MustCompile(`^[A-Z][a-z]+\d$`)

// saidToBe tells a password from the word that follows "the password is".
func saidToBe(value, _ string) bool {
	value = unended(value)
	return len(value) >= 6 && !notValue.MatchString(value) && !technique.MatchString(value) && (mixed(value, "") || phrase(value)) && !remark.MatchString(value) && !proper.MatchString(value)
}

// unended is a value without what ends a sentence.
func unended(value string) string { return strings.TrimRight(value, ".,;:!?)*") }

// placeholder finds what stands for a secret and is none.
var placeholder = regexp.MustCompile(`(?i)^(?:[*xX•.…_#-]+|\$.*|%.*|\[.*|\{.*|changeme|change-me|pass|pwd|password|passwd|passphrase|secret|token|string|example\S*|your[_-]?\S*|my[_-]?\S*|redacted|removed|withheld|hidden|filtered|none|null|nil|true|false|undefined|empty|foo\S*|bar|test|todo|tbd)$|\.\.\.|…|EXAMPLEKEY$`)

// chosen tells a value from a placeholder.
func chosen(value, _ string) bool { return !placeholder.MatchString(value) }

// remark finds what people say of a password, or where they keep it.
var remark = regexp.MustCompile(`(?i)^(?:(?:see|in|from|same|stored|kept|use|ask|on)[-_].*|(?:in)?correct|(?:in)?valid|(?:un)?changed|(?:un)?known|missing|required|optional|mandatory|disabled|enabled|rotated|revoked|renewed|provided|accepted|rejected|expired|expiring|protected|encrypted|compromised|1password|lastpass|bitwarden|dashlane|keepass\w*)$`)

// notValue finds what may follow a colon or an equals sign but is a path, an
// address, a name or a reference to where the value is.
var notValue = regexp.MustCompile(`^(?:[./~$@&%\\|=!-]|[a-zA-Z][a-zA-Z0-9+.-]*://|vault:|arn:|secrets?[./:]|env[./:]|process\.env|os\.|var\.|data\.)|^[0-9:.%-]+[a-z]{0,3}$`)

// about finds that a name is of something about a credential, not of its value.
var about = regexp.MustCompile(`(?i)(?:[_.-]|s[_.-]?)(?:names?|ids?|arn|paths?|files?|expir\w*|ttl|age|count|length|size|types?|kind|url|uri|endpoint|version|policy|rotation|manager|store|hash|status|issuer|bucket|limit|ref|created\w*|rotated\w*)$|token(?:i[sz]\w*|s)$|password(?:less|policy)$`)

// pasted tells a pasted value from the words of a sentence: "token: expired" is
// a remark, "token=3f9a…" is none, and neither is "password: hunter2".
func pasted(value, before string) bool {
	value = unended(value)
	name := strings.TrimRight(before, " \t\r\n=:>|\"'`*")
	if len(value) < 6 || !chosen(value, "") || notValue.MatchString(value) || about.MatchString(name) || reference.MatchString(value) || remark.MatchString(value) {
		return false
	}
	if strings.Contains(before, "=") {
		return len(value) >= 8 || lettersAndDigits(value)
	}
	if ofKey(name) { // which is never short
		return len(value) >= 12 && lettersAndDigits(value) && !inWords(value)
	}
	odd := func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }
	return lettersAndDigits(value) || phrase(value) ||
		strings.ContainsFunc(value, unicode.IsLetter) && strings.ContainsFunc(value, unicode.IsUpper) && strings.ContainsFunc(value, odd)
}

// ofKey tells whether a name begins with that of a key.
func ofKey(name string) bool {
	name = lowered(name)
	for _, k := range keys {
		if strings.HasPrefix(name, k) {
			return true
		}
	}
	return false
}

// Words of a language end in few ways, those that describe a password in fewer;
// longRun is longer than most of them.
var (
	longRun   = regexp.MustCompile(`^(?:[a-z]{12,40}|[A-Z]?[a-z]{2,}(?:[A-Z][a-z]{2,}){1,6}|[a-z]{4,}(?:-[a-z]{4,}){3,})$`)
	wordEnd   = regexp.MustCompile(`(?i)(?:ed|en|ly|ing|able|ible|ant|ent|ive|ical|ial|nal|ous|ary|ful|less|tions?|sions?|ments?|ity|ness|ences?|ances?|ators?|isms?|ships?|wise|ware|where|ures?|ized|ised|ten|ung|lich|ert)$`)
	someWords = regexp.MustCompile(`(?i)(?:error|exception|failure|invalid|missing|expired|required|password|token|secret|credential|auth|login|policy|vault|manager|reset|pass|github|gitlab|cloud)`)
)

// phrase tells a password made of joined words from one word:
// correcthorsebattery, CorrectHorse, correct-horse-battery-staple.
func phrase(value string) bool {
	return len(value) >= 12 && longRun.MatchString(value) && !wordEnd.MatchString(value) && !someWords.MatchString(value)
}
