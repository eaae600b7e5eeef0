alter table actions drop constraint action_due_is_in_range;
alter table impacts drop constraint impact_figures_are_few;
alter table incident_people drop constraint named_people_are_few;
alter table incidents
	drop constraint created_by_has_length,
	drop constraint approvals_are_a_list,
	drop constraint reviewers_are_few,
	drop constraint revision_is_positive;
create or replace function sound(m moment) returns boolean
	language sql immutable parallel safe
	return m is null or coalesce(
		(m).precision in ('second', 'minute', 'hour', 'day', 'unknown')
		and ((m).at is null) = ((m).precision = 'unknown')
		and ((m).at is null or isfinite((m).at))
		and char_length((m).zone) between 1 and 64
		and coalesce(octet_length((m).as_written), 0) <= 200,
		false);
