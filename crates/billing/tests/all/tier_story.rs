//! A story on several tiers, for what nobody may be told: something used and some seats on every tier, part of it billed,
//! part of it open; who must not learn whose figures, and what these are.

use crate::books::Books;
use crate::tier_scene::{ABOVE, Buyer, CORNER, FROM_CORNER, FROM_MARKET, MARKET, Seller, Tiers};
use std::collections::BTreeSet;
use tenantry_billing::{Invoice, InvoiceFilter, invoice_list_sold, invoice_rows};
use tenantry_commerce::{BillingCycle, Limits, PlaceLine, PlaceOrder, Subscription, order_place};
use tenantry_core::{Factor, OfferId, OpContext, Quantity, TenantId};
use tenantry_rating::SeatCycle;
use tenantry_testkit::{Bench, HOURS, SEAT_OFFER, TIERED, events};

/// Seats of the new commerce, billed by the month.
const NEW_COMMERCE: &str = "CFQ7TTC0LF8R:0001:CFQ7TTC0K5DR";

/// The world, with something used on every tier: part of it billed, part of it open. Two customers are billed by their
/// resellers, the direct partner's is not.
pub struct Scene {
    pub tiers: Tiers,
    pub direct: Subscription,
    pub northwind: Subscription,
    pub wingtip: Subscription,
    pub northwinds: Buyer,
    pub wingtips: Buyer,
}

/// Somebody on the channel, as which it asks.
pub struct Tier<'a> {
    pub name: &'a str,
    pub tenant: TenantId,
    pub ctx: OpContext,
}

impl Scene {
    pub async fn open(bench: &Bench) -> Self {
        let tiers = Tiers::open(bench).await;
        let northwinds = tiers.buyer(tiers.customer(&tiers.corner, "Northwind").await);
        tiers.bill(&tiers.corner, northwinds.customer.id, FROM_CORNER[0], None).await;
        tiers.bill(&tiers.corner, northwinds.customer.id, FROM_CORNER[1], Some("2026-01-16")).await;
        let northwind = tiers.order(&tiers.corner, northwinds.customer.id).await;
        let wingtips = tiers.buyer(tiers.customer(&tiers.market, "Wingtip").await);
        let wingtip = tiers.order(&tiers.market, wingtips.customer.id).await;
        tiers.bill(&tiers.market, wingtips.customer.id, FROM_MARKET, None).await;
        let direct = tiers.channel.order_usage(&tiers.channel.customer("Tailspin").await).await;
        let scene = Self { tiers, direct, northwind, wingtip, northwinds, wingtips };
        scene.with_seats().await;
        scene.tiers.channel.advance_to("2026-01-31").await;
        scene.used("2026-01", ["7919.17", "6841.31", "5413.57"]).await;
        scene.tiers.channel.advance_to("2026-02-20").await;
        scene.used("2026-02", ["4409.89", "3571.93", "2903.71"]).await;
        scene
    }

    /// Seats of either form for each customer, as many as nobody else has.
    async fn with_seats(&self) {
        let channel = &self.tiers.channel;
        let db = channel.world().db();
        let prices = [(SEAT_OFFER, SeatCycle::Monthly, "148.83"), (NEW_COMMERCE, SeatCycle::Monthly, "236.057")];
        channel.import_seat_prices("2026-01-01", &prices).await;
        let direct = Seller { partner: channel.partner.clone(), ctx: channel.partner_ctx() };
        let (north, wing) = (self.northwinds.customer.id, self.wingtips.customer.id);
        let buyers =
            [(&self.tiers.corner, north, 13), (&self.tiers.market, wing, 17), (&direct, self.direct.customer, 19)];
        for (seller, customer, seats) in buyers {
            for offer in [SEAT_OFFER, NEW_COMMERCE] {
                let ctx = OpContext { request_id: channel.world().chance().guid(), ..seller.ctx.clone() };
                let line = PlaceLine { number: 0, offer: OfferId::new(offer), friendly_name: None, quantity: seats };
                let order = PlaceOrder { customer, billing_cycle: Some(BillingCycle::Monthly), lines: vec![line] };
                order_place(&ctx, db, &Limits::NONE, order).await.unwrap();
            }
        }
    }

    async fn used(&self, in_month: &str, quantities: [&str; 3]) {
        let days = [5, 18].map(|day| format!("{in_month}-{day:02}"));
        for (subscription, quantity) in [&self.northwind, &self.wingtip, &self.direct].into_iter().zip(quantities) {
            let rows = [(days[0].as_str(), quantity), (days[1].as_str(), quantity)];
            self.tiers.channel.accept(events(subscription, HOURS, &rows)).await;
            self.tiers.channel.accept(events(subscription, TIERED, &rows)).await;
        }
    }

    pub fn above(&self) -> Tier<'_> {
        let above = &self.tiers.above;
        Tier { name: "the indirect provider", tenant: above.partner.tenant, ctx: above.ctx.clone() }
    }

    pub fn corner(&self) -> Tier<'_> {
        let corner = &self.tiers.corner;
        Tier { name: "corner", tenant: corner.partner.tenant, ctx: corner.ctx.clone() }
    }

    pub fn market(&self) -> Tier<'_> {
        let market = &self.tiers.market;
        Tier { name: "market", tenant: market.partner.tenant, ctx: market.ctx.clone() }
    }

    pub fn direct(&self) -> Tier<'_> {
        let channel = &self.tiers.channel;
        Tier { name: "the direct partner", tenant: channel.partner.tenant, ctx: channel.partner_ctx() }
    }

    pub fn provider(&self) -> Tier<'_> {
        let channel = &self.tiers.channel;
        Tier { name: "the provider", tenant: channel.provider.tenant, ctx: channel.provider_ctx() }
    }

    pub fn customer_of_corner(&self) -> Tier<'_> {
        let Buyer { customer, ctx } = &self.northwinds;
        Tier { name: "corner's customer", tenant: customer.id, ctx: ctx.clone() }
    }

    pub fn customer_of_market(&self) -> Tier<'_> {
        let Buyer { customer, ctx } = &self.wingtips;
        Tier { name: "market's customer", tenant: customer.id, ctx: ctx.clone() }
    }

    /// Everybody who buys.
    pub fn buyers(&self) -> [Tier<'_>; 6] {
        let customers = [self.customer_of_corner(), self.customer_of_market()];
        let [northwind, wingtip] = customers;
        [self.above(), self.corner(), self.market(), self.direct(), northwind, wingtip]
    }

    /// All documents there are.
    pub async fn everything(&self) -> Vec<Invoice> {
        let platform = self.tiers.channel.world().system("test");
        let mut all = Vec::new();
        for seller in [self.provider(), self.above(), self.corner(), self.market()] {
            let db = self.tiers.channel.world().db();
            let sold = invoice_list_sold(&platform, db, seller.tenant, InvoiceFilter::default()).await;
            all.extend(sold.unwrap());
        }
        assert_eq!(all.len(), 6, "January of everybody who buys");
        all
    }

    /// What a partner is billed: charges, totals and unit prices, of documents and of what is not on one yet, with
    /// enough digits that none comes up by chance.
    pub async fn figures(&self, buyer: &Tier<'_>) -> BTreeSet<String> {
        let books = Books { channel: &self.tiers.channel, ctx: &buyer.ctx, buyer: buyer.tenant };
        let mut figures = BTreeSet::new();
        for invoice in books.invoices().await {
            figures.extend([invoice.net.clone(), invoice.total.clone()]);
            let rows = invoice_rows(&buyer.ctx, self.tiers.channel.world().metering(), &invoice).await.unwrap();
            for row in rows.iter().flatten() {
                figures.extend([row.charge.to_string()].into_iter().chain(row.charge.per_unit(row.quantity)));
            }
            for line in &invoice.lines {
                let unit = line.exact().unwrap().per_unit(Quantity::parse(&line.quantity).unwrap());
                figures.extend([line.exact.to_string(), line.amount.to_string()].into_iter().chain(unit));
            }
            for line in &invoice.seat_lines {
                figures.extend([&line.unit_price, &line.exact, &line.amount].map(ToString::to_string));
            }
        }
        let draft = books.unbilled("2026-02").await;
        figures.insert(draft.total().unwrap().to_string());
        for line in &draft.lines {
            figures.extend([line.exact.to_string(), line.amount.to_string()]);
            figures.extend(line.rows.iter().map(|row| row.charge.to_string()));
            figures.extend(line.exact.per_unit(line.quantity));
        }
        for line in &draft.seats {
            figures.extend([line.exact.to_string(), line.amount.to_string()]);
        }
        figures.retain(|figure| figure.chars().filter(char::is_ascii_digit).count() >= 5);
        assert!(figures.len() > 10, "{figures:?}");
        figures
    }
}

/// The product of two factors of four digits each, as an edge shows it.
fn product(above: &str, own: &str) -> String {
    Factor::parse(above).unwrap().then(Factor::parse(own).unwrap()).unwrap().to_string()
}

/// Who must not learn whose figures, nor these factors.
pub struct Secret<'a> {
    pub from: Tier<'a>,
    pub of: Vec<Tier<'a>>,
    pub factors: Vec<String>,
}

/// Everybody, and what must not be told to whom.
pub fn secrets(scene: &Scene) -> [Secret<'_>; 7] {
    let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let market = vec![product(ABOVE[0], MARKET), product(ABOVE[1], MARKET), MARKET.to_owned()];
    let corner = vec![product(ABOVE[1], CORNER[0]), product(ABOVE[1], CORNER[1])];
    let (resale, above) = ([texts(&CORNER), texts(&[MARKET])].concat(), texts(&ABOVE));
    let retail = [texts(&FROM_CORNER), texts(&[FROM_MARKET])].concat();
    let all = [&above, &resale, &retail, &market, &corner].map(Clone::clone).concat();
    let customers = || [scene.customer_of_corner(), scene.customer_of_market()];
    let [north, wing] = customers();
    let sellers = || vec![scene.above(), scene.corner(), scene.market()];
    let with = |mut tiers: Vec<_>, others: Vec<_>| {
        tiers.extend(others);
        tiers
    };
    [
        // A customer must not learn what its seller pays, nor by which rule it is priced, nor anybody else's prices.
        (north, with(sellers(), vec![scene.direct(), scene.customer_of_market()]), all.clone()),
        (wing, with(sellers(), vec![scene.direct(), scene.customer_of_corner()]), all.clone()),
        // A reseller must not learn what its seller pays, nor by which rule it is priced, nor what its sibling pays. What
        // its own customer pays it knows.
        (
            scene.corner(),
            vec![scene.above(), scene.market(), scene.direct(), scene.customer_of_market()],
            [above.clone(), resale.clone(), market, texts(&[FROM_MARKET])].concat(),
        ),
        (
            scene.market(),
            vec![scene.above(), scene.corner(), scene.direct(), scene.customer_of_corner()],
            [above, resale, corner, texts(&FROM_CORNER)].concat(),
        ),
        // Nobody above a seller is told what it asks of its customer.
        (scene.above(), with(vec![scene.direct()], customers().into()), retail.clone()),
        (scene.provider(), customers().into(), retail),
        (scene.direct(), with(sellers(), customers().into()), all),
    ]
    .map(|(from, of, factors)| Secret { from, of, factors })
}

/// Whether a figure stands in a text by itself, not as a part of a longer number.
pub fn says(text: &str, figure: &str) -> bool {
    text.match_indices(figure).any(|(at, _)| {
        let part = |c: char| c.is_ascii_digit() || c == '.';
        let before = text[..at].chars().next_back();
        let after = text[at + figure.len()..].chars().next();
        !before.is_some_and(part) && !after.is_some_and(|c| c.is_ascii_digit())
    })
}
