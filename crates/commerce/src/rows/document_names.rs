//! What stands on documents, for many at once: a close names a hundred thousand subscriptions, and a statement for each would
//! take longer than all the rest of it.
//!
//! A statement names a hundred ids. That many are bound by both engines, and it is prepared once; of fewer the last is bound
//! again until all places are taken. No reach is bound: whoever calls this made sure that the platform asks.

use super::from_json;
use crate::catalogue;
use crate::document_names::{CustomerName, NamedPartner, SubscriptionNames};
use crate::party::Party;
use crate::{Address, BillingDetails};
use std::collections::HashMap;
use tenantry_core::{OfferId, OrderId, Problem, SubscriptionId, TenantId};
use tenantry_db::{Connection, Row, Statement, sql};

/// Ids of one statement.
const AT_ONCE: usize = 100;

/// SQL: the places of [`AT_ONCE`] ids.
macro_rules! ids {
    () => {
        "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, \
             $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, \
             $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, $53, $54, $55, $56, $57, $58, $59, \
             $60, $61, $62, $63, $64, $65, $66, $67, $68, $69, $70, $71, $72, $73, $74, $75, $76, $77, $78, \
             $79, $80, $81, $82, $83, $84, $85, $86, $87, $88, $89, $90, $91, $92, $93, $94, $95, $96, $97, \
             $98, $99, $100)"
    };
}

/// All rows of a statement for each id, in portions.
async fn of_all<I: Copy + Into<tenantry_db::Value>>(
    on: &mut impl Connection,
    text: &'static str,
    all: &[I],
    mut see: impl FnMut(&Row) -> Result<(), Problem>,
) -> Result<(), Problem> {
    for some in all.chunks(AT_ONCE) {
        let Some(last) = some.last() else { continue };
        let places = some.iter().chain(std::iter::repeat(last)).take(AT_ONCE);
        let statement = places.fold(sql(text), |statement: Statement, id| statement.bind(*id));
        statement.all(on).await?.iter().try_for_each(&mut see)?;
    }
    Ok(())
}

/// SQL: a column behind its length in characters.
macro_rules! packed {
    ($column:literal) => {
        concat!(" || CAST(length(", $column, ") AS TEXT) || ':' || ", $column)
    };
}

/// Characters of an id, which needs no length before it.
const ID: usize = 36;

/// The names of subscriptions, each with all its customer's; one that is not there is not in it.
///
/// The rows of a statement come back as one text: each row that a driver hands over wakes who waits for it, and a close of
/// a hundred thousand subscriptions took longer over that than over finding them.
pub(crate) async fn subscriptions(
    on: &mut impl Connection,
    all: &[SubscriptionId],
) -> Result<HashMap<SubscriptionId, SubscriptionNames>, Problem> {
    let text = concat!(
        "SELECT string_agg(subscription.id || subscription.partner || subscription.customer || \
         subscription.sales_order || customer.partner",
        packed!("subscription.offer"),
        packed!("subscription.friendly_name"),
        packed!("customer.company_name"),
        packed!("customer.domain"),
        ", '') AS found FROM subscription JOIN customer ON customer.tenant = subscription.customer \
         WHERE subscription.id IN ",
        ids!()
    );
    let mut found: HashMap<SubscriptionId, SubscriptionNames> = HashMap::with_capacity(all.len());
    of_all(on, text, all, |row| {
        let Some(text) = row.maybe_text("found")? else { return Ok(()) };
        let mut words = Packed(&text);
        while !words.0.is_empty() {
            subscription(&mut words, &mut found)?;
        }
        Ok(())
    })
    .await?;
    Ok(found)
}

fn subscription(words: &mut Packed<'_>, found: &mut HashMap<SubscriptionId, SubscriptionNames>) -> Result<(), Problem> {
    let id = words.id(SubscriptionId::parse)?;
    let (partner, customer) = (words.id(TenantId::parse)?, words.id(TenantId::parse)?);
    let (order, named_by) = (words.id(OrderId::parse)?, words.id(TenantId::parse)?);
    let (offer, friendly_name) = (words.next()?, words.next()?.to_owned());
    let name = CustomerName { named_by, company_name: words.next()?.to_owned(), domain: words.next()?.to_owned() };
    if let Some(known) = found.get_mut(&id) {
        // A tenant that is the customer of several has a row for each.
        known.customer_names.push(name);
        return Ok(());
    }
    let offer = OfferId::new(offer);
    let offer = catalogue::find(&offer).ok_or_else(|| Problem::corrupt(format!("offer {offer} left the catalogue")))?;
    let customer_names = vec![name];
    let names = SubscriptionNames { partner, customer, order, offer_name: offer.name, friendly_name, customer_names };
    found.insert(id, names);
    Ok(())
}

/// What is left of a text of ids and words, each word behind its length in characters and a colon.
struct Packed<'a>(&'a str);

impl<'a> Packed<'a> {
    fn next(&mut self) -> Result<&'a str, Problem> {
        let (length, rest) = self.0.split_once(':').ok_or_else(torn)?;
        let length: usize = length.parse().map_err(|_| torn())?;
        let mut ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
        let (word, rest) = ends.nth(length).and_then(|end| rest.split_at_checked(end)).ok_or_else(torn)?;
        self.0 = rest;
        Ok(word)
    }

    fn id<T, E: std::fmt::Display>(&mut self, parse: impl Fn(&str) -> Result<T, E>) -> Result<T, Problem> {
        let (id, rest) = self.0.split_at_checked(ID).ok_or_else(torn)?;
        self.0 = rest;
        parse(id).map_err(|error| Problem::corrupt(format!("an id among names: {error}")))
    }
}

fn torn() -> Problem {
    Problem::corrupt("names came back from the database torn")
}

/// Those of some tenants that are partners.
pub(crate) async fn partners(
    on: &mut impl Connection,
    all: &[TenantId],
) -> Result<HashMap<TenantId, NamedPartner>, Problem> {
    let text =
        concat!("SELECT tenant, number, company_name, address, email, mpn_id FROM partner WHERE tenant IN ", ids!());
    let mut found = HashMap::with_capacity(all.len());
    of_all(on, text, all, |row| {
        let tenant = row.parsed("tenant", TenantId::parse)?;
        let party = Party {
            tenant,
            company_name: row.text("company_name")?,
            address: from_json::<Address>(row, "address")?,
            email: row.text("email")?,
            mpn_id: row.text("mpn_id")?,
            is_customer: false,
        };
        found.insert(tenant, NamedPartner { party, number: row.integer("number")? });
        Ok(())
    })
    .await?;
    Ok(found)
}

/// Who gets the bills of customers, by partner and customer.
pub(crate) async fn customers(
    on: &mut impl Connection,
    all: &[TenantId],
) -> Result<HashMap<(TenantId, TenantId), BillingDetails>, Problem> {
    let text = concat!("SELECT tenant, partner, billing_details FROM customer WHERE tenant IN ", ids!());
    let mut found = HashMap::with_capacity(all.len());
    of_all(on, text, all, |row| {
        let of = (row.parsed("partner", TenantId::parse)?, row.parsed("tenant", TenantId::parse)?);
        found.insert(of, from_json(row, "billing_details")?);
        Ok(())
    })
    .await?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_as_long_as_they_say_whatever_is_in_them() {
        let mut words = Packed("2:ab0:4:1:ü\u{1F}3:日本語");
        let read: Vec<_> = std::iter::from_fn(|| (!words.0.is_empty()).then(|| words.next().unwrap())).collect();
        assert_eq!(read, ["ab", "", "1:ü\u{1F}", "日本語"]);
        for torn in ["ab", "3:ab", "x:ab", "-1:", ":a", "99999999999999999999:a"] {
            assert_eq!(Packed(torn).next().unwrap_err().reason(), tenantry_core::Reason::Corrupt, "{torn}");
        }
    }
}
