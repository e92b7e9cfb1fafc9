//! The columns of FOCUS "Cost and Usage", in the order of the two versions.
//!
//! Source: `focus/spec-columns-v1.2.csv` and `focus/spec-model-1.4/focus_1_4_model.json` of the data sets (CC-BY-4.0); the
//! order of 1.2 is that of the synthetic sample, 1.4 goes by name. A test compares both. FOCUS lets a provider add
//! columns that begin with `x_`: ours say whose customer a charge is, which the standard has no place for.

use crate::cells::{Column, Kind};

macro_rules! columns {
    ($($name:ident),+ $(,)?) => {
        /// A column of FOCUS, or one of ours. Their meaning: docs/focus.md.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum F {
            $($name,)+
            XCustomerId,
            XCustomerName,
        }

        impl F {
            const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)+
                    Self::XCustomerId => "x_CustomerId",
                    Self::XCustomerName => "x_CustomerName",
                }
            }
        }
    };
}

columns![
    AllocatedMethodDetails,
    AllocatedMethodId,
    AllocatedResourceId,
    AllocatedResourceName,
    AllocatedTags,
    AvailabilityZone,
    BilledCost,
    BillingAccountId,
    BillingAccountName,
    BillingAccountType,
    BillingCurrency,
    BillingPeriodEnd,
    BillingPeriodStart,
    CapacityReservationId,
    CapacityReservationStatus,
    ChargeCategory,
    ChargeClass,
    ChargeDescription,
    ChargeFrequency,
    ChargePeriodEnd,
    ChargePeriodStart,
    CommitmentDiscountCategory,
    CommitmentDiscountId,
    CommitmentDiscountName,
    CommitmentDiscountQuantity,
    CommitmentDiscountStatus,
    CommitmentDiscountType,
    CommitmentDiscountUnit,
    CommitmentProgramEligibilityDetails,
    ConsumedQuantity,
    ConsumedUnit,
    ContractApplied,
    ContractedCost,
    ContractedUnitPrice,
    EffectiveCost,
    HostProviderName,
    InvoiceDetailId,
    InvoiceId,
    InvoiceIssuerName,
    ListCost,
    ListUnitPrice,
    PricingCategory,
    PricingCurrency,
    PricingCurrencyContractedUnitPrice,
    PricingCurrencyEffectiveCost,
    PricingCurrencyListUnitPrice,
    PricingQuantity,
    PricingUnit,
    ProviderName,
    PublisherName,
    RegionId,
    RegionName,
    ResourceId,
    ResourceName,
    ResourceType,
    ServiceCategory,
    ServiceName,
    ServiceProviderName,
    ServiceSubcategory,
    SkuId,
    SkuMeter,
    SkuPriceDetails,
    SkuPriceId,
    SubAccountId,
    SubAccountName,
    SubAccountType,
    Tags,
];

use F::*;

pub(crate) const V1_2: [F; 59] = [
    ProviderName,
    PublisherName,
    InvoiceIssuerName,
    InvoiceId,
    BillingAccountId,
    BillingAccountName,
    BillingAccountType,
    SubAccountId,
    SubAccountName,
    SubAccountType,
    BillingPeriodStart,
    BillingPeriodEnd,
    ChargePeriodStart,
    ChargePeriodEnd,
    ChargeCategory,
    ChargeClass,
    ChargeDescription,
    ChargeFrequency,
    BilledCost,
    EffectiveCost,
    ListCost,
    ContractedCost,
    ListUnitPrice,
    ContractedUnitPrice,
    PricingCategory,
    PricingQuantity,
    PricingUnit,
    PricingCurrency,
    PricingCurrencyContractedUnitPrice,
    PricingCurrencyEffectiveCost,
    PricingCurrencyListUnitPrice,
    BillingCurrency,
    ConsumedQuantity,
    ConsumedUnit,
    ServiceName,
    ServiceCategory,
    ServiceSubcategory,
    SkuId,
    SkuMeter,
    SkuPriceId,
    SkuPriceDetails,
    ResourceId,
    ResourceName,
    ResourceType,
    RegionId,
    RegionName,
    AvailabilityZone,
    CommitmentDiscountId,
    CommitmentDiscountName,
    CommitmentDiscountCategory,
    CommitmentDiscountType,
    CommitmentDiscountStatus,
    CommitmentDiscountQuantity,
    CommitmentDiscountUnit,
    CapacityReservationId,
    CapacityReservationStatus,
    Tags,
    XCustomerId,
    XCustomerName,
];

pub(crate) const V1_4: [F; 67] = [
    AllocatedMethodDetails,
    AllocatedMethodId,
    AllocatedResourceId,
    AllocatedResourceName,
    AllocatedTags,
    AvailabilityZone,
    BilledCost,
    BillingAccountId,
    BillingAccountName,
    BillingAccountType,
    BillingCurrency,
    BillingPeriodEnd,
    BillingPeriodStart,
    CapacityReservationId,
    CapacityReservationStatus,
    ChargeCategory,
    ChargeClass,
    ChargeDescription,
    ChargeFrequency,
    ChargePeriodEnd,
    ChargePeriodStart,
    CommitmentDiscountCategory,
    CommitmentDiscountId,
    CommitmentDiscountName,
    CommitmentDiscountQuantity,
    CommitmentDiscountStatus,
    CommitmentDiscountType,
    CommitmentDiscountUnit,
    CommitmentProgramEligibilityDetails,
    ConsumedQuantity,
    ConsumedUnit,
    ContractApplied,
    ContractedCost,
    ContractedUnitPrice,
    EffectiveCost,
    HostProviderName,
    InvoiceDetailId,
    InvoiceId,
    InvoiceIssuerName,
    ListCost,
    ListUnitPrice,
    PricingCategory,
    PricingCurrency,
    PricingCurrencyContractedUnitPrice,
    PricingCurrencyEffectiveCost,
    PricingCurrencyListUnitPrice,
    PricingQuantity,
    PricingUnit,
    RegionId,
    RegionName,
    ResourceId,
    ResourceName,
    ResourceType,
    ServiceCategory,
    ServiceName,
    ServiceProviderName,
    ServiceSubcategory,
    SkuId,
    SkuMeter,
    SkuPriceDetails,
    SkuPriceId,
    SubAccountId,
    SubAccountName,
    SubAccountType,
    Tags,
    XCustomerId,
    XCustomerName,
];

pub(crate) const COLUMNS_1_2: [Column; 59] = of(V1_2);
pub(crate) const COLUMNS_1_4: [Column; 67] = of(V1_4);

const fn of<const N: usize>(columns: [F; N]) -> [Column; N] {
    let mut all = [Column::text(""); N];
    let mut at = 0;
    while at < N {
        let column = columns[at];
        all[at] = Column { name: column.name(), kind: kind(column), summed: is_cost(column) };
        at += 1;
    }
    all
}

const fn is_cost(column: F) -> bool {
    matches!(column, BilledCost | EffectiveCost | ListCost | ContractedCost)
}

const fn kind(column: F) -> Kind {
    match column {
        BilledCost
        | CommitmentDiscountQuantity
        | ConsumedQuantity
        | ContractedCost
        | ContractedUnitPrice
        | EffectiveCost
        | ListCost
        | ListUnitPrice
        | PricingCurrencyContractedUnitPrice
        | PricingCurrencyEffectiveCost
        | PricingCurrencyListUnitPrice
        | PricingQuantity => Kind::Fixed,
        BillingPeriodEnd | BillingPeriodStart | ChargePeriodEnd | ChargePeriodStart => Kind::Instant,
        AllocatedMethodDetails
        | AllocatedTags
        | CommitmentProgramEligibilityDetails
        | ContractApplied
        | SkuPriceDetails
        | Tags => Kind::Json,
        _ => Kind::Text,
    }
}
