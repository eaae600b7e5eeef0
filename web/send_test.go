package web

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// sendFrame is the page about the last message of a record, with all that it can show.
func sendFrame(in *incident.Incident, state incident.MessageState) frame {
	in = in.Clone()
	m := &in.Messages[len(in.Messages)-1]
	m.Corrects, m.State, m.NextUpdateAt = in.Messages[0].ID, state, in.Messages[0].NextUpdateAt
	in.Impacts[0].Audience, in.Impacts[0].Until = incident.AudienceInternal, nil
	page := newSending(in, m, nil, reader, today)
	page.Problem, page.Gets = in.Title, store.Recipients{Email: 12_400, Teams: 1}
	if state == incident.Sent {
		page.SentBy, page.SentAt = in.Title, newClock(in.Zone).instant(today)
	}
	return frame{Name: "send", By: reader, Page: page}
}

// drafted writes a draft for the status page.
func (in installation) drafted(t testing.TB, by incident.Actor, n incident.Number, edit func(*incident.Message)) string {
	t.Helper()
	m := &incident.Message{Channel: incident.StatusPage, Audience: incident.AudiencePublic, State: incident.Draft, Body: "Some cards were charged *twice*."}
	if edit != nil {
		edit(m)
	}
	added, err := in.store.Append(context.Background(), by, n, []incident.Part{m})
	if err != nil {
		t.Fatal(err)
	}
	return added[0].Head().ID
}

// subscribed is somebody who asked to be told by webhook, and confirmed it.
func (in installation) subscribed(t testing.TB, address string) {
	t.Helper()
	ctx := context.Background()
	if err := in.store.Subscribe(ctx, incident.Subscription{Kind: incident.ByWebhook, Address: address}, "192.0.2.1"); err != nil {
		t.Fatal(err)
	}
	d, err := in.store.Claim(ctx, false, time.Minute)
	if err != nil || d == nil {
		t.Fatalf("Claim = %+v, %v", d, err)
	}
	if err := in.store.End(ctx, d, store.Outcome{State: store.Delivered}); err != nil {
		t.Fatal(err)
	}
	if err := in.store.Confirm(ctx, d.Confirm); err != nil {
		t.Fatal(err)
	}
}

var spaces = regexp.MustCompile(`\s+`)

// plain is a page without its elements.
func plain(body string) string {
	if _, main, found := strings.Cut(body, "<main"); found {
		body = "<main" + main
	}
	return spaces.ReplaceAllString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(body, " "), " ")
}

// hiddenIn is the value of a hidden input.
func hiddenIn(body, name string) string {
	_, value, _ := strings.Cut(body, `name="`+name+`" value="`)
	value, _, _ = strings.Cut(value, `"`)
	return value
}

func sendForm(body string) url.Values {
	return url.Values{"revision": {hiddenIn(body, "revision")}, "once": {hiddenIn(body, "once")}}
}

func TestASenderReadsWhatCustomersWillBesideWhatTheTeamKnows(t *testing.T) {
	t.Parallel()
	in := installed(t)
	if _, err := in.store.AddComponent(context.Background(), storetest.Person(t, in.store, "Ada Park", incident.Reviewer), incident.Component{Name: "Search"}); err != nil {
		t.Fatal(err)
	}
	all, err := in.store.Components(context.Background(), store.System())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if c.Name == "Billing" {
			if _, err := in.store.ChangeComponent(context.Background(), store.System(), c.ID, 0, func(c *incident.Component) error { c.Audience = incident.AudiencePublic; return nil }); err != nil {
				t.Fatal(err)
			}
		}
	}
	in.subscribed(t, "https://hooks.example.com/one")
	id := in.drafted(t, store.System(), in.billing, func(m *incident.Message) { m.Status, m.Author, m.Role = "monitoring", "Ines Duarte", "communications" })
	res, body := in.as(t, "Noor Haddad").get(fmt.Sprintf("/incidents/%d/messages/%s/send", in.billing, id))
	if res.StatusCode != 200 {
		t.Fatalf("the page = %d %s", res.StatusCode, body)
	}
	reads, knows, _ := strings.Cut(body, `id="knows"`)
	for _, want := range []string{"<em>twice</em>", "monitoring", "communications", billing(t).PublicTitle, "where everybody can read it", "<strong>1 by webhook</strong>", "<strong>Billing</strong>", "<strong>Payments</strong>", `<li class="unshown"><strong>Payments`} {
		if !strings.Contains(reads, want) {
			t.Errorf("what customers will read lacks %s:\n%s", want, plain(reads))
		}
	}
	for _, not := range []string{"Ines Duarte", `<li class="unshown"><strong>Billing`, "Search"} {
		if strings.Contains(reads, not) {
			t.Errorf("what customers will read has %s:\n%s", not, plain(reads))
		}
	}
	last := billing(t).Timeline
	if text := last[len(last)-1].Text; !strings.Contains(plain(knows), strings.Fields(text)[0]) || !strings.Contains(plain(knows), "We are looking into erroneous card charges.") {
		t.Errorf("beside it stands neither the last entry nor what was told last:\n%s", plain(knows))
	}
}

func TestAMessageIsSentOnceAndThePageSaysByWhom(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Noor Haddad")
	id := in.drafted(t, store.System(), in.billing, func(m *incident.Message) { m.Author = "Ines Duarte" })
	record := fmt.Sprintf("/incidents/%d", in.billing)
	path := record + "/messages/" + id + "/send"
	for _, page := range []string{record, record + "/said"} {
		if _, body := v.get(page); !strings.Contains(body, `href="`+path+`"`) {
			t.Errorf("page %s has no way to send the draft", page)
		}
	}
	_, body := v.get(path)
	form := sendForm(body)
	for range 2 { // a double click
		if res, body := v.post(path, form, nil); res.StatusCode != 303 || res.Header.Get("Location") != path {
			t.Fatalf("POST %s = %d to %s\n%s", path, res.StatusCode, res.Header.Get("Location"), body)
		}
	}
	_, body = v.get(path)
	if !strings.Contains(plain(body), "Sent by Noor Haddad ") || strings.Contains(body, `name="revision"`) {
		t.Errorf("the page does not say who sent it, or offers to send it again:\n%s", plain(body))
	}
	if _, at, _ := strings.Cut(body, `href="/status/`); at == "" {
		t.Errorf("the page does not lead to where customers read it:\n%s", plain(body))
	} else if res, read := v.get("/status/" + at[:strings.IndexByte(at, '"')]); res.StatusCode != 200 || !strings.Contains(read, "<em>twice</em>") {
		t.Errorf("where customers read it = %d\n%s", res.StatusCode, plain(read))
	}
	form.Set("once", "another click")
	if res, body := v.post(path, form, nil); res.StatusCode != 409 || !strings.Contains(body, "sent already") {
		t.Errorf("sending it again = %d, want 409\n%s", res.StatusCode, plain(body))
	}
	steps, err := in.store.History(context.Background(), store.System(), in.billing, 50, "")
	if err != nil {
		t.Fatal(err)
	}
	sent := 0
	for _, s := range steps.Items {
		if s.Did == "sent" {
			sent++
		}
	}
	if sent != 1 {
		t.Errorf("history has it sent %d times", sent)
	}
	_, body = v.get(record)
	_, article, _ := strings.Cut(body, `<article class="message sent" id="`+id+`"`)
	article, _, _ = strings.Cut(article, "</article>")
	if strings.Contains(article, ">Edit<") || strings.Contains(article, ">Send<") || !strings.Contains(article, ">Correct<") {
		t.Errorf("a sent message is offered for more than to be corrected:\n%s", article)
	}
}

func TestAMessageThatCanNotBeSentSaysWhyAndWhatToDo(t *testing.T) {
	t.Parallel()
	in := installed(t)
	ada := storetest.Person(t, in.store, "Ada Park", incident.Responder)
	v := in.as(t, "Ada Park")
	private := in.file(t, ada, &incident.Incident{Heading: incident.Heading{Title: "A key was stolen", Visibility: incident.VisiblePrivate}})
	bare := in.file(t, ada, &incident.Incident{Heading: incident.Heading{Title: "A disk is full"}})
	for name, tt := range map[string]struct {
		n    incident.Number
		edit func(*incident.Message)
		want string
		way  string
	}{
		"for the team alone":      {in.billing, func(m *incident.Message) { m.Audience = incident.AudienceInternal }, "This message is not public", "/parts/messages/"},
		"on a foreign channel":    {in.billing, func(m *incident.Message) { m.Channel = incident.Social }, "Its channel is social, which Debrief does not serve", "/parts/messages/"},
		"said elsewhere":          {in.billing, func(m *incident.Message) { m.State = incident.Recorded }, "said elsewhere", "/parts/messages/"},
		"with a credential":       {in.billing, func(m *incident.Message) { m.Body = "password: hunter2hunter2X9" }, "looks like a credential", "/parts/messages/"},
		"of a private incident":   {private, nil, "The incident is private", "/fields/overview"},
		"without public words":    {bare, nil, "no words for outsiders yet", "/fields/public"},
		"correcting what was not": {in.billing, func(m *incident.Message) { m.Corrects = "message00002" }, "What it corrects is no message that was sent", "/parts/messages/"},
	} {
		id := in.drafted(t, ada, tt.n, tt.edit)
		path := fmt.Sprintf("/incidents/%d/messages/%s/send", tt.n, id)
		_, body := v.get(path)
		if !strings.Contains(plain(body), tt.want) || !strings.Contains(body, fmt.Sprintf(`href="/incidents/%d%s`, tt.n, tt.way)) || strings.Contains(body, `name="revision"`) {
			t.Errorf("a message %s: the page lacks %q or the way %s, or offers to send it\n%s", name, tt.want, tt.way, plain(body))
		}
		res, body := v.post(path, url.Values{"revision": {"1"}, "once": {name}}, nil)
		if res.StatusCode != 409 && res.StatusCode != 422 || !strings.Contains(plain(body), "It was not sent") || !strings.Contains(plain(body), tt.want) {
			t.Errorf("sending a message %s = %d, want a refusal and %q\n%s", name, res.StatusCode, tt.want, plain(body))
		}
	}
}

func TestWhatNobodyReadIsNotSent(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Noor Haddad")
	id := in.drafted(t, store.System(), in.billing, nil)
	path := fmt.Sprintf("/incidents/%d/messages/%s/send", in.billing, id)
	_, body := v.get(path)
	form := sendForm(body)
	if _, err := in.store.ChangePart(context.Background(), store.System(), in.billing, incident.Messages, id, 0, func(p incident.Part) error {
		p.(*incident.Message).Body = "Changed while it was read."
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if res, body := v.post(path, form, nil); res.StatusCode != 409 || !strings.Contains(body, "Changed while it was read.") || !strings.Contains(body, "changed the message while you read it") {
		t.Errorf("sending what changed meanwhile = %d, want 409 with what changed\n%s", res.StatusCode, plain(body))
	}
	if res, _ := v.post(path, url.Values{"once": {"x"}}, nil); res.StatusCode != 409 {
		t.Errorf("sending without saying what was read = %d, want 409", res.StatusCode)
	}
	viewer := in.as(t, "Ines Duarte")
	if _, body := viewer.get(path); strings.Contains(body, `name="revision"`) {
		t.Error("a viewer is offered to send")
	}
	if res, _ := viewer.post(path, sendForm(body), nil); res.StatusCode != 403 {
		t.Errorf("sending by a viewer = %d, want 403", res.StatusCode)
	}
	record, err := in.store.Incident(context.Background(), store.System(), in.billing)
	if err != nil {
		t.Fatal(err)
	}
	if p, _ := record.Part(incident.Messages, id); p.(*incident.Message).State != incident.Draft {
		t.Error("it was sent nevertheless")
	}
}

func TestWhatIsWrittenOfAMessageThatWasSentMeanwhileIsKept(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Noor Haddad")
	id := in.drafted(t, store.System(), in.billing, nil)
	path := fmt.Sprintf("/incidents/%d/parts/messages/%s", in.billing, id)
	if _, err := in.store.Send(context.Background(), store.System(), in.billing, id, 0); err != nil {
		t.Fatal(err)
	}
	sent := url.Values{"channel": {"status_page"}, "was.channel": {"status_page"}, "body": {"Typed too late"}, "was.body": {"Some cards were charged *twice*."}}
	for _, do := range []string{"save", "remove"} {
		sent.Set("do", do)
		if res, body := v.post(path, sent, nil); res.StatusCode != 409 || !strings.Contains(body, "Typed too late") || !strings.Contains(body, "write a correction") {
			t.Errorf("to %s what was sent = %d, want 409 with what was typed and what to do\n%s", do, res.StatusCode, plain(body))
		}
	}
	if res, body := v.get(path); res.StatusCode != 409 || !strings.Contains(body, "write a correction") {
		t.Errorf("the form of what was sent = %d, want 409 and what to do\n%s", res.StatusCode, plain(body))
	}
}

func TestACorrectionBeginsWithTheWordsThatItCorrects(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Noor Haddad")
	id := in.drafted(t, store.System(), in.billing, func(m *incident.Message) { m.Status = "identified" })
	if _, err := in.store.Send(context.Background(), store.System(), in.billing, id, 0); err != nil {
		t.Fatal(err)
	}
	path := fmt.Sprintf("/incidents/%d/parts/messages?corrects=%s", in.billing, id)
	_, body := v.get(path)
	if !strings.Contains(body, "Some cards were charged *twice*.</textarea>") || hiddenIn(body, "corrects") != id || !strings.Contains(body, `<option value="draft" selected>`) {
		t.Fatalf("the form of a correction:\n%s", body)
	}
	form := url.Values{
		"once": {hiddenIn(body, "once")}, "corrects": {id}, "channel": {"status_page"}, "state": {"draft"}, "status": {"identified"},
		"body": {"Three cards were charged twice."}, "audience": {"public"},
	}
	res, body := v.post(path, form, nil)
	_, correction, _ := strings.Cut(res.Header.Get("Location"), "#")
	if res.StatusCode != 303 || correction == "" {
		t.Fatalf("POST %s = %d\n%s", path, res.StatusCode, plain(body))
	}
	send := fmt.Sprintf("/incidents/%d/messages/%s/send", in.billing, correction)
	if _, body = v.get(send); !strings.Contains(body, "Send this correction?") || !strings.Contains(body, "<em>twice</em>") {
		t.Errorf("the sender does not see what is corrected:\n%s", plain(body))
	}
	if res, body := v.post(send, sendForm(body), nil); res.StatusCode != 303 {
		t.Fatalf("sending the correction = %d\n%s", res.StatusCode, plain(body))
	}
	_, body = v.get(fmt.Sprintf("/incidents/%d", in.billing))
	if !strings.Contains(body, `corrects <a href="#`+id+`"`) || !strings.Contains(body, `corrected by <a href="#`+correction+`"`) {
		t.Errorf("the two messages do not lead to each other:\n%s", plain(body))
	}
}

func TestWordingsAreTrueAsTheyStandAndApologiseForNothing(t *testing.T) {
	t.Parallel()
	record := filed(t)
	for _, w := range wordings {
		var m incident.Message
		w.begin(record, &m)
		if regexp.MustCompile(`(?i)sorry|apolog|regret|inconvenien|patience|soon|shortly|[{}\[\]…]`).MatchString(m.Body) {
			t.Errorf("%s says %q", w.Name, m.Body)
		}
		if m.State != incident.Draft || m.Audience != incident.AudiencePublic || m.Channel != incident.StatusPage {
			t.Errorf("%s begins as %s, %s, on %s", w.Name, m.State, m.Audience, m.Channel)
		}
		if !strings.Contains(m.Body, " Usage reports") {
			t.Errorf("%s does not name what is hurt: %q", w.Name, m.Body)
		}
	}
	for what, impacts := range map[string][]incident.Impact{
		"our service": {{Component: "Secret", Audience: incident.AudienceInternal}},
		"A and B":     {{Component: "A", Audience: incident.AudiencePublic}, {Component: "B", Audience: incident.AudiencePublic}, {Component: "A", Audience: incident.AudiencePublic}},
		"A, B and C":  {{Component: "A", Audience: incident.AudiencePublic}, {Component: "B", Audience: incident.AudiencePublic}, {Component: "C", Audience: incident.AudiencePublic}},
	} {
		if got := hurtNames(&incident.Incident{Impacts: impacts}); got != what {
			t.Errorf("what is hurt is called %q, want %q", got, what)
		}
	}
}

func TestAMessageBeginsWithAWording(t *testing.T) {
	t.Parallel()
	in := installed(t)
	v := in.as(t, "Noor Haddad")
	path := fmt.Sprintf("/incidents/%d/parts/messages", in.billing)
	_, body := v.get(path)
	for _, want := range []string{"investigating", "identified", "monitoring", "resolved"} {
		if !strings.Contains(body, path+"?wording="+want) {
			t.Errorf("the form does not offer %s", want)
		}
	}
	if strings.Contains(body, "wording=maintenance") {
		t.Error("an incident is offered the wording of a maintenance")
	}
	_, body = v.get(path + "?wording=monitoring")
	if !strings.Contains(body, "We are watching whether it stays so.</textarea>") || !strings.Contains(body, `value="draft" selected`) || strings.Contains(body, `value="sent"`) {
		t.Errorf("the form that begins with monitoring:\n%s", body)
	}
}
