-- A customer agrees to the platform's terms before anything is sold to it: it signed itself (`agreement_signed_at`), or
-- its partner confirms that somebody there did (`customer_agreement`). Who was a customer before this was asked bought
-- without, and goes on buying.
ALTER TABLE customer ADD COLUMN agreement_signed_at BIGINT;

UPDATE customer SET agreement_signed_at = created_at;

-- When the partner stopped selling to it. The row stays: issued documents name it.
ALTER TABLE customer ADD COLUMN ended_at BIGINT;

CREATE INDEX customer_ended ON customer (partner, ended_at);

-- One confirmation for each contact of a customer. `contact` is JSON; `contact_key` is the same without regard to letter
-- case, `number` counts the confirmations of a partner's customer.
CREATE TABLE customer_agreement (
    customer TEXT NOT NULL,
    partner TEXT NOT NULL REFERENCES partner (tenant),
    number BIGINT NOT NULL,
    template TEXT NOT NULL,
    contact TEXT NOT NULL,
    contact_key TEXT NOT NULL,
    agreed_at BIGINT NOT NULL,
    confirmed_by TEXT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    PRIMARY KEY (customer, partner, number),
    UNIQUE (customer, partner, template, contact_key),
    FOREIGN KEY (customer, partner) REFERENCES customer (tenant, partner)
);

CREATE INDEX customer_agreement_partner ON customer_agreement (partner);

-- What a partner says of itself, a row for each profile it ever changed. `details` is JSON.
CREATE TABLE partner_profile (
    tenant TEXT NOT NULL REFERENCES partner (tenant),
    kind TEXT NOT NULL,
    details TEXT NOT NULL,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, kind)
);
