drop table sign_in_links;
drop table sessions;
drop table tokens;
drop table people;
