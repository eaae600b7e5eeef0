package incident_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
)

// random is what a credential looks like; joined here, so that nothing that
// looks for leaked credentials finds one in this file.
const random = "q3EgRwHj5t2Mz7xBq3EgRwHj5t2Mz7xBq3Eg"

const accessKey = "AKIA" + "Q3EGRWHJ5T2MZ7XB"

// block is a line of a PEM text.
func block(edge, of string) string { return "-----" + edge + " " + of + "-----" }

var credentials = []struct {
	name   string
	text   string
	secret string // "" for none
}{
	{"an access key", "ran with " + accessKey + " again", accessKey},
	{"but not that of the manual", "as in " + "AKIA" + "IOSFODNN7EXAMPLE", ""},
	{"nor a longer word", "x" + accessKey, ""},
	{"a token of GitHub", "(ghp_" + random + ")", "ghp_" + random},
	{"one of GitLab", "glpat-" + random, "glpat-" + random},
	{"one of Slack", "xoxb-" + "123456789012-" + random, "xoxb-" + "123456789012-" + random},
	{"the name of its kind is none", "all xoxb-tokens-were-revoked-yesterday", ""},
	{"a webhook", "https://hooks.slack.com/services/T000/B000/" + random, "https://hooks.slack.com/services/T000/B000/" + random},
	{"a key of Stripe", "sk_live_" + random, "sk_live_" + random},
	{"one of Twilio", "SK" + "0123456789abcdef0123456789abcdef", "SK" + "0123456789abcdef0123456789abcdef"},
	{"but no word in capitals", "TASK 12, DISK 0123456789abcdef0123456789abcdef", ""},
	{"a token of a package registry", "npm_" + random, "npm_" + random},
	{"one of ours", "debrief_" + random, "debrief_" + random},
	{"an API key", "sk-" + random, "sk-" + random},
	{"but no risk", "the risk-averse-and-disk-bound-team-of-2013-and-its-tasks", ""},
	{"a web token", "eyJhbGciOi.eyJzdWIiOiIx.c2lnbmF0dXJlc2lnbg", "eyJhbGciOi.eyJzdWIiOiIx.c2lnbmF0dXJlc2lnbg"},
	{"a header", "Authorization: BEARER " + random, random},
	{"but no sentence", "a bearer of bad news, basic knowledge", ""},
	{"a password in an address", "postgres://app:hunter2@db:5432/x", "hunter2"},
	{"but no port", "https://db.example.com:5432/x@y", ""},
	{"nor a placeholder", "postgres://app:$PASSWORD@db/x and redis://:****@cache/0", ""},
	{"a signed address", "https://x/y?X-Amz-Signature=0123456789abcdef0123", "0123456789abcdef0123"},
	{"a password", "the password: hunter2", "hunter2"},
	{"in a setting", "DB_PASSWORD='correcthorse'", "correcthorse"},
	{"in bold", "**Password:** `hunter2`", "hunter2"},
	{"an API key by its name", "api key = k3y0123456789", "k3y0123456789"},
	{"a secret", "client_secret: a1b2c3d4e5f6", "a1b2c3d4e5f6"},
	{"but no remark", "Password: expired. Token: revoked! Secret: none", ""},
	{"nor its age", "token_ttl=3600s, token_expiry=2013-07-18, password_file=/run/secrets/x", ""},
	{"nor its name", "secret_name=billing-redis-prod", ""},
	{"nor where it is", "password=vault:kv/billing token=$TOKEN secret=https://vault.example/x", ""},
	{"nor a standard", "credentials: OAuth2; token: RS256", ""},
	{"a private key", "see\n" + block("BEGIN", "RSA PRIVATE KEY") + "\nMIIE\n" + block("END", "RSA PRIVATE KEY") + "\nthere",
		block("BEGIN", "RSA PRIVATE KEY") + "\nMIIE\n" + block("END", "RSA PRIVATE KEY")},
	{"one that was cut", block("BEGIN", "PRIVATE KEY") + "\nMIIEow==\n* then", block("BEGIN", "PRIVATE KEY") + "\nMIIEow==\n"},
	{"but no public one", block("BEGIN", "PUBLIC KEY") + "\nMIIE\n" + block("END", "PUBLIC KEY"), ""},
	{"one in another is one", "password=" + "ghp_" + random, "ghp_" + random},
	{"in emphasis", "ran with _" + accessKey + "_ again", accessKey},
	{"in strong emphasis", "__ghp_" + random + "__", "ghp_" + random + "__"},
	{"with the backslashes of Markdown", "sk\\_live\\_" + random, "sk\\_live\\_" + random},
	{"with a character that nobody sees", accessKey[:9] + "\u200b" + accessKey[9:], accessKey[:9] + "\u200b" + accessKey[9:]},
	{"in quoted JSON", `{\"password\":\"hunter22\"}`, "hunter22"},
	{"broken over two lines", "> ghp_" + random[:18] + "\n> " + random[18:] + "\nThen", "ghp_" + random[:18] + "\n> " + random[18:]},
	{"a web token over two lines", "eyJhbGciOi.eyJzdWIiOiIx.c2lnbmF0dXJl\nc2lnbmF0dXJlY29uZA\nThen", "eyJhbGciOi.eyJzdWIiOiIx.c2lnbmF0dXJl\nc2lnbmF0dXJlY29uZA"},
	{"but not the word on the next line", "ghp_" + random + "\nafterwards2 it", "ghp_" + random},
	{"a signature of storage", "https://x.example/c?sv=2020&sig=" + random + "%3D", random + "%3D"},
	{"a password with an @ in an address", "postgres://app:p@ss:w0rd@db:5432/x", "p@ss:w0rd"},
	{"a user of curl", "curl -s -u 'admin:Sup3rS3cret' https://x", "Sup3rS3cret"},
	{"but no user of a container", "docker run -u 1000:1000 x; curl https://x -u $USER:$PASS", ""},
	{"a user of MySQL", "mysql -u root -phunter2 billing", "hunter2"},
	{"but no database", "mysqldump -p billing2013", ""},
	{"a header with another scheme", "Authorization: token " + random, random},
	{"a session", "Cookie: session=" + random + "; theme=dark2", random},
	{"a password in a sentence", "the password is hunter2.", "hunter2."},
	{"one that was set", "Password was set to `hunter2`", "hunter2"},
	{"but not how it is kept", "The password is sha256-hashed; the password is stored in Vault; the password was 12characters", ""},
	{"a short name", "DB_PASS=hunter22", "hunter22"},
	{"a shorter one", "pw: hunter2", "hunter2"},
	{"but no result", "pass: 12 of 14; bypass=enabled2; compass: north2south", ""},
	{"but no name in capitals", "token: ERR_TOKEN_EXPIRED, password=DB_PASSWORD_PROD", ""},
	{"nor words that are joined", "Secret: billing-api-tls-2023, sk-learn-2021-06-01-and-more-things, basic html5-rendering-test, bearer tokens-were-revoked-in-2019", ""},
	{"nor a hash, a trace or an identity", "commit=3f786850e387550fdab836ed7e6dc881de23001b trace 0af7651916cd43dd8448eb211c80319c id 550e8400-e29b-41d4-a716-446655440000", ""},
	{"a private key with a password that was cut", block("BEGIN", "RSA PRIVATE KEY") + "\nProc-Type: 4,ENCRYPTED\n\nMIIEow==\n* then",
		block("BEGIN", "RSA PRIVATE KEY") + "\nProc-Type: 4,ENCRYPTED\n\nMIIEow==\n"},
	{"a letter that grows in lower case moves nothing", "İİİ PASSWORD=hunter22", "hunter22"},
	{"the text of an element of XML", "<password>\n  correcthorsebattery\n</password>", "correcthorsebattery"},
	{"but no empty one, no stand-in and no field of a form", `<password/> <password>${DB_PASSWORD}</password> <password>required</password> <input name="password" type="password12"> <label for="password">Password1 of yours</label>`, ""},
	{"of an entry that is named so", `<entry key="password">hunter2longer</entry>`, "hunter2longer"},
	{"the value of an attribute of XML", `<add key="Password" value="hunter2longer" />`, "hunter2longer"},
	{"but not that of another", `<add key="PasswordPolicy" value="NIST-800-63B" /> <add key="password" value="$PW12345" />`, ""},
	{"the next cell of a table", "| **Password** | `hunter2longer` |", "hunter2longer"},
	{"but no count, no owner and no remark in it", "| password | 1200 reset |\n| Secret | Infrastructure |\n| password | unchanged |\n| token | rotated2023 |", ""},
	{"a column of a table", "| host | user | DB password |\n|---|:--|---|\n| db | app | hunter2 |\n| web | app | unchanged |", "hunter2"},
	{"but not the column beside it", "| version | password |\n|---|---|\n| postgres15 | expired |\n\n| x | v2beta99 |", ""},
	{"nor a table about passwords", "| Password policy | Team |\n|---|---|\n| NIST-800-63B | security7 |", ""},
	{"a password of letters in JSON", `{"password": "correcthorsebattery"}`, "correcthorsebattery"},
	{"but no type, no state and no message in it", `{"password": "string", "token": "expired", "secret": "unauthenticated", "passphrase": "misconfigured"}`, ""},
	{"a password of letters in YAML", "db:\n  password: correcthorsebattery\n", "correcthorsebattery"},
	{"but no reference of Kubernetes, and none of Actions", "secretKeyRef: billing-redis2\nsecretName: billing-tls-2023\ntoken: ${{ secrets.GITHUB_TOKEN }}\npassword: {{ .Values.db1 }}", ""},
	{"an exported one", "export TOKEN=a1b2c3d4e5f60718", "a1b2c3d4e5f60718"},
	{"but not where it comes from", "export TOKEN=$(vault read -field=token1 x); export API_TOKEN=<token123>", ""},
	{"one in a recipe of a container", "ENV DB_PASSWORD hunter2longer", "hunter2longer"},
	{"but no other setting", "ENV PASSWORD_MIN_LENGTH 12letters", ""},
	{"a password of letters in a sentence", "The password is correcthorsebattery.", "correcthorsebattery."},
	{"one of words with capitals", "password: CorrectHorse", "CorrectHorse"},
	{"one of words with dashes", "the passphrase was correct-horse-battery-staple", "correct-horse-battery-staple"},
	{"but no state of it", "The password is wrong. The password is expired; the password is rotated daily. The password was misconfigured, the password is unauthenticated, the password is automatically generated, the password is authoritative", ""},
	{"nor what keeps or refuses it", "password: 1Password, password: see-vault-item-42, password: InvalidPasswordException, password: LastPass", ""},
	{"nor code that gets it", `password = getpass.getpass(); token := r.Header.Get("X-Auth2"); password = settings["DB1"]; secret = config.clientSecret; pwd = generate_password(16)`, ""},
	{"nor a longer word that begins so", "tokenizer=bert-base-uncased passwordless=webauthn", ""},
	{"an API key in a sentence", "the API key was a1b2c3d4e5f60718", "a1b2c3d4e5f60718"},
	{"but not its age", "the token is 3600s-old, the secret was rotated-on-2023-07-18", ""},
	{"an account", "log in with admin / hunter2longer", "hunter2longer"},
	{"but no path and no version", "log in with sso/oauth2, credentials of api/v2, logged in as ubuntu/22.04", ""},
	{"the value on the next line of YAML", "- name: ADMIN_PASSWORD\n  value: hunter2longer", "hunter2longer"},
	{"but not where it comes from there", "- name: ADMIN_PASSWORD\n  valueFrom: x12345678\n- name: DB_PASSWORD\n  value: $(PW1)", ""},
	{"a user of a database", "CREATE USER app IDENTIFIED BY 'hunter2longer';", "hunter2longer"},
	{"but no plugin of one", "CREATE USER app IDENTIFIED BY PASSWORD; identified by INC-2023", ""},
	{"a pair of a request", `requests.get(url, auth=("admin", "hunter2longer"))`, "hunter2longer"},
	{"but no pair of variables", `requests.get(url, auth=(user1, password1)); auth=("x", "changeme")`, ""},
	{"a password of somebody", "The password for the app user was Upi@2023#prod and is changed now.", "Upi@2023#prod"},
	{"but not when it was changed", "The password for the app user was changed in 2023; the password of app: expired", ""},
	{"a sentence in Spanish", "La contraseña era tortilla42x.", "tortilla42x."},
	{"a sentence in French", "le mot de passe était soleil42", "soleil42"},
	{"but no remark of either sentence", "le mot de passe est obligatoire, la contraseña es incorrecta", ""},
	{"no two brands", "log in with Google/Facebook2; credential rotation: 2024/Q1", ""},
	{"a machine of netrc", "machine db login app password hunter2longer", "hunter2longer"},
	{"but no machine's reset", "the machine db needs a password reset2013x, and the login of app password rotation", ""},
	{"a password in French", "mot de passe : soleil42", "soleil42"},
	{"in Spanish", "contraseña: tortilla42", "tortilla42"},
	{"but no remark in either", "mot de passe : expiré. contraseña: caducada", ""},
	{"a session of Redis", "redis-cli -h cache -a hunter2longer ping", "hunter2longer"},
	{"but no append to a file", "redis-cli ping | tee -a out", ""},
	{"a Databricks token", "dapi" + "0123456789abcdef0123456789abcdef", "dapi" + "0123456789abcdef0123456789abcdef"},
	{"but no dapple", "dapi0123456789abcdef is a commit", ""},
	{"a key of Alibaba", "LTAI" + random[:20], "LTAI" + random[:20]},
	{"but no longer word", "LTAI" + random, ""},
	{"a client secret of Azure", "abc8Q~" + random, "8Q~" + random},
	{"but no quarter", "in 8Q~9Q of 2023", ""},
	{"a bot of Telegram", "bot123456789:AA" + random[:33], "AA" + random[:33]},
	{"but no list", "123456789:AABBCC", ""},
	{"an integration of PagerDuty", "https://events.pagerduty.com/integration/" + "0123456789abcdef0123456789abcdef" + "/enqueue", "0123456789abcdef0123456789abcdef"},
	{"but no manual of it", "https://events.pagerduty.com/integration/generic/2010-04-15", ""},
	{"a token of OpenShift", "sha256~" + random + "q3Eg", "sha256~" + random + "q3Eg"},
	{"but no hash of an image", "app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", ""},
	{"a token of Grafana", "glc_" + random, "glc_" + random},
	{"but no name of a variable", "glc_window_of_the_first_render_pass_and_more", ""},
	{"a key of Postman", "PMAK-" + random, "PMAK-" + random},
	{"a token of a session at AWS", "ABIA" + "Q3EGRWHJ5T2MZ7XB", "ABIA" + "Q3EGRWHJ5T2MZ7XB"},
	{"but no group at AWS", "AGPA" + "Q3EGRWHJ5T2MZ7XB", ""},
	{"no stand-in in an address", "postgres://user:pass@localhost/x postgres://app:[password]@db/x postgres://USER:PASSWORD@HOST/x postgres://app:{pw}@db/x", ""},
	{"no secret of AWS's manual", "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY", ""},
	{"a password in an address of JDBC", "jdbc:mysql://db/x?user=app&password=correcthorse", "correcthorse"},
	{"one of a connection", "Server=db;User Id=app;Password=hunter2longer;", "hunter2longer"},
}

func TestSecretsFindsWhatLooksLikeACredential(t *testing.T) {
	t.Parallel()
	for _, tt := range credentials {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			found := incident.Secrets(tt.text)
			switch {
			case tt.secret == "" && len(found) > 0:
				t.Errorf("Secrets(%q) = %+v, want none", tt.text, found)
			case tt.secret != "" && len(found) != 1:
				t.Errorf("Secrets(%q) = %+v, want one", tt.text, found)
			case tt.secret != "" && tt.text[found[0].Start:found[0].End] != tt.secret:
				t.Errorf("Secrets(%q) is %q, want %q", tt.text, tt.text[found[0].Start:found[0].End], tt.secret)
			}
		})
	}
}

func TestSecretsAreInTheOrderOfTheText(t *testing.T) {
	t.Parallel()
	text := "password=hunter22 then " + accessKey + " then password=hunter22"
	found := incident.Secrets(text)
	if len(found) != 3 || found[0].Start > found[1].Start || found[1].Start > found[2].Start || found[0].Key != found[2].Key || found[0].Key == found[1].Key {
		t.Errorf("Secrets(%q) = %+v, want three, the first and the last with one key", text, found)
	}
	if got, want := incident.Withhold(text, func(key string) bool { return key == found[1].Key }),
		"password=[withheld] then "+accessKey+" then password=[withheld]"; got != want {
		t.Errorf("Withhold = %q, want %q", got, want)
	}
}

func TestSettingsBelowEachOtherAreOneCredentialEach(t *testing.T) {
	t.Parallel()
	text := "AWS_SECRET_ACCESS_KEY=" + random + "\nSTRIPE_KEY=sk_live_" + random + "\nLOG_LEVEL=debug"
	if found := incident.Secrets(text); len(found) != 2 || found[1].Kind != "Stripe key" {
		t.Errorf("Secrets(%q) = %+v, want the two", text, found)
	}
}

func TestAHostileTextIsSearchedInGoodTime(t *testing.T) {
	t.Parallel()
	for _, piece := range []string{
		"token", "token:", "token=token=", "eyJ", "-eyJ", "eyJaaaaaaaa.", "sk-", "://", "://:", "://a:", "password ", "basic ", "basic a", block("BEGIN", "PRIVATE KEY"),
		"-----BEGIN ", "AKIA", "SG.", "SG.a", "xoxb-", "https://hooks.slack.com/", "ghp_", "api key\t\t\t\t", "secret\"'`", "İ:pwd", "_eyJ", "__eyJa.", "curl ", "curl -u a:", "mysql -p", "password is ", "\\_", "a1b2c3d4e5f6\n", "eyJa1\n", "cookie:a=", "authorization: a ", "| password |", "|-|\n", "| token |\n|-|\n|a1|\n", "<password>", "password\" value=", "login a:", "mot de passe", "password\n", "password\n value:", "password for a ", "password of ", "identified by ", "auth=(\"a\",", "token is ", "ENV KEY ", ":AA",
	} {
		t.Run(piece, func(t *testing.T) {
			incidenttest.InProportion(t, 1<<20, func(size int) {
				incident.Secrets(strings.Repeat(piece, 1+size/len(piece)) + " @:=")
			})
		})
	}
}

// leaky is a record with a credential in every text that outsiders may read.
func leaky() *incident.Incident {
	in := incidenttest.Fill(func(pointer string) string {
		if strings.HasPrefix(pointer, "/tags/") {
			return "tag"
		}
		return "token=" + accessKey
	})
	incidenttest.SetAudience(in, incident.AudiencePublic)
	in.Silenced = nil
	return in
}

func TestOutsidersReadNoCredential(t *testing.T) {
	t.Parallel()
	in := leaky()
	data, err := json.Marshal(in.Public())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(data), accessKey) {
		t.Errorf("Public shows the credential: %s", data)
	}
	if got := in.Public().Impacts[0].Figures[0].Unit; got != "token=[withheld]" {
		t.Errorf("the unit of a figure is %q", got)
	}
	if in.Timeline[0].Text != "token="+accessKey {
		t.Errorf("the record itself was changed: %q", in.Timeline[0].Text)
	}
}

func TestACredentialIsShownOnceAPersonDecided(t *testing.T) {
	t.Parallel()
	in := leaky()
	in.Silenced = []incident.Silence{{Rule: "secret", Key: incident.Secrets(accessKey)[0].Key, Reason: "an example from a manual"}}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	if got := in.Public().Timeline[0].Text; got != "token="+accessKey {
		t.Errorf("the text is %q, want it whole", got)
	}
	in.Silenced[0].Key = "000000000000"
	if got := in.Public().Timeline[0].Text; got != "token=[withheld]" {
		t.Errorf("after silencing another key the text is %q", got)
	}
	in.Silenced[0].Key = ""
	if got := in.Public().Timeline[0].Text; got != "token=[withheld]" {
		t.Errorf("a silence without a key lets all credentials through: %q", got)
	}
	if in.Check() == nil {
		t.Error("a silence of the rule secret without a key is not refused")
	}
}

func TestACredentialIsWarnedOfWithoutShowingIt(t *testing.T) {
	t.Parallel()
	in := plain()
	in.Timeline[0].Text = "ran with " + accessKey
	in.Comments = nil
	var warned []incident.Warning
	for _, w := range incident.Odd(in) {
		if w.Rule == "secret" {
			warned = append(warned, w)
		}
	}
	if len(warned) != 1 || warned[0].Pointer != "/timeline/0/text" || strings.Contains(warned[0].Detail, accessKey) {
		t.Errorf("the warnings are %+v, want one at /timeline/0/text that does not show it", warned)
	}
	in.Silenced = []incident.Silence{{Rule: "secret", Key: incident.Secrets(accessKey)[0].Key, Reason: "revoked"}}
	for _, w := range incident.Odd(in) {
		if w.Rule == "secret" {
			t.Errorf("still warned after a person decided: %+v", w)
		}
	}
}

// lengthy is a record of 10,000 ordinary entries that outsiders may read.
func lengthy() *incident.Incident {
	in := plain()
	incidenttest.SetAudience(in, incident.AudiencePublic)
	e := in.Timeline[0]
	for i := range 10_000 {
		e.Text = []string{
			"Replicas reconnect and ask for a full resync; the master's load rises above 40.",
			"02:42 PDT: monitoring pages the engineer on call, see https://status.example.com/incidents/42?x=1.",
			"The token bucket of the proxy is full: requests are refused with 429, the queue grows.",
			"Auto-recharge is switched off in the admin pages, balances are restored from the second store.",
		}[i%4]
		in.Timeline = append(in.Timeline, e)
	}
	return in
}

func BenchmarkPublicOfTenThousandEntries(b *testing.B) {
	in := lengthy()
	for b.Loop() {
		in.Public()
	}
}

func BenchmarkOddOfTenThousandEntries(b *testing.B) {
	in := lengthy()
	for b.Loop() {
		incident.Odd(in)
	}
}
