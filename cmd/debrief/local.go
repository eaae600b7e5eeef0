package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// local is what serve leaves in the data directory (local.json, 0600) for the
// commands on the same machine: where it listens and a token of the installation's
// first admin.
type local struct {
	URL   string `json:"url"`
	Token string `json:"token"`
}

func (a *app) localPath() string { return filepath.Join(a.DataDir, "local.json") }

// readLocal gives what serve left, or nothing.
func (a *app) readLocal() local {
	var l local
	if a.DataDir == "" {
		return l
	}
	data, err := os.ReadFile(a.localPath())
	if err == nil {
		_ = json.Unmarshal(data, &l) // a torn file is as good as none
	}
	return l
}

func (a *app) writeLocal(l local) error {
	data, err := json.Marshal(l)
	if err != nil {
		return err
	}
	return writeSecret(a.localPath(), string(data)+"\n")
}

// server is where the commands go and with which token. The local token goes
// to the local server only, by whichever of its names; what else listens on
// this machine may be another user's, or a tunnel to another machine.
func (a *app) server() (base, token string) {
	l := a.readLocal()
	base = or(a.URL, or(l.URL, "http://127.0.0.1:8080"))
	if a.Token != "" {
		return base, a.Token
	}
	if a.URL == "" || place(a.URL) == place(l.URL) {
		token = l.Token
	}
	return base, token
}

// place names where an address leads; the loopback has one name.
func place(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return base
	}
	ip := net.ParseIP(u.Hostname())
	if u.Hostname() == "localhost" || ip != nil && ip.IsLoopback() {
		return u.Scheme + "://loopback:" + u.Port()
	}
	return u.Scheme + "://" + u.Host
}

// checkURL refuses a DEBRIEF_URL that cannot lead to a server. It may have a
// path, for a proxy that serves Debrief below one.
func checkURL(base string) error {
	if base == "" {
		return nil
	}
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return &usageError{fmt.Errorf("DEBRIEF_URL is %q: write it as http://127.0.0.1:8080 or https://debrief.example.org", base)}
	}
	if strings.Contains(u.Path, "/api/") || strings.HasSuffix(u.Path, "/api") {
		return &usageError{fmt.Errorf("DEBRIEF_URL is %q: leave out what comes after the server's address, from /api on", base)}
	}
	return nil
}
