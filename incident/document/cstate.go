package document

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// cState shows issues that go on also on its first page, where no path beside the
// issue leads to an image: so images stand with those of the theme, which wants a
// site at the root of its address. Source: layouts/partials/index/announcements.html
// and exampleSite/config.yml of cState 6.
var cstateImages = Images{Path: "/images/*", Where: "static/images/ of the site", Folder: "static/images", Root: []string{"content/issues"}}

// writeCState writes an issue of a cState status page, which is a Hugo site,
// for content/issues: what people were told as its updates, newest first, then
// the postmortem. Its dates are in UTC, which the theme takes them for whatever
// their offset is. Source: the example site and the theme of cState 6.
func writeCState(w io.Writer, in *incident.Public, o Options) error {
	p := newPost(in, o, cstateImages)
	p.noHTML = true
	var f front
	f.set("title", inQuotes(p.Title))
	utc := *p.story
	utc.Zone = "UTC"
	when := &post{story: &utc}
	when.dates(&f, "date", "lastmod", time.RFC3339, noon)
	when.resolution(&f)
	f.set("severity", p.cstateSeverity())
	f.set("affected", p.affected())
	f.set("section", "issue")
	p.begin(f, hugoFront, front.yaml)
	if p.alone {
		p.told()
		return p.flush(w)
	}
	p.updates()
	if len(p.Messages) > 0 {
		p.heading("##", "What happened")
	}
	p.account()
	return p.flush(w)
}

// inQuotes is a text that cState's theme can print between quotes, as it does in
// its JSON, without escaping it: one that breaks that would break it for all.
func inQuotes(text string) string {
	return strings.ReplaceAll(curled(inLine(text)), `\`, "＼")
}

// resolution says whether it is over, and since when. cState takes the time
// from the post's date for how long it lasted: where that is not known, the post
// is informational, of which it says nothing.
func (p *post) resolution(f *front) {
	if !p.Status.Over() {
		f.set("resolved", bare("false"))
		return
	}
	f.set("resolved", bare("true"))
	began, dated := dateOf(p.story)
	ended, ok := p.stamp(p.Milestones.Resolved)
	if !ok {
		ended, ok = p.stamp(p.Milestones.Mitigated)
	}
	switch {
	case ok:
		f.set("resolvedWhen", ended.as(time.RFC3339, noon))
	case dated:
		f.set("resolvedWhen", began.as(time.RFC3339, noon))
	}
	sinceTrigger := !p.Milestones.Started.Known() && p.Milestones.Triggered.Known()
	if !ok || sinceTrigger || began.day || ended.day || ended.Before(began.Time) {
		f.set("informational", bare("true"))
	}
}

// cstateSeverity is the worst that any component went through, in cState's words.
func (p *post) cstateSeverity() string {
	worst := "notice"
	if p.Kind == incident.Maintenance {
		return worst
	}
	for _, i := range p.Impacts {
		switch i.Level {
		case incident.MajorOutage:
			return "down"
		case incident.PartialOutage, incident.DegradedPerformance:
			worst = "disrupted"
		}
	}
	return worst
}

// affected are the components hurt, each once.
func (p *post) affected() []string {
	var all []string
	for _, i := range p.Impacts {
		if name := inQuotes(i.Component); name != "" && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

// updates are the messages as cState's users write them. Its "track" shows a
// time without a zone, so the zones stand before it.
func (p *post) updates() {
	for _, m := range slices.Backward(p.Messages) {
		status := m.Status
		if status == "" {
			status = "update"
		}
		start, track := "*"+plainWords(capital(inLine(human(status))))+"*", ""
		if m.At != nil {
			start += " (" + plainWords(incident.Both(m.At, p.Zone)) + ")"
		}
		if at, ok := m.At.In("UTC"); ok && m.At.Precision != incident.Day {
			track = fmt.Sprintf(` {{< track "%s" >}}`, at.Format(time.RFC3339))
		}
		if p.oneLine(m.Body) {
			p.line(start + " - " + p.asIs(m.Body) + track)
			p.line("")
			continue
		}
		p.line(start + track)
		p.line("")
		p.prose(m.Body)
	}
}
