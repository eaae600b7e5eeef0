-- A record that is brought back may name one that comes later; that a number is there when people name it, the writer sees to.
alter table incidents
	drop constraint duplicate_of_exists,
	drop constraint recurrence_of_exists;
-- These served the constraints alone.
drop index duplicates;
drop index recurrences;
