//! A seller bills its customer here: the last edge of a channel, from when on, at which prices, and who knows of it.

use crate::house::{AZURE, House, in_a_house};
use crate::resellers::Tiers;
use tenantry_commerce::{
    AddCustomerPriceRule, AddPriceRule, ChangeReseller, ChangeSubscription, Customer, Limits, Partner, SoldEdge,
    customer_price_rule_add, customer_price_rules, customer_prices, edge_add_price_rule, edge_of, edge_ref, events,
    party_get, subscription_change, subscription_change_reseller,
};
use tenantry_core::context::{HeldBy, HeldRole, SignedInUser};
use tenantry_core::{
    AppId, Caller, Currency, Day, DirectoryRole, Factor, Identity, ObjectId, OpContext, Problem, Reason, Role,
    TenantId, TenantKind,
};
use tenantry_rating::AppliesTo;
use tenantry_testkit::time;

fn factor(text: &str) -> Factor {
    Factor::parse(text).unwrap()
}

fn rule(customer: &Customer, text: &str) -> AddCustomerPriceRule {
    AddCustomerPriceRule {
        seller: None,
        customer: customer.id,
        factor: factor(text),
        applies_to: AppliesTo::Everything,
        from: None,
        currency: None,
    }
}

/// A person of a tenant with a directory role there.
fn administrator(house: &House, tenant: TenantId, home: TenantId, role: DirectoryRole) -> OpContext {
    let ids = (AppId::new(tenant.guid()), ObjectId::new(home.guid()));
    let mut identity = Identity::application(ids.0, ids.1, (tenant, TenantKind::Customer), []);
    identity.directory_roles = vec![HeldRole { role, by: HeldBy::Assignment }];
    identity.rights.insert("user_impersonation".to_owned());
    identity.user = Some(SignedInUser { name: "somebody".to_owned(), home, second_factor: true });
    OpContext { caller: Caller::SignedIn(identity), ..house.ctx.clone() }
}

async fn price(house: &House, ctx: &OpContext, new: AddCustomerPriceRule) -> Result<SoldEdge, Problem> {
    customer_price_rule_add(ctx, &house.db, new).await
}

fn on(edge: &tenantry_commerce::Edge, day: &str) -> String {
    edge.prices.factor(true, Day::parse(day).unwrap()).to_string()
}

async fn edges(house: &House, partners: &[&Partner]) -> Vec<tenantry_core::EdgeId> {
    let mut ids = Vec::new();
    for partner in partners {
        ids.push(edge_of(&house.ctx, &house.db, partner.tenant).await.unwrap().id);
    }
    ids
}

#[test]
fn with_the_first_rule_the_customer_stands_at_the_end_of_the_channel() {
    in_a_house(|house| async move {
        let tiers = Tiers::open(&house).await;
        let (db, customer) = (&house.db, house.customer(&tiers.reseller, "Northwind").await);
        let bought = house.subscription_of(&tiers.reseller, &customer, AZURE).await;
        house.tick();
        let sales = house.by(&tiers.reseller, &[Role::SalesAgent]);
        let sold = price(&house, &sales, rule(&customer, "1.2")).await.unwrap();
        let began = house.ctx.now();
        assert_eq!((sold.edge.seller, sold.edge.buyer), (tiers.reseller.tenant, customer.id));
        assert!(sold.edge.to_customer && sold.edge.created_at == began);
        // 0.85 x 1.07 x 1.2, also of usage that is dated long before.
        assert_eq!((on(&sold.edge, "2026-01-10"), on(&sold.edge, "2020-01-01")), ("1.0914".into(), "1.0914".into()));
        assert_eq!(sold.rules.factor(true, Day::parse("2026-01-10").unwrap()), factor("1.2"));

        let above = edges(&house, &[&tiers.above, &tiers.reseller]).await;
        let all = [above.clone(), vec![sold.edge.id]].concat();
        house.tick();
        let next = house.subscription_of(&tiers.reseller, &customer, AZURE).await;
        let renamed =
            ChangeSubscription { friendly_name: Some("Shop".into()), ..ChangeSubscription::of(customer.id, bought.id) };
        subscription_change(&sales, db, &Limits::NONE, renamed).await.unwrap();
        let told = house.events::<events::SubscriptionChanged>(events::SUBSCRIPTION_CHANGED).await;
        let channels: Vec<_> = told.iter().map(|event| (event.edges.clone(), event.sold_since)).collect();
        assert_eq!(
            channels,
            [
                (above, Some(bought.created_at)),
                // It is told again, along the longer channel since now; and so it stays.
                (all.clone(), Some(began)),
                (all.clone(), Some(next.created_at)),
                (all, Some(began)),
            ]
        );
        let told = house.events::<events::EdgeChanged>(events::EDGE_CHANGED).await;
        let last = told.last().unwrap();
        assert_eq!((last.edge, last.buyer, &last.prices), (sold.edge.id, customer.id, &sold.rules));

        // Later rules have a date, and tell rating of the edge only.
        let later = AddCustomerPriceRule { from: Some(time("2026-02-01")), ..rule(&customer, "1.3") };
        let sold = price(&house, &sales, later).await.unwrap();
        assert_eq!((on(&sold.edge, "2026-01-31"), on(&sold.edge, "2026-02-01")), ("1.0914".into(), "1.18235".into()));
        assert_eq!(customer_price_rules(&sales, db, customer.id).await.unwrap(), sold);
        let told = house.events::<events::SubscriptionChanged>(events::SUBSCRIPTION_CHANGED).await;
        assert_eq!(told.len(), 4);
    });
}

fn reason<T>(of: Result<T, Problem>) -> Option<Reason> {
    of.err().map(|refused| refused.reason())
}

/// What somebody is refused who adds a rule for a customer, and reads what there is about its price.
async fn met(house: &House, ctx: &OpContext, customer: &Customer) -> [(&'static str, Option<Reason>); 4] {
    let db = &house.db;
    [
        ("adds a rule", reason(price(house, ctx, rule(customer, "1.3")).await)),
        ("reads the rules", reason(customer_price_rules(ctx, db, customer.id).await)),
        ("prices", reason(customer_prices(ctx, db, None, customer.id).await)),
        ("the edge", reason(edge_of(ctx, db, customer.id).await)),
    ]
}

#[test]
fn a_price_is_between_the_seller_and_its_customer() {
    in_a_house(|house| async move {
        let tiers = Tiers::open(&house).await;
        let (db, customer) = (&house.db, house.customer(&tiers.reseller, "Northwind").await);
        let other = house.customer(&tiers.sibling, "Tailspin").await;
        let none = customer_price_rules(&house.by(&tiers.reseller, &Role::ALL), db, customer.id).await.unwrap_err();
        assert_eq!(none.reason(), Reason::ObjectNotFound);
        let nobody = edge_ref(&house.ctx, db, customer.id).await.unwrap_err();
        assert_eq!(nobody.reason(), Reason::TenantNotFound, "nobody bills it here yet");
        price(&house, &house.by(&tiers.reseller, &[Role::AdminAgent]), rule(&customer, "1.2")).await.unwrap();

        let of = |tenant, role| administrator(&house, tenant, tenant, role);
        let (global, billing) = (DirectoryRole::GlobalAdmin, DirectoryRole::BillingAdmin);
        let delegated = administrator(&house, customer.id, tiers.reseller.tenant, global);
        use Reason::{CustomerNotFound, Forbidden, TenantNotFound};
        for (who, ctx, add, prices, edge) in [
            ("sales", house.by(&tiers.reseller, &[Role::SalesAgent]), None, None, None),
            ("billing", house.by(&tiers.reseller, &[Role::BillingAdmin]), Some(Forbidden), None, None),
            (
                "helpdesk",
                house.by(&tiers.reseller, &[Role::HelpdeskAgent]),
                Some(Forbidden),
                Some(Forbidden),
                Some(Forbidden),
            ),
            // They know of the customer, and are told that its price is none of their business, whether there is one or not.
            (
                "above",
                house.by(&tiers.above, &Role::ALL),
                Some(Forbidden),
                Some(CustomerNotFound),
                Some(TenantNotFound),
            ),
            ("the provider", house.by_provider(), Some(Forbidden), Some(TenantNotFound), Some(TenantNotFound)),
            (
                "beside",
                house.by(&tiers.sibling, &Role::ALL),
                Some(CustomerNotFound),
                Some(CustomerNotFound),
                Some(TenantNotFound),
            ),
            ("its Global Administrator", of(customer.id, global), Some(Forbidden), None, None),
            ("its Billing Administrator", of(customer.id, billing), Some(Forbidden), None, None),
            (
                "its User Administrator",
                of(customer.id, DirectoryRole::UserAdmin),
                Some(Forbidden),
                Some(Forbidden),
                Some(Forbidden),
            ),
            ("the partner's agent there", delegated, Some(Forbidden), Some(Forbidden), Some(Forbidden)),
            (
                "another customer",
                of(other.id, global),
                Some(CustomerNotFound),
                Some(CustomerNotFound),
                Some(TenantNotFound),
            ),
        ] {
            // Who may not add a rule may not read the rules, for the same reason.
            let expected = [("adds a rule", add), ("reads the rules", add), ("prices", prices), ("the edge", edge)];
            assert_eq!(met(&house, &ctx, &customer).await, expected, "{who}");
        }
        let party = party_get(&house.ctx, db, tiers.reseller.tenant, customer.id).await.unwrap();
        assert_eq!((party.company_name.as_str(), party.email.as_str()), ("Northwind", "ops@northwind.test"));
        assert!(party.is_customer && party.mpn_id == tiers.reseller.mpn_id);
    });
}

#[test]
fn prices_stay_exact_and_begin_now() {
    in_a_house(|house| async move {
        let tiers = Tiers::open(&house).await;
        let customer = house.customer(&tiers.reseller, "Northwind").await;
        let own = house.by(&tiers.reseller, &[Role::AdminAgent]);
        let base = || rule(&customer, "1.2");
        for (new, field) in [
            (AddCustomerPriceRule { from: Some(time("2026-01-09")), ..base() }, "from"),
            (AddCustomerPriceRule { from: Some(time("2026-02-01")), ..base() }, "from"),
            (AddCustomerPriceRule { applies_to: AppliesTo::FirstParty, ..base() }, "appliesTo"),
            // 0.85 and 1.07 have four digits together.
            (AddCustomerPriceRule { factor: factor("1.20001"), ..base() }, "factor"),
        ] {
            let refused = price(&house, &own, new).await.unwrap_err();
            assert_eq!((refused.reason(), refused.field()), (Reason::InvalidField, Some(field)));
        }
        let told = house.events::<events::EdgeChanged>(events::EDGE_CHANGED).await;
        assert!(told.iter().all(|event| event.buyer != customer.id), "nothing began");
        let first = AddCustomerPriceRule { currency: Some(Currency::EUR), ..rule(&customer, "1.2001") };
        assert_eq!(price(&house, &own, first).await.unwrap().edge.currency, Currency::EUR);
        let other = AddCustomerPriceRule { currency: Some(Currency::USD), ..base() };
        let refused = price(&house, &own, other).await.unwrap_err();
        assert_eq!((refused.reason(), refused.field()), (Reason::InvalidField, Some("currency")));
        // Whoever changes a price above is refused what the customer's could not be made of, and learns no number.
        let finer = |buyer: &Partner, text: &str| AddPriceRule {
            buyer: buyer.tenant,
            factor: factor(text),
            applies_to: AppliesTo::Everything,
            from: time("2026-02-01"),
        };
        for (ctx, new) in [
            (house.by(&tiers.above, &Role::ALL), finer(&tiers.reseller, "1.071")),
            (house.by_provider(), finer(&tiers.above, "0.851")),
        ] {
            let refused = edge_add_price_rule(&ctx, &house.db, new).await.unwrap_err();
            assert_eq!((refused.reason(), refused.field()), (Reason::InvalidField, Some("factor")));
            assert!(!refused.message().contains("1.2"), "{}", refused.message());
        }
        let fits = finer(&tiers.reseller, "1.09");
        edge_add_price_rule(&house.by(&tiers.above, &Role::ALL), &house.db, fits).await.unwrap();
    });
}

#[test]
fn another_seller_brings_its_own_edge_or_none() {
    in_a_house(|house| async move {
        let tiers = Tiers::open(&house).await;
        let (db, customer) = (&house.db, house.customer(&tiers.reseller, "Northwind").await);
        house.share(&customer, &tiers.sibling).await;
        let own = price(&house, &house.by(&tiers.reseller, &[Role::AdminAgent]), rule(&customer, "1.2")).await.unwrap();
        let bought = house.subscription_of(&tiers.reseller, &customer, AZURE).await;
        let above = house.by(&tiers.above, &[Role::AdminAgent]);
        let give = async |to: &Partner| {
            house.tick();
            let change = ChangeReseller { customer: customer.id, subscription: bought.id, partner: to.tenant };
            subscription_change_reseller(&above, db, change).await.unwrap();
            let told = house.events::<events::SubscriptionChanged>(events::SUBSCRIPTION_CHANGED).await;
            let last = told.last().unwrap();
            assert_eq!(last.sold_since, Some(house.ctx.now()));
            last.edges.clone()
        };
        assert_eq!(give(&tiers.sibling).await, edges(&house, &[&tiers.above, &tiers.sibling]).await);
        let back = give(&tiers.reseller).await;
        assert_eq!(back, [edges(&house, &[&tiers.above, &tiers.reseller]).await, vec![own.edge.id]].concat());
        house.tick();
        let sibling = house.by(&tiers.sibling, &[Role::AdminAgent]);
        let theirs = price(&house, &sibling, rule(&customer, "1.1")).await.unwrap();
        let again = give(&tiers.sibling).await;
        assert_eq!(again.last(), Some(&theirs.edge.id));

        // Both bill the customer now. Each sees its own; the customer says which it means.
        let global = administrator(&house, customer.id, customer.id, DirectoryRole::GlobalAdmin);
        let several = customer_prices(&global, db, None, customer.id).await.unwrap_err();
        assert_eq!((several.reason(), several.field()), (Reason::InvalidField, Some("seller")));
        for (seller, edge) in [(&tiers.reseller, &own.edge), (&tiers.sibling, &theirs.edge)] {
            let named = customer_prices(&global, db, Some(seller.tenant), customer.id).await.unwrap();
            let seen = edge_of(&house.by(seller, &[Role::AdminAgent]), db, customer.id).await.unwrap();
            assert_eq!((&named, &seen), (edge, edge));
        }
    });
}

#[test]
fn who_asks_for_its_own_tenant_is_told_what_that_is() {
    in_a_house(|house| async move {
        let tiers = Tiers::open(&house).await;
        let customer = house.customer(&tiers.reseller, "Northwind").await;
        let global = administrator(&house, customer.id, customer.id, DirectoryRole::GlobalAdmin);
        for (ctx, tenant, says) in [
            (global.clone(), customer.id, "customer's own tenant"),
            (house.by_provider(), house.provider.tenant, "provider's own tenant"),
            (global, tiers.reseller.tenant, "there is no partner"),
            (house.by(&tiers.sibling, &Role::ALL), tiers.reseller.tenant, "there is no partner"),
        ] {
            let refused = edge_of(&ctx, &house.db, tenant).await.unwrap_err();
            assert_eq!(refused.reason(), Reason::TenantNotFound);
            assert!(refused.message().contains(says), "{}", refused.message());
        }
    });
}
