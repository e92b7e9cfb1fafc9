-- Directories: the provider's, one per partner, one per customer.
CREATE TABLE tenant (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    default_domain TEXT NOT NULL,
    country TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- A world has one root.
CREATE UNIQUE INDEX tenant_one_provider ON tenant (kind) WHERE kind = 'provider';

-- Domain names are unique in a world, in lower case.
CREATE TABLE tenant_domain (
    domain TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    initial BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX tenant_domain_tenant ON tenant_domain (tenant);

-- An application, in the tenant it was registered in.
CREATE TABLE application (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    object_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT
);

CREATE INDEX application_tenant ON application (tenant);

-- Only the hash of a secret is kept.
CREATE TABLE application_secret (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    app TEXT NOT NULL REFERENCES application (id),
    digest TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX application_secret_tenant ON application_secret (tenant);
CREATE INDEX application_secret_app ON application_secret (app);

-- An application as a member of a tenant: its own, or one that consented to it.
CREATE TABLE service_principal (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    app TEXT NOT NULL REFERENCES application (id),
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (tenant, app)
);

CREATE INDEX service_principal_app ON service_principal (app);

CREATE TABLE directory_group (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (tenant, name)
);

-- A member is any principal of the tenant, so there is no single table to refer to.
CREATE TABLE group_member (
    group_id TEXT NOT NULL REFERENCES directory_group (id),
    principal TEXT NOT NULL,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (group_id, principal)
);

CREATE INDEX group_member_principal ON group_member (tenant, principal);

CREATE TABLE directory_role (
    tenant TEXT NOT NULL REFERENCES tenant (id),
    name TEXT NOT NULL,
    template TEXT NOT NULL,
    PRIMARY KEY (tenant, name)
);

CREATE TABLE role_assignment (
    tenant TEXT NOT NULL REFERENCES tenant (id),
    role TEXT NOT NULL,
    principal TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, role, principal),
    FOREIGN KEY (tenant, role) REFERENCES directory_role (tenant, name)
);

CREATE INDEX role_assignment_principal ON role_assignment (tenant, principal);

-- The world's own: keys that sign tokens. The newest signs, all verify.
CREATE TABLE signing_key (
    kid TEXT PRIMARY KEY,
    private_key BYTEA NOT NULL,
    certificate BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
