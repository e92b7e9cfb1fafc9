//! Query parameters and bodies of the operations on access, for the OpenAPI document.

use crate::document::{Detail, JSON, Parameter, TENANT, optional, required};

const SCOPE: Parameter = optional("scope", "`/subscriptions/{id}` or anything below; the root `/` by default");
const SCOPE_REQUIRED: Parameter = required("scope", "The very scope it was written at");
const AT_SCOPE: Parameter = optional("atScope", "`true` leaves out what lies below the scope");

pub(crate) const DETAILS: [Detail; 11] = [
    Detail::of("access.explain").query(&[
        required("principal", "A user name, object id, client id of an application, or id of a group"),
        required("action", "Ours, `OrderPlace`, or Azure's, `Microsoft.Compute/virtualMachines/start/action`"),
        required(
            "scope",
            "`/subscriptions/..`, `customer/{id or domain}`, `partner/{id or domain}`, `tenant/{id or domain}` or `world`",
        ),
    ]),
    Detail::of("access.subscriptions").query(&[TENANT]),
    Detail::of("role-definitions.list").query(&[
        TENANT,
        SCOPE,
        optional("below", "`true` adds custom roles that can be assigned only further down"),
    ]),
    Detail::of("role-definitions.put").query(&[TENANT]).reads(&[JSON]),
    Detail::of("role-definitions.delete")
        .query(&[TENANT, required("scope", "Where the role can be assigned")])
        .also("204", "There was none"),
    Detail::of("role-assignments.list").query(&[
        TENANT,
        SCOPE,
        AT_SCOPE,
        optional("principalId", "Only what this principal itself holds"),
        optional("assignedTo", "What this principal holds by itself or by its groups; `me` for yourself"),
    ]),
    Detail::of("role-assignments.put").query(&[TENANT]).reads(&[JSON]).also("200", "The very same was there"),
    Detail::of("role-assignments.delete").query(&[TENANT, SCOPE_REQUIRED]).also("204", "There was none"),
    Detail::of("locks.list").query(&[TENANT, SCOPE, AT_SCOPE]),
    Detail::of("locks.put").query(&[TENANT]).reads(&[JSON]).also("201", "The lock is new"),
    Detail::of("locks.delete").query(&[TENANT, SCOPE_REQUIRED]).also("204", "There was none"),
];
