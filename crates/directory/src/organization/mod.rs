//! What an organisation is to the world: its domain names, what it says of itself, and the licences it has.
//!
//! **Domains.** A tenant has one initial domain, from its creation, and one default domain. Others are added, proved
//! and then verified. In the field the proof is a DNS record. This program has no resolver, so it cannot look, and
//! it never pretends to: in a sandbox asking is proof enough, because nobody's real name is at stake; in a live world
//! the provider looks and says so, by the same act. By whose word a domain was verified is kept ([`Proof`]).
//!
//! **Licences.** Units come from seat subscriptions, through [`licence_units_set`]; users take them one by one, or by
//! a group. Nobody gets one when none is left, however many ask at once: who counts holds the tenant's row until its
//! commit. When seats are taken away below what is in use, nobody loses a licence; the product says `Warning` and
//! gives out no more until the numbers fit again. Which user to take it from is the customer's decision.

mod domain;
mod domain_add;
mod domain_add_verified;
mod domain_change;
mod domain_list;
mod domain_records;
mod domain_remove;
mod domain_rows;
mod domain_verify;
mod group_licences;
mod group_licences_follow;
mod licence;
mod licence_rows;
mod licence_units;
mod licences_assign;
mod licences_of;
mod named_principal;
mod product_sku;
mod profile;
mod subscribed_skus;

pub use domain::{Domain, Proof};
pub use domain_add::domain_add;
pub use domain_add_verified::domain_add_verified;
pub use domain_change::domain_change;
pub use domain_list::{domain_find, domain_list};
pub use domain_records::{DnsRecord, RecordData, domain_service_records, domain_verification_records};
pub use domain_remove::domain_remove;
pub use domain_verify::domain_verify;
pub use group_licences::{GroupLicence, Shortage, group_licences_assign, group_licences_of};
pub(crate) use group_licences_follow::{group_licences_follow, group_licences_release};
pub use licence::{AssignedLicence, Capability, LicencePath, LicenceUnits, SubscribedSku};
pub use licence_units::licence_units_set;
pub use licences_assign::licences_assign;
pub(crate) use licences_assign::licences_release;
pub use licences_of::{licences_of, licences_of_users};
pub use named_principal::{NamedPrincipal, principal_named};
pub use product_sku::{PRODUCTS, ProductSku, ServicePlan};
pub use profile::{Organization, OrganizationChange, OrganizationProfile, organization_change, organization_find};
pub use subscribed_skus::subscribed_skus;
