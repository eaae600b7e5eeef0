drop table deliveries;
drop table subscribers;
