-- What a partner lets a customer buy by itself: one policy for each pair of them. `permissions` is JSON, `etag` names the
-- version.
CREATE TABLE self_serve_policy (
    grantor TEXT NOT NULL REFERENCES partner (tenant),
    entity TEXT NOT NULL,
    permissions TEXT NOT NULL,
    etag TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (entity, grantor),
    FOREIGN KEY (entity, grantor) REFERENCES customer (tenant, partner) ON DELETE CASCADE
);

CREATE INDEX self_serve_policy_grantor ON self_serve_policy (grantor);

-- Subscriptions that one partner of a customer offers to another. `status` is what somebody did; an offer that nobody
-- answered is over at `expires_at`.
CREATE TABLE subscription_transfer (
    id TEXT PRIMARY KEY,
    customer TEXT NOT NULL,
    source TEXT NOT NULL REFERENCES partner (tenant),
    target TEXT NOT NULL REFERENCES partner (tenant),
    customer_name TEXT NOT NULL,
    source_name TEXT NOT NULL,
    target_name TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX subscription_transfer_customer ON subscription_transfer (customer, created_at);
CREATE INDEX subscription_transfer_source ON subscription_transfer (source);
CREATE INDEX subscription_transfer_target ON subscription_transfer (target);

CREATE TABLE subscription_transfer_line (
    transfer TEXT NOT NULL REFERENCES subscription_transfer (id),
    line_number BIGINT NOT NULL,
    subscription TEXT NOT NULL,
    offer TEXT NOT NULL,
    friendly_name TEXT NOT NULL,
    PRIMARY KEY (transfer, line_number)
);

CREATE INDEX subscription_transfer_line_subscription ON subscription_transfer_line (subscription);
