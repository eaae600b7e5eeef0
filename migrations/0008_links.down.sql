create index duplicates on incidents (duplicate_of) where duplicate_of is not null;
create index recurrences on incidents (recurrence_of) where recurrence_of is not null;
alter table incidents
	add constraint duplicate_of_exists foreign key (duplicate_of) references incidents (number) not valid,
	add constraint recurrence_of_exists foreign key (recurrence_of) references incidents (number) not valid;
