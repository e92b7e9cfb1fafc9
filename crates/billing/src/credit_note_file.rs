//! The reconciliation file of a credit note: a row per credited line in the columns of the invoice's file, below zero,
//! so that the files of a month, invoices and notes together, sum to what the ledger says was earned.
//!
//! The charge type is the field's for credits (charge-types.csv, family `credit`).

use crate::credit_note::CreditNote;
use crate::credit_note_lines::{OFFSET, credited_line_taxes};
use crate::draft::sum;
use crate::invoice::money;
use crate::reconciliation::RECONCILIATION_COLUMNS;
use std::io::Write;
use tenantry_core::{Money, Month, Problem};

/// Writes the file. Returns the sum of its rows: the note's net amount with a minus. `TaxAmount` sums to its tax and
/// `PostTaxTotal` to its total, with a minus as well.
pub fn credit_note_csv(note: &CreditNote, mpn_id: &str, out: impl Write) -> Result<Money, Problem> {
    let currency = note.currency()?;
    let unwritten = |error: csv::Error| Problem::internal(error);
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    csv.write_record(RECONCILIATION_COLUMNS).map_err(unwritten)?;
    let (mut total, mut taxed) = (Money::zero(currency), Money::zero(currency));
    for ((line, share), number) in note.lines.iter().zip(credited_line_taxes(note)?).zip(1_u64..) {
        let month = Month::parse(&line.service_month).map_err(|error| Problem::corrupt(error.to_string()))?;
        let charge = line.amount(currency)?.negated();
        let tax = share.negated();
        let post_tax = sum([charge, tax], currency)?;
        total = sum([total, charge], currency)?;
        taxed = sum([taxed, tax], currency)?;
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
                "ConsumedQuantity" | "IncludedQuantity" | "OverageQuantity" | "ListPrice" => "0".into(),
                "PretaxCharges" => charge.to_string(),
                "TaxAmount" => tax.to_string(),
                "PostTaxTotal" => post_tax.to_string(),
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
    if total.negated() != money(&note.net, currency)? || taxed.negated() != money(&note.tax, currency)? {
        return Err(Problem::corrupt(format!("the rows of credit note {} do not sum to its net and tax", note.number)));
    }
    Ok(total)
}
