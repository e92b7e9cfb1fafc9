-- Facts about the world itself: its kind, its domain suffix, and in a sandbox the time it shows.
CREATE TABLE world_fact (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
