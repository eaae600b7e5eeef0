-- What is still to be done, and messages in a rare state, are found without passing by all the rest.
create index actions_to_do on actions (coalesce(due, 'infinity'::date), incident, id) where state in ('open', 'in_progress');
create index actions_by_state on actions (state, coalesce(due, 'infinity'::date), incident, id);
create index messages_by_state on messages (state, incident, id);
