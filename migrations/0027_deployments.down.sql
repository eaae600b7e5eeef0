drop table deployment_days;
drop table deployments;
