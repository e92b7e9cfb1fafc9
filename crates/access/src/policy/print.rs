//! Prints the policy for people who do not read Rust, from the tables themselves.

use super::{
    DELEGATED_ADMIN, DELEGATED_SEE_BOUGHT_ELSEWHERE, Mark, NEW_SUBSCRIPTION, OWN_SEE_SUBSCRIPTIONS, Subject, channel,
    directory, facts, mark, rights,
};
use crate::azure::BUILT_IN;
use crate::testing::golden;
use crate::{ActionName, Plane};
use std::fmt::Write;
use tenantry_core::{DirectoryRole, Role};

const HEAD: &str = "\
Who may do what
===============

Generated from crates/access/src/policy; a test compares. The five parts:

  1  Selling            what a partner's roles may do with customers, orders, usage and invoices
  2  A directory        what administrators, members and applications may do in one tenant
  3  Delegation         what a partner's people are in a customer's tenant
  4  Azure resources    what each built-in role may do with resources
  5  Promises           sentences of the design, each checked when this file is made

Everywhere: what a caller may not even know of is answered \"not found\" (404); what it may know of but not do is
answered \"forbidden\" (403), with the roles that would do. Several roles add up; none takes anything away.
The platform itself (jobs, the command line of the operator) may do everything.

";

const CHANNEL: &str = "
1  Selling
----------

  y  yes     s  in sandbox worlds only     o  by the tenant's own people only, not by a partner's     -  no

A partner's roles reach its own partner and its own customers, an indirect provider's also its resellers and their
customers. The provider reaches all but what a partner bills its customer: that is between these two. A customer's
tenant has no roles of the channel: neither its own people nor a partner's that act in it do any of this there. Only
where a partner bills its customer here, the customer's own administrators read what is billed to it: the last two
columns. An application that acts for a person may do what the person may, and
only with the scope user_impersonation.

";

const DIRECTORY: &str = "
2  A directory
--------------

  y  yes     p  in a partner's tenant only     o  by the tenant's own people only, not by a partner's     -  no

All of it in the tenant acted in, and nowhere else; the provider everywhere. Who belongs to a tenant has the line
\"Member\" and the lines of all roles held. The three agent groups count in the partner's own tenant.
\"Person: delete\" is also bringing back. \"Password\" is the password of somebody without a directory role;
\"Admin password\" that of an administrator.

";

const RIGHTS: &str = "
What applications may do in a directory: by application permissions when they act for themselves, by scopes when they
act for a person. With a person both must allow it: the person's roles above, and a scope below.

  y  as permission and as scope     u  as scope only, for a person     p  as y, in a partner's tenant only     -  no

";

/// The directory's actions in words short enough for a column.
const HEADINGS: [(&str, &str); directory::ACTIONS] = [
    ("People", "see"),
    ("Organi-", "see"),
    ("Own", "see"),
    ("Own pass-", "change"),
    ("Person", "create"),
    ("Person", "change"),
    ("Person", "delete"),
    ("Pass-", "reset"),
    ("Admin", "reset"),
    ("Licence", "assign"),
    ("Group", "manage"),
    ("Role", "manage"),
    ("Applica-", "see"),
    ("Applica-", "manage"),
    ("Consent", "give"),
    ("Domain", "manage"),
    ("Organi-", "change"),
    ("Contract", "see"),
    ("Relation", "see"),
    ("Relation", "manage"),
    ("Relation", "approve"),
    ("Access", "see"),
];

/// What stands between the two words where the first is broken.
const MIDDLE: [&str; directory::ACTIONS] = [
    "", "sation", "entry", "word", "", "", "", "word", "password", "", "", "", "tion", "tion", "", "", "sation", "",
    "", "", "", "",
];

/// The Azure actions people ask about most, in words and as the wire has them.
const AZURE: [(&str, &str); 17] = [
    ("Virtual machine: see", "Microsoft.Compute/virtualMachines/read"),
    ("Virtual machine: create or change", "Microsoft.Compute/virtualMachines/write"),
    ("Virtual machine: start", "Microsoft.Compute/virtualMachines/start/action"),
    ("Virtual machine: delete", "Microsoft.Compute/virtualMachines/delete"),
    ("Network: create or change", "Microsoft.Network/virtualNetworks/write"),
    ("Storage account: create or change", "Microsoft.Storage/storageAccounts/write"),
    ("Storage account: get its keys", "Microsoft.Storage/storageAccounts/listKeys/action"),
    ("SQL database: create or change", "Microsoft.Sql/servers/databases/write"),
    ("Web site: create or change", "Microsoft.Web/sites/write"),
    ("Resource group: create or change", "Microsoft.Resources/subscriptions/resourceGroups/write"),
    ("Resource group: delete", "Microsoft.Resources/subscriptions/resourceGroups/delete"),
    ("Tags: change", "Microsoft.Resources/tags/write"),
    ("Locks: set and remove", "Microsoft.Authorization/locks/write"),
    ("Roles: give to people", "Microsoft.Authorization/roleAssignments/write"),
    ("Roles: take from people", "Microsoft.Authorization/roleAssignments/delete"),
    ("Support ticket: open", "Microsoft.Support/supportTickets/write"),
    ("Usage: see", "Microsoft.Commerce/UsageAggregates/read"),
];

fn letter(mark: Mark) -> &'static str {
    match mark {
        Mark::Yes => "y",
        Mark::Sandbox => "s",
        Mark::OwnPeople => "o",
        Mark::PartnerTenant => "p",
        Mark::WithUser => "u",
        Mark::No => "-",
    }
}

/// One line of a table, without blanks at its end.
fn line(text: &mut String, first: &str, width: usize, cells: impl IntoIterator<Item = (String, usize)>) {
    let mut line = format!("{first:width$}");
    for (cell, width) in cells {
        write!(line, "{cell:width$}").unwrap();
    }
    text.push_str(line.trim_end());
    text.push('\n');
}

fn print_channel(text: &mut String) {
    text.push_str(CHANNEL);
    let columns = [
        ("Provider", ""),
        ("Admin", "Agents"),
        ("Sales", "Agents"),
        ("Helpdesk", "Agents"),
        ("Global", "admin"),
        ("User mgmt", "admin"),
        ("Billing", "admin"),
        ("Customer's", "Global"),
        ("Customer's", "Billing"),
    ];
    for pick in [true, false] {
        let words = columns.map(|(above, below)| (if pick { above } else { below }.to_owned(), 11));
        line(text, "", 26, words);
    }
    for action in ActionName::of(Plane::Channel) {
        let (noun, verb) = action.words();
        let verb = if verb == "read" { "see" } else { verb };
        let marks = channel::SUBJECTS.map(|subject| (letter(mark(action, subject)).to_owned(), 11));
        line(text, &format!("{}: {verb}", spaced(noun)), 26, marks);
    }
}

/// `PartnerProfile` as two words.
fn spaced(noun: &str) -> String {
    let mut words = String::new();
    for letter in noun.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
            words.extend(letter.to_lowercase());
        } else {
            words.push(letter);
        }
    }
    words
}

/// A table over the directory's actions, in two halves so that no line is too long to read.
fn halves<T>(text: &mut String, rows: &[T], name: impl Fn(&T) -> String, mark: impl Fn(&T, ActionName) -> Mark) {
    const WIDTH: usize = 42;
    for range in [0..12, 12..directory::ACTIONS] {
        let columns =
            || range.clone().map(|column| (column, HEADINGS[column].0.len().max(MIDDLE[column].len()).max(7) + 2));
        line(text, "", WIDTH, columns().map(|(at, width)| (HEADINGS[at].0.to_owned(), width)));
        line(text, "", WIDTH, columns().map(|(at, width)| (MIDDLE[at].to_owned(), width)));
        line(text, "", WIDTH, columns().map(|(at, width)| (HEADINGS[at].1.to_owned(), width)));
        for row in rows {
            let marks = columns().map(|(at, width)| (letter(mark(row, directory::COLUMNS[at])).to_owned(), width));
            line(text, &name(row), WIDTH, marks);
        }
        text.push('\n');
    }
}

fn print_directory(text: &mut String) {
    text.push_str(DIRECTORY);
    let name = |(subject, _): &(Subject, _)| match subject {
        Subject::Holder(role) => format!("{role} (of a partner)"),
        other => other.to_string(),
    };
    halves(text, &directory::POLICY, name, |(subject, _), action| mark(action, *subject));
    text.push_str(RIGHTS.trim_start());
    halves(text, &rights::POLICY, |(right, _)| (*right).to_owned(), |(right, _), action| rights::mark(action, right));
}

fn print_delegation(text: &mut String) {
    text.push_str("3  Delegation\n-------------\n\n");
    text.push_str(
        "What a partner's people are in the directory of a customer, and what they hold on a new subscription.\n\n",
    );
    line(
        text,
        "Group of the partner",
        24,
        [("With delegated administration".to_owned(), 33), ("On a subscription it sells".to_owned(), 0)],
    );
    for role in [Role::AdminAgent, Role::HelpdeskAgent, Role::SalesAgent] {
        let directory = DELEGATED_ADMIN.iter().find(|(group, _)| *group == role).map(|(_, given)| given.name());
        let azure = NEW_SUBSCRIPTION.iter().find(|(group, _)| *group == role).map(|(_, given)| *given);
        let azure = azure.and_then(|id| BUILT_IN.iter().find(|role| role.id == id)).map(|role| role.name.clone());
        let cells = [
            (directory.unwrap_or("nothing").to_owned(), 33),
            (azure.map_or_else(|| "nothing".to_owned(), |role| format!("{role}, as a foreign group")), 0),
        ];
        line(text, role.name(), 24, cells);
    }
    text.push_str(
        "
Delegated administration (DAP) lasts until the customer or the partner ends it. For AdminAgents it is everything a
Global Administrator may do in part 2 but what is marked \"o\": also making an administrator, or resetting the password of
one and signing in as that person. A customer who does not want that accepts no delegated administration.
A granular relationship (GDAP) gives the roles it names and no others, to the groups the partner assigned them to, from
the customer's approval until its end date. Both may exist at once; what they give adds up.
Nobody else is put on a new subscription: not the customer's people, not another partner.

The partner's Owner, and any other role its groups hold on a subscription, counts only while the partner has delegated
administration of the tenant or an active granular relationship with it. Either is enough, whatever roles it names; when
the last of them ends, the role stays written down and counts no more.

Who sees which subscriptions of a tenant:
  everybody                   those in which they or a group of theirs hold a role, be it on one resource
",
    );
    let names = |roles: &[DirectoryRole]| roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(", ");
    writeln!(text, "  the tenant's own people     all, as {}", names(&OWN_SEE_SUBSCRIPTIONS)).unwrap();
    writeln!(
        text,
        "  a partner's, by delegation  also those bought elsewhere, as {}, or AdminAgents at home",
        names(&DELEGATED_SEE_BOUGHT_ELSEWHERE)
    )
    .unwrap();
    text.push_str("  the provider                all\nSeeing one without a role on it gives no right there.\n");
}

fn print_azure(text: &mut String) {
    text.push_str("\n4  Azure resources\n------------------\n\n");
    text.push_str(
        "A role holds where it is assigned and in everything below: subscription, resource group, resource.\n\n",
    );
    for (at, (words, action)) in AZURE.iter().enumerate() {
        writeln!(text, "  {:2}  {words:36}{action}", at + 1).unwrap();
    }
    text.push_str("\n  y  yes     -  no\n\n");
    line(text, "", 54, (1..=AZURE.len()).map(|number| (format!("{number:2}"), 4)));
    for role in BUILT_IN.iter() {
        let marks = AZURE.iter().map(|(_, action)| (if role.allows(action) { " y" } else { " -" }.to_owned(), 4));
        line(text, &role.name, 54, marks);
    }
    text.push_str(
        "
The provider (whoever is Global Administrator of its tenant) counts as Owner of every subscription.
Roles without a \"y\" are about other things: data inside storage accounts, signing in to machines, security findings.

A lock \"CanNotDelete\" keeps what lies at or below it from being deleted; \"ReadOnly\" also from being changed, started
or asked for its keys. A lock binds everybody, the Owner and the provider too, until somebody who may remove locks
removes it.
",
    );
}

fn print_facts(text: &mut String) {
    text.push_str("\n5  Promises\n-----------\n\n");
    for (sentence, holds) in facts::FACTS {
        assert!(holds(), "broken promise: {sentence}");
        writeln!(text, "  kept: {sentence}").unwrap();
    }
}

#[test]
fn the_policy_is_printed() {
    let mut text = HEAD.trim_end().to_owned() + "\n";
    print_channel(&mut text);
    print_directory(&mut text);
    print_delegation(&mut text);
    print_azure(&mut text);
    print_facts(&mut text);
    golden("policy.txt", &text);
}

#[test]
fn every_heading_stands_over_its_action() {
    for (at, action) in directory::COLUMNS.into_iter().enumerate() {
        let (noun, verb) = action.words();
        let (first, second, heading) = (HEADINGS[at].0.trim_end_matches('-'), MIDDLE[at], HEADINGS[at].1);
        let joined = format!("{first}{second}").replace(' ', "").to_lowercase();
        let verb = if verb == "read" { "see" } else { verb };
        let known = [
            ("Directory", "people"),
            ("Organization", "organisation"),
            ("OwnProfile", "ownentry"),
            ("User", "person"),
            ("DirectoryRole", "role"),
            ("Relationship", "relation"),
        ];
        let noun = known.iter().find(|(name, _)| *name == noun).map_or(noun.to_lowercase(), |(_, it)| (*it).to_owned());
        let heading = if action == ActionName::ConsentManage { "manage" } else { heading };
        assert_eq!((joined, heading), (noun, verb), "column {at}, {action}");
    }
}
