//! Which act is which operation. Texts exactly as in partner-center-v1.md 3.19: two clients compare them letter by letter.

use crate::wire::client::Client;
use crate::wire::words::Words;
use tenantry_directory::AuditLine;

/// Where an act must have been done to be that operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// About a customer.
    Customer,
    /// In the partner's own tenant.
    Own,
    /// Anywhere.
    Any,
}

use Place::{Any, Customer, Own};

/// An operation and what it is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Operation {
    pub(super) operation: &'static str,
    pub(super) resource: &'static str,
}

/// Acts by their names in the audit trail.
const TABLE: &[(&str, Place, &str, &str)] = &[
    ("customer-create", Any, "add_customer", "customer"),
    ("customer-change-billing-profile", Customer, "update_customer_billing_profile", "customer"),
    ("delegated-admin-remove", Customer, "dap_admin_relationship_terminated", "partner_customer_dap"),
    ("customer-end", Customer, "remove_partner_customer_relationship", "partner_customer_relationship"),
    ("customer-delete", Customer, "delete_tip_customer", "customer"),
    ("agreement-confirm", Customer, "create_agreement", "agreement"),
    ("qualification-ask", Customer, "update_customer_qualification", "customer"),
    ("usage-budget-set", Customer, "update_customer_spending_budget", "customer"),
    ("order-place", Customer, "create_order", "order"),
    ("order-change", Customer, "update_order", "order"),
    ("subscription-change", Customer, "update_subscription", "subscription"),
    ("subscription-term-end", Customer, "update_subscription", "subscription"),
    ("subscription-upgrade", Customer, "upgrade_subscription", "subscription"),
    ("azure-plan-upgrade", Customer, "upgrade_subscription", "subscription"),
    ("new-commerce-migrate", Customer, "create_new_commerce_migration", "new_commerce_migration"),
    // What it is done to has a word there, doing it has none of its own.
    ("azure-entitlement-cancel", Customer, "update_subscription", "azure_entitlement"),
    ("subscription-convert", Customer, "convert_trial_subscription", "subscription"),
    ("subscription-change-reseller", Customer, "update_subscription", "subscription"),
    ("user-create", Customer, "create_customer_user", "customer_user"),
    ("user-change", Customer, "update_customer_user", "customer_user"),
    ("user-delete", Customer, "delete_customer_user", "customer_user"),
    ("user-restore", Customer, "restore_customer_user", "customer_user"),
    ("user-password-reset", Customer, "reset_customer_user_password", "customer_user"),
    ("licences-assign", Customer, "update_customer_user_licenses", "license"),
    ("directory-role-member-add", Customer, "add_user_member", "customer_directory_role"),
    ("directory-role-member-remove", Customer, "remove_user_member", "customer_directory_role"),
    ("self-serve-policy-create", Customer, "create_self_serve_policy", "self_serve_policy"),
    ("self-serve-policy-change", Customer, "update_self_serve_policy", "self_serve_policy"),
    ("self-serve-policy-remove", Customer, "delete_self_serve_policy", "self_serve_policy"),
    ("transfer-create", Customer, "create_transfer", "transfer"),
    ("transfer-accept", Customer, "update_transfer", "transfer"),
    ("transfer-reject", Customer, "update_transfer", "transfer"),
    ("transfer-withdraw", Customer, "update_transfer", "transfer"),
    ("configuration-policy-create", Customer, "policy_created", "policy"),
    ("configuration-policy-change", Customer, "policy_updated", "policy"),
    ("configuration-policy-delete", Customer, "policy_deleted", "policy"),
    ("device-batch-create", Customer, "devices_upload_to_new_batch_attempted", "device"),
    ("device-batch-add", Customer, "devices_upload_to_existing_batch_attempted", "device"),
    ("device-policies-assign", Customer, "devices_update_attempted", "device"),
    ("device-change", Customer, "device_updated", "device"),
    ("device-delete", Customer, "device_deleted", "device"),
    // Its kind has no word there.
    ("partner-profile-change", Own, "update_company_info", "undefined"),
    ("user-create", Own, "create_partner_user", "partner_user"),
    ("user-change", Own, "update_partner_user", "partner_user"),
    ("user-restore", Own, "update_partner_user", "partner_user"),
    ("user-password-reset", Own, "update_partner_user", "partner_user"),
    ("user-delete", Own, "remove_partner_user", "partner_user"),
    ("application-create", Own, "register_application", "application"),
    ("application-delete", Own, "unregister_application", "application"),
    ("application-secret-add", Own, "add_application_credential", "application_credential"),
    ("application-certificate-add", Own, "add_application_credential", "application_credential"),
    ("application-credential-remove", Own, "remove_application_credential", "application_credential"),
    ("access-assignment-create", Any, "granular_admin_access_assignment_created", "granular_admin_access_assignment"),
    ("access-assignment-change", Any, "granular_admin_access_assignment_updated", "granular_admin_access_assignment"),
    ("access-assignment-delete", Any, "granular_admin_access_assignment_deleted", "granular_admin_access_assignment"),
    ("relationship-terminate", Any, "granular_admin_relationship_termination_requested", "granular_admin_relationship"),
];

/// What the line is called, if it has a name here that the client knows.
pub(super) fn of(line: &AuditLine, client: Client) -> Option<Operation> {
    let named = find(&line.act, line.customer.is_some())?;
    if !client.is_of_2020() {
        return Some(named);
    }
    let known = OF_2020.contains(&named.operation) && RESOURCES_OF_2020.contains(&named.resource);
    let spelled = |operation| match (client, operation) {
        // So it stands there, and nothing else is read.
        (Client::Java, "update_customer_spending_budget") => "update_Customer_spending_budget",
        (_, operation) => operation,
    };
    known.then(|| Operation { operation: spelled(named.operation), ..named })
}

/// The operations of [`TABLE`] that clients of 2020 know: those up to `create_agreement` (partner-center-v1.md 3.19).
const OF_2020: &[&str] = &[
    "update_customer_qualification",
    "update_subscription",
    "upgrade_subscription",
    "convert_trial_subscription",
    "add_customer",
    "update_customer_billing_profile",
    "update_customer_spending_budget",
    "remove_partner_customer_relationship",
    "create_order",
    "update_order",
    "create_customer_user",
    "delete_customer_user",
    "update_customer_user",
    "update_customer_user_licenses",
    "reset_customer_user_password",
    "restore_customer_user",
    "update_transfer",
    "register_application",
    "unregister_application",
    "add_application_credential",
    "remove_application_credential",
    "create_partner_user",
    "update_partner_user",
    "remove_partner_user",
    "create_agreement",
];

/// The kinds of resources that they know. The reference says so of operations only; that kinds end with the relationship, the
/// last before those of later features, is a guess.
const RESOURCES_OF_2020: &[&str] = &[
    "undefined",
    "customer",
    "customer_user",
    "order",
    "subscription",
    "license",
    "transfer",
    "application",
    "application_credential",
    "partner_user",
    "agreement",
    "partner_customer_relationship",
];

fn find(act: &str, about_customer: bool) -> Option<Operation> {
    let fits = |place| match place {
        Customer => about_customer,
        Own => !about_customer,
        Any => true,
    };
    let row = TABLE.iter().find(|(known, place, _, _)| *known == act && fits(*place));
    row.map(|(_, _, operation, resource)| Operation { operation, resource })
}

/// Kinds of resources, in the order of their ordinals (partner-center-v1.md 3.19).
pub(super) const RESOURCES: Words<&'static str> = Words(&[
    ("undefined", "undefined"),
    ("customer", "customer"),
    ("customer_user", "customer_user"),
    ("order", "order"),
    ("subscription", "subscription"),
    ("license", "license"),
    ("third_party_add_on", "third_party_add_on"),
    ("mpn_association", "mpn_association"),
    ("transfer", "transfer"),
    ("application", "application"),
    ("application_credential", "application_credential"),
    ("partner_user", "partner_user"),
    ("partner_relationship", "partner_relationship"),
    ("referral", "referral"),
    ("software_key", "software_key"),
    ("software_download_link", "software_download_link"),
    ("spending_limit", "spending_limit"),
    ("invoice", "invoice"),
    ("agreement", "agreement"),
    ("partner_customer_relationship", "partner_customer_relationship"),
    ("self_serve_policy", "self_serve_policy"),
    ("granular_admin_relationship", "granular_admin_relationship"),
    ("granular_admin_access_assignment", "granular_admin_access_assignment"),
    ("partner_customer_dap", "partner_customer_dap"),
    ("credit", "credit"),
    ("customer_directory_role", "customer_directory_role"),
    ("software_page", "software_page"),
    ("device", "device"),
    ("policy", "policy"),
    ("overage", "overage"),
    ("new_commerce_migration", "new_commerce_migration"),
    ("azure_entitlement", "azure_entitlement"),
    ("indirect_provider_indirect_reseller_dap", "indirect_provider_indirect_reseller_dap"),
]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_speaks_of_a_known_kind_and_can_be_found() {
        for (act, place, operation, resource) in TABLE {
            assert_eq!(RESOURCES.find(resource), Some(*resource), "{act}");
            let found = find(act, *place == Customer);
            assert_eq!(
                found.map(|found| found.operation),
                Some(*operation),
                "{act} stands behind another row of its name"
            );
        }
        assert_eq!(find("sign-in", false), None);
        assert_eq!(find("order-place", false), None);
    }
}
