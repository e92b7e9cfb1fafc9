-- A link from the partner that sells to a customer, for sellers that bill that customer here. It is the last link of the
-- channel of what they sell to it, from `created_at` on. It hangs on the pair of customer and partner, like all that one
-- of them has with the other.
CREATE TABLE customer_edge (
    id TEXT PRIMARY KEY,
    seller TEXT NOT NULL REFERENCES partner (tenant),
    buyer TEXT NOT NULL,
    market TEXT NOT NULL,
    currency TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (buyer, seller),
    FOREIGN KEY (buyer, seller) REFERENCES customer (tenant, partner)
);

CREATE INDEX customer_edge_seller ON customer_edge (seller);

-- What the customer pays of what the seller pays. Rules are added, never changed: the history explains old invoices.
CREATE TABLE customer_price_rule (
    edge TEXT NOT NULL REFERENCES customer_edge (id),
    number BIGINT NOT NULL,
    factor TEXT NOT NULL,
    applies_to TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (edge, number)
);
