//! The reseller on the record of a subscription: who the field takes for the one that looks after it.
//!
//! What a reseller sells has that reseller on its record, because here it is the seller. An indirect provider that sells
//! to a customer itself may name one of its resellers. Who buys from the provider directly has no reseller to name
//! (partner-center-v1.md 4.3, rule 6). A record changes nobody's bill and gives nobody a right.

use crate::subscription::OnRecord;
use crate::{Partner, PartnerKind, rows, text};
use tenantry_core::{Problem, Reason, TenantId};
use tenantry_db::Connection;

impl OnRecord {
    /// A reseller is on the record of what it sells.
    pub(crate) fn of_seller(seller: &Partner) -> Option<Self> {
        seller.kind.indirect_provider().map(|_| Self::of(seller))
    }

    fn of(partner: &Partner) -> Self {
        Self { partner: partner.tenant, mpn_id: partner.mpn_id.clone() }
    }
}

/// The partner that sells, whoever asks: what is told of it is its own record.
pub(crate) async fn seller(on: &mut impl Connection, tenant: TenantId) -> Result<Partner, Problem> {
    let found = rows::partner::by_id(on, crate::reach::Reach::ALL, tenant).await?;
    found.ok_or_else(|| Problem::corrupt(format!("partner {tenant} is not there")))
}

/// The reseller of a number that can be on the record of what `seller` sells. `field` is where the number stands in what
/// was sent.
///
/// # Errors
/// `Unsupported` where a direct partner sells; `InvalidField` if the number is of nobody who can be on the record. Of two
/// resellers with one number it is the one that signed up first.
pub(crate) async fn named(
    on: &mut impl Connection,
    seller: &Partner,
    (field, mpn_id): (&str, &str),
) -> Result<OnRecord, Problem> {
    let wanted = mpn_id.trim();
    let may_be = match seller.kind {
        PartnerKind::Direct => {
            let seen = text::shown(wanted);
            let message = format!(
                "{field}: only what goes through an indirect provider has a reseller on its record, so `{seen}` cannot be \
                 recorded; leave it out"
            );
            return Err(Problem::new(Reason::Unsupported, message).at(field));
        }
        PartnerKind::Reseller { .. } => vec![seller.clone()],
        PartnerKind::IndirectProvider => rows::partner::resellers(on, seller.tenant).await?,
    };
    let found = may_be.iter().find(|partner| partner.mpn_id == wanted).map(OnRecord::of);
    found.ok_or_else(|| {
        let message = match seller.kind {
            PartnerKind::Reseller { .. } => {
                "is not the number of the reseller that sells to this customer; name that one"
            }
            PartnerKind::IndirectProvider | PartnerKind::Direct => {
                "is not the number of a reseller of this indirect provider; name one of them, or leave it out"
            }
        };
        Problem::invalid(field, format!("`{}` {message}", text::shown(wanted)))
    })
}
