drop table publications;
drop table notices;
alter table components
	drop constraint components_pkey,
	drop column id,
	drop column revision,
	drop column description,
	drop column "group",
	drop column position,
	drop column audience,
	drop column created_at,
	add column id bigint generated always as identity,
	add constraint components_pkey primary key (id);
alter table messages drop column corrects;
