//! Which types an operation reads and gives. What is not named here has no JSON.

use super::{Make, Nothing, RateCard, answer, body, usage};
use crate::access::{explain as access_explain, locks, role_assignments, role_definitions, subscriptions};
use crate::intake::uploads;
use crate::relationships::{granular, partners as partner_relationships, requests};
use crate::{
    alerts, balance, budgets, clock, credit_notes, customer_prices, customers, document_terms, edge_prices, explain,
    external_subscriptions, fx, health, incidents, invoices, months, partners, payments, price_rules, price_sheets,
    qualifications, seat_prices, second_factor, signing_keys, subscription_usage, tickets, unbilled, unrated,
    waiting_documents,
};

/// The schemas of an operation.
pub(crate) struct Schemas {
    /// Of its JSON body.
    pub(crate) body: Make,
    /// Of its JSON answer.
    pub(crate) answer: Make,
}

macro_rules! schemas {
    ($($operation:literal: $body:ty => $answer:ty;)*) => {
        /// The schemas of an operation that has any.
        pub(crate) fn of(operation: &str) -> Option<Schemas> {
            match operation {
                $($operation => Some(Schemas { body: body::<$body>, answer: answer::<$answer> }),)*
                _ => None,
            }
        }
    };
}

schemas! {
    "usage.report": usage::Events => usage::Verdicts;
    "usage.get": Nothing => subscription_usage::UsageView<'_>;
    "usage-uploads.create": Nothing => uploads::UploadView<'_>;
    "usage-uploads.get": Nothing => uploads::UploadView<'_>;
    "unbilled.get": Nothing => unbilled::DraftView<'_>;
    "unrated.list": Nothing => unrated::UnratedView;
    "waiting-documents.list": Nothing => waiting_documents::ListView;
    "invoices.list": Nothing => invoices::ListView<'_>;
    "invoices.get": Nothing => invoices::InvoiceView<'_>;
    "credit-notes.list": Nothing => credit_notes::ListView<'_>;
    "credit-notes.get": Nothing => credit_notes::NoteView<'_>;
    "credit-notes.issue": credit_notes::NoteBody => credit_notes::NoteView<'_>;
    "payments.list": Nothing => payments::ListView<'_>;
    "payments.record": payments::PaymentBody => payments::PaymentView<'_>;
    "payments.reverse": payments::ReversalBody => payments::PaymentView<'_>;
    "balance.get": Nothing => balance::BalanceView;
    "ageing.get": Nothing => balance::AgeingView<'_>;
    "statement.get": Nothing => balance::StatementsView<'_>;
    "rounding.set": document_terms::RoundingBody => document_terms::RoundingView;
    "tax-rates.set": document_terms::TaxBody => document_terms::TaxView<'_>;
    "explain.get": Nothing => explain::ExplanationView<'_>;
    "clock.get": Nothing => clock::ClockView<'_>;
    "clock.advance": clock::Advance => clock::MovedView;
    "months.close": Nothing => months::ClosedView<'_>;
    "months.dry_run": Nothing => months::DryRunView<'_>;
    "budgets.list": Nothing => budgets::ListView;
    "budgets.get": Nothing => budgets::BudgetView;
    "budgets.put": budgets::BudgetBody => budgets::BudgetView;
    "budgets.delete": Nothing => budgets::BudgetView;
    "alerts.list": Nothing => alerts::ListView;
    "alerts.resolve": Nothing => alerts::AlertView;
    "price-sheets.list": Nothing => price_sheets::ListView;
    "price-sheets.import": RateCard => price_sheets::SheetView;
    "partners.sign_up": partners::NewPartnerBody => partners::PartnerView<'_>;
    "resellers.list": Nothing => partners::ListView<'_>;
    "customers.list": Nothing => customers::ListView<'_>;
    "prices.get": Nothing => edge_prices::PricesView;
    "price-lists.list": Nothing => edge_prices::ListsView;
    "price-lists.get": Nothing => edge_prices::ListView;
    "price-lists.import": edge_prices::ListBody => edge_prices::ListView;
    "price-rules.list": Nothing => price_rules::EdgeView<'_>;
    "price-rules.add": price_rules::NewRuleBody => price_rules::EdgeView<'_>;
    "customer-prices.get": Nothing => edge_prices::PricesView;
    "customer-price-rules.list": Nothing => price_rules::EdgeView<'_>;
    "customer-price-rules.add": customer_prices::NewRuleBody => price_rules::EdgeView<'_>;
    "subscriptions.change-reseller": customer_prices::ResellerBody => customer_prices::SoldView;
    "fx.list": Nothing => fx::ListView;
    "fx.import": fx::Body => fx::ImportedView;
    "seat-prices.list": Nothing => seat_prices::ListView;
    "seat-prices.import": seat_prices::Body => seat_prices::SeatPricesView;
    "external-subscriptions.register": external_subscriptions::ExternalBody => external_subscriptions::ExternalView;
    "signing-keys.rotate": Nothing => signing_keys::RotatedView;
    "health.live": Nothing => health::HealthView;
    "health.ready": Nothing => health::HealthView;
    "access.explain": Nothing => access_explain::ExplainedView<'_>;
    "access.subscriptions": Nothing => subscriptions::ListView;
    "role-definitions.list": Nothing => role_definitions::ListView;
    "role-definitions.put": role_definitions::RoleBody => role_definitions::RoleView;
    "role-definitions.delete": Nothing => role_definitions::RoleView;
    "role-assignments.list": Nothing => role_assignments::ListView;
    "role-assignments.put": role_assignments::AssignmentBody => role_assignments::AssignedView;
    "role-assignments.delete": Nothing => role_assignments::AssignmentView;
    "locks.list": Nothing => locks::ListView;
    "locks.put": locks::LockBody => locks::LockView;
    "locks.delete": Nothing => locks::LockView;
    "relationship-requests.create": Nothing => requests::RequestView;
    "relationship-requests.get": Nothing => requests::RequestView;
    "relationship-requests.accept": requests::AcceptBody => requests::AcceptedView;
    "granular-relationships.list": Nothing => granular::ListView;
    "granular-relationships.approve": Nothing => granular::RelationshipView;
    "granular-relationships.reject": Nothing => granular::RelationshipView;
    "granular-relationships.terminate": Nothing => granular::RelationshipView;
    "partner-relationships.list": Nothing => partner_relationships::ListView;
    "tickets.list": Nothing => tickets::ListView;
    "tickets.get": Nothing => tickets::TicketView;
    "tickets.answer": tickets::NoteBody => tickets::TicketView;
    "tickets.close": Nothing => tickets::TicketView;
    "incidents.list": Nothing => incidents::ListView;
    "incidents.get": Nothing => incidents::IncidentView;
    "incidents.open": incidents::OpenBody => incidents::IncidentView;
    "incidents.update": incidents::UpdateBody => incidents::IncidentView;
    "incidents.resolve": incidents::ResolveBody => incidents::IncidentView;
    "customer-qualifications.list": Nothing => qualifications::ListView;
    "customer-qualifications.decide": qualifications::DecisionBody => qualifications::QualificationView;
    "validation-codes.give": qualifications::CodeBody => qualifications::CodeView;
    "customer-review.set": qualifications::ReviewBody => qualifications::ReviewView;
    "second-factor.get": Nothing => second_factor::StateView;
    "second-factor.begin": Nothing => second_factor::BegunView<'_>;
    "second-factor.confirm": second_factor::ConfirmBody => second_factor::StateView;
}
