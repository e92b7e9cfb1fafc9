-- An add-on names the subscription it goes with. `partner_of_record` is the reseller that an indirect provider put on the
-- record of what it sold itself; NULL for all others: what a reseller sells has that reseller on its record.
ALTER TABLE subscription ADD COLUMN parent TEXT REFERENCES subscription (id);
ALTER TABLE subscription ADD COLUMN partner_of_record TEXT REFERENCES partner (tenant);

CREATE INDEX subscription_parent ON subscription (parent);

-- Which request added a line to an order that was there. NULL for the lines an order was placed with.
ALTER TABLE sales_order_line ADD COLUMN asked TEXT;

CREATE UNIQUE INDEX sales_order_line_asked ON sales_order_line (asked);

-- Subscriptions that were registered for reservations, and when.
CREATE TABLE subscription_registration (
    subscription TEXT PRIMARY KEY REFERENCES subscription (id),
    customer TEXT NOT NULL,
    registered_at BIGINT NOT NULL
);

CREATE INDEX subscription_registration_customer ON subscription_registration (customer);

-- Who helps the customer with a subscription, as its seller said; without a row the seller itself does. A new seller says
-- so anew.
CREATE TABLE support_contact (
    subscription TEXT NOT NULL REFERENCES subscription (id),
    partner TEXT NOT NULL REFERENCES partner (tenant),
    customer TEXT NOT NULL,
    contact TEXT NOT NULL REFERENCES partner (tenant),
    name TEXT NOT NULL,
    PRIMARY KEY (subscription, partner)
);

CREATE INDEX support_contact_customer ON support_contact (customer);
