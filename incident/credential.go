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
// docs.stripe.com/keys, RFC 7468, RFC 7519, RFC 7617, RFC 3986 section 3.2.1; for
// the prefixes of smaller providers the rules of gitleaks (MIT),
// github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml.
var credentials = []credential{
	{kind: "private key", within: true, hints: hints("-----BEGIN "), shape: privateKey},
	{kind: "AWS access key", hints: hints("AKIA", "ASIA", "ABIA", "ACCA"), shape: shape(`(A(?:[KSB]I|CC)A[A-Z2-7]{16})(?:[^A-Za-z0-9]|$)`), real: noExample},
	{kind: "GitHub token", hints: hints("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"), shape: shape(`(?:gh[pousr]_|github_pat_)[A-Za-z0-9_]+`), least: 33},
	{kind: "GitLab token", oneOf: digits, hints: hints("glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glagent-", "gloas-", "glsoat-", "glimt-"), shape: shape(`gl[a-z]+-[A-Za-z0-9_.-]+`), least: 26, real: mixed},
	{kind: "Slack token", oneOf: digits, hints: hints("xoxa-", "xoxb-", "xoxe-", "xoxe.", "xoxo-", "xoxp-", "xoxr-", "xoxs-", "xapp-"), shape: shape(`x(?:ox[abeoprs]|app)(?:\.xox[bp])?-[A-Za-z0-9-]+`), least: 20, real: mixed},
	{kind: "webhook address", hints: hints("https://hooks.slack.com/", "https://discord.com/api/webhooks/", "https://discordapp.com/api/webhooks/"),
		shape: shape(`https://(?:hooks\.slack\.com/(?:services|workflows|triggers)|discord(?:app)?\.com/api/webhooks)/[A-Za-z0-9/_-]+`), least: 50},
	{kind: "webhook address", within: true, hints: hints(".webhook.office.com/webhookb2/"), shape: shape(`\.webhook\.office\.com/webhookb2/([A-Za-z0-9@/_-]+)`), least: 36},
	{kind: "Stripe key", oneOf: digits, hints: hints("sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_"), shape: shape(`(?:[sr]k_(?:live|test)_|whsec_)[A-Za-z0-9+/=]+`), least: 18, real: mixed},
	{kind: "Twilio key", hints: hints("SK"), shape: shape(`(SK[0-9a-f]{32})(?:[^A-Za-z0-9]|$)`)},
	{kind: "SendGrid key", hints: hints("SG."), shape: shape(`SG\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+`), least: 40, real: mixed},
	{kind: "Google key", hints: hints("AIza", "ya29.", "GOCSPX-"), shape: shape(`(?:AIza|ya29\.|GOCSPX-)[A-Za-z0-9_-]+`), least: 28, real: mixed},
	{kind: "package registry token", oneOf: digits, hints: hints("npm_", "pypi-", "dckr_pat_", "rubygems_"), shape: shape(`(?:npm_|pypi-|dckr_pat_|rubygems_)[A-Za-z0-9_-]+`), least: 36, real: mixed},
	{kind: "webhook address", within: true, hints: hints("events.pagerduty.com/integration/"), shape: shape(`events\.pagerduty\.com/integration/([A-Za-z0-9]+)`), least: 32},
	{kind: "API key", oneOf: digits, hints: hints(prefixes...), shape: shape(`[A-Za-z0-9]+[-_.+][A-Za-z0-9_.+/=-]+`), least: 30, real: mixed},
	{kind: "Databricks token", hints: hints("dapi"), shape: shape(`dapi[0-9a-f]{32}`)},
	{kind: "Atlassian token", hints: hints("ATATT3"), shape: shape(`ATATT3[A-Za-z0-9_=-]+`), least: 30, real: mixed},
	{kind: "Facebook token", hints: hints("EAAC", "EAAM"), shape: shape(`EAA[CM][A-Za-z0-9]+`), least: 100},
	{kind: "Alibaba access key", hints: hints("LTAI"), shape: shape(`(LTAI[A-Za-z0-9]{20})(?:[^A-Za-z0-9]|$)`), real: mixed},
	{kind: "Azure client secret", within: true, hints: hints("7Q~", "8Q~"), shape: shape(`[78]Q~[A-Za-z0-9_.~-]+`), least: 34},
	{kind: "Telegram token", within: true, hints: hints(":AA"), shape: shape(`:(AA[A-Za-z0-9_-]{32,35})(?:[^A-Za-z0-9_-]|$)`), real: mixed},
	{kind: "OpenShift token", hints: hints("sha256~"), shape: shape(`sha256~[A-Za-z0-9_-]+`), least: 40},
	{kind: "JSON web token", hints: hints("eyJ"), shape: shape(`eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*`), least: 30},
	{kind: "credentials of a request", hints: hints("Bearer ", "bearer ", "BEARER ", "Basic ", "basic ", "BASIC "), shape: shape(`(?i:bearer(?: token)?|basic) +([A-Za-z0-9_~+/.=-]+)`), least: 16, real: mixed},
	{kind: "credentials of a request", anyCase: true, hints: hints("authorization:"), shape: shape(`(?i:authorization): *(?:[A-Za-z]+ +)?([A-Za-z0-9_~+/.=:-]+)`), least: 16, real: mixed},
	{kind: "session of a browser", anyCase: true, within: true, hints: hints("cookie:"), shape: shape(`(?i:cookie): *[A-Za-z0-9_.-]+=([^\s;"'` + "`" + `]+)`), least: 16, real: mixed},
	{kind: "password of a command", hints: hints("curl "), shape: option(`[ =]*["']?[^\s:"'`+"`"+`]+:([^\s"'`+"`"+`]+)`, " -u", " --user"), least: 4, real: chosen},
	{kind: "password of a command", hints: hints("mysql", "mariadb"), shape: option(`["']?([^\s"'`+"`"+`]+)`, " -p"), least: 6, real: mixed},
	{kind: "password of a command", hints: hints("sshpass"), shape: option(` *["']?([^\s"'`+"`"+`]+)`, " -p"), least: 6, real: mixed},
	{kind: "password of a command", hints: hints("docker login", "redis-cli"), shape: option(`[ =]+["']?([^\s"'`+"`"+`]+)`, " -p", " --password", " -a"), least: 6, real: mixed},
	{kind: "password of a machine", hints: hints("login "), shape: shape(`login\s+\S+\s+password\s+([^\s"'` + "`" + `]+)`), least: 6, real: saidToBe},
	{kind: "password of an account", anyCase: true, oneOf: lettersOf(":/"), hints: hints("credential", "log in with", "logged in with", "logged in as", "login"),
		shape: shape("(?i:credentials?|log(?:ged)? in (?:with|as)|login)(?: (?:are|were|is|was|with|as))?:? +[\"'`*]{0,3}[A-Za-z0-9_.@-]{2,40}[\"'`*]{0,3}(?::| ?/ ?)[\"'`*]{0,3}([^\\s\"'<>`,;(){}\\[\\]]+)"), least: 6, real: saidToBe},
	{kind: "password in an address", within: true, oneOf: lettersOf("@"), hints: hints("://"), shape: shape(`://[^\s/@:"'<>]*:([^\s/"'<>]+)@[^\s/@]`), real: chosen},
	{kind: "signature of an address", hints: hints("X-Amz-Signature=", "X-Goog-Signature=", "AWSAccessKeyId=", "?sig=", "&sig=", "&amp;sig=", "&Signature="), within: true, shape: shape(`[A-Za-z?&;-]+=([A-Za-z0-9%+/=]+)`), least: 16, real: noExample},
	{kind: "password", anyCase: true, within: true, oneOf: lettersOf(":=|>"), hints: hints(names...), shape: given, least: 6, real: pasted},
	{kind: "password", anyCase: true, within: true, oneOf: lettersOf("="), hints: hints("password\" value=", "password' value="), shape: shape(`[a-zA-Z]+["'] value=["']([^"'<>]+)`), least: 6, real: pasted},
	{kind: "password", hints: hints("ENV "), shape: shape(`ENV +[A-Z0-9_]*(?:PASSWORD|PASS|TOKEN|SECRET|KEY) +["']?([^\s"'$<{]+)`), least: 8, real: mixed},
	{kind: "password", anyCase: true, oneOf: lettersOf(":="), hints: hints("pass", "pw"), shape: shape("(?i:pass|pw)[ \t]*(?:=|:)[\"'`*]{0,3}[ \t]*[\"'`*]{0,3}([^\\s\"'<>`,;(){}\\[\\]]+)"), least: 6, real: pasted},
	{kind: "password", anyCase: true, within: true, hints: hints("password ", "passphrase ", "passwort ", "kennwort ", "mot de passe ", "contraseña "), shape: said, least: 6, real: saidToBe},
	{kind: "password", anyCase: true, hints: hints("identified by "), shape: shape(`(?i:identified by) +["']([^"']+)`), least: 6, real: pasted},
	{kind: "password", hints: hints("auth=("), shape: shape(`auth=\( *["'][^"']*["'], *["']([^"']+)`), least: 6, real: pasted},
	{kind: "API key", anyCase: true, within: true, oneOf: digits, hints: hints("token ", "api key ", "secret ", "access key "), shape: shape("(?i:token|api key|secret|access key) (?:is|was):? [\"'`*]{0,3}([A-Za-z0-9_.~+/=-]+)"), least: 16, real: saidToBe},
}

// digits are in every key that was drawn at random.
var digits = lettersOf("0123456789")

// prefixes are what keys of an API begin with.
var prefixes = []string{
	"sk-", "dop_v1_", "doo_v1_", "dor_v1_", "hvs.", "hvb.", "lin_api_", "shpat_", "shpca_", "shppa_", "shpss_", "pdus+", "NRAK-", "xai-", "hf_",
	"glsa_", "glc_", "debrief_", "AGE-SECRET-KEY-1", "tskey-", "dp.pt.", "figd_", "sbp_", "ntn_", "PMAK-", "pul-", "xkeysib-", "sntrys_", "sntryu_",
	"HRKU-AA", "gsk_", "pplx-", "nvapi-", "pscale_", "rdme_",
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
