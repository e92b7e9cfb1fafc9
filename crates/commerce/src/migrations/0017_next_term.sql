-- How many seats the next term begins with; NULL: as many as there are then.
ALTER TABLE subscription ADD COLUMN next_term_quantity BIGINT;
