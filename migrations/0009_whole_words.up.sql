-- A search by somebody who may see all of an incident looks at all its words together, also when some are private.
alter table search rename column private_words to whole_words; -- empty when nothing is private
alter index search_private_words rename to search_whole_words;
update search
set    whole_words = more_words(words, private_body)
where  private_body <> '';
