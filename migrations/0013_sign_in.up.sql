-- Ways to sign in beside the one-time link, sessions that their person can tell apart, and tries that are counted.
create table passwords (
	person bigint      not null,
	hash   text        not null, -- Argon2id in PHC form: parameters, salt and hash
	set_at timestamptz not null,
	constraint passwords_pkey primary key (person),
	constraint password_has_a_person foreign key (person) references people (id),
	constraint password_hash_has_length check (char_length(hash) between 1 and 400)
);

create table identities (
	id         bigint      generated always as identity,
	person     bigint      not null,
	issuer     text        not null, -- of an OpenID Connect provider
	subject    text        not null, -- what the provider calls them for ever
	created_at timestamptz not null,
	constraint identities_pkey primary key (id),
	constraint identity_has_a_person foreign key (person) references people (id),
	constraint identity_is_of_one_person unique (issuer, subject),
	constraint identity_issuer_has_length check (char_length(issuer) between 1 and 500),
	constraint identity_subject_has_length check (char_length(subject) between 1 and 255)
);
create index identities_of_a_person on identities (person);

alter table sessions
	add column id      bigint generated always as identity,
	add column way     text   not null default 'link', -- how its person signed in
	add column browser text   not null default '',
	add constraint session_id_is_its_own unique (id),
	add constraint session_way_is_known check (way in ('link', 'password', 'provider')),
	add constraint session_browser_has_length check (char_length(browser) <= 100);
create index sessions_of_a_person on sessions (person);

create table sign_in_tries (
	key   bytea       not null, -- HMAC of the name or the address that they were made with
	tries integer     not null,
	at    timestamptz not null, -- of the last one
	until timestamptz not null, -- no other before that
	constraint sign_in_tries_pkey primary key (key)
);
create index sign_in_tries_by_time on sign_in_tries (at);
