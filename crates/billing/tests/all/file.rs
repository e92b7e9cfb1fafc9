//! The reconciliation file: its columns are those of the field, its rows a golden that somebody has read.

use crate::books::Books;
use tenantry_testkit::{CARD, Channel, HOURS, INCLUDED, THIRD_PARTY, TIERED, event, events, golden, on_every_engine};
use tenantry_usage::Event;

/// Copied from `reconciliation-files/columns-usage-based.csv` of the data sets (CC-BY-4.0).
const HEADER: &str = "PartnerId,PartnerName,PartnerBillableAccountId,CustomerCompanyName,MpnId,ResellerMpnId,\
    InvoiceNumber,ChargeStartDate,ChargeEndDate,SubscriptionId,SubscriptionName,SubscriptionDescription,OrderID,\
    ServiceName,ServiceType,ResourceGuid,ResourceName,Region,Sku,DetailLineItemId,ConsumedQuantity,IncludedQuantity,\
    OverageQuantity,ListPrice,PretaxCharges,TaxAmount,PostTaxTotal,Currency,PretaxEffectiveRate,PostTaxEffectiveRate,\
    ChargeType,CustomerId,DomainName,BillingCycleType,Unit,CustomerBillableAccount,UsageDate,MeteredRegion,\
    MeteredService,MeteredServiceType,Project,ServiceInfo";

#[test]
fn a_small_file_says_what_it_should() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        channel.import_card(CARD).await;
        let customer = channel.customer("Northwind, \"Limited\"").await;
        let subscription = channel.order_usage(&customer).await;
        channel.advance_to("2026-01-31").await;
        let elsewhere = |event: Event| Event { region: "eastus".into(), id: format!("{}/east", event.id), ..event };
        channel.accept(events(&subscription, HOURS, &[("2026-01-02", "3"), ("2026-01-02T23:00:00Z", "0.333")])).await;
        channel.accept(vec![elsewhere(event(&subscription, HOURS, "2026-01-02", "1"))]).await;
        channel.accept(events(&subscription, TIERED, &[("2026-01-10", "90"), ("2026-01-11", "20")])).await;
        channel.accept(events(&subscription, INCLUDED, &[("2026-01-10", "4"), ("2026-01-11", "4")])).await;
        channel.accept(events(&subscription, THIRD_PARTY, &[("2026-01-10", "1.5")])).await;
        channel.advance_to("2026-02-10").await;
        let ctx = channel.partner_ctx();
        let invoice = Books::of(&channel, &ctx).prove().await.remove(0);
        let mut file = Books::of(&channel, &ctx).file(&invoice).await;
        assert_eq!(file.lines().next(), Some(HEADER));
        assert!(file.ends_with("\r\n") && file.matches("\r\n").count() == file.lines().count());
        // Ids are drawn; what matters is which stands where.
        for (id, name) in [
            (subscription.id.to_string(), "{subscription}"),
            (subscription.order.to_string(), "{order}"),
            (customer.id.to_string(), "{customer}"),
            (channel.partner.tenant.to_string(), "{partner}"),
        ] {
            file = file.replace(&id, name);
        }
        golden(env!("CARGO_MANIFEST_DIR"), "tests/golden/reconciliation.csv", file);
    });
}
