drop table facts_due;
drop table sheet_years;
drop table sheets;
drop table fact_marks;
drop table facts;
