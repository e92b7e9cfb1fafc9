//! The catalogue as data: what the provider offers today.
//!
//! The facts (ids, names, limits, terms, products) are those of the recorded offers of the field, so that a
//! client's own tables match. `BD938F12..` and `MS-AZR-0145P` are known from recorded subscriptions; their limits
//! follow their siblings. The countries of the calling plan are general knowledge of 2019.

use crate::azure_plan::{PLAN, UNDER_PLAN};
use crate::offer::{Billing, BillingCycle, Countries, Offer, OfferCategory, OfferProduct, PurchaseLimit, Term};
use crate::product;
use crate::qualification::Qualification;
use tenantry_core::OfferId;
use tenantry_rating::SeatForm;

const ENTERPRISE: OfferCategory = OfferCategory { id: "Enterprise_Key", name: "Enterprise", rank: 20 };
const SMALL_BUSINESS: OfferCategory = OfferCategory { id: "SmallBusiness_Key", name: "Small business", rank: 30 };
const TRIAL: OfferCategory = OfferCategory { id: "Trial_Key", name: "Trial", rank: 70 };

/// All shelves, by rank.
pub(crate) const CATEGORIES: &[OfferCategory] = &[ENTERPRISE, SMALL_BUSINESS, TRIAL];

pub(crate) const AZURE: &str = "MS-AZR-0145P";
pub(crate) const BUSINESS_ESSENTIALS: &str = "BD938F12-058F-4927-BBA3-AE36B1D2501C";
pub(crate) const BUSINESS_PREMIUM: &str = "031C9E47-4802-4248-838E-778FB1D2CC05";
pub(crate) const ENTERPRISE_E1: &str = "91FD106F-4B2C-4938-95AC-F54F74E9A239";
pub(crate) const ENTERPRISE_E3: &str = "796B6B5F-613C-4E24-A17C-EBA730D49C02";
pub(crate) const ENTERPRISE_E3_TRIAL: &str = "32B23C88-949F-4E5B-B500-A87EEC676B80";
pub(crate) const MICROSOFT_365_E5: &str = "8BDBB60B-E526-43E9-92EF-AB760C8E0B72";
pub(crate) const EXCHANGE_ARCHIVING: &str = "2828BE95-46BA-4F91-B2FD-0BEF192ECF60";
/// For schools, and for public authorities. No recording has an offer of either, so these two ids are our own; what their
/// licences are is of the field's published list.
pub(crate) const EDUCATION_A3: &str = "2699E567-E3D8-5996-AEC8-1D011A98E071";
pub(crate) const GOVERNMENT_G3: &str = "85213E8B-C9DA-549B-98F4-58FE2F0411A5";
pub(crate) const CALLING_PLAN: &str = "DED34535-507F-4246-8370-F9180318C537";

/// Sold by the modern agreement: a catalogue item of product, SKU and availability instead of a GUID.
pub(crate) const E3_NEW_COMMERCE: &str = "CFQ7TTC0LF8R:0001:CFQ7TTC0K5DR";
/// Product and SKU are general knowledge of 2022; no recording has the availability, so that is our own.
pub(crate) const MICROSOFT_365_E5_NEW_COMMERCE: &str = "CFQ7TTC0LFLZ:0002:CFQ7TTC0TNT5";

/// The products that hold offers of the old catalogue: offer and product. Known from recorded links of subscriptions,
/// where SKU and availability have the offer's id.
pub(crate) const LEGACY_PRODUCTS: &[(&str, &str)] = &[(AZURE, "9DEA7946-EC2C-441E-9FFD-E3B275F7E838")];

const SEATS_MANY: i64 = 10_000_000;

/// What most seat offers have in common.
const SEATS: Offer = Offer {
    id: "",
    name: "",
    description: "",
    category: Some(ENTERPRISE),
    rank: 0,
    quantity_min: 1,
    quantity_max: SEATS_MANY,
    unit_type: "Licenses",
    billing: Billing::Licence,
    billing_cycles: &[BillingCycle::Monthly, BillingCycle::Annual],
    limit: PurchaseLimit::None,
    term: Term::Years(1),
    auto_renewable: true,
    trial: false,
    seat_form: SeatForm::Licence,
    prerequisites: &[],
    upgrade_targets: &[],
    conversion_targets: &[],
    new_commerce: None,
    sales_group: "Default",
    product: None,
    countries: Countries::All,
    qualification: None,
};

/// What Azure's offers have in common.
const AZURE_USAGE: Offer = Offer {
    quantity_max: 1,
    unit_type: "Usage-based",
    billing: Billing::Usage,
    billing_cycles: &[BillingCycle::Monthly],
    term: Term::Open,
    auto_renewable: false,
    ..SEATS
};

/// The offers, by rank.
pub(crate) const OFFERS: &[Offer] = &[
    Offer {
        id: AZURE,
        name: "Microsoft Azure",
        description: "Pay for what is used, every month in arrears. An empty subscription costs nothing.",
        category: None,
        ..AZURE_USAGE
    },
    Offer {
        id: CALLING_PLAN,
        name: "Domestic and International Calling Plan",
        description: "Enables online users to place and receive Domestic and International calls through the Public \
            Switched Telephone Network (PSTN). There are base pre-requisites required to purchase this offering.",
        category: None,
        rank: 17,
        prerequisites: &[MICROSOFT_365_E5],
        product: Some(OfferProduct {
            id: "D3B4FE1F-9992-4930-8ACB-CA6EC609365E",
            name: "Domestic and International Calling Plan",
            unit: "Licenses",
        }),
        countries: Countries::Only(&["BE", "CA", "DE", "ES", "FR", "GB", "IE", "NL", "US"]),
        ..SEATS
    },
    Offer {
        id: EXCHANGE_ARCHIVING,
        name: "Exchange Online Archiving for Exchange Online",
        description: "A cloud-based, enterprise-class archiving solution for Office 365 Enterprise K1 and Exchange \
            Online (Plan 1). This solution can assist your organization with archiving, compliance, regulatory, and \
            e-discovery challenges.",
        category: None,
        rank: 157,
        prerequisites: &[BUSINESS_ESSENTIALS, BUSINESS_PREMIUM, ENTERPRISE_E1],
        product: Some(OfferProduct {
            id: "EE02FD1B-340E-4A4B-B355-4A514E4C8943",
            name: "Exchange Online Archiving for Exchange Online",
            unit: "Licenses",
        }),
        ..SEATS
    },
    Offer {
        id: MICROSOFT_365_E5,
        name: "Microsoft 365 E5",
        description: M365_E5_DESCRIPTION,
        rank: 174,
        new_commerce: Some(MICROSOFT_365_E5_NEW_COMMERCE),
        product: Some(M365_E5_PRODUCT),
        ..SEATS
    },
    Offer {
        id: BUSINESS_ESSENTIALS,
        name: "Office 365 Business Essentials",
        description: "The online versions of Office with email, instant messaging, HD video conferencing, plus 1 TB \
            personal file storage and sharing. For organizations with up to 300 users.",
        category: Some(SMALL_BUSINESS),
        rank: 205,
        quantity_max: 300,
        limit: PurchaseLimit::Concurrent(2),
        upgrade_targets: &[BUSINESS_PREMIUM, ENTERPRISE_E1, ENTERPRISE_E3, MICROSOFT_365_E5],
        product: Some(OfferProduct {
            id: "3B555118-DA6A-4418-894F-7DF1E2096870",
            name: "Office 365 Business Essentials",
            unit: "Licenses",
        }),
        ..SEATS
    },
    Offer {
        id: BUSINESS_PREMIUM,
        name: "Office 365 Business Premium",
        description: "The Office suite for PC and Mac with apps for tablets and phones, plus email, instant messaging, \
            HD video conferencing, 1 TB personal file storage and sharing. For organizations with up to 300 users.",
        category: Some(SMALL_BUSINESS),
        rank: 207,
        quantity_max: 300,
        limit: PurchaseLimit::Concurrent(2),
        upgrade_targets: &[ENTERPRISE_E1, ENTERPRISE_E3, MICROSOFT_365_E5],
        product: Some(OfferProduct {
            id: "F245ECC8-75AF-4F8E-B61F-27D8114DE5F3",
            name: "Office 365 Business Premium",
            unit: "Licenses",
        }),
        ..SEATS
    },
    Offer {
        id: ENTERPRISE_E1,
        name: "Office 365 Enterprise E1",
        description: "The online versions of Office with email, instant messaging, HD video conferencing, plus 1 TB \
            personal file storage and sharing. Does not include the Office suite for PC or Mac.",
        rank: 215,
        product: Some(OfferProduct {
            id: "18181A46-0D4E-45CD-891E-60AABD171B4E",
            name: "Office 365 Enterprise E1",
            unit: "Licenses",
        }),
        ..SEATS
    },
    Offer {
        id: ENTERPRISE_E3,
        name: "Office 365 Enterprise E3",
        description: E3_DESCRIPTION,
        rank: 218,
        new_commerce: Some(E3_NEW_COMMERCE),
        product: Some(E3_PRODUCT),
        ..SEATS
    },
    Offer {
        id: ENTERPRISE_E3_TRIAL,
        name: "Office 365 Enterprise E3 Trial",
        description: E3_DESCRIPTION,
        category: Some(TRIAL),
        rank: 221,
        quantity_min: 25,
        quantity_max: 25,
        billing_cycles: &[BillingCycle::None],
        limit: PurchaseLimit::Lifetime(1),
        term: Term::Months(1),
        auto_renewable: false,
        trial: true,
        upgrade_targets: &[ENTERPRISE_E1],
        conversion_targets: &[ENTERPRISE_E3],
        sales_group: "Trial-32B23C88-949F-4E5B-B500-A87EEC676B80",
        product: Some(E3_PRODUCT),
        ..SEATS
    },
    Offer {
        id: E3_NEW_COMMERCE,
        name: "Office 365 E3 (New Commerce)",
        description: E3_DESCRIPTION,
        rank: 230,
        seat_form: SeatForm::OneTime,
        upgrade_targets: &[MICROSOFT_365_E5_NEW_COMMERCE],
        product: Some(E3_PRODUCT),
        ..SEATS
    },
    Offer {
        id: MICROSOFT_365_E5_NEW_COMMERCE,
        name: "Microsoft 365 E5 (New Commerce)",
        description: M365_E5_DESCRIPTION,
        rank: 231,
        seat_form: SeatForm::OneTime,
        product: Some(M365_E5_PRODUCT),
        ..SEATS
    },
    Offer {
        id: EDUCATION_A3,
        name: "Office 365 A3 for faculty",
        description: "The Office suite for PC and Mac with email, instant messaging, HD video conferencing, and personal \
            file storage and sharing, for the staff of schools and universities.",
        rank: 232,
        product: Some(OfferProduct {
            id: "E578B273-6DB4-4691-BBA0-8D691F4DA603",
            name: "Office 365 A3 for faculty",
            unit: "Licenses",
        }),
        qualification: Some(Qualification::Education),
        ..SEATS
    },
    Offer {
        id: GOVERNMENT_G3,
        name: "Office 365 G3 GCC",
        description: "The Office suite for PC and Mac with email, instant messaging, HD video conferencing, and personal \
            file storage and sharing, in the cloud made for public authorities of the United States.",
        rank: 234,
        product: Some(OfferProduct {
            id: "535A3A29-C5F0-42FE-8215-D3B9E1F38C4A",
            name: "Office 365 G3 GCC",
            unit: "Licenses",
        }),
        countries: Countries::Only(&["US"]),
        qualification: Some(Qualification::GovernmentCommunityCloud),
        ..SEATS
    },
    Offer {
        id: PLAN,
        name: "Azure plan",
        description: "Holds a customer's Azure subscriptions. The plan costs nothing; what is used in them is paid for, \
            every month in arrears.",
        category: None,
        rank: 240,
        billing_cycles: &[BillingCycle::OneTime],
        limit: PurchaseLimit::Concurrent(1),
        // Bought by itself: the first Azure subscription comes with it.
        sales_group: "Azure plan",
        ..AZURE_USAGE
    },
];

/// What is under an Azure plan: no offer of the lists, because it is bought with a plan or for one.
pub(crate) const AZURE_UNDER_PLAN: &Offer = &Offer {
    id: UNDER_PLAN,
    name: "Azure subscription",
    description: "A place for resources under an Azure plan. Pay for what is used, every month in arrears.",
    category: None,
    rank: 241,
    billing_cycles: &[BillingCycle::OneTime],
    prerequisites: &[PLAN],
    sales_group: "Azure plan",
    ..AZURE_USAGE
};

const E3_DESCRIPTION: &str = "The Office suite for PC and Mac with apps for tablets and phones, plus email, instant \
    messaging, HD video conferencing, 1 TB personal file storage and sharing, and available add-ons like PSTN calling.";
const E3_PRODUCT: OfferProduct =
    OfferProduct { id: "6FD2C87F-B296-42F0-B197-1E91E994B900", name: "Office 365 Enterprise E3", unit: "Licenses" };

const M365_E5_DESCRIPTION: &str = "Office 365 Enterprise E5, Enterprise Mobility + Security E5, and Window 10 Enterprise \
    E5. This per-user licensed suite of products offers customers the latest, most advanced enterprise security, \
    management, collaboration, and business analytics.";
const M365_E5_PRODUCT: OfferProduct =
    OfferProduct { id: "06EBC4EE-1BB5-47DD-8120-11324BC54E06", name: "Microsoft 365 E5", unit: "Licenses" };

/// The offer of an id, wherever it is sold: its own, or that of the item it is in the modern catalogue.
pub(crate) fn find(id: &OfferId) -> Option<&'static Offer> {
    let known = || OFFERS.iter().chain([AZURE_UNDER_PLAN]);
    known().find(|offer| offer.id == id.as_str()).or_else(|| product::offer_of(id.as_str()))
}

/// The add-ons that go with an offer.
pub(crate) fn add_ons(offer: &Offer) -> impl Iterator<Item = &'static Offer> {
    let base = offer.id;
    OFFERS.iter().filter(move |add_on| add_on.prerequisites.contains(&base))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_keeps_its_own_rules() {
        for offer in OFFERS {
            let named = |ids: &[&str]| ids.iter().all(|id| find(&OfferId::new(id)).is_some());
            assert_eq!(offer.offer_id().as_str(), offer.id, "ids are in the spelling clients get");
            assert!(!offer.billing_cycles.is_empty() && !offer.name.is_empty() && !offer.description.is_empty());
            assert!(offer.quantity_min >= 1 && offer.quantity_min <= offer.quantity_max, "{}", offer.name);
            assert!(named(offer.prerequisites) && named(offer.upgrade_targets) && named(offer.conversion_targets));
            assert_eq!(offer.is_usage_based(), offer.product.is_none(), "{}", offer.name);
            assert!(!offer.is_usage_based() || offer.quantity_max == 1, "usage has no seats");
            if let Some(modern) = offer.new_commerce.map(|id| find(&OfferId::new(id)).unwrap()) {
                // People keep their licences: they are of the product.
                assert_eq!((offer.product, offer.is_legacy(), modern.is_legacy()), (modern.product, true, false));
            }
        }
        let mut ids: Vec<_> = OFFERS.iter().map(|offer| offer.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), OFFERS.len());
        assert!(OFFERS.is_sorted_by_key(|offer| offer.rank) && CATEGORIES.is_sorted_by_key(|shelf| shelf.rank));
    }
}
