drop index messages_by_state;
drop index actions_by_state;
drop index actions_to_do;
