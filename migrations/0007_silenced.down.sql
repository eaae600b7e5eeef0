alter table incidents drop column silenced;
