-- Issued documents. A row is written once and never changed.
CREATE TABLE invoice (
    seller TEXT NOT NULL,
    number TEXT NOT NULL,
    buyer TEXT NOT NULL,
    edge TEXT NOT NULL,
    close_no BIGINT NOT NULL,
    month TEXT NOT NULL,
    issued_at BIGINT NOT NULL,
    currency TEXT NOT NULL,
    total TEXT NOT NULL,
    chain_no BIGINT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (seller, number),
    UNIQUE (edge, close_no),
    UNIQUE (seller, chain_no)
);

CREATE INDEX invoice_buyer ON invoice (buyer, issued_at);

-- Double entry: the entries of a group sum to zero in each currency. Never changed.
CREATE TABLE ledger_entry (
    group_id TEXT NOT NULL,
    line_no BIGINT NOT NULL,
    owner TEXT NOT NULL,
    account TEXT NOT NULL,
    counterparty TEXT NOT NULL,
    currency TEXT NOT NULL,
    minor TEXT NOT NULL,
    at BIGINT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (group_id, line_no)
);

CREATE INDEX ledger_entry_account ON ledger_entry (owner, account, counterparty);
