package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store/storetest"
)

// payloads are texts that run a script where a page takes them for more than text.
func payloads(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("testdata/hostile.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatalf("read testdata/hostile.json: %v", err)
	}
	return all
}

// alarmed tells the test when a payload runs.
func (b *browser) alarmed() {
	b.t.Helper()
	alarm := page.AddScriptToEvaluateOnNewDocumentParams{Source: `globalThis.ran = n => forbidden("ran " + n)`}
	if _, err := chromedp.Call(b.ctx, page.AddScriptToEvaluateOnNewDocument, alarm); err != nil {
		b.t.Fatal(err)
	}
}

// sower puts payloads wherever a record takes text, each in each place in the end.
type sower struct {
	all  []string
	next map[string]int // by place
}

// sow gives a text for a place that holds at most so many characters: as many
// payloads as fit on a line, or two that stand apart where there may be several.
func (s *sower) sow(place string, most int, lines bool) string {
	text, between := "", " "
	if lines {
		between = "\n\n"
	}
	for n := 0; n < len(s.all); {
		p := strings.Map(func(r rune) rune {
			if unicode.IsControl(r) && (!lines || r != '\n' && r != '\t') {
				return -1
			}
			return r
		}, s.all[s.next[place]%len(s.all)])
		switch {
		case utf8.RuneCountInString(p) > most:
		case text == "":
			text = p
		case lines && strings.Contains(text, between) || utf8.RuneCountInString(text+between+p) > most:
			return text
		default:
			text += between + p
		}
		s.next[place]++
		n++
	}
	return text
}

var schemed = regexp.MustCompile(`^\s*[A-Za-z][A-Za-z0-9+.-]*:`)

// own are keys whose values have a form of their own, that no payload has.
var own = map[string]bool{"id": true, "corrects": true, "zone": true, "due": true, "on": true, "evidence": true, "tags": true, "rule": true, "key": true}

func (s *sower) fill(place string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			s.fill(place, v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			s.fill(place, v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			switch {
			case own[key] || f.Tag.Get("readOnly") != "" || v.Type() == reflect.TypeFor[time.Time]():
			case f.Type == reflect.TypeFor[string](), f.Type == reflect.TypeFor[[]string](), f.Type == reflect.TypeFor[*string]():
				s.set(place+"/"+key, f, v.Field(i))
			default:
				s.fill(place+"/"+key, v.Field(i))
			}
		}
	}
}

func (s *sower) set(place string, f reflect.StructField, v reflect.Value) {
	most, err := strconv.Atoi(f.Tag.Get("maxLength"))
	if err != nil {
		most = 100 // as written: in bytes
	}
	text := s.sow(place, most-most/50, most == 65536)
	if most == 2000 && schemed.MatchString(text) { // such addresses are refused
		text = "https://example.org/?" + text
	}
	switch {
	case f.Type == reflect.TypeFor[[]string]():
		v.Set(reflect.ValueOf([]string{text}))
	case f.Type == reflect.TypeFor[*string]():
		v.Set(reflect.ValueOf(&text))
	default:
		v.SetString(text)
	}
}

// sown is a record with so many parts of each kind, and payloads in every place of each.
func (s *sower) sown(t *testing.T, times int) *incident.Incident {
	t.Helper()
	in := billing(t)
	in.Timeline, in.Messages, in.Actions = repeat(in.Timeline, times), repeat(in.Messages, times), repeat(in.Actions, times)
	in.Impacts, in.People = repeat(in.Impacts, times), repeat(in.People, times)
	a := &in.Analysis
	a.Whys, a.Factors, a.Lessons = repeat(a.Whys, times), repeat(a.Factors, times), repeat(a.Lessons, times)
	for _, kind := range incident.PartKinds {
		for i, p := range in.Parts(kind) {
			p.Head().ID = fmt.Sprintf("%.4s%08d", kind, i)
		}
	}
	for i := range a.Whys {
		a.Whys[i].Evidence = nil
	}
	for i := range a.Factors {
		a.Factors[i].Evidence = nil
	}
	s.fill("", reflect.ValueOf(in))
	in.Sources = s.all[:0:0]
	for range times {
		in.Sources = append(in.Sources, "https://example.org/#"+s.sow("/sources", 1900, false))
	}
	return in
}

func repeat[T any](all []T, times int) []T {
	var more []T
	for i := range times {
		more = append(more, all[i%len(all)])
	}
	return more
}

// harm finds what text must never become: elements that do something, attributes
// that run, and links that lead elsewhere than to a page or a mailbox.
const harm = `(() => {
	const bad = [], tell = (e, why) => bad.push(why + ": " + e.outerHTML.slice(0, 200));
	for (const e of document.querySelectorAll("*")) {
		for (const a of e.attributes) {
			if (/^on|^style$|^srcdoc$|^formaction$|^background$|^xlink|^popover/i.test(a.name)) tell(e, "attribute " + a.name);
			if (e.closest(".prose *") && !/^(href|rel|title|class|start|align|id|type|checked|disabled|src|alt|width|height|loading)$/.test(a.name) && !e.closest(".form, .remarks, a.edit")) tell(e, "attribute " + a.name);
		}
		if (e.matches("script:not([src^='/static/']), style, base, object, embed, applet, meta[http-equiv], link:not([href^='/static/']), math, audio, video, marquee, template, svg :not(use, path, g, rect, line, circle, text, title, polyline, polygon, tspan, defs, pattern)")) tell(e, "element");
		if (e.matches("iframe:not(.framed), img:not([src^='/static/'], [src^='/incidents/'])")) tell(e, "element");
		for (const name of ["href", "src", "action", "data"]) {
			const to = e.getAttribute(name);
			if (to === null) continue;
			const at = URL.canParse(to, location.href) ? new URL(to, location.href) : { protocol: "broken" };
			if (!["http:", "https:", "mailto:"].includes(at.protocol)) tell(e, at.protocol);
			if (name !== "href" && at.origin !== location.origin) tell(e, "foreign " + name);
		}
	}
	return bad.slice(0, 5).join("\n");
})()`

// unharmed opens a page and checks that nothing in it ran or became more than text.
func (b *browser) unharmed(address string) {
	b.t.Helper()
	b.do(chromedp.Navigate(address))
	b.stands(address)
}

// stands checks the page that is open.
func (b *browser) stands(name string) {
	b.t.Helper()
	if bad := asks[string](b, harm); bad != "" {
		b.t.Errorf("%s: text became\n%s", name, bad)
	}
	for _, complaint := range b.heard() {
		b.t.Errorf("%s: the browser says %s", name, complaint)
	}
}

// inPieces joins payloads to texts of at most so many characters.
func inPieces(all []string, most int) []string {
	s := &sower{all: all, next: map[string]int{}}
	var pieces []string
	for s.next[""] < len(all) {
		was := s.next[""]
		text := s.sow("", most, false)
		if s.next[""] == was {
			s.next[""]++
		}
		pieces = append(pieces, text)
	}
	return pieces
}

func TestThePayloadsBiteWhereTextIsTakenForMore(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	b.alarmed()
	all := payloads(t)
	if len(all) < 80 {
		t.Fatalf("there are %d payloads", len(all))
	}
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		n, err := strconv.Atoi(r.URL.Query().Get("n"))
		if err == nil {
			_, _ = fmt.Fprintf(w, "<!doctype html><body><div title=\"%[1]s\">%[1]s</div>", strings.ReplaceAll(all[n], "ran(0)", fmt.Sprintf("ran(%d)", n)))
			return
		}
		for n := range all {
			_, _ = fmt.Fprintf(w, `<iframe src="/?n=%d"></iframe>`, n)
		}
	}))
	t.Cleanup(bare.Close)
	b.do(chromedp.Navigate(bare.URL), chromedp.Sleep(time.Second))
	ran := map[string]bool{}
	for _, said := range b.heard() {
		if _, n, is := strings.Cut(said, "happening: ran "); is {
			ran[n] = true
		}
	}
	if len(ran) < 50 {
		t.Errorf("on a page without any care %d of %d payloads run, want 50 at least", len(ran), len(all))
	}
	t.Logf("%d of %d run by themselves", len(ran), len(all))
}

// hostileSite is a site of somebody with such a name, whose people, records and
// views hold all payloads: one record in all of its parts, the others in the title.
func hostileSite(t *testing.T, all []string) (in installation, name string, main incident.Number, titled []incident.Number) {
	t.Helper()
	in = empty(t)
	s := &sower{all: all, next: map[string]int{}}
	names := inPieces(all, 150)
	who := storetest.Person(t, in.store, names[0], incident.Reviewer)
	for _, more := range names[1:] {
		storetest.Person(t, in.store, more, incident.Responder)
	}
	main = in.file(t, who, s.sown(t, 60))
	for _, title := range inPieces(all, 200) {
		short := &incident.Incident{Heading: incident.Heading{Title: title}, PublicTitle: title, Actions: []incident.Action{{Title: title, Kind: incident.Prevent, Owner: title}}}
		titled = append(titled, in.file(t, who, short))
	}
	for i := range 40 {
		c := &incident.Comment{On: []string{"summary", "", "time00000000"}[i%3], Text: s.sow("comment", 65536, true)}
		if _, err := in.store.Append(context.Background(), who, main, []incident.Part{c}); err != nil {
			t.Fatal(err)
		}
	}
	v := in.as(t, names[0])
	for i, text := range inPieces(all, 60)[:10] {
		if res, body := v.post("/incidents/views", url.Values{"do": {"keep"}, "name": {text}, "query": {"q=" + strconv.Itoa(i)}}, nil); res.StatusCode != http.StatusSeeOther {
			t.Fatalf("keeping a view named %q = %d %.300s", text, res.StatusCode, body)
		}
	}
	return in, names[0], main, titled
}

func TestHostileTextStaysTextOnEveryPage(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	b.alarmed()
	all := payloads(t)
	in, name, main, titled := hostileSite(t, all)

	b.unharmed(in.url + "/")
	words := inPieces(all, 400)
	for _, text := range words {
		asked := url.QueryEscape(text)
		b.unharmed(in.url + "/" + url.PathEscape(text) + "?" + asked)
		b.unharmed(in.url + "/sign-in?key=" + asked)
	}
	b.refused(in.url+"/", ".credentials", map[string]string{"name": words[0][:200], "password": words[1]})

	b.enters(in, name)
	record := fmt.Sprintf("%s/incidents/%d", in.url, main)
	b.unharmed(record)
	shown := asks[string](b, `document.querySelector("section.timeline").textContent`)
	for _, text := range []string{"<script>ran(0)</script>", "<img src=x onerror=ran(0)>", "{{ran(0)}}", "<svg onload=ran(0)>"} {
		if !strings.Contains(shown, text) {
			t.Errorf("the timeline does not show %s as text", text)
		}
	}
	for _, path := range []string{
		"/review", "/compare", "/history", "/history?from=0&to=99", "/said", "/images", "/paste", "/status", "/parts/timeline", "/parts/timeline/time00000000", "/parts/messages/mess00000000", "/messages/mess00000000/send", "/parts/messages?wording=investigating",
		"/parts/actions/acti00000000", "/parts/factors/fact00000000", "/parts/comments?on=summary", "/fields/overview", "/fields/times", "/fields/causes", "/fields/public", "/fields/people", "/fields/links",
		"/preview?format=markdown&audience=private", "/preview?format=html&audience=internal", "/preview?format=json&audience=internal", "/preview?format=pelican", "/preview?format=hugo", "/preview?format=jekyll", "/preview?format=zola", "/preview?format=cstate",
	} {
		b.unharmed(record + path)
	}
	for _, n := range titled {
		b.unharmed(fmt.Sprintf("%s/incidents/%d", in.url, n))
	}
	for _, path := range []string{"/incidents", "/actions?state=any", "/people", "/account"} {
		b.unharmed(in.url + path)
	}
	for _, text := range words[:4] {
		asked := url.QueryEscape(text)
		for _, path := range []string{"/incidents?q=", "/incidents?tag=", "/actions?owner=", "/palette?q=", fmt.Sprintf("/incidents/%d/preview?zone=", main), fmt.Sprintf("/incidents/%d/history?to=", main), fmt.Sprintf("/incidents/%d/parts/comments?on=", main)} {
			b.unharmed(in.url + path + asked)
		}
	}
	b.hostileForms(in, record, all)
}

// hostileForms sends what is refused or asked about again, with payloads all over.
func (b *browser) hostileForms(in installation, record string, all []string) {
	b.t.Helper()
	every := strings.Join(all, "\n\n")
	b.refused(in.url+"/incidents/new", "#form-file", map[string]string{
		"title": strings.Join(all[:20], " "), "summary": "\u0007" + every, "milestones.started": all[0], "milestones.resolved": all[5], "zone": all[45], "tags": strings.Join(all[40:60], ", "),
	})
	var log, front strings.Builder
	for i, p := range all {
		fmt.Fprintf(&log, "02:%02d %s: %s\n", i%60, strings.NewReplacer("\n", " ", ":", "").Replace(all[(i+7)%len(all)]), strings.ReplaceAll(p, "\n", " "))
		fmt.Fprintf(&front, "key%d: %s\n", i, strings.ReplaceAll(p, "\n", " "))
	}
	b.refused(in.url+"/incidents/new", "form[aria-label^='A postmortem']", map[string]string{"document": "---\ntitle: " + all[0] + "\n" + front.String() + "---\n\n# " + all[1] + "\n\n## Timeline\n\n" + every + "\n\n## " + all[4] + "\n\n" + every})
	b.refused(record+"/paste", "#form-paste", map[string]string{"source": log.String()})
	if n := asks[int](b, `document.querySelectorAll(".pasted li").length`); n < len(all)/2 {
		b.t.Errorf("of a log of %d lines %d entries are asked about", len(all), n)
	}
	b.refused(record+"/fields/times", "form.form", map[string]string{"milestones.started": all[0], "milestones.detected": all[44]})
	b.refused(record+"/parts/timeline", "form.form", map[string]string{"at": all[3], "text": "\u0007" + every, "actor": all[46], "source": all[80]})
	b.refused(record+"/review", "#form-review", map[string]string{"reason": every})
	b.do(chromedp.Navigate(in.url + "/incidents"))
	b.presses("k", chromedp.ModifierCtrl)
	b.until("the palette is open", `document.querySelector("#palette")?.open === true`)
	b.do(chromedp.KeyEvent("onerror"))
	b.until("it finds some", `document.querySelectorAll("#palette-list li").length > 3`)
	b.stands("the palette")
}

// refused fills a form in and sends it. What its fields would not let a person type is sent too.
func (b *browser) refused(address, form string, values map[string]string) {
	b.t.Helper()
	b.do(chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS(form)))
	typed, err := json.Marshal(values)
	if err != nil {
		b.t.Fatal(err)
	}
	asks[bool](b, fmt.Sprintf(`(() => {
		const form = document.querySelector(%q), typed = %s;
		globalThis.here = true;
		form.noValidate = true;
		for (const name in typed) form.elements[name].value = typed[name];
		form.requestSubmit(form.querySelector("button[name=do], button[name=move], button:not([type=button])"));
		return true;
	})()`, form, typed))
	b.until("the answer is there", `globalThis.here !== true && document.readyState === "complete"`)
	b.stands(address + " answered")
}
