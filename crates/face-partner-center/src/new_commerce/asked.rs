//! What a client asks for: the members that migrations and schedules of them share.

use crate::orders::cycle;
use crate::wire::input::Fields;
use tenantry_commerce::NewCommerceTerms;
use tenantry_core::{Problem, Reason, SubscriptionId, TenantId};

/// Which subscription.
pub(super) fn subscription(fields: &Fields<'_>) -> Result<SubscriptionId, Problem> {
    const NAME: &str = "currentSubscriptionId";
    let text = fields.text(NAME)?.filter(|text| !text.trim().is_empty());
    let text = text.ok_or_else(|| Problem::missing(fields.path(NAME)))?;
    SubscriptionId::parse(text.trim()).map_err(|error| Problem::invalid(fields.path(NAME), error))
}

/// How it is to go on. What the platform says (ids, times, status) is passed over; what would be accepted and forgotten is
/// refused.
pub(super) fn terms(fields: &Fields<'_>, customer: TenantId) -> Result<NewCommerceTerms, Problem> {
    let said = |name: &str| Ok::<_, Problem>(fields.text(name)?.filter(|text| !text.trim().is_empty()));
    if said("customerTenantId")?.is_some_and(|said| !said.trim().eq_ignore_ascii_case(&customer.to_string())) {
        let message = format!("the path says {customer}; leave it out");
        return Err(Problem::invalid(fields.path("customerTenantId"), message));
    }
    if said("customTermEndDate")?.is_some() {
        let message = "customTermEndDate: a term ends with the one that runs, or is a whole one (`purchaseFullTerm`)";
        return Err(Problem::new(Reason::Unsupported, message).at(fields.path("customTermEndDate")));
    }
    for name in ["addOnMigrations", "addOnMigrationSchedules"] {
        if !fields.list(name)?.is_empty() {
            let message = format!("{name}: no add-on is in the modern catalogue; suspend them and leave this out");
            return Err(Problem::new(Reason::Unsupported, message).at("addOnMigrations"));
        }
    }
    Ok(NewCommerceTerms {
        quantity: fields.whole("quantity")?,
        billing_cycle: cycle::read(fields)?,
        term: said("termDuration")?,
        full_term: fields.flag("purchaseFullTerm")?.unwrap_or(false),
        external_reference: said("externalReferenceId")?,
    })
}
