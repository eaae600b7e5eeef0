-- The parts of an incident. Each has an id that is unique within it, a revision of its own and a place in the order of writing.

create table entries (
	incident bigint not null,
	id       text   not null,
	revision bigint not null,
	position bigint not null,
	at       moment,
	until    moment,
	kind     text   not null,
	text     text   not null,
	actor    text   not null,
	source   text   not null,
	audience text   not null,
	constraint entries_pkey primary key (incident, id),
	constraint entry_is_of_an_incident foreign key (incident) references incidents (number),
	constraint entry_id_has_its_form check (id ~ '^[a-z0-9]{12}$'),
	constraint entry_position_is_in_range check (position between 0 and 1000000000),
	constraint entry_at_is_sound check (sound(at)),
	constraint entry_until_is_sound check (sound(until)),
	constraint entry_kind_is_known check (kind in ('trigger', 'impact', 'detection', 'escalation', 'action', 'decision', 'communication', 'observation', 'recovery')),
	constraint entry_text_has_length check (char_length(text) between 1 and 65536),
	constraint entry_actor_has_length check (char_length(actor) <= 200),
	constraint entry_source_has_length check (char_length(source) <= 2000),
	constraint entry_audience_is_known check (audience in ('public', 'internal', 'private'))
);

create table impacts (
	incident  bigint not null,
	id        text   not null,
	revision  bigint not null,
	position  bigint not null,
	component text   not null,
	kind      text   not null,
	level     text   not null,
	"from"    moment,
	until     moment,
	text      text   not null,
	figures   json   not null,
	audience  text   not null,
	constraint impacts_pkey primary key (incident, id),
	constraint impact_is_of_an_incident foreign key (incident) references incidents (number),
	constraint impact_id_has_its_form check (id ~ '^[a-z0-9]{12}$'),
	constraint impact_position_is_in_range check (position between 0 and 1000000000),
	constraint impact_component_has_length check (char_length(component) <= 200),
	constraint impact_kind_is_known check (kind in ('availability', 'performance', 'delay', 'correctness', 'data_loss', 'security', 'cost')),
	constraint impact_level_is_known check (level in ('', 'degraded_performance', 'partial_outage', 'major_outage', 'under_maintenance')),
	constraint impact_from_is_sound check (sound("from")),
	constraint impact_until_is_sound check (sound(until)),
	constraint impact_text_has_length check (char_length(text) <= 65536),
	constraint impact_audience_is_known check (audience in ('public', 'internal', 'private'))
);

create index impacts_by_component on impacts (lower(component), incident);

create table whys (
	incident bigint not null,
	id       text   not null,
	revision bigint not null,
	position bigint not null,
	why      text   not null,
	because  text   not null,
	evidence text[] not null,
	audience text   not null,
	constraint whys_pkey primary key (incident, id),
	constraint why_is_of_an_incident foreign key (incident) references incidents (number),
	constraint why_id_has_its_form check (id ~ '^[a-z0-9]{12}$'),
	constraint why_position_is_in_range check (position between 0 and 1000000000),
	constraint why_why_has_length check (char_length(why) between 1 and 65536),
	constraint why_because_has_length check (char_length(because) <= 65536),
	constraint why_evidence_is_short check (cardinality(evidence) <= 100),
	constraint why_audience_is_known check (audience in ('public', 'internal', 'private'))
);

create table factors (
	incident   bigint not null,
	id         text   not null,
	revision   bigint not null,
	position   bigint not null,
	text       text   not null,
	category   text   not null,
	confidence text   not null,
	evidence   text[] not null,
	audience   text   not null,
	constraint factors_pkey primary key (incident, id),
	constraint factor_is_of_an_incident foreign key (incident) references incidents (number),
	constraint factor_id_has_its_form check (id ~ '^[a-z0-9]{12}$'),
	constraint factor_position_is_in_range check (position between 0 and 1000000000),
	constraint factor_text_has_length check (char_length(text) between 1 and 65536),
	constraint factor_category_has_length check (char_length(category) <= 60),
	constraint factor_confidence_is_known check (confidence in ('confirmed', 'likely', 'unknown')),
	constraint factor_evidence_is_short check (cardinality(evidence) <= 100),
	constraint factor_audience_is_known check (audience in ('public', 'internal', 'private'))
);

create table lessons (
	incident bigint not null,
	id       text   not null,
	revision bigint not null,
	position bigint not null,
	kind     text   not null,
	text     text   not null,
	audience text   not null,
	constraint lessons_pkey primary key (incident, id),
	constraint lesson_is_of_an_incident foreign key (incident) references incidents (number),
	constraint lesson_id_has_its_form check (id ~ '^[a-z0-9]{12}$'),
	constraint lesson_position_is_in_range check (position between 0 and 1000000000),
	constraint lesson_kind_is_known check (kind in ('went_well', 'went_wrong', 'lucky')),
	constraint lesson_text_has_length check (char_length(text) between 1 and 65536),
	constraint lesson_audience_is_known check (audience in ('public', 'internal', 'private'))
);

create table messages (
	incident       bigint not null,
	id             text   not null,
	revision       bigint not null,
	position       bigint not null,
	channel        text   not null,
	audience       text   not null,
	author         text   not null,
	role           text   not null,
	at             moment,
	state          text   not null,
	status         text   not null,
	body           text   not null,
	link           text   not null,
	next_update_at moment,
	constraint messages_pkey primary key (incident, id),
	constraint message_is_of_an_incident foreign key (incident) references incidents (number),
	constraint message_id_has_its_form check (id ~ '^[a-z0-9]{12}$'),
	constraint message_position_is_in_range check (position between 0 and 1000000000),
	constraint message_channel_is_known check (channel in ('status_page', 'email', 'blog', 'forum', 'social', 'support')),
	constraint message_audience_is_known check (audience in ('public', 'internal', 'private')),
	constraint message_author_has_length check (char_length(author) <= 200),
	constraint message_role_has_length check (char_length(role) <= 60),
	constraint message_at_is_sound check (sound(at)),
	constraint message_state_is_known check (state in ('draft', 'recorded', 'sent')),
	constraint message_status_has_length check (char_length(status) <= 60),
	constraint message_body_has_length check (char_length(body) between 1 and 65536),
	constraint message_link_has_length check (char_length(link) <= 2000),
	constraint message_next_update_at_is_sound check (sound(next_update_at))
);

create index messages_by_channel on messages (channel, incident, id);

create table actions (
	incident bigint   not null,
	id       text     not null,
	revision bigint   not null,
	position bigint   not null,
	title    text     not null,
	kind     text     not null,
	owner    text     not null,
	priority text     not null,
	due      date,
	state    text     not null,
	reason   text     not null,
	ticket   text     not null,
	also_for bigint[] not null,
	audience text     not null,
	constraint actions_pkey primary key (incident, id),
	constraint action_is_of_an_incident foreign key (incident) references incidents (number),
	constraint action_id_has_its_form check (id ~ '^[a-z0-9]{12}$'),
	constraint action_position_is_in_range check (position between 0 and 1000000000),
	constraint action_title_has_length check (char_length(title) between 1 and 500),
	constraint action_kind_is_known check (kind in ('prevent', 'detect', 'mitigate', 'process', 'document')),
	constraint action_owner_has_length check (char_length(owner) <= 200),
	constraint action_priority_is_known check (priority in ('', 'high', 'medium', 'low')),
	constraint action_state_is_known check (state in ('open', 'in_progress', 'done', 'not_doing')),
	constraint action_reason_has_length check (char_length(reason) <= 2000),
	constraint action_ticket_has_length check (char_length(ticket) <= 2000),
	constraint action_also_for_is_short check (cardinality(also_for) <= 100),
	constraint action_audience_is_known check (audience in ('public', 'internal', 'private')),
	constraint not_doing_says_why check (state <> 'not_doing' or reason <> '')
);

create index actions_by_due on actions (coalesce(due, 'infinity'::date), incident, id);
create index actions_by_owner on actions (lower(owner), coalesce(due, 'infinity'::date), incident, id);

create table comments (
	incident bigint      not null,
	id       text        not null,
	revision bigint      not null,
	position bigint      not null,
	"on"     text        not null,
	author   text        not null,
	at       timestamptz not null,
	text     text        not null,
	resolved boolean     not null,
	constraint comments_pkey primary key (incident, id),
	constraint comment_is_of_an_incident foreign key (incident) references incidents (number),
	constraint comment_id_has_its_form check (id ~ '^[a-z0-9]{12}$'),
	constraint comment_position_is_in_range check (position between 0 and 1000000000),
	constraint comment_on_has_length check (char_length("on") <= 60),
	constraint comment_author_has_length check (char_length(author) <= 200),
	constraint comment_text_has_length check (char_length(text) between 1 and 65536)
);

-- The parts of the product that customers can name; an impact that is not private adds its own.
create table components (
	id     bigint generated always as identity,
	name   text   not null,
	folded text   not null, -- the name in lower case, as the application folds it
	constraint components_pkey primary key (id),
	constraint component_name_is_free unique (folded),
	constraint component_name_has_length check (char_length(name) between 1 and 200)
);

-- What only the people named on an incident may see; remarks on it are hidden with it.
create view private_parts as
	select incident, id from entries where audience = 'private'
	union all
	select incident, id from impacts where audience = 'private'
	union all
	select incident, id from whys where audience = 'private'
	union all
	select incident, id from factors where audience = 'private'
	union all
	select incident, id from lessons where audience = 'private'
	union all
	select incident, id from messages where audience = 'private'
	union all
	select incident, id from actions where audience = 'private';
