//! What must hold in every cell, whatever the policy says. Each list of exceptions here may only become shorter.

use crate::bodies::WITHOUT_BODY;
use crate::cast::{Caller, Side, Tier};
use crate::ids::{in_body, in_directory};
use crate::matrix::{Cell, Matrix, Row};
use std::collections::BTreeSet;
use std::mem::discriminant;

/// Operations that ask for no token.
const OPEN: [&str; 29] = [
    "login authorize.send_v1",
    "login authorize.send_v2",
    "login authorize.show_v1",
    "login authorize.show_v2",
    "login consent.send_v1",
    "login consent.send_v2",
    "login consent.show_v1",
    "login consent.show_v2",
    "login devices.send",
    "login devices.send_short",
    "login devices.show",
    "login devices.show_short",
    "login devices.start_v1",
    "login devices.start_v2",
    "login discovery.get_instance",
    "login discovery.get_realm",
    "login discovery.get_v1",
    "login discovery.get_v2",
    "login keys.list_v1",
    "login keys.list_v2",
    "login sessions.end_v1",
    "login sessions.end_v2",
    "login tokens.issue_v1",
    "login tokens.issue_v2",
    "partner-center-v1 agreements.text",
    "partner-center-v1 tokens.generate",
    "partner-center-v1 webhooks.certificates.get",
    "tenantry-v1 health.live",
    "tenantry-v1 health.ready",
];

/// Routes that name something of the owner and tell a stranger something else than that it is not there, and why.
const TOLD_TO_STRANGERS: [(&str, &str); 0] = [];

/// Routes whose answers hold something of the owner that the caller did not name, and why that is no leak.
const KNOWN_TO_ALL: [(&str, &str); 3] = [
    (
        "graph-v1.0 tenant-information.by-domain",
        "whoever has a domain may ask whose it is, as every sign-in page tells",
    ),
    ("graph-v1.0 tenant-information.by-id", "whoever has a tenant's id may ask whose it is"),
    (
        "graph-v1.0 relationships.create",
        "whoever has a tenant's id may ask whose it is, and may ask it for a relationship",
    ),
];

/// Routes that name something of the owner and are done for none of its callers, with why that is still a proof.
const NOT_EVEN_FOR_THE_OWNER: [(&str, &str); 9] = [
    (
        "partner-center-v1 subscriptions.provisioning-status",
        "seats are provisioned, and the subscription is of usage: 400",
    ),
    ("partner-center-v1 customers.delete", "the customer has subscriptions: 417, where a stranger has 404"),
    ("partner-center-v1 customers.end", "the customer has subscriptions: 417, where a stranger has 404"),
    ("partner-center-v1 new-commerce-migrations.create", "its migration is scheduled: 409"),
    ("partner-center-v1 new-commerce-schedules.create", "its migration is scheduled: 409"),
    ("partner-center-v1 product-upgrades.create", "what would move is offered to another partner: 409"),
    ("partner-center-v1 transfers.accept", "another partner accepts what the owner offers"),
    ("directory-graph users.change-password", "everybody changes the own password, and the path names somebody else"),
    ("graph-v1.0 users.change-password", "everybody changes the own password, and the path names somebody else"),
];

/// Every cell with its caller.
fn cells(matrix: &Matrix) -> impl Iterator<Item = (&Row, &'static Caller, &Cell)> {
    matrix.rows.iter().flat_map(|row| row.section.callers().zip(&row.cells).map(move |(c, cell)| (row, c, cell)))
}

fn of<'m>(matrix: &'m Matrix, sides: &[Side]) -> impl Iterator<Item = (&'m Row, &'static Caller, &'m Cell)> {
    cells(matrix).filter(move |(row, caller, _)| !row.operation.open && sides.contains(&caller.side))
}

/// A cell in words.
fn place(row: &Row, caller: &Caller) -> String {
    let head = [caller.head.0, caller.head.1].join(" ");
    format!("{} ({} {}) as `{}` ({})", row.operation.key(), row.operation.method, row.operation.path, head, caller.says)
}

fn none(what: &str, broken: impl Iterator<Item = String>) {
    let broken: Vec<String> = broken.collect();
    assert!(broken.is_empty(), "{what}:\n  {}", broken.join("\n  "));
}

#[test]
fn every_route_is_tried_with_something_that_is_there() {
    let matrix = crate::matrix();
    let homeless = matrix.homeless.iter().map(|key| format!("{key}: give its face a section in matrix.rs"));
    none("routes nobody tries", homeless);
    let unknown = matrix.unknown.iter().map(|parameter| format!("{parameter}: say in ids.rs what stands for it"));
    none("parameters without a meaning", unknown.collect::<BTreeSet<_>>().into_iter());
    let without = matrix.bodies.iter().filter(|(key, there)| !there && !WITHOUT_BODY.contains(&key.as_str()));
    none("writes without a body; write a valid one in bodies.rs", without.map(|(key, _)| key.clone()));
    let stale = WITHOUT_BODY.iter().filter(|key| !matrix.bodies.iter().any(|(known, there)| known == *key && !there));
    none("no longer without a body; take them off the list", stale.map(|key| (*key).to_owned()));
}

#[test]
fn no_more_routes_are_open_than_those_on_the_list() {
    let open = crate::matrix().rows.iter().filter(|row| row.operation.open).map(|row| row.operation.key());
    let (open, listed): (BTreeSet<_>, BTreeSet<_>) = (open.collect(), OPEN.map(str::to_owned).into());
    none("routes that ask for no token", open.difference(&listed).cloned());
    none("open no longer; take them off the list", listed.difference(&open).cloned());
}

#[test]
fn without_a_token_for_this_api_everybody_is_asked_who_they_are() {
    let wrong = of(crate::matrix(), &[Side::Nobody, Side::Elsewhere]).filter(|(_, _, cell)| cell.status != 401);
    none("not 401", wrong.map(|(row, caller, cell)| format!("{}: {}", place(row, caller), cell.status)));
}

#[test]
fn strangers_find_nothing_of_the_owners() {
    let matrix = crate::matrix();
    let excepted = |row: &Row| TOLD_TO_STRANGERS.iter().any(|(key, _)| *key == row.operation.key());
    let names = |row: &Row, caller: &Caller| {
        !row.owned.is_empty() || row.names_tenant && caller.side == Side::Stranger && row.section.is_owned()
    };
    let told = of(matrix, &[Side::Stranger, Side::StrangerAtHome])
        .filter(|(row, caller, cell)| names(row, caller) && cell.status != 404);
    let told: Vec<_> = told.collect();
    let wrong = told.iter().filter(|(row, ..)| !excepted(row));
    none("not 404", wrong.map(|(row, caller, cell)| format!("{}: {}", place(row, caller), cell.status)));
    let kept = TOLD_TO_STRANGERS.iter().filter(|(key, _)| !told.iter().any(|(row, ..)| row.operation.key() == *key));
    none("no exception any more; take them off the list", kept.map(|(key, _)| (*key).to_owned()));
}

#[test]
fn two_partners_of_one_customer_find_nothing_of_each_others() {
    let sold = |row: &Row| !in_directory(&row.operation) && row.owned.iter().any(|word| *word != "customer");
    let wrong = of(crate::matrix(), &[Side::Sibling, Side::OwnerAtSiblings]).filter(|(row, caller, cell)| {
        let directory = row.operation.params.iter().any(|p| p == "tenant") && row.section.is_owned();
        // Whoever may not do it at all is told so whatever it names, so that nothing is learned from it.
        let in_own_place = |other: &Caller| other.side != Side::OwnerAtSiblings && other.sign_in == caller.sign_in;
        let never = row.section.callers().zip(&row.cells).any(|(other, own)| in_own_place(other) && own.status == 403);
        (sold(row) || directory) && cell.status != 404 && !(cell.status == 403 && never)
    });
    none("not 404", wrong.map(|(row, caller, cell)| format!("{}: {}", place(row, caller), cell.status)));
}

#[test]
fn nobody_else_writes_about_the_owners_things_by_naming_them_in_a_body() {
    let others = [Side::Stranger, Side::StrangerAtHome, Side::Sibling];
    // The customer is the second partner's as well.
    let its_own = |row: &Row, side: Side| side == Side::Sibling && in_body(&row.operation) == ["customer"];
    let done = of(crate::matrix(), &others)
        .filter(|(row, caller, cell)| !in_body(&row.operation).is_empty() && !its_own(row, caller.side) && cell.done());
    none("done", done.map(|(row, caller, cell)| format!("{}: {}", place(row, caller), cell.status)));
}

#[test]
fn no_answer_to_another_party_holds_anything_of_the_owners() {
    let leaks: Vec<_> = cells(crate::matrix()).filter(|(_, _, cell)| !cell.leaks.is_empty()).collect();
    let excepted = |row: &Row| KNOWN_TO_ALL.iter().any(|(key, _)| *key == row.operation.key());
    let told = leaks.iter().filter(|(row, ..)| !excepted(row)).map(|(row, caller, cell)| {
        format!("{}: {}\n{}", place(row, caller), cell.leaks.join(", "), cell.said.as_deref().unwrap_or_default())
    });
    none("leaks", told);
    let kept = KNOWN_TO_ALL.iter().filter(|(key, _)| !leaks.iter().any(|(row, ..)| row.operation.key() == *key));
    none("no exception any more; take them off the list", kept.map(|(key, _)| (*key).to_owned()));
}

#[test]
fn a_leak_would_be_seen() {
    let matrix = crate::matrix();
    let shown = |side: Side| -> BTreeSet<&String> { of(matrix, &[side]).flat_map(|(_, _, cell)| &cell.own).collect() };
    for (side, secrets) in [(Side::Owner, &matrix.secrets), (Side::Sibling, &matrix.siblings)] {
        let unseen: Vec<&String> = secrets.iter().filter(|secret| !shown(side).contains(secret)).collect();
        assert!(unseen.is_empty(), "no answer to {side:?} itself holds these, so no leak of them would be: {unseen:?}");
    }
}

#[test]
fn nobody_above_a_seller_is_told_what_it_bills_its_customer() {
    // The customer itself they know of, and are told that its prices are none of their business.
    let named = |row: &Row| row.owned.iter().any(|word| *word != "customer");
    let asked: Vec<_> = of(crate::matrix(), &[Side::Above]).filter(|(row, ..)| !row.owned.is_empty()).collect();
    assert!(!asked.is_empty());
    let wrong = asked.iter().filter(|(row, _, cell)| if named(row) { cell.status != 404 } else { cell.done() });
    none("not 404", wrong.map(|(row, caller, cell)| format!("{}: {}", place(row, caller), cell.status)));
    let others = [Side::Above, Side::Stranger, Side::Sibling];
    let done = of(crate::matrix(), &others).filter(|(row, _, cell)| {
        row.section.title.contains("bills its customer") && !in_body(&row.operation).is_empty() && cell.done()
    });
    none("done", done.map(|(row, caller, cell)| format!("{}: {}", place(row, caller), cell.status)));
}

#[test]
fn a_leak_of_a_tiers_prices_would_be_seen() {
    let matrix = crate::matrix();
    for tier in [Tier::Provider, Tier::Above, Tier::Reseller, Tier::Customer] {
        let of_tier = cells(matrix).filter(|(_, caller, _)| caller.tier() == Some(tier));
        let shown: BTreeSet<&String> = of_tier.flat_map(|(_, _, cell)| &cell.prices).collect();
        let unseen: Vec<_> = tier.own().into_iter().filter(|price| !shown.iter().any(|seen| seen == price)).collect();
        assert!(unseen.is_empty(), "no answer to {tier:?} holds these, so no leak of them would be seen: {unseen:?}");
    }
}

#[test]
fn what_strangers_are_not_told_is_there_for_those_it_concerns() {
    let excepted = |row: &Row| NOT_EVEN_FOR_THE_OWNER.iter().any(|(key, _)| *key == row.operation.key());
    let named = crate::matrix().rows.iter().filter(|row| !row.operation.open && row.section.is_owned());
    let undone = |row: &&Row| {
        // Some things are done to the owner by who sells to it.
        let concerned = |caller: &Caller| matches!(caller.side, Side::Owner | Side::Neighbour);
        !row.section.callers().zip(&row.cells).any(|(caller, cell)| concerned(caller) && cell.done())
    };
    let undone: Vec<_> = named.filter(undone).collect();
    let reserved = |row: &Row| row.owned.is_empty();
    let wrong = undone.iter().filter(|row| !excepted(row) && !reserved(row));
    none("done for nobody: give it ids, a query or a body that it takes", wrong.map(|row| row.operation.key()));
    let kept = NOT_EVEN_FOR_THE_OWNER.iter().filter(|(key, _)| !undone.iter().any(|row| row.operation.key() == *key));
    none("no exception any more; take them off the list", kept.map(|(key, _)| (*key).to_owned()));
}

#[test]
fn more_roles_are_never_told_less() {
    let mut wrong = Vec::new();
    let mut compared = 0;
    for row in crate::matrix().rows.iter().filter(|row| !row.operation.open) {
        let holders = || row.section.callers().zip(&row.cells).filter_map(|(c, cell)| Some((c, cell, c.roles?)));
        for (fewer, seen, some) in holders() {
            // A person and an application are different things, whatever they hold.
            let alike = |more: &Caller| discriminant(&more.sign_in) == discriminant(&fewer.sign_in);
            let above = |all: &[&str]| some.iter().all(|role| all.contains(role));
            for (more, told, all) in holders().filter(|(more, _, all)| alike(more) && above(all)) {
                compared += usize::from(some.len() < all.len());
                if seen.done() && !told.done() {
                    wrong.push(format!("{}: {}, but done as `{}`", place(row, more), told.status, fewer.says));
                }
            }
        }
    }
    none("less with more roles", wrong.into_iter());
    assert!(compared > 0, "no two callers hold comparable roles");
}

#[test]
fn nothing_fails() {
    let failed = cells(crate::matrix()).filter(|(_, _, cell)| cell.status >= 500);
    let told = failed.map(|(row, c, cell)| format!("{}: {}", place(row, c), cell.said.as_deref().unwrap_or_default()));
    none("5xx", told);
}

#[test]
fn only_who_has_business_in_the_customers_tenant_gets_a_token_for_it() {
    let seen = crate::matrix().sign_ins.iter().map(|(word, signed_in)| (*word, signed_in.is_ok()));
    let expected = [
        ("strangers customer admin", false),
        ("siblings agent", false),
        ("partner member", false),
        ("sales agent", false),
        ("delegate", true),
        ("helpdesk agent", true),
        ("agent", true),
    ];
    assert_eq!(seen.collect::<Vec<_>>(), expected);
}
