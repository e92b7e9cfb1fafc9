-- By whose word a domain was verified: `initial`, `parent`, `sandbox` or `provider`.
ALTER TABLE tenant_domain ADD COLUMN proof TEXT NOT NULL DEFAULT 'initial';

-- A tenant has one initial domain. Its default domain is tenant.default_domain, so there is always exactly one.
CREATE UNIQUE INDEX tenant_domain_initial ON tenant_domain (tenant) WHERE initial = 1;

-- Domains that were added and are not verified. Several tenants may claim one name; the first that proves it gets it.
-- `code` is what the TXT or MX record has to say.
CREATE TABLE tenant_domain_claim (
    tenant TEXT NOT NULL REFERENCES tenant (id),
    domain TEXT NOT NULL,
    code TEXT NOT NULL,
    claimed_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, domain)
);

-- What an organisation says of itself, as JSON.
CREATE TABLE organization_profile (
    tenant TEXT PRIMARY KEY REFERENCES tenant (id),
    profile TEXT NOT NULL
);

-- How many licences of a product each seat subscription brings. `active` is 0 while the subscription is suspended.
CREATE TABLE licence_unit (
    tenant TEXT NOT NULL REFERENCES tenant (id),
    subscription TEXT NOT NULL,
    sku TEXT NOT NULL,
    units BIGINT NOT NULL,
    active BIGINT NOT NULL,
    PRIMARY KEY (tenant, subscription)
);

CREATE INDEX licence_unit_sku ON licence_unit (tenant, sku);

-- Who has a licence. `path` is `direct`, or the group it comes by; several paths use one unit.
-- `disabled_plans` are ids with blanks between.
CREATE TABLE user_licence (
    tenant TEXT NOT NULL REFERENCES tenant (id),
    sku TEXT NOT NULL,
    user_id TEXT NOT NULL,
    path TEXT NOT NULL,
    disabled_plans TEXT NOT NULL,
    assigned_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, sku, user_id, path)
);

CREATE INDEX user_licence_user ON user_licence (tenant, user_id);

-- The licences a group gives its members.
CREATE TABLE group_licence (
    tenant TEXT NOT NULL REFERENCES tenant (id),
    sku TEXT NOT NULL,
    group_id TEXT NOT NULL,
    disabled_plans TEXT NOT NULL,
    assigned_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, sku, group_id)
);

CREATE INDEX group_licence_group ON group_licence (tenant, group_id);
