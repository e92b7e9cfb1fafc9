//! The usage-based reconciliation file behind an invoice: a row per meter, resource and day, with exact
//! amounts, and a rounding row per line, so that the file sums to the invoice to the last digit.
//!
//! Columns and their order: partner-center-v1.md 4.7, "Usage based" with its daily part.

use crate::Invoice;
use crate::invoice::InvoiceLine;
use std::io::Write;
use tenantry_core::{Amount, Day, Money, Problem, Quantity, Reason};
use tenantry_usage::LineRow;

/// What a row of the file stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReconciliationRow<'a> {
    /// Usage of one resource on one day.
    Usage {
        /// The document line it belongs to.
        line: &'a InvoiceLine,
        /// The usage.
        row: &'a LineRow,
    },
    /// What rounding the line added or took.
    Rounding {
        /// The document line it belongs to.
        line: &'a InvoiceLine,
        /// Rounded minus exact.
        amount: Amount,
    },
}

impl ReconciliationRow<'_> {
    /// What the row adds to the invoice.
    #[must_use]
    pub const fn charge(&self) -> Amount {
        match self {
            Self::Usage { row, .. } => row.charge,
            Self::Rounding { amount, .. } => *amount,
        }
    }
}

/// The rows of a file, in the order of the invoice. `rows` is what `invoice_rows` gave for it.
pub fn reconciliation_rows<'a>(
    invoice: &'a Invoice,
    rows: &'a [Vec<LineRow>],
) -> Result<Vec<ReconciliationRow<'a>>, Problem> {
    let currency = invoice.currency()?;
    let mut all = Vec::new();
    for (line, behind) in invoice.lines.iter().zip(rows) {
        all.extend(behind.iter().map(|row| ReconciliationRow::Usage { line, row }));
        let rounding = Amount::of(line.amount(currency)?) - line.exact()?;
        if !rounding.is_zero() {
            all.push(ReconciliationRow::Rounding { line, amount: rounding });
        }
    }
    Ok(all)
}

const COLUMNS: [&str; 42] = [
    "PartnerId",
    "PartnerName",
    "PartnerBillableAccountId",
    "CustomerCompanyName",
    "MpnId",
    "ResellerMpnId",
    "InvoiceNumber",
    "ChargeStartDate",
    "ChargeEndDate",
    "SubscriptionId",
    "SubscriptionName",
    "SubscriptionDescription",
    "OrderID",
    "ServiceName",
    "ServiceType",
    "ResourceGuid",
    "ResourceName",
    "Region",
    "Sku",
    "DetailLineItemId",
    "ConsumedQuantity",
    "IncludedQuantity",
    "OverageQuantity",
    "ListPrice",
    "PretaxCharges",
    "TaxAmount",
    "PostTaxTotal",
    "Currency",
    "PretaxEffectiveRate",
    "PostTaxEffectiveRate",
    "ChargeType",
    "CustomerId",
    "DomainName",
    "BillingCycleType",
    "Unit",
    "CustomerBillableAccount",
    "UsageDate",
    "MeteredRegion",
    "MeteredService",
    "MeteredServiceType",
    "Project",
    "ServiceInfo",
];

/// Charge type of usage rows (partner-center-v1.md 4.7).
const USAGE: &str = "Assess usage fee for current cycle";
/// Charge type of our explicit rounding rows; the field has none and does not reconcile.
const ROUNDING: &str = "Rounding";

/// Writes the file. Returns the sum of its rows, which is the invoice's net amount.
pub fn reconciliation_csv(
    invoice: &Invoice,
    mpn_id: &str,
    rows: &[ReconciliationRow<'_>],
    out: impl Write,
) -> Result<Money, Problem> {
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    csv.write_record(COLUMNS).map_err(unwritten)?;
    let mut sum = Amount::ZERO;
    for (row, number) in rows.iter().zip(1_u64..) {
        sum += row.charge();
        csv.write_record(fields(invoice, mpn_id, row, number)?).map_err(unwritten)?;
    }
    csv.flush().map_err(|error| unwritten(error.into()))?;
    let currency = invoice.currency()?;
    let total = sum.round(currency, crate::ROUNDING);
    if Amount::of(total) != sum || total != crate::invoice::money(&invoice.net, currency)? {
        return Err(Problem::corrupt(format!(
            "the rows of invoice {} sum to {sum}, its net amount is {}",
            invoice.number, invoice.net
        )));
    }
    Ok(total)
}

fn fields(invoice: &Invoice, mpn_id: &str, row: &ReconciliationRow<'_>, number: u64) -> Result<[String; 42], Problem> {
    let line = match row {
        ReconciliationRow::Usage { line, .. } | ReconciliationRow::Rounding { line, .. } => line,
    };
    let month = line.service_month()?;
    let charge = row.charge();
    let (quantity, list, usage) = match row {
        ReconciliationRow::Usage { row, .. } => (row.quantity, row.list, Some(row)),
        ReconciliationRow::Rounding { .. } => (Quantity::ZERO, Amount::ZERO, None),
    };
    let per_unit = |amount: Amount| amount.per_unit(quantity).unwrap_or_default();
    let series = usage.map(|row| &row.series);
    Ok([
        invoice.buyer.tenant.to_string(),
        invoice.buyer.name.clone(),
        invoice.buyer.tenant.to_string(),
        line.customer_name.clone(),
        mpn_id.to_owned(),
        String::new(),
        invoice.number.clone(),
        date(month.first_day()),
        date(month.last_day()),
        line.subscription.to_string(),
        line.subscription_name.clone(),
        line.offer_name.clone(),
        line.order.to_string(),
        line.category.clone(),
        line.subcategory.clone(),
        line.meter.to_string(),
        line.meter_name.clone(),
        line.region.clone(),
        String::new(),
        number.to_string(),
        quantity.to_string(),
        // Units a meter includes are priced at nothing, so all units are billed at the average rates below.
        "0".to_owned(),
        quantity.to_string(),
        per_unit(list),
        charge.to_string(),
        "0".to_owned(),
        charge.to_string(),
        invoice.currency.clone(),
        per_unit(charge),
        per_unit(charge),
        if usage.is_some() { USAGE } else { ROUNDING }.to_owned(),
        line.customer.to_string(),
        line.customer_domain.clone(),
        "Monthly".to_owned(),
        line.unit.clone(),
        line.customer.to_string(),
        usage.map(|row| date(row.day)).unwrap_or_default(),
        series.map(|series| series.region.clone()).unwrap_or_default(),
        series.and_then(|series| series.resource.resource_type()).unwrap_or_default(),
        String::new(),
        series.map(|series| series.resource.to_string()).unwrap_or_default(),
        // The newest additional info is known, not that of the day: left out, so that the file never changes.
        String::new(),
    ])
}

/// `2017-10-04`: unlike the field's `10/4/2017 0:00` it sorts and cannot be misread.
fn date(day: Day) -> String {
    day.to_string()
}

fn unwritten(error: csv::Error) -> Problem {
    let full = matches!(error.kind(), csv::ErrorKind::Io(io) if io.kind() == std::io::ErrorKind::StorageFull);
    let reason = if full { Reason::StorageFull } else { Reason::Internal };
    Problem::new(reason, format!("the reconciliation file could not be written: {error}")).because(error)
}
