-- Seats of the old catalogue that went on in the modern one: by which order, out of which subscription into which, and under
-- which name of the partner's own. `full_term` is 1 where a whole term began that day.
ALTER TABLE subscription ADD COLUMN migrated_from TEXT;

CREATE TABLE new_commerce_migration (
    id TEXT PRIMARY KEY,
    sales_order TEXT NOT NULL UNIQUE REFERENCES sales_order (id),
    customer TEXT NOT NULL,
    partner TEXT NOT NULL REFERENCES partner (tenant),
    source TEXT NOT NULL REFERENCES subscription (id),
    target TEXT NOT NULL REFERENCES subscription (id),
    full_term BIGINT NOT NULL,
    external_reference TEXT,
    made_at BIGINT NOT NULL
);

CREATE INDEX new_commerce_migration_partner ON new_commerce_migration (partner, made_at, id);
CREATE INDEX new_commerce_migration_customer ON new_commerce_migration (customer);
CREATE INDEX new_commerce_migration_source ON new_commerce_migration (source);
CREATE INDEX new_commerce_migration_target ON new_commerce_migration (target);

-- Migrations that are to be made on a day, and what became of them. `quantity` and `billing_cycle` are NULL for those the
-- subscription has then; `error` says why one that was tried failed.
CREATE TABLE new_commerce_schedule (
    id TEXT PRIMARY KEY,
    customer TEXT NOT NULL,
    partner TEXT NOT NULL REFERENCES partner (tenant),
    subscription TEXT NOT NULL REFERENCES subscription (id),
    due_on BIGINT NOT NULL,
    at_renewal BIGINT NOT NULL,
    quantity BIGINT,
    billing_cycle TEXT,
    full_term BIGINT NOT NULL,
    external_reference TEXT,
    status TEXT NOT NULL,
    error TEXT,
    migration TEXT REFERENCES new_commerce_migration (id),
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE INDEX new_commerce_schedule_partner ON new_commerce_schedule (partner, created_at, id);
CREATE INDEX new_commerce_schedule_customer ON new_commerce_schedule (customer);
CREATE INDEX new_commerce_schedule_subscription ON new_commerce_schedule (subscription);
CREATE UNIQUE INDEX new_commerce_schedule_one ON new_commerce_schedule (subscription) WHERE status = 'scheduled';
CREATE INDEX new_commerce_schedule_due ON new_commerce_schedule (due_on) WHERE status = 'scheduled';
