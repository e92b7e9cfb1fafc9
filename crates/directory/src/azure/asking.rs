//! As whom a caller counts in a tenant's Azure: the ids that assignments can name.
//!
//! A principal of the tenant counts as itself and the groups it is in. A partner's agent counts by its groups alone,
//! whichever of the two tokens it brings (its own tenant's, or the customer's): assignments name the partner's group,
//! never its people (arm.md 11.7). The platform and the provider are Owner of everything, which is no way round a lock.
//! Working for the provider is not being it: `tenantry_access::is_provider` says who is.

use crate::azure::subscription_rows;
use crate::people::{Standing, standing};
use crate::rows;
use std::sync::LazyLock;
use tenantry_access::azure::{AccessMap, ArmScope, Asker, Assignment, AzureDecision, BUILT_IN, OWNER, PrincipalKind};
use tenantry_access::is_provider;
use tenantry_core::{AppId, Caller, Identity, ObjectId, OpContext, Problem, Reason, Role, TenantId};
use tenantry_db::{Connection, sql};
use uuid::Uuid;

/// As whom somebody asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asking {
    /// The platform or the provider: Owner of everything.
    Everything,
    /// These ids.
    As(Vec<ObjectId>),
}

/// What is known of a caller without asking the database.
pub(crate) enum Known<'a> {
    /// All.
    Asking(Asking),
    /// That it is an agent of a partner.
    Agent(&'a Identity),
}

/// The provider's standing, put as the engine puts everything: Owner at the root.
static OWNER_OF_ALL: LazyLock<AccessMap> = LazyLock::new(|| {
    let owner = Assignment {
        id: Uuid::nil(),
        scope: ArmScope::root(),
        role: OWNER,
        principal: EVERYTHING,
        kind: PrincipalKind::ServicePrincipal,
        home: None,
    };
    AccessMap::build(BUILT_IN.iter().filter(|role| role.id == OWNER).cloned(), [owner], [])
});

const EVERYTHING: ObjectId = ObjectId::new(Uuid::nil());

impl Asking {
    /// As whom the caller asks about a tenant.
    ///
    /// # Errors
    /// `TokenMissing` if nobody signed in; those of the database.
    pub(crate) async fn of(ctx: &OpContext, on: &mut impl Connection, tenant: TenantId) -> Result<Self, Problem> {
        match Self::at_once(ctx, tenant)? {
            Known::Asking(asking) => Ok(asking),
            Known::Agent(identity) => Self::agent(on, identity).await,
        }
    }

    /// The same where it needs no look at the groups of a partner.
    pub(crate) fn at_once(ctx: &OpContext, tenant: TenantId) -> Result<Known<'_>, Problem> {
        let identity = match &ctx.caller {
            Caller::System(_) => return Ok(Known::Asking(Self::Everything)),
            Caller::Nobody => {
                let message = "this needs a bearer token; get one at the token endpoint";
                return Err(Problem::new(Reason::TokenMissing, message));
            }
            Caller::SignedIn(identity) => identity,
        };
        let home = identity.home();
        if is_provider(identity) && home == identity.tenant {
            return Ok(Known::Asking(Self::Everything));
        }
        if home == tenant && identity.tenant == tenant {
            let own = std::iter::once(identity.principal).chain(identity.groups.iter().copied());
            return Ok(Known::Asking(Self::As(own.collect())));
        }
        // A token for another customer's tenant says nothing in this one.
        if identity.tenant != tenant && identity.tenant != home {
            return Ok(Known::Asking(Self::As(Vec::new())));
        }
        Ok(Known::Agent(identity))
    }

    /// A partner's agent: its groups, and those its roles stand for.
    async fn agent(on: &mut impl Connection, identity: &Identity) -> Result<Self, Problem> {
        let mut groups: Vec<ObjectId> = identity.groups.iter().copied().collect();
        for role in [Role::AdminAgent, Role::HelpdeskAgent, Role::SalesAgent] {
            if identity.roles.contains(&role)
                && let Some(group) = subscription_rows::agent_group(on, identity.home(), role).await?
                && !groups.contains(&group)
            {
                groups.push(group);
            }
        }
        Ok(Self::As(groups))
    }

    /// As whom a principal of any tenant counts in this one; `None` if there is no such principal.
    pub(crate) async fn of_principal(
        on: &mut impl Connection,
        tenant: TenantId,
        principal: ObjectId,
    ) -> Result<Option<(TenantId, Self)>, Problem> {
        let Some((home, kind)) = principal_find(on, principal, tenant).await? else { return Ok(None) };
        let held = standing(on, home, principal).await?;
        if provides(on, (home, principal), &held).await? {
            return Ok(Some((home, Self::Everything)));
        }
        let itself = (home == tenant || kind == PrincipalKind::Group).then_some(principal);
        Ok(Some((home, Self::As(itself.into_iter().chain(held.groups).collect()))))
    }

    /// The ids.
    pub(crate) fn principals(&self) -> &[ObjectId] {
        match self {
            Self::Everything => &[],
            Self::As(principals) => principals,
        }
    }

    /// The same as [`Asking::decide`] where yes or no is enough.
    pub(crate) fn allows(&self, map: &AccessMap, action: &str, scope: &ArmScope) -> bool {
        match self {
            Self::Everything => self.decide(map, action, scope).allowed(),
            Self::As(principals) => map.allows(&Asker { principals, action, scope }),
        }
    }

    /// What the map says to them. A lock of the tenant binds everybody.
    pub(crate) fn decide(&self, map: &AccessMap, action: &str, scope: &ArmScope) -> AzureDecision {
        let here = map.decide(&Asker { principals: self.principals(), action, scope });
        match self {
            Self::Everything => {
                let mut decided = OWNER_OF_ALL.decide(&Asker { principals: &[EVERYTHING], action, scope });
                decided.locks = here.locks;
                decided
            }
            Self::As(_) => here,
        }
    }
}

/// Whether a principal is the provider when it acts at home: asked of the same rule as a caller.
async fn provides(
    on: &mut impl Connection,
    (home, principal): (TenantId, ObjectId),
    held: &Standing,
) -> Result<bool, Problem> {
    let Some(tenant) = rows::tenant_by_id(on, home).await? else { return Ok(false) };
    Ok(is_provider(&Identity {
        directory_roles: held.directory_roles.clone(),
        ..Identity::application(AppId::new(Uuid::nil()), principal, (home, tenant.kind), [])
    }))
}

/// Where a principal is at home and what it is. One of `tenant` is found first, should two have the same id.
pub(crate) async fn principal_find(
    on: &mut impl Connection,
    principal: ObjectId,
    tenant: TenantId,
) -> Result<Option<(TenantId, PrincipalKind)>, Problem> {
    let row = sql("SELECT tenant, kind FROM ( \
         SELECT tenant, 'User' AS kind FROM directory_user WHERE id = $1 AND deleted_at IS NULL \
         UNION ALL SELECT tenant, 'Group' AS kind FROM directory_group WHERE id = $1 \
         UNION ALL SELECT tenant, 'ServicePrincipal' AS kind FROM service_principal WHERE id = $1) found \
         ORDER BY CASE WHEN tenant = $2 THEN 0 ELSE 1 END LIMIT 1")
    .bind(principal)
    .bind(tenant)
    .maybe(on)
    .await?;
    let kind = |name: &str| PrincipalKind::from_name(name).ok_or_else(|| format!("`{name}` is no kind of principal"));
    row.map(|row| Ok((row.parsed("tenant", TenantId::parse)?, row.parsed("kind", kind)?))).transpose()
}
