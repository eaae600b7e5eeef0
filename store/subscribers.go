package store

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

const (
	askAgain       = "1 hour" // before an address is asked another time whether it meant it
	askedAge       = "3 days" // how long one may confirm
	freeAsks       = 20       // subscriptions that one visitor may ask for before they wait
	deliveriesKept = "1 year" // rows about what went out
)

// SubscriberState says whether anything is sent to somebody.
type SubscriberState string

// A pending subscriber has not confirmed: nothing but that question is sent to them. A bounced one does not exist where
// they said, as far as their server tells.
const (
	Pending SubscriberState = "pending"
	Active  SubscriberState = "active"
	Bounced SubscriberState = "bounced"
)

// Subscriber is somebody outside who asked to be told.
type Subscriber struct {
	ID int64 `json:"id"`
	incident.Subscription
	State       SubscriberState `json:"state" enum:"pending,active,bounced"`
	AskedAt     time.Time       `json:"asked_at" doc:"When they asked last."`
	ConfirmedAt *time.Time      `json:"confirmed_at"`
	Reason      string          `json:"reason" doc:"Why nothing is sent to them any more."`
}

const subscriberColumns = `s.id, s.kind, s.address, s.components, s.state, s.asked_at, s.confirmed_at, s.reason`

func subscriberTargets(s *Subscriber) []any {
	return []any{&s.ID, &s.Kind, &s.Address, &s.Components, &s.State, &s.AskedAt, &s.ConfirmedAt, &s.Reason}
}

const (
	// askSubscriber notes that somebody asked, and queues the question whether they meant it. An address that was asked
	// lately is left as it is.
	askSubscriber = `
	with asked as (
		insert into subscribers as s (kind, address, folded, state, components, wanted, asked_at)
		values ($1, $2, $3, 'pending', $4, $4, $5)
		on conflict on constraint subscriber_address_is_its_own do update
		set    wanted = excluded.wanted, asked_at = excluded.asked_at
		where  s.asked_at < excluded.asked_at - interval '` + askAgain + `'
		returning id, kind
	), queued as (
		insert into deliveries (subscriber, kind, state, due_at, at)
		select id, kind, 'queued', $5, $5
		from   asked
		returning kind
	)` + insertJobs
	publicComponents = `
	select count(*)
	from   components
	where  id = any($1)
	and    audience = 'public'`
	subscriberByID = `
	select ` + subscriberColumns + `, s.wanted
	from   subscribers s
	where  s.id = $1`
	confirmSubscriber = `
	update subscribers s
	set    state = 'active', components = s.wanted, confirmed_at = coalesce(s.confirmed_at, $3), reason = ''
	where  s.id = $1
	and    s.asked_at = $2`
	cancelQueued = `
	update deliveries
	set    state = 'cancelled', at = $2, reason = 'the subscriber left'
	where  subscriber = $1
	and    state = 'queued'`
	deleteSubscriber = `
	delete from subscribers
	where  id = $1
	returning kind`
	cancelLost = `
	update deliveries
	set    state = 'cancelled', at = $1, reason = 'the subscriber left'
	where  state = 'queued'
	and    subscriber is null` // queued while they left
	dropUnconfirmed = `
	delete from subscribers
	where  state = 'pending'
	and    asked_at < $1::timestamptz - interval '` + askedAge + `'`
	// dropOldDeliveries looks at the first ones alone: what was queued first is past its time first.
	dropOldDeliveries = `
	delete from deliveries
	where  id in (select id from deliveries order by id limit 10000)
	and    at < $1::timestamptz - interval '` + deliveriesKept + `'`
	dropOldQuestions = `
	delete from deliveries
	where  message is null
	and    at < $1::timestamptz - interval '` + askedAge + `'`
)

// outsider is the entrance for what outsiders write: who is told, and where. It stands beside the one door, and history
// knows nothing of it: there is no actor, only somebody who holds an address, and an address is theirs to have erased,
// which a chain that keeps every value would not allow.
func (s *Store) outsider(ctx context.Context, doing string, do func(context.Context, pgx.Tx) error) error {
	return refuse(pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return do(ctx, tx) }), doing)
}

var gone = incident.Refuse(incident.NotFound, "", "this link is none of ours, or too old: subscribe again")

// Subscribe notes that somebody asked to be told, and asks at that address whether they meant it: nothing else is sent
// there until Confirm. It ends alike for an address that is known, and for one that was asked within the last hour,
// which is not asked again. Visitor is the address that the request came from; one who asks too often is refused with
// Wait.
func (s *Store) Subscribe(ctx context.Context, sub incident.Subscription, visitor string) error {
	sub.Normalize()
	if err := sub.Check(s.private); err != nil {
		return err
	}
	if sub.Kind == incident.ByMail && !s.mails {
		return incident.Refuse(incident.Invalid, "/kind", "is not offered here: choose another way to be told")
	}
	err := s.outsider(ctx, "count who asks to be told", func(ctx context.Context, tx pgx.Tx) error {
		return takeOne(ctx, tx, s.digest("asks of an address", []byte(visitor)), freeAsks, s.clock())
	})
	if err != nil {
		return sooner(err)
	}
	return s.outsider(ctx, "subscribe", func(ctx context.Context, tx pgx.Tx) error {
		var known int
		if err := tx.QueryRow(ctx, publicComponents, sub.Components).Scan(&known); err != nil {
			return err
		}
		if known != len(sub.Components) {
			return incident.Refuse(incident.Invalid, "/components", "are not all on the status page: choose from those that are, or none for all")
		}
		_, err := tx.Exec(ctx, askSubscriber, sub.Kind, sub.Address, sub.Folded(), sub.Components, s.clock())
		return err
	})
}

// sooner gives a refusal of takeOne the words for who subscribes.
func sooner(err error) error {
	var w *Wait
	if !errors.As(err, &w) {
		return err
	}
	return &Wait{w.After, incident.Refuse(incident.TooMany, "", "too much was asked from where you are: wait "+patience(w.After)+" and try again")}
}

// Offers are the kinds that can be subscribed by, the usual one first.
func (s *Store) Offers() []incident.SubscriberKind {
	if s.mails {
		return incident.SubscriberKinds
	}
	return slices.DeleteFunc(slices.Clone(incident.SubscriberKinds), func(k incident.SubscriberKind) bool { return k == incident.ByMail })
}

// Asked is what the link in a question is about. Wanted are the components that confirming chooses.
func (s *Store) Asked(ctx context.Context, token string) (sub Subscriber, wanted []string, err error) {
	id, asked, err := s.readConfirmToken(token)
	if err != nil {
		return sub, nil, err
	}
	sub, wanted, err = s.subscriber(ctx, id)
	if err == nil && !sub.AskedAt.Equal(asked) {
		err = gone
	}
	return sub, wanted, err
}

// Confirm does what the link in a question asks. Doing it twice does it once.
func (s *Store) Confirm(ctx context.Context, token string) error {
	id, asked, err := s.readConfirmToken(token)
	if err != nil {
		return err
	}
	return s.outsider(ctx, "confirm a subscription", func(ctx context.Context, tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, confirmSubscriber, id, asked, s.clock())
		if err == nil && tag.RowsAffected() == 0 {
			err = gone
		}
		return err
	})
}

// Subscribed is whom an unsubscribe link is about; found is false when they have left.
func (s *Store) Subscribed(ctx context.Context, token string) (sub Subscriber, found bool, err error) {
	id, err := s.readLeaveToken(token)
	if err != nil {
		return sub, false, err
	}
	sub, _, err = s.subscriber(ctx, id)
	if errors.Is(err, gone) {
		return sub, false, nil
	}
	return sub, err == nil, err
}

// Unsubscribe forgets a subscriber and what was queued for them. Who has left already has left.
func (s *Store) Unsubscribe(ctx context.Context, token string) error {
	id, err := s.readLeaveToken(token)
	if err != nil {
		return err
	}
	return s.outsider(ctx, "unsubscribe", func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, cancelQueued, id, s.clock()); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, deleteSubscriber, id)
		return err
	})
}

func (s *Store) subscriber(ctx context.Context, id int64) (sub Subscriber, wanted []string, err error) {
	err = s.pool.QueryRow(ctx, subscriberByID, id).Scan(append(subscriberTargets(&sub), &wanted)...)
	if absent(err) {
		return sub, nil, gone
	}
	return sub, wanted, refuse(err, "read a subscriber")
}

// The tokens of links name a subscriber and are sealed with the installation's key: none is kept. That which confirms
// is of one question, so that the next one ends it.
func (s *Store) confirmToken(id int64, asked time.Time) string {
	return s.sealed("confirm a subscription", id, asked.UnixMicro())
}

func (s *Store) leaveToken(id int64) string { return s.sealed("unsubscribe", id) }

func (s *Store) sealed(purpose string, numbers ...int64) string {
	var text strings.Builder
	var bytes []byte
	for _, n := range numbers {
		_, _ = fmt.Fprint(&text, strconv.FormatInt(n, 36), ".") // never fails
		bytes = binary.BigEndian.AppendUint64(bytes, uint64(n)) //nolint:gosec // the bits are what is sealed, whatever their sign
	}
	return text.String() + base64.RawURLEncoding.EncodeToString(s.digest(purpose, bytes)[:sha256.Size/2])
}

func (s *Store) readConfirmToken(token string) (id int64, asked time.Time, err error) {
	words := strings.Split(token, ".")
	if len(words) != 3 {
		return 0, asked, gone
	}
	id, _ = strconv.ParseInt(words[0], 36, 64) // what is no number has no seal either
	micro, _ := strconv.ParseInt(words[1], 36, 64)
	asked = time.UnixMicro(micro).UTC()
	if !equal([]byte(token), []byte(s.confirmToken(id, asked))) {
		return 0, asked, gone
	}
	return id, asked, nil
}

func (s *Store) readLeaveToken(token string) (id int64, err error) {
	word, _, _ := strings.Cut(token, ".")
	id, _ = strconv.ParseInt(word, 36, 64) // what is no number has no seal either
	if !equal([]byte(token), []byte(s.leaveToken(id))) {
		return 0, gone
	}
	return id, nil
}
