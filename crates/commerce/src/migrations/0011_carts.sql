-- What a partner puts together for a customer before it orders it. `lines` are the lines as they were sent. `state` is
-- active, ordering (a checkout is under way, or died half way) or ordered; `version` counts changes of the lines.
CREATE TABLE cart (
    id TEXT PRIMARY KEY,
    partner TEXT NOT NULL,
    customer TEXT NOT NULL,
    lines TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL
);

CREATE INDEX cart_customer ON cart (customer, partner, state, expires_at);

-- What became of each group of lines when the cart was ordered: an order, or why there is none.
CREATE TABLE cart_group (
    cart TEXT NOT NULL REFERENCES cart (id),
    place BIGINT NOT NULL,
    legacy BIGINT NOT NULL,
    number BIGINT NOT NULL,
    sales_order TEXT,
    reason TEXT,
    field TEXT,
    message TEXT,
    PRIMARY KEY (cart, place)
);
