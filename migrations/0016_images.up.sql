-- Pictures that texts of an incident show. Who may see one is derived from the texts that name it, and not kept here.
create table images (
	incident   bigint      not null,
	id         text        not null, -- made from the content
	media_type text        not null,
	width      int         not null,
	height     int         not null,
	bytes      bytea       not null,
	person     bigint,               -- who added it; null: the installation itself
	at         timestamptz not null,
	constraint images_pkey primary key (incident, id),
	constraint image_is_of_an_incident foreign key (incident) references incidents (number),
	constraint image_has_a_person foreign key (person) references people (id),
	constraint image_id_has_its_form check (id ~ '^[a-z0-9]{12}$'),
	constraint image_media_type_is_known check (media_type in ('image/png', 'image/jpeg', 'image/gif', 'image/webp')),
	constraint image_width_is_in_range check (width between 1 and 12000),
	constraint image_height_is_in_range check (height between 1 and 12000),
	constraint image_has_few_pixels check (width::bigint * height <= 50000000),
	constraint image_has_few_bytes check (octet_length(bytes) between 1 and 5242880)
);
alter table images alter column bytes set storage external; -- it is packed already
