package main

import (
	"testing"

	"github.com/debriefhq/debrief/incident"
)

func TestSettingsOfAProvider(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		set  oidcSettings
		fits bool
	}{
		{"none", oidcSettings{ClientID: "x"}, true},
		{"without a client", oidcSettings{Issuer: "https://id.example"}, false},
		{"with roles", oidcSettings{Issuer: "https://id.example", ClientID: "x", Roles: "admins=admin, oncall=responder", Role: "viewer"}, true},
		{"with a role that is none", oidcSettings{Issuer: "https://id.example", ClientID: "x", Roles: "admins=king"}, false},
		{"with a value alone", oidcSettings{Issuer: "https://id.example", ClientID: "x", Roles: "admins"}, false},
		{"with a last role that is none", oidcSettings{Issuer: "https://id.example", ClientID: "x", Role: "king"}, false},
	}
	for _, tt := range tests {
		p, err := (&app{config: config{OIDC: tt.set}}).provider()
		if (err == nil) != tt.fits {
			t.Errorf("settings %s: %v", tt.name, err)
		}
		if tt.name == "with roles" && (p.Roles["admins"] != incident.Admin || p.Roles["oncall"] != incident.Responder || p.Role != incident.Viewer) {
			t.Errorf("settings %s = %+v", tt.name, p)
		}
	}
	for text, fits := range map[string]bool{"127.0.0.0/8,::1/128": true, "10.1.2.3, 10.0.0.0/8": true, "everywhere": false, "10.0.0.0/99": false} {
		if _, err := (&app{config: config{Proxies: text}}).proxies(); (err == nil) != fits {
			t.Errorf("proxies %q: %v", text, err)
		}
	}
}
