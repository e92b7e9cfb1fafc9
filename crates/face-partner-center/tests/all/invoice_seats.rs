//! Seats on invoices: licences are `Office`, what was bought by the modern agreement `OneTime`; both with usage come to
//! the invoice, exactly.

use crate::desk::Desk;
use crate::usage;
use serde_json::{Value, json};
use tenantry_commerce::{
    BillingCycle, ChangeSubscription, Limits, PlaceLine, PlaceOrder, order_place, subscription_change,
    subscription_list,
};
use tenantry_core::{Amount, OfferId, OpContext, TenantId};
use tenantry_directory::PARTNER_CENTER;
use tenantry_rating::SeatCycle;
use tenantry_testkit::{CARD, HOURS, SEAT_OFFER, events, on_every_engine};

const NEW_COMMERCE: &str = "CFQ7TTC0LF8R:0001:CFQ7TTC0K5DR";

async fn buy(desk: &Desk, customer: TenantId, (offer, cycle): (&str, BillingCycle)) {
    let (db, world) = (desk.channel.world().db(), desk.channel.world());
    let ctx = OpContext { request_id: world.chance().guid(), ..desk.channel.partner_ctx() };
    let line = PlaceLine { number: 0, offer: OfferId::new(offer), friendly_name: None, quantity: 2 };
    let order = PlaceOrder { customer, billing_cycle: Some(cycle), lines: vec![line] };
    order_place(&ctx, db, &Limits::NONE, order).await.unwrap();
}

/// An invoice for January 2026, bought on the 10th, and changes in February that no invoice shows yet.
pub(crate) async fn with_seats(desk: &mut Desk) {
    let (db, channel) = (desk.channel.world().db(), &desk.channel);
    channel.import_card(CARD).await;
    let prices = [(SEAT_OFFER, SeatCycle::Annual, "48.00"), (NEW_COMMERCE, SeatCycle::Monthly, "4.00")];
    channel.import_seat_prices("2026-01-01", &prices).await;
    let customer = channel.customer("Northwind").await;
    let used = channel.order_usage(&customer).await;
    channel.advance_to("2026-01-11").await;
    channel.accept(events(&used, HOURS, &[("2026-01-10T20:00:00Z", "10")])).await;
    buy(desk, customer.id, (SEAT_OFFER, BillingCycle::Annual)).await;
    buy(desk, customer.id, (NEW_COMMERCE, BillingCycle::Monthly)).await;
    channel.advance_to("2026-02-12").await;
    let ctx = channel.partner_ctx();
    for subscription in subscription_list(&ctx, db, customer.id, None).await.unwrap() {
        if !subscription.offer.is_usage_based() {
            let of = ChangeSubscription::of(subscription.customer, subscription.id);
            let change = ChangeSubscription { quantity: Some(3), ..of };
            subscription_change(&ctx, db, &Limits::NONE, change).await.unwrap();
        }
    }
    // That of the beginning has expired.
    desk.token = desk.channel.token(&desk.channel.partner_app, PARTNER_CENTER).await;
}

pub(crate) fn items(answer: &Value) -> &Vec<Value> {
    answer["items"].as_array().unwrap()
}

pub(crate) fn sum(items: &[Value], member: &str) -> Amount {
    items.iter().map(|item| Amount::parse_exact(&item[member].to_string()).unwrap()).sum()
}

pub(crate) fn shown(items: &[Value], members: &[&str]) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    items.iter().map(|item| members.iter().map(|name| text(&item[*name])).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn every_provider_has_its_lines_and_together_they_are_the_invoice() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::new(&bench).await;
        with_seats(&mut desk).await;
        let invoice = desk.send("GET /v1/invoices", &[], "").await.expect(200).json()["items"][0].clone();
        let number = invoice["id"].as_str().unwrap();
        let details = shown(invoice["invoiceDetails"].as_array().unwrap(), &["billingProvider", "invoiceLineItemType"]);
        let named = [
            "azure billing_line_items",
            "azure usage_line_items",
            "office billing_line_items",
            "one_time billing_line_items",
        ];
        assert_eq!(details, named);
        let get = async |provider: &str| {
            let path = format!("GET /v1/invoices/{number}/lineitems/{provider}/BillingLineItems");
            desk.send(&path, &[], "").await.expect(200).json()
        };
        let (azure, office, one_time) = (get("Azure").await, get("office").await, get("OneTime").await);
        // 48.00 and 4.00 less 15 %.
        let facts =
            ["chargeType", "chargeStartDate", "chargeEndDate", "unitPrice", "quantity", "subtotal", "totalForCustomer"];
        assert_eq!(
            shown(items(&office), &facts),
            ["Prorate fees when purchase 2026-01-11T00:00:00 2027-01-10T23:59:59 40.8 2 81.6 81.6"]
        );
        assert_eq!(shown(items(&one_time), &facts), ["new 2026-01-11T00:00:00 2026-02-10T23:59:59 3.4 2 6.8 6.8"]);
        assert_eq!(
            shown(items(&one_time), &["productId", "skuId", "availabilityId", "effectiveUnitPrice", "billingProvider"]),
            ["CFQ7TTC0LF8R 0001 CFQ7TTC0K5DR 3.4 one_time"]
        );
        // The name has two capitals in a row, and a rate that nothing was converted at has no day.
        let rate = &items(&one_time)[0];
        assert_eq!((&rate["pcToBCExchangeRate"], rate.get("pcToBCExchangeRateDate")), (&json!(1), None));
        let total = sum(items(&azure), "postTaxTotal")
            + sum(items(&office), "totalForCustomer")
            + sum(items(&one_time), "totalForCustomer");
        assert_eq!(total, Amount::parse_exact(&invoice["totalCharges"].to_string()).unwrap());
        let all = get("All").await;
        assert_eq!(items(&all), items(&one_time));
        assert_eq!(get("Marketplace").await["totalCount"], 0);
    });
}

#[test]
fn open_lines_of_seats_go_on_by_a_token() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::new(&bench).await;
        with_seats(&mut desk).await;
        let path =
            "/v1/invoices/unbilled/lineitems?provider=office&invoiceLineItemType=billinglineitems&period=current";
        let whole = desk.send(&format!("GET {path}"), &[], "").await.expect(200).json();
        // 40.80 is 0.11 a day.
        assert_eq!(
            shown(items(&whole), &["chargeStartDate", "unitPrice", "quantity", "amount"]),
            [
                "2026-01-11T00:00:00 -40.8 2 -81.6",
                "2026-01-11T00:00:00 3.52 2 7.04",
                "2026-02-12T00:00:00 36.63 3 109.89"
            ]
        );
        let first = desk.send(&format!("GET {path}&size=2"), &[], "").await.expect(200).json();
        assert_eq!(items(&first)[..], items(&whole)[..2]);
        let rest = follow(&desk, &first).await.unwrap();
        assert_eq!(items(&rest)[..], items(&whole)[2..]);
        let previous = path.replace("current", "previous");
        assert_eq!(items(&desk.send(&format!("GET {previous}"), &[], "").await.expect(200).json()).len(), 0);
    });
}

/// The next page of a list, as its answer says.
async fn follow(desk: &Desk, page: &Value) -> Option<Value> {
    let next = page["links"]["next"].as_object()?;
    let headers: Vec<String> = next["headers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|header| format!("{}: {}", header["key"].as_str().unwrap(), header["value"].as_str().unwrap()))
        .collect();
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    let uri = next["uri"].as_str().unwrap();
    Some(desk.send(&format!("GET /v1{uri}"), &headers, "").await.expect(200).json())
}

/// Lines that come between two pages stand before and behind the place.
#[test]
fn open_lines_of_seats_are_shown_once_while_others_come() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::new(&bench).await;
        with_seats(&mut desk).await;
        let path =
            "/v1/invoices/unbilled/lineitems?provider=office&invoiceLineItemType=billinglineitems&period=current";
        let whole = desk.send(&format!("GET {path}"), &[], "").await.expect(200).json();
        let shown_first = items(&whole)[0]["subscriptionId"].as_str().unwrap().to_lowercase();
        let mut page = desk.send(&format!("GET {path}&size=1"), &[], "").await.expect(200).json();
        let customer = desk.channel.customer("Adatum").await;
        let mut before = false;
        while !before {
            buy(&desk, customer.id, (NEW_COMMERCE, BillingCycle::Monthly)).await;
            let ctx = desk.channel.partner_ctx();
            let bought = subscription_list(&ctx, desk.channel.world().db(), customer.id, None).await.unwrap();
            before = bought.iter().any(|bought| bought.id.to_string() < shown_first);
        }
        let mut shown = items(&page).clone();
        while let Some(next) = follow(&desk, &page).await {
            shown.extend(items(&next).clone());
            page = next;
        }
        assert_eq!(&shown, items(&whole));
    });
}

#[test]
fn summaries_of_usage_leave_seats_out() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::new(&bench).await;
        with_seats(&mut desk).await;
        let lines =
            desk.send("GET /v1/invoices/unbilled/lineitems/onetime/BillingLineItems", &[], "").await.expect(200);
        assert_ne!(usage::sum(&lines, "totalForCustomer"), "0", "nothing was bought in the open month");
        let total = usage::written(&desk.send("GET /v1/usagesummary", &[], "").await.expect(200), "totalCost");
        let customers = desk.send("GET /v1/customers/usagerecords", &[], "").await.expect(200);
        assert_eq!((total.as_str(), usage::sum(&customers, "totalCost").as_str()), ("0.00", "0"));
        let customer = customers.json()["items"][0]["id"].as_str().unwrap().to_owned();
        let of = format!("GET /v1/customers/{customer}");
        let records = desk.send(&format!("{of}/subscriptions/usagerecords"), &[], "").await.expect(200);
        assert_eq!(usage::sum(&records, "totalCost"), "0");
        let summary = desk.send(&format!("{of}/usagesummary"), &[], "").await.expect(200);
        assert_eq!(usage::written(&summary, "totalCost"), "0.00");
    });
}
