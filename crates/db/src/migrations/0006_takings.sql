-- How often a job was taken: the number names a taking, whatever is done to its time.
ALTER TABLE due_job ADD COLUMN taking BIGINT NOT NULL DEFAULT 0;
