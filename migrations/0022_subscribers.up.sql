-- Who asked to be told, and what goes out to them. Neither is told of in history: an address is a stranger's own, who
-- may have it erased.
create table subscribers (
	id           bigint      generated always as identity,
	kind         text        not null,
	address      text        not null, -- of a mailbox or a receiver, as it is written to
	folded       text        not null, -- the address without case, where case means nothing
	state        text        not null,
	components   text[]      not null, -- ids; empty is all
	wanted       text[]      not null, -- components from the next confirmation on
	asked_at     timestamptz not null, -- for a confirmation, last
	confirmed_at timestamptz,
	reason       text        not null default '', -- why nothing is sent any more
	constraint subscribers_pkey primary key (id),
	constraint subscriber_address_is_its_own unique (kind, folded),
	constraint subscriber_kind_is_known check (kind in ('email', 'webhook', 'slack', 'teams')),
	constraint subscriber_state_is_known check (state in ('pending', 'active', 'bounced')),
	constraint subscriber_address_has_length check (char_length(address) between 1 and 2000),
	constraint subscriber_components_are_few check (cardinality(components) <= 200 and cardinality(wanted) <= 200),
	constraint subscriber_reason_has_length check (char_length(reason) <= 500),
	constraint active_subscriber_has_confirmed check (state = 'pending' or confirmed_at is not null)
);
create index subscribers_by_state on subscribers (state, kind);

-- What goes out to one subscriber: a message, or, without one, the question whether they meant it. A row is "sending"
-- before anybody is contacted; when its worker dies then, nobody can know how that ended, and it becomes "unknown".
create table deliveries (
	id         bigint      generated always as identity,
	incident   bigint,              -- null for a confirmation
	message    text,                -- null for a confirmation
	subscriber bigint,              -- null when they are gone
	kind       text        not null, -- the subscriber's
	state      text        not null,
	tries      integer     not null default 0,
	due_at     timestamptz not null, -- when it is sent, or sent again
	worker     text        not null default '', -- who sends it
	lease      timestamptz,         -- until when that one answers for it
	at         timestamptz not null, -- of the state
	reason     text        not null default '',
	constraint deliveries_pkey primary key (id),
	constraint delivery_is_once_of_a_message unique (incident, message, subscriber),
	constraint delivery_is_to_a_subscriber foreign key (subscriber) references subscribers (id) on delete set null,
	constraint delivery_kind_is_known check (kind in ('email', 'webhook', 'slack', 'teams')),
	constraint delivery_state_is_known check (state in ('queued', 'sending', 'delivered', 'failed', 'unknown', 'left', 'cancelled')),
	constraint delivery_has_a_message check ((incident is null) = (message is null)),
	constraint delivery_has_a_lease check ((state = 'sending') = (lease is not null)),
	constraint delivery_reason_has_length check (char_length(reason) <= 500)
);
create index deliveries_by_subscriber on deliveries (subscriber);
create index deliveries_queued on deliveries ((case when kind = 'email' then 'mail' else 'web' end), (message is not null), due_at, id) where state = 'queued';
create index deliveries_sending on deliveries (lease) where state = 'sending';
create index deliveries_unknown on deliveries (incident, message) where state = 'unknown';
create index deliveries_of_questions on deliveries (at) where message is null;
