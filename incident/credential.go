package incident

import (
	"regexp"
	"strings"
	"unicode"
)

// credential is one published shape of a credential.
type credential struct {
	kind    string
	anyCase bool    // the hints are written in lower case, and looked for in any
	within  bool    // a hint may stand within a longer word
	oneOf   letters // a text without any of them holds none; not looked at when empty
	hints   []hint
	shape   func(from string, hint int) []int // where it is in a text that begins with a hint of so many bytes: all of it, then perhaps the value
	least   int                               // bytes of the value
	real    func(value, before string) bool
}

// hint is a word that a credential begins with. Looking for it costs next to
// nothing, and where its letters are not in a text nothing at all.
type hint struct {
	word    string
	letters letters
}

func hints(words ...string) []hint {
	all := make([]hint, len(words))
	for i, word := range words {
		all[i] = hint{word, lettersOf(word)}
	}
	return all
}

// shape is a pattern that is tried where a hint is and nowhere else, so that a
// hostile text makes it no slower. Group 1 is the value, else all of it.
func shape(pattern string) func(string, int) []int {
	anchored := regexp.MustCompile(`^(?:` + pattern + `)`)
	return func(from string, _ int) []int { return anchored.FindStringSubmatchIndex(from) }
}

// option finds the value of an option, in the line that begins with a command.
func option(value string, options ...string) func(string, int) []int {
	const most = 400 // bytes of a line
	anchored := regexp.MustCompile(`^(?:` + value + `)`)
	return func(from string, _ int) []int {
		line, _, _ := strings.Cut(from[:min(len(from), most)], "\n")
		for _, o := range options {
			i := strings.Index(line, o)
			if i < 0 {
				continue
			}
			i += len(o)
			if hit := anchored.FindStringSubmatchIndex(line[i:]); hit != nil {
				return []int{0, i + hit[1], i + hit[2], i + hit[3]}
			}
		}
		return nil
	}
}

// credentials are the shapes that providers publish for secret scanning, and
// passwords where people paste them.
// Sources: docs.github.com/code-security/secret-scanning (supported patterns),
// docs.aws.amazon.com/IAM (unique identifiers), api.slack.com/authentication,
// docs.stripe.com/keys, RFC 7468, RFC 7519, RFC 7617, RFC 3986 section 3.2.1.
var credentials = []credential{
	{kind: "private key", within: true, hints: hints("-----BEGIN "), shape: privateKey},
	{kind: "AWS access key", hints: hints("AKIA", "ASIA"), shape: shape(`(A[KS]IA[A-Z2-7]{16})(?:[^A-Za-z0-9]|$)`), real: noExample},
	{kind: "GitHub token", hints: hints("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"), shape: shape(`(?:gh[pousr]_|github_pat_)[A-Za-z0-9_]+`), least: 33},
	{kind: "GitLab token", hints: hints("glpat-", "gldt-", "glrt-", "glptt-", "glcbt-"), shape: shape(`gl[a-z]+-[A-Za-z0-9_.-]+`), least: 26, real: mixed},
	{kind: "Slack token", hints: hints("xoxa-", "xoxb-", "xoxe-", "xoxe.", "xoxo-", "xoxp-", "xoxr-", "xoxs-", "xapp-"), shape: shape(`x(?:ox[abeoprs]|app)(?:\.xox[bp])?-[A-Za-z0-9-]+`), least: 20, real: mixed},
	{kind: "webhook address", hints: hints("https://hooks.slack.com/", "https://discord.com/api/webhooks/", "https://discordapp.com/api/webhooks/"),
		shape: shape(`https://(?:hooks\.slack\.com/(?:services|workflows|triggers)|discord(?:app)?\.com/api/webhooks)/[A-Za-z0-9/_-]+`), least: 50},
	{kind: "webhook address", within: true, hints: hints(".webhook.office.com/webhookb2/"), shape: shape(`\.webhook\.office\.com/webhookb2/([A-Za-z0-9@/_-]+)`), least: 36},
	{kind: "Stripe key", hints: hints("sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_"), shape: shape(`(?:[sr]k_(?:live|test)_|whsec_)[A-Za-z0-9+/=]+`), least: 18, real: mixed},
	{kind: "Twilio key", hints: hints("SK"), shape: shape(`(SK[0-9a-f]{32})(?:[^A-Za-z0-9]|$)`)},
	{kind: "SendGrid key", hints: hints("SG."), shape: shape(`SG\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+`), least: 40, real: mixed},
	{kind: "Google key", hints: hints("AIza", "ya29.", "GOCSPX-"), shape: shape(`(?:AIza|ya29\.|GOCSPX-)[A-Za-z0-9_-]+`), least: 28, real: mixed},
	{kind: "package registry token", hints: hints("npm_", "pypi-", "dckr_pat_", "rubygems_"), shape: shape(`(?:npm_|pypi-|dckr_pat_|rubygems_)[A-Za-z0-9_-]+`), least: 36, real: mixed},
	{kind: "API key", hints: hints("sk-", "dop_v1_", "hvs.", "lin_api_", "shpat_", "ATATT3", "pdus+", "NRAK-", "xai-", "hf_", "glsa_", "debrief_", "AGE-SECRET-KEY-1", "tskey-", "dp.pt.", "figd_", "sbp_"),
		shape: shape(`(?:sk-|dop_v1_|hvs\.|lin_api_|shpat_|ATATT3|pdus\+|NRAK-|xai-|hf_|glsa_|debrief_|AGE-SECRET-KEY-1|tskey-|dp\.pt\.|figd_|sbp_)[A-Za-z0-9_.=-]+`), least: 30, real: mixed},
	{kind: "JSON web token", hints: hints("eyJ"), shape: shape(`eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*`), least: 30},
	{kind: "credentials of a request", hints: hints("Bearer ", "bearer ", "BEARER ", "Basic ", "basic ", "BASIC "), shape: shape(`(?i:bearer(?: token)?|basic) +([A-Za-z0-9_~+/.=-]+)`), least: 16, real: mixed},
	{kind: "credentials of a request", anyCase: true, hints: hints("authorization:"), shape: shape(`(?i:authorization): *(?:[A-Za-z]+ +)?([A-Za-z0-9_~+/.=:-]+)`), least: 16, real: mixed},
	{kind: "session of a browser", anyCase: true, within: true, hints: hints("cookie:"), shape: shape(`(?i:cookie): *[A-Za-z0-9_.-]+=([^\s;"'` + "`" + `]+)`), least: 16, real: mixed},
	{kind: "password of a command", hints: hints("curl "), shape: option(`[ =]*["']?[^\s:"'`+"`"+`]+:([^\s"'`+"`"+`]+)`, " -u", " --user"), least: 4, real: chosen},
	{kind: "password of a command", hints: hints("mysql", "mariadb"), shape: option(`["']?([^\s"'`+"`"+`]+)`, " -p"), least: 6, real: mixed},
	{kind: "password of a command", hints: hints("sshpass"), shape: option(` *["']?([^\s"'`+"`"+`]+)`, " -p"), least: 6, real: mixed},
	{kind: "password in an address", within: true, oneOf: lettersOf("@"), hints: hints("://"), shape: shape(`://[^\s/@:"'<>]*:([^\s/"'<>]+)@[^\s/@]`), real: chosen},
	{kind: "signature of an address", hints: hints("X-Amz-Signature=", "X-Goog-Signature=", "AWSAccessKeyId=", "?sig=", "&sig=", "&amp;sig=", "&Signature="), within: true, shape: shape(`[A-Za-z?&;-]+=([A-Za-z0-9%+/=]+)`), least: 16, real: noExample},
	{kind: "password", anyCase: true, within: true, oneOf: lettersOf(":="), hints: hints(names...), shape: given, least: 6, real: pasted},
	{kind: "password", anyCase: true, oneOf: lettersOf(":="), hints: hints("pass", "pw"), shape: shape("(?i:pass|pw)[ \t]*(?:=|:)[\"'`*]{0,3}[ \t]*[\"'`*]{0,3}([^\\s\"'<>`,;(){}\\[\\]]+)"), least: 6, real: pasted},
	{kind: "password", anyCase: true, within: true, hints: hints("password ", "passphrase ", "passwort "), shape: shape("(?i:password|passphrase|passwort) (?:(?:(?:(?:is|was) )?(?:set|changed|reset) to|is|was|ist):? [\"'`*]{0,3}|[\"'`])([^\\s\"'<>`,;(){}\\[\\]]+)"), least: 6, real: saidToBe},
}

// names are what people call a password or a key.
var names = []string{
	"password", "passwd", "passphrase", "passwort", "pwd", "secret", "token", "credential",
	"api_key", "api-key", "apikey", "api key", "access_key", "access-key", "accesskey", "access key", "accountkey", "private_key", "private-key",
	"_pass", "_pw", "encryption_key", "encryption key", "signing_key", "signing key",
}

// assigned is a value that is given to a name: "DB_PASSWORD=…", "api key: …".
var assigned = shape(`(?i:` + strings.Join(names, "|") + ")[A-Za-z0-9_.-]{0,40}[\"'`*]{0,3}(?:[ \t]*(?:=|:=|=>)|:)[\"'`*]{0,3}[ \t]*[\"'`*]{0,3}([^\\s\"'<>`,;(){}\\[\\]]+)")

// named tells what a longer name goes on with: token_of.billing-2.
func named(r rune) bool {
	return r == '.' || r == '_' || r == '-' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z'
}

// given looks at what follows the name first: in most texts it is another word.
func given(from string, name int) []int {
	const most = 60 // bytes between a name and its value
	rest := strings.TrimLeftFunc(from[name:min(len(from), name+most)], named)
	rest = strings.TrimLeft(rest, "\"'`* \t")
	if rest == "" || rest[0] != ':' && rest[0] != '=' {
		return nil
	}
	return assigned(from, name)
}

// keyEnd closes a private key, which has at most longestKey bytes: one of 16,384 bits has 13,000.
const (
	keyEnd     = "-----END "
	longestKey = 1 << 14
)

// keyBegin is the first line of a private key.
var keyBegin = regexp.MustCompile(`^-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----`)

// privateKey reaches to the line that closes the key; where none does, over all
// lines that could be of it.
func privateKey(from string, _ int) []int {
	head := keyBegin.FindStringIndex(from)
	if head == nil {
		return nil
	}
	if i := strings.Index(from[:min(len(from), longestKey)], keyEnd); i >= 0 {
		i += len(keyEnd)
		if j := strings.Index(from[i:], "-----"); j >= 0 {
			return []int{0, i + j + len("-----")}
		}
	}
	end := head[1]
	for end < len(from) {
		line, _, _ := strings.Cut(from[end:], "\n")
		body := strings.IndexFunc(line, func(r rune) bool { return !unicode.IsSpace(r) && r != '>' && r != '\\' && !dense64(r) })
		if body >= 0 && !keyHeader.MatchString(line) {
			return []int{0, end + body}
		}
		end += min(len(line)+1, len(from)-end)
	}
	return []int{0, len(from)}
}

// keyHeader is a line before the body of a private key: "Proc-Type: 4,ENCRYPTED".
var keyHeader = regexp.MustCompile(`^[ \t>]*(?:Proc-Type|DEK-Info|Comment|Version|Key-Type|Charset|Hash): `)

// dense64 tells the characters of base64.
func dense64(r rune) bool {
	return r == '+' || r == '/' || r == '=' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z'
}

// noExample leaves out the keys of AWS's own documentation.
func noExample(value, _ string) bool { return !strings.HasSuffix(value, "EXAMPLE") }

// mixed tells a random text from words: it has digits and letters.
func mixed(value, _ string) bool {
	return strings.ContainsFunc(value, unicode.IsDigit) && strings.ContainsFunc(value, unicode.IsLetter) && chosen(value, "") && !inWords(value)
}

// hyphened are words, years and small numbers that are joined, or a name in capitals.
var hyphened = regexp.MustCompile(`^(?:[A-Z]?[a-z]{1,16}\d?|[A-Z]{2,16}|\d{1,4})(?:[-_./](?:[A-Z]?[a-z]{1,16}\d?|[A-Z]{2,16}|\d{1,4}))+$`)

// inWords tells what is joined from words: billing-tls-2023, ERR_EXPIRED.
func inWords(value string) bool { return hyphened.MatchString(value) }

// reference finds a name in capitals: it says where the value is.
var reference = regexp.MustCompile(`^[A-Z]{2,}(?:_[A-Z]{2,})+$`)

// technique finds what people do with passwords, or how many there are.
var technique = regexp.MustCompile(`(?i)^(?:sha|md|aes|base|utf|argon|pbkdf|oauth|rsa|rfc|v|k)[-_]?\d+\S*$|^\d+[a-z-]*$`)

// saidToBe tells a password from the word that follows "the password is".
func saidToBe(value, _ string) bool {
	value = strings.TrimRight(value, ".,;:!?)*")
	return len(value) >= 6 && mixed(value, "") && !notValue.MatchString(value) && !technique.MatchString(value)
}

// placeholder finds what stands for a secret and is none.
var placeholder = regexp.MustCompile(`(?i)^(?:[*xX•.…_#-]+|\$.*|%.*|changeme|change-me|password|passwd|passphrase|secret|token|example\S*|your[_-]?\S*|my[_-]?\S*|redacted|removed|withheld|hidden|none|null|nil|true|false|undefined|empty|foo\S*|bar|test|todo|tbd)$|\.\.\.|…`)

// chosen tells a value from a placeholder.
func chosen(value, _ string) bool { return !placeholder.MatchString(value) }

// notValue finds what may follow a colon or an equals sign but is a path, an
// address, a name or a reference to where the value is.
var notValue = regexp.MustCompile(`^(?:[./~$@&%\\|=!-]|[a-zA-Z][a-zA-Z0-9+.-]*://|vault:|arn:|secrets?[./:]|env[./:]|process\.env|os\.|var\.|data\.)|^[0-9:.%-]+[a-z]{0,3}$`)

// about finds that a name is of something about a credential, not of its value.
var about = regexp.MustCompile(`(?i)(?:[_.-]|s[_.-]?)(?:names?|ids?|arn|paths?|files?|expir\w*|ttl|age|count|length|size|types?|kind|url|uri|endpoint|version|policy|rotation|manager|store|hash|status|issuer|bucket|limit|ref|created\w*|rotated\w*)$`)

// pasted tells a pasted value from the words of a sentence: "token: expired" is
// a remark, "token=3f9a…" is none, and neither is "password: hunter2".
func pasted(value, before string) bool {
	value = strings.TrimRight(value, ".,;:!?)*")
	name := strings.TrimRight(before, " \t=:>\"'`*")
	if len(value) < 6 || !chosen(value, "") || notValue.MatchString(value) || about.MatchString(name) || reference.MatchString(value) {
		return false
	}
	letter, digit := strings.ContainsFunc(value, unicode.IsLetter), strings.ContainsFunc(value, unicode.IsDigit)
	if strings.Contains(before, "=") {
		return len(value) >= 8 || letter && digit
	}
	if first := strings.TrimLeft(strings.ToLower(before), "_"); !strings.HasPrefix(first, "p") && (len(value) < 12 || inWords(value)) { // of those, only passwords are short
		return false
	}
	odd := func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }
	return letter && (digit || strings.ContainsFunc(value, unicode.IsUpper) && strings.ContainsFunc(value, odd))
}
