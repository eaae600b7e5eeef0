-- The words of each incident, plain; those of its private parts apart, for the people named on it.
create table search (
	incident      bigint   not null,
	body          text     not null,
	words         tsvector not null,
	private_body  text     not null,
	private_words tsvector not null,
	constraint search_pkey primary key (incident),
	constraint search_of_an_incident foreign key (incident) references incidents (number)
);
create index search_words on search using gin (words) with (fastupdate = off);
create index search_private_words on search using gin (private_words) with (fastupdate = off);

-- more_words adds the words of a text, if they fit into a tsvector: what cannot be found must not refuse a write.
create function more_words(words tsvector, added text) returns tsvector
	language plpgsql immutable parallel safe
as $$
begin
	return words || to_tsvector('pg_catalog.simple', added);
exception when program_limit_exceeded then
	return words;
end
$$;
