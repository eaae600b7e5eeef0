-- What customers are told: components that outsiders may see, corrections, notices and published postmortems.
alter table messages
	add column corrects text, -- id of the message whose wording it corrects
	add constraint message_corrects_has_its_form check (corrects ~ '^[a-z0-9]{12}$');

alter table components
	drop constraint components_pkey,
	drop column id,
	add column id          text        not null default substr(md5(random()::text || clock_timestamp()::text), 1, 12),
	add column revision    bigint      not null default 1,
	add column description text        not null default '',
	add column "group"     text        not null default '', -- heading on the status page
	add column position    bigint      not null default 0,
	add column audience    text        not null default 'internal',
	add column created_at  timestamptz not null default now(),
	add constraint components_pkey primary key (id),
	add constraint component_id_has_its_form check (id ~ '^[a-z0-9]{12}$'),
	add constraint component_description_has_length check (char_length(description) <= 2000),
	add constraint component_group_has_length check (char_length("group") <= 200),
	add constraint component_position_is_in_range check (position between 0 and 1000000000),
	add constraint component_audience_is_known check (audience in ('public', 'internal'));
alter table components alter column id drop default;

-- Incidents that outsiders were told of. Whether they may still know is the incident's to say.
create table notices (
	incident     bigint      not null,
	announced_at timestamptz not null,
	constraint notices_pkey primary key (incident),
	constraint notice_is_of_an_incident foreign key (incident) references incidents (number)
);
create index notices_by_time on notices (announced_at desc, incident desc);

-- Postmortems as they were published last: an edit does not change what outsiders read, publishing anew does.
create table publications (
	incident bigint      not null,
	version  bigint      not null, -- of the incident, that was published
	at       timestamptz not null,
	public   json        not null, -- incident.Public of that version
	constraint publications_pkey primary key (incident),
	constraint publication_is_of_an_incident foreign key (incident) references incidents (number)
);

-- Those that are announced already.
insert into notices (incident, announced_at)
select i.number, coalesce(min((m.at).at), i.published_at, i.created_at)
from   incidents i
left   join messages m on m.incident = i.number and m.channel = 'status_page' and m.audience = 'public' and m.state = 'sent'
where  i.review_state = 'published'
or     m.id is not null
group  by i.number;
