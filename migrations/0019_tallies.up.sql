-- How many incidents there are by status and severity, kept so that no page counts them: what was added up, and what
-- writers noted since. They only add rows, so none waits for another; a chore adds them up.
create table tallies (
	reader    text   not null, -- '': incidents that everybody may know of; else private ones on which this name is, in lower case
	status    text   not null,
	severity  text   not null,
	incidents bigint not null, -- without archived ones
	constraint tallies_pkey primary key (reader, status, severity)
);
create table tally_changes (
	id       bigint generated always as identity,
	reader   text   not null,
	status   text   not null,
	severity text   not null,
	change   bigint not null,
	constraint tally_changes_pkey primary key (id)
);
insert into tallies (reader, status, severity, incidents)
select   case i.visibility when 'internal' then '' else n.name end, i.status, i.severity, count(*)
from     incidents i
left     join named n on n.incident = i.number and i.visibility = 'private'
where    not i.archived
and      (i.visibility = 'internal' or n.name is not null)
group by 1, 2, 3;
