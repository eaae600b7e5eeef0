package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5/middleware"
	"github.com/spf13/cobra"

	"github.com/debriefhq/debrief/api"
	live "github.com/debriefhq/debrief/api/stream"
	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/web"
)

const (
	drainTimeout = 10 * time.Second // for requests under way when we stop
	signInLasts  = 24 * time.Hour
	firstPerson  = "admin" // the person that a new installation starts with
)

func (a *app) serveCommand() *cobra.Command {
	var demo bool
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run everything in one process: PostgreSQL if none is given, API, pages",
		Long: `Runs everything in one process. Without --database-url it brings up its own
PostgreSQL in the data directory. It prints "listening on http://HOST:PORT" when
it is ready and, on a new installation, a sign-in link that works once.

People sign in with a link, a password, or an OpenID Connect provider:
  DEBRIEF_OIDC_ISSUER         its address, as its discovery document has it
  DEBRIEF_OIDC_CLIENT_ID      what it calls Debrief; sign-ins come back to /sign-in/back
  DEBRIEF_OIDC_CLIENT_SECRET
  DEBRIEF_OIDC_NAME           what the button says
  DEBRIEF_OIDC_ROLE_CLAIM     the claim that says who may what, such as groups
  DEBRIEF_OIDC_ROLES          its values and our roles: admins=admin,oncall=responder
  DEBRIEF_OIDC_ROLE           the role of all others; without it they are refused
  DEBRIEF_PROXIES             whose X-Forwarded-For is believed; this machine's
  DEBRIEF_PUBLIC_URL          where outsiders find the status page, for links
  DEBRIEF_STATUS_NAME         what the status page is called
  DEBRIEF_STATUS_LOGO         a file, PNG or SVG, for its head
  DEBRIEF_STATUS_COLOR        the colour of its head, such as #0c5568
  DEBRIEF_SMTP_URL            where mail is handed in: smtp://user:password@host:587
  DEBRIEF_MAIL_FROM           whom it comes from: status@example.com
  DEBRIEF_DEPLOY_SECRET       of the webhooks by which GitHub and GitLab tell of deployments
  DEBRIEF_DEPLOY_ENVIRONMENTS those that count, with commas between; production
  DEBRIEF_WEBHOOK_PRIVATE     allow, to send webhooks to addresses inside, too`,
		Example: "  debrief serve --demo\n  debrief serve --listen 0.0.0.0:8080 --database-url postgres://…",
		Args:    exactly(),
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.serve(cmd.Context(), demo) },
	}
	cmd.Flags().StringVar(&a.Listen, "listen", a.Listen, "address to listen on")
	a.databaseFlag(cmd)
	cmd.Flags().BoolVar(&demo, "demo", false, "file the billing incident of July 2013 and a few more, once")
	return cmd
}

// checkLevel refuses a DEBRIEF_LOG that is no level.
func (a *app) checkLevel() error {
	var level slog.Level
	if a.LogLevel != "" && level.UnmarshalText([]byte(a.LogLevel)) != nil {
		return &usageError{fmt.Errorf("DEBRIEF_LOG is %.40q: write debug, info, warn or error", a.LogLevel)}
	}
	return nil
}

// logger writes to the error stream, from level on unless another is set.
func (a *app) logger(level slog.Level) *slog.Logger {
	_ = level.UnmarshalText([]byte(a.LogLevel)) // checkLevel has seen it
	return slog.New(slog.NewTextHandler(a.err, &slog.HandlerOptions{Level: level}))
}

// serve runs until ctx ends or the database does. It listens first, so that a
// taken port is told at once, and answers when all behind it is ready.
func (a *app) serve(ctx context.Context, demo bool) (err error) {
	log := a.logger(slog.LevelInfo)
	_, port, err := net.SplitHostPort(a.Listen)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil {
		return &usageError{fmt.Errorf("%q is no address to listen on (%w): write it as 127.0.0.1:8080, or :8080 for all interfaces", a.Listen, err)}
	}
	gate, err := a.gate()
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", a.Listen)
	if err != nil {
		return fmt.Errorf("%w: choose another address with --listen", err)
	}
	defer func() { _ = listener.Close() }() // closed before, when all went well
	db, err := a.openDatabase(ctx, false, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.stop()) }()
	st, err := a.openStore(ctx, db, log)
	if err != nil {
		return err
	}
	defer st.Close()

	link, err := a.welcome(ctx, st, reachable(listener.Addr()))
	if err != nil {
		return err
	}
	if demo {
		if err := fileDemo(ctx, st, a.now()); err != nil {
			return fmt.Errorf("file the demo: %w", err)
		}
	}
	stopWork, err := a.startWork(ctx, st, cmp.Or(a.PublicURL, reachable(listener.Addr())), log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stopWork()) }()
	_, _ = fmt.Fprintf(a.out, "listening on http://%s\n", listener.Addr())
	if link != "" {
		_, _ = fmt.Fprintf(a.out, "sign in, once, at %s\n", link)
	}
	return a.answer(ctx, listener, edge(log, a.handler(ctx, st, gate, log)), db, log)
}

// reachable is how this machine reaches a listener: one on all addresses is
// reached at the loopback.
func reachable(addr net.Addr) string {
	host, port, err := net.SplitHostPort(addr.String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		return "http://127.0.0.1:" + port
	}
	return "http://" + addr.String()
}

// answer serves HTTP until ctx ends, the listener fails or the database goes,
// then lets the requests under way finish.
func (a *app) answer(ctx context.Context, listener net.Listener, handler http.Handler, db *database, log *slog.Logger) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       2 * time.Minute,
		WriteTimeout:      2 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	var err error
	select {
	case <-ctx.Done():
		err = errors.Join(shutdown(server), unexpected(<-failed))
	case err = <-failed:
	case <-db.gone():
		err = fmt.Errorf("PostgreSQL has ended, so we do too; nothing that was answered is lost, start again: %w", db.server.Err())
		err = errors.Join(err, server.Close(), unexpected(<-failed))
	}
	return err
}

// unexpected leaves out how a server ends that was told to.
func unexpected(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func shutdown(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), drainTimeout)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("requests that were under way after %s were cut off: %w", drainTimeout, err), server.Close())
	}
	return nil
}

// rate is how often one token may ask.
func (a *app) rate() (api.Rate, error) {
	if a.Rate == "" {
		return api.Rate{}, nil
	}
	switch n, err := strconv.Atoi(a.Rate); {
	case err != nil || n < 0:
		return api.Rate{}, &usageError{fmt.Errorf("DEBRIEF_RATE is %q: write how many requests one token may make in a minute, or 0 for no bound", a.Rate)}
	case n == 0:
		return api.Rate{Requests: -1}, nil
	default:
		return api.Rate{Requests: n}, nil
	}
}

// handler puts the API beside the pages on one origin. Its open streams end with ctx.
func (a *app) handler(ctx context.Context, st *store.Store, g gate, log *slog.Logger) http.Handler {
	streams := live.New(live.Options{Stop: ctx.Done()})
	rest := api.New(api.Options{Store: st, Log: log, Version: version(), Rate: g.rate, Streams: streams, Outward: g.outward, Deploys: a.deploys()})
	mux := http.NewServeMux()
	for _, path := range []string{"/api/", "/healthz", "/readyz", "/metrics"} {
		mux.Handle(path, rest)
	}
	mux.Handle("/", web.New(web.Options{Store: st, Log: log, Provider: g.provider, Streams: streams, Brand: g.brand}))
	if len(g.proxies) > 0 {
		return middleware.ClientIPFromXFF(g.proxies...)(mux)
	}
	return mux
}

// welcome makes what a new installation needs: its first person, the token
// that the commands on this machine use, and the link to sign in with; link is
// empty when the installation is not new.
func (a *app) welcome(ctx context.Context, st *store.Store, base string) (link string, err error) {
	people, err := st.People(ctx, store.System())
	if err != nil {
		return "", err
	}
	if len(people) == 0 {
		secret, err := a.firstLink(ctx, st)
		if err != nil {
			return "", err
		}
		link = base + "/sign-in?key=" + secret
	}
	return link, a.leaveLocal(ctx, st, base)
}

// leaveLocal leaves for the commands on this machine where we listen, and a
// token: that of the last start, while it works. Where nothing can be left, as
// in a container without a disk, the commands need DEBRIEF_TOKEN.
func (a *app) leaveLocal(ctx context.Context, st *store.Store, base string) error {
	if a.DataDir == "" {
		return nil
	}
	l := a.readLocal()
	l.URL = base
	if err := a.writeLocal(l); err != nil {
		a.logger(slog.LevelWarn).Warn("the commands on this machine need DEBRIEF_URL and DEBRIEF_TOKEN", "because", err)
		return nil
	}
	_, err := st.Identify(ctx, l.Token)
	if !errors.Is(err, incident.SignIn) {
		return err
	}
	l.Token, _, err = st.NewToken(ctx, store.System(), store.TokenRequest{
		Person: firstPerson, Name: "this machine", Role: incident.Admin, Scope: incident.ScopeFull,
	})
	if err != nil {
		return err
	}
	return a.writeLocal(l)
}

func (a *app) firstLink(ctx context.Context, st *store.Store) (string, error) {
	if _, err := st.AddPerson(ctx, store.System(), store.Person{Name: firstPerson, Role: incident.Admin}); err != nil && !errors.Is(err, incident.Conflict) {
		return "", err
	}
	return st.NewSignInLink(ctx, store.System(), firstPerson, signInLasts)
}

// version is the module's, or the commit it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return info.Main.Version
}
