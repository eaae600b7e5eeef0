-- Views of the list that people keep: the filters of an address under a name, for one person or for everybody.
create table views (
	id         bigint      generated always as identity,
	person     bigint,               -- null: shared with everybody
	name       text        not null,
	whose      bigint      not null generated always as (coalesce(person, 0)) stored,
	folded     text        not null, -- the name in lower case, as the application folds it
	query      text        not null, -- the part of the address after the question mark
	created_at timestamptz not null,
	constraint views_pkey primary key (id),
	constraint view_has_a_person foreign key (person) references people (id),
	constraint view_name_is_free unique (whose, folded),
	constraint view_name_has_length check (char_length(name) between 1 and 100),
	constraint view_query_has_length check (octet_length(query) between 1 and 4000)
);
