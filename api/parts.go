package api

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// partOf is what every operation on parts asks of their type.
type partOf[P any] interface {
	*P
	incident.Part
}

// parts are the operations on one collection of an incident. All eight
// collections are this code; partTable says how they differ.
type parts[P any, PP partOf[P]] struct {
	*API
	kind incident.PartKind
	one  string // a part, with its article
	name string // a part, in operation ids
}

// partTable lists the collections in the order of the record.
func (a *API) partTable() []row {
	return slices.Concat(
		parts[incident.Entry, *incident.Entry]{a, incident.Timeline, "an entry of the timeline", "Entry"}.rows(),
		parts[incident.Impact, *incident.Impact]{a, incident.Impacts, "an impact", "Impact"}.rows(),
		parts[incident.Why, *incident.Why]{a, incident.Whys, "a link of the why chain", "Why"}.rows(),
		parts[incident.Factor, *incident.Factor]{a, incident.Factors, "a contributing factor", "Factor"}.rows(),
		parts[incident.Lesson, *incident.Lesson]{a, incident.Lessons, "a lesson", "Lesson"}.rows(),
		parts[incident.Message, *incident.Message]{a, incident.Messages, "a message", "Message"}.rows(),
		parts[incident.Action, *incident.Action]{a, incident.Actions, "a follow-up", "Action"}.rows(),
		parts[incident.Comment, *incident.Comment]{a, incident.Comments, "a comment", "Comment"}.rows(),
	)
}

// rows are the collection's part of the table of operations.
func (c parts[P, PP]) rows() []row {
	path := "/incidents/{number}/" + string(c.kind)
	return []row{
		operation[appending[P], appended[P]]{id: "append" + c.name, method: http.MethodPost, path: path, summary: "Add " + c.one + ", or an array of them",
			about: "An array is added whole or not at all, and answered by an array. No If-Match: many people may add at once. What is odd about a part but kept comes back under its warnings.",
			deed:  incident.Write, do: c.append},
		operation[listingParts, list[P]]{id: "list" + c.name, method: http.MethodGet, path: path, summary: "List the " + string(c.kind) + " of an incident", deed: incident.Read, do: c.list},
		operation[readingPart, part[P]]{id: "get" + c.name, method: http.MethodGet, path: path + "/{id}", summary: "Read " + c.one, deed: incident.Read, do: c.read, adjust: notModified},
		operation[patchingPart[P], changedPart[P]]{id: "patch" + c.name, method: http.MethodPatch, path: path + "/{id}", summary: "Change " + c.one,
			about: mergePatchAbout, deed: incident.Write, do: c.patch},
		operation[removingPart, nothing]{id: "remove" + c.name, method: http.MethodDelete, path: path + "/{id}", summary: "Take out " + c.one, deed: incident.Write, do: c.remove},
	}
}

type appending[P any] struct {
	Of
	Posts[oneOrMany[P]]
}

type appended[P any] struct {
	ETag     string           `header:"ETag" doc:"Of the part, when one was sent."`
	Location string           `header:"Location" doc:"Of the part, when one was sent."`
	Body     partsAnswered[P] // as sent: one, or an array
}

func (c parts[P, PP]) append(ctx context.Context, by incident.Actor, req *appending[P]) (*appended[P], error) {
	sent := req.Body.value
	new := make([]incident.Part, len(sent.items))
	for i := range sent.items {
		new[i] = PP(&sent.items[i])
	}
	kept, err := c.store.Append(ctx, by, req.Number.Number, new)
	if err != nil {
		return nil, sent.place(c.relative(err, !sent.many || len(new) == 1))
	}
	out := &appended[P]{Body: partsAnswered[P]{many: sent.many}}
	for i, odd := range c.store.OddParts(ctx, by, req.Number.Number, kept) {
		out.Body.all = append(out.Body.all, partAnswered[P]{kept[i], odd})
	}
	if !sent.many {
		out.ETag, out.Location = partTag(kept[0]), requestOf(ctx).path+"/"+kept[0].Head().ID
	}
	return out, nil
}

type listingParts struct{ Of }

func (c parts[P, PP]) list(ctx context.Context, by incident.Actor, req *listingParts) (*list[P], error) {
	in, err := c.store.Incident(ctx, by, req.Number.Number)
	if err != nil {
		return nil, err
	}
	found := in.Parts(c.kind)
	items := make([]P, len(found))
	for i := range found {
		items[i] = *found[i].(PP)
	}
	return listed(ctx, store.Page[P]{Items: items}, nil)
}

// OfPart is embedded by requests about one part.
type OfPart struct {
	Of
	ID string `path:"id" maxLength:"60" doc:"The part's id."`
}

type readingPart struct {
	OfPart
	UnlessSame
	MayMatch
}

type part[P any] struct {
	Status int
	ETag   string `header:"ETag" doc:"The part's revision."`
	Body   *P     // nil with 304
}

func (c parts[P, PP]) read(ctx context.Context, by incident.Actor, req *readingPart) (*part[P], error) {
	in, err := c.store.Incident(ctx, by, req.Number.Number)
	if err != nil {
		return nil, err
	}
	found, ok := in.Part(c.kind, req.ID)
	if !ok {
		return nil, incident.Refuse(incident.NotFound, "", "there is no such part of "+req.Number.String()+", or you may not see it")
	}
	tag := partTag(found)
	if err := req.agrees(tag); err != nil {
		return nil, err
	}
	if req.has(tag) {
		return &part[P]{Status: http.StatusNotModified, ETag: tag}, nil
	}
	return &part[P]{Status: http.StatusOK, ETag: tag, Body: found.(PP)}, nil
}

type patchingPart[P any] struct {
	OfPart
	MustMatch
	Carries[partPatch[P]]
}

type changedPart[P any] struct {
	ETag string `header:"ETag" doc:"The part's revision."`
	Body partAnswered[P]
}

func (c parts[P, PP]) patch(ctx context.Context, by incident.Actor, req *patchingPart[P]) (*changedPart[P], error) {
	revision, err := req.ofPart()
	if err != nil {
		return nil, err
	}
	changed, err := c.store.ChangePart(ctx, by, req.Number.Number, c.kind, req.ID, revision, func(p incident.Part) error {
		return applyToPart[P, PP](req.Body.value.mergePatch, p.(PP))
	})
	if err != nil {
		return nil, c.relative(err, true)
	}
	odd := c.store.OddParts(ctx, by, req.Number.Number, []incident.Part{changed})[0]
	return &changedPart[P]{ETag: partTag(changed), Body: partAnswered[P]{changed, odd}}, nil
}

// relative makes the pointers of a refusal begin at the part, where a rule of
// the whole record let them begin at the record. It needs to be the only part.
func (c parts[P, PP]) relative(err error, only bool) error {
	var refusal *incident.Error
	if !only || !errors.As(err, &refusal) {
		return err
	}
	moved := *refusal
	moved.Fields = map[string]string{}
	for pointer, wrong := range refusal.Fields {
		if rest, inside := strings.CutPrefix(pointer, c.kind.Pointer()+"/"); inside {
			_, field, _ := strings.Cut(rest, "/")
			pointer = "/" + field
		}
		moved.Fields[pointer] = wrong
	}
	return &moved
}

type removingPart struct {
	OfPart
	MustMatch
}

func (c parts[P, PP]) remove(ctx context.Context, by incident.Actor, req *removingPart) (*nothing, error) {
	revision, err := req.ofPart()
	if err != nil {
		return nil, err
	}
	return done(c.store.RemovePart(ctx, by, req.Number.Number, c.kind, req.ID, revision))
}

// partPatch changes a part.
type partPatch[P any] struct{ mergePatch[P] }

// Schema is the part's with every key optional.
func (partPatch[P]) Schema(r huma.Registry) *huma.Schema {
	return named(r, reflect.TypeFor[P]().Name()+"Patch", func() *huma.Schema {
		return patchOf(r, *new(P), func(key string) bool { return key == "id" })
	})
}

// notInPartPatch lists the keys of parts that Debrief assigns.
func notInPartPatch[P any, PP partOf[P]]() []settled[P] {
	keys := []settled[P]{
		{"/id", "is the part's for ever: leave it out", func(p *P) any { return PP(p).Head().ID }},
		{"/revision", "is assigned by Debrief: leave it out, and send If-Match", func(p *P) any { return PP(p).Head().Revision }},
	}
	if PP(nil).PartKind() == incident.Comments {
		comment := func(p *P) *incident.Comment { return any(p).(*incident.Comment) }
		keys = append(keys, settled[P]{"/author", "is who wrote the comment: leave it out", func(p *P) any { return comment(p).Author }},
			settled[P]{"/at", "is when the comment was written: leave it out", func(p *P) any { return comment(p).At }})
	}
	return keys
}

// applyToPart changes a part in place, but for what Debrief assigns.
func applyToPart[P any, PP partOf[P]](patch mergePatch[P], p PP) error {
	said, err := patch.alone()
	if err != nil {
		return err
	}
	if err := patch.refuse(notInPartPatch[P, PP](), p, said); err != nil {
		return err
	}
	next := PP(new(P))
	if err := patch.patched(p, next); err != nil {
		return err
	}
	next.Head().ID, next.Head().Revision = p.Head().ID, p.Head().Revision
	*p = *next
	return nil
}
