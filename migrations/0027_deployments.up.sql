-- What reached production, to be laid beside incidents, and how many of them there were by day, kept so that nobody counts them.
create table deployments (
	id          text        not null,
	component   text        not null,
	version     text        not null,
	at          moment      not null,
	state       text        not null,
	environment text        not null,
	by          text        not null,
	link        text        not null,
	source      text        not null,
	external_id text        not null, -- '': the source has no name for it
	created_at  timestamptz not null,
	constraint deployments_pkey primary key (id),
	constraint deployment_id_has_its_form check (id ~ '^[a-z0-9]{12}$'),
	constraint deployment_component_has_length check (char_length(component) between 1 and 200),
	constraint deployment_version_has_length check (char_length(version) between 1 and 200),
	constraint deployment_at_is_sound check (sound(at) and (at).at is not null),
	constraint deployment_state_is_known check (state in ('succeeded', 'failed')),
	constraint deployment_texts_have_length check (greatest(char_length(environment), char_length(by), char_length(external_id)) <= 200
		and char_length(source) <= 60 and char_length(link) <= 2000)
);
create index deployments_by_time on deployments (((at).at), id);
create index deployments_by_component on deployments (lower(component), ((at).at), id);
create unique index deployments_by_source on deployments (source, external_id) where external_id <> '';

create table deployment_days (
	component text   not null, -- in lower case; '': all of them
	day       date   not null, -- UTC
	succeeded bigint not null,
	failed    bigint not null,
	constraint deployment_days_pkey primary key (component, day)
);
