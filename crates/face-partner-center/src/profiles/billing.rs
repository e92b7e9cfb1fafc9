//! `GET` and `PUT /v1/profiles/billing`: how the partner is billed. Name and address stand on its next bills; the currency
//! stays. `billingDay` is not kept: months are closed when they are over, for everybody.

use super::{read, replace};
use crate::wire::address::{self, Address};
use crate::wire::contact::{self, Contact};
use crate::wire::{Attributes, Links};
use serde::Serialize;
use tenantry_commerce::{Partner, PartnerBillingProfile as Profile, Versioned};
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BillingProfile {
    company_name: String,
    address: Address,
    primary_contact: Contact,
    #[serde(skip_serializing_if = "Option::is_none")]
    purchase_order_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_id: Option<String>,
    billing_currency: String,
    profile_type: &'static str,
    links: Links,
    attributes: Attributes,
}

pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    Answer::ok(&view(read(&call).await?))
}

pub(crate) async fn change(call: Call) -> Result<Answer, Problem> {
    let changed = replace(&call, |fields| {
        Ok(Profile {
            company_name: fields.text_or_empty("companyName")?,
            address: address::read(&fields.object_or_empty("address")?)?,
            primary_contact: contact::read(&fields.object_or_empty("primaryContact")?)?,
            purchase_order_number: fields.text("purchaseOrderNumber")?,
            tax_id: fields.text("taxId")?,
            currency: fields.text("billingCurrency")?,
        })
    });
    Answer::ok(&view(changed.await?))
}

fn view((partner, Versioned { profile, version }): (Partner, Versioned<Profile>)) -> BillingProfile {
    BillingProfile {
        company_name: profile.company_name,
        address: profile.address.into(),
        primary_contact: profile.primary_contact.into(),
        purchase_order_number: profile.purchase_order_number,
        tax_id: profile.tax_id,
        billing_currency: partner.currency.to_string(),
        profile_type: "BillingProfile",
        links: Links::to_self("/profiles/billing"),
        attributes: Attributes::versioned("BillingProfile", version.to_string()),
    }
}
