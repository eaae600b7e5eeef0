package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// record is the answer that holds a whole record.
type record struct {
	Status int
	ETag   string             `header:"ETag" doc:"\"REVISION.VERSION\" of the record."`
	Body   *incident.Incident // nil with 304
}

// answer is the record as it is after what was asked.
func answer(in *incident.Incident, err error) (*record, error) {
	if err != nil {
		return nil, err
	}
	return &record{Status: http.StatusOK, ETag: recordTag(in), Body: in}, nil
}

type filing struct{ Posts[incident.Incident] }

// filed is the answer that holds a new record.
type filed struct {
	ETag     string `header:"ETag" doc:"\"REVISION.VERSION\" of the record."`
	Location string `header:"Location" doc:"Where the new record stands."`
	Body     *incident.Incident
}

// file makes a record of its own of what was sent: numbers, revisions and
// review of a record from elsewhere don't come along.
func (a *API) file(ctx context.Context, by incident.Actor, req *filing) (*filed, error) {
	in, err := a.store.File(ctx, by, &req.Body.value)
	if err != nil {
		return nil, err
	}
	return &filed{recordTag(in), requestOf(ctx).path + "/" + strconv.FormatInt(int64(in.Number), 10), in}, nil
}

type reading struct {
	Of
	UnlessSame
	MayMatch
}

// written is a whole record as the store keeps it, ready to send.
type written struct {
	Status      int
	ETag        string `header:"ETag" doc:"\"REVISION.VERSION\" of the record."`
	ContentType string `header:"Content-Type"`
	Body        []byte // nil with 304
}

// asRecord tells OpenAPI that the bytes are a record.
func asRecord(op *huma.Operation) {
	op.Responses["200"] = &huma.Response{
		Description: "OK", Content: map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Ref: "#/components/schemas/Incident"}}},
	}
	notModified(op)
}

// read answers from the two counters alone while the caller's copy is current.
func (a *API) read(ctx context.Context, by incident.Actor, req *reading) (*written, error) {
	if req.IfNoneMatch != "" && req.IfMatch == "" {
		revision, version, err := a.store.Tag(ctx, by, req.Number.Number)
		if err != nil {
			return nil, err
		}
		if tag := quote(revision, version); req.has(tag) {
			return &written{Status: http.StatusNotModified, ETag: tag}, nil
		}
	}
	d, err := a.store.Document(ctx, by, req.Number.Number)
	if err != nil {
		return nil, err
	}
	tag := quote(d.Revision, d.Version)
	if err := req.agrees(tag, fmt.Sprintf(`"%d"`, d.Revision)); err != nil {
		return nil, err
	}
	if req.has(tag) {
		return &written{Status: http.StatusNotModified, ETag: tag}, nil
	}
	return &written{http.StatusOK, tag, "application/json", d.Body}, nil
}

type patching struct {
	Of
	MustMatch
	Carries[recordPatch]
}

func (a *API) patch(ctx context.Context, by incident.Actor, req *patching) (*record, error) {
	revision, err := req.revision()
	if err != nil {
		return nil, err
	}
	return answer(a.store.Change(ctx, by, req.Number.Number, revision, req.Body.value.apply))
}

type archiving struct {
	Of
	MustMatch
}

func (a *API) archive(ctx context.Context, by incident.Actor, req *archiving) (*nothing, error) {
	revision, err := req.revision()
	if err != nil {
		return nil, err
	}
	return done(a.store.Archive(ctx, by, req.Number.Number, revision))
}

type moving struct {
	Of
	MayMatch
	Posts[incident.StatusMove]
}

func (a *API) move(ctx context.Context, by incident.Actor, req *moving) (*record, error) {
	seen, err := req.seen()
	if err != nil {
		return nil, err
	}
	return answer(a.store.Move(ctx, by, req.Number.Number, seen.Revision, req.Body.value))
}

// reviewStep is what a person sends of an incident.ReviewStep.
type reviewStep struct {
	Move      incident.ReviewMove `json:"move" required:"true" enum:"submit,request_changes,approve,approve_public,publish,withdraw"`
	Reason    string              `json:"reason" maxLength:"2000" doc:"Why; needed from an admin who approves alone what they alone wrote."`
	Reviewers []string            `json:"reviewers" maxItems:"50" doc:"With submit: who is asked, by name."`
}

type reviewing struct {
	Of
	MayMatch
	Posts[reviewStep]
}

// review refuses a step of somebody who saw another revision, or another
// version where If-Match names one: an approval is of all that was read.
func (a *API) review(ctx context.Context, by incident.Actor, req *reviewing) (*record, error) {
	seen, err := req.seen()
	if err != nil {
		return nil, err
	}
	step := incident.ReviewStep{Move: req.Body.value.Move, Reason: req.Body.value.Reason, Reviewers: req.Body.value.Reviewers}
	return answer(a.store.Review(ctx, by, req.Number.Number, seen, step))
}

type listing struct {
	Query     string `query:"q" maxLength:"500" doc:"Words and filters, as in /search; only records that hold all of them."`
	Status    string `query:"status" enum:"investigating,identified,monitoring,resolved,scheduled,in_progress,verifying,completed"`
	Severity  string `query:"severity" enum:"sev1,sev2,sev3,sev4"`
	Component string `query:"component" maxLength:"200" doc:"Of an impact."`
	Tag       string `query:"tag" maxLength:"200"`
	Review    string `query:"review" enum:"draft,in_review,approved,published" doc:"State of the review."`
	Kind      string `query:"kind" enum:"incident,near_miss,maintenance"`
	Insight   string `query:"insight" maxLength:"300" doc:"Incidents of a figure, as insights name it: counted, told, time_to_tell, time_to_tell:3600 for those that took an hour or longer, category:capacity, …"`
	From      when   `query:"from" doc:"Started at or after this; when nobody said, filed."`
	To        when   `query:"to" doc:"Started before this."`
	Sort      string `query:"sort" enum:"number,-number,started,-started,updated,-updated" default:"-number"`
	Paging
}

func (a *API) list(ctx context.Context, by incident.Actor, req *listing) (*list[incident.Heading], error) {
	page, err := a.store.Incidents(ctx, by, store.Filter{
		Query: req.Query, Status: req.Status, Severity: req.Severity, Component: req.Component, Tag: req.Tag,
		Review: req.Review, Kind: req.Kind, Insight: req.Insight, From: req.From.at, To: req.To.at, Sort: req.Sort, Limit: req.Limit, Cursor: req.Cursor,
	})
	return listed(ctx, page, err)
}
