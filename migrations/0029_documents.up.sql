-- Whole records as they are sent, by version, kept when they are first asked for. They can be made anew at any time, so
-- the table is not logged: after a crash it is empty.
create unlogged table documents (
	incident bigint  not null,
	named    boolean not null, -- for people named on the incident: with what is private
	version  bigint  not null, -- of the record
	form     text    not null, -- which program wrote it: another one may write it in another way
	body     text    not null,
	constraint documents_pkey primary key (incident, named)
);
