-- A partner's contract with a customer. The names are those the customer had when it began, and stay.
CREATE TABLE contract (
    id TEXT PRIMARY KEY,
    partner TEXT NOT NULL REFERENCES tenant (id),
    customer TEXT NOT NULL REFERENCES tenant (id),
    display_name TEXT NOT NULL,
    default_domain TEXT NOT NULL,
    delegated_admin BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (partner, customer)
);

CREATE INDEX contract_customer ON contract (customer, partner);

-- Granular delegated administration. The customer is known at the latest when it approves. `name_key` is the display
-- name in lower case: unique over all relationships of the partner, ended ones too. Roles are template ids.
CREATE TABLE delegated_relationship (
    id TEXT PRIMARY KEY,
    partner TEXT NOT NULL REFERENCES tenant (id),
    customer TEXT REFERENCES tenant (id),
    customer_name TEXT,
    display_name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    duration TEXT NOT NULL,
    auto_extend TEXT NOT NULL,
    roles TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    activated_at BIGINT,
    ends_at BIGINT,
    version BIGINT NOT NULL,
    UNIQUE (partner, name_key)
);

CREATE INDEX delegated_relationship_partner ON delegated_relationship (partner, id);
CREATE INDEX delegated_relationship_customer ON delegated_relationship (customer, partner);

-- What was asked of a relationship: lock, approve, reject, terminate.
CREATE TABLE relationship_request (
    id TEXT PRIMARY KEY,
    relationship TEXT NOT NULL REFERENCES delegated_relationship (id) ON DELETE CASCADE,
    partner TEXT NOT NULL REFERENCES tenant (id),
    action TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE INDEX relationship_request_relationship ON relationship_request (relationship, created_at);
CREATE INDEX relationship_request_partner ON relationship_request (partner);

-- Which group of the partner holds which of a relationship's roles.
CREATE TABLE access_assignment (
    id TEXT PRIMARY KEY,
    relationship TEXT NOT NULL REFERENCES delegated_relationship (id) ON DELETE CASCADE,
    partner TEXT NOT NULL REFERENCES tenant (id),
    group_id TEXT NOT NULL,
    roles TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);

CREATE INDEX access_assignment_relationship ON access_assignment (relationship, id);
CREATE INDEX access_assignment_partner ON access_assignment (partner);

-- A group has its roles of a relationship by one assignment.
CREATE UNIQUE INDEX access_assignment_group ON access_assignment (relationship, group_id) WHERE status <> 'deleted';

-- What a client waits for after it changed an access assignment.
CREATE TABLE relationship_operation (
    id TEXT PRIMARY KEY,
    relationship TEXT NOT NULL REFERENCES delegated_relationship (id) ON DELETE CASCADE,
    partner TEXT NOT NULL REFERENCES tenant (id),
    data TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE INDEX relationship_operation_relationship ON relationship_operation (relationship, created_at);
CREATE INDEX relationship_operation_partner ON relationship_operation (partner);
