-- Who speaks for the provider is said by a directory role now. Until now every application in the provider's tenant did,
-- so those that were registered there keep their standing. Applications of other tenants that somebody there let in do
-- not: that they had it was the fault.
INSERT INTO directory_role (tenant, template, activated_at)
SELECT id, '62e90394-69f5-4237-9190-012177145e10', created_at FROM tenant WHERE kind = 'provider'
ON CONFLICT (tenant, template) DO NOTHING;

INSERT INTO role_assignment (tenant, template, principal, created_at)
SELECT p.tenant, '62e90394-69f5-4237-9190-012177145e10', p.id, p.created_at
FROM service_principal p JOIN application a ON a.id = p.app AND a.tenant = p.tenant JOIN tenant t ON t.id = p.tenant
WHERE t.kind = 'provider' AND a.deleted_at IS NULL
ON CONFLICT (tenant, template, principal) DO NOTHING;
