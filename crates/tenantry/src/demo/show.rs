//! What `tenantry demo` answers: one JSON document for scripts, and a page for people.

use super::figures::{Billed, Figures, Noticed, Sold, Unbilled};
use super::story::{Bought, Story};
use super::tour;
use crate::application::Party;
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
        let Story { provider, partner, second_partner, customers, .. } = self.story;
        let subscriptions: usize = customers.iter().map(|customer| customer.subscriptions.len()).sum();
        let intro = format!(
            "{} sells through {}: {}, {}, {}.\nA second partner, {}, sells to the first customer too; neither sees the other's part.\n\
             The clock of this world shows {} and stands still until you move it.\n",
            provider.name,
            partner.party.name,
            counted(customers.len() as u64, "customer"),
            counted(subscriptions as u64, "subscription"),
            counted(self.figures.events as u64, "usage event"),
            second_partner.party.name,
            self.figures.clock
        );
        let parties = format!("Partner\n{}\nProvider\n{}", partner.party.text(), provider.text());
        let money = [
            format!("Billed to the partner\n{}", self.money_text()),
            self.tiers_text(),
            format!("Noticed by the partner's budget\n{}", self.noticed_text()),
        ]
        .join("\n");
        let trust =
            format!("Clients must trust its certificates once, in one of these ways:\n{}", trust_text(authority));
        let next = if serving {
            tour::text(self)
        } else {
            format!("To serve it, and be shown what to call:\n  tenantry demo {}\n", self.flags)
        };
        let customers = format!("Customers\n{}", self.customers_text());
        let people = format!("People, to sign in as\n{}{}", self.people_text(), self.tools_text());
        [intro, parties, customers, people, money, trust, next].join("\n")
    }

    /// The longer channel, and what came of it.
    fn tiers_text(&self) -> String {
        let Some(tiers) = &self.story.tiers else { return String::new() };
        let names =
            |parties: &[Party]| parties.iter().map(|party| party.name.as_str()).collect::<Vec<_>>().join(", then ");
        let mut table = Table::new([
            ("Month", Side::Left),
            ("Document", Side::Left),
            ("Seller", Side::Left),
            ("Amount", Side::Right),
        ]);
        for Sold { seller, billed: Billed { id, period, total, currency } } in &self.figures.sold {
            table.row([period.clone(), id.clone(), seller.clone(), format!("{total} {currency}")]);
        }
        let mut people = Table::new([("User", Side::Left), ("Password", Side::Left)]);
        for person in &tiers.customer.people {
            people.row([person.name.clone(), person.password.clone()]);
        }
        format!(
            "Sold further down\n{} sells through resellers. {} bought of {}, since {}; each bills it in its own name, and \
             nobody above sees at what price:\n{}\nIts people sign in with {}:\n{}",
            tiers.indirect_provider.name,
            tiers.customer.name,
            names(&tiers.resellers),
            tiers.changed_at,
            table.text(),
            tiers.command_line_app.app_id,
            people.text(),
        )
    }

    fn noticed_text(&self) -> String {
        let mut table = Table::new([("When", Side::Left), ("Kind", Side::Left), ("Why", Side::Left)]);
        for Noticed { at, kind, message } in &self.figures.noticed {
            table.row([at.to_string(), kind.clone(), message.clone()]);
        }
        table.text()
    }

    fn people_text(&self) -> String {
        let mut table = Table::new([("User", Side::Left), ("Password", Side::Left), ("Holds", Side::Left)]);
        let Story { partner, second_partner, customers, .. } = self.story;
        let sellers = [partner, second_partner].into_iter().flat_map(|seller| &seller.people);
        for person in sellers.chain(customers.iter().flat_map(|customer| &customer.people)) {
            let roles: Vec<_> = person.roles.iter().map(|role| shortened(role)).collect();
            table.row([person.name.clone(), person.password.clone(), roles.join(", ")]);
        }
        table.text()
    }

    /// What people sign in with. An application is known to the partner that registered it and to its customers.
    fn tools_text(&self) -> String {
        let Story { partner, second_partner, .. } = self.story;
        let (web, first, second) = (&partner.web_app, &partner.command_line_app, &second_partner.command_line_app);
        format!(
            "They sign in with these applications; the second partner's people with its own:\n  command line  {}  (no \
             secret)\n  web           {}  (the secret above, answers to {})\n  command line  {}  (no secret, of {})\n",
            first.app_id, web.app_id, web.redirect_uri, second.app_id, second_partner.party.name
        )
    }

    fn customers_text(&self) -> String {
        let mut table =
            Table::new([("Customer", Side::Left), ("Subscription", Side::Left), ("Subscription id", Side::Left)]);
        for customer in &self.story.customers {
            for Bought { id, name } in &customer.subscriptions {
                table.row([customer.name.clone(), name.clone(), id.clone()]);
            }
            for Bought { id, name } in &customer.from_second_partner {
                table.row([customer.name.clone(), format!("{name} (of the second partner)"), id.clone()]);
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

/// `Contributor at shop-web-1`: where a role is held, by the last name of its scope.
fn shortened(role: &str) -> String {
    match role.split_once(" at /") {
        Some((role, scope)) => format!("{role} at {}", scope.rsplit('/').next().unwrap_or(scope)),
        None => role.to_owned(),
    }
}
