drop index recurrences_by_start;
drop table dismissals;
