package document

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAStrangersMarkdownIsKeptWhole(t *testing.T) {
	t.Parallel()
	tests := []struct {
		file, title, summary, reported string
	}{
		{"chia-2021-05-10-WikiAttack.md", "At approximately 09:15:04 Monday May 10th", "At approximately 09:15:04", "## Timeline"},
		{"cstate-jenkins-2022-06-13-repo-slow.md", "JFrog's Artifactory slow (repo.jenkins-ci.org)", "[Final message]", "resolvedWhen"},
		{"dfds-PM2022-006.md", "ALB 502 Errors", "A team reports small amount", "## Timeline"},
		{"homebrew-2018-08-05-security-incident-disclosure.md", "Security Incident Disclosure", "On 31st July 2018", "author"},
		{"moj-cloud-platform-2020-02-12.html.md.erb", "Incident on 2020-02-12", "", "weight"},
		{"mybinder-2018-02-22-nginx-down.md", "", "", "## Timeline"},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(filepath.Join("testdata", "strangers", tt.file))
			if err != nil {
				t.Fatal(err)
			}
			got, err := ReadMarkdown(strings.NewReader(string(text)))
			if err != nil {
				t.Fatalf("ReadMarkdown = %v, want a record", err)
			}
			in := got.Incident
			if err := in.Check(); err != nil || got.Ours {
				t.Errorf("the record is ours %v and breaks rules: %v; want a valid stranger", got.Ours, err)
			}
			whole := strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n"))
			if strings.TrimSpace(in.Background) != whole {
				t.Errorf("background = %q, want the whole text", in.Background)
			}
			if !strings.HasPrefix(in.Title, tt.title) || in.Title == "" || !strings.HasPrefix(in.Summary, tt.summary) || in.Summary == "" {
				t.Errorf("title %q, summary %q, want %q, %q", in.Title, in.Summary, tt.title, tt.summary)
			}
			if !reported(got.Report, tt.reported) {
				t.Errorf("report = %v, want %q in it", got.Report, tt.reported)
			}
		})
	}
}

func reported(all []Loss, text string) bool {
	for _, l := range all {
		if strings.HasPrefix(l.Text, text) && l.Why != "" {
			return true
		}
	}
	return false
}

func TestStrangers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text, title, summary string
	}{
		{"a heading is the title", "# Redis went away\n\nIt came back.", "Redis went away", "It came back."},
		{"so is an underlined one", "Redis went away\n===============\n\nIt came back.", "Redis went away", "It came back."},
		{"but none in code", "```\n# comment\n```\n\n# Redis", "Redis", "```\n# comment\n```"},
		{"a summary has its section", "# T\n\nfirst\n\n## Summary\n\nsecond", "T", "second"},
		{"front matter may hold the title", "---\ntitle: T\ndate: today\n---\nwords", "T", "words"},
		{"a broken one is text", "---\ntitle: [\n---\n# T\n\nwords", "T", "words"},
		{"without a heading the first words serve", "It broke.\nThen it worked.", "It broke.", "It broke.\nThen it worked."},
		{"of nothing nothing is known", "", "Untitled", ""},
		{"nor of a rule", "---", "Untitled", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := ReadMarkdown(strings.NewReader(tt.text))
			if err != nil {
				t.Fatalf("ReadMarkdown(%q) = %v, want a record", tt.text, err)
			}
			if got.Incident.Title != tt.title || got.Incident.Summary != tt.summary || got.Ours {
				t.Errorf("ReadMarkdown(%q) = title %q, summary %q, ours %v, want %q, %q and a stranger",
					tt.text, got.Incident.Title, got.Incident.Summary, got.Ours, tt.title, tt.summary)
			}
		})
	}
}
