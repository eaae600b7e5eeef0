drop function sound;
drop type moment;
