//! Azure roles of a customer's tenant: its subscriptions, custom roles, assignments and locks. The engine that decides
//! by them is pure (`tenantry_access::azure`); here they are kept, guarded by it, and handed to it.
//!
//! Source: arm.md 10 and 11.

mod access_map;
mod asking;
mod assignment_rows;
mod decide;
mod guard;
mod kept;
mod lock;
mod lock_rows;
mod role_assignment;
mod role_assignment_list;
mod role_definition;
mod role_rows;
mod subscription;
mod subscription_hand_over;
mod subscription_rows;
mod visible;

pub use access_map::{AccessMaps, access_map};
pub(crate) use asking::principal_find;
pub(crate) use assignment_rows::is_held as azure_role_held;
pub use decide::{azure_allowed_at, azure_decide, azure_decide_for};
pub use kept::{AssignmentNotes, AzureAssignment, AzureLock, AzureRole, Stamp};
pub use lock::{NewLock, lock_delete, lock_find, lock_list, lock_put};
pub use role_assignment::{Assigned, NewAssignment, role_assignment_delete, role_assignment_put};
pub use role_assignment_list::{AssignedTo, AssignmentFilter, role_assignment_find, role_assignment_list};
pub use role_definition::{
    NewAzureRole, role_definition_delete, role_definition_find, role_definition_list, role_definition_put,
};
pub use subscription::{AzureSubscription, foreign_owner_assign, subscription_register};
pub(crate) use subscription_hand_over::foreign_assignments_remove;
pub use subscription_hand_over::subscription_hand_over;
pub use visible::{SeenSubscription, visible_subscriptions};
