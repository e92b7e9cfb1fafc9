//! What lets a partner into a customer's tenant: contracts with delegated administration (DAP, all or nothing through
//! the agent groups) and granular relationships (GDAP: some roles, for some groups, for some time, approved by the
//! customer).
//!
//! Source: directory.md 3.4 and part 4. Everything here acts at once; the states a client sees are those of the field.

mod access_assignment;
mod access_assignment_change;
mod access_rows;
mod contract;
mod contract_begin;
mod contract_end;
mod contract_list;
pub(crate) mod contract_rows;
mod delegated_roles;
mod duration;
mod reach;
mod relationship;
mod relationship_create;
mod relationship_end;
mod relationship_find;
mod relationship_request;
mod relationship_rows;
mod request;
mod roles_held;
mod served;

pub use access_assignment::{AccessAssignment, AccessStatus, OperationStatus, RelationshipOperation};
pub use access_assignment_change::{
    AccessChanged, access_assignment_change, access_assignment_create, access_assignment_delete,
    access_assignment_find, access_assignment_list,
};
pub use contract::Contract;
pub use contract_begin::{contract_begin, contract_begin_plain};
pub use contract_end::contract_end;
pub use contract_list::{contract_find, contract_list, contracts_with, delegated_admin_remove};
pub(crate) use delegated_roles::{Related, delegated_roles, has_relationship, holds_granular_roles, related};
pub use duration::WrittenDuration;
pub use relationship::{Relationship, RelationshipAction, RelationshipCustomer, RelationshipStatus};
pub use relationship_create::{
    NewRelationship, RelationshipChange, relationship_change, relationship_create, relationship_delete,
};
pub use relationship_end::{RELATIONSHIP_END, relationship_end};
pub use relationship_find::{
    delegated_customer_find, delegated_customer_list, relationship_find, relationship_operation_find,
    relationship_operation_list, relationship_page, relationship_request_find, relationship_request_list,
    relationships_with,
};
pub use relationship_request::{relationship_approve, relationship_request};
pub use request::{RelationshipRequest, RequestStatus};
pub use roles_held::directory_roles_held;
pub(crate) use roles_held::may_ask;
pub(crate) use served::served;
pub use served::{ServedCustomer, served_customer};
