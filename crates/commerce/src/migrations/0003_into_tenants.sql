-- Customers from before a customer had a contract in the directory, licences and owned subscriptions there. The
-- opening of the world makes up for it and takes each away when it is done; a customer of today is never in here. A
-- list, not a look at what is missing: a contract may be missing because somebody ended it.
CREATE TABLE customer_to_catch_up (
    tenant TEXT NOT NULL,
    partner TEXT NOT NULL,
    PRIMARY KEY (tenant, partner),
    FOREIGN KEY (tenant, partner) REFERENCES customer (tenant, partner)
);

CREATE INDEX customer_to_catch_up_partner ON customer_to_catch_up (partner);

INSERT INTO customer_to_catch_up (tenant, partner) SELECT tenant, partner FROM customer;
