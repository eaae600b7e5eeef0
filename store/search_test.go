package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/query"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// library files records to search in, and adds up their words.
func library(t testing.TB, s *store.Store) incident.Actor {
	t.Helper()
	by := storetest.Person(t, s, "Ada", incident.Admin)
	redis := titled("Customers are charged again and again")
	redis.Summary = "Redis lost its master."
	redis.Severity = incident.SEV1
	redis.Timeline = []incident.Entry{{At: moment(42), Text: "The master was started and read a configuration that made it a slave of itself."}}
	redis.Analysis.Factors = []incident.Factor{{Text: "Nobody had tested a restart.", Category: "Testing"}}
	redis.Actions = []incident.Action{{Title: "Test restarts", Owner: "Bob", Due: new("2026-01-02")}}
	redis.People = []incident.Person{{Role: "commander", Name: "Lena Brandt"}}
	redis.Tags = []string{"billing"}
	dns := titled("Names were not resolved")
	dns.Severity = incident.SEV2
	dns.Timeline = []incident.Entry{{Text: "The resync of the zone took an hour; Redis was not hurt."}}
	dns.Analysis.Factors = []incident.Factor{{Text: "A typing error.", Category: "Configuration"}}
	must(s.FileAll(t.Context(), by, []*incident.Incident{redis, dns, titled("The resynchronisation of mirrors was late"), titled("Redis was full")}))
	if err := s.FoldWords(t.Context()); err != nil {
		t.Fatal(err)
	}
	return by
}

// found are the numbers of the hits in their order.
func found(page store.Page[store.Hit]) []int {
	all := []int{}
	for _, h := range page.Items {
		all = append(all, int(h.Number))
	}
	return all
}

func TestTheBestIsFoundFirst(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := library(t, s)
	tests := []struct {
		name, text string
		want       []int
	}{
		{"in the title, in the summary, in the rest", "redis", []int{4, 1, 2}},
		{"words that no paragraph has together", "redis slave of itself", []int{1}},
		{"another form of the word", "restarting", []int{1}},
		{"a beginning", "resync*", []int{3, 2}},
		{"without", "redis -configuration", []int{4}},
		{"either", "mirror OR zone", []int{3, 2}},
		{"one filter", "redis severity:sev1", []int{1}},
		{"filters alone, the newest first", "severity:sev1,sev2", []int{2, 1}},
		{"not", "-severity:sev1 redis", []int{4, 2}},
		{"a tag", "tag:billing", []int{1}},
		{"a cause, in any case", "cause:testing", []int{1}},
		{"an owner whose follow-up is late", "owner:bob is:overdue", []int{1}},
		{"a person", `person:"lena brandt"`, []int{1}},
		{"a time at which nothing was", "redis before:2013", []int{}},
		{"words that say nothing", "it is the", []int{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			page, err := s.Search(t.Context(), by, tt.text, 0, "")
			if got := found(page); err != nil || !slices.Equal(got, tt.want) {
				t.Errorf("Search(%q) = %v, %v; want %v", tt.text, got, err, tt.want)
			}
		})
	}
}

func TestAHitSaysWhereItWasFound(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := library(t, s)
	hit := must(s.Search(t.Context(), by, "redis slave", 0, "")).Items[0]
	slave := slices.IndexFunc(hit.Where, func(p store.Place) bool { return p.Part == "timeline" })
	if hit.Number != 1 || len(hit.Where) != 2 || slave < 0 {
		t.Fatalf("redis slave is found in %+v, want the summary and the timeline", hit.Where)
	}
	p := hit.Where[slave]
	entry := must(s.Incident(t.Context(), by, 1)).Timeline[0]
	if p.ID != entry.ID || p.At == nil || !p.At.At.Equal(*moment(42).At) || !strings.Contains(p.Snippet, "a **slave** of itself") {
		t.Errorf("the slave is in %+v, want %q at 00:42", p, entry.ID)
	}
	if hit.Snippet != hit.Where[0].Snippet || len(hit.Lacks) > 0 {
		t.Errorf("the hit shows %q and lacks %q", hit.Snippet, hit.Lacks)
	}
}

func TestWordsThatWereMistypedAreFoundAndTold(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := library(t, s)
	for typed, meant := range map[string]string{"resinc": "resync", "reids": "redis", "comfigurations": "configuration", "mastr": "master"} {
		page := must(s.Search(t.Context(), by, typed, 0, ""))
		if len(page.Items) == 0 || !strings.Contains(strings.ToLower(page.Items[0].Snippet), "**"+meant+"**") || len(page.Hints) != 1 || !strings.Contains(page.Hints[0], meant) {
			t.Errorf("Search(%q) = %v with the hints %q, want %s", typed, found(page), page.Hints, meant)
		}
	}
	if page := must(s.Search(t.Context(), by, "xylophone", 0, "")); len(page.Items)+len(page.Hints) > 0 {
		t.Errorf("Search of a word that nothing is near to = %v, %q", found(page), page.Hints)
	}
}

func TestRecordsThatLackAWordComeLastAndSaySo(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := library(t, s)
	page := must(s.Search(t.Context(), by, "redis resync zone elephant", 0, ""))
	if got := found(page); len(got) == 0 || got[0] != 2 || !slices.Equal(page.Items[0].Lacks, []string{"elephant"}) {
		t.Errorf("Search = %v, the first lacks %q; want INC-2 without the elephant", got, page.Items[0].Lacks)
	}
	if listed := must(s.Incidents(t.Context(), by, store.Filter{Query: "redis resync zone elephant"})); len(listed.Items) > 0 {
		t.Errorf("the list has %v, want nothing that lacks a word", numbers(listed.Items))
	}
}

func TestHitsStayInTheirPlacesWhileOthersAreFiled(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := storetest.Person(t, s, "Ada", incident.Admin)
	for i := range 30 {
		in := titled(fmt.Sprintf("Number %d is stuck", i))
		in.Summary = strings.Repeat("stuck again ", i%5)
		must(s.File(t.Context(), by, in))
	}
	whole := found(must(s.Search(t.Context(), by, "stuck", 100, "")))
	var got []int
	for cursor := ""; ; {
		page := must(s.Search(t.Context(), by, "stuck", 7, cursor))
		got = append(got, found(page)...)
		must(s.File(t.Context(), by, titled("stuck stuck stuck")))
		if err := s.FoldWords(t.Context()); err != nil {
			t.Fatal(err)
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if !slices.Equal(got, whole) {
		t.Errorf("pages of hits = %v, want %v", got, whole)
	}
}

func TestASearchThatTakesTooLongAnswersWithWhatItHas(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	by := library(t, s)
	must(s.Search(t.Context(), by, "redis", 0, ""))
	conn := must(pgx.Connect(t.Context(), url))
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }() // the database goes with the test
	_ = must(conn.Exec(t.Context(), `begin; lock table search in access exclusive mode`))
	page, err := s.Search(t.Context(), by, "redis", 0, "")
	if err != nil || !page.Partial || len(page.Items) > 0 {
		t.Errorf("Search of what cannot be read = %v, partial %v, %v; want to be told that there may be more", found(page), page.Partial, err)
	}
	_ = must(conn.Exec(t.Context(), `rollback`))
	if page := must(s.Search(t.Context(), by, "redis", 0, "")); page.Partial || len(page.Items) != 3 {
		t.Errorf("afterwards it is %v, partial %v", found(page), page.Partial)
	}
}

// The words of private incidents and parts are in no suggestion, no hint and no snippet, also when somebody mistypes
// them, and when they were open once.
func TestWhatIsPrivateIsNeverSuggested(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada := storetest.Person(t, s, "Ada", incident.Admin)
	bob := storetest.Person(t, s, "Bob", incident.Responder)
	secretive(t, s, ada)
	in := titled("A canary sings of quetzalcoatl")
	in.Visibility = incident.VisiblePrivate
	must(s.File(t.Context(), ada, in))
	once := must(s.File(t.Context(), ada, titled("Open once: quetzalcoatl")))
	gone := must(s.File(t.Context(), ada, titled("Archived: quetzalcoatl")))
	if err := s.FoldWords(t.Context()); err != nil {
		t.Fatal(err)
	}
	must(s.Change(t.Context(), ada, once.Number, 0, func(in *incident.Incident) error {
		in.Visibility = incident.VisiblePrivate
		return nil
	}))
	if err := s.Archive(t.Context(), ada, gone.Number, 0); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"canari", "cannary", "canary", "canar*", "quetzalcoatl", "quetzalcoatk", "quetzal*", "everybody quetzalcoatk", "everybody canray", "-everybody", "is:private", "severity:none canary"} {
		page := must(s.Search(t.Context(), bob, text, 0, ""))
		listed := must(s.Incidents(t.Context(), bob, store.Filter{Query: text}))
		for i := range page.Items {
			page.Items[i].Lacks = nil // what he asked for himself
		}
		said := strings.ToLower(string(must(json.Marshal([]any{page.Items, listed.Items}))) + strings.Join(append(page.Hints, listed.Hints...), " "))
		for _, secret := range []string{"canary", "quetzalcoatl"} {
			if !strings.Contains(text, secret) && strings.Contains(said, secret) || strings.Contains(said, "sings") || strings.Contains(said, "once") {
				t.Errorf("Bob asks for %q and is told %s", text, said)
			}
		}
		if strings.Contains(text, "quetzal") && !strings.Contains(text, "everybody") && len(page.Items) > 0 {
			t.Errorf("Bob finds %v by %q", found(page), text)
		}
	}
	if page := must(s.Search(t.Context(), ada, "quetzalcoatk", 0, "")); len(page.Items) != 2 {
		t.Errorf("Ada, who is named, finds %v, want both", found(page))
	}
}

func TestARecordWithoutAnyWordIsKept(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	by := storetest.Person(t, s, "Ada", incident.Admin)
	for _, title := range []string{"x", "…", "it is", "503"} {
		must(s.File(t.Context(), by, titled(title)))
	}
	if page := must(s.Search(t.Context(), by, "503", 0, "")); !slices.Equal(found(page), []int{4}) {
		t.Errorf("Search(503) = %v, want INC-4", found(page))
	}
}

func TestRecordsWithoutSearchedWordsGetThem(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	by := library(t, s)
	before := ask[string](t, url, `select string_agg(s::text, '' order by incident) from search s`)
	execute(t, url, `delete from search`, `insert into unindexed select number from incidents`)
	page := must(s.Search(t.Context(), by, "redis", 0, ""))
	if len(page.Items) > 0 || len(page.Hints) != 1 || !strings.Contains(page.Hints[0], "still being gathered") {
		t.Errorf("Search = %v with the hints %q, want to be told to wait", found(page), page.Hints)
	}
	if err := s.IndexRecords(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := ask[string](t, url, `select string_agg(s::text, '' order by incident) from search s`); after != before {
		t.Errorf("the words are\n%s, want\n%s", after, before)
	}
	if page := must(s.Search(t.Context(), by, "redis", 0, "")); len(page.Items) != 3 || len(page.Hints) > 0 {
		t.Errorf("afterwards it is %v, %q", found(page), page.Hints)
	}
}

// A text that cannot hold a word is passed by unsplit; none that holds it is, in whatever form.
func TestATextThatHoldsAWordIsNotPassedBy(t *testing.T) {
	t.Parallel()
	forms := map[string]map[string]bool{}
	add := func(text string) {
		for _, w := range query.Words(text) {
			if w.Idle() {
				continue
			}
			if forms[w.Stem()] == nil {
				forms[w.Stem()] = map[string]bool{}
			}
			forms[w.Stem()][text[w.From:w.To]] = true
		}
	}
	for w := range strings.FieldsSeq(string(must(os.ReadFile("relevance/testdata/samples.txtar")))) {
		add(w)
	}
	add("dying die lying lie tying tie skies sky read-only readonly e-mail email O'Brien obrien Überlast uberlast DNS dns RESTARTS restarted resensibility sensible")
	several := 0
	for stem, forms := range forms {
		if len(forms) > 1 {
			several++
		}
		for sought := range forms {
			for held := range forms {
				if !store.MayHold(sought, "the "+held+" of it") {
					t.Errorf("a text that holds %q is passed by when %q is sought (%s)", held, sought, stem)
				}
			}
		}
	}
	if several < 1000 {
		t.Errorf("%d words have several forms, want many", several)
	}
	if store.MayHold("dizazo", "the queue stalled") {
		t.Error("a text that cannot hold the word is looked through")
	}
}
