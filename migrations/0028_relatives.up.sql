-- Which incidents somebody said are no relatives of each other, whichever of the two is looked at.
create table dismissals (
	low    bigint      not null,
	high   bigint      not null,
	person bigint      not null, -- 0 is the installation itself
	at     timestamptz not null,
	constraint dismissals_pkey primary key (low, high),
	constraint dismissal_is_in_order check (low < high),
	constraint dismissed_low_is_an_incident foreign key (low) references incidents (number),
	constraint dismissed_high_is_an_incident foreign key (high) references incidents (number)
);
create index dismissals_by_high on dismissals (high, low);
-- What happened again, by when it did.
create index recurrences_by_start on incidents (coalesce((started).at, created_at), number) where recurrence_of is not null and not archived;
