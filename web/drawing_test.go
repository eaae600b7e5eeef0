package web

import (
	"bytes"
	"fmt"
	"html/template"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
)

// newlines between tags, of which templates leave more.
var newlines = regexp.MustCompile(`\s*\n\s*`)

// hex is a byte of an address, in which html/template writes small letters.
var hex = regexp.MustCompile(`%[0-9A-F]{2}`)

// oneForm is HTML in one form: html/template also escapes the plus sign, and drawings need no newlines.
func oneForm(html string) string {
	html = hex.ReplaceAllStringFunc(html, strings.ToLower)
	return newlines.ReplaceAllString(strings.ReplaceAll(html, "&#43;", "+"), "")
}

// TestDrawingsEscapeAsTemplatesDo holds every row with every hostile word against the same row by html/template.
func TestDrawingsEscapeAsTemplatesDo(t *testing.T) {
	t.Parallel()
	s := newSite(Options{})
	p, err := newPieces(s.assets)
	if err != nil {
		t.Fatal(err)
	}
	ours := template.FuncMap{"icon": p.drawn()["icon"], "word": word, "progress": progress, "markdown": p.markdown, "link": incident.IsLink, "where": where}
	reference := template.Must(template.New("").Funcs(ours).ParseFiles("testdata/drawn.html"))
	same := func(name string, data any, drawn template.HTML) {
		t.Helper()
		var b bytes.Buffer
		if err := reference.ExecuteTemplate(&b, name, data); err != nil {
			t.Fatal(err)
		}
		if got, want := oneForm(string(drawn)), oneForm(b.String()); got != want {
			t.Errorf("%s is drawn as\n%s\nwant\n%s", name, got, want)
		}
	}
	for _, words := range []string{hostile, `"'<>&+` + "`\x00é", "https://debrief.example/a?b=c&d=<", "https://debrief.example/a?b=c&d=e", ""} {
		for _, in := range []*incident.Incident{filled(t, words), filed(t)} {
			in.Number, in.Title = 42, words
			for _, r := range []record{newRecord(in, today), writable(in)} {
				same("timeline", r.Days, p.timeline(r.Days))
				same("incident", &r.Line, p.listed(&r.Line, true))
			}
		}
	}
	for i := range 1 << 7 { // all that a moment may have or lack
		on := func(bit int, word string) string { return strings.Repeat(word, i>>bit&1) }
		at := shown{Known: i&1 > 0, Approximate: i&2 > 0, ISO: hostile, Day: hostile, Date: hostile, Zone: hostile, Time: on(2, hostile), UTC: on(3, hostile), Coarse: on(4, hostile), Written: on(5, hostile)}
		until := at
		until.Day += on(6, "another")
		r := row{Entry: &incident.Entry{Kind: hostile, Audience: incident.AudienceInternal}, At: at, Until: until, Gap: on(0, hostile), Loose: i&2 > 0, Flags: []string{hostile}, Order: on(3, "/order"), Earlier: i&4 > 0, Later: i&2 > 0}
		r.Remarks = &remarks{On: on(0, "e1"), Name: hostile, address: "/incidents/42/parts/comments?on=", Open: i & 1}
		for j := range i % 3 {
			r.Remarks.All = append(r.Remarks.All, &comment{Comment: &incident.Comment{Author: hostile, Text: hostile, Resolved: j > 0}, Written: at, Settle: on(1, "/settle")})
		}
		mark := r
		mark.Entry = nil
		days := []day{{hostile, []row{r, mark}}}
		same("timeline", days, p.timeline(days))
		l := listed{First: at, What: on(2, hostile), Lasted: on(3, hostile), Ongoing: i&1 > 0}
		l.Severity, l.Status, l.Resolution = incident.Severity(on(4, hostile)), incident.Status(hostile), incident.Resolution(on(5, hostile))
		l.Kind, l.Visibility = incident.IncidentKind([]string{"incident", "maintenance", hostile}[i%3]), incident.Visibility([]string{"internal", "private"}[i%2])
		l.Tags = strings.Fields(on(6, fmt.Sprintf("%q+&=é", "a")+" b"))
		same("incident", &l, p.listed(&l, true))
		one := chip{Label: on(2, hostile), Address: "/incidents?q=" + url.QueryEscape(on(3, hostile)), On: i&1 > 0, Count: []string{"", "1", hostile}[i%3]}
		rows := []chips{{hostile, []chip{one, {}}}, {}}
		same("picks", rows, p.picks(rows))
		c := choice{Label: hostile, Name: hostile, Any: on(4, hostile), Chosen: on(5, hostile), Values: []string{hostile, goingOn, ""}[:i%4]}
		same("choice", c, p.choice(c))
	}
}
