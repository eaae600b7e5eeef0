drop table unindexed;
drop index recurrences_by_number;
drop index people_by_name;
drop index factors_by_category;
drop table word_news;
drop table lexicon;
drop function more_words;
create function more_words(words tsvector, added text) returns tsvector
	language plpgsql immutable parallel safe
as $$
begin
	return words || to_tsvector('pg_catalog.simple', added);
exception when program_limit_exceeded then
	return words;
end
$$;
drop index search_hidden;
alter table search drop column hides;
update search set words = more_words('', body), whole_words = case private_body when '' then '' else more_words(more_words('', body), private_body) end;
create index search_whole_words on search using gin (whole_words) with (fastupdate = off);
