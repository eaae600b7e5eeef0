package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/debriefhq/debrief/api/edition"
	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/status"
)

// Outward says how outsiders see the installation.
type Outward struct {
	Name string // of the status page; "" is "Status"
	URL  string // https://status.example.com, without a slash at its end; "" is the address that a request came to
}

// mostTold is how many incidents a list has, as Statuspage's has.
const mostTold = 50

// statuspageRoutes are version 2 of Statuspage's JSON, so that programs made for it work against us unchanged: its
// names, its words, its nulls (metastatuspage.com/api/v2). All of it is made from status.Page, which is incident.Public.
func (a *API) statuspageRoutes(r chi.Router) {
	for path, tell := range map[string]func(*v2) map[string]any{
		"summary": func(v *v2) map[string]any {
			return v.page("components", v.components(), "incidents", v.incidents(open), "scheduled_maintenances", v.maintenances(toCome, open), "status", v.status())
		},
		"status":               func(v *v2) map[string]any { return v.page("status", v.status()) },
		"components":           func(v *v2) map[string]any { return v.page("components", v.components()) },
		"incidents":            func(v *v2) map[string]any { return v.page("incidents", v.incidents(open, over)) },
		"incidents/unresolved": func(v *v2) map[string]any { return v.page("incidents", v.incidents(open)) },
		"scheduled-maintenances": func(v *v2) map[string]any {
			return v.page("scheduled_maintenances", v.maintenances(toCome, open, over))
		},
		"scheduled-maintenances/upcoming": func(v *v2) map[string]any { return v.page("scheduled_maintenances", v.maintenances(toCome)) },
		"scheduled-maintenances/active":   func(v *v2) map[string]any { return v.page("scheduled_maintenances", v.maintenances(open)) },
	} {
		r.Get("/"+path+".json", a.outsiders(path, tell))
		r.Options("/"+path+".json", allowAnyOrigin)
	}
}

// allowAnyOrigin answers a browser that asks first.
func allowAnyOrigin(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
	h.Set("Access-Control-Allow-Headers", "*")
	h.Set("Access-Control-Max-Age", "86400")
	w.WriteHeader(http.StatusNoContent)
}

// outsiders answers everybody the same, from what is kept.
func (a *API) outsiders(name string, tell func(*v2) map[string]any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page, late, err := a.store.StatusPage(r.Context())
		if err != nil {
			refuse(w, r, problem(r.Context(), err))
			return
		}
		e, fresh := a.shelf.Of(page, late != nil)
		if fresh && late != nil {
			a.log.ErrorContext(r.Context(), "outsiders are told what was last known", "of", page.At, "error", late)
		}
		base := edition.Base(a.outward.URL, r)
		p, err := e.Keep(base+" "+name, func() (*edition.Printed, error) {
			text, err := a.write(&v2{Page: page, outward: Outward{Name: cmp.Or(a.outward.Name, "Status"), URL: base}, id: a.store.PageID()}, tell)
			if err != nil {
				return nil, err
			}
			return edition.Print(http.StatusOK, "application/json; charset=utf-8", text, page.At).Foreign(), nil
		})
		if err != nil {
			refuse(w, r, problem(r.Context(), err))
			return
		}
		p.Serve(w, r)
	}
}

func (a *API) write(v *v2, tell func(*v2) map[string]any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(tell(v)); err != nil {
		return nil, fmt.Errorf("write what outsiders are told: %w", err)
	}
	return b.Bytes(), nil
}

// v2 tells of one status page.
type v2 struct {
	*status.Page
	outward Outward
	id      string
}

// Which notices of a page a list takes.
func open(p *status.Page) []*status.Notice   { return p.Open }
func over(p *status.Page) []*status.Notice   { return p.Past }
func toCome(p *status.Page) []*status.Notice { return p.Planned }

// page is an answer: about the page, and what pairs of key and value say.
func (v *v2) page(pairs ...any) map[string]any {
	all := map[string]any{"page": map[string]any{
		"id": v.id, "name": v.outward.Name, "url": v.outward.URL, "time_zone": "Etc/UTC", "updated_at": told(v.updated()),
	}}
	for ; len(pairs) > 1; pairs = pairs[2:] {
		all[pairs[0].(string)] = pairs[1]
	}
	return all
}

// updated is when what is told last changed.
func (v *v2) updated() time.Time {
	var last time.Time
	for _, list := range [][]*status.Notice{v.Open, v.Planned, v.Past} {
		for _, n := range list {
			last = later(last, n.Updated())
		}
	}
	for _, g := range v.Groups {
		for _, c := range g.Components {
			last = later(last, c.CreatedAt)
		}
	}
	if last.IsZero() {
		return v.At
	}
	return last
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// told is an instant as Statuspage writes it.
func told(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }

// orNull is told, null for what is not known.
func orNull(at *time.Time) any {
	if at == nil {
		return nil
	}
	return told(*at)
}

func (v *v2) status() map[string]any {
	indicator, description := v.Indicator()
	return map[string]any{"indicator": indicator, "description": description}
}

// components are groups and what is in them, in the order of the page.
func (v *v2) components() []map[string]any {
	all := []map[string]any{}
	add := func(c *status.Component, group any) {
		all = append(all, v.component(len(all)+1, group, c))
	}
	for _, g := range v.Groups {
		if g.ID == "" {
			for _, c := range g.Components {
				add(c, nil)
			}
			continue
		}
		one := &status.Component{Component: incident.Component{ID: g.ID, Name: g.Name, Level: incident.Operational, CreatedAt: g.Components[0].CreatedAt}}
		ids := []string{}
		for _, c := range g.Components {
			one.Level, ids = one.Level.Worse(c.Level), append(ids, c.ID)
			if c.CreatedAt.Before(one.CreatedAt) {
				one.CreatedAt = c.CreatedAt
			}
		}
		group := v.component(len(all)+1, nil, one)
		group["group"], group["components"] = true, ids
		all = append(all, group)
		for _, c := range g.Components {
			add(c, g.ID)
		}
	}
	return all
}

func (v *v2) component(position int, group any, c *status.Component) map[string]any {
	return map[string]any{
		"id": c.ID, "name": c.Name, "status": c.Level, "created_at": told(c.CreatedAt), "updated_at": told(later(c.CreatedAt, v.hurt(c))),
		"position": position, "description": textOrNull(c.Description), "showcase": group == nil, "start_date": c.CreatedAt.UTC().Format(time.DateOnly),
		"group_id": group, "page_id": v.id, "group": false, "only_show_if_degraded": false,
	}
}

func textOrNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// hurt is when outsiders were told last of what hurt a component; zero when they never were.
func (v *v2) hurt(c *status.Component) (last time.Time) {
	for _, list := range [][]*status.Notice{v.Open, v.Past} {
		for _, n := range list {
			if slices.ContainsFunc(n.Incident.Impacts, func(i incident.PublicImpact) bool { return strings.EqualFold(i.Component, c.Name) }) {
				last = later(last, n.Updated())
			}
		}
	}
	return last
}

// incidents lists those that are no maintenance, newest first.
func (v *v2) incidents(of ...func(*status.Page) []*status.Notice) []map[string]any {
	return v.list(false, of)
}

func (v *v2) maintenances(of ...func(*status.Page) []*status.Notice) []map[string]any {
	return v.list(true, of)
}

func (v *v2) list(maintenance bool, of []func(*status.Page) []*status.Notice) []map[string]any {
	all := []map[string]any{}
	for _, some := range of {
		for _, n := range some(v.Page) {
			if (n.Incident.Kind == incident.Maintenance) == maintenance && len(all) < mostTold {
				all = append(all, v.incident(n))
			}
		}
	}
	return all
}
