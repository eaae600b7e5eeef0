drop table idempotency_keys;
drop table checkpoints;
drop table history;
drop table chains;
