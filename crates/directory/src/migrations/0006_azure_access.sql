-- The subscriptions that live in a tenant, and the partner who sold them; none if they were bought elsewhere.
CREATE TABLE azure_subscription (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    partner TEXT REFERENCES tenant (id),
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX azure_subscription_tenant ON azure_subscription (tenant, id);
CREATE INDEX azure_subscription_partner ON azure_subscription (partner);

-- Custom roles of a tenant. `name_key` is the name in lower case. Permissions and scopes are JSON.
CREATE TABLE azure_role_definition (
    id TEXT NOT NULL,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    description TEXT NOT NULL,
    permissions TEXT NOT NULL,
    assignable_scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT,
    changed_at BIGINT NOT NULL,
    changed_by TEXT,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, name_key)
);

-- Who has which role where. `scope_key` is the scope in lower case. `home` is the partner of a foreign group: a group
-- of another directory, so there is no table to refer to.
CREATE TABLE azure_role_assignment (
    id TEXT NOT NULL,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    scope TEXT NOT NULL,
    scope_key TEXT NOT NULL,
    role TEXT NOT NULL,
    principal TEXT NOT NULL,
    kind TEXT NOT NULL,
    home TEXT REFERENCES tenant (id),
    description TEXT,
    condition_text TEXT,
    condition_version TEXT,
    created_at BIGINT NOT NULL,
    created_by TEXT,
    changed_at BIGINT NOT NULL,
    changed_by TEXT,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, scope_key, role, principal)
);

CREATE INDEX azure_role_assignment_home ON azure_role_assignment (home);

-- Locks, by scope and name in any letter case. `owners` are application ids as JSON.
CREATE TABLE azure_lock (
    tenant TEXT NOT NULL REFERENCES tenant (id),
    scope TEXT NOT NULL,
    scope_key TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    level TEXT NOT NULL,
    notes TEXT NOT NULL,
    owners TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, scope_key, name_key)
);
