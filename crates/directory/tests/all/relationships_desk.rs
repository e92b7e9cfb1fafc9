//! What the tests of relationships and of Azure access share: partners, customers, and people who call.

use crate::house::House;
use std::collections::BTreeSet;
use tenantry_core::context::{HeldBy, HeldRole, SignedInUser};
use tenantry_core::{AppId, Caller, DirectoryRole, Identity, ObjectId, OpContext, Problem, Role, TenantId, TenantKind};
use tenantry_directory::{
    NewGroup, NewRelationship, Relationship, RelationshipAction, Tenant, application_register, contract_begin,
    group_create, group_member_add, relationship_approve, relationship_create, relationship_request,
};

/// An application of a partner in some agent groups, and the groups it is in.
pub(crate) struct Agent {
    pub(crate) id: ObjectId,
    pub(crate) tenant: TenantId,
    pub(crate) kind: TenantKind,
    pub(crate) roles: BTreeSet<Role>,
    pub(crate) groups: BTreeSet<ObjectId>,
}

impl House {
    pub(crate) async fn partner(&self, prefix: &str) -> Tenant {
        self.create(TenantKind::Partner, prefix).await.unwrap()
    }

    pub(crate) async fn customer(&self, prefix: &str) -> Tenant {
        self.create(TenantKind::Customer, prefix).await.unwrap()
    }

    /// A principal of a tenant, with no role in it.
    pub(crate) async fn principal(&self, tenant: TenantId) -> ObjectId {
        let mut tx = self.begin().await;
        let (made, _) = application_register(&self.ctx, &mut tx, tenant, "Panel", &[]).await.unwrap();
        tx.commit().await.unwrap();
        made.principal
    }

    /// An agent of a partner.
    pub(crate) async fn agent(&self, partner: &Tenant, roles: &[Role]) -> Agent {
        let mut tx = self.begin().await;
        let (made, _) = application_register(&self.ctx, &mut tx, partner.id, "Agent", roles).await.unwrap();
        tx.commit().await.unwrap();
        let roles = roles.iter().copied().collect();
        Agent { id: made.principal, tenant: partner.id, kind: partner.kind, roles, groups: BTreeSet::new() }
    }

    /// A security group of a tenant with one member.
    pub(crate) async fn group(&self, tenant: TenantId, name: &str, member: ObjectId) -> ObjectId {
        let new = NewGroup {
            display_name: name.to_owned(),
            mail_nickname: name.to_owned(),
            description: None,
            mail_enabled: false,
            security_enabled: true,
        };
        let group = group_create(&self.ctx, &self.db, tenant, new).await.unwrap().id;
        group_member_add(&self.ctx, &self.db, tenant, group, member).await.unwrap();
        group
    }

    /// A contract with delegated administration.
    pub(crate) async fn contract(&self, partner: &Tenant, customer: &Tenant) {
        let mut tx = self.begin().await;
        contract_begin(&self.ctx, &mut tx, partner.id, customer.id).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// The same world, called by somebody.
    pub(crate) fn by(&self, identity: Identity) -> OpContext {
        OpContext { caller: Caller::SignedIn(identity), ..self.ctx.clone() }
    }

    /// A person of a tenant with a directory role there.
    pub(crate) fn admin(&self, tenant: &Tenant, principal: ObjectId, role: Option<DirectoryRole>) -> OpContext {
        let held = role.map(|role| HeldRole { role, by: HeldBy::Assignment });
        let user = SignedInUser { name: "clerk".to_owned(), home: tenant.id, second_factor: false };
        self.by(Identity {
            directory_roles: held.into_iter().collect(),
            rights: BTreeSet::from(["user_impersonation".to_owned()]),
            user: Some(user),
            ..Identity::application(AppId::new(principal.guid()), principal, (tenant.id, tenant.kind), [])
        })
    }

    /// An agent with its own tenant's token.
    pub(crate) fn at_home(&self, agent: &Agent) -> OpContext {
        let place = (agent.tenant, agent.kind);
        let app = AppId::new(agent.id.guid());
        let identity = Identity::application(app, agent.id, place, agent.roles.iter().copied());
        self.by(Identity { groups: agent.groups.clone(), ..identity })
    }

    /// A relationship that waits for a customer.
    pub(crate) async fn pending(&self, partner: &Tenant, new: NewRelationship) -> Relationship {
        let made = relationship_create(&self.ctx, &self.db, partner.id, new).await.unwrap();
        let lock = RelationshipAction::LockForApproval;
        relationship_request(&self.ctx, &self.db, partner.id, &made.id, lock).await.unwrap();
        made
    }

    /// One that a customer has approved.
    pub(crate) async fn active(&self, partner: &Tenant, customer: &Tenant, new: NewRelationship) -> Relationship {
        let made = self.pending(partner, new).await;
        relationship_approve(&self.ctx, &self.db, customer.id, &made.id).await.unwrap()
    }
}

/// What a partner wants: these roles, for ten days.
pub(crate) fn wanted(name: &str, roles: &[DirectoryRole]) -> NewRelationship {
    NewRelationship {
        display_name: name.to_owned(),
        duration: "P10D".to_owned(),
        roles: roles.iter().map(|role| role.template()).collect(),
        ..NewRelationship::default()
    }
}

/// `"ok"`, or the reason.
pub(crate) fn outcome<T>(result: Result<T, Problem>) -> String {
    result.map_or_else(|problem| format!("{:?}", problem.reason()), |_| "ok".to_owned())
}
