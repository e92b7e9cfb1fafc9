-- How a customer's new devices are set up at their first start. `settings` are names with blanks between. Names are unique
-- in any letter case: `name_key` is the name in lower case.
CREATE TABLE configuration_policy (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    partner TEXT NOT NULL REFERENCES tenant (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    description TEXT,
    settings TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    UNIQUE (tenant, partner, name_key)
);

CREATE INDEX configuration_policy_partner ON configuration_policy (partner, tenant);

-- Devices that were brought in together. The partner names a batch by any text; `status` is how the last upload into it ended.
CREATE TABLE device_batch (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    partner TEXT NOT NULL REFERENCES tenant (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    status TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (tenant, partner, name_key)
);

CREATE INDEX device_batch_partner ON device_batch (partner, tenant);

-- A device that has not been started yet, in the batch it came with.
CREATE TABLE device (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    partner TEXT NOT NULL REFERENCES tenant (id),
    batch TEXT NOT NULL REFERENCES device_batch (id),
    serial_number TEXT,
    product_key TEXT,
    hardware_hash TEXT,
    model_name TEXT,
    oem_manufacturer TEXT,
    policy TEXT REFERENCES configuration_policy (id),
    uploaded_at BIGINT NOT NULL
);

CREATE INDEX device_tenant ON device (tenant, partner);
CREATE INDEX device_partner ON device (partner, tenant);
CREATE INDEX device_of_batch ON device (batch, id);
CREATE INDEX device_policy ON device (policy);

-- By what a device is known: digests of its hash, its key, and its serial number with maker and model. One machine is one
-- customer's, in the whole world.
CREATE TABLE device_identity (
    known_by TEXT PRIMARY KEY,
    device TEXT NOT NULL REFERENCES device (id)
);

CREATE INDEX device_identity_device ON device_identity (device);

-- What became of an upload, or of giving policies to many devices.
CREATE TABLE device_upload (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    partner TEXT NOT NULL REFERENCES tenant (id),
    status TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    completed_at BIGINT NOT NULL
);

CREATE INDEX device_upload_tenant ON device_upload (tenant, partner);
CREATE INDEX device_upload_partner ON device_upload (partner, tenant);

-- And of each device of it, in the order they were sent. `refusal` is absent where all went well. No key to devices: one may
-- have been deleted since.
CREATE TABLE device_upload_line (
    upload TEXT NOT NULL REFERENCES device_upload (id),
    place BIGINT NOT NULL,
    device TEXT,
    serial_number TEXT,
    product_key TEXT,
    refusal TEXT,
    detail TEXT,
    PRIMARY KEY (upload, place)
);
