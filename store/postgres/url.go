package postgres

import (
	"net/url"
	"os"
	"path/filepath"
)

const (
	port        = "5432" // names the socket, no port is opened
	appRole     = "debrief"
	appDatabase = "debrief"
	superRole   = "postgres"
)

// neutral overrides what a PG* variable of the user's would add to an address. A key is only
// written when its variable is set, since psql does not know all of them.
var neutral = []struct{ variable, key, value string }{
	{"PGOPTIONS", "options", ""},
	{"PGTZ", "timezone", "UTC"},
	{"PGREQUIREAUTH", "require_auth", ""},
	{"PGCHANNELBINDING", "channel_binding", "disable"},
	{"PGMINPROTOCOLVERSION", "min_protocol_version", "3.0"},
	{"PGMAXPROTOCOLVERSION", "max_protocol_version", "3.0"},
	{"PGSSLNEGOTIATION", "sslnegotiation", "postgres"},
	{"PGSSLROOTCERT", "sslrootcert", ""},
	{"PGSSLCERT", "sslcert", ""},
	{"PGSSLKEY", "sslkey", ""},
	{"PGSSLCERTMODE", "sslcertmode", "disable"},
	{"PGSSLSNI", "sslsni", "0"},
	{"PGPASSWORD", "password", "none"},
	{"PGPASSFILE", "passfile", ""},
}

// dsn is the address of a database behind the socket in dir. It leaves nothing to the environment.
func dsn(dir, role, database string) string {
	q := url.Values{
		"host":                 {dir},
		"port":                 {port},
		"sslmode":              {"disable"},
		"application_name":     {"debrief"},
		"connect_timeout":      {"10"},
		"target_session_attrs": {"any"},
	}
	for _, n := range neutral {
		if os.Getenv(n.variable) != "" {
			q.Set(n.key, n.value)
		}
	}
	if os.Getenv("PGSERVICE") != "" { // only another service overrides a service
		q.Set("service", serviceSection)
		q.Set("servicefile", filepath.Join(dir, serviceName))
	}
	u := url.URL{Scheme: "postgres", User: url.User(role), Path: "/" + database, RawQuery: q.Encode()}
	return u.String()
}
