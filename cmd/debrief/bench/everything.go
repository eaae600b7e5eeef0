package bench

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// values are what parameters of the API are asked with, beside those that it lists itself. A parameter that is in
// neither is told, and a test fails: add it here, or to nameless.
func (b *bench) values() map[string][]string {
	older := until.AddDate(-1, 0, 0).Format(time.RFC3339)
	return map[string][]string{
		"q":         {b.Host(b.Size / 2), knownWords[0], commonWords[0], commonWords[0] + " " + knownWords[1], `"we saw latency"`, commonWords[1] + " -" + commonWords[2], b.lexicon[0], "fail*"},
		"component": {"Billing", "nothing"},
		"tag":       {services[0], "nothing"},
		"owner":     {b.names[0], "Nobody"},
		"from":      {older},
		"to":        {older},
		"overdue":   {"true"},
		"zone":      {"Europe/Berlin"},
		"front":     {"true"},
		"kind":      {"deliver"},
		"queue":     {"mail"},
		"insight":   {"counted", "overdue", "time_to_resolve:3600", "category:capacity"},
	}
}

// nameless are parameters that say how much is asked for, not what.
var nameless = []string{"limit", "cursor", "last_event_id", "incident", "dry_run"}

// streams are paths that answer until they are left.
var streams = []string{"/events", "/live"}

// asker asks one thing after another and notes for which the statements run.
type asker struct {
	*bench
	seen   *seen
	api    target // with a token
	page   target // with a session
	anyone target
	count  int
}

// everything asks for all that our server answers: each GET of the API with each value of each parameter, pages along
// their links, the writes of a record's life and the chores.
func (b *bench) everything(ctx context.Context, s *seen) (asked int, uncovered []string, err error) {
	session, err := b.session(ctx)
	if err != nil {
		return 0, nil, err
	}
	a := &asker{bench: b, seen: s, api: *b.ours, anyone: target{address: b.ours.address},
		page: target{address: b.ours.address, header: "Cookie: debrief=" + session + "\r\n"}}
	number, err := a.life(ctx)
	if err != nil {
		return 0, nil, err
	}
	if uncovered, err = a.operations(ctx, number); err != nil {
		return 0, nil, err
	}
	for _, from := range []struct {
		who   *target
		paths []string
	}{
		{&a.page, []string{"/incidents", fmt.Sprintf("/incidents/%d", number), fmt.Sprintf("/incidents/%d", b.sample()[0]), "/actions", "/palette?q=" + knownWords[0], "/account"}},
		{&a.anyone, []string{"/status", "/status/history", "/status/history.atom", "/status/history.rss", "/api/v2/summary.json", "/api/v2/status.json", "/api/v2/components.json",
			"/api/v2/incidents.json", "/api/v2/incidents/unresolved.json", "/api/v2/scheduled-maintenances.json", "/api/v2/scheduled-maintenances/active.json",
			"/api/v2/scheduled-maintenances/upcoming.json", "/healthz", "/readyz", "/metrics"}},
	} {
		if err := a.crawl(ctx, from.who, from.paths); err != nil {
			return 0, nil, err
		}
	}
	for _, c := range b.st.Chores() {
		s.asking("the chore " + c.Name)
		if err := c.Do(ctx); err != nil {
			return 0, nil, fmt.Errorf("%s: %w", c.Name, err)
		}
	}
	return a.count, uncovered, nil
}

// session signs the reader in.
func (b *bench) session(ctx context.Context) (string, error) {
	link, err := b.st.NewSignInLink(ctx, store.System(), b.by.Name, time.Hour)
	if err != nil {
		return "", err
	}
	session, _, err := b.st.SignIn(ctx, link, "")
	return session, err
}

// ask asks once. Refusals are answers too; only what breaks is an error.
func (a *asker) ask(ctx context.Context, who *target, method, path string, body []byte, header string) (http.Header, []byte, error) {
	a.seen.asking(method + " " + path)
	a.count++
	l := &line{to: who}
	defer l.close()
	got, err := l.ask(ctx, &ask{method: method, path: path, body: body, header: header})
	if got.status == 0 {
		return nil, nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	if got.status >= 500 && got.status != http.StatusServiceUnavailable {
		return nil, nil, fmt.Errorf("%s %s answers with %d: %.300s", method, path, got.status, got.body)
	}
	return got.header, slices.Clone(got.body), nil
}

// described is what the check reads of the API's description.
type described struct {
	Paths map[string]map[string]struct {
		ID         string `json:"operationId"`
		Parameters []struct {
			Name, In string
			Schema   struct {
				Enum []any
				Type any
			}
		}
		RequestBody struct {
			Content map[string]struct {
				Example  json.RawMessage
				Examples map[string]struct{ Value json.RawMessage }
			}
		}
	}
}

// operations asks for all that the API describes, about one record.
func (a *asker) operations(ctx context.Context, n incident.Number) (uncovered []string, err error) {
	_, text, err := a.ask(ctx, &a.anyone, "GET", "/api/v1/openapi.json", nil, "")
	if err != nil {
		return nil, err
	}
	var all described
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, fmt.Errorf("read what the API says of itself: %w", err)
	}
	if len(all.Paths) == 0 {
		return nil, fmt.Errorf("the API says nothing of itself: %.200s", text)
	}
	values := a.values()
	for _, path := range slices.Sorted(maps.Keys(all.Paths)) {
		if slices.ContainsFunc(streams, func(s string) bool { return strings.HasSuffix(path, s) }) {
			continue
		}
		full := "/api/v1" + strings.NewReplacer("{number}", fmt.Sprint(int64(n)), "{id}", "1").Replace(path)
		for method, op := range all.Paths[path] {
			if method != "get" {
				for _, c := range op.RequestBody.Content {
					example := c.Example
					for _, e := range c.Examples {
						example = e.Value
					}
					if len(example) > 0 && method == "post" && !strings.HasSuffix(path, "/send") {
						if _, _, err := a.ask(ctx, &a.api, "POST", full, example, ""); err != nil {
							return nil, err
						}
					}
				}
				continue
			}
			queries := []string{""}
			for _, p := range op.Parameters {
				given := values[p.Name]
				for _, e := range p.Schema.Enum {
					given = append(given, fmt.Sprint(e))
				}
				if p.Schema.Type == "boolean" {
					given = append(given, "true")
				}
				if p.In != "query" || slices.Contains(nameless, p.Name) {
					continue
				}
				if len(given) == 0 {
					uncovered = append(uncovered, fmt.Sprintf("%s?%s=", path, p.Name))
				}
				for _, v := range given {
					queries = append(queries, p.Name+"="+url.QueryEscape(v))
				}
			}
			if err := a.pages(ctx, full, queries); err != nil {
				return nil, err
			}
		}
	}
	return uncovered, nil
}

// pages asks for a list with each query, and for the page after the first one; the last query is asked together with
// the first too.
func (a *asker) pages(ctx context.Context, path string, queries []string) error {
	for _, q := range queries {
		_, body, err := a.ask(ctx, &a.api, "GET", path+"?"+q, nil, "")
		if err != nil {
			return err
		}
		var p struct{ Next string }
		if json.Unmarshal(body, &p) == nil && p.Next != "" {
			if _, _, err := a.ask(ctx, &a.api, "GET", path+"?"+q+"&cursor="+url.QueryEscape(p.Next), nil, ""); err != nil {
				return err
			}
		}
	}
	return nil
}

var (
	linkPattern = regexp.MustCompile(`\bhref="(/[^"#]*)`)
	oneOfMany   = regexp.MustCompile(`\d+|/[a-z0-9]{12}\b`)
)

// mostPages bounds a walk.
const mostPages = 150

// shape is what pages of one sort have in common: the path without numbers and ids, and the names of what is asked.
func shape(address string) string {
	path, query, _ := strings.Cut(address, "?")
	names, _ := url.ParseQuery(query)
	return oneOfMany.ReplaceAllString(path, "*") + "?" + strings.Join(slices.Sorted(maps.Keys(names)), "&")
}

// crawl follows links, two of each shape.
func (a *asker) crawl(ctx context.Context, who *target, queue []string) error {
	known, asked := map[string]int{}, map[string]bool{}
	for done := 0; len(queue) > 0 && done < mostPages; queue = queue[1:] {
		path := strings.ReplaceAll(queue[0], "&amp;", "&")
		if asked[path] || known[shape(path)] >= 2 || strings.HasPrefix(path, "/static/") || strings.HasSuffix(path, "/live") {
			continue
		}
		asked[path] = true
		known[shape(path)]++
		done++
		header, body, err := a.ask(ctx, who, "GET", path, nil, "")
		if err != nil {
			return err
		}
		if !strings.HasPrefix(header.Get("Content-Type"), "text/html") {
			continue
		}
		for _, found := range linkPattern.FindAllSubmatch(body, -1) {
			queue = append(queue, string(found[1]))
		}
	}
	return nil
}

// life takes a new record through what people do with one, and gives its number.
func (a *asker) life(ctx context.Context) (incident.Number, error) {
	a.seen.asking("filing a record")
	drafts := a.drafts()
	filed, err := a.st.File(ctx, a.by, drafts[0])
	if err != nil {
		return 0, err
	}
	n := filed.Number
	steps := []struct {
		what string
		do   func() error
	}{
		{"filing many", func() error { _, err := a.st.FileAll(ctx, a.by, drafts[:min(30, len(drafts))]); return err }},
		{"appending an entry", func() error {
			_, err := a.st.Append(ctx, a.by, n, []incident.Part{&incident.Entry{Text: a.entryText(1)}})
			return err
		}},
		{"appending an action", func() error {
			_, err := a.st.Append(ctx, a.by, n, []incident.Part{&incident.Action{Title: a.entryText(2), Owner: a.names[2]}})
			return err
		}},
		{"commenting", func() error {
			_, err := a.st.Append(ctx, a.by, n, []incident.Part{&incident.Comment{Text: a.entryText(3)}})
			return err
		}},
		{"changing a record", func() error {
			_, err := a.st.Change(ctx, a.by, n, 0, func(in *incident.Incident) error {
				in.Title, in.PublicTitle, in.PublicSummary = a.entryText(4), "Trouble", "There is some."
				in.People = append(in.People, incident.Person{Role: "scribe", Name: a.names[3]})
				in.Related = []incident.Number{incident.Number(a.sample()[0])}
				return nil
			})
			return err
		}},
		{"changing an entry", func() error {
			_, err := a.st.ChangePart(ctx, a.by, n, incident.Timeline, filed.Timeline[0].ID, 0, func(p incident.Part) error {
				p.(*incident.Entry).Text = a.entryText(5)
				return nil
			})
			return err
		}},
		{"removing an entry", func() error {
			return a.st.RemovePart(ctx, a.by, n, incident.Timeline, filed.Timeline[1].ID, 0)
		}},
		{"sending a message", func() error { return a.send(ctx, n) }},
		{"submitting for review", func() error {
			_, err := a.st.Review(ctx, a.by, n, store.Seen{}, incident.ReviewStep{Move: incident.Submit, Reviewers: []string{a.names[4]}})
			return err
		}},
		{"archiving", func() error { return a.archive(ctx, drafts[1%len(drafts)]) }},
	}
	for _, s := range steps {
		a.seen.asking(s.what)
		if err := s.do(); err != nil {
			return 0, fmt.Errorf("%s: %w", s.what, err)
		}
	}
	return n, nil
}

func (a *asker) send(ctx context.Context, n incident.Number) error {
	m := incident.Message{Channel: incident.StatusPage, Audience: incident.AudiencePublic, State: incident.Draft, Status: "investigating", Body: a.entryText(6)}
	kept, err := a.st.Append(ctx, a.by, n, []incident.Part{&m})
	if err != nil {
		return err
	}
	_, err = a.st.Send(ctx, a.by, n, kept[0].Head().ID, kept[0].Head().Revision)
	return err
}

func (a *asker) archive(ctx context.Context, draft *incident.Incident) error {
	in, err := a.st.File(ctx, a.by, draft)
	if err != nil {
		return err
	}
	return a.st.Archive(ctx, a.by, in.Number, cmp.Or(in.Revision, 1))
}
