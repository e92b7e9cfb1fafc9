//! Explained access: a partner's agent, a contributor on one machine, a second partner, a helpdesk agent; and who may
//! ask about whom.

use crate::house::{AZURE, House, in_a_house};
use crate::people::{at_home, join, user};
use tenantry_access::Explanation;
use tenantry_access::azure::{ArmScope, CONTRIBUTOR, PrincipalKind};
use tenantry_commerce::{
    Customer, Limits, Partner, access_explain, relationship_request_accept, relationship_request_create,
};
use tenantry_core::{Caller, DirectoryRole, OpContext, Problem, Reason, Role, SubscriptionId, TenantKind};
use tenantry_directory::{NewAssignment, User, application_register, group_page, role_assignment_put};

pub(crate) const START: &str = "Microsoft.Compute/virtualMachines/start/action";
const GRANT: &str = "Microsoft.Authorization/roleAssignments/write";

/// Two partners of one customer, each with an agent; the first sold a subscription in which one person of the customer
/// looks after one machine.
pub(crate) struct Scene {
    pub(crate) contoso: Partner,
    pub(crate) fabrikam: Partner,
    pub(crate) customer: Customer,
    pub(crate) subscription: SubscriptionId,
    pub(crate) agent: User,
    pub(crate) rival: User,
    pub(crate) helper: User,
    pub(crate) worker: User,
    pub(crate) admin: User,
}

impl Scene {
    pub(crate) async fn open(house: &House) -> Self {
        let (contoso, fabrikam) = (house.partner("contoso").await, house.partner("fabrikam").await);
        let customer = house.customer(&contoso, "Northwind").await;
        let admin = user(house, "clerk@northwind.example.test", &[DirectoryRole::GlobalAdmin]).await;
        let request = relationship_request_create(&house.ctx, &house.db, fabrikam.tenant).await.unwrap().id;
        relationship_request_accept(&house.ctx, &house.db, &Limits::NONE, customer.id, request, true).await.unwrap();
        let subscription = house.subscription_of(&contoso, &customer, AZURE).await.id;
        let (agent, rival) =
            (user(house, "ag@contoso.example.test", &[]).await, user(house, "ri@fabrikam.example.test", &[]).await);
        let helper = user(house, "he@contoso.example.test", &[]).await;
        join(house, &agent, Role::AdminAgent).await;
        join(house, &rival, Role::AdminAgent).await;
        join(house, &helper, Role::HelpdeskAgent).await;
        let worker = user(house, "wo@northwind.example.test", &[]).await;
        let scene = Self { contoso, fabrikam, customer, subscription, agent, rival, helper, worker, admin };
        let new = NewAssignment {
            id: house.ctx.chance.guid(),
            scope: ArmScope::parse(&scene.machine("one")).unwrap(),
            role: CONTRIBUTOR,
            principal: scene.worker.id,
            kind: Some(PrincipalKind::User),
            notes: Default::default(),
        };
        role_assignment_put(&house.ctx, &house.db, scene.customer.id, new).await.unwrap();
        scene
    }

    fn whole(&self) -> String {
        format!("/subscriptions/{}", self.subscription)
    }

    pub(crate) fn machine(&self, name: &str) -> String {
        format!("{}/resourceGroups/web/providers/Microsoft.Compute/virtualMachines/{name}", self.whole())
    }
}

/// The answer in one text: yes or no, then all its sentences.
pub(crate) fn shown(explained: &Explanation) -> String {
    let Explanation { allowed, paths, reasons, would } = explained;
    let mut lines = vec![if *allowed { "yes" } else { "no" }.to_owned()];
    lines.extend(paths.iter().map(|path| format!("by {path}")));
    lines.extend(reasons.iter().map(|reason| format!("since {reason}")));
    lines.extend(would.iter().map(|would| format!("would: {would}")));
    lines.join("\n")
}

#[test]
fn every_answer_names_what_made_it() {
    in_a_house(|house| async move {
        let scene = Scene::open(&house).await;
        let (one, two) = (scene.machine("one"), scene.machine("two"));
        let customer = format!("customer/{}", scene.customer.domain);
        let tenant = format!("tenant/{}", scene.customer.id);
        let contoso = format!("partner/{}", scene.contoso.domain);
        for (who, action, scope, allowed, parts) in [
            // A partner's agent, by its group and the relationship.
            (
                &scene.agent,
                START,
                &one,
                true,
                vec![
                    "the role Owner",
                    "partner's group AdminAgents",
                    "counts by delegated administration (DAP) of Company contoso",
                ],
            ),
            (&scene.agent, "OrderPlace", &customer, true, vec!["ag@contoso.example.test holds the role AdminAgents"]),
            (&scene.agent, "UserCreate", &tenant, true, vec!["directory role Global Administrator", "(DAP)"]),
            (&scene.agent, "ChannelManage", &"world".to_owned(), false, vec!["only the provider"]),
            (&scene.agent, "PriceRead", &contoso, true, vec!["AdminAgents"]),
            // Somebody of the customer with a role on one machine.
            (&scene.worker, START, &one, true, vec!["the role Contributor at /subscriptions/"]),
            (&scene.worker, START, &two, false, vec!["reaches only what is there and below", "would: the role"]),
            (&scene.worker, GRANT, &one, false, vec!["notActions", "would: the role"]),
            (&scene.worker, "OrderPlace", &customer, false, vec!["since"]),
            // The second partner: the same relationship, and nothing of the first one's.
            (&scene.rival, START, &one, false, vec!["holds no role at"]),
            (&scene.rival, "SubscriptionRead", &scene.whole(), false, vec!["outside ri@fabrikam.example.test's reach"]),
            (&scene.rival, "OrderPlace", &customer, true, vec!["AdminAgents"]),
            // A helpdesk agent looks and helps.
            (&scene.helper, "OrderPlace", &customer, false, vec!["OrderPlace needs", "HelpdeskAgents", "would:"]),
            (&scene.helper, "SubscriptionRead", &customer, true, vec!["HelpdeskAgents"]),
            (&scene.helper, "PasswordReset", &tenant, true, vec!["Helpdesk Administrator", "(DAP)"]),
            (&scene.helper, "UserDelete", &tenant, false, vec!["UserDelete needs"]),
            (&scene.helper, START, &one, false, vec!["holds no role at"]),
        ] {
            for name in [who.name.clone(), who.id.to_string()] {
                let explained = access_explain(&house.ctx, &house.db, &name, action, scope, false).await.unwrap();
                let text = shown(&explained);
                assert_eq!(explained.allowed, allowed, "{name} {action} {scope}: {text}");
                for part in &parts {
                    assert!(text.contains(part), "{name} {action} {scope}: `{part}` is not in: {text}");
                }
                assert_eq!(explained.allowed, explained.reasons.is_empty(), "{text}");
                assert!(!text.contains("the caller"), "{text}");
            }
        }
    });
}

#[test]
fn applications_and_groups_are_principals_too() {
    in_a_house(|house| async move {
        let scene = Scene::open(&house).await;
        let mut tx = house.db.begin().await.unwrap();
        let registered = application_register(&house.ctx, &mut tx, scene.contoso.tenant, "Panel", &[Role::SalesAgent]);
        let (panel, _) = registered.await.unwrap();
        tx.commit().await.unwrap();
        let groups = group_page(&house.ctx, &house.db, scene.contoso.tenant, None, 100).await.unwrap();
        let agents = groups.iter().find(|group| group.agents == Some(Role::AdminAgent)).unwrap().id.to_string();
        let (customer, one) = (format!("customer/{}", scene.customer.id), scene.machine("one"));
        for (principal, action, scope, allowed, part) in [
            (panel.app.to_string(), "OrderPlace", &customer, true, "Panel holds the role SalesAgents"),
            (panel.principal.to_string(), "OrderPlace", &customer, true, "Panel holds the role SalesAgents"),
            (panel.app.to_string(), START, &one, false, "Panel holds no role"),
            (agents.clone(), "OrderPlace", &customer, true, "AdminAgents holds the role AdminAgents"),
            (agents, START, &one, true, "the role Owner"),
        ] {
            let explained = access_explain(&house.ctx, &house.db, &principal, action, scope, false).await.unwrap();
            let text = shown(&explained);
            assert!(explained.allowed == allowed && text.contains(part), "{principal} {action}: {text}");
        }
    });
}

#[test]
fn people_ask_about_their_own() {
    in_a_house(|house| async move {
        let scene = Scene::open(&house).await;
        let (one, tenant) = (scene.machine("one"), format!("tenant/{}", scene.customer.id));
        let ask = async |ctx: &OpContext, who: &User, scope: &str| -> Result<bool, Problem> {
            access_explain(ctx, &house.db, &who.name, START, scope, false).await.map(|explained| explained.allowed)
        };
        let contoso = house.by(&scene.contoso, &[Role::AdminAgent]);
        let fabrikam = house.by(&scene.fabrikam, &[Role::AdminAgent]);
        let sales = house.by(&scene.contoso, &[Role::SalesAgent]);
        let admin = at_home(&house, &scene.admin, TenantKind::Customer, &[DirectoryRole::GlobalAdmin]);
        let worker = at_home(&house, &scene.worker, TenantKind::Customer, &[]);
        let nobody = OpContext { caller: Caller::Nobody, ..house.ctx.clone() };
        use Reason::{ObjectNotFound, SubscriptionNotFound, TenantNotFound, TokenMissing};
        for (asks, ctx, about, scope, expected) in [
            ("the provider", &house.by_provider(), &scene.rival, &one, Ok(false)),
            ("an agent about its own", &contoso, &scene.agent, &one, Ok(true)),
            ("an agent about its customer's", &contoso, &scene.worker, &one, Ok(true)),
            ("an agent about another partner's", &contoso, &scene.rival, &one, Err(ObjectNotFound)),
            ("sales about a colleague", &sales, &scene.agent, &tenant, Err(ObjectNotFound)),
            ("a second partner at the first one's", &fabrikam, &scene.rival, &one, Err(SubscriptionNotFound)),
            ("a second partner at the tenant", &fabrikam, &scene.rival, &tenant, Ok(false)),
            ("the administrator about its people", &admin, &scene.worker, &one, Ok(true)),
            ("the administrator about a partner's", &admin, &scene.agent, &one, Ok(true)),
            ("the administrator about the other's", &admin, &scene.rival, &one, Ok(false)),
            ("a person about itself", &worker, &scene.worker, &one, Ok(true)),
            ("a person about another", &worker, &scene.admin, &one, Err(ObjectNotFound)),
            (
                "a stranger's tenant",
                &worker,
                &scene.worker,
                &format!("tenant/{}", scene.contoso.tenant),
                Err(TenantNotFound),
            ),
            ("nobody", &nobody, &scene.worker, &one, Err(TokenMissing)),
        ] {
            let outcome = ask(ctx, about, scope).await.map_err(|problem| problem.reason());
            assert_eq!(outcome, expected, "{asks}");
        }
    });
}

#[test]
fn what_is_no_question_is_refused() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let customer = house.customer(&partner, "Northwind").await;
        user(&house, "ag@contoso.example.test", &[]).await;
        let at = format!("customer/{}", customer.id);
        let agent = "ag@contoso.example.test";
        for (principal, action, scope, reason, field) in [
            (agent, "Fly", at.as_str(), Reason::InvalidField, "action"),
            (agent, "OrderPlace", "somewhere", Reason::InvalidField, "scope"),
            (agent, "OrderPlace", "customer/", Reason::InvalidField, "scope"),
            (agent, "OrderPlace", "customer/contoso.example.test", Reason::CustomerNotFound, "scope"),
            (agent, "OrderPlace", "partner/northwind.example.test", Reason::TenantNotFound, "scope"),
            (
                agent,
                START,
                "/subscriptions/00000000-0000-0000-0000-000000000001",
                Reason::SubscriptionNotFound,
                "scope",
            ),
            (agent, START, "/", Reason::InvalidField, "scope"),
            (agent, START, "world", Reason::InvalidField, "scope"),
            (agent, "UserCreate", "world", Reason::InvalidField, "scope"),
            ("nobody@contoso.example.test", "OrderPlace", at.as_str(), Reason::ObjectNotFound, "principal"),
        ] {
            let refused = access_explain(&house.ctx, &house.db, principal, action, scope, false).await.unwrap_err();
            assert_eq!((refused.reason(), refused.field()), (reason, Some(field)), "{action} {scope}: {refused:?}");
        }
    });
}
