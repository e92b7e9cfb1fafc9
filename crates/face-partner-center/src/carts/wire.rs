//! Carts and what became of them on the wire. Source: partner-center-v1.md 3.4, 9.7.

use crate::carts::line::cycle_word;
use crate::errors;
use crate::orders::wire::Order;
use crate::wire::client::Client;
use crate::wire::{Attributes, Links};
use serde::Serialize;
use std::collections::BTreeMap;
use tenantry_commerce::{CartLine, CartState, CartView, Checkout, LineFault, LineProblem, LineState, OrderGroup};
use tenantry_core::Problem;

/// A cart.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Cart {
    id: String,
    creation_timestamp: String,
    last_modified_timestamp: String,
    expiration_timestamp: String,
    last_modified_user: String,
    status: &'static str,
    line_items: Vec<Line>,
    links: Links,
    attributes: Attributes,
}

impl Cart {
    pub(crate) fn of(view: CartView, client: Client) -> Self {
        let cart = view.cart;
        let told = Told { currency: view.currency.code(), client };
        let lines = cart.lines.into_iter().zip(view.lines);
        Self {
            id: cart.id.to_string(),
            creation_timestamp: cart.created_at.to_string(),
            last_modified_timestamp: cart.changed_at.to_string(),
            expiration_timestamp: cart.expires_at.to_string(),
            last_modified_user: cart.changed_by.to_string(),
            status: match cart.state {
                CartState::Active | CartState::Ordering => "Active",
                CartState::Ordered => "Ordered",
            },
            line_items: lines.map(|(line, state)| Line::of(line, state, told)).collect(),
            links: Links::to_self(format!("/customers/{}/carts/{}", cart.customer, cart.id)),
            attributes: Attributes::of("Cart"),
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RenewsTo {
    term_duration: String,
}

#[derive(Debug, Serialize)]
struct Participant {
    key: String,
    value: String,
}

/// What is wrong with a line. Its code is a number: this enumeration has no words (partner-center-v1.md 1.5).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct LineError {
    error_code: u32,
    error_description: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    id: i64,
    catalog_item_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    friendly_name: Option<String>,
    quantity: i64,
    currency_code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    billing_cycle: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    term_duration: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    renews_to: Option<RenewsTo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    promotion_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_term_end_date: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    participants: Vec<Participant>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    provisioning_context: BTreeMap<String, String>,
    order_group: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    addon_items: Vec<Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<LineError>,
}

/// What all lines of a cart have in common: its currency, and who reads it.
#[derive(Clone, Copy)]
struct Told<'a> {
    currency: &'a str,
    client: Client,
}

impl Line {
    fn of(mut line: CartLine, state: LineState, told: Told<'_>) -> Self {
        let add_ons = std::mem::take(&mut line.add_ons);
        let mut wrong = state.add_ons.into_iter();
        let add_on = |add_on| Self::one(add_on, state.group, wrong.next(), told);
        let addon_items = add_ons.into_iter().map(add_on).collect();
        Self { addon_items, ..Self::one(line, state.group, state.problem, told) }
    }

    fn one(line: CartLine, group: OrderGroup, wrong: Option<LineProblem>, told: Told<'_>) -> Self {
        let participants = line.participants.into_iter().map(|(key, value)| Participant { key, value });
        Self {
            id: line.id,
            catalog_item_id: line.item.to_string(),
            friendly_name: line.friendly_name,
            quantity: line.quantity,
            currency_code: told.currency.to_owned(),
            billing_cycle: line.billing_cycle.map(cycle_word),
            term_duration: line.term,
            renews_to: line.renews_to.map(|term_duration| RenewsTo { term_duration }),
            promotion_id: line.promotion,
            custom_term_end_date: line.term_ends,
            participants: participants.collect(),
            provisioning_context: line.context,
            order_group: group_word(group),
            addon_items: Vec::new(),
            error: wrong.map(|wrong| LineError {
                error_code: line_code(wrong.fault, told.client),
                error_description: wrong.problem.message().to_owned(),
            }),
        }
    }
}

/// `OMS-0` for offers of the old catalogue, `0` for items of the modern one.
fn group_word(group: OrderGroup) -> String {
    if group.legacy { format!("OMS-{}", group.number) } else { group.number.to_string() }
}

/// The codes of errors in lines (partner-center-v1.md 3.4, `CartErrorCode`). Clients of 2020 know none above 10009; to them
/// the others are lines that cannot be processed.
const fn line_code(fault: LineFault, client: Client) -> u32 {
    const UNABLE: u32 = 10_006;
    match fault {
        LineFault::ItemUnknown => 10_001,
        LineFault::Quota => 10_002,
        LineFault::Participants => 10_004,
        LineFault::AddOn => UNABLE,
        LineFault::Sandbox => 10_009,
        _ if client.is_of_2020() => UNABLE,
        LineFault::Input => 10_010,
        LineFault::Cycle => 10_013,
        LineFault::Promotion => 10_014,
        LineFault::SeatsMax => 10_015,
        LineFault::TermEnd => 10_016,
        LineFault::NotPurchasable => 500_600,
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct OrderError {
    order_group_id: String,
    code: u32,
    description: String,
}

impl OrderError {
    fn of(group: OrderGroup, problem: &Problem) -> Self {
        let code = errors::code(problem, Some("carts.checkout"));
        Self { order_group_id: group_word(group), code, description: problem.message().to_owned() }
    }
}

/// What became of a cart: its orders, and the groups of lines that are none.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CheckoutResult {
    orders: Vec<Order>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    order_errors: Vec<OrderError>,
    attributes: Attributes,
}

impl CheckoutResult {
    pub(crate) fn of(done: Checkout) -> Self {
        let (mut orders, mut order_errors) = (Vec::new(), Vec::new());
        for (group, outcome) in done.groups {
            match outcome {
                Ok(order) => orders.push(Order::of(order)),
                Err(problem) => order_errors.push(OrderError::of(group, &problem)),
            }
        }
        Self { orders, order_errors, attributes: Attributes::of("CartCheckoutResult") }
    }
}
