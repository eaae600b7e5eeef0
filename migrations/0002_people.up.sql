-- Who may sign in, and with what. Secrets are kept as SHA-256 of 32 random bytes' text, never as they are.
create table people (
	id         bigint      generated always as identity,
	name       text        not null,
	folded     text        not null, -- the name in lower case, as the application folds it
	role       text        not null,
	disabled   boolean     not null default false,
	created_at timestamptz not null,
	constraint people_pkey primary key (id),
	constraint person_name_is_free unique (folded),
	constraint person_name_has_length check (char_length(name) between 1 and 200),
	constraint person_role_is_known check (role in ('viewer', 'responder', 'reviewer', 'admin'))
);

create table tokens (
	id         bigint      generated always as identity,
	person     bigint      not null,
	digest     bytea       not null,
	name       text        not null,
	role       text        not null,
	scope      text        not null,
	created_at timestamptz not null,
	expires    timestamptz,
	revoked    timestamptz,
	constraint tokens_pkey primary key (id),
	constraint token_has_a_person foreign key (person) references people (id),
	constraint token_digest_is_its_own unique (digest),
	constraint token_name_has_length check (char_length(name) <= 200),
	constraint token_role_is_known check (role in ('viewer', 'responder', 'reviewer', 'admin')),
	constraint token_scope_is_known check (scope in ('read', 'write', 'full'))
);
create index tokens_of_a_person on tokens (person);

create table sessions (
	digest     bytea       not null,
	person     bigint      not null,
	created_at timestamptz not null,
	expires    timestamptz not null,
	constraint sessions_pkey primary key (digest),
	constraint session_has_a_person foreign key (person) references people (id)
);
create index sessions_by_end on sessions (expires);

create table sign_in_links (
	digest     bytea       not null,
	person     bigint      not null,
	created_at timestamptz not null,
	expires    timestamptz not null,
	constraint sign_in_links_pkey primary key (digest),
	constraint link_has_a_person foreign key (person) references people (id)
);
create index sign_in_links_by_end on sign_in_links (expires);
