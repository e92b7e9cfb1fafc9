//! What a partner's groups become on a customer's side.
//!
//! Source: directory.md part 4; arm.md 11.7; DESIGN section 8.

use crate::azure;
use tenantry_core::{DirectoryRole, Role};
use uuid::Uuid;

/// The directory roles that delegated administration (DAP) gives a partner's agent groups in the customer's tenant.
/// A group that is not here is nothing there. Granular relationships (GDAP) give what they name, to the groups they
/// name, until they end.
pub const DELEGATED_ADMIN: [(Role, DirectoryRole); 2] =
    [(Role::AdminAgent, DirectoryRole::GlobalAdmin), (Role::HelpdeskAgent, DirectoryRole::HelpdeskAdmin)];

/// The directory roles by which a tenant's own people see all subscriptions that live in their tenant, without a role on
/// them. Seeing gives no right on one.
pub const OWN_SEE_SUBSCRIPTIONS: [DirectoryRole; 3] =
    [DirectoryRole::GlobalAdmin, DirectoryRole::GlobalReader, DirectoryRole::BillingAdmin];

/// The directory roles by which a partner's people, who hold them by delegation, see the subscriptions of a customer's
/// tenant that no partner sold. What another partner sold they never see.
pub const DELEGATED_SEE_BOUGHT_ELSEWHERE: [DirectoryRole; 2] =
    [DirectoryRole::GlobalAdmin, DirectoryRole::GlobalReader];

/// Who is put on a new subscription, and as what: the selling partner's group, by its Azure role. Nobody else is.
pub const NEW_SUBSCRIPTION: [(Role, Uuid); 1] = [(Role::AdminAgent, azure::OWNER)];
