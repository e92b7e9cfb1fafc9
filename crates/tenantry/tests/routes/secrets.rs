//! What belongs to the owner and to its customer, and is nobody else's to know: ids of everything in their directories, and
//! the words their names are made of.

use crate::people::ctx;
use crate::things::Things;
use tenantry_commerce::{Customer, Partner};
use tenantry_core::TenantId;
use tenantry_directory::{
    application_page, contract_list, group_page, relationship_page, service_principal_page, user_page,
};
use tenantry_worlds::World;

/// Enough for everything there is.
const ALL: usize = 500;

pub(crate) async fn collect(world: &World, owner: &Partner, customer: &Customer, things: &mut Things) {
    for tenant in [owner.tenant, customer.id] {
        objects(world, tenant, things).await;
        things.hide(tenant);
    }
    for contract in contract_list(&ctx(world), world.db(), owner.tenant).await.unwrap() {
        things.hide(contract.id);
    }
    for relationship in relationship_page(&ctx(world), world.db(), owner.tenant, None, ALL).await.unwrap() {
        things.hide(&relationship.id);
    }
    for word in ["contoso", "northwind"] {
        things.hide(word);
    }
    // Its own customer is no secret to the second partner. Who else sells there, and what, is.
    for known in [customer.id.to_string().as_str(), "northwind"] {
        things.share(known);
    }
}

async fn objects(world: &World, tenant: TenantId, things: &mut Things) {
    let (ctx, db) = (ctx(world), world.db());
    for deleted in [false, true] {
        for user in user_page(&ctx, db, tenant, deleted, None, ALL).await.unwrap() {
            things.hide(user.id);
            things.hide(user.name);
        }
        for application in application_page(&ctx, db, tenant, deleted, None, ALL).await.unwrap() {
            things.hide(application.id);
            things.hide(application.app);
        }
    }
    for group in group_page(&ctx, db, tenant, None, ALL).await.unwrap() {
        things.hide(group.id);
    }
    // The field's own APIs are in every tenant; their ids there are still the tenant's own.
    for principal in service_principal_page(&ctx, db, tenant, None, ALL).await.unwrap() {
        things.hide(principal.id);
    }
}
