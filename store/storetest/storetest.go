// Package storetest gives each test a migrated PostgreSQL database of its own. Each test process runs
// one server, whose cluster is kept between runs, in memory where that is possible; each test gets a
// copy of a template that the migrations made. Without any way to a server tests fail.
package storetest

import (
	"context"
	"fmt"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// Key is the history key of every store that this package opens.
var Key = []byte("the history key of tests 32 byte")

// patience bounds making and dropping a database.
const patience = time.Minute

var count atomic.Int64

// New opens a new, empty, migrated database and drops it when the test ends.
func New(t testing.TB) *store.Store {
	t.Helper()
	return Open(t, URL(t))
}

// Open opens the database at an address that URL gave, until the test ends.
func Open(t testing.TB, address string) *store.Store {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	s, err := store.Open(ctx, store.Options{URL: address, Key: Key})
	if err != nil {
		t.Fatalf("open a test database: %v", err)
	}
	t.Cleanup(s.Close)
	return s
}

// URL is the address of a new, empty, migrated database, which is dropped when the test ends.
func URL(t testing.TB) string {
	t.Helper()
	sv, err := shared()
	if err != nil {
		t.Fatalf("tests need a PostgreSQL server: %v", err)
	}
	name := fmt.Sprintf("test_%d", count.Add(1))
	if err := sv.admin(fmt.Sprintf(`create database %s owner debrief template %s%s`, name, sv.template, sv.strategy)); err != nil {
		t.Fatalf("make a test database: %v", err)
	}
	t.Cleanup(func() {
		if err := sv.admin(`drop database ` + name + ` with (force)`); err != nil {
			t.Errorf("drop a test database: %v", err)
		}
	})
	return sv.address(name)
}

// Person adds somebody to the installation and gives the actor that they are when signed in.
func Person(t testing.TB, s *store.Store, name string, role incident.Role) incident.Actor {
	t.Helper()
	p, err := s.AddPerson(t.Context(), store.System(), store.Person{Name: name, Role: role})
	if err != nil {
		t.Fatalf("add %s: %v", name, err)
	}
	return incident.Actor{PersonID: p.ID, Name: p.Name, Role: p.Role}
}

// admin runs one statement as the server's superuser.
func (sv *server) admin(statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience) // a test's own context has ended at cleanup
	defer cancel()
	conn, err := pgx.Connect(ctx, sv.running.AdminURL())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }() // the statement has been answered
	_, err = conn.Exec(ctx, statement)
	return err
}

// address is that of one of the server's databases, for the application's role.
func (sv *server) address(database string) string {
	u, err := url.Parse(sv.running.URL())
	if err != nil {
		panic(fmt.Sprintf("the server's own address cannot be read: %v", err))
	}
	u.Path = "/" + database
	return u.String()
}
