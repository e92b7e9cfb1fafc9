//! A channel with two documents: January with tiers, included units, a third party's meter and a resource from before
//! Resource Manager; February with late usage and corrections of January, and a day across two tiers.

use crate::table::Table;
use std::path::Path;
use tempfile::TempDir;
use tenantry_billing::{Invoice, InvoiceFilter, invoice_list};
use tenantry_commerce::edge_of;
use tenantry_core::{Month, OpContext, ResourceUri};
use tenantry_exports::{
    Encoding, ExportFormat, FocusVersion, Manifest, Request, Target, export_estimate, export_invoice,
};
use tenantry_testkit::{Bench, CARD, Channel, HOURS, INCLUDED, THIRD_PARTY, TIERED, event, events};
use tenantry_usage::Event;

pub const FOCUS_1_2: ExportFormat = ExportFormat::Focus(FocusVersion::V1_2);
pub const FOCUS_1_4: ExportFormat = ExportFormat::Focus(FocusVersion::V1_4);
pub const FORMATS: [ExportFormat; 4] = [ExportFormat::Usage, ExportFormat::Daily, FOCUS_1_2, FOCUS_1_4];

pub struct Setting {
    pub channel: Channel,
    pub directory: TempDir,
    /// January's and February's.
    pub invoices: Vec<Invoice>,
}

impl Setting {
    pub async fn new(bench: &Bench) -> Self {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        channel.import_card(CARD).await;
        let customer = channel.customer("Northwind, \"Limited\"").await;
        let subscription = channel.order_usage(&customer).await;
        let second = channel.order_usage(&channel.customer("Southquay").await).await;
        channel.advance_to("2026-01-31").await;
        let classic = |event: Event| Event {
            resource: ResourceUri::new("g099cb0nz7 - audittest"),
            region: "AP East".into(),
            id: format!("{}/classic", event.id),
            ..event
        };
        let nowhere = |event: Event| Event {
            resource: ResourceUri::default(),
            region: String::new(),
            id: format!("{}/nowhere", event.id),
            ..event
        };
        channel.accept(events(&subscription, HOURS, &[("2026-01-02", "3"), ("2026-01-02T23:00:00Z", "0.333")])).await;
        channel.accept(vec![classic(event(&subscription, HOURS, "2026-01-02", "1"))]).await;
        channel.accept(vec![nowhere(event(&subscription, HOURS, "2026-01-03", "0.000000000000000007"))]).await;
        channel.accept(events(&subscription, TIERED, &[("2026-01-10", "93"), ("2026-01-11", "20.7")])).await;
        channel.accept(events(&subscription, INCLUDED, &[("2026-01-10", "4"), ("2026-01-11", "4")])).await;
        channel.accept(events(&subscription, THIRD_PARTY, &[("2026-01-10", "1.5")])).await;
        channel.accept(events(&second, TIERED, &[("2026-01-12", "1703.123456789012345")])).await;
        channel.advance_to("2026-02-10").await;
        // Late usage moves later days of January into another tier; a correction takes usage back.
        channel.accept(events(&subscription, TIERED, &[("2026-01-09", "11")])).await;
        let wrong = event(&subscription, HOURS, "2026-01-02", "3");
        let taken_back = Event {
            id: "taken back".into(),
            quantity: tenantry_core::Quantity::parse("-1.25").unwrap(),
            corrects: Some(wrong.id.clone()),
            ..wrong
        };
        channel.accept(vec![taken_back]).await;
        channel.accept(events(&subscription, HOURS, &[("2026-02-02", "7")])).await;
        channel.advance_to("2026-03-10").await;
        channel.accept(events(&subscription, HOURS, &[("2026-03-02", "5.5")])).await;
        let ctx = channel.partner_ctx();
        let found = invoice_list(&ctx, channel.world().db(), channel.partner.tenant, InvoiceFilter::default()).await;
        let invoices = found.unwrap();
        assert_eq!(invoices.len(), 2);
        Self { channel, directory: tempfile::tempdir().unwrap(), invoices }
    }

    pub fn ctx(&self) -> OpContext {
        self.channel.partner_ctx()
    }

    pub fn request(&self, name: &str, format: ExportFormat, encoding: Encoding) -> Request {
        let path = self.directory.path().join(name);
        Request { format, target: Target { path, encoding, part_rows: None } }
    }

    pub async fn export(&self, invoice: &Invoice, request: &Request) -> Manifest {
        let (db, metering) = (self.channel.world().db(), self.channel.world().metering());
        export_invoice(&self.ctx(), db, metering, &invoice.number, request, |_| ()).await.unwrap()
    }

    /// A document as CSV of a format.
    pub async fn csv(&self, invoice: &Invoice, format: ExportFormat) -> Table {
        let request = self.request("file.csv", format, Encoding::Csv);
        self.export(invoice, &request).await;
        Table::read(&std::fs::read(&request.target.path).unwrap())
    }

    /// What March would say, closed now.
    pub async fn estimate(&self, request: &Request) -> Manifest {
        let (db, metering) = (self.channel.world().db(), self.channel.world().metering());
        let edge = edge_of(&self.ctx(), db, self.channel.partner.tenant).await.unwrap();
        let month = Month::parse("2026-03").unwrap();
        export_estimate(&self.ctx(), db, metering, &edge, month, request, |_| ()).await.unwrap()
    }
}

/// The names in a directory, sorted.
pub fn names(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
