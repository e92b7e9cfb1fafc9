-- A job that a process of the world is at; others leave it alone until then.
ALTER TABLE due_job ADD COLUMN taken_until BIGINT;
