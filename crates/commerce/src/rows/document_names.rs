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

/// The names of subscriptions, each with all its customer's; one that is not there is not in it.
pub(crate) async fn subscriptions(
    on: &mut impl Connection,
    all: &[SubscriptionId],
) -> Result<HashMap<SubscriptionId, SubscriptionNames>, Problem> {
    let text = concat!(
        "SELECT subscription.id, subscription.partner, subscription.customer, subscription.sales_order, \
         subscription.offer, subscription.friendly_name, customer.partner AS named_by, customer.company_name, \
         customer.domain FROM subscription JOIN customer ON customer.tenant = subscription.customer \
         WHERE subscription.id IN ",
        ids!()
    );
    let mut found: HashMap<SubscriptionId, SubscriptionNames> = HashMap::with_capacity(all.len());
    of_all(on, text, all, |row| {
        let id = row.parsed("id", SubscriptionId::parse)?;
        let name = CustomerName {
            named_by: row.parsed("named_by", TenantId::parse)?,
            company_name: row.text("company_name")?,
            domain: row.text("domain")?,
        };
        match found.get_mut(&id) {
            // A tenant that is the customer of several has a row for each.
            Some(known) => known.customer_names.push(name),
            None => drop(found.insert(id, subscription(row, name)?)),
        }
        Ok(())
    })
    .await?;
    Ok(found)
}

fn subscription(row: &Row, name: CustomerName) -> Result<SubscriptionNames, Problem> {
    let offer = OfferId::new(&row.text("offer")?);
    let offer = catalogue::find(&offer).ok_or_else(|| Problem::corrupt(format!("offer {offer} left the catalogue")))?;
    Ok(SubscriptionNames {
        partner: row.parsed("partner", TenantId::parse)?,
        customer: row.parsed("customer", TenantId::parse)?,
        order: row.parsed("sales_order", OrderId::parse)?,
        offer_name: offer.name,
        friendly_name: row.text("friendly_name")?,
        customer_names: vec![name],
    })
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
