//! What the demo tells the person in front of it: who is there, how to sign in, what was billed.
//!
//! Secrets are shown once; the database keeps only their hashes. A demo's guard nothing, and somebody who comes
//! back tomorrow needs them, so the story lies as `demo.json` beside the database.

use crate::table::{Side, Table};
use serde::{Deserialize, Serialize};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use tenantry_core::{Problem, Reason};

/// The story. Its JSON is the answer of `tenantry demo --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Story {
    /// The seed it was made from.
    pub seed: u64,
    /// What the world's clock showed when it was made.
    pub clock: String,
    /// Who runs the platform.
    pub provider: Party,
    /// Who sells.
    pub partner: Party,
    /// Who buys.
    pub customers: Vec<Buyer>,
    /// Usage events accepted.
    pub events: u64,
    /// What was billed to the partner.
    pub invoices: Vec<Billed>,
    /// What the open month comes to so far.
    pub unbilled: Unbilled,
}

/// A tenant that calls the APIs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Party {
    /// The company.
    pub name: String,
    /// Its tenant.
    pub tenant_id: String,
    /// Its domain.
    pub domain: String,
    /// The application that signs in for it.
    pub client_id: String,
    /// That application's secret.
    pub client_secret: String,
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
}

/// A subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bought {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// An issued document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Billed {
    /// Its number.
    pub number: String,
    /// The billed month.
    pub month: String,
    /// What is owed.
    pub total: String,
    /// In which currency.
    pub currency: String,
}

/// The open month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unbilled {
    /// The month.
    pub month: String,
    /// What the next document would ask for today.
    pub total: String,
    /// In which currency.
    pub currency: String,
}

impl Story {
    /// Where it lies.
    fn file(directory: &Path) -> PathBuf {
        directory.join("demo.json")
    }

    /// Puts it beside the database.
    pub(crate) fn keep(&self, directory: &Path) -> Result<(), Problem> {
        let text = serde_json::to_string_pretty(self).map_err(Problem::internal)?;
        let file = Self::file(directory);
        std::fs::write(&file, text).map_err(|error| {
            Problem::new(Reason::Unavailable, format!("cannot write {}", file.display())).because(error)
        })
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

    /// For people.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("A channel with {} usage events. Its clock shows {}.\n", self.events, self.clock);
        for (what, party) in [("Provider", &self.provider), ("Partner", &self.partner)] {
            let Party { name, tenant_id, domain, client_id, client_secret } = party;
            let _ = write!(
                text,
                "\n{what}: {name}\n  tenant         {tenant_id}  ({domain})\n  client id      {client_id}\n  \
                 client secret  {client_secret}\n"
            );
        }
        let _ = write!(text, "\nCustomers\n{}", self.customers_text());
        let _ = write!(text, "\nBilled to the partner\n{}", self.billed_text());
        text
    }

    fn customers_text(&self) -> String {
        let mut table = Table::new([("Customer", Side::Left), ("Subscription", Side::Left), ("Id", Side::Left)]);
        for customer in &self.customers {
            for Bought { id, name } in &customer.subscriptions {
                table.row([customer.name.clone(), name.clone(), id.clone()]);
            }
        }
        table.text()
    }

    fn billed_text(&self) -> String {
        let mut table = Table::new([("Month", Side::Left), ("Document", Side::Left), ("Amount", Side::Right)]);
        for Billed { number, month, total, currency } in &self.invoices {
            table.row([month.clone(), number.clone(), format!("{total} {currency}")]);
        }
        let Unbilled { month, total, currency } = &self.unbilled;
        table.row([month.clone(), "not yet billed".to_owned(), format!("{total} {currency}")]);
        table.text()
    }
}
