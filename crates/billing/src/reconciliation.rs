//! The usage-based reconciliation file behind an invoice: a row per meter, resource and day, with exact
//! amounts, and a rounding row per line, so that the file sums to the invoice to the last digit.
//!
//! Columns and their order: partner-center-v1.md 4.7, "Usage based" with its daily part. `exports` writes the same cells
//! to files of any size.

use crate::Invoice;
use crate::InvoiceParty;
use crate::invoice::InvoiceLine;
use crate::tax_rate::line_taxes;
use std::borrow::Cow;
use std::io::Write;
use tenantry_core::{Amount, Day, Money, Problem, Quantity, Reason};
use tenantry_usage::LineRow;

/// What a row of the file stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// What of the document's tax falls on the line.
    Tax {
        /// The document line it belongs to.
        line: &'a InvoiceLine,
        /// The tax.
        amount: Money,
    },
}

impl ReconciliationRow<'_> {
    /// What the row adds to the invoice's net amount.
    #[must_use]
    pub const fn charge(&self) -> Amount {
        match self {
            Self::Usage { row, .. } => row.charge,
            Self::Rounding { amount, .. } => *amount,
            Self::Tax { .. } => Amount::ZERO,
        }
    }

    /// What it adds to the invoice's tax.
    #[must_use]
    pub fn tax(&self) -> Amount {
        match self {
            Self::Tax { amount, .. } => Amount::of(*amount),
            Self::Usage { .. } | Self::Rounding { .. } => Amount::ZERO,
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
    for ((line, behind), tax) in invoice.lines.iter().zip(rows).zip(line_taxes(invoice)?) {
        all.extend(behind.iter().map(|row| ReconciliationRow::Usage { line, row }));
        let rounding = Amount::of(line.amount(currency)?) - line.exact()?;
        if !rounding.is_zero() {
            all.push(ReconciliationRow::Rounding { line, amount: rounding });
        }
        if !tax.is_zero() {
            all.push(ReconciliationRow::Tax { line, amount: tax });
        }
    }
    Ok(all)
}

/// The columns, in the order of the field's file.
pub const RECONCILIATION_COLUMNS: [&str; 42] = [
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
/// Charge type of our explicit tax rows: tax is of a document, and falls on its lines, not on days of usage.
const TAX: &str = "Tax";

/// Writes the file. `PretaxCharges` sums to what the invoice asks for usage, which is returned, `TaxAmount` to the tax on
/// that and `PostTaxTotal` to both. Seats have files of their own (`exports`).
pub fn reconciliation_csv(
    invoice: &Invoice,
    mpn_id: &str,
    rows: &[ReconciliationRow<'_>],
    out: impl Write,
) -> Result<Money, Problem> {
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    csv.write_record(RECONCILIATION_COLUMNS).map_err(unwritten)?;
    let head =
        ReconciliationHead { buyer: &invoice.buyer, number: &invoice.number, currency: &invoice.currency, mpn_id };
    let (mut sum, mut tax) = (Amount::ZERO, Amount::ZERO);
    for (row, number) in rows.iter().zip(1_u64..) {
        sum += row.charge();
        tax += row.tax();
        let cells = reconciliation_cells(&head, row, number)?;
        csv.write_record(cells.iter().map(|cell| cell.text().into_owned())).map_err(unwritten)?;
    }
    csv.flush().map_err(|error| unwritten(error.into()))?;
    let currency = invoice.currency()?;
    let total = sum.round(currency, crate::ROUNDING);
    if Amount::of(total) != sum || total != invoice.usage_net()? {
        return Err(Problem::corrupt(format!(
            "the rows of invoice {} sum to {sum}, its lines of usage to {}",
            invoice.number,
            invoice.usage_net()?
        )));
    }
    let taxed = crate::draft::sum(line_taxes(invoice)?, currency)?;
    if tax != Amount::of(taxed) {
        let message =
            format!("the tax rows of invoice {} sum to {tax}, the tax on its usage is {taxed}", invoice.number);
        return Err(Problem::corrupt(message));
    }
    Ok(total)
}

/// What the rows of a file have in common.
#[derive(Debug, Clone, Copy)]
pub struct ReconciliationHead<'a> {
    /// Who owes it.
    pub buyer: &'a InvoiceParty,
    /// The document's number; empty for an estimate.
    pub number: &'a str,
    /// ISO 4217.
    pub currency: &'a str,
    /// The buyer's partner id in the programme.
    pub mpn_id: &'a str,
}

/// A cell of a row, before it becomes text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReconciliationCell<'a> {
    /// Text; may be empty.
    Text(Cow<'a, str>),
    /// An exact amount.
    Amount(Amount),
    /// An exact quantity.
    Quantity(Quantity),
    /// A day, `2017-10-04`: unlike the field's `10/4/2017 0:00` it sorts and cannot be misread.
    Day(Day),
}

impl ReconciliationCell<'_> {
    /// As it stands in the file.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Amount(amount) => Cow::Owned(amount.to_string()),
            Self::Quantity(quantity) => Cow::Owned(quantity.to_string()),
            Self::Day(day) => Cow::Owned(day.to_string()),
        }
    }
}

/// The cells of a row, in the order of [`RECONCILIATION_COLUMNS`]. `number` counts the rows of the file from 1.
///
/// # Errors
/// `Corrupt`: the stored line does not read back.
pub fn reconciliation_cells<'a>(
    head: &ReconciliationHead<'a>,
    row: &ReconciliationRow<'a>,
    number: u64,
) -> Result<[ReconciliationCell<'a>; 42], Problem> {
    use ReconciliationCell as Cell;
    let (line, charge_type, usage) = match *row {
        ReconciliationRow::Usage { line, row } => (line, USAGE, Some(row)),
        ReconciliationRow::Rounding { line, .. } => (line, ROUNDING, None),
        ReconciliationRow::Tax { line, .. } => (line, TAX, None),
    };
    let (month, charge) = (line.service_month()?, row.charge());
    let (quantity, list) = usage.map_or((Quantity::ZERO, Amount::ZERO), |row| (row.quantity, row.list));
    let text = |text: &'a str| Cell::Text(Cow::Borrowed(text));
    let made = |text: String| Cell::Text(Cow::Owned(text));
    let per_unit = |amount: Amount| made(amount.per_unit(quantity).unwrap_or_default());
    let series = usage.map(|row| &row.series);
    let buyer = head.buyer.tenant.to_string();
    Ok([
        made(buyer.clone()),
        text(&head.buyer.name),
        made(buyer),
        text(&line.customer_name),
        text(head.mpn_id),
        text(""),
        text(head.number),
        Cell::Day(month.first_day()),
        Cell::Day(month.last_day()),
        made(line.subscription.to_string()),
        text(&line.subscription_name),
        text(&line.offer_name),
        made(line.order.to_string()),
        text(&line.category),
        text(&line.subcategory),
        made(line.meter.to_string()),
        text(&line.meter_name),
        text(&line.region),
        text(""),
        made(number.to_string()),
        Cell::Quantity(quantity),
        // Units a meter includes are priced at nothing, so all units are billed at the average rates below.
        text("0"),
        Cell::Quantity(quantity),
        per_unit(list),
        Cell::Amount(charge),
        Cell::Amount(row.tax()),
        Cell::Amount(charge + row.tax()),
        text(head.currency),
        per_unit(charge),
        per_unit(charge),
        text(charge_type),
        made(line.customer.to_string()),
        text(&line.customer_domain),
        text("Monthly"),
        text(&line.unit),
        made(line.customer.to_string()),
        usage.map_or_else(|| text(""), |row| Cell::Day(row.day)),
        series.map_or_else(|| text(""), |series| text(&series.region)),
        made(series.and_then(|series| series.resource.resource_type()).unwrap_or_default()),
        text(""),
        series.map_or_else(|| text(""), |series| text(series.resource.as_str())),
        // The newest additional info is known, not that of the day: left out, so that the file never changes.
        text(""),
    ])
}

fn unwritten(error: csv::Error) -> Problem {
    let full = matches!(error.kind(), csv::ErrorKind::Io(io) if io.kind() == std::io::ErrorKind::StorageFull);
    let reason = if full { Reason::StorageFull } else { Reason::Internal };
    Problem::new(reason, format!("the reconciliation file could not be written: {error}")).because(error)
}
