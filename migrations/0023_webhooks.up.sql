-- The team's own webhooks, and what goes out to them. Their secrets are made of the installation's key: none is kept.
create table webhooks (
	id               text        not null,
	revision         bigint      not null,
	url              text        not null,
	description      text        not null,
	events           text[]      not null, -- types; empty is all
	state            text        not null,
	reason           text        not null default '', -- why it is disabled, when nobody did that
	secret           integer     not null default 1, -- which of its secrets is in use
	old_secret_until timestamptz,          -- until when the one before is, too
	created_at       timestamptz not null,
	fails            integer     not null default 0, -- tries since one went well
	failing_since    timestamptz,          -- the first of them
	rests_until      timestamptz,          -- after one that failed
	busy_until       timestamptz,          -- until when a worker answers for the delivery under way: there is one at a time
	tried_at         timestamptz,
	constraint webhooks_pkey primary key (id),
	constraint webhook_id_has_its_form check (id ~ '^[a-z0-9]{12}$'),
	constraint webhook_url_has_length check (char_length(url) between 1 and 2000),
	constraint webhook_description_has_length check (char_length(description) <= 500),
	constraint webhook_events_are_few check (cardinality(events) <= 50),
	constraint webhook_state_is_known check (state in ('active', 'disabled')),
	constraint webhook_reason_has_length check (char_length(reason) <= 500)
);

-- An event for one webhook. No key points to webhooks: all writers of incidents would lock its rows, and one whose
-- webhook was removed meanwhile would fail. What is left of a webhook goes with its time.
create table webhook_deliveries (
	id          bigint      generated always as identity,
	webhook     text        not null,
	type        text        not null,
	incident    bigint,              -- null for a test
	version     bigint      not null, -- of the incident
	happened_at timestamptz not null,
	state       text        not null,
	tries       integer     not null default 0,
	due_at      timestamptz not null, -- when it is sent, or sent again
	worker      text        not null default '', -- who sends it
	lease       timestamptz,         -- until when that one answers for it
	at          timestamptz not null, -- of the state
	status      integer     not null default 0, -- of the last answer
	reason      text        not null default '',
	request     text        not null default '', -- the body
	answer      text        not null default '', -- its beginning
	constraint webhook_deliveries_pkey primary key (id),
	constraint webhook_delivery_state_is_known check (state in ('queued', 'sending', 'delivered', 'failed', 'cancelled')),
	constraint webhook_delivery_has_a_lease check ((state = 'sending') = (lease is not null)),
	constraint webhook_delivery_texts_have_length check (char_length(reason) <= 500 and char_length(request) <= 2000 and char_length(answer) <= 1000)
);
create index webhook_deliveries_of_one on webhook_deliveries (webhook, id);
create index webhook_deliveries_queued on webhook_deliveries (webhook, due_at, id) where state = 'queued';
create index webhook_deliveries_sending on webhook_deliveries (lease) where state = 'sending';
create index webhook_deliveries_failed on webhook_deliveries (webhook, id) where state = 'failed';
