-- People: users, their second factors, groups that may share a name, and directory roles by template.

CREATE TABLE directory_user (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    domain TEXT NOT NULL,
    kind TEXT NOT NULL,
    enabled BIGINT NOT NULL,
    profile TEXT NOT NULL,
    manager TEXT,
    password TEXT NOT NULL,
    password_change_due BIGINT NOT NULL,
    tokens_valid_from BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    locked_until BIGINT,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT
);

CREATE INDEX directory_user_tenant ON directory_user (tenant, id);
CREATE INDEX directory_user_domain ON directory_user (domain);
CREATE INDEX directory_user_manager ON directory_user (manager);

-- Names are unique in a world, in lower case, because domains are. A deleted user's name is free again.
CREATE UNIQUE INDEX directory_user_name ON directory_user (name_key) WHERE deleted_at IS NULL;

-- A secret shared with the user's authenticator, and one that is not confirmed yet. The code of a step that was
-- used is not taken again.
CREATE TABLE second_factor (
    user_id TEXT PRIMARY KEY REFERENCES directory_user (id),
    tenant TEXT NOT NULL REFERENCES tenant (id),
    secret BYTEA,
    pending BYTEA,
    last_step BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    locked_until BIGINT,
    created_at BIGINT NOT NULL
);

CREATE INDEX second_factor_tenant ON second_factor (tenant);

-- Groups: names may repeat, except those of the three agent groups of a partner.
CREATE TABLE new_group (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    display_name TEXT NOT NULL,
    mail_nickname TEXT NOT NULL,
    description TEXT,
    mail_enabled BIGINT NOT NULL,
    security_enabled BIGINT NOT NULL,
    agents TEXT,
    created_at BIGINT NOT NULL
);

INSERT INTO new_group (id, tenant, display_name, mail_nickname, mail_enabled, security_enabled, agents, created_at)
SELECT id, tenant, name, name, 0, 1, name, created_at FROM directory_group;

CREATE TABLE new_member (
    group_id TEXT NOT NULL REFERENCES new_group (id),
    principal TEXT NOT NULL,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (group_id, principal)
);

INSERT INTO new_member (group_id, principal, tenant, created_at)
SELECT group_id, principal, tenant, created_at FROM group_member;

DROP TABLE group_member;
DROP TABLE directory_group;
ALTER TABLE new_group RENAME TO directory_group;
ALTER TABLE new_member RENAME TO group_member;

CREATE INDEX directory_group_tenant ON directory_group (tenant, id);
CREATE UNIQUE INDEX directory_group_agents ON directory_group (tenant, agents) WHERE agents IS NOT NULL;
CREATE INDEX group_member_principal ON group_member (tenant, principal);

CREATE TABLE group_owner (
    group_id TEXT NOT NULL REFERENCES directory_group (id),
    principal TEXT NOT NULL,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (group_id, principal)
);

CREATE INDEX group_owner_principal ON group_owner (tenant, principal);

-- The directory roles of a tenant that were ever used there, named by the template they are made of.
CREATE TABLE activated_role (
    tenant TEXT NOT NULL REFERENCES tenant (id),
    template TEXT NOT NULL,
    activated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, template)
);

INSERT INTO activated_role (tenant, template, activated_at)
SELECT r.tenant, r.template, t.created_at FROM directory_role r JOIN tenant t ON t.id = r.tenant;

-- Every tenant has its global administrators.
INSERT INTO activated_role (tenant, template, activated_at)
SELECT id, '62e90394-69f5-4237-9190-012177145e10', created_at FROM tenant WHERE kind <> 'partner';

CREATE TABLE new_assignment (
    tenant TEXT NOT NULL,
    template TEXT NOT NULL,
    principal TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, template, principal),
    FOREIGN KEY (tenant, template) REFERENCES activated_role (tenant, template)
);

INSERT INTO new_assignment (tenant, template, principal, created_at)
SELECT a.tenant, r.template, a.principal, a.created_at FROM role_assignment a
JOIN directory_role r ON r.tenant = a.tenant AND r.name = a.role;

DROP TABLE role_assignment;
DROP TABLE directory_role;
ALTER TABLE activated_role RENAME TO directory_role;
ALTER TABLE new_assignment RENAME TO role_assignment;

CREATE INDEX role_assignment_principal ON role_assignment (tenant, principal);
