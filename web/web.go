// Package web serves Debrief's pages: HTML made on the server, which works
// without JavaScript. It knows cookies and pages; what may be seen and done is
// decided in the store and in package incident.
package web

import (
	"html/template"
	"log/slog"
	"maps"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/debriefhq/debrief/api/edition"
	"github.com/debriefhq/debrief/api/stream"
	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// Options say what the pages stand on.
type Options struct {
	Store *store.Store
	Log   *slog.Logger     // nil is silent
	Now   func() time.Time // nil is time.Now

	Provider Provider
	Streams  *stream.Streams // nil is one of its own
	Brand    Brand           // must pass Check
}

// site is the pages with what they need.
type site struct {
	Options
	assets assets
	pages  map[string]*template.Template
	look   *look
	shelf  edition.Shelf

	provider *provider
}

// New gives the pages. Paths that are none are answered with a page too, so it
// belongs behind everything else. It panics when the brand is none that passes its
// Check; otherwise only when the program was built from broken templates or
// without its files, which the tests keep from happening.
func New(o Options) http.Handler { return newSite(o).routes() }

func newSite(o Options) *site {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Streams == nil {
		o.Streams = stream.New(stream.Options{})
	}
	a, err := newAssets()
	if err != nil {
		panic(err)
	}
	l, err := o.Brand.look(a)
	if err != nil {
		panic(err)
	}
	p, err := pages(a)
	if err != nil {
		panic(err)
	}
	return &site{Options: o, assets: a, pages: p, look: l, provider: newProvider(o.Provider)}
}

func (s *site) routes() http.Handler {
	guard := http.NewCrossOriginProtection()
	guard.AddInsecureBypassPattern("POST " + unsubscribePath) // mail programs post there; the token says who, no cookie does
	guard.SetDenyHandler(s.anyone(func(http.ResponseWriter, *http.Request, incident.Actor) error {
		return incident.Refuse(incident.Forbidden, "", "This request came from another site. Open the page here and repeat it.")
	}))
	r := chi.NewRouter()
	r.Use(s.guarded, guard.Handler, middleware.GetHead)
	r.Get("/", s.anyone(s.home))
	r.Get("/sign-in", s.anyone(s.askSignIn))
	r.Post("/sign-in", s.anyone(s.signIn))
	r.Post("/sign-out", s.anyone(s.signOut))
	r.Get("/sign-in/with", s.anyone(s.goToProvider))
	r.Get("/sign-in/back", s.anyone(s.comeBack))
	r.Get("/account", s.member(s.account))
	r.Post("/account", s.member(s.changeAccount))
	r.Get("/people", s.member(s.people))
	r.Post("/people", s.member(s.changePeople))
	r.Get("/incidents", s.member(s.list))
	r.Get("/incidents/live", s.member(s.liveFeed(isListed)))
	r.Get("/actions/live", s.member(s.liveFeed(isOnBoard)))
	r.Get("/incidents/{number}/live", s.member(s.liveRecord))
	s.formRoutes(r)
	s.imageRoutes(r)
	s.reviewRoutes(r)
	s.componentRoutes(r)
	s.deploymentRoutes(r)
	s.digestRoutes(r)
	s.similarRoutes(r)
	s.statusRoutes(r)
	s.feedRoutes(r)
	s.subscribeRoutes(r)
	s.subscriberRoutes(r)
	s.jobRoutes(r)
	s.webhookRoutes(r)
	r.With(small).Get("/incidents/{number}", s.member(s.record))
	r.With(small).Get("/incidents/{number}/said", s.member(s.said))
	r.Get("/incidents/{number}/export", s.member(s.export))
	r.Post("/incidents/views", s.member(s.keepView))
	r.Post("/incidents/tags", s.member(s.tagMany))
	r.Get("/palette", s.member(s.palette))
	r.Get("/actions", s.member(s.board))
	r.Get("/insights", s.member(s.insights))
	r.Get("/incidents/{number}/preview", s.member(s.preview))
	r.Get("/incidents/{number}/preview/document", s.member(s.previewed))
	nowhere := s.anyone(func(http.ResponseWriter, *http.Request, incident.Actor) error {
		return incident.Refuse(incident.NotFound, "", "")
	})
	r.With(small).Get("/static/*", func(w http.ResponseWriter, r *http.Request) {
		s.look.policy(w, r)
		if !s.assets.serve(w, r) { // without asking who it is for: the page about a lost database has its style too
			nowhere(w, r)
		}
	})
	r.NotFound(nowhere)
	r.MethodNotAllowed(s.anyone(func(w http.ResponseWriter, req *http.Request, by incident.Actor) error {
		return s.refuseMethod(w, by, methods(r, req.URL.Path))
	}))
	return r
}

// formRoutes are the forms that change records. Who may is asked in the store.
func (s *site) formRoutes(r chi.Router) {
	r.Get("/incidents/new", s.member(s.askFile))
	r.Post("/incidents/new", s.member(s.file))
	r.Get("/incidents/understood", s.member(s.understoodNew))
	const one = "/incidents/{number}"
	r.Get(one+"/understood", s.member(s.understood))
	r.Post(one+"/order", s.member(s.takes(s.order)))
	r.Get(one+"/jump", s.member(s.jump))
	r.Get(one+"/quick/understood", s.member(s.understoodLine))
	r.Post(one+"/quick", s.member(s.takes(s.noteLine)))
	r.Get(one+"/paste/understood", s.member(s.understoodPaste))
	r.Get(one+sendRoute("{id}"), s.member(s.askSend))
	r.Post(one+sendRoute("{id}"), s.member(s.takes(s.sendMessage)))
	for path, h := range map[string]struct{ ask, save handler }{
		one + "/parts/{kind}":      {s.asks(s.partEditor), s.saves(s.partEditor)},
		one + "/parts/{kind}/{id}": {s.asks(s.partEditor), s.saves(s.partEditor)},
		one + "/fields/{group}":    {s.asks(s.fieldsEditor), s.saves(s.fieldsEditor)},
		one + "/status":            {s.asks(s.statusEditor), s.saves(s.statusEditor)},
		one + "/actions/{id}":      {s.asks(s.moveEditor), s.saves(s.moveEditor)},
		one + "/paste":             {s.askPaste, s.takes(s.paste)},
	} {
		r.Get(path, s.member(h.ask))
		r.Post(path, s.member(h.save))
	}
}

// methods lists what an address takes.
func methods(r chi.Routes, path string) []string {
	var all []string
	if r.Match(chi.NewRouteContext(), http.MethodGet, path) {
		all = append(all, http.MethodGet, http.MethodHead)
	}
	if r.Match(chi.NewRouteContext(), http.MethodPost, path) {
		all = append(all, http.MethodPost)
	}
	return all
}

// small compresses. A page that repeats what its address says must not pass: with
// secrets beside it, its size would tell of them.
var small = middleware.Compress(5, "text/html", "text/css", "image/svg+xml")

// handler answers a request of by, or returns what went wrong.
type handler func(w http.ResponseWriter, r *http.Request, by incident.Actor) error

// anyone lets everybody in; by is the zero Actor when nobody is signed in.
func (s *site) anyone(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		by, err := s.whoever(r)
		if err == nil {
			err = h(w, r, by)
		}
		if err != nil {
			s.fail(w, r, by, err)
		}
	}
}

// member lets in those who are signed in, and asks all others to.
func (s *site) member(h handler) http.HandlerFunc {
	return s.anyone(func(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
		if by.Name == "" {
			return s.outside(w, http.StatusUnauthorized, outside{Asked: true, Sent: r.Method == http.MethodPost, Wanted: wantedOf(r)})
		}
		return h(w, r, by)
	})
}

// policy lets a page load our own style, scripts and pictures, ask and send to us,
// and nothing else: no script or style inside a page, no frame around it.
const policy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guards are the headers of every page. They are shared: one is replaced, never changed.
var guards = http.Header{
	"Content-Security-Policy":      {policy},
	"X-Content-Type-Options":       {"nosniff"},
	"Referrer-Policy":              {"same-origin"},
	"Permissions-Policy":           {"camera=(), microphone=(), geolocation=(), payment=()"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
	"Cache-Control":                {"private, no-store"},
}

// guarded sets the headers that keep a page to itself. The referrer policy is
// same-origin, not no-referrer: with that, browsers send "Origin: null" with our own
// forms, and the guard against foreign ones would refuse them.
func (s *site) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		maps.Copy(w.Header(), guards)
		next.ServeHTTP(w, r)
	})
}
