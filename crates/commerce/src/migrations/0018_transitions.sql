-- Subscriptions that took the place of others: by which order, whether people's licences were to be moved with them, and how
-- that ended. `licences_at` is NULL until it has; `licence_errors` is a JSON list, of nothing for all who were moved.
CREATE TABLE subscription_transition (
    sales_order TEXT PRIMARY KEY REFERENCES sales_order (id),
    customer TEXT NOT NULL,
    source TEXT NOT NULL REFERENCES subscription (id),
    target TEXT NOT NULL REFERENCES subscription (id),
    with_licences BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    licences_at BIGINT,
    licence_errors TEXT NOT NULL
);

CREATE INDEX subscription_transition_source ON subscription_transition (source);
CREATE INDEX subscription_transition_target ON subscription_transition (target);
CREATE INDEX subscription_transition_customer ON subscription_transition (customer);
