-- What the spend guard found, and what it stopped. Budgets themselves are records of the usage log.
CREATE TABLE spend_alert (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    -- Says what was found so that finding it again is no second alert.
    found TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- The number of the crossing in the log; none for what was not a budget.
    crossing BIGINT,
    budget TEXT,
    subscription TEXT,
    -- The month or day it is about; none for a credit limit.
    period TEXT,
    threshold BIGINT,
    action TEXT NOT NULL,
    currency TEXT NOT NULL,
    spent TEXT NOT NULL,
    spending_limit TEXT,
    overshoot TEXT NOT NULL,
    message TEXT NOT NULL,
    resolved_at BIGINT,
    resolved_by TEXT
);

CREATE INDEX spend_alert_owner ON spend_alert (owner, at);
CREATE INDEX spend_alert_subscription ON spend_alert (subscription);
CREATE INDEX spend_alert_crossing ON spend_alert (crossing);

-- Subscriptions that a cap stopped: written before the subscription is suspended, removed when it goes on.
CREATE TABLE spend_stop (
    subscription TEXT PRIMARY KEY,
    partner TEXT NOT NULL,
    customer TEXT NOT NULL,
    stopped_at BIGINT NOT NULL
);

CREATE INDEX spend_stop_partner ON spend_stop (partner);
CREATE INDEX spend_stop_customer ON spend_stop (customer);
