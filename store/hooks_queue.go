package store

import (
	"encoding/json"
	"fmt"

	"github.com/debriefhq/debrief/incident"
)

// HookQueue is where the team's own webhooks wait: apart from what customers are told, which none of them holds up.
const HookQueue = "hooks"

// CallHooks is the job that there is something for webhooks of the team: what, the rows of webhook_deliveries say. It
// may run at any time, and more than once.
type CallHooks struct{}

// Kind is the job's name in the queue.
func (CallHooks) Kind() string { return "call_hooks" }

const (
	// queueHooks queues what happened, $1, for all webhooks that want it, and asks for workers, in one statement. The
	// team is not told of private incidents. What happened is JSON, of which the planner guesses the same whatever
	// stands in it: by arrays each write was planned anew, which took longer than the write.
	queueHooks = `
	with queued as (
		insert into webhook_deliveries (webhook, type, incident, version, happened_at, state, due_at, at)
		select   w.id, h.type, h.incident, h.version, $2, 'queued', $2, $2
		from     webhooks w
		cross    join json_to_recordset($1::json) as h (type text, incident bigint, version bigint)
		where    w.state = 'active'
		and      (w.events = '{}' or h.type = any(w.events))
		and      (select i.visibility from incidents i where i.number = h.incident) = 'internal'
		order by h.incident, h.version
		returning id
	)` + insertHookJob
	insertHookJob = `
	-- workers look for these
	insert into river_job (kind, queue, args, max_attempts)
	select 'call_hooks', '` + HookQueue + `', '{}', 25
	from   queued
	limit  1`
)

// happened is what history tells of a write, for webhooks.
type happened struct {
	Type     incident.WebhookEvent `json:"type"`
	Incident incident.Number       `json:"incident"`
	Version  int64                 `json:"version"`
}

func (w *writer) queueHooks() error {
	if len(w.happened) == 0 {
		return nil
	}
	text, err := json.Marshal(w.happened)
	if err != nil {
		return fmt.Errorf("write what happened: %w", err)
	}
	w.batch.Queue(queueHooks, text, w.at)
	return nil
}
