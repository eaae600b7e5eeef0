drop table sign_in_tries;
drop index sessions_of_a_person;
alter table sessions
	drop column id,
	drop column way,
	drop column browser;
drop table identities;
drop table passwords;
