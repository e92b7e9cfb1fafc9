-- Requests for help. `number` counts those of the whole world from 1. `customer` is the customer it is about; none if it is
-- about the partner itself. The organisation's name and phone are those of the day it was raised.
CREATE TABLE ticket (
    number BIGINT PRIMARY KEY,
    partner TEXT NOT NULL REFERENCES tenant (id),
    customer TEXT REFERENCES tenant (id),
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    severity TEXT NOT NULL,
    topic BIGINT NOT NULL,
    status TEXT NOT NULL,
    organization_name TEXT NOT NULL,
    organization_phone TEXT,
    country TEXT NOT NULL,
    contact_first_name TEXT,
    contact_last_name TEXT,
    contact_email TEXT,
    contact_phone TEXT,
    raised_by TEXT NOT NULL,
    raised_by_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_by_name TEXT NOT NULL,
    changed_by_provider BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    closed_at BIGINT,
    version BIGINT NOT NULL
);

CREATE INDEX ticket_partner ON ticket (partner, number);
CREATE INDEX ticket_customer ON ticket (customer, partner, number);

-- What either side wrote later, in the order of `place`.
CREATE TABLE ticket_note (
    ticket BIGINT NOT NULL REFERENCES ticket (number),
    place BIGINT NOT NULL,
    partner TEXT NOT NULL REFERENCES tenant (id),
    by_provider BIGINT NOT NULL,
    writer_name TEXT NOT NULL,
    words TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    PRIMARY KEY (ticket, place)
);

CREATE INDEX ticket_note_partner ON ticket_note (partner, ticket);

-- What of the services does not run, or did not. `affected` are the names of workloads, one a line.
CREATE TABLE incident (
    number BIGINT PRIMARY KEY,
    workload TEXT NOT NULL,
    affected TEXT NOT NULL,
    area TEXT,
    level TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    resolved_at BIGINT
);

-- What was said about it, in the order of `place`.
CREATE TABLE incident_message (
    incident BIGINT NOT NULL REFERENCES incident (number),
    place BIGINT NOT NULL,
    words TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    PRIMARY KEY (incident, place)
);
