-- When a document is due, beside it, so that ageing does not read whole documents. Empty on documents from before:
-- those were due sixty days after their issue.
ALTER TABLE invoice ADD COLUMN due_on TEXT NOT NULL DEFAULT '';

CREATE INDEX invoice_close ON invoice (close_no);

-- Payments and their reversals, as the seller wrote them down. A row is written once and never changed; which
-- documents a payment covers is computed from all rows in their order (after_chain, sequence).
CREATE TABLE payment (
    seller TEXT NOT NULL,
    reference TEXT NOT NULL,
    buyer TEXT NOT NULL,
    currency TEXT NOT NULL,
    minor TEXT NOT NULL,
    paid_on TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    -- The seller's newest document when the payment was recorded: its place among the documents.
    after_chain BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    -- Numbers of the documents it was paid for, as a JSON list. Empty: the oldest.
    documents TEXT NOT NULL,
    -- The reference of the payment this row takes back.
    reverses TEXT,
    reason TEXT NOT NULL,
    PRIMARY KEY (seller, reference),
    UNIQUE (seller, reverses),
    UNIQUE (seller, sequence)
);

CREATE INDEX payment_buyer ON payment (buyer, seller);

-- Credit notes: documents of their own in the same hash chain as the seller's invoices. Written once, never changed.
CREATE TABLE credit_note (
    seller TEXT NOT NULL,
    number TEXT NOT NULL,
    buyer TEXT NOT NULL,
    invoice TEXT NOT NULL,
    issued_at BIGINT NOT NULL,
    currency TEXT NOT NULL,
    total TEXT NOT NULL,
    chain_no BIGINT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (seller, number),
    UNIQUE (seller, chain_no)
);

CREATE INDEX credit_note_buyer ON credit_note (buyer, issued_at);
CREATE INDEX credit_note_invoice ON credit_note (seller, invoice);

-- How a seller's edge rounds the lines of its documents, from an instant on. No row: half even.
CREATE TABLE edge_rounding (
    edge TEXT NOT NULL REFERENCES channel_edge (id),
    seller TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    rounding TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (edge, from_at)
);

CREATE INDEX edge_rounding_seller ON edge_rounding (seller);

-- Tax on the documents of a seller in a market, from an instant on. No row: no tax.
CREATE TABLE tax_rate (
    seller TEXT NOT NULL,
    market TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    rate TEXT NOT NULL,
    hook TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (seller, market, from_at)
);
