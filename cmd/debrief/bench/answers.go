package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/debriefhq/debrief/incident"
)

// page is a list as the API gives it.
type page struct {
	Items []incident.Heading `json:"items"`
	Next  string             `json:"next"`
}

func pageOf(body []byte) (page, error) {
	var p page
	if err := json.Unmarshal(body, &p); err != nil {
		return p, fmt.Errorf("read a page: %w", err)
	}
	if len(p.Items) == 0 {
		return p, fmt.Errorf("a page is empty: %.200s", body)
	}
	return p, nil
}

// findsOnly checks that a search finds records that hold the word, and no others.
func (b *bench) findsOnly(ctx context.Context, a ask, word string) error {
	_, body, err := b.ours.once(ctx, a)
	if err != nil {
		return err
	}
	p, err := pageOf(body)
	if err != nil {
		return err
	}
	for _, hit := range p.Items {
		if int(hit.Number) <= b.Size && !b.Holds(word, int(hit.Number)) {
			return fmt.Errorf("a search for %s finds %s, which does not hold it", word, hit.Number)
		}
	}
	return nil
}

// recordOf reads from our answer what both sides must tell: title, ids of entries, summary.
func recordOf(body []byte) (told []string, err error) {
	var in incident.Incident
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, fmt.Errorf("read a record: %w", err)
	}
	told = append(told, in.Title, in.Summary)
	for _, k := range incident.PartKinds {
		for _, p := range in.Parts(k) {
			if p.Seen() != incident.AudiencePrivate {
				told = append(told, string(k)+" "+p.Head().ID)
			}
		}
	}
	slices.Sort(told)
	return told, nil
}

// rowsRecord reads it from the bare answer.
func rowsRecord(body []byte) (told []string, err error) {
	var rows map[string][]struct {
		ID, Title, Summary string
		Audience           incident.Audience
	}
	if err := json.Unmarshal(body, &rows); err != nil {
		return nil, fmt.Errorf("read rows: %w", err)
	}
	for _, own := range rows["incidents"] {
		told = append(told, own.Title, own.Summary)
	}
	kinds := map[string]incident.PartKind{"entries": incident.Timeline, "impacts": incident.Impacts, "whys": incident.Whys, "factors": incident.Factors,
		"lessons": incident.Lessons, "messages": incident.Messages, "actions": incident.Actions, "comments": incident.Comments}
	for table, kind := range kinds {
		for _, p := range rows[table] {
			if p.Audience != incident.AudiencePrivate {
				told = append(told, string(kind)+" "+p.ID)
			}
		}
	}
	slices.Sort(told)
	return told, nil
}

// sameAnswer checks that both sides tell the same.
func (b *bench) sameAnswer(ctx context.Context, ours, plain ask, ofOurs, ofPlain func([]byte) ([]string, error)) error {
	_, one, err := b.ours.once(ctx, ours)
	if err != nil {
		return err
	}
	_, other, err := b.bare.once(ctx, plain)
	if err != nil {
		return err
	}
	want, err := ofOurs(one)
	if err != nil {
		return err
	}
	got, err := ofPlain(other)
	if err != nil {
		return err
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("%s tells %.500q and the bare handler %.500q", ours.path, want, got)
	}
	return nil
}

// rowCounts are how many rows tables have that the measured writes fill.
type rowCounts struct{ Incidents, Entries, Changes int64 }

const countRows = `
	select (select count(*) from incidents), (select count(*) from entries), (select count(*) from history)`

func (b *bench) counts(ctx context.Context) (c rowCounts, err error) {
	if err := b.pool.QueryRow(ctx, countRows).Scan(&c.Incidents, &c.Entries, &c.Changes); err != nil {
		return c, fmt.Errorf("count rows: %w", err)
	}
	return c, nil
}

// grewBy checks that tables have as many rows more as were written.
func (b *bench) grewBy(ctx context.Context, before, by rowCounts) error {
	now, err := b.counts(ctx)
	if err != nil {
		return err
	}
	got := rowCounts{now.Incidents - before.Incidents, now.Entries - before.Entries, now.Changes - before.Changes}
	if got != by {
		return fmt.Errorf("after the writes there are %+v rows more, and %+v were answered for", got, by)
	}
	return nil
}
