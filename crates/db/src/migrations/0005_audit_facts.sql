-- Of a line: who acted, each fact by itself (the tenant the actor belongs to, the application, the name of the person), and
-- what the act was about, as far as it said so.
ALTER TABLE audit_line ADD COLUMN home TEXT;
ALTER TABLE audit_line ADD COLUMN app TEXT;
ALTER TABLE audit_line ADD COLUMN user_name TEXT;
ALTER TABLE audit_line ADD COLUMN customer TEXT;
ALTER TABLE audit_line ADD COLUMN resource TEXT;
ALTER TABLE audit_line ADD COLUMN made TEXT;

-- Lines of older versions have the first two in the text of the actor: `app:<guid>`, `user:<guid> of <guid> by app:<guid>`.
UPDATE audit_line SET home = tenant, app = substr(actor, 5, 36) WHERE actor LIKE 'app:%';
UPDATE audit_line SET home = substr(actor, 46, 36), app = substr(actor, 90, 36) WHERE actor LIKE 'user:%';
UPDATE audit_line SET customer = tenant WHERE home IS NOT NULL AND home <> tenant;

CREATE INDEX audit_line_home ON audit_line (home, opened_at, id);
