-- A moment is a point in time as people told it: an instant, or none, with zone, precision and words.
create type moment as (
	at          timestamptz,
	zone        text,
	precision   text,
	approximate boolean,
	as_written  text
);

-- sound tells whether a moment may be kept. An unknown instant has the precision unknown, and only that.
create function sound(m moment) returns boolean
	language sql immutable parallel safe
	return m is null or coalesce(
		(m).precision in ('second', 'minute', 'hour', 'day', 'unknown')
		and ((m).at is null) = ((m).precision = 'unknown')
		and ((m).at is null or isfinite((m).at))
		and char_length((m).zone) between 1 and 64
		and coalesce(octet_length((m).as_written), 0) <= 200,
		false);
