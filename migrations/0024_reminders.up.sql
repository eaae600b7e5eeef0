-- Where people are reminded by mail, and what they were reminded of. An address is its person's own: history knows that
-- it was set, and not which it is.
alter table people
	add column email       text,                          -- null: none yet. Empty: its person took it out, so that no provider's is taken
	add column reminders   boolean not null default true, -- they are wanted
	add column email_fault text    not null default '',   -- why nothing is sent there any more
	add constraint person_email_has_length check (char_length(email) <= 254),
	add constraint person_email_fault_has_length check (char_length(email_fault) <= 500);

-- Mails to people. A row is "sending" before the mail server is asked; when its worker dies then, nobody can know how
-- that ended, and it becomes "unknown".
create table reminders (
	id          bigint      generated always as identity,
	person      bigint      not null,
	kind        text        not null,
	day         date,                             -- of follow-ups: on which they were overdue
	about       text[]      not null default '{}', -- those follow-ups: incident, id and due date of each
	incident    bigint,                           -- of a promise
	message     text,                             -- that promised it
	promised_at timestamptz,
	state       text        not null,
	tries       integer     not null default 0,
	due_at      timestamptz not null, -- when it is sent, or sent again
	worker      text        not null default '', -- who sends it
	lease       timestamptz,         -- until when that one answers for it
	at          timestamptz not null, -- of the state
	reason      text        not null default '',
	constraint reminders_pkey primary key (id),
	constraint reminder_is_to_a_person foreign key (person) references people (id),
	constraint reminder_of_follow_ups_is_once_a_day unique (person, day),
	constraint reminder_of_a_promise_is_once unique (incident, message, promised_at),
	constraint reminder_kind_is_known check (kind in ('overdue', 'promise')),
	constraint reminder_is_about_something check ((kind = 'overdue') = (day is not null) and (kind = 'promise') = (incident is not null and message is not null and promised_at is not null)),
	constraint reminder_state_is_known check (state in ('queued', 'sending', 'delivered', 'failed', 'unknown', 'cancelled')),
	constraint reminder_has_a_lease check ((state = 'sending') = (lease is not null)),
	constraint reminder_reason_has_length check (char_length(reason) <= 500)
);
create index reminders_queued on reminders (due_at, id) where state = 'queued';
create index reminders_sending on reminders (lease) where state = 'sending';
create index reminders_astray on reminders (id) where state in ('failed', 'unknown');

-- Promises are found by when they are due.
create index messages_promising on messages (((next_update_at).at)) where audience = 'public' and state <> 'draft' and (next_update_at).at is not null;
