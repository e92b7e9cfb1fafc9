-- What an application says of itself beside its name: addresses, roles, scopes, what it wants. Only that is asked
-- for by the database which it must search or compare.
ALTER TABLE application ADD COLUMN details TEXT NOT NULL DEFAULT '{}';
ALTER TABLE application ADD COLUMN multi_tenant BIGINT NOT NULL DEFAULT 0;
ALTER TABLE application ADD COLUMN public_client BIGINT NOT NULL DEFAULT 0;
ALTER TABLE application ADD COLUMN silent_consent BIGINT NOT NULL DEFAULT 0;
ALTER TABLE application ADD COLUMN deleted_at BIGINT;

-- Names an application's own API is asked for by, in lower case. One name, one API: whoever could take another's
-- name would have tokens made for it.
CREATE TABLE application_uri (
    uri TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    app TEXT NOT NULL REFERENCES application (id)
);

CREATE INDEX application_uri_tenant ON application_uri (tenant);
CREATE INDEX application_uri_app ON application_uri (app);

-- A secret that is older than these columns began when it was made, and has no hint.
ALTER TABLE application_secret ADD COLUMN label TEXT;
ALTER TABLE application_secret ADD COLUMN hint TEXT;
ALTER TABLE application_secret ADD COLUMN starts_at BIGINT;

-- A certificate is public. Its key is kept taken apart, so that checking an assertion parses nothing.
CREATE TABLE application_certificate (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    app TEXT NOT NULL REFERENCES application (id),
    label TEXT,
    certificate BYTEA NOT NULL,
    sha1 TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    modulus BYTEA NOT NULL,
    exponent BYTEA NOT NULL,
    starts_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (app, sha256)
);

CREATE INDEX application_certificate_tenant ON application_certificate (tenant);

ALTER TABLE service_principal ADD COLUMN enabled BIGINT NOT NULL DEFAULT 1;
ALTER TABLE service_principal ADD COLUMN assignment_required BIGINT NOT NULL DEFAULT 0;
ALTER TABLE service_principal ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';

-- Delegated consent. The user is empty when it is for everybody: an empty text can be part of a key, NULL cannot.
-- The API may be one of the field's own, which are no rows, so nothing refers to it.
CREATE TABLE permission_grant (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    client TEXT NOT NULL REFERENCES service_principal (id),
    api TEXT NOT NULL,
    user_id TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (client, api, user_id)
);

CREATE INDEX permission_grant_tenant ON permission_grant (tenant);

-- Application permissions (the principal is a service principal), and roles of users and groups in an application.
CREATE TABLE app_role_assignment (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    principal TEXT NOT NULL,
    kind TEXT NOT NULL,
    api TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (tenant, principal, api, role)
);

CREATE INDEX app_role_assignment_api ON app_role_assignment (tenant, api);
