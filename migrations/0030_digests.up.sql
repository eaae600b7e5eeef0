-- Who wants the digest of each month by mail. It is a reminder of its own kind.
alter table people
	add column digests boolean not null default false; -- they are wanted
alter table reminders
	add column period text, -- of a digest
	drop constraint reminder_kind_is_known,
	drop constraint reminder_is_about_something,
	add constraint reminder_kind_is_known check (kind in ('overdue', 'promise', 'digest')),
	add constraint reminder_is_about_something check ((kind = 'overdue') = (day is not null) and (kind = 'digest') = (period is not null) and (kind = 'promise') = (incident is not null and message is not null and promised_at is not null)),
	add constraint reminder_of_a_digest_is_once unique (person, period);
