update search
set    whole_words = more_words('', private_body)
where  private_body <> '';
alter index search_whole_words rename to search_private_words;
alter table search rename column whole_words to private_words;
