package main

import (
	"encoding/json"
	"net"
	"net/url"
	"os"
	"path/filepath"
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

// server is where the commands go and with which token. The local token is
// never sent to another machine.
func (a *app) server() (base, token string) {
	l := a.readLocal()
	base = or(a.URL, or(l.URL, "http://127.0.0.1:8080"))
	if a.Token != "" {
		return base, a.Token
	}
	if a.URL == "" || a.URL == l.URL || loopback(a.URL) {
		token = l.Token
	}
	return base, token
}

func loopback(base string) bool {
	u, err := url.Parse(base)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || (ip != nil && ip.IsLoopback())
}
