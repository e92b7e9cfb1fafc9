-- What names a credit note among its seller's for ever, as a reference names a payment, and what was asked for under
-- that name: a request that comes twice is one note. Without value on notes from before.
ALTER TABLE credit_note ADD COLUMN reference TEXT;
ALTER TABLE credit_note ADD COLUMN asked TEXT;

CREATE UNIQUE INDEX credit_note_reference ON credit_note (seller, reference);
