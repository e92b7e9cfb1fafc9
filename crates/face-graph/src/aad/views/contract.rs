//! A contract: the mark of a partner's relationship with a customer. Its names are copies of the day it began.

use crate::odata::Entity;
use tenantry_directory::Contract;

/// The properties contracts can be found by.
pub(crate) const FILTERS: &[&str] =
    &["contractType", "customerContextId", "defaultDomainName", "displayName", "objectId"];

/// All of a contract.
pub(crate) fn contract(contract: &Contract) -> Entity {
    super::object("Contract", "Contract", contract.id, None)
        .with("contractType", Contract::KIND)
        .with("customerContextId", contract.customer.to_string())
        .with("defaultDomainName", contract.default_domain.clone())
        .with("displayName", contract.display_name.clone())
}
