-- Whatever is in use is found by the day its term ends.
CREATE INDEX subscription_term ON subscription (state, commitment_ends_on);

-- What was sold before anybody looked at the end of terms: somebody looks at once, and from then on at each end.
INSERT INTO due_job (kind, subject, due_at, attempts)
SELECT 'terms-end', 'sold before', 0, 0 WHERE EXISTS (SELECT 1 FROM subscription WHERE commitment_ends_on IS NOT NULL);
