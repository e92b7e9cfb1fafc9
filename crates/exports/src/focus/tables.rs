//! What FOCUS has allowed values for: service categories, units, and the one spelling of regions.
//!
//! The tables come from the open data of the FinOps toolkit (`finops-open-data` of the data sets, MIT); categories of
//! meters it does not know were placed by hand. What is in no table stays as it is published: a unit as its text, a
//! region as its own name, a service in "Other".

use std::collections::HashMap;

const SERVICES: &str = include_str!("../data/services.csv");
const SUBCATEGORIES: &str = include_str!("../data/subcategories.csv");
const REGIONS: &str = include_str!("../data/regions.csv");
const UNITS: &str = include_str!("../data/units.csv");

/// Where a meter's category belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Service {
    pub(crate) category: &'static str,
    pub(crate) subcategory: &'static str,
}

/// A region's id and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Region {
    pub(crate) id: String,
    pub(crate) name: String,
}

const OTHER: Service = Service { category: "Other", subcategory: "Other (Other)" };
/// A count of whatever the meter measures.
const UNITS_OF_SOMETHING: &str = "Units";

#[derive(Debug)]
pub(crate) struct Tables {
    services: HashMap<String, Service>,
    regions: HashMap<&'static str, (&'static str, &'static str)>,
    units: HashMap<String, &'static str>,
}

impl Tables {
    pub(crate) fn new() -> Self {
        let categories: HashMap<_, _> = pairs(SUBCATEGORIES).collect();
        let service = |(name, subcategory): (String, &'static str)| {
            let category = categories.get(subcategory).copied()?;
            Some((name.to_ascii_lowercase(), Service { category, subcategory }))
        };
        Self {
            services: pairs(SERVICES).filter_map(service).collect(),
            regions: REGIONS.lines().skip(1).filter_map(region).collect(),
            units: pairs(UNITS).collect(),
        }
    }

    pub(crate) fn service(&self, meter_category: &str) -> Service {
        self.services.get(&meter_category.to_ascii_lowercase()).copied().unwrap_or(OTHER)
    }

    /// `None` where a charge has no region.
    pub(crate) fn region(&self, said: &str) -> Option<Region> {
        let said = said.trim();
        if said.is_empty() {
            return None;
        }
        let known = self.regions.get(said.to_ascii_lowercase().as_str());
        let (id, name) = known.copied().unwrap_or((said, said));
        Some(Region { id: id.to_owned(), name: name.to_owned() })
    }

    pub(crate) fn unit(&self, published: &str) -> String {
        let published = published.trim();
        if published.is_empty() {
            return UNITS_OF_SOMETHING.to_owned();
        }
        self.units.get(&published.to_ascii_lowercase()).copied().unwrap_or(published).to_owned()
    }
}

/// Two columns; the first may be quoted.
fn pairs(table: &'static str) -> impl Iterator<Item = (String, &'static str)> {
    let pair = |line: &'static str| line.rsplit_once(',').map(|(key, value)| (key.trim_matches('"').to_owned(), value));
    table.lines().skip(1).filter_map(pair)
}

fn region(line: &'static str) -> Option<(&'static str, (&'static str, &'static str))> {
    let (said, rest) = line.split_once(',')?;
    rest.split_once(',').map(|known| (said, known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_translated_and_the_rest_stays() {
        let tables = Tables::new();
        for (category, expected) in [
            ("Virtual Machines", ("Compute", "Virtual Machines")),
            ("STORAGE", ("Storage", "Storage Platforms")),
            ("SQL Database", ("Databases", "Relational Databases")),
            ("Quarry", ("Other", "Other (Other)")),
        ] {
            let service = tables.service(category);
            assert_eq!((service.category, service.subcategory), expected, "{category}");
        }
        for (said, id, name) in [
            ("apeast", "eastasia", "East Asia"),
            ("AP East", "eastasia", "East Asia"),
            ("westeurope", "westeurope", "West Europe"),
            ("Zone 1", "Zone 1", "Zone 1"),
        ] {
            assert_eq!(tables.region(said), Some(Region { id: id.into(), name: name.into() }));
        }
        assert_eq!(tables.region(" "), None);
        for (published, unit) in [("1 Hour", "Hours"), ("10 Hours", "10 Hours"), ("", "Units"), ("Barrels", "Barrels")]
        {
            assert_eq!(tables.unit(published), unit);
        }
    }

    #[test]
    fn every_service_of_the_table_has_a_category() {
        assert_eq!(Tables::new().services.len(), pairs(SERVICES).count());
        assert!(Tables::new().services.len() > 200);
    }
}
