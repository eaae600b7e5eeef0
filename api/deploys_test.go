package api_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/api"
	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
)

// The secret is the one that GitHub's documentation signs with, the token has the form of GitLab's signing tokens.
const (
	deploySecret = "It's a Secret to Everybody"
	deployToken  = "whsec_dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q="
)

func deploys(o *api.Options) { o.Deploys.Secrets = []string{"an older one", deploySecret, deployToken} }

func hexMAC(key string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(key))
	_, _ = mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// standard are the headers of a request signed as Standard Webhooks has it.
func standard(t testing.TB, body []byte, at time.Time) map[string]string {
	t.Helper()
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(deployToken, "whsec_"))
	if err != nil {
		t.Fatal(err)
	}
	stamp := strconv.FormatInt(at.Unix(), 10)
	sum, _ := hex.DecodeString(hexMAC(string(key), []byte("msg_1."+stamp+"."+string(body))))
	return map[string]string{"Webhook-Id": "msg_1", "Webhook-Timestamp": stamp, "Webhook-Signature": "v1,bm9uZQ== v1," + base64.StdEncoding.EncodeToString(sum)}
}

// post sends what a forge would.
func (h *house) post(path string, headers map[string]string, body []byte) (status int, answer map[string]any) {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, h.url+"/api/v1/deployments/"+path, strings.NewReader(string(body)))
	if err != nil {
		h.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil || json.Unmarshal(text, &answer) != nil {
		h.t.Fatalf("POST %s answered %d %s (%v)", path, resp.StatusCode, text, err)
	}
	return resp.StatusCode, answer
}

func example(t testing.TB, name string, change ...string) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(strings.NewReplacer(change...).Replace(string(text)))
}

// The payload is that of https://docs.github.com/en/webhooks/webhook-events-and-payloads#deployment_status, without
// addresses of its API that nobody reads here.
func TestGitHubTellsOfADeployment(t *testing.T) {
	t.Parallel()
	h := serve(t, deploys)
	ada := h.as("Ada", incident.Viewer)
	body := example(t, "github-deployment_status.json")
	signed := map[string]string{"X-GitHub-Event": "deployment_status", "X-Hub-Signature-256": "sha256=" + hexMAC(deploySecret, body)}
	for range 2 { // it is sent again when our answer was lost
		if status, answer := h.post("github", signed, body); status != http.StatusCreated {
			t.Fatalf("POST = %d %v", status, answer)
		}
	}
	page, err := ada.Deployments(t.Context(), client.DeploymentFilter{Component: "hello-world"})
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("Deployments = %+v, %v, want one", page, err)
	}
	d := page.Items[0]
	want := incident.Deployment{
		ID: d.ID, Component: "Hello-World", Version: "master f95f852b", At: d.At, State: incident.Succeeded, Environment: "production", By: "Codertocat",
		Link: "https://github.com/Codertocat/Hello-World/commit/f95f852bd8fca8fcc58a9a2d6c842781e32a215e", Source: "github", ExternalID: "Codertocat/Hello-World#145988746", CreatedAt: d.CreatedAt,
	}
	if d != want || d.At.At.Format(time.RFC3339) != "2019-05-15T15:20:55Z" {
		t.Errorf("what GitHub told = %+v, want %+v", d, want)
	}
	form := []byte(url.Values{"payload": {string(example(t, "github-deployment_status.json", "145988746", "7", `"success"`, `"failure"`))}}.Encode())
	status, answer := h.post("github?component=Billing", map[string]string{
		"X-GitHub-Event": "deployment_status", "X-Hub-Signature-256": "sha256=" + hexMAC(deploySecret, form), "Content-Type": "application/x-www-form-urlencoded",
	}, form)
	if status != http.StatusCreated || answer["component"] != "Billing" || answer["state"] != "failed" {
		t.Errorf("a form, for a component of another name = %d %v", status, answer)
	}
}

// Secret, text and signature are those of
// https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation
func TestGitHubsOwnExampleOfASignatureIsGood(t *testing.T) {
	t.Parallel()
	h := serve(t, deploys)
	status, answer := h.post("github", map[string]string{
		"X-GitHub-Event": "ping", "X-Hub-Signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
	}, []byte("Hello, World!"))
	if status != http.StatusOK || answer["ignored"] == nil {
		t.Errorf("POST = %d %v, want 200 and why it is ignored", status, answer)
	}
}

// The payload is that of https://docs.gitlab.com/user/project/integrations/webhook_events/#deployment-events
func TestGitLabTellsOfADeployment(t *testing.T) {
	t.Parallel()
	h := serve(t, deploys)
	event := map[string]string{"X-Gitlab-Event": "Deployment Hook"}
	token := map[string]string{"X-Gitlab-Event": "Deployment Hook", "X-Gitlab-Token": deploySecret}
	if status, answer := h.post("gitlab", token, example(t, "gitlab-deployment.json")); status != http.StatusOK || !strings.Contains(answer["ignored"].(string), "staging") {
		t.Errorf("what reached staging = %d %v, want it ignored with a word", status, answer)
	}
	body := example(t, "gitlab-deployment.json", `"staging"`, `"production"`)
	status, answer := h.post("gitlab", token, body)
	for key, want := range map[string]string{"component": "test-deployment-webhooks", "version": "279484c0", "by": "Administrator", "source": "gitlab", "external_id": "root/test-deployment-webhooks#15"} {
		if status != http.StatusCreated || answer[key] != want {
			t.Errorf("POST = %d %v, want %s %q", status, answer, key, want)
		}
	}
	if at, _ := answer["at"].(map[string]any); at["at"] != "2021-04-28T19:50:00Z" || at["zone"] != "+02:00" {
		t.Errorf("at = %v", answer["at"])
	}
	signed := standard(t, body, time.Now())
	maps.Copy(signed, event)
	if again, same := h.post("gitlab", signed, body); again != http.StatusCreated || same["id"] != answer["id"] {
		t.Errorf("the same with a signing token = %d %v, want the same deployment", again, same)
	}
	for status, state := range map[string]string{"running": "", "canceled": "", "approved": "", "failed": "failed"} {
		_, answer := h.post("gitlab", token, example(t, "gitlab-deployment.json", `"staging"`, `"production"`, `"success"`, strconv.Quote(status), "15", "16"))
		if got, _ := answer["state"].(string); got != state || state == "" && answer["ignored"] == nil {
			t.Errorf("a deployment that is %s = %v", status, answer)
		}
	}
}

func TestNobodyIsBelievedAboutDeploymentsWithoutTheSecret(t *testing.T) {
	t.Parallel()
	h := serve(t, deploys)
	body := example(t, "github-deployment_status.json")
	old, longer := standard(t, body, time.Now().Add(-6*time.Minute)), standard(t, append(body, ' '), time.Now())
	for _, tt := range []struct {
		name, path string
		headers    map[string]string
	}{
		{"no signature", "github", nil},
		{"the old kind of signature", "github", map[string]string{"X-Hub-Signature": "sha1=0123"}},
		{"another secret", "github", map[string]string{"X-Hub-Signature-256": "sha256=" + hexMAC("guess", body)}},
		{"no hexadecimal number", "github", map[string]string{"X-Hub-Signature-256": "sha256=none"}},
		{"an empty signature", "github", map[string]string{"X-Hub-Signature-256": "sha256="}},
		{"no token", "gitlab", nil},
		{"another token", "gitlab", map[string]string{"X-Gitlab-Token": "guess"}},
		{"a signature that is too old", "gitlab", old},
		{"a signature of another body", "gitlab", longer},
		{"a good token beside a bad signature", "gitlab", map[string]string{"X-Gitlab-Token": deploySecret, "Webhook-Id": "1", "Webhook-Timestamp": strconv.FormatInt(time.Now().Unix(), 10), "Webhook-Signature": "v1,bm9uZQ=="}},
	} {
		headers := map[string]string{"X-GitHub-Event": "deployment_status", "X-Gitlab-Event": "Deployment Hook"}
		maps.Copy(headers, tt.headers)
		if status, answer := h.post(tt.path, headers, body); status != http.StatusUnauthorized || answer["detail"] == "" {
			t.Errorf("%s: %d %v, want 401 with the reason", tt.name, status, answer)
		}
	}
	closed := serve(t)
	if status, answer := closed.post("gitlab", map[string]string{"X-Gitlab-Token": ""}, body); status != http.StatusUnauthorized || !strings.Contains(answer["detail"].(string), "DEBRIEF_DEPLOY_SECRET") {
		t.Errorf("without a secret: %d %v", status, answer)
	}
}

func TestWhatIsNoDeploymentIsIgnoredWithAWordOrRefused(t *testing.T) {
	t.Parallel()
	h := serve(t, deploys, func(o *api.Options) { o.Deploys.Environments = []string{"Blue"} })
	for _, tt := range []struct {
		name, event string
		body        string
		status      int
	}{
		{"another event", "push", `{}`, http.StatusOK},
		{"no end yet", "deployment_status", string(example(t, "github-deployment_status.json", `"success"`, `"in_progress"`)), http.StatusOK},
		{"an environment that is not among those named", "deployment_status", string(example(t, "github-deployment_status.json")), http.StatusOK},
		{"one that is", "deployment_status", string(example(t, "github-deployment_status.json", `"production"`, `"blue"`)), http.StatusCreated},
		{"texts longer than we keep", "deployment_status", string(example(t, "github-deployment_status.json", `"production"`, `"blue"`, `"Hello-World"`, `"`+strings.Repeat("ä", 300)+`\u0000"`, "145988746", "8")), http.StatusCreated},
		{"no JSON", "deployment_status", `deployed!`, http.StatusBadRequest},
		{"JSON without what matters", "deployment_status", `{"deployment_status": {"state": "success"}}`, http.StatusBadRequest},
		{"too much", "deployment_status", `"` + strings.Repeat("x", 1<<20) + `"`, http.StatusRequestEntityTooLarge},
	} {
		headers := map[string]string{"X-GitHub-Event": tt.event, "X-Hub-Signature-256": "sha256=" + hexMAC(deploySecret, []byte(tt.body))}
		if status, answer := h.post("github", headers, []byte(tt.body)); status != tt.status || status == http.StatusOK && answer["ignored"] == nil {
			t.Errorf("%s: %d %v, want %d", tt.name, status, answer, tt.status)
		}
	}
}
