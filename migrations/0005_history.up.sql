-- What was done, by whom, in a chain per incident that only the holder of the key can write. Chain 0 is the installation's own.
create table chains (
	incident   bigint      not null,
	version    bigint      not null, -- of the newest row of history
	updated_at timestamptz not null,
	mac        bytea       not null, -- of that row
	checkpoint bigint      not null default 0, -- the newest that names this chain
	covered    bigint      not null default 0, -- the version that it names
	seal       bytea       not null, -- HMAC over the columns above but covered and updated_at
	constraint chains_pkey primary key (incident)
) with (fillfactor = 70);
create index chains_by_time on chains (updated_at, incident);
create index chains_to_cover on chains (incident) where version > covered;

create table history (
	incident bigint      not null,
	version  bigint      not null,
	at       timestamptz not null,
	person   bigint,              -- null: the installation itself
	did      text        not null,
	body     bytea       not null, -- JSON of who, when and what, with a commitment for each value
	"values" json        not null, -- [{salt, old, value}] for each change; null when erased on request
	private  text[]      not null, -- paths that are private, before or after
	mac      bytea       not null, -- HMAC(key, mac of the version before, body)
	written  xid8        not null default pg_current_xact_id(), -- orders the feed of changes by commit
	constraint history_pkey primary key (incident, version),
	constraint history_has_a_chain foreign key (incident) references chains (incident),
	constraint history_has_a_person foreign key (person) references people (id)
);
create index history_by_commit on history (written, incident, version);
create index history_of_private_paths on history (incident) where private <> '{}';

create table checkpoints (
	id    bigint      not null,
	at    timestamptz not null,
	heads bytea       not null, -- JSON of the heads that moved since the one before
	mac   bytea       not null, -- HMAC(key, mac of the one before, id, at, heads)
	constraint checkpoints_pkey primary key (id)
);

-- What a request with an Idempotency-Key made, so that its repetition makes nothing new. Kept 24 hours.
create table idempotency_keys (
	person bigint      not null, -- 0: the installation itself
	key    text        not null,
	hash   bytea       not null, -- of method, path and body
	at     timestamptz not null,
	result json,
	constraint idempotency_keys_pkey primary key (person, key),
	constraint idempotency_key_has_length check (octet_length(key) between 1 and 255)
);
create index idempotency_keys_by_time on idempotency_keys (at);
