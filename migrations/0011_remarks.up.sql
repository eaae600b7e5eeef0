-- A remark on a statement that only the people named on an incident may see is hidden with it, as one on a part is.
create or replace view private_parts as
	select incident, id from entries where audience = 'private'
	union all
	select incident, id from impacts where audience = 'private'
	union all
	select incident, id from whys where audience = 'private'
	union all
	select incident, id from factors where audience = 'private'
	union all
	select incident, id from lessons where audience = 'private'
	union all
	select incident, id from messages where audience = 'private'
	union all
	select incident, id from actions where audience = 'private'
	union all
	select number, 'trigger' from incidents where trigger_audience = 'private'
	union all
	select number, 'technical_cause' from incidents where technical_cause_audience = 'private'
	union all
	select number, 'process_cause' from incidents where process_cause_audience = 'private';
alter table comments add constraint comment_on_names_a_place check ("on" ~ '^[a-z0-9_]*$');
