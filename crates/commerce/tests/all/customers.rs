//! Lists and pages of customers, and who finds one.

use crate::house::in_a_house;
use tenantry_commerce::{CustomerFilter, CustomerQuery, customer_get, customer_list};
use tenantry_core::{OpContext, Reason, Role};

#[test]
fn lists_begin_with_what_was_typed() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        for name in ["Northwind", "northern Lights", "100% Wolle", "100 Stores", "Ärzte GmbH", "a_b", "axb", "Wow!"] {
            house.customer(&partner, name).await;
        }
        let ctx = house.by(&partner, &[Role::HelpdeskAgent]);
        let check = async |filter: CustomerFilter, names: &[&str]| {
            let query = CustomerQuery { filter: Some(filter.clone()), ..CustomerQuery::all(partner.tenant) };
            let page = customer_list(&ctx, &house.db, query).await.unwrap();
            let seen: Vec<_> = page.items.iter().map(|customer| customer.company_name.as_str()).collect();
            assert_eq!(seen, names, "{filter:?}");
        };
        let name = |start: &str| CustomerFilter::CompanyName(start.to_owned());
        check(name("north"), &["Northwind", "northern Lights"]).await;
        check(name("NORTHW"), &["Northwind"]).await;
        check(name("wind"), &[]).await;
        check(name("100%"), &["100% Wolle"]).await;
        check(name("%"), &[]).await;
        check(name("a_"), &["a_b"]).await;
        check(name("ärz"), &["Ärzte GmbH"]).await;
        check(name("wow!"), &["Wow!"]).await;
        check(CustomerFilter::Domain("NORTHW".into()), &["Northwind"]).await;
        check(CustomerFilter::Domain("example".into()), &[]).await;
    });
}

#[test]
fn pages_meet_and_stand_still_while_customers_are_added() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        for name in ["C", "B", "A"] {
            house.customer(&partner, name).await;
        }
        let page = async |after, size| {
            let query = CustomerQuery { after, size, ..CustomerQuery::all(partner.tenant) };
            let page = customer_list(&house.ctx, &house.db, query).await.map_err(|problem| problem.reason())?;
            let names: Vec<_> = page.items.iter().map(|customer| customer.company_name.clone()).collect();
            let last = page.items.last().map_or(0, |customer| customer.number);
            Ok::<_, Reason>((names.join(" "), page.more, last))
        };
        assert_eq!(page(0, 2).await, Ok(("C B".into(), true, 2)));
        house.customer(&partner, "0").await;
        assert_eq!(page(2, 2).await, Ok(("A 0".into(), false, 4)));
        assert_eq!(page(4, 2).await, Ok((String::new(), false, 0)));
        for size in [0, 501] {
            assert_eq!(page(0, size).await, Err(Reason::InvalidField));
        }
    });
}

#[test]
fn a_stranger_finds_no_customer() {
    in_a_house(|house| async move {
        let (contoso, fabrikam) = (house.partner("contoso").await, house.partner("fabrikam").await);
        let customer = house.customer(&contoso, "Northwind").await;
        let reason = async |ctx: &OpContext| customer_get(ctx, &house.db, customer.id).await.map_err(|p| p.reason());
        assert_eq!(reason(&house.by(&fabrikam, &Role::ALL)).await, Err(Reason::CustomerNotFound));
        assert_eq!(reason(&house.by(&contoso, &[Role::BillingAdmin])).await, Err(Reason::Forbidden));
        assert_eq!(reason(&house.ctx).await.map(|found| found.id), Ok(customer.id));
        let list = customer_list(&house.by(&fabrikam, &Role::ALL), &house.db, CustomerQuery::all(contoso.tenant)).await;
        assert_eq!(list.unwrap_err().reason(), Reason::TenantNotFound);
        let own = CustomerQuery::all(fabrikam.tenant);
        assert!(customer_list(&house.by(&fabrikam, &Role::ALL), &house.db, own).await.unwrap().items.is_empty());
    });
}
