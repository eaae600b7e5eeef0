package api

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/insight"
	"github.com/debriefhq/debrief/store"
)

const insightsAbout = "Distributions are medians and p90 with their n, never means, each with its definition; list leads to the incidents that a figure is made of. " +
	"Archived incidents, duplicates, false alarms and what is private are left out, but for private incidents that you are named on. " +
	"With format=csv, or Accept: text/csv, the answer is one table, times in seconds."

// insightTable is about figures of many incidents.
func (a *API) insightTable() []row {
	return []row{
		operation[askingInsights, insights]{id: "getInsights", method: http.MethodGet, path: "/insights", summary: "Figures about incidents of some months: how many, how long, what customers were told, what is owed",
			about: insightsAbout, deed: incident.Read, do: a.insights, adjust: a.asInsights},
		operation[askingRecurrences, list[store.Recurrence]]{id: "listRecurrences", method: http.MethodGet, path: "/insights/recurrences", summary: "Incidents that happened again, and what was left of the follow-ups of the one before",
			about: "Of those that started in some months the newest twenty, of any kind. before are the follow-ups that were open, in progress or given up when it happened again, by history.", deed: incident.Read, do: a.recurrences},
	}
}

// tableName is a table of insights that CSV can be asked for.
type tableName string

// Schema lists them.
func (tableName) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: "string"}
	for _, t := range insight.Tables {
		s.Enum = append(s.Enum, t.Name)
	}
	return s
}

// exampleInsights are those of the month of one incident, of which customers were told.
func exampleInsights(in *incident.Incident) *incident.Insights {
	now := in.CreatedAt.AddDate(0, 0, 5)
	q := insight.Question{Range: insight.Range{From: 201307, To: 201307}, Kind: in.Kind}
	facts := insight.Of(in, nil, now)
	r := insight.Reading{Question: q, Sheets: map[insight.Period][]*insight.Sheet{201307: {insight.Sheets([]insight.Facts{facts}, now)[q.Cell()]}}, Today: now}
	return r.Figures()
}

type askingInsights struct {
	From      string                `query:"from" maxLength:"7" doc:"The first month, UTC, as 2013-07; eleven months before the last when absent."`
	To        string                `query:"to" maxLength:"7" doc:"The last month; this one when absent."`
	Kind      incident.IncidentKind `query:"kind" enum:"incident,near_miss,maintenance" default:"incident" doc:"Near misses and maintenance are counted apart."`
	Severity  string                `query:"severity" enum:"sev1,sev2,sev3,sev4"`
	Component string                `query:"component" maxLength:"200" doc:"Of an impact."`
	Format    string                `query:"format" enum:"json,csv" doc:"json unless Accept asks for text/csv."`
	Table     tableName             `query:"table" default:"measures" doc:"Which table, with CSV."`
	Accept    string                `header:"Accept" hidden:"true"`
}

type askingRecurrences struct {
	From string `query:"from" maxLength:"7" doc:"The first month, UTC, as 2013-07; eleven months before the last when absent."`
	To   string `query:"to" maxLength:"7" doc:"The last month; this one when absent."`
}

func (a *API) recurrences(ctx context.Context, by incident.Actor, req *askingRecurrences) (*list[store.Recurrence], error) {
	found, err := a.store.RecurrencesOfMonths(ctx, by, req.From, req.To)
	return all(ctx, found, err)
}

type insights struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func (a *API) insights(ctx context.Context, by incident.Actor, req *askingInsights) (*insights, error) {
	table, err := insight.FindTable(string(req.Table))
	if err != nil {
		return nil, err
	}
	figures, err := a.store.Insights(ctx, by, store.InsightFilter{From: req.From, To: req.To, Kind: req.Kind, Severity: req.Severity, Component: req.Component})
	if err != nil {
		return nil, err
	}
	if req.Format == "json" || req.Format == "" && !strings.HasPrefix(req.Accept, "text/csv") {
		text, err := json.Marshal(figures)
		return &insights{ContentType: "application/json", Body: append(text, '\n')}, err
	}
	var out bytes.Buffer
	err = table.WriteCSV(&out, figures)
	return &insights{ContentType: "text/csv; charset=utf-8", Disposition: `attachment; filename="` + table.Name + `.csv"`, Body: out.Bytes()}, err
}

// asInsights tells OpenAPI of both forms.
func (a *API) asInsights(op *huma.Operation) {
	of := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[incident.Insights](), true, "")
	op.Responses["200"] = &huma.Response{Description: "OK", Content: map[string]*huma.MediaType{
		"application/json": {Schema: of},
		"text/csv":         {Schema: &huma.Schema{Type: "string", Description: "The table asked for."}},
	}}
}
