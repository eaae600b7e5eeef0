package notify

import (
	"bufio"
	"context"
	"fmt"
	"net"
	netmail "net/mail"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// Where a process that is to be killed finds what it needs.
const (
	killedDatabase = "DEBRIEF_TEST_KILLED_DATABASE"
	killedOffice   = "DEBRIEF_TEST_KILLED_OFFICE"
	killedLease    = 2 * time.Second
)

// TestMain lets this program be one that delivers and is killed.
func TestMain(m *testing.M) {
	if os.Getenv(killedDatabase) == "" {
		os.Exit(m.Run())
	}
	if err := deliverUntilKilled(os.Getenv(killedDatabase), os.Getenv(killedOffice)); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func deliverUntilKilled(database, office string) error {
	ctx := context.Background()
	host, port, err := net.SplitHostPort(office)
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, store.Options{URL: database, Key: storetest.Key, Mails: true, Private: true})
	if err != nil {
		return err
	}
	server := &MailServer{Host: host, From: netmail.Address{Address: "status@example.com"}}
	if server.Port, err = strconv.Atoi(port); err != nil {
		return err
	}
	n, err := New(Options{Store: s, Name: "Acme status", URL: "https://status.example.com", Mail: server, Inside: true, Lease: killedLease})
	if err != nil {
		return err
	}
	if err := n.Start(ctx); err != nil {
		return err
	}
	fmt.Println("delivering")
	select {} // until we are killed
}

// begin starts a process that delivers.
func begin(t *testing.T, database string, o *office) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0]) //nolint:gosec // this program itself
	cmd.Env = append(os.Environ(), killedDatabase+"="+database, killedOffice+"="+net.JoinHostPort(o.host, strconv.Itoa(o.port)))
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have been killed already
		_ = cmd.Wait()
	})
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "delivering\n" {
		t.Fatalf("the process that delivers says %q, %v", line, err)
	}
	return cmd
}

// Of a thousand deliveries in ten pieces with DEBRIEF_TEST_ALL=1, else of a hundred in two, the last whole.
func TestWhoeverIsKilledInMidDeliveryTellsNobodyTwice(t *testing.T) {
	t.Parallel()
	subscribers, kills := 100, 1
	if os.Getenv("DEBRIEF_TEST_ALL") != "" {
		subscribers, kills = 1000, 10
	}
	database := storetest.URL(t)
	o := openOffice(t, &office{data: func(string) error { time.Sleep(5 * time.Millisecond); return nil }}, false)
	s := storetest.Open(t, database)
	mails, err := store.Open(t.Context(), store.Options{URL: database, Key: storetest.Key, Mails: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(mails.Close)
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }() // the database goes with the test
	if _, err := conn.Exec(t.Context(), `
		insert into subscribers (kind, address, folded, state, components, wanted, asked_at, confirmed_at)
		select 'email', a, a, 'active', '{}', '{}', now(), now() from (select 's' || g || '@example.com' as a from generate_series(1, $1::integer) g) x`, subscribers); err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, store: mails, by: storetest.Person(t, s, "Ada", incident.Admin)}
	in := w.send(outage())
	for kill := range kills {
		cmd := begin(t, database, o)
		for len(o.mails()) < (kill+1)*subscribers/(kills+1) {
			time.Sleep(time.Millisecond)
		}
		_ = cmd.Process.Kill() // with SIGKILL
		_ = cmd.Wait()         // says that it was killed
	}
	begin(t, database, o)
	for deadline := time.Now().Add(3 * time.Minute); ; time.Sleep(100 * time.Millisecond) {
		if got := w.states(in); got[store.Queued] == 0 && got[store.Sending] == 0 {
			break
		} else if time.Now().After(deadline) {
			t.Fatalf("deliveries are still %v", got)
		}
	}
	counts := map[string]int{}
	for _, m := range o.mails() {
		if counts[m.To]++; counts[m.To] > 1 {
			t.Errorf("%s was told %d times", m.To, counts[m.To])
		}
	}
	got := w.states(in)
	t.Logf("%d deliveries, %d kills: %d mails taken, deliveries are %v", subscribers, kills, len(o.mails()), got)
	if total := got[store.Delivered] + got[store.Unknown]; total != int64(subscribers) || got[store.Unknown] > int64(kills*hands) {
		t.Errorf("deliveries are %v, want %d delivered or unknown, at most %d of them unknown", got, subscribers, kills*hands)
	}
	if len(o.mails()) < int(got[store.Delivered]) || len(o.mails()) > subscribers {
		t.Errorf("%d mails were taken, %d are noted as delivered", len(o.mails()), got[store.Delivered])
	}
}
