package api

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// gitHubEvent is what we read of deployment_status:
// https://docs.github.com/en/webhooks/webhook-events-and-payloads#deployment_status
type gitHubEvent struct {
	Status struct {
		State   string `json:"state"`
		Creator struct {
			Login string `json:"login"`
		} `json:"creator"`
		Environment string    `json:"environment"`
		TargetURL   string    `json:"target_url"`
		LogURL      string    `json:"log_url"`
		CreatedAt   time.Time `json:"created_at"`
	} `json:"deployment_status"`
	Deployment struct {
		ID         int64  `json:"id"`
		SHA        string `json:"sha"`
		Ref        string `json:"ref"`
		Production *bool  `json:"production_environment"`
	} `json:"deployment"`
	Repository struct {
		Name     string `json:"name"`
		FullName string `json:"full_name"`
		HTMLURL  string `json:"html_url"`
	} `json:"repository"`
}

// gitHubStates are those that a deployment ends in. One that is inactive was replaced by another.
var gitHubStates = map[string]incident.DeploymentState{"success": incident.Succeeded, "failure": incident.Failed, "error": incident.Failed}

func readGitHub(event string, body []byte) (t heard, err error) {
	if event != "deployment_status" {
		return heard{ignored: fmt.Sprintf("%.40q tells of no deployment: choose the event deployment_status", event)}, nil
	}
	var e gitHubEvent
	if err := decodeEvent("GitHub", body, &e); err != nil {
		return t, err
	}
	state, ended := gitHubStates[e.Status.State]
	switch {
	case e.Deployment.ID == 0 || e.Repository.FullName == "" || e.Status.CreatedAt.IsZero():
		return t, unread("GitHub", incident.Malformed)
	case !ended:
		return heard{ignored: fmt.Sprintf("%.40q is no end of a deployment", e.Status.State)}, nil
	}
	at := incident.Exactly(e.Status.CreatedAt, "UTC", incident.Second)
	t.Deployment = incident.Deployment{
		Component: e.Repository.Name, Version: versionOf(e.Deployment.Ref, e.Deployment.SHA), At: &at, State: state,
		Environment: e.Status.Environment, By: e.Status.Creator.Login,
		Link:       cmp.Or(e.Status.LogURL, e.Status.TargetURL, e.Repository.HTMLURL+"/commit/"+e.Deployment.SHA),
		ExternalID: fmt.Sprintf("%.150s#%d", e.Repository.FullName, e.Deployment.ID),
	}
	t.production = isProduction(e.Status.Environment)
	if e.Deployment.Production != nil && *e.Deployment.Production {
		t.production = true
	}
	return t, nil
}

// shortSHA is how much of a commit is heard.
const shortSHA = 8

// versionOf is what was deployed: a tag or branch with its commit.
func versionOf(ref, sha string) string {
	short := sha[:min(shortSHA, len(sha))]
	ref = strings.TrimPrefix(strings.TrimPrefix(ref, "refs/heads/"), "refs/tags/")
	if ref == "" || strings.HasPrefix(sha, ref) {
		return cmp.Or(short, ref)
	}
	return strings.TrimSpace(ref + " " + short)
}

// isProduction tells whether an environment is called what people call production.
func isProduction(environment string) bool {
	return slices.Contains([]string{"production", "prod", "live"}, strings.ToLower(environment))
}

// gitLabEvent is what we read of a deployment event:
// https://docs.gitlab.com/user/project/integrations/webhook_events/#deployment-events
type gitLabEvent struct {
	Kind          string `json:"object_kind"`
	Status        string `json:"status"`
	ChangedAt     string `json:"status_changed_at"`
	DeploymentID  int64  `json:"deployment_id"`
	DeployableURL string `json:"deployable_url"`
	Environment   string `json:"environment"`
	Tier          string `json:"environment_tier"`
	Project       struct {
		Name   string `json:"name"`
		Path   string `json:"path_with_namespace"`
		WebURL string `json:"web_url"`
	} `json:"project"`
	Ref      string `json:"ref"`
	ShortSHA string `json:"short_sha"`
	User     struct {
		Name     string `json:"name"`
		Username string `json:"username"`
	} `json:"user"`
	CommitURL string `json:"commit_url"`
}

var gitLabStates = map[string]incident.DeploymentState{"success": incident.Succeeded, "failed": incident.Failed}

// gitLabTimes are the forms in which GitLab writes a moment.
var gitLabTimes = []string{"2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 MST", time.RFC3339}

func readGitLab(event string, body []byte) (t heard, err error) {
	if event != "Deployment Hook" {
		return heard{ignored: fmt.Sprintf("%.40q tells of no deployment: choose deployment events", event)}, nil
	}
	var e gitLabEvent
	if err := decodeEvent("GitLab", body, &e); err != nil {
		return t, err
	}
	state, ended := gitLabStates[e.Status]
	switch {
	case e.Kind != "deployment" || e.DeploymentID == 0 || e.Project.Path == "":
		return t, unread("GitLab", incident.Malformed)
	case !ended:
		return heard{ignored: fmt.Sprintf("%.40q is no end of a deployment", e.Status)}, nil
	}
	at, err := readTime(e.ChangedAt)
	if err != nil {
		return t, err
	}
	t.Deployment = incident.Deployment{
		Component: e.Project.Name, Version: versionOf(e.Ref, e.ShortSHA), At: &at, State: state,
		Environment: e.Environment, By: cmp.Or(e.User.Name, e.User.Username), Link: cmp.Or(e.DeployableURL, e.CommitURL, e.Project.WebURL),
		ExternalID: fmt.Sprintf("%.150s#%d", e.Project.Path, e.DeploymentID),
	}
	t.production = e.Tier == "production" || e.Tier == "" && isProduction(e.Environment)
	return t, nil
}

func readTime(text string) (m incident.Moment, err error) {
	for _, form := range gitLabTimes {
		if at, err := time.Parse(form, text); err == nil {
			zone := "UTC"
			if _, offset := at.Zone(); offset != 0 {
				zone = at.Format("-07:00")
			}
			return incident.Exactly(at, zone, incident.Second), nil
		}
	}
	return m, unread("GitLab", incident.Malformed)
}
