-- Who looks at which incident now. Unlogged: after a crash nobody does, until their pages say so again.
create unlogged table visits (
	id       bigint      not null, -- drawn at random; one for each page that is open
	incident bigint      not null,
	person   bigint      not null,
	until    timestamptz not null, -- when they are taken to have gone, unless the page says that it is still open
	constraint visits_pkey primary key (id)
);
create index visits_by_incident on visits (incident);
create index visits_by_time on visits (until);
