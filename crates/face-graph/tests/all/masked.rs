//! Protocols without chance: ids that were drawn become `id-1`, `id-2`, .. in the order they are first seen. Ids that are
//! the same in every world (roles, products, the field's own APIs) stay, because a wrong one would be a mistake.

use std::collections::BTreeSet;
use tenantry_core::DirectoryRole;
use tenantry_directory::PRODUCTS;
use uuid::Uuid;

/// Turns drawn ids into their numbers; the same id has the same number for the life of the mask.
#[derive(Default)]
pub(crate) struct Mask(Vec<String>);

impl Mask {
    pub(crate) fn of(&mut self, text: &str) -> String {
        let known = known();
        let mut masked = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let id = rest.get(..36).filter(|part| Uuid::try_parse(part).is_ok());
            match id {
                Some(id) if !known.contains(&id.to_lowercase()) => {
                    masked.push_str(&self.name(id.to_lowercase()));
                    rest = &rest[36..];
                }
                _ => {
                    masked.push(c);
                    rest = &rest[c.len_utf8()..];
                }
            }
        }
        masked
    }

    fn name(&mut self, id: String) -> String {
        let place = self.0.iter().position(|seen| *seen == id).unwrap_or_else(|| {
            self.0.push(id);
            self.0.len() - 1
        });
        format!("id-{}", place + 1)
    }
}

fn known() -> BTreeSet<String> {
    let roles = DirectoryRole::ALL.map(|role| role.template().to_string());
    let products = PRODUCTS.iter().flat_map(|product| {
        let plans = product.plans.iter().map(|plan| plan.id.to_string());
        plans.chain([product.id.to_string()])
    });
    let apis = [
        "00000000-0000-0000-0000-000000000000",
        "00000002-0000-0000-c000-000000000000",
        "00000003-0000-0000-c000-000000000000",
        "797f4846-ba00-4fd7-ba43-dac1f8f63013",
        "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd",
        "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
    ];
    roles.into_iter().chain(products).chain(apis.map(str::to_owned)).collect()
}
