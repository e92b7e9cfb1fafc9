//! Who holds a customer's subscription: the partner that sold it, alone, for as long as the relationship lasts; and
//! what a second partner, and the customer, can do about it.

use crate::house::{House, in_a_house};
use crate::relationships_desk::{Agent, outcome, wanted};
use std::collections::BTreeSet;
use tenantry_access::azure::{
    ArmScope, CONTRIBUTOR, OWNER, PermissionSet, PrincipalKind, READER, USER_ACCESS_ADMINISTRATOR,
};
use tenantry_core::context::{HeldBy, HeldRole, SignedInUser};
use tenantry_core::{
    Caller, DirectoryRole, Identity, ObjectId, OpContext, Problem, Role, SubscriptionId, TenantId, TenantKind,
};
use tenantry_directory::{
    AccessMaps, Assigned, AssignmentFilter, AssignmentNotes, NewAssignment, NewAzureRole, RelationshipAction, Tenant,
    azure_decide, azure_decide_for, delegated_admin_remove, relationship_request, role_assignment_delete,
    role_assignment_list, role_assignment_put, role_definition_put, subscription_register, visible_subscriptions,
};

/// Role Based Access Control Administrator.
const RBAC_ADMINISTRATOR: uuid::Uuid = uuid::uuid!("f58310d9-a9f6-439a-9e8d-f62e7b41a168");

const START: &str = "Microsoft.Compute/virtualMachines/start/action";

impl House {
    /// A subscription of a customer, sold by a partner or bought elsewhere.
    pub(crate) async fn subscription(&self, customer: &Tenant, partner: Option<&Tenant>) -> SubscriptionId {
        let id = SubscriptionId::new(self.ctx.chance.guid());
        let mut tx = self.begin().await;
        let partner = partner.map(|partner| partner.id);
        subscription_register(&self.ctx, &mut tx, customer.id, id, partner, "Azure").await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// Gives a principal a role, in the name of somebody.
    pub(crate) async fn assign(
        &self,
        ctx: &OpContext,
        tenant: TenantId,
        (scope, role): (&str, uuid::Uuid),
        (principal, kind): (ObjectId, Option<PrincipalKind>),
    ) -> Result<Assigned, Problem> {
        let (id, scope) = (self.ctx.chance.guid(), ArmScope::parse(scope).unwrap());
        let notes = AssignmentNotes::default();
        let new = NewAssignment { id, scope, role, principal, kind, notes };
        role_assignment_put(ctx, &self.db, tenant, new).await
    }

    /// An agent with a token for a customer's tenant, by which it administers that by delegation.
    pub(crate) async fn at_customer(&self, agent: &Agent, customer: &Tenant) -> OpContext {
        let Caller::SignedIn(identity) = self.at_home(agent).caller else { panic!("nobody") };
        let mut groups = agent.groups.clone();
        groups.extend(self.agent_group(agent.tenant).await);
        let by = HeldBy::DelegatedAdmin { group: Role::AdminAgent };
        self.by(Identity {
            tenant: customer.id,
            tenant_kind: TenantKind::Customer,
            roles: BTreeSet::new(),
            groups,
            directory_roles: vec![HeldRole { role: DirectoryRole::GlobalAdmin, by }],
            rights: BTreeSet::from(["user_impersonation".to_owned()]),
            user: Some(SignedInUser { name: "agent".to_owned(), home: agent.tenant, second_factor: true }),
            ..identity
        })
    }

    pub(crate) async fn agent_group(&self, partner: TenantId) -> Option<ObjectId> {
        let groups = tenantry_directory::group_page(&self.ctx, &self.db, partner, None, 50).await.unwrap();
        groups.into_iter().find(|group| group.agents == Some(Role::AdminAgent)).map(|group| group.id)
    }
}

/// Which of the subscriptions a caller sees, by their place in the list; `!` marks those with a role on them.
async fn seen(house: &House, ctx: &OpContext, customer: &Tenant, all: &[SubscriptionId]) -> String {
    let seen = visible_subscriptions(ctx, &house.db, customer.id).await.unwrap();
    let place = |id: SubscriptionId| all.iter().position(|known| *known == id).unwrap();
    assert!(seen.iter().all(|seen| !seen.why.is_empty()));
    let mut words: Vec<_> = seen
        .iter()
        .map(|seen| format!("{}{}", place(seen.subscription.id), if seen.by_role { "!" } else { "" }))
        .collect();
    words.sort();
    words.join(" ")
}

#[test]
fn each_partner_holds_what_it_sold_and_sees_nothing_of_the_other() {
    in_a_house(|house| async move {
        let (one, other) = (house.partner("contoso").await, house.partner("fabrikam").await);
        let (customer, neighbour) = (house.customer("northwind").await, house.customer("adatum").await);
        for partner in [&one, &other] {
            house.contract(partner, &customer).await;
        }
        house.contract(&one, &neighbour).await;
        let all = [
            house.subscription(&customer, Some(&one)).await,
            house.subscription(&customer, Some(&other)).await,
            house.subscription(&customer, None).await,
        ];
        let admin_agent = house.agent(&one, &[Role::AdminAgent]).await;
        let helpdesk = house.agent(&one, &[Role::HelpdeskAgent]).await;
        let rival = house.agent(&other, &[Role::AdminAgent]).await;
        let provider = house.create(TenantKind::Provider, "root").await.unwrap();
        let operator = house.agent(&provider, &[]).await;
        let of_provider = async |role| house.admin(&provider, house.principal(provider.id).await, role);
        let unseen = ["SubscriptionNotFound"; 3];
        let person = async |role| house.admin(&customer, house.principal(customer.id).await, role);
        let callers = [
            (
                "an admin agent at home",
                house.at_home(&admin_agent),
                ["ok", "SubscriptionNotFound", "Forbidden"],
                "0! 2",
            ),
            (
                "an admin agent at the customer's",
                house.at_customer(&admin_agent, &customer).await,
                ["ok", "SubscriptionNotFound", "Forbidden"],
                "0! 2",
            ),
            (
                "an admin agent with a token for another customer",
                house.at_customer(&admin_agent, &neighbour).await,
                ["SubscriptionNotFound"; 3],
                "",
            ),
            ("a helpdesk agent", house.at_home(&helpdesk), ["SubscriptionNotFound"; 3], ""),
            ("the second partner's agent", house.at_home(&rival), ["SubscriptionNotFound", "ok", "Forbidden"], "1! 2"),
            ("the customer's own admin", person(Some(DirectoryRole::GlobalAdmin)).await, ["Forbidden"; 3], "0 1 2"),
            ("a member of the customer", person(None).await, ["SubscriptionNotFound"; 3], ""),
            ("the platform", house.ctx.clone(), ["ok"; 3], "0! 1! 2!"),
            ("an application of the provider", house.at_home(&operator), ["ok"; 3], "0! 1! 2!"),
            ("the provider's own admin", of_provider(Some(DirectoryRole::GlobalAdmin)).await, ["ok"; 3], "0! 1! 2!"),
            ("a reader of the provider", of_provider(Some(DirectoryRole::GlobalReader)).await, unseen, ""),
            ("a member of the provider", of_provider(None).await, unseen, ""),
        ];
        for (who, ctx, expected, sees) in &callers {
            let mut may = Vec::new();
            for id in all {
                let scope = ArmScope::subscription(id);
                let listed =
                    role_assignment_list(ctx, &house.db, customer.id, &scope, AssignmentFilter::default()).await;
                let decided = azure_decide(ctx, &house.db, customer.id, START, &scope).await.unwrap();
                assert_eq!(decided.allowed(), listed.is_ok(), "{who}: Owner or nothing");
                may.push(outcome(listed));
            }
            assert_eq!(may, expected, "{who}");
            assert_eq!(seen(&house, ctx, &customer, &all).await, *sees, "{who}");
        }
        let nobody = OpContext { caller: Caller::Nobody, ..house.ctx.clone() };
        assert_eq!(outcome(visible_subscriptions(&nobody, &house.db, customer.id).await), "TokenMissing");
    });
}

#[test]
fn a_partners_group_counts_only_while_the_relationship_lasts() {
    in_a_house(|house| async move {
        let (partner, customer) = (house.partner("contoso").await, house.customer("northwind").await);
        let (ctx, db) = (&house.ctx, &house.db);
        let agent = house.agent(&partner, &[Role::AdminAgent]).await;
        let scope = ArmScope::subscription(house.subscription(&customer, Some(&partner)).await);
        let maps = AccessMaps::default();
        let by_agent = &house.at_home(&agent);
        let counts = async |expected: bool, when: &str| {
            let decided = azure_decide(by_agent, db, customer.id, START, &scope).await.unwrap();
            assert_eq!(decided.allowed(), expected, "{when}");
            let told = azure_decide_for(ctx, db, customer.id, agent.id, START, &scope).await.unwrap();
            assert_eq!(told.allowed(), expected, "{when}, asked about");
            for _ in 0..2 {
                let remembered = maps.decide(by_agent, db, customer.id, START, &scope).await.unwrap();
                assert_eq!(remembered.allowed(), expected, "{when}, from memory");
            }
        };
        counts(false, "without a relationship").await;
        house.contract(&partner, &customer).await;
        counts(true, "with a contract").await;
        delegated_admin_remove(ctx, db, partner.id, customer.id).await.unwrap();
        counts(false, "delegated administration removed").await;
        let care = wanted("Care", &[DirectoryRole::GlobalReader]);
        let relationship = house.active(&partner, &customer, care).await.id;
        counts(true, "with a granular relationship").await;
        // The job that writes the end down has not run: the clock alone ends it, in memory too.
        house.advance("2026-01-20T15:59:59Z");
        counts(true, "a second before its end").await;
        house.advance("2026-01-20T16:00:00Z");
        counts(false, "at its end").await;
        let again = house.active(&partner, &customer, wanted("Again", &[DirectoryRole::GlobalReader])).await.id;
        counts(true, "with another").await;
        relationship_request(ctx, db, customer.id, &again, RelationshipAction::Terminate).await.unwrap();
        counts(false, "terminated").await;
        house.contract(&partner, &customer).await;
        counts(true, "with the contract again").await;
        assert_ne!(relationship, again);
    });
}

#[test]
fn a_contributor_cannot_remove_the_partner_and_an_owner_can() {
    in_a_house(|house| async move {
        let (partner, customer) = (house.partner("contoso").await, house.customer("northwind").await);
        let (db, tenant) = (&house.db, customer.id);
        house.contract(&partner, &customer).await;
        let agent = house.at_home(&house.agent(&partner, &[Role::AdminAgent]).await);
        let subscription = house.subscription(&customer, Some(&partner)).await;
        let scope = ArmScope::subscription(subscription);
        let everything = AssignmentFilter::default();
        let theirs = role_assignment_list(&agent, db, tenant, &scope, everything).await.unwrap();
        let [owned] = theirs.as_slice() else { panic!("nobody else: {theirs:?}") };
        let (group, id) = (owned.assignment.principal, owned.assignment.id);
        assert_eq!((owned.assignment.kind, owned.assignment.home), (PrincipalKind::ForeignGroup, Some(partner.id)));
        assert_eq!(Some(group), house.agent_group(partner.id).await);

        let worker = house.principal(tenant).await;
        let by_worker = house.admin(&customer, worker, None);
        for (role, at, warns, remove) in [
            (READER, "", None, "Forbidden"),
            (CONTRIBUTOR, "", None, "Forbidden"),
            (OWNER, "/resourceGroups/web", Some("give others access to this scope"), "Forbidden"),
            (OWNER, "", Some("remove the partner's access to this subscription; billing stays"), "ok"),
        ] {
            let place = format!("{}{at}", scope.as_str());
            let made = house.assign(&agent, tenant, (&place, role), (worker, None)).await.unwrap();
            let warning = made.warnings.first().map(String::as_str);
            assert_eq!(warning.is_some(), warns.is_some(), "{warning:?}");
            assert!(warning.unwrap_or_default().contains(warns.unwrap_or_default()), "{warning:?}");
            let removed = role_assignment_delete(&by_worker, db, tenant, &scope, id).await;
            assert_eq!(outcome(removed), remove, "{role} at {place}");
        }
        // The partner is out of this subscription, and gets in again only if the customer lets it.
        let again = |principal, kind| house.assign(&agent, tenant, (scope.as_str(), OWNER), (principal, kind));
        assert_eq!(outcome(again(group, Some(PrincipalKind::ForeignGroup)).await), "SubscriptionNotFound");
        let by_owner = async |kind| {
            let made = house.assign(&by_worker, tenant, (scope.as_str(), OWNER), (group, kind)).await;
            made.map(|made| (made.assignment.assignment.kind, made.assignment.assignment.home, made.warnings))
        };
        assert_eq!(outcome(by_owner(None).await), "ObjectNotFound", "it is not in the customer's directory");
        let made = by_owner(Some(PrincipalKind::ForeignGroup)).await.unwrap();
        assert_eq!(made, (PrincipalKind::ForeignGroup, Some(partner.id), Vec::new()));
        assert_eq!(outcome(role_assignment_list(&agent, db, tenant, &scope, everything).await), "ok");
    });
}

#[test]
fn whatever_role_takes_access_away_warns_when_the_customer_gets_it() {
    in_a_house(|house| async move {
        let (partner, customer) = (house.partner("contoso").await, house.customer("northwind").await);
        let (ctx, db, tenant) = (&house.ctx, &house.db, customer.id);
        house.contract(&partner, &customer).await;
        let sub = format!("/subscriptions/{}", house.subscription(&customer, Some(&partner)).await);
        let custom = async |name: &str, actions: &[&str], not_actions: &[&str]| {
            let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
            let (actions, not_actions) = (texts(actions), texts(not_actions));
            let new = NewAzureRole {
                id: house.ctx.chance.guid(),
                name: name.to_owned(),
                description: String::new(),
                permissions: vec![PermissionSet { actions, not_actions, ..PermissionSet::default() }],
                assignable_scopes: vec![ArmScope::parse(&sub).unwrap()],
            };
            role_definition_put(ctx, db, tenant, new).await.unwrap().definition.id
        };
        let taking = custom("Taker", &["Microsoft.Authorization/roleAssignments/*"], &[]).await;
        let giving = custom("Giver", &["Microsoft.Authorization/roleAssignments/write"], &[]).await;
        let widening = custom("Widener", &["Microsoft.Authorization/roleDefinitions/write"], &[]).await;
        let excepted = custom("Keeper", &["*"], &["Microsoft.Authorization/*/delete"]).await;
        let kept_out = custom("Outsider", &["*"], &["Microsoft.Authorization/*"]).await;
        let member = house.principal(tenant).await;
        let team = house.group(tenant, "team", member).await;
        let theirs = house.agent_group(partner.id).await.unwrap();
        let stranger = ObjectId::new(uuid::Uuid::from_u128(9));
        let (user, foreign) = (Some(PrincipalKind::User), Some(PrincipalKind::ForeignGroup));
        for (role, principal, kind, warns) in [
            (OWNER, member, None, true),
            (USER_ACCESS_ADMINISTRATOR, member, None, true),
            (RBAC_ADMINISTRATOR, member, None, true),
            (taking, member, None, true),
            (USER_ACCESS_ADMINISTRATOR, team, None, true),
            (USER_ACCESS_ADMINISTRATOR, stranger, user, true),
            (giving, member, None, true),
            (widening, member, None, true),
            (excepted, member, None, true),
            (kept_out, member, None, false),
            (CONTRIBUTOR, member, None, false),
            (USER_ACCESS_ADMINISTRATOR, theirs, foreign, false),
        ] {
            let made = house.assign(ctx, tenant, (&sub, role), (principal, kind)).await.unwrap();
            let told = made.warnings.iter().any(|warning| warning.contains("remove the partner's access"));
            assert_eq!((made.warnings.len(), told), (usize::from(warns), warns), "{role} {:?}", made.warnings);
        }
    });
}

#[test]
fn a_role_at_the_root_of_a_tenant_reaches_its_subscriptions_and_no_others() {
    in_a_house(|house| async move {
        let customer = house.customer("northwind").await;
        let admin = house.principal(customer.id).await;
        let by_admin = house.admin(&customer, admin, Some(DirectoryRole::GlobalAdmin));
        let maps = AccessMaps::default();
        let scope = ArmScope::subscription(house.subscription(&customer, None).await);
        let start = azure_decide(&by_admin, &house.db, customer.id, START, &scope).await.unwrap();
        assert!(!start.allowed(), "an administrator of the directory is none of the subscriptions");
        house.assign(&house.ctx, customer.id, ("/", OWNER), (admin, None)).await.unwrap();
        assert!(azure_decide(&by_admin, &house.db, customer.id, START, &scope).await.unwrap().allowed());
        let neighbour = house.customer("adatum").await;
        let foreign = ArmScope::subscription(house.subscription(&neighbour, None).await);
        for scope in [&scope, &foreign] {
            let fresh = outcome(azure_decide(&by_admin, &house.db, customer.id, START, scope).await);
            let remembered = outcome(maps.decide(&by_admin, &house.db, customer.id, START, scope).await);
            let expected = if *scope == foreign { "SubscriptionNotFound" } else { "ok" };
            assert_eq!((fresh.as_str(), remembered.as_str()), (expected, expected));
        }
    });
}
