-- Documents to customers are rounded by a policy of their edge too, and those edges stand in a table of their own. Keys
-- cannot be changed in place on both engines, so the table is kept aside, made anew and filled again.
CREATE TABLE kept_rounding AS SELECT * FROM edge_rounding;

DROP TABLE edge_rounding;

-- How the lines of an edge's documents are rounded from an instant on. No row: half even. `edge` is one to a partner or to
-- a customer.
CREATE TABLE edge_rounding (
    edge TEXT NOT NULL,
    seller TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    rounding TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (edge, from_at)
);

CREATE INDEX edge_rounding_seller ON edge_rounding (seller);

INSERT INTO edge_rounding (edge, seller, from_at, rounding, recorded_at)
SELECT edge, seller, from_at, rounding, recorded_at FROM kept_rounding;

DROP TABLE kept_rounding;
