package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
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

func TestABrandThatCannotBeUsedEndsTheStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	page := filepath.Join(dir, "logo.html")
	if err := os.WriteFile(page, []byte("<html></html>"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		config config
		says   string // "" when it is fine
	}{
		{"a colour and a name", config{StatusName: "Twilio", StatusColor: "#f22f46"}, ""},
		{"a word for a colour", config{StatusColor: "red"}, "DEBRIEF_STATUS_COLOR"},
		{"no such file", config{StatusLogo: filepath.Join(dir, "none.png")}, "DEBRIEF_STATUS_LOGO cannot be read"},
		{"a page for a logo", config{StatusLogo: page}, "neither PNG nor SVG"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g, err := (&app{config: tt.config}).gate()
			var usage *usageError
			if (tt.says == "") != (err == nil) || err != nil && (!errors.As(err, &usage) || !strings.Contains(err.Error(), tt.says)) {
				t.Errorf("gate = %v, want %q", err, tt.says)
			}
			if err == nil && (g.brand.Name != "Twilio" || g.brand.Color != "#f22f46") {
				t.Errorf("the brand is %+v", g.brand)
			}
		})
	}
}
