package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"path"
	"slices"

	"github.com/debriefhq/debrief/incident"
)

//go:embed page/*.html
var pageFiles embed.FS

// frame is what every page is put into.
type frame struct {
	Name  string // of the template
	Title string
	By    incident.Actor // the zero Actor is nobody
	Here  string         // the part of the main navigation this is
	Page  any            // what the template "main" is about
	Of    *pictures      // the images that its texts may show; nil for none
}

// parts are the templates that pages are made of; all others are pages.
var parts = []string{"page/layout.html", "page/parts.html", "page/forms.html"}

// more lists the further files of a page that has any.
var more = map[string][]string{
	"said": {"page/knew.html"}, "send": {"page/knew.html"},
	"record": {"page/times.html", "page/timeline.html", "page/causes.html", "page/follow.html", "page/remarks.html"},
	"status": {outsidersFile, noticesFile}, "status-incident": {outsidersFile, noticesFile}, "status-history": {outsidersFile, noticesFile},
	"status-postmortem": {outsidersFile}, "status-nothing": {outsidersFile}, "status-subscribe": {outsidersFile}, "status-link": {outsidersFile},
	"webhooks": {"page/hook.html"}, "webhook": {"page/hook.html"},
	"review": {"page/changes.html"}, "history": {"page/changes.html"}, "compare": {"page/changes.html"}, "preview": {"page/changes.html"},
}

// outwardNames are the pages for outsiders.
var outwardNames = []string{"status", "status-incident", "status-history", "status-postmortem", "status-nothing", "status-subscribe", "status-link"}

// names are the pages.
var names = []string{"outside", "sign-in", "list", "record", "form", "file", "paste", "said", "send", "components", "component", "webhooks", "webhook", "problem", "review", "compare", "history", "images", "account", "people", "connect", "preview", "board", "tagged", "palette", "subscribers", "deliveries", "jobs", "deployments", "digest", "insights", "similar"}

// pages reads all templates. A page that asks for a key that its data lacks fails.
func pages(a assets) (map[string]*template.Template, error) {
	p, err := newPieces(a)
	if err != nil {
		return nil, err
	}
	funcs := template.FuncMap{
		"around": newAround, "listed": listedBy,
		"asset": a.address, "word": word, "progress": progress, "confidence": confidence,
		"figure": figure, "markdown": p.markdown, "where": where,
		"level": levelWord, "capital": capital,
		"timed": timedControl, "heading": newHeading, "pick": newPick,
	}
	maps.Copy(funcs, p.drawn())
	all := make(map[string]*template.Template, len(names)+len(outwardNames))
	for _, name := range slices.Concat(names, outwardNames) {
		files := append(append([]string{}, parts...), "page/"+name+".html")
		t, err := template.New(path.Base(name)).Funcs(funcs).Option("missingkey=error").ParseFS(pageFiles, append(files, more[name]...)...)
		if err != nil {
			return nil, fmt.Errorf("read page %s: %w", name, err)
		}
		all[name] = t
	}
	return all, nil
}

// show renders a page whole before the first byte of it is sent, so that a
// fault becomes a page of its own and never half a page.
func (s *site) show(w http.ResponseWriter, status int, f frame) error {
	var b bytes.Buffer
	if err := s.pages[f.Name].ExecuteTemplate(&b, "layout", f); err != nil {
		return fmt.Errorf("render page %s: %w", f.Name, err)
	}
	page, err := f.Of.illustrate(b.Bytes())
	if err != nil {
		return fmt.Errorf("show the images of page %s: %w", f.Name, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	s.send(w, bytes.NewBuffer(page))
	return nil
}

// send writes what is ready. That a reader went away is no fault.
func (s *site) send(w http.ResponseWriter, b *bytes.Buffer) {
	if _, err := b.WriteTo(w); err != nil {
		s.Log.Debug("an answer did not reach its reader", "err", err)
	}
}
