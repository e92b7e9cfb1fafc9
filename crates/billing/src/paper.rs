//! The document a person holds: an invoice as PDF. Every figure comes as text; nothing is computed here but
//! the sum per customer, and that from the printed amounts.

use crate::document::{CustomerTotal, DocumentLine, InvoiceDocument, Party, render_pdf};
use crate::draft::sum;
use crate::invoice::{Invoice, InvoiceLine, InvoiceParty};
use crate::seats::InvoiceSeatLine;
use std::collections::BTreeMap;
use tenantry_core::{Amount, Currency, Problem, Quantity, Rate, TenantId};

/// The PDF of an issued document. The same document gives the same bytes.
pub fn invoice_pdf(invoice: &Invoice, hash: &str) -> Result<Vec<u8>, Problem> {
    let currency = invoice.currency()?;
    let credit = invoice.total()?.minor() < 0;
    let month = invoice.month()?;
    render_pdf(&InvoiceDocument {
        title: if credit { "Credit note" } else { "Invoice" }.to_owned(),
        number: invoice.number.clone(),
        issued_on: invoice.issued_at()?.day().to_string(),
        // Nothing is due on a credit note.
        due_on: if credit { String::new() } else { invoice.due_on.clone() },
        period: format!("{} to {}", month.first_day(), month.last_day()),
        currency: invoice.currency.clone(),
        seller: party(&invoice.seller),
        buyer: party(&invoice.buyer),
        purchase_order: None,
        lines: document_lines(invoice)?,
        customer_totals: customer_totals(invoice, currency)?,
        net: invoice.net.clone(),
        tax: invoice.tax.clone(),
        tax_label: tax_label(invoice)?,
        total: invoice.total.clone(),
        notes: notes(invoice),
        fingerprint: hash.to_owned(),
    })
}

/// The tax with its rate, `Tax (19 %)`, where there is one.
fn tax_label(invoice: &Invoice) -> Result<String, Problem> {
    if invoice.tax_rate.is_empty() {
        return Ok("Tax".to_owned());
    }
    let rate = Rate::parse(&invoice.tax_rate).map_err(|error| Problem::corrupt(error.to_string()))?;
    Ok(format!("Tax ({} %)", Amount::list(Quantity::whole(100), rate)))
}

fn notes(invoice: &Invoice) -> Vec<String> {
    let rounding = "Each line is rounded once to the smallest unit of the currency; the reconciliation file shows the \
                    exact amounts per resource and day.";
    let converted = invoice.fx.iter().map(|fx| {
        let (from, to) = (&fx.from, &invoice.currency);
        let at = format!("at 1 {from} = {} {to} ({}, {})", fx.rate, fx.source, fx.dated);
        match fx.month.as_str() {
            "" => format!("Prices are in {from}, converted {at}."),
            month => {
                format!("Changes of seats that were charged for {month} in {from} are converted as they were, {at}.")
            }
        }
    });
    std::iter::once(rounding.to_owned()).chain(converted).collect()
}

pub(crate) fn party(party: &InvoiceParty) -> Party {
    Party {
        name: party.name.clone(),
        address_lines: party.address.clone(),
        tax_id: None,
        email: Some(party.email.clone()).filter(|email| !email.is_empty()),
    }
}

/// Two customers may have one name; their domains tell them apart.
fn customer_text(name: &str, domain: &str) -> String {
    format!("{name} ({domain})")
}

/// The lines of usage and of seats, sorted by customer and subscription as the table wants them.
fn document_lines(invoice: &Invoice) -> Result<Vec<DocumentLine>, Problem> {
    let mut lines = Vec::with_capacity(invoice.lines.len() + invoice.seat_lines.len());
    for line in &invoice.lines {
        let by = (line.customer_name.as_str(), line.customer, line.subscription_name.as_str(), line.subscription);
        lines.push((by, document_line(line, invoice)?));
    }
    for line in &invoice.seat_lines {
        let by = (line.customer_name.as_str(), line.customer, line.subscription_name.as_str(), line.subscription);
        lines.push((by, seat_line(line)));
    }
    // Both kinds come in this order already, and keep their own within a subscription.
    lines.sort_by_key(|(by, _)| *by);
    Ok(lines.into_iter().map(|(_, line)| line).collect())
}

fn seat_line(line: &InvoiceSeatLine) -> DocumentLine {
    DocumentLine {
        customer: customer_text(&line.customer_name, &line.customer_domain),
        subscription: line.subscription_name.to_string(),
        description: format!("{}, {}", line.offer_name, line.charge_type),
        service_period: line.charged(),
        quantity: line.seats.to_string(),
        unit: "Seat".to_owned(),
        unit_price: shorten(&line.unit_price),
        amount: line.amount.to_string(),
    }
}

fn document_line(line: &InvoiceLine, invoice: &Invoice) -> Result<DocumentLine, Problem> {
    let named = [line.category.as_str(), line.meter_name.as_str(), line.region.as_str()];
    let description: Vec<_> = named.into_iter().filter(|part| !part.is_empty()).collect();
    let quantity = Quantity::parse(&line.quantity).map_err(|error| Problem::corrupt(error.to_string()))?;
    let late = line.service_month != invoice.month;
    Ok(DocumentLine {
        customer: customer_text(&line.customer_name, &line.customer_domain),
        subscription: line.subscription_name.to_string(),
        description: description.join(", "),
        service_period: if late { format!("{} (late)", line.service_month) } else { line.service_month.to_string() },
        quantity: line.quantity.to_string(),
        unit: line.unit.to_string(),
        unit_price: line.exact()?.per_unit(quantity).map(|price| shorten(&price)).unwrap_or_default(),
        amount: line.amount.to_string(),
    })
}

/// Six fraction digits are enough for an eye; the file has the rest.
fn shorten(price: &str) -> String {
    const SHOWN: usize = 6;
    match price.split_once('.') {
        Some((whole, fraction)) if fraction.len() > SHOWN => format!("{whole}.{}…", &fraction[..SHOWN]),
        _ => price.to_owned(),
    }
}

fn customer_totals(invoice: &Invoice, currency: Currency) -> Result<Vec<CustomerTotal>, Problem> {
    let mut by_customer: BTreeMap<TenantId, (String, Vec<_>)> = BTreeMap::new();
    let usage = invoice
        .lines
        .iter()
        .map(|line| (line.customer, &line.customer_name, &line.customer_domain, line.amount(currency)));
    let seats = invoice.seat_lines.iter();
    let seats = seats.map(|line| (line.customer, &line.customer_name, &line.customer_domain, line.amount(currency)));
    for (customer, name, domain, amount) in usage.chain(seats) {
        let entry = by_customer.entry(customer).or_insert_with(|| (customer_text(name, domain), Vec::new()));
        entry.1.push(amount?);
    }
    by_customer
        .into_values()
        .map(|(customer, amounts)| Ok(CustomerTotal { customer, amount: sum(amounts, currency)?.to_string() }))
        .collect()
}
