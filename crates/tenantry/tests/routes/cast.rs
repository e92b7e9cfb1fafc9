//! Who calls: one table for the channel, one for each kind of directory. The columns of `routes.txt`.
//!
//! In each the order is from least to most: an answer that changes the world costs a fresh copy of it, and refusals come
//! first.

use crate::tiers::{OF_ABOVE, OF_CUSTOMER, OF_RESELLER};
use tenantry_core::Role;

/// A column.
#[derive(Debug, PartialEq)]
pub(crate) struct Caller {
    /// Its head in the table: two lines.
    pub(crate) head: (&'static str, &'static str),
    /// Who that is.
    pub(crate) says: &'static str,
    /// What the laws say about it.
    pub(crate) side: Side,
    pub(crate) sign_in: SignIn,
    /// The roles held where it acts, if it is compared with others on its side that hold more or fewer.
    pub(crate) roles: Option<&'static [&'static str]>,
}

/// Where a caller stands to those whose things the paths name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Without a token.
    Nobody,
    /// With a token of the owner's for another API.
    Elsewhere,
    /// Of another partner, or of its customer.
    Stranger,
    /// A stranger that names the owner's things under its own tenant.
    StrangerAtHome,
    /// Of the customer's second partner.
    Sibling,
    /// Of the owner, naming what the second partner sold.
    OwnerAtSiblings,
    /// Of the party above or below, or of the owner but from another tenant.
    Neighbour,
    /// Of who sells to the seller, where only the seller and its customer may know.
    Above,
    /// Of the owner.
    Owner,
}

/// How a caller comes by its token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SignIn {
    No,
    /// An application, by its word in `seed.rs`.
    App(&'static str),
    /// A person in the own tenant.
    Person(&'static str),
    /// A person of a partner in the customer's tenant.
    Delegated(&'static str),
    /// A person of the reseller in its customer's tenant.
    DelegatedBelow(&'static str),
}

/// Where somebody stands in the longer channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tier {
    Provider,
    Above,
    Reseller,
    Customer,
    Beside,
}

impl Tier {
    /// What nobody there may be told: what the tiers above it pay, and what a seller below it bills its customer.
    pub(crate) fn others(self) -> Vec<&'static str> {
        let (above, reseller, customer) = (OF_ABOVE.to_vec(), OF_RESELLER.to_vec(), OF_CUSTOMER.to_vec());
        match self {
            Self::Provider | Self::Above => customer,
            Self::Reseller => above,
            Self::Customer => [above, reseller].concat(),
            Self::Beside => [above, reseller, customer].concat(),
        }
    }

    /// What it pays, and is paid.
    pub(crate) fn own(self) -> Vec<&'static str> {
        match self {
            Self::Provider => OF_ABOVE.to_vec(),
            Self::Above => vec![OF_ABOVE[0], OF_RESELLER[0]],
            Self::Reseller => vec![OF_RESELLER[0], OF_CUSTOMER[0]],
            Self::Customer => vec![OF_CUSTOMER[0]],
            Self::Beside => Vec::new(),
        }
    }
}

impl Caller {
    /// Where it stands in the longer channel; strangers and those of the shorter one stand beside it. Nobody knows where
    /// it stands without a token.
    pub(crate) fn tier(&self) -> Option<Tier> {
        let (word, delegated) = match self.sign_in {
            SignIn::No => return None,
            SignIn::App(word) | SignIn::Person(word) => (word, false),
            SignIn::Delegated(word) | SignIn::DelegatedBelow(word) => (word, true),
        };
        Some(match word {
            "provider" => Tier::Provider,
            "above" => Tier::Above,
            "tier member" => Tier::Customer,
            word if word.starts_with("tier customer") => Tier::Customer,
            // In its customer's tenant a partner's person is told no more than the customer's people.
            word if word.starts_with("tier ") => {
                if delegated {
                    Tier::Customer
                } else {
                    Tier::Reseller
                }
            }
            _ => Tier::Beside,
        })
    }
}

const fn caller(head: (&'static str, &'static str), side: Side, sign_in: SignIn, says: &'static str) -> Caller {
    Caller { head, says, side, sign_in, roles: None }
}

const fn holder(
    head: (&'static str, &'static str),
    sign_in: SignIn,
    roles: &'static [&'static str],
    says: &'static str,
) -> Caller {
    Caller { head, says, side: Side::Owner, sign_in, roles: Some(roles) }
}

const NOBODY: Caller = caller(("no", "token"), Side::Nobody, SignIn::No, "without a token");
const ELSEWHERE: Caller = caller(
    ("other", "API"),
    Side::Elsewhere,
    SignIn::App("owner everything"),
    "the owner's application with every role, with a token for another API",
);
const STRANGER: Caller = caller(
    ("stran-", "ger"),
    Side::Stranger,
    SignIn::App("stranger"),
    "another partner's application: AdminAgents, Global admin",
);
const STRANGERS_CUSTOMER: Caller = caller(
    ("its", "client"),
    Side::Stranger,
    SignIn::Person("strangers customer admin"),
    "the Global Administrator of that partner's customer",
);
const SIBLING: Caller = caller(
    ("sib-", "ling"),
    Side::Sibling,
    SignIn::App("sibling"),
    "the second partner of the same customer: an application with AdminAgents, Global admin",
);
const PROVIDER: Caller =
    caller(("provi-", "der"), Side::Neighbour, SignIn::App("provider"), "upstream: the provider's application");

/// Roles of the owner's applications in the channel: the word of the application and what it holds.
pub(crate) const OWNER_APPS: [(&str, &[Role]); 8] = [
    ("owner nothing", &[]),
    ("owner helpdesk", &[Role::HelpdeskAgent]),
    ("owner sales", &[Role::SalesAgent]),
    ("owner user admin", &[Role::UserAdmin]),
    ("owner billing", &[Role::BillingAdmin]),
    ("owner global", &[Role::GlobalAdmin]),
    ("owner agent", &[Role::AdminAgent]),
    (
        "owner everything",
        &[
            Role::AdminAgent,
            Role::SalesAgent,
            Role::HelpdeskAgent,
            Role::GlobalAdmin,
            Role::UserAdmin,
            Role::BillingAdmin,
        ],
    ),
];

/// Selling: the paths name the owner's customer, subscription, order and invoice. The owner is a partner.
pub(crate) const CHANNEL: [Caller; 19] = [
    NOBODY,
    ELSEWHERE,
    STRANGER,
    STRANGERS_CUSTOMER,
    SIBLING,
    caller(
        ("custo-", "mer"),
        Side::Neighbour,
        SignIn::Person("customer admin"),
        "downstream: the customer's own Global Administrator",
    ),
    caller(
        ("agent", "there"),
        Side::Neighbour,
        SignIn::Delegated("agent"),
        "a person of the owner's AdminAgents, signed in to the customer's tenant",
    ),
    caller(
        ("agent", "+"),
        Side::OwnerAtSiblings,
        SignIn::Delegated("agent"),
        "the same, naming what the second partner sold",
    ),
    caller(
        ("owner", "+"),
        Side::OwnerAtSiblings,
        SignIn::App("owner everything"),
        "the owner's application with every role, naming what the second partner sold",
    ),
    holder(("no", "role"), SignIn::App("owner nothing"), &[], "the owner's application without a role"),
    holder(
        ("Help-", "desk"),
        SignIn::App("owner helpdesk"),
        &["HelpdeskAgents"],
        "the owner's application: HelpdeskAgents",
    ),
    holder(("Sales", ""), SignIn::App("owner sales"), &["SalesAgents"], "the owner's application: SalesAgents"),
    holder(
        ("User", "admin"),
        SignIn::App("owner user admin"),
        &["User admin"],
        "the owner's application: User management admin",
    ),
    holder(
        ("Bill-", "ing"),
        SignIn::App("owner billing"),
        &["Billing admin"],
        "the owner's application: Billing admin",
    ),
    holder(("Global", ""), SignIn::App("owner global"), &["Global admin"], "the owner's application: Global admin"),
    holder(("Admin", "person"), SignIn::Person("agent"), &["AdminAgents"], "a person of the owner: AdminAgents"),
    holder(("Admin", "Agents"), SignIn::App("owner agent"), &["AdminAgents"], "the owner's application: AdminAgents"),
    holder(
        ("every", "role"),
        SignIn::App("owner everything"),
        &["HelpdeskAgents", "SalesAgents", "User admin", "Billing admin", "Global admin", "AdminAgents"],
        "the owner's application with all six",
    ),
    PROVIDER,
];

/// The directory of the customer: its people, and the partner's people in it.
pub(crate) const CUSTOMERS_DIRECTORY: [Caller; 19] = [
    NOBODY,
    ELSEWHERE,
    STRANGER,
    caller(
        ("stran-", "ger +"),
        Side::StrangerAtHome,
        SignIn::App("stranger"),
        "the same, naming the owner's things under its own tenant",
    ),
    STRANGERS_CUSTOMER,
    SIBLING,
    PROVIDER,
    caller(
        ("part-", "ner"),
        Side::Neighbour,
        SignIn::App("owner everything"),
        "the first partner's application, with every role, in its own tenant",
    ),
    holder(
        ("GDAP", "reader"),
        SignIn::Delegated("delegate"),
        &[],
        "a person of the partner with Directory Readers by a granular relationship (GDAP)",
    ),
    holder(
        ("Help-", "desk"),
        SignIn::Delegated("helpdesk agent"),
        &["Helpdesk Administrator"],
        "a person of the partner's HelpdeskAgents under delegated administration (DAP)",
    ),
    holder(
        ("Admin", "Agents"),
        SignIn::Delegated("agent"),
        &["Helpdesk Administrator", "Global Administrator"],
        "a person of the partner's AdminAgents under delegated administration (DAP)",
    ),
    holder(("app,", "reads"), SignIn::App("customer tool"), &[], "the customer's application with Directory.Read.All"),
    holder(("mem-", "ber"), SignIn::Person("member"), &["member"], "a person of the customer without a role"),
    holder(
        ("VM", ""),
        SignIn::Person("operator"),
        &["member", "Contributor at the machine"],
        "a person of the customer with Contributor at one virtual machine",
    ),
    holder(
        ("Help-", "desk"),
        SignIn::Person("customer helpdesk"),
        &["member", "Helpdesk Administrator"],
        "the customer's Helpdesk Administrator",
    ),
    holder(
        ("User", "admin"),
        SignIn::Person("customer user admin"),
        &["member", "User Administrator"],
        "the customer's User Administrator",
    ),
    holder(
        ("Global", ""),
        SignIn::Person("customer admin"),
        &["member", "Global Administrator"],
        "the customer's Global Administrator",
    ),
    holder(
        ("three", "roles"),
        SignIn::Person("customer everything"),
        &["member", "Helpdesk Administrator", "User Administrator", "Global Administrator"],
        "a person of the customer with these three",
    ),
    holder(
        ("app,", "Global"),
        SignIn::App("customer global tool"),
        &["Global Administrator"],
        "the customer's application as Global Administrator",
    ),
];

/// The directory of the partner: contracts and relationships with customers, which only partners have.
pub(crate) const PARTNERS_DIRECTORY: [Caller; 15] = [
    NOBODY,
    ELSEWHERE,
    STRANGER,
    caller(
        ("stran-", "ger +"),
        Side::StrangerAtHome,
        SignIn::App("stranger"),
        "the same, naming the owner's things under its own tenant",
    ),
    STRANGERS_CUSTOMER,
    SIBLING,
    PROVIDER,
    caller(
        ("custo-", "mer"),
        Side::Neighbour,
        SignIn::Person("customer admin"),
        "downstream: the Global Administrator of the customer it is about",
    ),
    holder(("mem-", "ber"), SignIn::Person("partner member"), &["member"], "a person of the owner without a role"),
    holder(
        ("Help-", "desk"),
        SignIn::Person("helpdesk agent"),
        &["member", "HelpdeskAgents"],
        "a person of the owner: HelpdeskAgents",
    ),
    holder(
        ("Sales", ""),
        SignIn::Person("sales agent"),
        &["member", "SalesAgents"],
        "a person of the owner: SalesAgents",
    ),
    holder(
        ("User", "admin"),
        SignIn::Person("partner user admin"),
        &["member", "User admin"],
        "a person of the owner: User management admin",
    ),
    holder(
        ("Admin", "Agents"),
        SignIn::Person("agent"),
        &["member", "AdminAgents"],
        "a person of the owner: AdminAgents",
    ),
    holder(
        ("Global", ""),
        SignIn::Person("partner admin"),
        &["member", "Global admin"],
        "a person of the owner: Global admin",
    ),
    holder(
        ("both", ""),
        SignIn::Person("partner everything"),
        &["member", "AdminAgents", "Global admin"],
        "a person of the owner: AdminAgents and Global admin",
    ),
];

/// Sign-in: what little asks for a token is about the token's own person.
pub(crate) const LOGIN: [Caller; 4] = [
    NOBODY,
    caller(
        ("other", "API"),
        Side::Elsewhere,
        SignIn::Person("customer admin"),
        "a person with a token for another API",
    ),
    caller(("app", ""), Side::Neighbour, SignIn::App("customer tool"), "an application for itself"),
    caller(("person", ""), Side::Neighbour, SignIn::Person("member"), "a person"),
];

const BESIDE: Caller = caller(
    ("be-", "side"),
    Side::Sibling,
    SignIn::App("beside"),
    "another reseller of the same indirect provider and of the same customer: AdminAgents, Global admin",
);
const AGENT_BELOW: Caller = caller(
    ("agent", "there"),
    Side::Neighbour,
    SignIn::DelegatedBelow("tier person"),
    "a person of the reseller's AdminAgents, signed in to the customer's tenant",
);

/// Selling through tiers: the owner is a reseller. Above it stands an indirect provider, below it a customer that it bills.
pub(crate) const TIERS: [Caller; 15] = [
    NOBODY,
    ELSEWHERE,
    STRANGER,
    BESIDE,
    caller(
        ("custo-", "mer"),
        Side::Neighbour,
        SignIn::Person("tier customer global"),
        "downstream: the customer's own Global Administrator",
    ),
    AGENT_BELOW,
    holder(("no", "role"), SignIn::App("tier nothing"), &[], "the reseller's application without a role"),
    holder(
        ("Help-", "desk"),
        SignIn::App("tier helpdesk"),
        &["HelpdeskAgents"],
        "the reseller's application: HelpdeskAgents",
    ),
    holder(("Sales", ""), SignIn::App("tier sales"), &["SalesAgents"], "the reseller's application: SalesAgents"),
    holder(
        ("Bill-", "ing"),
        SignIn::App("tier billing"),
        &["Billing admin"],
        "the reseller's application: Billing admin",
    ),
    holder(
        ("Admin", "person"),
        SignIn::Person("tier person"),
        &["AdminAgents"],
        "a person of the reseller: AdminAgents",
    ),
    holder(("Admin", "Agents"), SignIn::App("tier agent"), &["AdminAgents"], "the reseller's application: AdminAgents"),
    holder(
        ("every", "role"),
        SignIn::App("tier everything"),
        &["HelpdeskAgents", "SalesAgents", "User admin", "Billing admin", "Global admin", "AdminAgents"],
        "the reseller's application with all six",
    ),
    caller(
        ("above", ""),
        Side::Neighbour,
        SignIn::App("above"),
        "upstream: the indirect provider's application with AdminAgents, Global admin",
    ),
    PROVIDER,
];

/// What is between a reseller and its customer alone: the owner is either of them.
pub(crate) const BILLED: [Caller; 17] = [
    NOBODY,
    ELSEWHERE,
    STRANGER,
    STRANGERS_CUSTOMER,
    BESIDE,
    caller(
        ("above", ""),
        Side::Above,
        SignIn::App("above"),
        "upstream: the indirect provider's application with AdminAgents, Global admin",
    ),
    caller(("provi-", "der"), Side::Above, SignIn::App("provider"), "upstream: the provider's application"),
    AGENT_BELOW,
    holder(("mem-", "ber"), SignIn::Person("tier member"), &["member"], "a person of the customer without a role"),
    holder(
        ("Bill-", "ing"),
        SignIn::Person("tier customer billing"),
        &["member", "Billing Administrator"],
        "the customer's Billing Administrator",
    ),
    holder(
        ("Global", ""),
        SignIn::Person("tier customer global"),
        &["member", "Global Administrator"],
        "the customer's Global Administrator",
    ),
    holder(
        ("both", ""),
        SignIn::Person("tier customer both"),
        &["member", "Billing Administrator", "Global Administrator"],
        "a person of the customer with both",
    ),
    holder(("no", "role"), SignIn::App("tier nothing"), &[], "the reseller's application without a role"),
    holder(("Sales", ""), SignIn::App("tier sales"), &["SalesAgents"], "the reseller's application: SalesAgents"),
    holder(
        ("Bill-", "ing"),
        SignIn::App("tier billing"),
        &["Billing admin"],
        "the reseller's application: Billing admin",
    ),
    holder(("Admin", "Agents"), SignIn::App("tier agent"), &["AdminAgents"], "the reseller's application: AdminAgents"),
    holder(
        ("every", "role"),
        SignIn::App("tier everything"),
        &["HelpdeskAgents", "SalesAgents", "User admin", "Billing admin", "Global admin", "AdminAgents"],
        "the reseller's application with all six",
    ),
];
