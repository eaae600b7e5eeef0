alter table comments drop constraint comment_on_names_a_place;
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
	select incident, id from actions where audience = 'private';
