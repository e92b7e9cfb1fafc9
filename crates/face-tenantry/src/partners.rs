//! `POST /api/v1/partners`: the provider signs up a direct partner, and hands it the key to its door.
//!
//! The answer holds the secret of the partner's first application, this once. So it is not kept for repeated
//! requests (`Replay::Off`), nor by any cache on the way; a repetition finds the domain taken.

use crate::wire;
use serde::{Deserialize, Serialize};
use tenantry_commerce::{Address, NewApplication, NewPartner, Partner, partner_sign_up_with_application};
use tenantry_core::{AppId, Currency, Problem, Role, Secret, TenantId, Timestamp};
use tenantry_directory::Registered;
use tenantry_http::header::CACHE_CONTROL;
use tenantry_http::{Answer, Call};

/// What the first application may do: everything an admin of the partner may.
const ROLES: [Role; 2] = [Role::AdminAgent, Role::GlobalAdmin];
const APPLICATION_NAME: &str = "First application";
/// How the partner reads dates and numbers, and in what language, unless it says otherwise.
const CULTURE: &str = "en-US";
const LANGUAGE: &str = "en";

/// Nothing is required here: what is absent, `null` or empty is named by the act that needs it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewPartnerBody {
    company_name: Option<String>,
    domain: Option<String>,
    address: Option<AddressBody>,
    email: Option<String>,
    culture: Option<String>,
    language: Option<String>,
    mpn_id: Option<String>,
    markets: Option<Vec<String>>,
    currency: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AddressBody {
    country: Option<String>,
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
    let application = NewApplication { name: APPLICATION_NAME, roles: &ROLES };
    let suffix = &world.settings().domain_suffix;
    let (partner, registered, secret) =
        partner_sign_up_with_application(ctx, world.db(), suffix, new, application).await?;
    Ok(Answer::created(&view(&partner, registered, &secret))?.with(CACHE_CONTROL, "no-store"))
}

fn new_partner(body: NewPartnerBody) -> Result<NewPartner, Problem> {
    let currency = body.currency.ok_or_else(|| Problem::missing("currency"))?;
    let address = body.address.unwrap_or_default();
    Ok(NewPartner {
        company_name: body.company_name.unwrap_or_default(),
        domain: body.domain.ok_or_else(|| Problem::missing("domain"))?,
        address: Address {
            country: address.country.unwrap_or_default(),
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
        email: body.email.unwrap_or_default(),
        culture: body.culture.unwrap_or_else(|| CULTURE.to_owned()),
        language: body.language.unwrap_or_else(|| LANGUAGE.to_owned()),
        mpn_id: body.mpn_id.unwrap_or_default(),
        markets: body.markets.unwrap_or_default(),
        currency: Currency::parse(&currency).map_err(|error| Problem::invalid("currency", error))?,
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
