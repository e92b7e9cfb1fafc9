//! Files of documents with seats: each form has its own, all of them are in FOCUS, and what they leave to each other is
//! nothing and nothing twice.

use crate::rules::{Rules, Verdict};
use crate::setting::{FOCUS_1_2, FOCUS_1_4};
use crate::table::Table;
use flate2::read::GzDecoder;
use std::fs::File;
use std::io::Read;
use tempfile::TempDir;
use tenantry_billing::{Invoice, InvoiceFilter, NewTaxRate, invoice_list, tax_rate_set};
use tenantry_commerce::{
    BillingCycle, ChangeSubscription, Limits, PlaceLine, PlaceOrder, Status, Subscription, edge_of, order_place,
    subscription_change, subscription_list,
};
use tenantry_core::{Amount, Factor, Month, OfferId, OpContext};
use tenantry_exports::{Encoding, ExportFormat, Manifest, Request, Target, export_estimate, export_invoice};
use tenantry_rating::{SeatCycle, SeatForm};
use tenantry_testkit::{Bench, CARD, Channel, HOURS, SEAT_OFFER, events, on_every_engine, shared_data, time};

const NEW_COMMERCE: &str = "CFQ7TTC0LF8R:0001:CFQ7TTC0K5DR";

struct Scene {
    channel: Channel,
    directory: TempDir,
    /// January's and February's: usage and seats, both forms, with changes in both months.
    invoices: Vec<Invoice>,
}

impl Scene {
    async fn new(bench: &Bench) -> Self {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        channel.import_card(CARD).await;
        let (db, provider) = (channel.world().db(), channel.provider_ctx());
        let prices = [(SEAT_OFFER, SeatCycle::Annual, "148.80"), (NEW_COMMERCE, SeatCycle::Monthly, "36.005")];
        channel.import_seat_prices("2026-01-01", &prices).await;
        let tax = NewTaxRate {
            seller: channel.provider.tenant,
            market: "US".to_owned(),
            rate: Factor::parse("0.19").unwrap(),
            hook: String::new(),
            from: time("2026-01-01"),
        };
        tax_rate_set(&provider, db, tax).await.unwrap();
        let customer = channel.customer("Northwind, \"Limited\"").await;
        let used = channel.order_usage(&customer).await;
        channel.advance_to("2026-01-10").await;
        channel.accept(events(&used, HOURS, &[("2026-01-02", "3.3")])).await;
        let ctx = channel.partner_ctx();
        let licences = order(&ctx, &channel, &used, (SEAT_OFFER, BillingCycle::Annual, 7)).await;
        let modern = order(&ctx, &channel, &used, (NEW_COMMERCE, BillingCycle::Monthly, 3)).await;
        channel.advance_to("2026-01-20").await;
        change(&ctx, &channel, &modern, Some(4), None).await;
        channel.advance_to("2026-02-15").await;
        change(&ctx, &channel, &licences, Some(9), None).await;
        change(&ctx, &channel, &modern, None, Some(Status::Suspended)).await;
        channel.accept(events(&used, HOURS, &[("2026-02-02", "7")])).await;
        channel.advance_to("2026-03-10").await;
        change(&ctx, &channel, &licences, Some(8), None).await;
        let found = invoice_list(&ctx, db, channel.partner.tenant, InvoiceFilter::default()).await.unwrap();
        assert_eq!(found.len(), 2);
        Self { channel, directory: tempfile::tempdir().unwrap(), invoices: found }
    }

    fn request(&self, format: ExportFormat, encoding: Encoding) -> Request {
        Request { format, target: Target { path: self.directory.path().join("file"), encoding, part_rows: None } }
    }

    async fn export(&self, invoice: &Invoice, request: &Request) -> Manifest {
        let (db, metering) = (self.channel.world().db(), self.channel.world().metering());
        let ctx = self.channel.partner_ctx();
        export_invoice(&ctx, db, metering, &invoice.number, request, |_| ()).await.unwrap()
    }

    async fn csv(&self, invoice: &Invoice, format: ExportFormat) -> (Manifest, Table) {
        let request = self.request(format, Encoding::Csv);
        let manifest = self.export(invoice, &request).await;
        (manifest, Table::read(&std::fs::read(&request.target.path).unwrap()))
    }
}

async fn order(
    ctx: &OpContext,
    channel: &Channel,
    of: &Subscription,
    (offer, cycle, quantity): (&str, BillingCycle, i64),
) -> Subscription {
    let ctx = OpContext { request_id: channel.world().chance().guid(), ..ctx.clone() };
    let line = PlaceLine { number: 0, offer: OfferId::new(offer), friendly_name: None, quantity };
    let order = PlaceOrder { customer: of.customer, billing_cycle: Some(cycle), lines: vec![line] };
    let order = order_place(&ctx, channel.world().db(), &Limits::NONE, order).await.unwrap();
    subscription_list(&ctx, channel.world().db(), of.customer, Some(order.id)).await.unwrap().remove(0)
}

async fn change(ctx: &OpContext, channel: &Channel, of: &Subscription, seats: Option<i64>, status: Option<Status>) {
    let change = ChangeSubscription { quantity: seats, status, ..ChangeSubscription::of(of.customer, of.id) };
    subscription_change(ctx, channel.world().db(), &Limits::NONE, change).await.unwrap();
}

/// A decimal without trailing zeros.
fn plain(text: &str) -> String {
    Amount::parse_exact(text).unwrap().to_string()
}

#[test]
fn each_form_has_a_file_that_sums_to_what_the_document_asks_for_it() {
    on_every_engine(|bench| async move {
        let scene = Scene::new(&bench).await;
        for invoice in &scene.invoices {
            let mut all = Amount::ZERO;
            for (format, column, form) in [
                (ExportFormat::Usage, "PretaxCharges", None),
                (ExportFormat::Licence, "Subtotal", Some(SeatForm::Licence)),
                (ExportFormat::OneTime, "Subtotal", Some(SeatForm::OneTime)),
            ] {
                let (manifest, table) = scene.csv(invoice, format).await;
                let asked = match form {
                    None => invoice.usage_net().unwrap(),
                    Some(form) => invoice.seats_net(form).unwrap(),
                };
                assert_eq!(table.sum(column), plain(&asked.to_string()), "{} {column}", invoice.number);
                assert_eq!(plain(&manifest.sums["USD"][column]), table.sum(column));
                let lines = invoice.seat_lines.iter().filter(|line| Some(line.form) == form).count();
                assert!(form.is_none() || table.rows().count() == lines && lines > 0, "{}", invoice.number);
                all += Amount::of(asked);
            }
            assert_eq!(all.to_string(), plain(&invoice.net), "the three files are the document, nothing twice");
            for version in [FOCUS_1_2, FOCUS_1_4] {
                let (_, table) = scene.csv(invoice, version).await;
                assert_eq!(table.sum("BilledCost"), plain(&invoice.total), "{}", invoice.number);
                let bought = table.rows().filter(|row| row.get("ChargeCategory") == Some("Purchase"));
                assert_eq!(bought.count(), invoice.seat_lines.len());
            }
        }
        // Tax is of the document and falls on lines of all kinds.
        let first = &scene.invoices[0];
        let mut tax = Amount::ZERO;
        for (format, column) in
            [(ExportFormat::Usage, "TaxAmount"), (ExportFormat::Licence, "Tax"), (ExportFormat::OneTime, "TaxTotal")]
        {
            let (_, table) = scene.csv(first, format).await;
            tax += Amount::parse_exact(&table.sum(column)).unwrap();
        }
        assert_eq!(tax.to_string(), plain(&first.tax));
    });
}

#[test]
fn rows_say_what_the_field_says() {
    on_every_engine(|bench| async move {
        let scene = Scene::new(&bench).await;
        let cells = |table: &Table, columns: &[&str]| -> Vec<String> {
            let row = |row: crate::table::Row<'_>| {
                columns
                    .iter()
                    .map(|column| row.get(column).unwrap_or_default().to_owned())
                    .collect::<Vec<_>>()
                    .join(" ")
            };
            table.rows().map(row).collect()
        };
        let (_, table) = scene.csv(&scene.invoices[1], ExportFormat::Licence).await;
        // 148.80 x 0.85 = 126.48, 0.35 a day.
        let columns = ["ChargeStartDate", "ChargeEndDate", "ChargeType", "UnitPrice", "Quantity", "Amount"];
        assert_eq!(
            cells(&table, &columns),
            [
                "2026-01-10 2027-01-09 Cycle instance prorate -126.48 7 -885.36",
                "2026-01-10 2026-02-14 Cycle instance prorate 12.6 7 88.2",
                "2026-02-15 2027-01-09 Cycle instance prorate 115.15 9 1036.35",
            ]
        );
        let (_, table) = scene.csv(&scene.invoices[0], ExportFormat::OneTime).await;
        let columns = ["ProductId", "SkuId", "AvailabilityId", "ChargeType", "UnitPrice", "Quantity", "Subtotal"];
        assert_eq!(
            cells(&table, &columns),
            [
                "CFQ7TTC0LF8R 0001 CFQ7TTC0K5DR new 30.6 3 91.8",
                "CFQ7TTC0LF8R 0001 CFQ7TTC0K5DR addQuantity 30.6 3 -62.19",
                "CFQ7TTC0LF8R 0001 CFQ7TTC0K5DR addQuantity 30.6 4 82.92",
            ]
        );
        if let Some(data) = shared_data() {
            for (format, file) in [
                (ExportFormat::Licence, "columns-license-based.csv"),
                (ExportFormat::OneTime, "columns-one-time-and-azure-plan-invoice.csv"),
            ] {
                let said = std::fs::read_to_string(data.join("reconciliation-files").join(file)).unwrap();
                let named: Vec<_> = said.lines().skip(1).map(|line| line.split(',').nth(1).unwrap()).collect();
                let ours: Vec<_> = format.format().columns().iter().map(|column| column.name).collect();
                assert_eq!(ours, named, "{file}");
            }
        }
    });
}

#[test]
fn an_estimate_has_the_seats_of_the_next_document() {
    on_every_engine(|bench| async move {
        let scene = Scene::new(&bench).await;
        let (db, metering) = (scene.channel.world().db(), scene.channel.world().metering());
        let ctx = scene.channel.partner_ctx();
        let edge = edge_of(&ctx, db, scene.channel.partner.tenant).await.unwrap();
        for (format, rows) in [(ExportFormat::Licence, 5), (ExportFormat::OneTime, 0), (FOCUS_1_2, 5)] {
            let request = scene.request(format, Encoding::Csv);
            let month = Month::parse("2026-03").unwrap();
            let manifest = export_estimate(&ctx, db, metering, &edge, month, &request, |_| ()).await.unwrap();
            assert_eq!((manifest.subject.estimate, manifest.rows), (true, rows), "{format:?}");
        }
        for encoding in [Encoding::Csv, Encoding::Parquet] {
            let request = scene.request(ExportFormat::Licence, encoding);
            assert_eq!(scene.export(&scene.invoices[1], &request).await.rows, 3);
        }
    });
}

#[test]
fn purchases_keep_the_rules_of_focus() {
    on_every_engine(|bench| async move {
        let Some(data) = shared_data() else { return };
        let file = File::open(data.join("focus/rules-model-1.2.json.gz")).unwrap();
        let mut text = String::new();
        GzDecoder::new(file).read_to_string(&mut text).unwrap();
        let rules = Rules::read(&text);
        let scene = Scene::new(&bench).await;
        for invoice in &scene.invoices {
            let verdicts = rules.evaluate(&scene.csv(invoice, FOCUS_1_2).await.1);
            let failed = verdicts.iter().filter(|(_, verdict)| matches!(verdict, Verdict::Failed(_)));
            // The rule is for purchases "intended to cover future eligible charges": commitments, whose usage comes as
            // rows of its own. Its machine form leaves that half of the condition out. Seats cover nothing but themselves,
            // so what is billed for them is what they cost, and the four names are that one rule and those that list it.
            let only =
                ["CostAndUsage-D-000-M", "CostAndUsage-D-002-M", "EffectiveCost-C-000-M", "EffectiveCost-C-005-C"];
            assert_eq!(failed.map(|(id, _)| id.as_str()).collect::<Vec<_>>(), only, "{}", invoice.number);
        }
    });
}
