drop function more_words;
drop table search;
