//! The reconciliation file of a credit note: a row per credited line in the columns of the invoice's file, below zero,
//! so that the files of a month, invoices and notes together, sum to what the ledger says was earned.
//!
//! The charge type is the field's for credits (charge-types.csv, family `credit`).

use crate::credit_note::CreditNote;
use crate::draft::sum;
use crate::invoice::money;
use crate::reconciliation::RECONCILIATION_COLUMNS;
use std::io::Write;
use tenantry_core::{Money, Month, Problem};

const OFFSET: &str = "Offset a line item";

/// Writes the file. Returns the sum of its rows: the note's net amount with a minus.
pub fn credit_note_csv(note: &CreditNote, mpn_id: &str, out: impl Write) -> Result<Money, Problem> {
    let currency = note.currency()?;
    let unwritten = |error: csv::Error| Problem::internal(error);
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    csv.write_record(RECONCILIATION_COLUMNS).map_err(unwritten)?;
    let mut total = Money::zero(currency);
    for (line, number) in note.lines.iter().zip(1_u64..) {
        let month = Month::parse(&line.service_month).map_err(|error| Problem::corrupt(error.to_string()))?;
        let charge = line.amount(currency)?.negated();
        total = sum([total, charge], currency)?;
        let cell = |column: &str| -> String {
            match column {
                "PartnerId" | "PartnerBillableAccountId" => note.buyer.tenant.to_string(),
                "PartnerName" => note.buyer.name.clone(),
                "CustomerCompanyName" => line.customer_name.clone(),
                "MpnId" => mpn_id.to_owned(),
                "InvoiceNumber" => note.number.clone(),
                "ChargeStartDate" => month.first_day().to_string(),
                "ChargeEndDate" => month.last_day().to_string(),
                "SubscriptionId" => line.subscription.to_string(),
                "SubscriptionName" => line.subscription_name.clone(),
                // What it is about: there is no column for the reason.
                "SubscriptionDescription" => format!("credit on {} line {}: {}", note.invoice, line.line, note.reason),
                "ResourceGuid" => line.meter.to_string(),
                "ResourceName" => line.meter_name.clone(),
                "DetailLineItemId" => number.to_string(),
                "ConsumedQuantity" | "IncludedQuantity" | "OverageQuantity" | "ListPrice" | "TaxAmount" => "0".into(),
                "PretaxCharges" | "PostTaxTotal" => charge.to_string(),
                "Currency" => note.currency.clone(),
                "ChargeType" => OFFSET.to_owned(),
                "CustomerId" | "CustomerBillableAccount" => line.customer.to_string(),
                "BillingCycleType" => "Monthly".to_owned(),
                _ => String::new(),
            }
        };
        csv.write_record(RECONCILIATION_COLUMNS.map(cell)).map_err(unwritten)?;
    }
    csv.flush().map_err(|error| unwritten(error.into()))?;
    if total.negated() != money(&note.net, currency)? {
        return Err(Problem::corrupt(format!("the rows of credit note {} do not sum to its net amount", note.number)));
    }
    Ok(total)
}
