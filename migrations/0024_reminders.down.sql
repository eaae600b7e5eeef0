drop index messages_promising;
drop table reminders;
alter table people drop column email, drop column reminders, drop column email_fault;
