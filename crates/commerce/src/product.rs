//! The modern catalogue: the same offers under the names that products, SKUs and availabilities give them.
//!
//! ```text
//! product CFQ7TTC0LF8R -- SKU 0001         -- availability CFQ7TTC0K5DR  =  offer CFQ7TTC0LF8R:0001:CFQ7TTC0K5DR
//! product 9DEA7946-..  -- SKU MS-AZR-0145P -- availability MS-AZR-0145P  =  offer MS-AZR-0145P
//! ```
//!
//! Nothing is kept twice: an item is a view of an [`Offer`], so what a partner finds here is what an order takes. The
//! licence offers of the old catalogue have no product, because no source says what its id would be.

use crate::catalogue::{LEGACY_PRODUCTS, OFFERS};
use crate::offer::Offer;

/// What a product is, as far as the lists of the catalogue tell products apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProductKind {
    /// Metered usage.
    Azure,
    /// Licences sold by the modern agreement.
    OnlineServices,
}

/// Which part of the catalogue is looked at.
///
/// Source: partner-center-v1.md 2.7, `targetView`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProductView {
    /// All that is Azure.
    Azure,
    /// Licences and marketplace.
    OnlineServices,
    /// Capacity bought in advance.
    Reservations,
    /// Software that is installed.
    Software,
    /// Others' services.
    Marketplace,
}

/// Who may buy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Segment {
    /// Any company.
    Commercial,
    /// Schools.
    Education,
    /// Authorities.
    Government,
    /// Charities.
    Nonprofit,
}

/// One item of the modern catalogue: an availability of a SKU of a product, and the offer that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CatalogueItem {
    /// Names the product.
    pub product: &'static str,
    /// Names the SKU within the product.
    pub sku: &'static str,
    /// Names the availability within the SKU.
    pub availability: &'static str,
    /// Who may buy it.
    pub segment: Segment,
    /// What is ordered.
    pub offer: &'static Offer,
}

impl CatalogueItem {
    /// The id that orders and carts name it by: `product:sku:availability`.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}:{}:{}", self.product, self.sku, self.availability)
    }

    /// What the product is.
    #[must_use]
    pub fn kind(&self) -> ProductKind {
        if self.offer.is_usage_based() { ProductKind::Azure } else { ProductKind::OnlineServices }
    }

    /// Whether the view shows it.
    pub(crate) fn is_in(&self, view: ProductView) -> bool {
        match view {
            ProductView::Azure => self.kind() == ProductKind::Azure,
            ProductView::OnlineServices => self.kind() == ProductKind::OnlineServices,
            ProductView::Reservations | ProductView::Software | ProductView::Marketplace => false,
        }
    }
}

/// All items, in the order of their offers.
pub(crate) fn items() -> impl Iterator<Item = CatalogueItem> {
    OFFERS.iter().filter_map(item)
}

/// The offer as an item; `None` if the modern catalogue does not have it.
fn item(offer: &'static Offer) -> Option<CatalogueItem> {
    let segment = Segment::Commercial;
    if let Some((product, rest)) = offer.id.split_once(':')
        && let Some((sku, availability)) = rest.split_once(':')
    {
        return Some(CatalogueItem { product, sku, availability, segment, offer });
    }
    let (_, product) = LEGACY_PRODUCTS.iter().find(|(id, _)| *id == offer.id)?;
    Some(CatalogueItem { product, sku: offer.id, availability: offer.id, segment, offer })
}

/// The offer that an item's id names.
pub(crate) fn offer_of(item_id: &str) -> Option<&'static Offer> {
    items().find(|item| item.id().eq_ignore_ascii_case(item_id)).map(|item| item.offer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_an_offer_under_one_name() {
        let all: Vec<_> = items().collect();
        assert!(all.len() >= 2);
        for item in &all {
            assert_eq!(offer_of(&item.id().to_lowercase()), Some(item.offer));
            assert_eq!(all.iter().filter(|other| other.id() == item.id()).count(), 1);
            let views = [
                ProductView::Azure,
                ProductView::OnlineServices,
                ProductView::Reservations,
                ProductView::Software,
                ProductView::Marketplace,
            ];
            assert_eq!(views.into_iter().filter(|view| item.is_in(*view)).count(), 1, "{}", item.id());
        }
        assert_eq!(offer_of("CFQ7TTC0LF8R:0001"), None);
    }
}
