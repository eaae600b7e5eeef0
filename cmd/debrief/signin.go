package main

import (
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/debriefhq/debrief/api"
	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/web"
)

// gate is who may come in, and how often.
type gate struct {
	rate     api.Rate
	provider web.Provider
	proxies  []string
	outward  api.Outward
	brand    web.Brand
}

func (a *app) gate() (g gate, err error) {
	if g.rate, err = a.rate(); err != nil {
		return g, err
	}
	if g.provider, err = a.provider(); err != nil {
		return g, err
	}
	if g.outward, err = a.outward(); err != nil {
		return g, err
	}
	if g.brand, err = a.brand(); err != nil {
		return g, err
	}
	g.proxies, err = a.proxies()
	return g, err
}

// outward is how outsiders see the installation.
func (a *app) outward() (api.Outward, error) {
	if at, err := url.Parse(a.PublicURL); a.PublicURL != "" && (err != nil || at.Scheme != "https" && at.Scheme != "http" || at.Host == "" || at.RawQuery != "" || at.Fragment != "") {
		return api.Outward{}, &usageError{fmt.Errorf("DEBRIEF_PUBLIC_URL is %q: write where outsiders find the status page, such as https://status.example.com", a.PublicURL)}
	}
	return api.Outward{Name: a.StatusName, URL: a.PublicURL}, nil
}

// brand is how the pages for outsiders look.
func (a *app) brand() (web.Brand, error) {
	b := web.Brand{Name: a.StatusName, Color: a.StatusColor, URL: a.PublicURL}
	if a.StatusLogo != "" {
		logo, err := os.ReadFile(a.StatusLogo)
		if err != nil {
			return b, &usageError{fmt.Errorf("DEBRIEF_STATUS_LOGO cannot be read (%w): name a PNG or SVG", err)}
		}
		b.Logo = logo
	}
	if err := b.Check(); err != nil {
		return b, &usageError{fmt.Errorf("DEBRIEF_STATUS_COLOR and DEBRIEF_STATUS_LOGO: %w", err)}
	}
	return b, nil
}

// provider is what people sign in with beside passwords and links.
func (a *app) provider() (web.Provider, error) {
	o := a.OIDC
	p := web.Provider{
		Issuer: o.Issuer, ClientID: o.ClientID, ClientSecret: o.ClientSecret, Name: o.Name,
		RoleClaim: o.RoleClaim, Roles: map[string]incident.Role{}, Role: incident.Role(o.Role),
	}
	if o.Issuer == "" {
		return web.Provider{}, nil
	}
	switch {
	case o.ClientID == "":
		return p, &usageError{fmt.Errorf("DEBRIEF_OIDC_ISSUER is set and DEBRIEF_OIDC_CLIENT_ID is not: write what the provider calls Debrief")}
	case o.Role != "" && !slices.Contains(incident.Roles, p.Role):
		return p, &usageError{fmt.Errorf("DEBRIEF_OIDC_ROLE is %q: write viewer, responder, reviewer or admin, or leave it out", o.Role)}
	}
	for _, pair := range strings.Split(o.Roles, ",") {
		value, role, ok := strings.Cut(strings.TrimSpace(pair), "=")
		switch {
		case value == "" && !ok:
		case !ok || !slices.Contains(incident.Roles, incident.Role(role)):
			return p, &usageError{fmt.Errorf("DEBRIEF_OIDC_ROLES says %q: write VALUE=ROLE with commas between, such as admins=admin,oncall=responder", pair)}
		default:
			p.Roles[value] = incident.Role(role)
		}
	}
	return p, nil
}

// proxies are the networks whose X-Forwarded-For is believed.
func (a *app) proxies() ([]string, error) {
	var all []string
	if a.Proxies == "" {
		return nil, nil
	}
	for _, text := range strings.Split(a.Proxies, ",") {
		text = strings.TrimSpace(text)
		if ip, err := netip.ParseAddr(text); err == nil {
			text = netip.PrefixFrom(ip, ip.BitLen()).String()
		}
		if _, err := netip.ParsePrefix(text); err != nil {
			return nil, &usageError{fmt.Errorf("DEBRIEF_PROXIES says %q: write networks such as 10.0.0.0/8, with commas between", text)}
		}
		all = append(all, text)
	}
	return all, nil
}
