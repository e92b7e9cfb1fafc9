-- Numbers of customers that a partner may call public authorities, given out by the provider after it looked at them.
CREATE TABLE validation_code (
    id TEXT PRIMARY KEY,
    partner TEXT NOT NULL REFERENCES partner (tenant),
    organization_name TEXT NOT NULL,
    creates_max BIGINT NOT NULL,
    creates_left BIGINT NOT NULL,
    version BIGINT NOT NULL,
    given_at BIGINT NOT NULL
);

CREATE INDEX validation_code_partner ON validation_code (partner, given_at);

-- What a partner says its customer is, and what became of that: one row for each kind. `approves_at` is when a sandbox
-- says yes by itself; NULL where somebody must.
CREATE TABLE customer_qualification (
    id TEXT PRIMARY KEY,
    customer TEXT NOT NULL,
    partner TEXT NOT NULL REFERENCES partner (tenant),
    qualification TEXT NOT NULL,
    segment TEXT,
    website TEXT,
    validation_code TEXT REFERENCES validation_code (id),
    asked_at BIGINT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    approves_at BIGINT,
    decided_at BIGINT,
    UNIQUE (customer, partner, qualification),
    FOREIGN KEY (customer, partner) REFERENCES customer (tenant, partner) ON DELETE CASCADE
);

CREATE INDEX customer_qualification_partner ON customer_qualification (partner);
CREATE INDEX customer_qualification_status ON customer_qualification (status, asked_at);
CREATE INDEX customer_qualification_code ON customer_qualification (validation_code);

-- What the provider thinks of a customer's account, where it ever said so: nothing new is sold to one that is under review
-- or was turned down.
CREATE TABLE customer_review (
    customer TEXT NOT NULL,
    partner TEXT NOT NULL REFERENCES partner (tenant),
    status TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (customer, partner),
    FOREIGN KEY (customer, partner) REFERENCES customer (tenant, partner) ON DELETE CASCADE
);

CREATE INDEX customer_review_partner ON customer_review (partner);
