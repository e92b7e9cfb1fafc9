//! What `tenantry demo` answers: one JSON document for scripts, and a page for people.

use super::figures::{Billed, Figures, Unbilled};
use super::story::{Bought, Story};
use super::tour;
use crate::site::trust_text;
use crate::table::{Side, Table};
use crate::words::counted;
use serde::Serialize;
use std::path::PathBuf;
use tenantry_http::Authority;

/// The whole answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Shown<'a> {
    /// Where the APIs are, or will be.
    pub(crate) origin: String,
    /// The certificate that clients trust.
    pub(crate) ca_file: PathBuf,
    /// The world's directory.
    pub(crate) data_dir: PathBuf,
    /// What to type to get to it.
    #[serde(skip)]
    pub(crate) flags: String,
    /// Who is who.
    #[serde(flatten)]
    pub(crate) story: &'a Story,
    /// What it comes to.
    #[serde(flatten)]
    pub(crate) figures: Figures,
}

impl Shown<'_> {
    /// The page for people. `serving` is whether the APIs answer from now on.
    pub(crate) fn text(&self, authority: &Authority, serving: bool) -> String {
        let Story { provider, partner, customers, .. } = self.story;
        let subscriptions: usize = customers.iter().map(|customer| customer.subscriptions.len()).sum();
        let intro = format!(
            "{} sells through {}: {}, {}, {}.\nThe clock of this world shows {} and stands still until you move it.\n",
            provider.name,
            partner.party.name,
            counted(customers.len() as u64, "customer"),
            counted(subscriptions as u64, "subscription"),
            counted(self.figures.events as u64, "usage event"),
            self.figures.clock
        );
        let parties = format!("Partner\n{}\nProvider\n{}", partner.party.text(), provider.text());
        let money = format!("Billed to the partner\n{}", self.money_text());
        let trust =
            format!("Clients must trust its certificates once, in one of these ways:\n{}", trust_text(authority));
        let next = if serving {
            tour::text(self)
        } else {
            format!("To serve it, and be shown what to call:\n  tenantry demo {}\n", self.flags)
        };
        let customers = format!("Customers\n{}", self.customers_text());
        [intro, parties, customers, money, trust, next].join("\n")
    }

    fn customers_text(&self) -> String {
        let mut table =
            Table::new([("Customer", Side::Left), ("Subscription", Side::Left), ("Subscription id", Side::Left)]);
        for customer in &self.story.customers {
            for Bought { id, name } in &customer.subscriptions {
                table.row([customer.name.clone(), name.clone(), id.clone()]);
            }
        }
        table.text()
    }

    fn money_text(&self) -> String {
        let mut table = Table::new([("Month", Side::Left), ("Document", Side::Left), ("Amount", Side::Right)]);
        for Billed { id, period, total, currency } in &self.figures.invoices {
            table.row([period.clone(), id.clone(), format!("{total} {currency}")]);
        }
        let Unbilled { period, total, currency } = &self.figures.unbilled;
        table.row([period.clone(), "not yet billed".to_owned(), format!("{total} {currency}")]);
        table.text()
    }
}
