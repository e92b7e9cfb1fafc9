//! Who is who in the demo world. Every name is invented; nobody's brand, and no people.
//!
//! The companies sit on the east coast of the United States, so local time is [`super::rhythm`]'s five hours behind
//! UTC. Meters are those of `demo/price-sheet.json`; a test looks each of them up there.

use super::rhythm::Rhythm;

/// A channel: a provider, a direct partner, its customers.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Who runs the platform.
    pub provider: Company,
    /// Who sells.
    pub partner: Company,
    /// Sells to the first customer too, and sees nothing of the other's business with it.
    pub second_partner: Company,
    /// Who buys.
    pub customers: &'static [Customer],
    /// A longer channel beside it.
    pub tiers: Tiers,
}

/// An indirect provider, its resellers, and a customer that goes from the first one to the second.
#[derive(Debug, Clone, Copy)]
pub struct Tiers {
    /// Between the provider and the resellers.
    pub indirect_provider: Company,
    /// Between it and the customer: first the one, then the other.
    pub resellers: [Company; 2],
    /// Who buys.
    pub customer: Customer,
}

/// A company and where it sits.
#[derive(Debug, Clone, Copy)]
pub struct Company {
    /// Its name.
    pub name: &'static str,
    /// The first label of its domain; the world's suffix follows.
    pub domain: &'static str,
    /// Street and number.
    pub street: &'static str,
    /// City.
    pub city: &'static str,
    /// State, two letters.
    pub state: &'static str,
    /// Postal code.
    pub postal_code: &'static str,
}

/// A customer and its subscriptions, all usage based.
#[derive(Debug, Clone, Copy)]
pub struct Customer {
    /// The company.
    pub company: Company,
    /// What it has bought.
    pub subscriptions: &'static [Subscription],
}

/// A subscription and what it uses.
#[derive(Debug, Clone, Copy)]
pub struct Subscription {
    /// Short and unique in the plan: part of its event ids.
    pub key: &'static str,
    /// What the customer calls it.
    pub name: &'static str,
    /// Tags that its resources carry, as JSON text.
    pub tags: &'static str,
    /// What is measured.
    pub series: &'static [Series],
}

/// One meter of one resource, hour by hour.
#[derive(Debug, Clone, Copy)]
pub struct Series {
    /// Resource group and, below it, provider, type and name: the end of the resource's id.
    pub resource: &'static str,
    /// The meter.
    pub meter: &'static str,
    /// Millionths of the meter's unit in a usual hour.
    pub millionths: u64,
    /// How that changes with hour, day and month.
    pub rhythm: Rhythm,
    /// What the service says about the resource, as JSON text.
    pub info: &'static str,
}

/// The demo channel.
pub const PLAN: Plan = Plan {
    provider: Company {
        name: "Fernhollow Cloud Test",
        domain: "fernhollow",
        street: "1 Provider Square",
        city: "Albany",
        state: "NY",
        postal_code: "12207",
    },
    partner: Company {
        name: "Harborline Partners Test",
        domain: "harborline",
        street: "20 Wharf Road",
        city: "Boston",
        state: "MA",
        postal_code: "02110",
    },
    second_partner: Company {
        name: "Ridgeline Services Test",
        domain: "ridgeline",
        street: "8 Quarry Hill",
        city: "Concord",
        state: "NH",
        postal_code: "03301",
    },
    customers: &[
        Customer {
            company: Company {
                name: "Northquay Outfitters Test",
                domain: "northquay",
                street: "300 Market Street",
                city: "Portland",
                state: "ME",
                postal_code: "04101",
            },
            subscriptions: &[WEB_SHOP, SHOP_DEVELOPMENT],
        },
        Customer {
            company: Company {
                name: "Copperleaf Clinics Test",
                domain: "copperleaf",
                street: "45 Garden Avenue",
                city: "Hartford",
                state: "CT",
                postal_code: "06103",
            },
            subscriptions: &[PATIENT_PORTAL, REPORTING],
        },
        Customer {
            company: Company {
                name: "Tidewheel Robotics Test",
                domain: "tidewheel",
                street: "7 Foundry Lane",
                city: "Providence",
                state: "RI",
                postal_code: "02903",
            },
            subscriptions: &[SIMULATION],
        },
    ],
    tiers: Tiers {
        indirect_provider: Company {
            name: "Tidegate Distribution Test",
            domain: "tidegate",
            street: "90 Harbor Street",
            city: "Newark",
            state: "NJ",
            postal_code: "07102",
        },
        resellers: [
            Company {
                name: "Millbrook Computing Test",
                domain: "millbrook",
                street: "12 Mill Lane",
                city: "Worcester",
                state: "MA",
                postal_code: "01608",
            },
            Company {
                name: "Fairwater Systems Test",
                domain: "fairwater",
                street: "5 Spring Street",
                city: "Burlington",
                state: "VT",
                postal_code: "05401",
            },
        ],
        customer: Customer {
            company: Company {
                name: "Oakfield Printing Test",
                domain: "oakfield",
                street: "77 Press Road",
                city: "Nashua",
                state: "NH",
                postal_code: "03060",
            },
            subscriptions: &[PRINT_SHOP],
        },
    },
};

/// One unit an hour.
const ONE: u64 = 1_000_000;
/// A unit a month, by the hour: a meter `1/Month` or `1 GB/Month` counts 730 hours.
const MONTHLY: u64 = ONE / 730;
/// A unit a day, by the hour.
const DAILY: u64 = ONE / 24;

const D2_V3: &str = "ae331802-83a5-4b9e-b287-85675f794e3d";
const D4_V3: &str = "3da19ca3-6007-4a29-89ea-cab10c2010ed";
const E4_V3: &str = "3ffef1fd-dc85-48df-a6f9-8f0a0fb2fdd6";
const F2: &str = "9e227951-45cd-43ee-a92f-cd7b59304f81";
const LINUX_LICENCE: &str = "b9edcc5b-a429-4778-bc5a-82e7fa07fe55";
const PUBLIC_IP: &str = "f114cb19-ea64-40b5-bcd7-aee474b62853";
const TRANSFER_OUT: &str = "9995d93a-7d35-4d3f-9c69-7a7fea447ef4";
const BLOB_HOT: &str = "272492b3-1c92-4a5f-bee9-52a8e10ca514";
const DISK_P20: &str = "a7bc0add-2f2f-4a67-8563-82be4536ca29";
const DISK_E10: &str = "a97f31a2-0fb1-4d64-bb43-a2399dd31f0b";
const SQL_S3: &str = "6bafdc11-b964-4895-9d4e-a0e548db1b2b";
const SQL_VCORE: &str = "d0fc12d4-91ca-4689-bf8f-9ccdf1b0a619";
const LOGS: &str = "ffbd06c0-e72e-42b6-b612-f03144b476df";
const MESSAGES: &str = "2a9992f8-e914-490b-a7a6-6d21ba55acda";

/// Visitors in the evening and more at the weekend; enough traffic to cross the first tier bound within a month.
const WEB_SHOP: Subscription = Subscription {
    key: "web-shop",
    name: "Web shop",
    tags: r#"{"environment":"production","costCenter":"retail"}"#,
    series: &[
        vm("shop/providers/Microsoft.Compute/virtualMachines/shop-web-1", D2_V3, ONE, Rhythm::Steady, D2_INFO),
        vm("shop/providers/Microsoft.Compute/virtualMachines/shop-web-2", D2_V3, ONE, Rhythm::Steady, D2_INFO),
        other("shop/providers/Microsoft.Network/publicIPAddresses/shop-ip", PUBLIC_IP, ONE, Rhythm::Steady),
        other(
            "shop/providers/Microsoft.Network/publicIPAddresses/shop-ip",
            TRANSFER_OUT,
            14 * ONE,
            Rhythm::Visitors { weekend_percent: 140 },
        ),
        other(
            "shop/providers/Microsoft.Storage/storageAccounts/shopimages",
            BLOB_HOT,
            2_400 * MONTHLY,
            Rhythm::Growing,
        ),
        other("shop/providers/Microsoft.Sql/servers/shop-sql/databases/orders", SQL_S3, DAILY, Rhythm::Steady),
    ],
};

/// Runs while developers work, and costs nothing at night.
const SHOP_DEVELOPMENT: Subscription = Subscription {
    key: "shop-dev",
    name: "Web shop development",
    tags: r#"{"environment":"development","costCenter":"retail"}"#,
    series: &[
        vm("dev/providers/Microsoft.Compute/virtualMachines/dev-1", D4_V3, ONE, Rhythm::OfficeHours, D4_INFO),
        vm("dev/providers/Microsoft.Compute/virtualMachines/dev-2", D4_V3, ONE, Rhythm::OfficeHours, D4_INFO),
        other("dev/providers/Microsoft.Compute/disks/dev-1-os", DISK_E10, MONTHLY, Rhythm::Steady),
        other("dev/providers/Microsoft.Compute/disks/dev-2-os", DISK_E10, MONTHLY, Rhythm::Steady),
    ],
};

/// Patients come on weekdays. The operating system is a third party's: the partner's discount leaves it alone.
const PATIENT_PORTAL: Subscription = Subscription {
    key: "portal",
    name: "Patient portal",
    tags: r#"{"environment":"production","dataClass":"health"}"#,
    series: &[
        vm("portal/providers/Microsoft.Compute/virtualMachines/portal-1", E4_V3, ONE, Rhythm::Steady, E4_INFO),
        vm("portal/providers/Microsoft.Compute/virtualMachines/portal-1", LINUX_LICENCE, ONE, Rhythm::Steady, E4_INFO),
        other("portal/providers/Microsoft.Compute/disks/portal-1-data", DISK_P20, MONTHLY, Rhythm::Steady),
        other("portal/providers/Microsoft.Sql/servers/portal-sql/databases/visits", SQL_VCORE, 2 * ONE, Rhythm::Steady),
        other(
            "portal/providers/Microsoft.OperationalInsights/workspaces/portal-logs",
            LOGS,
            ONE / 5,
            Rhythm::Visitors { weekend_percent: 25 },
        ),
    ],
};

/// Works while others sleep.
const REPORTING: Subscription = Subscription {
    key: "reporting",
    name: "Nightly reporting",
    tags: r#"{"environment":"production"}"#,
    series: &[
        vm("reports/providers/Microsoft.Compute/virtualMachines/report-1", F2, ONE, Rhythm::Nights, F2_INFO),
        other(
            "reports/providers/Microsoft.Storage/storageAccounts/reportarchive",
            BLOB_HOT,
            700 * MONTHLY,
            Rhythm::Growing,
        ),
    ],
};

/// A test rack that somebody forgot to stop: what a budget is for, and what an alert tells of.
const SIMULATION: Subscription = Subscription {
    key: "simulation",
    name: "Robot simulation",
    tags: r#"{"environment":"research"}"#,
    series: &[
        vm(
            "sim/providers/Microsoft.Compute/virtualMachineScaleSets/simulators",
            E4_V3,
            2 * ONE,
            Rhythm::Runaway { times: 24 },
            E4_INFO,
        ),
        other(
            "sim/providers/Microsoft.ServiceBus/namespaces/robot-events",
            MESSAGES,
            ONE / 8,
            Rhythm::Visitors { weekend_percent: 10 },
        ),
        other("sim/providers/Microsoft.Storage/storageAccounts/simresults", BLOB_HOT, 5_000 * MONTHLY, Rhythm::Growing),
    ],
};

/// Printing plates are made at night and kept for years.
const PRINT_SHOP: Subscription = Subscription {
    key: "print-shop",
    name: "Print shop",
    tags: r#"{"environment":"production"}"#,
    series: &[
        vm("print/providers/Microsoft.Compute/virtualMachines/plates-1", D4_V3, ONE, Rhythm::Nights, D4_INFO),
        other("print/providers/Microsoft.Storage/storageAccounts/plates", BLOB_HOT, 900 * MONTHLY, Rhythm::Growing),
    ],
};

const D2_INFO: &str = r#"{"ServiceType":"Standard_D2s_v3"}"#;
const D4_INFO: &str = r#"{"ServiceType":"Standard_D4s_v3"}"#;
const E4_INFO: &str = r#"{"ServiceType":"Standard_E4s_v3"}"#;
const F2_INFO: &str = r#"{"ServiceType":"Standard_F2s"}"#;

const fn vm(
    resource: &'static str,
    meter: &'static str,
    millionths: u64,
    rhythm: Rhythm,
    info: &'static str,
) -> Series {
    Series { resource, meter, millionths, rhythm, info }
}

const fn other(resource: &'static str, meter: &'static str, millionths: u64, rhythm: Rhythm) -> Series {
    Series { resource, meter, millionths, rhythm, info: "" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn subscriptions() -> impl Iterator<Item = &'static Subscription> {
        PLAN.customers.iter().chain([&PLAN.tiers.customer]).flat_map(|customer| customer.subscriptions)
    }

    #[test]
    fn every_meter_has_a_price_in_the_demo_sheet() {
        let sheet = tenantry_commerce::rate_card::read(super::super::PRICE_SHEET).unwrap();
        let mut third_party = 0;
        for series in subscriptions().flat_map(|subscription| subscription.series) {
            let meter = tenantry_core::MeterId::parse(series.meter).unwrap();
            let price = sheet.meters.get(&meter).unwrap_or_else(|| panic!("{} ({})", series.meter, series.resource));
            third_party += usize::from(!price.first_party);
        }
        assert!(third_party > 0, "the demo shows a meter that the discount leaves alone");
    }

    #[test]
    fn keys_and_domains_are_unique_and_companies_are_marked_as_tests() {
        let keys: BTreeSet<_> = subscriptions().map(|subscription| subscription.key).collect();
        assert_eq!(keys.len(), subscriptions().count());
        let companies: Vec<_> = PLAN.customers.iter().map(|customer| customer.company).collect();
        let Tiers { indirect_provider, resellers: [first, second], customer } = PLAN.tiers;
        let sellers = [PLAN.provider, PLAN.partner, PLAN.second_partner, indirect_provider, first, second];
        let companies = sellers.into_iter().chain([customer.company]).chain(companies);
        let domains: BTreeSet<_> = companies.clone().map(|company| company.domain).collect();
        assert_eq!(domains.len(), companies.clone().count());
        assert!(companies.clone().all(|company| company.name.ends_with(" Test")));
    }
}
