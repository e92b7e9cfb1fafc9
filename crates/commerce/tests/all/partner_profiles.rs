//! What a partner says of itself, and what follows from it.

use crate::house::in_a_house;
use tenantry_commerce::{
    Address, LegalBusinessProfile, OrganizationProfile, PartnerBillingProfile, ProfileContact, SupportProfile,
    partner_get, partner_profile, partner_profile_change, party_get,
};
use tenantry_core::{Reason, Role};

#[test]
fn a_billing_profile_is_what_stands_on_the_next_bill() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let admin = house.by(&partner, &[Role::GlobalAdmin]);
        let (_, seen) = partner_profile::<PartnerBillingProfile>(&admin, &house.db, partner.tenant).await.unwrap();
        assert_eq!((seen.version, seen.profile.company_name.as_str()), (1, partner.company_name.as_str()));
        let new = PartnerBillingProfile {
            company_name: "Contoso Billing Ltd".to_owned(),
            primary_contact: ProfileContact { email: "bills@contoso.test".to_owned(), ..ProfileContact::default() },
            purchase_order_number: Some(" PO 7 ".to_owned()),
            currency: Some("usd".to_owned()),
            ..seen.profile.clone()
        };
        let change = async |profile: PartnerBillingProfile, seen| {
            partner_profile_change(&admin, &house.db, partner.tenant, profile, seen).await
        };
        let (_, changed) = change(new.clone(), Some(1)).await.unwrap();
        assert_eq!((changed.version, changed.profile.purchase_order_number.as_deref()), (2, Some("PO 7")));
        let stale = change(new.clone(), Some(1)).await.unwrap_err();
        assert_eq!(stale.reason(), Reason::Stale);
        assert_eq!(change(new.clone(), None).await.unwrap().1.version, 3, "who saw nothing overwrites");
        let party = party_get(&house.ctx, &house.db, house.provider.tenant, partner.tenant).await.unwrap();
        assert_eq!((party.company_name.as_str(), party.email.as_str()), ("Contoso Billing Ltd", "bills@contoso.test"));

        let abroad = Address { country: "DE".to_owned(), postal_code: Some("10115".to_owned()), ..new.address.clone() };
        for (profile, reason, field) in [
            (
                PartnerBillingProfile { currency: Some("EUR".to_owned()), ..new.clone() },
                Reason::InvalidField,
                "billingCurrency",
            ),
            (
                PartnerBillingProfile { company_name: " ".to_owned(), ..new.clone() },
                Reason::MissingField,
                "companyName",
            ),
            (PartnerBillingProfile { address: abroad, ..new.clone() }, Reason::InvalidField, "address.country"),
            (
                PartnerBillingProfile { primary_contact: ProfileContact::default(), ..new.clone() },
                Reason::MissingField,
                "primaryContact.email",
            ),
        ] {
            let refused = change(profile, None).await.unwrap_err();
            assert_eq!((refused.reason(), refused.field()), (reason, Some(field)), "{refused:?}");
        }
    });
}

#[test]
fn each_profile_is_kept_by_itself() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let (admin, db, tenant) = (house.by(&partner, &[Role::GlobalAdmin]), &house.db, partner.tenant);
        let (_, organization) = partner_profile::<OrganizationProfile>(&admin, db, tenant).await.unwrap();
        let organization = OrganizationProfile {
            company_name: "Contoso of the shop window".to_owned(),
            culture: "de-de".to_owned(),
            language: "DE".to_owned(),
            ..organization.profile
        };
        partner_profile_change(&admin, db, tenant, organization, None).await.unwrap();
        let known = partner_get(&admin, db, tenant).await.unwrap();
        assert_eq!((known.culture.as_str(), known.language.as_str()), ("de-DE", "de"));
        assert_eq!(known.company_name, partner.company_name, "its bills are not addressed to the shop window");
        let (_, legal) = partner_profile::<LegalBusinessProfile>(&admin, db, tenant).await.unwrap();
        assert_eq!((legal.version, legal.profile.company_name), (1, partner.company_name.clone()));
        let support = SupportProfile {
            email: "help@contoso.test".to_owned(),
            telephone: None,
            website: Some("https://contoso.test/help".to_owned()),
        };
        let (_, kept) = partner_profile_change(&admin, db, tenant, support.clone(), Some(1)).await.unwrap();
        assert_eq!((kept.profile, kept.version), (support.clone(), 2));
        let wrong = SupportProfile { website: Some("javascript:alert(1)".to_owned()), ..support.clone() };
        let refused = partner_profile_change(&admin, db, tenant, wrong, None).await.unwrap_err();
        assert_eq!(refused.field(), Some("website"));
        let stranger = house.by(&house.partner("fabrikam").await, &[Role::GlobalAdmin]);
        let agent = house.by(&partner, &[Role::AdminAgent]);
        for (by, reason) in [(stranger, Reason::TenantNotFound), (agent, Reason::Forbidden)] {
            let refused = partner_profile_change(&by, db, tenant, support.clone(), None).await.unwrap_err();
            assert_eq!(refused.reason(), reason, "{:?}", by.caller);
        }
    });
}
