//! Reading the catalogue. It is a table in the program, so hardly anything here waits; the caller must still be allowed.

use crate::catalogue::{self, CATEGORIES, OFFERS};
use crate::offer::{Offer, OfferCategory};
use crate::text::shown;
use crate::{country, customers, rows};
use tenantry_access::{CatalogueRead, CustomerRead, WorldScope, allow};
use tenantry_core::{OfferId, OpContext, Problem, Reason, TenantId};
use tenantry_db::Db;

/// The offers sold in a country, by rank; only those of a category if one is named.
pub fn offer_list(ctx: &OpContext, country: &str, category: Option<&str>) -> Result<Vec<&'static Offer>, Problem> {
    let country = readable(ctx, country)?;
    let on_shelf = |offer: &&Offer| match category {
        None => true,
        Some(wanted) => offer.category.is_some_and(|shelf| shelf.id.eq_ignore_ascii_case(wanted)),
    };
    Ok(OFFERS.iter().filter(|offer| offer.sold_in(&country)).filter(on_shelf).collect())
}

/// The offers a customer can buy: those of its country, without those for customers that are something it is not.
///
/// # Errors
/// `CustomerNotFound`, `Forbidden`.
pub async fn offer_list_of_customer(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
) -> Result<Vec<&'static Offer>, Problem> {
    let mut reader = db.reader().await?;
    let customer = customers::visible(ctx, &mut reader, customer).await?;
    let customer = allow::<CustomerRead, _>(ctx, customer)?.into_target();
    let mut offers = offer_list(ctx, customer.country(), None)?;
    let held = rows::qualification::of_customer(&mut reader, (customer.id, customer.partner), ctx.now()).await?;
    offers.retain(|offer| {
        offer.qualification.is_none_or(|needed| held.iter().any(|of| of.qualification == needed && of.is_approved()))
    });
    Ok(offers)
}

/// An offer sold in a country.
pub fn offer_get(ctx: &OpContext, country: &str, id: &OfferId) -> Result<&'static Offer, Problem> {
    let country = readable(ctx, country)?;
    sold(id, &country)
}

/// The add-ons of an offer that are sold in a country.
pub fn offer_add_on_list(ctx: &OpContext, country: &str, id: &OfferId) -> Result<Vec<&'static Offer>, Problem> {
    let country = readable(ctx, country)?;
    let base = sold(id, &country)?;
    Ok(catalogue::add_ons(base).filter(|add_on| add_on.sold_in(&country)).collect())
}

/// The categories that hold an offer sold in a country, by rank.
pub fn offer_category_list(ctx: &OpContext, country: &str) -> Result<Vec<OfferCategory>, Problem> {
    let country = readable(ctx, country)?;
    let filled = |shelf: &&OfferCategory| {
        OFFERS.iter().any(|offer| offer.category.as_ref() == Some(*shelf) && offer.sold_in(&country))
    };
    Ok(CATEGORIES.iter().filter(filled).copied().collect())
}

/// The offer of an id, if it is sold in the country.
pub(crate) fn sold(id: &OfferId, country: &str) -> Result<&'static Offer, Problem> {
    let offer = catalogue::find(id).filter(|offer| offer.sold_in(country));
    offer.ok_or_else(|| {
        let seen = shown(id.as_str());
        let message = format!("no offer `{seen}` is sold in {country}; choose one of the country's list of offers");
        Problem::new(Reason::OfferNotFound, message)
    })
}

/// The country's code, for who may read the catalogue.
pub(crate) fn readable(ctx: &OpContext, country: &str) -> Result<String, Problem> {
    allow::<CatalogueRead, _>(ctx, WorldScope { sandbox: false })?;
    country::check("country", country)
}

impl Offer {
    /// Whether add-ons go with it.
    #[must_use]
    pub fn has_add_ons(&self) -> bool {
        catalogue::add_ons(self).next().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use tenantry_core::Identity;
    use tenantry_core::clock::ManualClock;
    use tenantry_core::{AppId, Caller, Chance, ObjectId, Role, TenantId, TenantKind, Timestamp};
    use uuid::Uuid;

    const AZURE: &str = "MS-AZR-0145P";
    const PREMIUM: &str = "031C9E47-4802-4248-838E-778FB1D2CC05";
    const CALLING_PLAN: &str = "ded34535-507f-4246-8370-f9180318c537";
    const E5: &str = "8bdbb60b-e526-43e9-92ef-ab760c8e0b72";

    fn platform() -> OpContext {
        let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(0)));
        OpContext::system("test", clock, Arc::new(Chance::from_seed(1)))
    }

    fn partner(role: Role) -> OpContext {
        let caller = Caller::SignedIn(Identity::application(
            AppId::new(Uuid::from_u128(1)),
            ObjectId::new(Uuid::from_u128(2)),
            (TenantId::new(Uuid::from_u128(3)), TenantKind::Partner),
            [role],
        ));
        OpContext { caller, ..platform() }
    }

    #[test]
    fn the_catalogue_differs_by_country_and_shelf() {
        let ctx = platform();
        let count = |country, category| offer_list(&ctx, country, category).map(|offers| offers.len());
        assert_eq!(count("us", None).unwrap(), 14);
        assert_eq!(count("JP", None).unwrap(), 12);
        assert_eq!(count("JP", Some("smallbusiness_key")).unwrap(), 2);
        assert_eq!(count("JP", Some("Unknown_Key")).unwrap(), 0);
        let found = |country, id| offer_get(&ctx, country, &OfferId::new(id)).map_err(|p| p.reason());
        assert_eq!(found("US", AZURE).map(|offer| offer.name), Ok("Microsoft Azure"));
        assert_eq!(found("US", CALLING_PLAN).map(Offer::is_add_on), Ok(true));
        assert_eq!(found("JP", CALLING_PLAN), Err(Reason::OfferNotFound));
        assert_eq!(found("US", "MS-AZR-0000X"), Err(Reason::OfferNotFound));
        assert_eq!(found("XX", AZURE), Err(Reason::InvalidField));
        let add_ons = |country, id| {
            let list = offer_add_on_list(&ctx, country, &OfferId::new(id)).unwrap();
            list.into_iter().map(|offer| offer.rank).collect::<Vec<_>>()
        };
        assert_eq!((add_ons("US", E5), add_ons("JP", E5), add_ons("JP", PREMIUM)), (vec![17], vec![], vec![157]));
        let shelves: Vec<_> = offer_category_list(&ctx, "US").unwrap().iter().map(|shelf| shelf.rank).collect();
        assert_eq!(shelves, [20, 30, 70]);
    }

    #[test]
    fn helpdesk_does_not_read_prices_and_offers() {
        let refused = offer_list(&partner(Role::HelpdeskAgent), "US", None).unwrap_err();
        assert_eq!(refused.reason(), Reason::Forbidden);
        assert!(offer_list(&partner(Role::BillingAdmin), "US", None).is_ok());
    }
}
