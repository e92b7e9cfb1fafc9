-- A tenant may be the customer of several partners. Each pair of partner and customer is a row of its own, with its own
-- bills, orders and subscriptions, and what hangs on a customer hangs on the pair. Keys cannot be changed in place on
-- both engines, so the tables are kept aside, made anew and filled again.
CREATE TABLE kept_customer AS SELECT * FROM customer;
CREATE TABLE kept_order AS SELECT * FROM sales_order;
CREATE TABLE kept_order_line AS SELECT * FROM sales_order_line;
CREATE TABLE kept_subscription AS SELECT * FROM subscription;

DROP TABLE subscription;
DROP TABLE sales_order_line;
DROP TABLE sales_order;
DROP TABLE customer;

-- Who buys and uses, and of whom. `number` counts a partner's customers: the stable order of its list.
-- `company_key` is the name in lower case, for searches that ignore case on both engines alike. `created_at` is when it
-- became this partner's. `asked` is the request that made it: one that comes again makes no second. NULL for the
-- platform's own work.
CREATE TABLE customer (
    tenant TEXT NOT NULL,
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
    PRIMARY KEY (tenant, partner),
    UNIQUE (partner, number)
);

-- `number` counts the orders of a partner's customer. `asked` is the request that placed it: one that comes again buys
-- nothing.
CREATE TABLE sales_order (
    id TEXT PRIMARY KEY,
    partner TEXT NOT NULL REFERENCES partner (tenant),
    customer TEXT NOT NULL,
    number BIGINT NOT NULL,
    currency TEXT NOT NULL,
    billing_cycle TEXT NOT NULL,
    version BIGINT NOT NULL,
    placed_at BIGINT NOT NULL,
    asked TEXT UNIQUE,
    UNIQUE (customer, partner, number),
    FOREIGN KEY (customer, partner) REFERENCES customer (tenant, partner)
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

-- `number` counts the subscriptions of a partner's customer. `state_at` and `suspension_reason` are the facts of the
-- state.
CREATE TABLE subscription (
    id TEXT PRIMARY KEY,
    partner TEXT NOT NULL REFERENCES partner (tenant),
    customer TEXT NOT NULL,
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
    UNIQUE (customer, partner, number),
    FOREIGN KEY (customer, partner) REFERENCES customer (tenant, partner)
);

CREATE INDEX subscription_order ON subscription (sales_order);
CREATE INDEX subscription_partner ON subscription (partner);

INSERT INTO customer (tenant, partner, number, company_name, company_key, domain, registration_number,
    billing_profile_id, billing_details, billing_version, created_at, asked)
SELECT tenant, partner, number, company_name, company_key, domain, registration_number, billing_profile_id,
    billing_details, billing_version, created_at, asked FROM kept_customer;

INSERT INTO sales_order (id, partner, customer, number, currency, billing_cycle, version, placed_at, asked)
SELECT id, partner, customer, number, currency, billing_cycle, version, placed_at, asked FROM kept_order;

INSERT INTO sales_order_line (sales_order, line_number, offer, subscription, friendly_name, quantity)
SELECT sales_order, line_number, offer, subscription, friendly_name, quantity FROM kept_order_line;

INSERT INTO subscription (id, partner, customer, number, sales_order, offer, friendly_name, quantity, billing_cycle,
    auto_renew, state, state_at, suspension_reason, created_at, starts_on, commitment_ends_on, version)
SELECT id, partner, customer, number, sales_order, offer, friendly_name, quantity, billing_cycle, auto_renew, state,
    state_at, suspension_reason, created_at, starts_on, commitment_ends_on, version FROM kept_subscription;

DROP TABLE kept_customer;
DROP TABLE kept_order;
DROP TABLE kept_order_line;
DROP TABLE kept_subscription;

-- A partner's standing invitation: the administrator of any tenant may accept it and become its customer.
CREATE TABLE reseller_request (
    id TEXT PRIMARY KEY,
    partner TEXT NOT NULL UNIQUE REFERENCES partner (tenant),
    created_at BIGINT NOT NULL
);

-- A subscription that was bought elsewhere and lives in a tenant here. No partner sold it; nothing is billed for it.
-- `bought_by` says how, for people: an enterprise agreement, a card.
CREATE TABLE brought_subscription (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL,
    friendly_name TEXT NOT NULL,
    bought_by TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX brought_subscription_tenant ON brought_subscription (tenant);
