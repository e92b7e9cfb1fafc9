//! What usage comes to: every view shows the same figure, to the last digit, before and after the month's end.

use crate::desk::{Desk, fault};
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};
use tenantry_billing::unbilled;
use tenantry_commerce::{
    Address, Customer, NewApplication, NewPartner, Subscription, edge_of, partner_sign_up_with_application,
};
use tenantry_core::Identity;
use tenantry_core::{Amount, Currency, Month, Role};
use tenantry_directory::PARTNER_CENTER;
use tenantry_testkit::{
    App, Bench, CARD, Channel, HOURS, INCLUDED, Reply, SUFFIX, THIRD_PARTY, TIERED, UNPRICED, event, events,
    on_every_engine,
};

type Members<'a> = BTreeMap<&'a str, &'a RawValue>;

/// A member of an answer, digit for digit as it was written.
pub(crate) fn written(reply: &Reply, member: &str) -> String {
    let text = reply.text();
    let members: Members<'_> = serde_json::from_str(&text).unwrap();
    members[member].get().to_owned()
}

/// A number of each item of a list, added up exactly.
pub(crate) fn sum(reply: &Reply, member: &str) -> String {
    let items = written(reply, "items");
    let items: Vec<Members<'_>> = serde_json::from_str(&items).unwrap();
    let numbers = items.iter().map(|item| Amount::parse_exact(item[member].get()).unwrap());
    numbers.sum::<Amount>().to_string()
}

/// A month of two customers, on the 20th.
pub(crate) struct Trade {
    pub(crate) desk: Desk,
    pub(crate) northwind: Customer,
    pub(crate) tailspin: Customer,
    /// Of Northwind: one of each kind of price.
    pub(crate) shop: Subscription,
    /// Of Northwind: amounts smaller than a cent.
    pub(crate) crumbs: Subscription,
    /// Of Tailspin.
    pub(crate) farm: Subscription,
}

/// What it comes to: 7.63 and 0.04 of Northwind, 2.04 of Tailspin.
pub(crate) const TOTAL: &str = "9.71";

impl Trade {
    pub(crate) async fn new(bench: &Bench) -> Self {
        let desk = Desk::new(bench).await;
        let channel = &desk.channel;
        channel.import_card(CARD).await;
        let (northwind, tailspin) = (channel.customer("Northwind").await, channel.customer("Tailspin").await);
        // Seats only: a customer without usage.
        channel.order_seats(&channel.customer("Litware").await, 5).await;
        let (shop, crumbs) = (channel.order_usage(&northwind).await, channel.order_usage(&northwind).await);
        channel.order_seats(&northwind, 2).await;
        let farm = channel.order_usage(&tailspin).await;
        channel.advance_to("2026-01-20").await;
        channel.accept(events(&shop, HOURS, &[("2026-01-11", "1.333333"), ("2026-01-12", "2")])).await;
        channel.accept(events(&shop, TIERED, &[("2026-01-11", "60"), ("2026-01-15", "90")])).await;
        let rest = [(INCLUDED, "7.5"), (THIRD_PARTY, "1.25"), (UNPRICED, "4")];
        channel.accept(rest.map(|(meter, used)| event(&shop, meter, "2026-01-16T08:00:00Z", used)).to_vec()).await;
        let small = [event(&crumbs, HOURS, "2026-01-17", "0.05"), event(&crumbs, TIERED, "2026-01-17", "1")];
        channel.accept(small.to_vec()).await;
        channel.accept(events(&farm, HOURS, &[("2026-01-18", "24")])).await;
        Self { desk, northwind, tailspin, shop, crumbs, farm }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        // A token lives an hour and the clock moves by weeks.
        let token = self.desk.channel.token(&self.desk.channel.partner_app, PARTNER_CENTER).await;
        self.desk.send_as(Some(&token), "GET", &format!("/v1{path}")).await
    }

    async fn total(&self, path: &str) -> String {
        written(&self.get(path).await.expect(200), "totalCost")
    }

    async fn sum(&self, path: &str) -> String {
        sum(&self.get(path).await.expect(200), "totalCost")
    }

    /// What the draft through the running month comes to.
    async fn draft(&self) -> String {
        let world = self.desk.channel.world();
        let ctx = self.desk.channel.partner_ctx();
        let edge = edge_of(&ctx, world.db(), self.desk.channel.partner.tenant).await.unwrap();
        let draft = unbilled(&ctx, world.db(), world.metering(), &edge, Month::of(ctx.now().day())).await.unwrap();
        draft.total().unwrap().to_string()
    }
}

#[test]
fn every_view_shows_the_same_figure() {
    on_every_engine(|bench| async move {
        let trade = Trade::new(&bench).await;
        assert_eq!(trade.draft().await, TOTAL);
        assert_eq!(trade.total("/usagesummary").await, TOTAL);
        assert_eq!(trade.sum("/customers/usagerecords").await, TOTAL);
        for (customer, total) in [(&trade.northwind, "7.67"), (&trade.tailspin, "2.04")] {
            let of = format!("/customers/{}", customer.id);
            assert_eq!(trade.total(&format!("{of}/usagesummary")).await, total);
            assert_eq!(trade.sum(&format!("{of}/subscriptions/usagerecords")).await, total);
        }
        for (subscription, total) in [(&trade.shop, "7.63"), (&trade.crumbs, "0.04")] {
            let of = format!("/customers/{}/subscriptions/{}", subscription.customer, subscription.id);
            assert_eq!(trade.total(&format!("{of}/usagesummary")).await, total);
            assert_eq!(trade.sum(&format!("{of}/meterusagerecords")).await, total);
            assert_eq!(trade.sum(&format!("{of}/usagerecords/resources")).await, total);
        }
        let lines = trade.get("/invoices/Unbilled/lineitems/azure/BILLINGLINEITEMS").await.expect(200);
        assert_eq!(sum(&lines, "postTaxTotal"), TOTAL);
    });
}

#[test]
fn the_figure_becomes_the_invoice() {
    on_every_engine(|bench| async move {
        let trade = Trade::new(&bench).await;
        let open = "/invoices/unbilled/lineitems?provider=azure&invoicelineitemtype=billinglineitems&currencycode=usd";
        let spans = async || {
            let mut sums = Vec::new();
            for span in ["current", "previous"] {
                let lines = trade.get(&format!("{open}&period={span}")).await.expect(200);
                sums.push(sum(&lines, "postTaxTotal"));
            }
            sums.join(" ")
        };
        assert_eq!(spans().await, "9.71 0");
        // The month is over and not closed yet: nothing is lost, and new usage is added.
        trade.desk.channel.advance_to("2026-02-02").await;
        trade.desk.channel.accept(vec![event(&trade.shop, HOURS, "2026-02-01T05:00:00Z", "10")]).await;
        assert_eq!(trade.total("/usagesummary").await, "10.56");
        assert_eq!(trade.draft().await, "10.56");
        assert_eq!(spans().await, "0.85 9.71");
        let both = trade.get("/usagesummary").await.json();
        assert_eq!(both["billingStartDate"], "2026-01-01T00:00:00+00:00");
        assert_eq!(both["billingEndDate"], "2026-02-28T00:00:00+00:00");
        // Closed. Late usage goes to the next document.
        trade.desk.channel.advance_to("2026-02-10").await;
        trade.desk.channel.accept(vec![event(&trade.shop, TIERED, "2026-01-19", "1000")]).await;
        let invoices = trade.get("/invoices").await.expect(200).json();
        assert_eq!((&invoices["totalCount"], &invoices["items"][0]["totalCharges"]), (&1.into(), &9.71.into()));
        let number = invoices["items"][0]["id"].as_str().unwrap();
        let invoice = trade.get(&format!("/invoices/{number}")).await.expect(200);
        assert_eq!(written(&invoice, "totalCharges"), TOTAL);
        let lines = trade.get(&format!("/invoices/{number}/lineitems/Azure/BillingLineItems")).await.expect(200);
        assert_eq!(sum(&lines, "postTaxTotal"), TOTAL);
        assert_eq!(written(&trade.get("/invoices/summary").await.expect(200), "balanceAmount"), TOTAL);
        // 850 GB at 0.04, 150 GB at 0.03, 15 % off: 32.725, rounded to even; and 0.85 of February.
        assert_eq!(trade.total("/usagesummary").await, "33.57");
        assert_eq!(trade.draft().await, "33.57");
        assert_eq!(spans().await, "33.57 0");
        let february = trade.get("/usagesummary").await.json();
        assert_eq!(february["billingStartDate"], "2026-02-01T00:00:00+00:00");
    });
}

#[test]
fn records_name_what_they_are_about() {
    on_every_engine(|bench| async move {
        let trade = Trade::new(&bench).await;
        let (customer, shop) = (trade.northwind.id.to_string(), trade.shop.id.to_string().to_uppercase());
        let get = async |path: &str| trade.get(path).await.expect(200).json();
        let summary = get("/usagesummary").await;
        assert_eq!(summary["customersWithUsageBasedSubscription"], 2);
        for (member, value) in [
            ("name", "CONTOSO"),
            ("resourceName", "CONTOSO"),
            ("currencyLocale", "en-US"),
            ("billingStartDate", "2026-01-01T00:00:00+00:00"),
            ("billingEndDate", "2026-01-31T00:00:00+00:00"),
            ("lastModifiedDate", "2026-01-20T00:00:00+00:00"),
        ] {
            assert_eq!(summary[member], value, "{member}");
        }
        let customers = get("/customers/usagerecords").await;
        assert_eq!(customers["totalCount"], 2);
        let northwind = &customers["items"][0];
        assert_eq!((&northwind["id"], &northwind["name"]), (&customer.as_str().into(), &"Northwind".into()));
        assert!(northwind.get("budget").is_none());
        let subscriptions = get(&format!("/customers/{customer}/subscriptions/usagerecords")).await;
        assert_eq!(subscriptions["totalCount"], 2, "without the seats");
        let first = &subscriptions["items"][0];
        assert_eq!((&first["id"], &first["status"]), (&shop.as_str().into(), &"active".into()));
        assert_eq!(first["offerId"], "MS-AZR-0145P");
        let meters = get(&format!("/customers/{customer}/subscriptions/{shop}/meterusagerecords")).await;
        let rows: Vec<_> = meters["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| {
                let text = |member: &str| row[member].as_str().unwrap().to_owned();
                assert_eq!(text("subscriptionId"), shop);
                format!(
                    "{}, {}, {} {}: {}",
                    text("meterName"),
                    text("category"),
                    row["quantityUsed"],
                    text("unit"),
                    row["totalCost"]
                )
            })
            .collect();
        assert_eq!(
            rows,
            [
                "Compute Hours, Virtual Machines, 3.333333 Hours: 0.28",
                "Standard IO - Page Blob/Disk (GB), Storage, 150 GB: 5.95",
                "Data Transfer Out (GB), Networking, 7.5 GB: 0.18",
                "Database Support Hours, Virtual Machine Licenses, 1.25 Hours: 1.22",
                // Used, and waiting for a price.
                &format!("{UNPRICED}, , 4 : 0.0"),
            ]
        );
        let resources = get(&format!("/customers/{customer}/subscriptions/{shop}/usagerecords/resources")).await;
        assert_eq!((&resources["totalCount"], &resources["items"][1]["quantityUsed"]), (&5.into(), &150.into()));
    });
}

#[test]
fn a_culture_names_the_currency_that_is_billed() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        for (name, country, currency, member, expected) in [
            ("wingtip", "DE", "EUR", "currencyLocale", "de-DE"),
            ("adatum", "SE", "EUR", "currencyLocale", "en-IE"),
            ("proseware", "BM", "BMD", "currencyCode", "BMD"),
        ] {
            let token = partner_in(&desk.channel, name, country, currency).await;
            let reply = desk.send_as(Some(&token), "GET", "/v1/usagesummary").await.expect(200);
            assert_eq!(reply.json()[member], expected, "{name}: {reply}");
            let named = ["currencyLocale", "currencyCode"].iter().filter(|name| reply.json().get(**name).is_some());
            assert_eq!(named.count(), 1, "{name}: {reply}");
        }
    });
}

/// Signs up a partner that writes dates as in the United States, wherever it is; its token.
async fn partner_in(channel: &Channel, name: &str, country: &str, currency: &str) -> String {
    let world = channel.world();
    let new = NewPartner {
        company_name: name.to_uppercase(),
        domain: format!("{name}.{SUFFIX}"),
        address: Address { country: country.to_owned(), state: None, ..channel.partner.address.clone() },
        email: format!("ops@{name}.test"),
        culture: "en-US".to_owned(),
        language: "en".to_owned(),
        mpn_id: "7".to_owned(),
        markets: vec![country.to_owned()],
        currency: Currency::parse(currency).unwrap(),
    };
    let application = NewApplication { name: "Control panel", roles: &[Role::AdminAgent] };
    let signed_up = partner_sign_up_with_application(&world.system("test"), world.db(), SUFFIX, new, application).await;
    let (partner, registered, secret) = signed_up.unwrap();
    let identity = Identity {
        app: registered.app,
        principal: registered.principal,
        tenant: partner.tenant,
        ..channel.partner_app.identity.clone()
    };
    channel.token(&App { identity, secret }, PARTNER_CENTER).await
}

#[test]
fn who_reads_bills_reads_every_figure_and_whose_it_is() {
    on_every_engine(|bench| async move {
        let trade = Trade::new(&bench).await;
        let Trade { desk, northwind, shop, .. } = trade;
        let desk = desk.with_roles(&[Role::BillingAdmin]).await;
        let get = async |path: String| desk.send(&format!("GET /v1{path}"), &[], "").await;
        let customer = format!("/customers/{}", northwind.id);
        let subscription = format!("{customer}/subscriptions/{}", shop.id);
        for (path, total) in [
            ("/usagesummary".to_owned(), TOTAL),
            (format!("{customer}/usagesummary"), "7.67"),
            (format!("{subscription}/usagesummary"), "7.63"),
        ] {
            assert_eq!(written(&get(path.clone()).await.expect(200), "totalCost"), total, "{path}");
        }
        for (path, member, total) in [
            ("/customers/usagerecords".to_owned(), "totalCost", TOTAL),
            (format!("{customer}/subscriptions/usagerecords"), "totalCost", "7.67"),
            (format!("{subscription}/usagerecords/resources"), "totalCost", "7.63"),
            (format!("{subscription}/meterusagerecords"), "totalCost", "7.63"),
            ("/invoices/unbilled/lineitems/Azure/BillingLineItems".to_owned(), "postTaxTotal", TOTAL),
        ] {
            assert_eq!(sum(&get(path.clone()).await.expect(200), member), total, "{path}");
        }
        assert_eq!(get("/customers/usagerecords".to_owned()).await.json()["items"][0]["name"], "Northwind");
        assert_eq!(get(format!("{customer}/usagesummary")).await.json()["name"], "Northwind");
        let lines = get("/invoices/unbilled/lineitems/Azure/BillingLineItems".to_owned()).await.json();
        let names: BTreeSet<_> =
            lines["items"].as_array().unwrap().iter().map(|i| i["customerCompanyName"].as_str().unwrap()).collect();
        assert_eq!(names, BTreeSet::from(["Northwind", "Tailspin"]));
        // The rest of a customer stays closed to it.
        assert_eq!(fault(&get(customer.clone()).await.expect(403)), "900150");
        // And figures stay closed to those who may not read bills, also where they may read customers.
        let desk = desk.with_roles(&[Role::HelpdeskAgent]).await;
        for path in
            ["/usagesummary".to_owned(), "/customers/usagerecords".to_owned(), format!("{customer}/usagesummary")]
        {
            let reply = desk.send(&format!("GET /v1{path}"), &[], "").await.expect(403);
            assert_eq!(fault(&reply), "900150", "{path}");
        }
    });
}

#[test]
fn another_partner_sees_none_of_it() {
    on_every_engine(|bench| async move {
        let trade = Trade::new(&bench).await;
        trade.desk.channel.advance_to("2026-02-10").await;
        let number = trade.get("/invoices").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
        let stranger = trade.desk.channel.token(&trade.desk.channel.stranger_app, PARTNER_CENTER).await;
        let send = async |path: String| trade.desk.send_as(Some(&stranger), "GET", &format!("/v1{path}")).await;
        let customer = format!("/customers/{}", trade.northwind.id);
        let subscription = format!("{customer}/subscriptions/{}", trade.shop.id);
        for path in [
            format!("{customer}/usagesummary"),
            format!("{customer}/subscriptions/usagerecords"),
            format!("{subscription}/usagesummary"),
            format!("{subscription}/usagerecords/resources"),
            format!("{subscription}/meterusagerecords"),
            format!("{subscription}/utilizations/azure?start_time=2026-01-01&end_time=2026-02-01"),
            format!("/invoices/{number}"),
            format!("/invoices/Recurring-{number}/documents/statement"),
            format!("/invoices/{number}/lineitems/Azure/BillingLineItems"),
            format!("/invoices/{number}/lineitems?provider=azure&invoicelineitemtype=usagelineitems"),
        ] {
            let reply = send(path.clone()).await;
            assert_eq!(reply.status, 404, "{path}: {reply}");
            assert!(!reply.text().contains("Northwind"), "{path}: {reply}");
        }
        for (path, member) in [("/usagesummary", "totalCost"), ("/invoices/summary", "balanceAmount")] {
            assert_eq!(written(&send(path.to_owned()).await.expect(200), member), "0.00", "{path}");
        }
        for path in ["/customers/usagerecords", "/invoices", "/invoices/unbilled/lineitems/Azure/UsageLineItems"] {
            assert_eq!(send(path.to_owned()).await.expect(200).json()["totalCount"], 0, "{path}");
        }
    });
}
