package api

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// Deploys says whose word is taken about deployments that come without a token.
type Deploys struct {
	Secrets      []string // shared with GitHub and GitLab, any of them is good; none takes nobody's word
	Environments []string // that are noted, without case; none are those that the sender calls production
}

// forge is a place that tells of deployments by itself.
type forge struct {
	name   string
	event  string // the header that says of what it tells
	signed func(secrets []string, r *http.Request, body []byte, now time.Time) error
	read   func(event string, body []byte) (heard, error)
}

// heard is what a forge said, in our words.
type heard struct {
	incident.Deployment
	production bool
	ignored    string // why this is no deployment of ours, "" when it is
}

var forges = []forge{
	{"github", "X-GitHub-Event", signedByGitHub, readGitHub},
	{"gitlab", "X-Gitlab-Event", signedByGitLab, readGitLab},
}

// receive takes what a forge posts. Whoever knows the secret is believed: there is no token. What is none of our
// concern is answered with 200 and a word, because an answer that is none makes the forge stop sending.
func (a *API) receive(f forge) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
		switch {
		case err != nil:
			err = incident.Refuse(incident.Malformed, "", "the body ended before it was whole: send it again")
		case len(body) > maxBody:
			err = tooLarge(maxBody)
		case len(a.deploys.Secrets) == 0:
			err = incident.Refuse(incident.SignIn, "", "nobody is believed here: set DEBRIEF_DEPLOY_SECRET for this server, and the same secret at "+f.name)
		default:
			err = f.signed(a.deploys.Secrets, r, body, time.Now())
		}
		if err == nil {
			err = a.noteDeployment(w, r, f, body)
		}
		if err != nil {
			refuse(w, r, err)
		}
	}
}

// noteDeployment answers 201 with the deployment, or 200 with why there is none.
func (a *API) noteDeployment(w http.ResponseWriter, r *http.Request, f forge, body []byte) error {
	if kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); kind == "application/x-www-form-urlencoded" {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return incident.Refuse(incident.Malformed, "", "the form cannot be read: choose application/json as content type at "+f.name)
		}
		body = []byte(form.Get("payload"))
	}
	d, err := f.read(r.Header.Get(f.event), body)
	if err != nil {
		return err
	}
	if d.ignored == "" && !a.deploys.notes(d) {
		d.ignored = fmt.Sprintf("%.60q is not production: DEBRIEF_DEPLOY_ENVIRONMENTS names others that count", d.Environment)
	}
	if d.ignored != "" {
		return answerJSON(w, http.StatusOK, map[string]string{"ignored": d.ignored})
	}
	d.Source, d.Component = f.name, cmp.Or(r.URL.Query().Get("component"), d.Component)
	kept, err := a.store.AddDeployment(r.Context(), store.System(), d.fitting())
	if err != nil {
		return err
	}
	return answerJSON(w, http.StatusCreated, kept)
}

// notes tells whether deployments to that environment count.
func (d Deploys) notes(t heard) bool {
	if len(d.Environments) == 0 {
		return t.production
	}
	return slices.ContainsFunc(d.Environments, func(e string) bool { return strings.EqualFold(e, t.Environment) })
}

// fitting is a deployment as it can be kept: what a forge sends may be longer than that, and a link may be none.
func (t heard) fitting() incident.Deployment {
	d := t.Deployment
	for _, text := range []*string{&d.Component, &d.Version, &d.Environment, &d.By} {
		*text = strings.Map(func(r rune) rune {
			if r < ' ' || r == utf8.RuneError {
				return ' '
			}
			return r
		}, *text)
		if utf8.RuneCountInString(*text) > 200 {
			*text = string([]rune(*text)[:200])
		}
	}
	if !incident.IsLink(d.Link) || len(d.Link) > 2000 {
		d.Link = ""
	}
	return d
}

func answerJSON(w http.ResponseWriter, status int, v any) error {
	var b bytes.Buffer
	if err := writeJSON(&b, v); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
	return nil
}

func unsigned(detail string) error { return incident.Refuse(incident.SignIn, "", detail) }

// signedByGitHub checks X-Hub-Signature-256, as
// https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries has it.
func signedByGitHub(secrets []string, r *http.Request, body []byte, _ time.Time) error {
	given, is := strings.CutPrefix(r.Header.Get("X-Hub-Signature-256"), "sha256=")
	sum, err := hex.DecodeString(given)
	if !is || err != nil {
		return unsigned("the header X-Hub-Signature-256 is missing or none: give the webhook a secret at GitHub, the one in DEBRIEF_DEPLOY_SECRET")
	}
	for _, secret := range secrets {
		if hmac.Equal(sum, signature(secret, body)) {
			return nil
		}
	}
	return unsigned("the signature is not made with our secret: give the webhook at GitHub the one in DEBRIEF_DEPLOY_SECRET")
}

func signature(key string, pieces ...[]byte) []byte {
	mac := hmac.New(sha256.New, []byte(key))
	for _, piece := range pieces {
		_, _ = mac.Write(piece) // a hash never fails
	}
	return mac.Sum(nil)
}

// mostSkew is how old a signed request may be, or how far ahead its clock: what Standard Webhooks recommends against
// replays.
const mostSkew = 5 * time.Minute

// signedByGitLab checks webhook-signature where there is one, as Standard Webhooks and
// https://docs.gitlab.com/user/project/integrations/webhooks/ have it, else the secret token of X-Gitlab-Token.
func signedByGitLab(secrets []string, r *http.Request, body []byte, now time.Time) error {
	if given := r.Header.Get("Webhook-Signature"); given != "" {
		return signedByStandard(secrets, r, given, body, now)
	}
	token := r.Header.Get("X-Gitlab-Token")
	if token == "" {
		return unsigned("neither X-Gitlab-Token nor webhook-signature came: give the webhook a secret or signing token at GitLab, the one in DEBRIEF_DEPLOY_SECRET")
	}
	for _, secret := range secrets {
		a, b := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(secret)) // of one length, so that the time tells nothing
		if subtle.ConstantTimeCompare(a[:], b[:]) == 1 {
			return nil
		}
	}
	return unsigned("X-Gitlab-Token is not our secret: give the webhook at GitLab the one in DEBRIEF_DEPLOY_SECRET")
}

func signedByStandard(secrets []string, r *http.Request, given string, body []byte, now time.Time) error {
	id, stamp := r.Header.Get("Webhook-Id"), r.Header.Get("Webhook-Timestamp")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || id == "" {
		return unsigned("webhook-id or webhook-timestamp is missing: both are signed")
	}
	if at := time.Unix(seconds, 0); now.Sub(at).Abs() > mostSkew {
		return unsigned("webhook-timestamp is more than five minutes off: set the clocks, or send it anew")
	}
	for _, secret := range secrets {
		encoded, is := strings.CutPrefix(secret, "whsec_")
		key, err := base64.StdEncoding.DecodeString(encoded)
		if !is || err != nil {
			continue
		}
		want := signature(string(key), []byte(id+"."+stamp+"."), body)
		for one := range strings.FieldsSeq(given) {
			sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(one, "v1,"))
			if err == nil && strings.HasPrefix(one, "v1,") && hmac.Equal(sum, want) {
				return nil
			}
		}
	}
	return unsigned("webhook-signature is not made with our secret: DEBRIEF_DEPLOY_SECRET must hold the signing token, whsec_…, as GitLab shows it")
}

// unread is the answer to a body that is no event of that forge.
func unread(name string, err error) error {
	if err == nil {
		return nil
	}
	return incident.Refuse(incident.Malformed, "", "the body is no event of "+name+" that we understand: see docs/deployments.md")
}

func decodeEvent(name string, body []byte, into any) error {
	return unread(name, json.Unmarshal(body, into))
}
