//! Where something is to be done: a scope as people write it, and the target the policy is asked with.

use crate::reach::Reach;
use crate::rows;
use crate::scope::{CustomerRef, SubscriptionRef};
use tenantry_access::azure::ArmScope;
use tenantry_access::{PartnerScope, Scoped, TenantScope, WorldScope};
use tenantry_core::{OpContext, Problem, Reason, SubscriptionId, TenantId, TenantKind};
use tenantry_db::Db;
use tenantry_directory::{Tenant, tenant_find};

/// A place.
#[derive(Debug)]
pub(super) enum Place {
    /// The world itself.
    World,
    /// A tenant: a customer, a partner, or just a directory.
    Tenant(Tenant),
    /// A place in the tree of Azure resources, in the tenant it lies in.
    Arm { tenant: Tenant, scope: ArmScope },
}

impl Place {
    /// Reads a scope and finds what it names. Whether the caller may know of it is asked by who called this.
    pub(super) async fn find(ctx: &OpContext, db: &Db, text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        if text.starts_with('/') {
            return Self::arm_scope(ctx, db, text).await;
        }
        let (kind, name) = text.split_once('/').unwrap_or((text, ""));
        let wanted = match (kind.to_ascii_lowercase().as_str(), name) {
            ("world", "") => return Ok(Self::World),
            ("customer", _) => Some(TenantKind::Customer),
            ("partner", _) => Some(TenantKind::Partner),
            ("tenant", _) => None,
            _ => return Err(malformed(text)),
        };
        if name.is_empty() {
            return Err(malformed(text));
        }
        let found = tenant_find(db, name).await?;
        let tenant = found.filter(|tenant| wanted.is_none_or(|kind| kind == tenant.kind));
        tenant.map(Self::Tenant).ok_or_else(|| missing(text))
    }

    async fn arm_scope(ctx: &OpContext, db: &Db, text: &str) -> Result<Self, Problem> {
        let scope = ArmScope::parse(text)?;
        let tenant = match scope.subscription_id() {
            Some(subscription) => tenant_of(db, subscription).await?,
            None => Some(ctx.tenant().ok_or_else(|| {
                let message = format!("`{text}` lies in every tenant; name one, as in tenant/contoso.example");
                Problem::invalid("scope", message)
            })?),
        };
        let tenant = match tenant {
            Some(tenant) => tenant_find(db, &tenant.to_string()).await?,
            None => None,
        };
        Ok(Self::Arm { tenant: tenant.ok_or_else(|| missing(text))?, scope })
    }

    /// The tenant it is, or lies in.
    pub(super) const fn tenant(&self) -> Option<TenantId> {
        match self {
            Self::World => None,
            Self::Tenant(tenant) | Self::Arm { tenant, .. } => Some(tenant.id),
        }
    }

    /// The directory it is, or lies in.
    pub(super) const fn directory(&self) -> Option<&Tenant> {
        match self {
            Self::World => None,
            Self::Tenant(tenant) | Self::Arm { tenant, .. } => Some(tenant),
        }
    }

    /// The place in the tree of resources, if it was named so.
    pub(super) const fn arm(&self) -> Option<&ArmScope> {
        match self {
            Self::Arm { scope, .. } => Some(scope),
            Self::World | Self::Tenant(_) => None,
        }
    }

    /// The answer to somebody who may not know of it: as if it were not there.
    pub(super) fn hidden(&self, text: &str) -> Problem {
        missing(text.trim())
    }

    /// What the channel's policy is asked with when somebody of `home` acts.
    pub(super) async fn in_channel(&self, db: &Db, home: TenantId, sandbox: bool) -> Result<Target, Problem> {
        let (tenant, subscription) = match self {
            Self::World => return Ok(Target::World(WorldScope { sandbox })),
            Self::Tenant(tenant) => (tenant, None),
            Self::Arm { tenant, scope } => (tenant, scope.subscription_id()),
        };
        match tenant.kind {
            TenantKind::Provider => return Ok(Target::World(WorldScope { sandbox })),
            TenantKind::Partner => return Ok(Target::Partner(PartnerScope(tenant.id))),
            TenantKind::Customer => {}
        }
        let mut reader = db.reader().await?;
        if let Some(subscription) = subscription {
            if let Some(owner) = rows::subscription::owner(&mut reader, subscription, sandbox).await? {
                return Ok(Target::Subscription(SubscriptionRef { owner, subscription }));
            }
            return Ok(Target::Unsold(tenant.id));
        }
        let partners = rows::customer::by_id(&mut reader, Reach::ALL, tenant.id).await?;
        let own = partners.iter().find(|customer| customer.partner == home).or_else(|| partners.first());
        Ok(own.map_or(Target::Unsold(tenant.id), |customer| Target::Customer(customer.scope(sandbox))))
    }
}

/// The tenant a subscription lives in.
async fn tenant_of(db: &Db, subscription: SubscriptionId) -> Result<Option<TenantId>, Problem> {
    let mut reader = db.reader().await?;
    match rows::subscription::owner(&mut reader, subscription, false).await? {
        Some(owner) => Ok(Some(owner.customer)),
        None => rows::brought::tenant_of(&mut reader, subscription).await,
    }
}

fn malformed(text: &str) -> Problem {
    let seen: String = text.chars().take(80).collect();
    let message = format!(
        "`{seen}` is no scope; write /subscriptions/{{id}}/.., customer/{{id or domain}}, partner/{{..}}, tenant/{{..}} or \
         world"
    );
    Problem::invalid("scope", message)
}

fn missing(text: &str) -> Problem {
    let seen: String = text.chars().take(200).collect();
    let reason = match seen.split('/').next().unwrap_or_default() {
        "" => Reason::SubscriptionNotFound,
        "customer" => Reason::CustomerNotFound,
        _ => Reason::TenantNotFound,
    };
    Problem::new(reason, format!("there is no `{seen}`; check the id or domain")).at("scope")
}

/// What the policy is asked with.
#[derive(Debug)]
pub(super) enum Target {
    World(WorldScope),
    Partner(PartnerScope),
    Customer(CustomerRef),
    Subscription(SubscriptionRef),
    Directory(TenantScope),
    /// What no partner sold: a subscription that was bought elsewhere, a customer of nobody.
    Unsold(TenantId),
}

impl Target {
    /// A directory.
    pub(super) const fn tenant(id: TenantId) -> Self {
        Self::Directory(TenantScope(id))
    }

    /// The tenant in which somebody of `home` would act on it.
    pub(super) fn acted_in(&self, home: TenantId) -> TenantId {
        match self {
            Self::Directory(scope) => scope.0,
            Self::World(_) | Self::Partner(_) | Self::Customer(_) | Self::Subscription(_) | Self::Unsold(_) => home,
        }
    }

    fn inner(&self) -> Option<&dyn Scoped> {
        match self {
            Self::World(scope) => Some(scope),
            Self::Partner(scope) => Some(scope),
            Self::Customer(scope) => Some(scope),
            Self::Subscription(scope) => Some(scope),
            Self::Directory(scope) => Some(scope),
            Self::Unsold(_) => None,
        }
    }
}

impl Scoped for Target {
    fn partner(&self) -> Option<TenantId> {
        self.inner().and_then(Scoped::partner)
    }

    fn customer(&self) -> Option<TenantId> {
        match self {
            Self::Unsold(tenant) => Some(*tenant),
            _ => self.inner().and_then(Scoped::customer),
        }
    }

    fn upstream(&self) -> Option<TenantId> {
        self.inner().and_then(Scoped::upstream)
    }

    fn tenant(&self) -> Option<TenantId> {
        self.inner().and_then(Scoped::tenant)
    }

    fn hidden(&self) -> Problem {
        self.inner().map_or_else(|| missing("tenant"), Scoped::hidden)
    }

    fn sandbox(&self) -> bool {
        self.inner().is_some_and(Scoped::sandbox)
    }
}
