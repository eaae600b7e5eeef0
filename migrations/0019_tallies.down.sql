drop table tally_changes;
drop table tallies;
