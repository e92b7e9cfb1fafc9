-- Where a partner wants to be told of things, and of which. One for each.
CREATE TABLE webhook (
    tenant TEXT PRIMARY KEY REFERENCES tenant (id),
    id TEXT NOT NULL,
    url TEXT NOT NULL,
    topics TEXT NOT NULL,
    own_header BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    -- What the outbox held before is not told.
    after_position BIGINT NOT NULL
);

-- Something a partner is to be told. The place in the outbox makes it one, however often the entry is seen; what was
-- asked for as a trial has none.
CREATE TABLE webhook_delivery (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    outbox_position BIGINT,
    topic TEXT NOT NULL,
    subject TEXT NOT NULL,
    customer TEXT,
    at BIGINT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    taken_until BIGINT,
    ended_at BIGINT,
    UNIQUE (tenant, outbox_position)
);

CREATE INDEX webhook_delivery_due ON webhook_delivery (state, next_at);
CREATE INDEX webhook_delivery_ended ON webhook_delivery (ended_at);

-- How each try went.
CREATE TABLE webhook_attempt (
    delivery TEXT NOT NULL REFERENCES webhook_delivery (id),
    attempt_no BIGINT NOT NULL,
    at BIGINT NOT NULL,
    status BIGINT,
    said TEXT NOT NULL,
    PRIMARY KEY (delivery, attempt_no)
);
