package main

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/debriefhq/debrief/store/postgres"
)

// config is every setting. A flag wins over the variable, the variable over
// the default; no other file reads the environment.
type config struct {
	DataDir     string // DEBRIEF_DATA_DIR
	Listen      string // DEBRIEF_LISTEN, HOST:PORT
	DatabaseURL string // DATABASE_URL; "" brings up our own PostgreSQL
	Postgres    string // DEBRIEF_POSTGRES: auto, system, fetch, or a directory of binaries
	HistoryKey  string // DEBRIEF_HISTORY_KEY, 64 hexadecimal digits; "" uses the data directory's file
	URL         string // DEBRIEF_URL of the server that the commands speak to
	Token       string // DEBRIEF_TOKEN
	Editor      string // VISUAL, else EDITOR
	Pager       string // PAGER; "" is less, when there is one
	NoColor     bool   // NO_COLOR is set to anything, or TERM is dumb
	Templates   string // DEBRIEF_TEMPLATES: a directory of NAME.md for file --template
	Chromium    string // DEBRIEF_CHROMIUM: the program that prints a PDF; "" is the first one found
	Rate        string // DEBRIEF_RATE: requests a minute that one token may make; 0 is no bound, "" is api's default
	Proxies     string // DEBRIEF_PROXIES: networks whose X-Forwarded-For is believed, with commas between
	OIDC        oidcSettings
	PublicURL   string // DEBRIEF_PUBLIC_URL: where outsiders find us, for links; "" is the address that a request came to
	StatusName  string // DEBRIEF_STATUS_NAME: what the status page is called
	StatusLogo  string // DEBRIEF_STATUS_LOGO: a file, PNG or SVG; "" is none
	StatusColor string // DEBRIEF_STATUS_COLOR: #rgb or #rrggbb; "" is ours
	SMTP        string // DEBRIEF_SMTP_URL: smtp://user:password@host:587 or smtps://host; "" sends no mail
	MailFrom    string // DEBRIEF_MAIL_FROM: status@example.com
	Webhooks    string // DEBRIEF_WEBHOOK_PRIVATE: allow lets receivers of webhooks be inside
	DeployKeys  string // DEBRIEF_DEPLOY_SECRET: shared with GitHub and GitLab, several with spaces between
	DeployTo    string // DEBRIEF_DEPLOY_ENVIRONMENTS: those whose deployments count, with commas between; "" is production
	LogLevel    string // DEBRIEF_LOG: debug, info, warn, error; "" is info for serve, warn for a command
}

// oidcSettings are those of an OpenID Connect provider, DEBRIEF_OIDC_….
type oidcSettings struct {
	Issuer, ClientID, ClientSecret string
	Name                           string // on the button
	RoleClaim, Roles               string // admins=admin,oncall=responder
	Role                           string // of those whom no value of the claim gives one; "" lets nobody new in
}

func environment() config {
	return config{
		DataDir:     or(os.Getenv("DEBRIEF_DATA_DIR"), postgres.DefaultDataDir()),
		Listen:      or(os.Getenv("DEBRIEF_LISTEN"), "127.0.0.1:8080"),
		DatabaseURL: os.Getenv("DATABASE_URL"),
		Postgres:    or(os.Getenv("DEBRIEF_POSTGRES"), "auto"),
		HistoryKey:  os.Getenv("DEBRIEF_HISTORY_KEY"),
		URL:         os.Getenv("DEBRIEF_URL"),
		Token:       strings.TrimSpace(os.Getenv("DEBRIEF_TOKEN")),
		Editor:      or(os.Getenv("VISUAL"), os.Getenv("EDITOR")),
		Pager:       os.Getenv("PAGER"),
		NoColor:     os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb",
		Templates:   or(os.Getenv("DEBRIEF_TEMPLATES"), defaultTemplates()),
		Chromium:    os.Getenv("DEBRIEF_CHROMIUM"),
		Rate:        os.Getenv("DEBRIEF_RATE"),
		LogLevel:    os.Getenv("DEBRIEF_LOG"),
		Proxies:     or(os.Getenv("DEBRIEF_PROXIES"), "127.0.0.0/8,::1/128"),
		PublicURL:   strings.TrimRight(os.Getenv("DEBRIEF_PUBLIC_URL"), "/"),
		StatusName:  os.Getenv("DEBRIEF_STATUS_NAME"),
		StatusLogo:  os.Getenv("DEBRIEF_STATUS_LOGO"),
		StatusColor: os.Getenv("DEBRIEF_STATUS_COLOR"),
		SMTP:        os.Getenv("DEBRIEF_SMTP_URL"),
		MailFrom:    os.Getenv("DEBRIEF_MAIL_FROM"),
		Webhooks:    os.Getenv("DEBRIEF_WEBHOOK_PRIVATE"),
		DeployKeys:  os.Getenv("DEBRIEF_DEPLOY_SECRET"),
		DeployTo:    os.Getenv("DEBRIEF_DEPLOY_ENVIRONMENTS"),
		OIDC: oidcSettings{
			Issuer: os.Getenv("DEBRIEF_OIDC_ISSUER"), ClientID: os.Getenv("DEBRIEF_OIDC_CLIENT_ID"), ClientSecret: os.Getenv("DEBRIEF_OIDC_CLIENT_SECRET"),
			Name: os.Getenv("DEBRIEF_OIDC_NAME"), RoleClaim: os.Getenv("DEBRIEF_OIDC_ROLE_CLAIM"), Roles: os.Getenv("DEBRIEF_OIDC_ROLES"), Role: os.Getenv("DEBRIEF_OIDC_ROLE"),
		},
	}
}

// defaultTemplates is where a person keeps settings; "" when they have no home.
func defaultTemplates() string {
	base := os.Getenv("XDG_CONFIG_HOME")
	if home, err := os.UserHomeDir(); base == "" && err == nil {
		base = filepath.Join(home, ".config")
	}
	if base == "" {
		return ""
	}
	return filepath.Join(base, "debrief", "templates")
}

func or(value, otherwise string) string {
	if value != "" {
		return value
	}
	return otherwise
}
