-- Search by weighted words, made by the application: a line of text for each place of a record, the words that
-- everybody may find, and a lexicon of them. The rows come back one by one: a chore reads the records anew.
drop table search;
drop function more_words;
create table search (
	incident     bigint   not null,
	body         text     not null, -- a line for each text: its place, a tab, the text
	private_body text     not null, -- the same of what only the people named may see
	words        tsvector not null, -- of body, where everybody may know of the incident; else empty, so that no look into the index tells of it
	whole_words  tsvector not null, -- of both, where something is hidden; else empty
	hides        boolean  not null, -- some of it only the people named may find
	constraint search_pkey primary key (incident),
	constraint search_of_an_incident foreign key (incident) references incidents (number)
);
create index search_words on search using gin (words) with (fastupdate = off);
create index search_hidden on search (incident) where hides;

-- more_words joins words, if they fit into a tsvector: what cannot be found must not refuse a write.
create function more_words(words tsvector, added tsvector) returns tsvector
	language plpgsql immutable parallel safe
as $$
begin
	return words || added;
exception when program_limit_exceeded then
	return words;
end
$$;

-- The words that everybody may find, for what was mistyped, and how rare each is. Writers add rows to word_news and wait
-- for nobody; a chore adds them up.
create table lexicon (
	word    text   collate "C" not null, -- '' counts the incidents
	stem    text   collate "C" not null,
	near    text[] not null, -- the word, and what it is without any one of its letters
	records bigint not null, -- about so many
	constraint lexicon_pkey primary key (word)
);
create index lexicon_by_stem on lexicon (stem);
create index lexicon_by_near on lexicon using gin (near) with (fastupdate = off);
create table word_news (
	id      bigint   generated always as identity,
	words   text[]   not null,
	times   bigint[] not null, -- how many incidents have each; empty is one
	records bigint   not null, -- incidents that are new with them
	constraint word_news_pkey primary key (id)
);

-- Filters of the search box.
create index factors_by_category on factors (lower(category), incident);
create index people_by_name on incident_people (lower(name), incident);
create index recurrences_by_number on incidents (number) where recurrence_of is not null and not archived;

create table unindexed (
	incident bigint not null,
	constraint unindexed_pkey primary key (incident)
);
insert into unindexed select number from incidents;
