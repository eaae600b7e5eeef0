-- What insights count of each incident, written with it, and sheets that add it up by month and by year, made by a chore.
-- A month that was written to since its sheets were made is marked, and read from the facts.
create table facts (
	incident bigint      not null,
	reader   text        not null, -- '': everybody may know; a name in lower case: private, and that is on it; ' ': it is not counted
	month    int         not null, -- of its start, UTC, as 201307
	waiting  timestamptz,          -- until when a promise that nothing followed may be kept, the last of them
	body     jsonb       not null, -- insight.Facts
	constraint facts_pkey primary key (incident, reader),
	constraint facts_of_an_incident foreign key (incident) references incidents (number)
);
create index facts_by_month on facts (reader, month);
create index facts_by_promise on facts (reader, waiting) where waiting is not null;

create table fact_marks (
	id    bigint generated always as identity,
	month int    not null,
	constraint fact_marks_pkey primary key (id)
);
create index marks_by_month on fact_marks (month);

create table sheets (
	id        bigint generated always as identity,
	period    int    not null, -- a month, as 201307, or a year, as 2013
	kind      text   not null,
	component text   not null, -- in lower case; '': any
	severity  text   not null, -- 'any', or one
	sheet     bytea  not null,
	"values"  bytea  not null, -- of which a part is read at a time
	constraint sheets_pkey primary key (id),
	constraint sheet_is_the_only_one unique (kind, component, severity, period)
);
alter table sheets alter column "values" set storage external;
create index sheets_by_period on sheets (period);

create table sheet_years ( -- those whose sheets are made
	year int not null,
	constraint sheet_years_pkey primary key (year)
);

-- Incidents from before: a chore makes their facts.
create table facts_due (
	incident bigint not null,
	constraint facts_due_pkey primary key (incident),
	constraint facts_due_of_an_incident foreign key (incident) references incidents (number)
);
insert into facts_due (incident) select number from incidents;
