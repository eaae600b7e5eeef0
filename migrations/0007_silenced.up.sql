-- What people decided about findings of lint: a list of {rule, key, reason}.
alter table incidents
	add column silenced json not null default '[]',
	add constraint silenced_are_few check (case json_typeof(silenced) when 'array' then json_array_length(silenced) <= 200 else false end);
