package document

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/debriefhq/debrief/incident"
)

func TestTheFrontMatterTakesWhatIsAdded(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 1, 2, 0, 0, 0, 0, time.Local)
	tests := []struct {
		name, format string
		added        []string
		key          string
		want         any
	}{
		{"a key of one's own", "hugo", []string{"author=Ana Lima"}, "author", "Ana Lima"},
		{"a key that is there", "hugo", []string{"title=Ours: better"}, "title", "Ours: better"},
		{"an empty value takes a key away", "jekyll", []string{"layout="}, "layout", nil},
		{"a key told twice is a list", "hugo", []string{"tags=a", "tags=true"}, "tags", []any{"a", "true"}},
		{"a yes or no is one", "hugo", []string{"draft=true"}, "draft", true},
		{"a number too", "zola", []string{"weight=3"}, "weight", int64(3)},
		{"a version is a text", "zola", []string{"version=1.10"}, "version", "1.10"},
		{"so is a number with zeros before", "hugo", []string{"code=007"}, "code", "007"},
		{"a date is a date", "zola", []string{"date=2026-01-02"}, "date", day},
		{"what only looks like one is a text", "zola", []string{"date=2026-02-31"}, "date", "2026-02-31"},
		{"what would end the front matter is a text", "zola", []string{`x=" +++`}, "x", `" +++`},
		{"a key below another", "zola", []string{"extra.author=Ana"}, "extra", map[string]any{"status": "resolved", "author": "Ana"}},
		{"a taxonomy is a list", "zola", []string{"taxonomies.tags=billing"}, "taxonomies", map[string]any{"categories": []any{"Incidents"}, "tags": []any{"billing"}}},
		{"and can be left out", "zola", []string{"taxonomies.categories="}, "taxonomies", nil},
		{"where case means nothing, a key in another case is that key", "hugo", []string{"Title=Ours", "TITLE="}, "title", []any{"Ours", ""}},
		{"and has no second one", "hugo", []string{"Title=Ours"}, "Title", nil},
		{"it keeps its spelling", "cstate", []string{"resolvedwhen=2026-01-02"}, "resolvedWhen", "2026-01-02"},
		{"also below another", "hugo", []string{"params.Mine=a", "Params.mine=b"}, "params", map[string]any{"Mine": []any{"a", "b"}}},
		{"where case means something, there are two", "jekyll", []string{"Title=Ours"}, "title", "Erroneous card charges"},
		{"a status page is pinned", "cstate", []string{"pin=true"}, "pin", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			if err := Write(&b, byName(t, tt.format), twilio(t), Options{Front: tt.added}); err != nil {
				t.Fatal(err)
			}
			got := frontOf(t, tt.format, b.String())[tt.key]
			if at, ok := got.(time.Time); ok {
				got = time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.Local)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%s with %q = %#v, want %#v", tt.key, tt.added, got, tt.want)
			}
		})
	}
}

func TestPelicanTakesKeysInLines(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	added := []string{"Category=Postmortems", "headerimage=/a.png", "tags=a", "tags=b", "meta="}
	if err := Write(&b, byName(t, "pelican"), twilio(t), Options{Front: added}); err != nil {
		t.Fatal(err)
	}
	want := "title: Erroneous card charges\nslug: erroneous-card-charges\ncategory: Postmortems\ndate: 2013-07-18 02:39\nheaderimage: /a.png\ntags: a, b\n\n"
	if !strings.HasPrefix(b.String(), want) {
		t.Errorf("Write = %s, want it to begin\n%s", b.String(), want)
	}
}

func TestNotEverythingGoesIntoAFrontMatter(t *testing.T) {
	t.Parallel()
	many := make([]string, mostFront+1)
	for i := range many {
		many[i] = fmt.Sprintf("k%d=x", i)
	}
	tests := []struct {
		name, format string
		added        []string
		says         string
	}{
		{"a form without one", "html", []string{"a=b"}, "no front matter"},
		{"our own Markdown, whose keys mean something", "markdown", []string{"a=b"}, "no front matter"},
		{"a key alone", "hugo", []string{"a"}, "key=value"},
		{"a value alone", "hugo", []string{"=b"}, "key=value"},
		{"a key that is not one", "hugo", []string{"a b=c"}, "key=value"},
		{"a key that would end its line", "hugo", []string{"a\nb=c"}, "key=value"},
		{"two dots", "hugo", []string{"a.b.c=d"}, "key=value"},
		{"a dot in Pelican", "pelican", []string{"a.b=c"}, "without a dot"},
		{"a value and keys below it", "zola", []string{"extra=x", "extra.y=z"}, "extra has a value and keys below it"},
		{"the other way round too", "hugo", []string{"extra.y=z", "Extra=x"}, "has a value and keys below it"},
		{"two lines", "hugo", []string{"a=b\nc: d"}, "more than one line"},
		{"a long value", "hugo", []string{"a=" + strings.Repeat("x", longestValue+1)}, "shorten"},
		{"too many", "hugo", many, "at most 50"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := Write(io.Discard, byName(t, tt.format), twilio(t), Options{Front: tt.added})
			if !errors.Is(err, incident.Invalid) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("Write(%s) with %.60q = %v, want a refusal that says %q", tt.format, tt.added, err, tt.says)
			}
		})
	}
}

func TestWhatIsAddedIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		value := rapid.OneOf(rapid.SampledFrom(tricky), rapid.StringMatching(`[ -~é]{1,30}`)).Draw(r, "value")
		for _, name := range []string{"hugo", "jekyll", "cstate", "zola"} {
			f, _ := Lookup(name)
			var b strings.Builder
			if err := Write(&b, f, nearlyNothing(), Options{Front: []string{"mine=" + value, "mine=x"}}); err != nil {
				r.Fatalf("Write(%s) = %v", name, err)
			}
			if got := frontOf(r, name, b.String())["mine"]; !reflect.DeepEqual(got, []any{value, "x"}) {
				r.Fatalf("%s with %q = %#v", name, value, got)
			}
		}
	})
}
