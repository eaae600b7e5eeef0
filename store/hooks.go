package store

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/debriefhq/debrief/incident"
)

// What is done to webhooks, in one word of history.
const (
	didAddHook     = "webhook_added"
	didChangeHook  = "webhook_changed"
	didDisableHook = "webhook_disabled" // by the installation
	didRemoveHook  = "webhook_removed"
	didRotateHook  = "webhook_rotated"
	didTestHook    = "webhook_tested"
	didRedeliver   = "webhook_redelivered"
)

const (
	hooksPath    = "/webhooks/" // before an id in history
	mostHooks    = 100          // every change of an incident writes a row for each
	oldSecretFor = 24 * time.Hour
)

// hookColumns are those of incident.Webhook, and which secret is in use.
const hookColumns = `w.id, w.revision, w.url, w.description, w.events, w.state, w.reason, w.failing_since, w.old_secret_until, w.created_at, w.secret`

const (
	allHooks = `
	select   ` + hookColumns + `
	from     webhooks w
	order by w.created_at, w.id`
	hookByID = `
	select ` + hookColumns + `
	from   webhooks w
	where  w.id = $1`
	countHooks = `
	select count(*)
	from   webhooks`
	insertHook = `
	insert into webhooks (id, revision, url, description, events, state, created_at)
	values ($1, $2, $3, $4, $5, $6, $7)`
	// updateHook changes what a person may. One that is enabled, or has another address, begins anew.
	updateHook = `
	update webhooks
	set    revision = $2, url = $3, description = $4, events = $5, state = $6, reason = $7, secret = $8, old_secret_until = $9,
	       fails         = case when $10 then 0 else fails end,
	       failing_since = case when $10 then null else failing_since end,
	       rests_until   = case when $10 then null else rests_until end
	where  id = $1`
	deleteHook = `
	delete from webhooks
	where  id = $1`
	queueTest = `
	with queued as (
		insert into webhook_deliveries (webhook, type, version, happened_at, state, due_at, at)
		values ($1, '` + string(incident.EventTest) + `', 0, $2, 'queued', $2, $2)
		returning id
	), job as (` + insertHookJob + `)
	select id
	from   queued`
)

var missingHook = incident.Refuse(incident.NotFound, "", "there is no such webhook")

// keptHook is a row of webhooks, as far as people see it.
type keptHook struct {
	incident.Webhook
	secret int
}

func (k *keptHook) targets() []any {
	w := &k.Webhook
	return []any{&w.ID, &w.Revision, &w.URL, &w.Description, &w.Events, &w.State, &w.Reason, &w.FailingSince, &w.OldSecretUntil, &w.CreatedAt, &k.secret}
}

// hookSecret is one of a webhook's secrets, in the form of Standard Webhooks. It follows from the installation's key.
func (s *Store) hookSecret(id string, which int) string {
	number := binary.BigEndian.AppendUint64(nil, uint64(which)) //nolint:gosec // it is counted from 1
	return "whsec_" + base64.StdEncoding.EncodeToString(s.digest("webhook", []byte(id), number))
}

// Webhooks lists the team's own webhooks, the oldest first, for an admin.
func (s *Store) Webhooks(ctx context.Context, by incident.Actor) ([]incident.Webhook, error) {
	if err := may(by, incident.Administer); err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, allHooks)
	if err != nil {
		return nil, refuse(err, "list webhooks")
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (incident.Webhook, error) {
		var k keptHook
		err := row.Scan(k.targets()...)
		return k.Webhook, err
	})
	return all, refuse(err, "list webhooks")
}

// Webhook reads one, for an admin.
func (s *Store) Webhook(ctx context.Context, by incident.Actor, id string) (incident.Webhook, error) {
	if err := may(by, incident.Administer); err != nil {
		return incident.Webhook{}, err
	}
	k, err := s.hook(ctx, id)
	return k.Webhook, err
}

func (s *Store) hook(ctx context.Context, id string) (k keptHook, err error) {
	err = s.pool.QueryRow(ctx, hookByID, id).Scan(k.targets()...)
	if absent(err) {
		return k, missingHook
	}
	return k, refuse(err, "read a webhook")
}

// AddWebhook adds one, and gives the secret that is not shown again. What Debrief assigns is ignored.
func (s *Store) AddWebhook(ctx context.Context, by incident.Actor, new incident.Webhook) (incident.Webhook, string, error) {
	new = incident.Webhook{ID: newID(), Revision: 1, URL: new.URL, Description: new.Description, Events: new.Events, State: new.State}
	new.Normalize()
	if err := new.Check(s.private); err != nil {
		return new, "", err
	}
	err := s.hookWrite(ctx, by, "add a webhook", func(w *writer, h head) error {
		var count int
		if err := w.conn.QueryRow(ctx, countHooks).Scan(&count); err != nil {
			return err
		}
		if count >= mostHooks {
			return incident.Refuse(incident.Conflict, "", fmt.Sprintf("there are %d webhooks, which is the most: remove one that is not needed any more", count))
		}
		new.CreatedAt = w.at
		w.batch.Queue(insertHook, new.ID, new.Revision, new.URL, new.Description, new.Events, new.State, new.CreatedAt)
		return w.noteHook(ctx, h, didAddHook, keptHook{new, 1}, noted{ID: new.ID})
	})
	return s.hookWithSecret(ctx, new.ID, err)
}

// hookWithSecret is what a write answers that makes a secret, also when it was done before.
func (s *Store) hookWithSecret(ctx context.Context, id string, err error) (incident.Webhook, string, error) {
	var again *repeated
	if errors.As(err, &again) {
		var before noted
		if err = json.Unmarshal(again.result, &before); err == nil {
			id = before.ID
		}
	}
	if err != nil {
		return incident.Webhook{}, "", err
	}
	k, err := s.hook(ctx, id)
	if err != nil {
		return k.Webhook, "", err
	}
	return k.Webhook, s.hookSecret(id, k.secret), nil
}

// ChangeWebhook edits what a person may: address, description, events and state. Revision is the one that by read, 0
// when it was not asked: another is Stale.
func (s *Store) ChangeWebhook(ctx context.Context, by incident.Actor, id string, revision int64, edit func(*incident.Webhook) error) (incident.Webhook, error) {
	err := s.hookWrite(ctx, by, "change a webhook", func(w *writer, h head) error {
		before, err := w.hook(ctx, id)
		if err != nil {
			return err
		}
		if revision != 0 && revision != before.Revision {
			return incident.Refuse(incident.Stale, "", fmt.Sprintf("this webhook is at revision %d, not %d: read it again and repeat your change", before.Revision, revision))
		}
		said := before.Webhook
		if err := edit(&said); err != nil {
			return err
		}
		after := before
		after.URL, after.Description, after.Events, after.State = said.URL, said.Description, said.Events, said.State
		after.Normalize()
		if err := after.Check(s.private); err != nil {
			return err
		}
		if after.State == incident.WebhookActive {
			after.Reason = ""
		}
		return w.saveHook(ctx, h, didChangeHook, before, after)
	})
	var again *repeated
	if err != nil && !errors.As(err, &again) {
		return incident.Webhook{}, err
	}
	k, err := s.hook(ctx, id)
	return k.Webhook, err
}

// RotateWebhook gives a webhook another secret, which is not shown again. Unless that is to happen at once, all is
// signed with both for a day.
func (s *Store) RotateWebhook(ctx context.Context, by incident.Actor, id string, atOnce bool) (incident.Webhook, string, error) {
	err := s.hookWrite(ctx, by, "rotate the secret of a webhook", func(w *writer, h head) error {
		before, err := w.hook(ctx, id)
		if err != nil {
			return err
		}
		after := before
		after.secret++
		if until := w.at.Add(oldSecretFor); atOnce {
			after.OldSecretUntil = nil
		} else {
			after.OldSecretUntil = &until
		}
		return w.saveHook(ctx, h, didRotateHook, before, after)
	})
	return s.hookWithSecret(ctx, id, err)
}

// RemoveWebhook takes one out. Nothing more is sent to it; its log goes with time.
func (s *Store) RemoveWebhook(ctx context.Context, by incident.Actor, id string) error {
	return s.hookWrite(ctx, by, "remove a webhook", func(w *writer, h head) error {
		before, err := w.hook(ctx, id)
		if err != nil {
			return err
		}
		w.batch.Queue(deleteHook, id)
		return w.noteHook(ctx, h, didRemoveHook, before, noted{ID: id})
	})
}

// hookWrite is a write of the installation's own by an admin.
func (s *Store) hookWrite(ctx context.Context, by incident.Actor, doing string, do func(*writer, head) error) error {
	return s.write(ctx, by, incident.Administer, doing, func(w *writer) error {
		h, err := w.beginInstallation(ctx)
		if err != nil {
			return err
		}
		return do(w, h)
	})
}

func (w *writer) hook(ctx context.Context, id string) (k keptHook, err error) {
	err = w.conn.QueryRow(ctx, hookByID, id).Scan(k.targets()...)
	if absent(err) {
		return k, missingHook
	}
	return k, err
}

// saveHook queues what is different in after, and commits. Nothing different writes nothing.
func (w *writer) saveHook(ctx context.Context, h head, did string, before, after keptHook) error {
	old, err := encode(before.Webhook)
	if err != nil {
		return err
	}
	value, err := encode(after.Webhook)
	if err != nil || string(old) == string(value) && before.secret == after.secret {
		return err
	}
	after.Revision++
	anew := before.State != incident.WebhookActive && after.State == incident.WebhookActive || before.URL != after.URL
	w.batch.Queue(updateHook, after.ID, after.Revision, after.URL, after.Description, after.Events, after.State, after.Reason, after.secret, after.OldSecretUntil, anew)
	return w.noteHook(ctx, h, did, after, noted{ID: after.ID})
}

// noted is what an idempotency key keeps of a change of a webhook.
type noted struct {
	ID    string `json:"id,omitempty"`
	Event int64  `json:"event,omitempty"`
	Done  int    `json:"done,omitempty"`
}

// noteHook notes what became of a webhook, and commits. An address may hold a secret, so history keeps its host alone.
func (w *writer) noteHook(ctx context.Context, h head, did string, k keptHook, result noted) error {
	host := ""
	if u, err := url.Parse(k.URL); err == nil {
		host = u.Host
	}
	value, err := encode(struct {
		Host   string                  `json:"host"`
		Events []incident.WebhookEvent `json:"events"`
		State  incident.WebhookState   `json:"state"`
		Reason string                  `json:"reason,omitempty"`
		Secret int                     `json:"secret"`
		Done   int                     `json:"done,omitempty"`
	}{host, k.Events, k.State, k.Reason, k.secret, result.Done})
	if err != nil {
		return err
	}
	if err := w.record(h, 0, did, []diff{{op: opNote, path: hooksPath + k.ID, value: value}}); err != nil {
		return err
	}
	return w.commit(ctx, result)
}
