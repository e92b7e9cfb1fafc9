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

/// Who is put on a new subscription, and as what: the selling partner's group, by its Azure role. Nobody else is.
pub const NEW_SUBSCRIPTION: [(Role, Uuid); 1] = [(Role::AdminAgent, azure::OWNER)];
