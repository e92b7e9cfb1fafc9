//! Self-serve policies: one for each pair of partner and customer, written under a version, and nobody else's to see.

use crate::house::{House, in_a_house};
use tenantry_commerce::{
    ChangeSelfServePolicy, Customer, Partner, SelfServePermission, SelfServePolicyId, self_serve_policy_change,
    self_serve_policy_create, self_serve_policy_get, self_serve_policy_list, self_serve_policy_remove,
};
use tenantry_core::{OpContext, Reason, Role};

const MAY: [SelfServePermission; 1] = [SelfServePermission::PurchaseReservations];

async fn pair(house: &House) -> (Partner, Partner, Customer, SelfServePolicyId) {
    let (contoso, fabrikam) = (house.partner("contoso").await, house.partner("fabrikam").await);
    let customer = house.customer(&contoso, "Northwind").await;
    let id = SelfServePolicyId { grantor: contoso.tenant, entity: customer.id };
    (contoso, fabrikam, customer, id)
}

#[test]
fn a_policy_is_made_once_changed_under_its_version_and_taken_back() {
    in_a_house(|house| async move {
        let (contoso, _, customer, id) = pair(&house).await;
        let (db, ctx) = (&house.db, house.by(&contoso, &[Role::SalesAgent]));
        let none = self_serve_policy_get(&ctx, db, id).await.unwrap_err();
        assert_eq!(none.reason(), Reason::ObjectNotFound);
        assert_eq!(self_serve_policy_list(&ctx, db, customer.id).await.unwrap(), []);
        let empty = self_serve_policy_create(&ctx, db, id, Vec::new()).await.unwrap_err();
        assert_eq!((empty.reason(), empty.field()), (Reason::MissingField, Some("permissions")));

        let twice = [MAY[0], MAY[0]].to_vec();
        let made = self_serve_policy_create(&ctx, db, id, twice).await.unwrap();
        assert_eq!((made.id, made.permissions.as_slice()), (id, MAY.as_slice()));
        let again = self_serve_policy_create(&ctx, db, id, MAY.to_vec()).await.unwrap_err();
        assert_eq!(again.reason(), Reason::AlreadyExists);
        assert_eq!(self_serve_policy_list(&ctx, db, customer.id).await.unwrap(), std::slice::from_ref(&made));

        let change = |etag| ChangeSelfServePolicy { id, permissions: MAY.to_vec(), etag };
        let stale = self_serve_policy_change(&ctx, db, change(Some(ctx.chance.guid()))).await.unwrap_err();
        assert_eq!(stale.reason(), Reason::Stale);
        for etag in [Some(made.etag), None] {
            let same = self_serve_policy_change(&ctx, db, change(etag)).await.unwrap();
            assert_eq!(same, made, "what is there already is no new version");
        }
        self_serve_policy_remove(&ctx, db, id).await.unwrap();
        let gone = self_serve_policy_remove(&ctx, db, id).await.unwrap_err();
        assert_eq!(gone.reason(), Reason::ObjectNotFound);
        let gone = self_serve_policy_change(&ctx, db, change(None)).await.unwrap_err();
        assert_eq!(gone.reason(), Reason::ObjectNotFound);
    });
}

#[test]
fn it_is_between_that_partner_and_its_customer() {
    in_a_house(|house| async move {
        let (contoso, fabrikam, customer, id) = pair(&house).await;
        let (db, own) = (&house.db, house.by(&contoso, &[Role::AdminAgent]));
        let outcome = async |ctx: &OpContext| {
            let made = self_serve_policy_create(ctx, db, id, MAY.to_vec()).await;
            made.map(drop).map_err(|problem| problem.reason())
        };
        for (ctx, expected) in [
            (house.by(&contoso, &[Role::HelpdeskAgent]), Err(Reason::Forbidden)),
            (house.by(&contoso, &[Role::BillingAdmin]), Err(Reason::Forbidden)),
            (house.by(&fabrikam, &Role::ALL), Err(Reason::CustomerNotFound)),
            (own.clone(), Ok(())),
        ] {
            assert_eq!(outcome(&ctx).await, expected, "{:?}", ctx.caller);
        }
        // A customer of both: each has its own policy, and neither sees the other's.
        house.share(&customer, &fabrikam).await;
        let other = house.by(&fabrikam, &[Role::AdminAgent]);
        assert_eq!(self_serve_policy_list(&other, db, customer.id).await.unwrap(), []);
        let hidden = self_serve_policy_get(&other, db, id).await.unwrap_err();
        assert_eq!(hidden.reason(), Reason::ObjectNotFound);
        let hidden = self_serve_policy_remove(&other, db, id).await.unwrap_err();
        assert_eq!(hidden.reason(), Reason::ObjectNotFound);
        let theirs = SelfServePolicyId { grantor: fabrikam.tenant, ..id };
        self_serve_policy_create(&other, db, theirs, MAY.to_vec()).await.unwrap();
        let ids = async |ctx: &OpContext| {
            let listed = self_serve_policy_list(ctx, db, customer.id).await.unwrap();
            listed.into_iter().map(|policy| policy.id.grantor).collect::<Vec<_>>()
        };
        assert_eq!((ids(&own).await, ids(&other).await), (vec![contoso.tenant], vec![fabrikam.tenant]));
        assert_eq!(ids(&house.by_provider()).await.len(), 2);
    });
}
