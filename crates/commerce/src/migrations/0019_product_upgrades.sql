-- Azure subscriptions that were bought by themselves and stand under an Azure plan since: when, of which customer and partner, and
-- which they were.
CREATE TABLE product_upgrade (
    id TEXT PRIMARY KEY,
    customer TEXT NOT NULL,
    partner TEXT NOT NULL REFERENCES partner (tenant),
    made_at BIGINT NOT NULL
);

CREATE INDEX product_upgrade_customer ON product_upgrade (customer);
CREATE INDEX product_upgrade_partner ON product_upgrade (partner);

CREATE TABLE product_upgrade_line (
    product_upgrade TEXT NOT NULL REFERENCES product_upgrade (id),
    subscription TEXT NOT NULL REFERENCES subscription (id),
    offer TEXT NOT NULL,
    PRIMARY KEY (product_upgrade, subscription)
);

CREATE INDEX product_upgrade_line_subscription ON product_upgrade_line (subscription);
