//! Who is who in a demo that was made: what does not change any more.
//!
//! Secrets are shown once; the database keeps only their hashes. A demo's guard nothing, and somebody who comes
//! back tomorrow needs them, so the story lies as `demo.json` beside the database. What was billed is asked anew at
//! each start ([`super::Figures`]).

use crate::application::Party;
use crate::place::write;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use tenantry_core::{Problem, Reason, Secret};
use tenantry_directory::User;

/// The story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Story {
    /// The seed it was made from.
    pub seed: u64,
    /// Who runs the platform.
    pub provider: Party,
    /// Who sells.
    pub partner: Seller,
    /// Another partner, which sells to the first customer too.
    pub second_partner: Seller,
    /// Who buys.
    pub customers: Vec<Buyer>,
    /// The longer channel. Demos of older versions have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tiers: Option<Tiers>,
}

/// An indirect provider, its resellers, and a customer that both of them bill, each in its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tiers {
    /// Who sells to the resellers.
    pub indirect_provider: Party,
    /// Who sold to the customer first, and who does now.
    pub resellers: Vec<Party>,
    /// Who buys.
    pub customer: Buyer,
    /// When it changed its reseller.
    pub changed_at: String,
    /// What its people sign in with; the second reseller's.
    pub command_line_app: Tool,
}

/// A partner with what is needed to sign in to its tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seller {
    /// The company and the application that acts for it alone.
    #[serde(flatten)]
    pub party: Party,
    /// Its people.
    pub people: Vec<Person>,
    /// The same application, as people sign in with it from a web site.
    pub web_app: Tool,
    /// One that people sign in with on their own machines.
    pub command_line_app: Tool,
}

/// Somebody who can sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The part they play: `admin`.
    pub part: String,
    /// The user name.
    pub name: String,
    /// The password.
    pub password: String,
    /// What they hold.
    pub roles: Vec<String>,
}

impl Person {
    /// Notes a user that was just made.
    pub(crate) fn new(part: &str, user: &User, password: &Secret, roles: impl IntoIterator<Item = String>) -> Self {
        let (name, password) = (user.name.clone(), password.reveal().to_owned());
        Self { part: part.to_owned(), name, password, roles: roles.into_iter().collect() }
    }
}

/// An application that people sign in with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tool {
    /// Its client id.
    pub app_id: String,
    /// Its secret, if it can keep one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_secret: Option<String>,
    /// Where it gets its answers.
    pub redirect_uri: String,
}

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Buyer {
    /// The company.
    pub name: String,
    /// Its tenant.
    pub tenant_id: String,
    /// Its domain.
    pub domain: String,
    /// What it has bought.
    pub subscriptions: Vec<Bought>,
    /// What it has bought from the second partner. The first one sees nothing of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from_second_partner: Vec<Bought>,
    /// Its people.
    pub people: Vec<Person>,
}

/// A subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bought {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

impl Story {
    /// Where it lies.
    fn file(directory: &Path) -> PathBuf {
        directory.join("demo.json")
    }

    /// Puts it beside the database.
    pub(crate) fn keep(&self, directory: &Path) -> Result<(), Problem> {
        write(&Self::file(directory), &serde_json::to_string_pretty(self).map_err(Problem::internal)?)
    }

    /// Reads it back.
    ///
    /// # Errors
    /// `Unsupported`: the world in the directory was not made by `tenantry demo`.
    pub(crate) fn find(directory: &Path) -> Result<Self, Problem> {
        let file = Self::file(directory);
        let not_a_demo = |error: Box<dyn std::error::Error + Send + Sync>| {
            let told = format!(
                "the world in {} is no finished demo; choose another directory with --data-dir, or remove this one",
                directory.display()
            );
            Problem::new(Reason::Unsupported, told).because(error)
        };
        let text = std::fs::read_to_string(&file).map_err(|error| not_a_demo(error.into()))?;
        serde_json::from_str(&text).map_err(|error| not_a_demo(error.into()))
    }
}
