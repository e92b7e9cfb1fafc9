//! `POST /api/v1/partners`: the provider signs up a direct partner, and hands it the key to its door.
//!
//! The answer holds the secret of the partner's first application, this once. So it is not kept for repeated
//! requests (`Replay::Off`), nor by any cache on the way; a repetition finds the domain taken.

use crate::wire;
use serde::{Deserialize, Serialize};
use tenantry_commerce::{Address, NewPartner, Partner, partner_sign_up};
use tenantry_core::{AppId, Currency, Problem, Role, Secret, TenantId, Timestamp};
use tenantry_directory::{Registered, application_register};
use tenantry_http::header::CACHE_CONTROL;
use tenantry_http::{Answer, Call};

/// What the first application may do: everything an admin of the partner may.
const ROLES: [Role; 2] = [Role::AdminAgent, Role::GlobalAdmin];
const APPLICATION_NAME: &str = "First application";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewPartnerBody {
    company_name: String,
    domain: String,
    address: AddressBody,
    email: String,
    #[serde(default = "default_culture")]
    culture: String,
    #[serde(default = "default_language")]
    language: String,
    mpn_id: String,
    markets: Vec<String>,
    currency: String,
}

fn default_culture() -> String {
    "en-US".to_owned()
}

fn default_language() -> String {
    "en".to_owned()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AddressBody {
    country: String,
    region: Option<String>,
    city: Option<String>,
    state: Option<String>,
    district: Option<String>,
    address_line1: Option<String>,
    address_line2: Option<String>,
    address_line3: Option<String>,
    postal_code: Option<String>,
    first_name: Option<String>,
    middle_name: Option<String>,
    last_name: Option<String>,
    phone_number: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PartnerView<'a> {
    #[serde(serialize_with = "wire::text")]
    tenant: TenantId,
    kind: &'static str,
    company_name: &'a str,
    domain: &'a str,
    markets: &'a [String],
    currency: &'a str,
    mpn_id: &'a str,
    #[serde(serialize_with = "wire::text")]
    signed_up_at: Timestamp,
    application: ApplicationView<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ApplicationView<'a> {
    #[serde(serialize_with = "wire::text")]
    app_id: AppId,
    /// Shown here and never again.
    secret: &'a str,
    roles: Vec<&'static str>,
}

/// Signs a partner up.
pub(crate) async fn sign_up(call: Call) -> Result<Answer, Problem> {
    let new = new_partner(call.json::<NewPartnerBody>()?)?;
    let (world, ctx) = (&call.world, &call.ctx);
    let partner = partner_sign_up(ctx, world.db(), &world.settings().domain_suffix, new).await?;
    let mut tx = world.db().begin().await?;
    let (registered, secret) = application_register(ctx, &mut tx, partner.tenant, APPLICATION_NAME, &ROLES).await?;
    tx.commit().await?;
    Ok(Answer::created(&view(&partner, registered, &secret))?.with(CACHE_CONTROL, "no-store"))
}

fn new_partner(body: NewPartnerBody) -> Result<NewPartner, Problem> {
    let address = body.address;
    Ok(NewPartner {
        company_name: body.company_name,
        domain: body.domain,
        address: Address {
            country: address.country,
            region: address.region,
            city: address.city,
            state: address.state,
            district: address.district,
            address_line1: address.address_line1,
            address_line2: address.address_line2,
            address_line3: address.address_line3,
            postal_code: address.postal_code,
            first_name: address.first_name,
            middle_name: address.middle_name,
            last_name: address.last_name,
            phone_number: address.phone_number,
        },
        email: body.email,
        culture: body.culture,
        language: body.language,
        mpn_id: body.mpn_id,
        markets: body.markets,
        currency: Currency::parse(&body.currency).map_err(|error| Problem::invalid("currency", error))?,
    })
}

fn view<'a>(partner: &'a Partner, registered: Registered, secret: &'a Secret) -> PartnerView<'a> {
    PartnerView {
        tenant: partner.tenant,
        kind: partner.kind.name(),
        company_name: &partner.company_name,
        domain: &partner.domain,
        markets: &partner.markets,
        currency: partner.currency.code(),
        mpn_id: &partner.mpn_id,
        signed_up_at: partner.signed_up_at,
        application: ApplicationView {
            app_id: registered.app,
            secret: secret.reveal(),
            roles: ROLES.map(Role::name).to_vec(),
        },
    }
}
