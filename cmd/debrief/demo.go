package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
	"github.com/debriefhq/debrief/store"
)

// demo is one filing of the demo.
type demo struct {
	st     *store.Store
	now    time.Time
	people map[string]incident.Actor
	filed  map[string]incident.Heading // by the name of the record's file
}

// fileDemo files the demo once in the life of an installation, whatever else
// is in it, and goes on where a start was cut short. All of it goes through
// the one door, as people of the demo.
func fileDemo(ctx context.Context, st *store.Store, now time.Time) error {
	d := &demo{st: st, now: now, people: map[string]incident.Actor{}, filed: map[string]incident.Heading{}}
	if complete, err := d.know(ctx); err != nil || complete {
		return err
	}
	for _, p := range demoPeople {
		if err := d.add(ctx, p); err != nil {
			return err
		}
	}
	if _, err := d.know(ctx); err != nil {
		return err
	}
	if err := d.find(ctx); err != nil {
		return err
	}
	for _, r := range demoRecords {
		if err := d.file(ctx, r); err != nil {
			return fmt.Errorf("file %s: %w", r.name, err)
		}
	}
	for _, r := range demoRecords {
		if err := d.live(ctx, r); err != nil {
			return fmt.Errorf("take %s through its life: %w", r.name, err)
		}
	}
	if err := d.show(ctx); err != nil {
		return err
	}
	return d.add(ctx, lastDemoPerson)
}

// add adds somebody, unless they are there already.
func (d *demo) add(ctx context.Context, p store.Person) error {
	_, err := d.st.AddPerson(ctx, store.System(), p)
	if err != nil && !errors.Is(err, incident.Conflict) {
		return fmt.Errorf("add %s: %w", p.Name, err)
	}
	return nil
}

// know learns who the people are. It is true when the demo is complete.
func (d *demo) know(ctx context.Context) (complete bool, err error) {
	people, err := d.st.People(ctx, store.System())
	if err != nil {
		return false, err
	}
	for _, p := range people {
		d.people[p.Name] = incident.Actor{PersonID: p.ID, Name: p.Name, Role: p.Role}
	}
	_, complete = d.people[lastDemoPerson.Name]
	return complete, nil
}

// find looks for what a start that was cut short has filed: what has the title
// of one of the demo's records, and was filed by that record's person.
func (d *demo) find(ctx context.Context) error {
	names := map[[2]string]string{}
	for _, r := range demoRecords {
		in, err := r.read()
		if err != nil {
			return err
		}
		names[[2]string{r.by, in.Title}] = r.name
	}
	for _, p := range demoPeople {
		for cursor := ""; ; {
			page, err := d.st.Incidents(ctx, d.people[p.Name], store.Filter{Limit: 200, Cursor: cursor})
			if err != nil {
				return err
			}
			for _, h := range page.Items {
				if name, ok := names[[2]string{h.CreatedBy, h.Title}]; ok {
					d.filed[name] = h
				}
			}
			if cursor = page.Next; cursor == "" {
				break
			}
		}
	}
	return nil
}

// as is a person of the demo, for a deed that is done once, also when two
// processes start together.
func (d *demo) as(person, deed string) incident.Actor {
	hash := sha256.Sum256([]byte(deed))
	by := d.people[person]
	by.Once = incident.Once{Key: "demo: " + deed, Hash: hash[:]}
	return by
}

// file files a record that is not there yet.
func (d *demo) file(ctx context.Context, r demoRecord) error {
	if _, ok := d.filed[r.name]; ok {
		return nil
	}
	in, err := r.read()
	if err != nil {
		return err
	}
	if r.relative != "" {
		in.Related = []incident.Number{d.filed[r.relative].Number}
	}
	filed, err := d.st.File(ctx, d.as(r.by, "file "+r.name), in)
	if err != nil {
		return err
	}
	d.filed[r.name] = filed.Heading
	return nil
}

// live makes those moves of a record that have not been made. Each makes one
// version, so the version tells how many have been.
func (d *demo) live(ctx context.Context, r demoRecord) error {
	in := d.filed[r.name]
	for made := int(in.Version) - 1; made < len(r.moves); made++ {
		move := r.moves[made]
		by := d.as(move.by, fmt.Sprintf("move %d of %s", made+1, r.name))
		if err := move.do(ctx, d, by, in.Number); err != nil {
			return fmt.Errorf("move %d: %w", made+1, err)
		}
	}
	return nil
}

// read makes a new record from its file.
func (r demoRecord) read() (*incident.Incident, error) {
	text, err := demoFiles.ReadFile("demo/" + r.name + ".md")
	if err != nil {
		return nil, err
	}
	reading, err := document.ReadMarkdown(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", r.name, err)
	}
	return reading.Incident, nil
}
