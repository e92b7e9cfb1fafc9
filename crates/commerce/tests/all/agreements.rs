//! Nothing is sold to a customer that has not agreed.

use crate::house::{AZURE, House, in_a_house, new_customer, new_order};
use tenantry_commerce::{
    AGREEMENT_TEMPLATES, AgreementContact, AgreementKind, ConfirmAgreement, Customer, Limits, Partner,
    agreement_confirm, agreement_list, agreement_signed, customer_create_with_admin, order_place,
};
use tenantry_core::{OpContext, Problem, Reason, Role};
use tenantry_testkit::SUFFIX;
use uuid::Uuid;

async fn fresh(house: &House, partner: &Partner, name: &str) -> Customer {
    let ctx = house.by(partner, &[Role::SalesAgent]);
    let new = new_customer(partner, name);
    customer_create_with_admin(&ctx, &house.db, SUFFIX, &Limits::NONE, new).await.unwrap().0
}

fn confirmation(house: &House, customer: &Customer) -> ConfirmAgreement {
    ConfirmAgreement {
        customer: customer.id,
        template: AGREEMENT_TEMPLATES[1].id,
        kind: None,
        contact: AgreementContact {
            first_name: "Billing".to_owned(),
            last_name: "Desk".to_owned(),
            email: "ops@northwind.test".to_owned(),
            phone_number: None,
        },
        agreed_at: house.ctx.now(),
    }
}

async fn order(house: &House, ctx: &OpContext, customer: &Customer) -> Result<(), Problem> {
    order_place(ctx, &house.db, &Limits::NONE, new_order(customer, &[(AZURE, 1)])).await.map(|_| ())
}

#[test]
fn an_order_waits_for_the_agreement() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let customer = fresh(&house, &partner, "Northwind").await;
        let ctx = house.by(&partner, &[Role::SalesAgent]);
        for by in [&ctx, &house.ctx] {
            let refused = order(&house, by, &customer).await.unwrap_err();
            assert_eq!(
                (refused.reason(), refused.field()),
                (Reason::OfferNotPurchasable, Some("customerAgreement")),
                "not even we sell to it"
            );
        }
        let agreed = agreement_confirm(&ctx, &house.db, confirmation(&house, &customer)).await.unwrap();
        assert_eq!(
            (agreed.customer, agreed.partner, agreed.template.kind),
            (customer.id, partner.tenant, AgreementKind::Customer)
        );
        assert_eq!(agreement_list(&ctx, &house.db, customer.id).await.unwrap(), [agreed]);
        assert!(!agreement_signed(&ctx, &house.db, customer.id).await.unwrap(), "confirmed is not signed");
        order(&house, &ctx, &customer).await.unwrap();
    });
}

#[test]
fn who_signs_by_itself_needs_no_confirmation_and_signs_for_one_partner_only() {
    in_a_house(|house| async move {
        let (contoso, fabrikam) = (house.partner("contoso").await, house.partner("fabrikam").await);
        let customer = fresh(&house, &contoso, "Northwind").await;
        house.share(&customer, &fabrikam).await;
        let (first, second) = (house.by(&contoso, &[Role::AdminAgent]), house.by(&fabrikam, &[Role::AdminAgent]));
        assert!(agreement_signed(&second, &house.db, customer.id).await.unwrap());
        order(&house, &second, &customer).await.unwrap();
        assert!(!agreement_signed(&first, &house.db, customer.id).await.unwrap());
        assert!(order(&house, &first, &customer).await.is_err());
        agreement_confirm(&first, &house.db, confirmation(&house, &customer)).await.unwrap();
        assert_eq!(agreement_list(&first, &house.db, customer.id).await.unwrap().len(), 1);
        assert!(agreement_list(&second, &house.db, customer.id).await.unwrap().is_empty(), "another partner's word");
    });
}

#[test]
fn a_confirmation_that_cannot_be_is_refused() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let customer = fresh(&house, &partner, "Northwind").await;
        let ctx = house.by(&partner, &[Role::AdminAgent]);
        let good = || confirmation(&house, &customer);
        let contact = |change: fn(&mut AgreementContact)| {
            let mut confirm = good();
            change(&mut confirm.contact);
            confirm
        };
        let rows = [
            (ConfirmAgreement { template: Uuid::nil(), ..good() }, Reason::InvalidField, "templateId"),
            (ConfirmAgreement { kind: Some(AgreementKind::Cloud), ..good() }, Reason::InvalidField, "type"),
            (
                ConfirmAgreement { agreed_at: house.ctx.now().plus_seconds(24 * 60 * 60 + 1), ..good() },
                Reason::InvalidField,
                "dateAgreed",
            ),
            (contact(|of| of.first_name.clear()), Reason::MissingField, "primaryContact.firstName"),
            (contact(|of| of.last_name = "x".repeat(51)), Reason::InvalidField, "primaryContact.lastName"),
            (contact(|of| of.email = "nobody".to_owned()), Reason::InvalidField, "primaryContact.email"),
        ];
        for (confirm, reason, field) in rows {
            let refused = agreement_confirm(&ctx, &house.db, confirm.clone()).await.unwrap_err();
            assert_eq!((refused.reason(), refused.field()), (reason, Some(field)), "{confirm:?}");
        }
        agreement_confirm(&ctx, &house.db, good()).await.unwrap();
        let again = contact(|of| of.first_name = "BILLING".to_owned());
        let refused = agreement_confirm(&ctx, &house.db, again).await.unwrap_err();
        assert_eq!((refused.reason(), refused.field()), (Reason::AlreadyExists, Some("primaryContact")));
        let another = contact(|of| of.phone_number = Some("2065550100".to_owned()));
        agreement_confirm(&ctx, &house.db, another).await.unwrap();

        let stranger = house.by(&house.partner("fabrikam").await, &[Role::AdminAgent]);
        let helpdesk = house.by(&partner, &[Role::HelpdeskAgent]);
        for (by, reason) in [
            (stranger, Reason::CustomerNotFound),
            (helpdesk, Reason::Forbidden),
            (house.ctx.clone(), Reason::Forbidden),
        ] {
            let refused = agreement_confirm(&by, &house.db, good()).await.unwrap_err();
            assert_eq!(refused.reason(), reason, "{:?}", by.caller);
        }
    });
}
