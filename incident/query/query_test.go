package query_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	. "github.com/debriefhq/debrief/incident/query"
)

var now = time.Date(2026, 3, 31, 22, 15, 0, 0, time.UTC)

func date(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

func TestWordsArePhrasesLeftOutOrBegun(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []Term
	}{
		{"words", "redis  resync", []Term{{Text: "redis"}, {Text: "resync"}}},
		{"a phrase", `"wrong configuration" redis`, []Term{{Text: "wrong configuration", Phrase: true}, {Text: "redis"}}},
		{"with the marks of word processors", "“wrong configuration”", []Term{{Text: "wrong configuration", Phrase: true}}},
		{"a phrase may touch words", `foo"bar baz"qux`, []Term{{Text: "foo"}, {Text: "bar baz", Phrase: true}, {Text: "qux"}}},
		{"without", `redis -dns -"api gateway"`, []Term{{Text: "redis"}, {Text: "dns", Not: true}, {Text: "api gateway", Phrase: true, Not: true}}},
		{"a flag of a command is a word", "--force", []Term{{Text: "force"}}},
		{"a dash between words is none", "redis - dns", []Term{{Text: "redis"}, {Text: "dns"}}},
		{"a beginning", `conf* "wrong conf"*`, []Term{{Text: "conf", Prefix: true}, {Text: "wrong conf", Phrase: true, Prefix: true}}},
		{"either", "redis OR valkey", []Term{{Text: "redis"}, {Text: "valkey", Or: true}}},
		{"or in small letters is a word", "stop or start", []Term{{Text: "stop"}, {Text: "or"}, {Text: "start"}}},
		{"nothing is an alternative to what is left out", "-redis OR valkey", []Term{{Text: "redis", Not: true}, {Text: "valkey"}}},
		{"signs are no words", `& -- * "…" ()`, nil},
		{"a colon in a word", "redis:6379 http://example.org/x", []Term{{Text: "redis:6379"}, {Text: "http://example.org/x"}}},
		{"any alphabet", "停止 сеть", []Term{{Text: "停止"}, {Text: "сеть"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if q := Parse(tt.text, now); !reflect.DeepEqual(q, Query{Terms: tt.want}) {
				t.Errorf("Parse(%q) = %+v, want the terms %+v alone", tt.text, q, tt.want)
			}
		})
	}
}

func TestFiltersStandAmongTheWords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       Filter
	}{
		{"of a closed set", "severity:sev1", Filter{Key: Severity, Values: []string{"sev1"}}},
		{"in capitals", "Severity:SEV1", Filter{Key: Severity, Values: []string{"sev1"}}},
		{"shortly", "severity:1,s2", Filter{Key: Severity, Values: []string{"sev1", "sev2"}}},
		{"not so", "-severity:none", Filter{Key: Severity, Values: []string{None}, Not: true}},
		{"with a dash", "kind:near-miss", Filter{Key: Kind, Values: []string{"near_miss"}}},
		{"in quotation marks", `component:"Billing API",Redis`, Filter{Key: Component, Values: []string{"Billing API", "Redis"}}},
		{"a comma in quotation marks", `tag:"a,b"`, Filter{Key: Tag, Values: []string{"a,b"}}},
		{"oneself", "owner:ME", Filter{Key: Owner, Values: []string{Me}}},
		{"a year", "after:2013", Filter{Key: After, Values: []string{"2013"}, At: date(2013, 1, 1)}},
		{"a month", "before:2013-07", Filter{Key: Before, Values: []string{"2013-07"}, At: date(2013, 7, 1)}},
		{"a day", "after:2013-07-18", Filter{Key: After, Values: []string{"2013-07-18"}, At: date(2013, 7, 18)}},
		{"days ago", "after:30d", Filter{Key: After, Values: []string{"30d"}, At: date(2026, 3, 1)}},
		{"weeks ago", "before:2W", Filter{Key: Before, Values: []string{"2w"}, At: date(2026, 3, 17)}},
		{"yesterday", "after:yesterday", Filter{Key: After, Values: []string{"yesterday"}, At: date(2026, 3, 30)}},
		{"not after is before", "-after:2013", Filter{Key: Before, Values: []string{"2013"}, At: date(2013, 1, 1)}},
		{"what it is", "is:overdue", Filter{Key: Is, Values: []string{Overdue}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want := Query{Terms: []Term{{Text: "redis"}, {Text: "late"}}, Filters: []Filter{tt.want}}
			if q := Parse("redis "+tt.text+" late", now); !reflect.DeepEqual(q, want) {
				t.Errorf("Parse(%q) = %+v, want %+v", tt.text, q, want)
			}
		})
	}
}

func TestWhatIsNotUnderstoodIsWordsWithAHint(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		words      string
		hint       string
	}{
		{"an unknown value", "severity:sev9", "severity sev9", "severity:sev9 is not known: write sev1, sev2, sev3, sev4 or none"},
		{"no value", "status:", "status", "status: says nothing: write open, investigating,"},
		{"no day", "after:soon", "after soon", "after:soon is not known: write it as after:2013-07"},
		{"the 31st of February", "after:2013-02-31", "after 2013-02-31", "write it as after:2013-07"},
		{"two days", "after:2013,2014", "after 2013,2014", "after:2013,2014 is not known"},
		{"a slip in a key", "severty:sev1", "severty:sev1", "severty: is not known: did you mean severity:?"},
		{"a quotation mark alone", `"wrong configuration`, "wrong configuration", "has no partner"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			q := Parse(tt.text, now)
			var words []string
			for _, term := range q.Terms {
				words = append(words, term.Text)
			}
			if got := strings.Join(words, " "); got != tt.words || len(q.Filters) > 0 {
				t.Errorf("Parse(%q) = %+v, want the words %q", tt.text, q, tt.words)
			}
			if len(q.Hints) != 1 || !strings.Contains(q.Hints[0], tt.hint) {
				t.Errorf("Parse(%q) hints %q, want %q", tt.text, q.Hints, tt.hint)
			}
		})
	}
	if q := Parse("severity:sev1 severity:sev2", now); len(q.Hints) != 1 || !strings.Contains(q.Hints[0], "severity:sev1,sev2") {
		t.Errorf("two severities hint %q, want severity:sev1,sev2", q.Hints)
	}
}

func TestAQueryIsBounded(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"words":   strings.Repeat("w ", 5000),
		"filters": strings.Repeat("tag:a ", 100),
		"values":  "tag:" + strings.Repeat("a1,b2,c3,d4,e5,f6,g7,h8,", 100),
		"bytes":   strings.Repeat("é", 5000),
	} {
		q := Parse(text, now)
		if len(q.Terms) > 16 || len(q.Filters) > 20 || len(q.Hints) == 0 {
			t.Errorf("%s: %d terms, %d filters and the hints %q, want few and a hint", name, len(q.Terms), len(q.Filters), q.Hints)
		}
	}
}

func TestTheTableOfRulesKnowsItsOwnExamples(t *testing.T) {
	t.Parallel()
	for _, r := range Rules {
		if q := Parse(r.Example, now); len(q.Filters) != 1 || q.Filters[0].Key != r.Key || len(q.Hints) > 0 {
			t.Errorf("Parse(%q) = %+v, want one filter by %s", r.Example, q, r.Key)
		}
		for _, v := range r.Values {
			if q := Parse(string(r.Key)+":"+v, now); len(q.Filters) != 1 || q.Filters[0].Values[0] != v {
				t.Errorf("%s:%s is %+v, want it understood", r.Key, v, q)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`redis "wrong conf"* -dns OR x severity:sev1,sev2 -tag:"a,b" after:2013-07 owner:me`, `--severity:1 **"`, `a:"b`, "-OR OR OR* \"OR\"",
		"is:overdue is:, person:\"\" tag:\x00\xff", "«x» – y：z", strings.Repeat("severity:sev9 ", 30),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q := Parse(text, now)
		written := q.String()
		if len(written) > 2000 {
			t.Skip("longer than what is read")
		}
		again := Parse(written, now)
		if !reflect.DeepEqual(q.Terms, again.Terms) || !reflect.DeepEqual(q.Filters, again.Filters) {
			t.Errorf("Parse(%q) = %+v, but read again as %q it is %+v", text, q, written, again)
		}
		for _, term := range q.Terms {
			if term.Or && term.Not || strings.ContainsRune(term.Text, 0) || strings.TrimSpace(term.Text) == "" {
				t.Errorf("Parse(%q) has the term %+v", text, term)
			}
		}
	})
}
