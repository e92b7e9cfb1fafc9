//! A credit note as PDF, in the layout of an invoice. Amounts stand as the note has them, above zero: they are what is
//! given back, and the title says so.

use crate::credit_note::{CreditNote, CreditedLine};
use crate::document::{CustomerTotal, DocumentLine, InvoiceDocument, render_pdf};
use crate::draft::sum;
use crate::paper::party;
use std::collections::{BTreeMap, BTreeSet};
use tenantry_core::{Problem, TenantId};

/// The PDF of a credit note. The same note gives the same bytes.
pub fn credit_note_pdf(note: &CreditNote, hash: &str) -> Result<Vec<u8>, Problem> {
    let currency = note.currency()?;
    let customers = customers(note);
    let name = |line: &CreditedLine| customers.get(&line.customer).cloned().unwrap_or_default();
    let mut lines: Vec<_> = note.lines.iter().collect();
    lines.sort_by(|a, b| {
        let by = |line: &CreditedLine| (name(line), line.subscription_name.clone(), line.subscription, line.line);
        by(a).cmp(&by(b))
    });
    let mut totals: BTreeMap<TenantId, Vec<_>> = BTreeMap::new();
    for line in &note.lines {
        totals.entry(line.customer).or_default().push(line.amount(currency)?);
    }
    let totals = totals.into_iter().map(|(customer, amounts)| {
        let customer = customers.get(&customer).cloned().unwrap_or_default();
        Ok(CustomerTotal { customer, amount: sum(amounts, currency)?.to_string() })
    });
    render_pdf(&InvoiceDocument {
        title: "Credit note".to_owned(),
        number: note.number.clone(),
        issued_on: note.issued_at()?.day().to_string(),
        due_on: String::new(),
        period: period(note),
        currency: note.currency.clone(),
        seller: party(&note.seller),
        buyer: party(&note.buyer),
        purchase_order: None,
        lines: lines.iter().map(|line| document_line(note, line, name(line))).collect(),
        customer_totals: totals.collect::<Result<_, Problem>>()?,
        net: note.net.clone(),
        tax: note.tax.clone(),
        tax_label: "Tax".to_owned(),
        total: note.total.clone(),
        notes: notes(note),
        fingerprint: hash.to_owned(),
    })
}

/// The customers by their names on the invoice. Of several with one name each is told by its id as well.
fn customers(note: &CreditNote) -> BTreeMap<TenantId, String> {
    let named: BTreeSet<_> = note.lines.iter().map(|line| (line.customer, line.customer_name.as_str())).collect();
    let shared = |name: &str| named.iter().filter(|(_, other)| *other == name).count() > 1;
    let shown = |id, name: &str| if shared(name) { format!("{name} ({id})") } else { name.to_owned() };
    named.iter().map(|(id, name)| (*id, shown(*id, name))).collect()
}

/// The months of usage that are credited.
fn period(note: &CreditNote) -> String {
    let months: BTreeSet<_> = note.lines.iter().map(|line| line.service_month.as_str()).collect();
    match (months.first(), months.last()) {
        (Some(first), Some(last)) if first != last => format!("{first} to {last}"),
        (Some(only), _) => (*only).to_owned(),
        _ => String::new(),
    }
}

fn document_line(note: &CreditNote, line: &CreditedLine, customer: String) -> DocumentLine {
    DocumentLine {
        customer,
        subscription: line.subscription_name.clone(),
        description: format!("{}; line {} of {}: {}", line.meter_name, line.line, note.invoice, line.invoiced),
        service_period: line.service_month.clone(),
        quantity: String::new(),
        unit: String::new(),
        unit_price: String::new(),
        amount: line.amount.clone(),
    }
}

fn notes(note: &CreditNote) -> Vec<String> {
    let mut notes = vec![
        format!("Credit on invoice {}: {}", note.invoice, note.reason),
        "Amounts are what is given back; they lower what is owed.".to_owned(),
    ];
    if !note.reference.is_empty() {
        notes.push(format!("Our reference: {}", note.reference));
    }
    notes
}
