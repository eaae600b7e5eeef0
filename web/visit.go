package web

import (
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/go-chi/httprate"

	"github.com/debriefhq/debrief/incident"
)

// visitorAddress is where a request comes from: what the wiring found out, or
// the connection. Addresses of one IPv6 network are one.
func visitorAddress(r *http.Request) string {
	ip := middleware.GetClientIP(r.Context())
	if ip == "" {
		ip, _, _ = net.SplitHostPort(r.RemoteAddr)
	}
	return httprate.CanonicalizeIP(ip)
}

// browsers and systems are told by words of the User-Agent, in this order:
// most browsers name others too.
var (
	browsers = [][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}, {"curl/", "curl"}}
	systems  = [][2]string{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}}
)

// browserName is what somebody knows their browser by: "Firefox on Linux". It
// is "" where nothing is known.
func browserName(r *http.Request) string {
	agent := r.UserAgent()
	find := func(table [][2]string) string {
		for _, row := range table {
			if strings.Contains(agent, row[0]) {
				return row[1]
			}
		}
		return ""
	}
	switch browser, system := find(browsers), find(systems); {
	case browser == "":
		return system
	case system == "":
		return browser
	default:
		return browser + " on " + system
	}
}

// origin is how the visitor reaches us: https://debrief.example.
func origin(r *http.Request) string {
	if secure(r) {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// longestWanted bounds the address of a page that is wanted, in bytes: it goes along in a cookie.
const longestWanted = 2000

// wanted is a page of ours to go to after signing in, else the list. Whatever
// a browser could read as an address elsewhere is none of ours: //evil.example,
// /\evil.example, https:evil.example.
func wanted(page string) string {
	const list = "/incidents"
	u, err := url.Parse(page)
	own := err == nil && u.Scheme == "" && u.Host == "" && u.User == nil && u.Opaque == "" && len(page) <= longestWanted &&
		strings.HasPrefix(page, "/") && !strings.HasPrefix(page, "//") && !strings.HasPrefix(u.Path, "//") &&
		!strings.ContainsFunc(page, func(r rune) bool { return r == '\\' || r <= ' ' || r == 0x7f }) && !strings.Contains(u.Path, `\`)
	if !own || u.Path == "/" || strings.HasPrefix(u.Path, "/sign-") {
		return list
	}
	return page
}

// wantedOf is the page that a request asks for, else the nearest above that can be asked for.
func wantedOf(r *http.Request) string {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return wanted(r.URL.RequestURI())
	}
	c := chi.RouteContext(r.Context())
	if c == nil {
		return wanted("")
	}
	at := r.URL.RequestURI()
	for page := r.URL.Path; page != "/" && page != "."; page = path.Dir(page) {
		to := chi.NewRouteContext()
		if c.Routes.Match(to, http.MethodGet, page) && leads(to.URLParam("number")) {
			return wanted(at)
		}
		at = path.Dir(page)
	}
	return wanted("")
}

// leads tells whether an address with this number of an incident, or with none, leads anywhere.
func leads(number string) bool {
	_, err := incident.ReadNumber(number)
	return number == "" || err == nil
}

// stamp is a time as pages about people show it.
type stamp time.Time

// ISO is for machines.
func (s stamp) ISO() string { return time.Time(s).UTC().Format(time.RFC3339) }

// String is for people.
func (s stamp) String() string { return time.Time(s).UTC().Format("2 January 2006, 15:04 UTC") }
