-- More of the rules that records follow, held by the database too.
create or replace function sound(m moment) returns boolean
	language sql immutable parallel safe
	return m is null or coalesce(
		(m).precision in ('second', 'minute', 'hour', 'day', 'unknown')
		and ((m).at is null) = ((m).precision = 'unknown')
		and ((m).at is null or (m).at >= '1970-01-01 00:00+00'::timestamptz and (m).at < '2201-01-01 00:00+00'::timestamptz)
		and char_length((m).zone) between 1 and 64
		and coalesce(octet_length((m).as_written), 0) <= 200,
		false);
alter table incidents
	add constraint revision_is_positive check (revision > 0),
	add constraint reviewers_are_few check (cardinality(reviewers) <= 50),
	add constraint approvals_are_a_list check (json_typeof(approvals) = 'array'),
	add constraint created_by_has_length check (char_length(created_by) <= 200);
alter table incident_people
	add constraint named_people_are_few check (position between 1 and 200);
alter table impacts
	add constraint impact_figures_are_few check (case json_typeof(figures) when 'array' then json_array_length(figures) <= 100 else false end);
alter table actions
	add constraint action_due_is_in_range check (due between '1970-01-01' and '2200-12-31');
