delete from reminders where kind = 'digest';
alter table reminders
	drop constraint reminder_kind_is_known,
	drop constraint reminder_is_about_something,
	drop constraint reminder_of_a_digest_is_once,
	drop column period,
	add constraint reminder_kind_is_known check (kind in ('overdue', 'promise')),
	add constraint reminder_is_about_something check ((kind = 'overdue') = (day is not null) and (kind = 'promise') = (incident is not null and message is not null and promised_at is not null));
alter table people
	drop column digests;
