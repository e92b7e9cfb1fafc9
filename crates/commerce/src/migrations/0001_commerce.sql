-- Who operates the platform. One row. `address` is JSON.
CREATE TABLE provider (
    tenant TEXT PRIMARY KEY,
    company_name TEXT NOT NULL,
    address TEXT NOT NULL,
    email TEXT NOT NULL
);

-- Who sells. `address` is JSON, `markets` are ISO codes with blanks between.
CREATE TABLE partner (
    tenant TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    company_name TEXT NOT NULL,
    domain TEXT NOT NULL,
    address TEXT NOT NULL,
    email TEXT NOT NULL,
    culture TEXT NOT NULL,
    language TEXT NOT NULL,
    mpn_id TEXT NOT NULL,
    markets TEXT NOT NULL,
    currency TEXT NOT NULL,
    signed_up_at BIGINT NOT NULL
);

-- A link of the channel: one seller, one buyer, one price list, one invoice a month.
CREATE TABLE channel_edge (
    id TEXT PRIMARY KEY,
    seller TEXT NOT NULL,
    buyer TEXT NOT NULL REFERENCES partner (tenant),
    market TEXT NOT NULL,
    currency TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (seller, buyer)
);

CREATE INDEX channel_edge_buyer ON channel_edge (buyer);

-- What the edge makes of the list price. Rules are added, never changed: the history explains old invoices.
CREATE TABLE edge_price_rule (
    edge TEXT NOT NULL REFERENCES channel_edge (id),
    number BIGINT NOT NULL,
    factor TEXT NOT NULL,
    applies_to TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (edge, number)
);

-- Who buys and uses. `number` counts a partner's customers: the stable order of its list.
-- `company_key` is the name in lower case, for searches that ignore case on both engines alike.
-- `asked` is the request that made it: one that comes again makes no second. NULL for the platform's own work.
CREATE TABLE customer (
    tenant TEXT PRIMARY KEY,
    partner TEXT NOT NULL REFERENCES partner (tenant),
    number BIGINT NOT NULL,
    company_name TEXT NOT NULL,
    company_key TEXT NOT NULL,
    domain TEXT NOT NULL,
    registration_number TEXT,
    billing_profile_id TEXT NOT NULL,
    billing_details TEXT NOT NULL,
    billing_version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    asked TEXT UNIQUE,
    UNIQUE (partner, number)
);

-- `number` counts a customer's orders. `asked` is the request that placed it: one that comes again buys nothing.
CREATE TABLE sales_order (
    id TEXT PRIMARY KEY,
    partner TEXT NOT NULL REFERENCES partner (tenant),
    customer TEXT NOT NULL REFERENCES customer (tenant),
    number BIGINT NOT NULL,
    currency TEXT NOT NULL,
    billing_cycle TEXT NOT NULL,
    version BIGINT NOT NULL,
    placed_at BIGINT NOT NULL,
    asked TEXT UNIQUE,
    UNIQUE (customer, number)
);

CREATE INDEX sales_order_partner ON sales_order (partner);

CREATE TABLE sales_order_line (
    sales_order TEXT NOT NULL REFERENCES sales_order (id),
    line_number BIGINT NOT NULL,
    offer TEXT NOT NULL,
    subscription TEXT NOT NULL UNIQUE,
    friendly_name TEXT NOT NULL,
    quantity BIGINT NOT NULL,
    PRIMARY KEY (sales_order, line_number)
);

-- `number` counts a customer's subscriptions. `state_at` and `suspension_reason` are the facts of the state.
CREATE TABLE subscription (
    id TEXT PRIMARY KEY,
    partner TEXT NOT NULL REFERENCES partner (tenant),
    customer TEXT NOT NULL REFERENCES customer (tenant),
    number BIGINT NOT NULL,
    sales_order TEXT NOT NULL REFERENCES sales_order (id),
    offer TEXT NOT NULL,
    friendly_name TEXT NOT NULL,
    quantity BIGINT NOT NULL,
    billing_cycle TEXT NOT NULL,
    auto_renew BIGINT NOT NULL,
    state TEXT NOT NULL,
    state_at BIGINT NOT NULL,
    suspension_reason TEXT,
    created_at BIGINT NOT NULL,
    starts_on BIGINT NOT NULL,
    commitment_ends_on BIGINT,
    version BIGINT NOT NULL,
    UNIQUE (customer, number)
);

CREATE INDEX subscription_order ON subscription (sales_order);
CREATE INDEX subscription_partner ON subscription (partner);

-- Every import of a price sheet, for ever: invoices name the one they were rated with.
-- `document` is the sheet's text as published, compressed with gzip.
CREATE TABLE price_sheet (
    id TEXT PRIMARY KEY,
    import_no BIGINT NOT NULL UNIQUE,
    market TEXT NOT NULL,
    currency TEXT NOT NULL,
    effective_from BIGINT NOT NULL,
    meters BIGINT NOT NULL,
    third_party_meters BIGINT NOT NULL,
    imported_at BIGINT NOT NULL,
    document BYTEA NOT NULL
);

CREATE INDEX price_sheet_in_force ON price_sheet (market, currency, effective_from, import_no);
