-- A reseller buys from an indirect provider, not from the provider. NULL for all others. Its edge says the same; this
-- column is what every query of an indirect provider binds, so that it reaches its resellers' rows and nobody else's.
ALTER TABLE partner ADD COLUMN indirect_provider TEXT REFERENCES partner (tenant);

CREATE INDEX partner_indirect_provider ON partner (indirect_provider);
CREATE INDEX channel_edge_seller ON channel_edge (seller);

-- `number` counts partners in the order they signed up. Documents that a partner issues carry it, so that no two sellers
-- of a world ever issue one number.
ALTER TABLE partner ADD COLUMN number BIGINT NOT NULL DEFAULT 0;

UPDATE partner SET number = (SELECT COUNT(*) FROM partner AS earlier WHERE earlier.signed_up_at < partner.signed_up_at
    OR (earlier.signed_up_at = partner.signed_up_at AND earlier.tenant <= partner.tenant));

CREATE UNIQUE INDEX partner_number ON partner (number);

-- Since when its partner sells a subscription: its order, or the last change of its reseller.
ALTER TABLE subscription ADD COLUMN sold_since BIGINT NOT NULL DEFAULT 0;

UPDATE subscription SET sold_since = created_at;

-- Who sold a subscription from which instant on. Usage is charged along the channel of its own time, however late it comes.
CREATE TABLE subscription_seller (
    subscription TEXT NOT NULL REFERENCES subscription (id),
    since BIGINT NOT NULL,
    partner TEXT NOT NULL REFERENCES partner (tenant),
    PRIMARY KEY (subscription, since)
);

CREATE INDEX subscription_seller_partner ON subscription_seller (partner);

INSERT INTO subscription_seller (subscription, since, partner) SELECT id, created_at, partner FROM subscription;
