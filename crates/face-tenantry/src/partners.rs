//! `POST /api/v1/partners`: the provider signs up a partner and hands it the key to its door; an indirect provider does so
//! for its resellers. `GET /api/v1/resellers`: those of an indirect provider.
//!
//! The answer holds the secret of the partner's first application, this once. So it is not kept for repeated
//! requests (`Replay::Off`), nor by any cache on the way; a repetition finds the domain taken.

use crate::{asked, schema, wire};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tenantry_commerce::{
    Address, NewApplication, NewPartner, Partner, PartnerKind, Standing, partner_sign_up_as, reseller_list,
};
use tenantry_core::{AppId, Currency, Factor, Problem, Role, TenantId, Timestamp};
use tenantry_http::header::CACHE_CONTROL;
use tenantry_http::{Answer, Call};

/// What the first application may do: everything an admin of the partner may.
const ROLES: [Role; 2] = [Role::AdminAgent, Role::GlobalAdmin];
const APPLICATION_NAME: &str = "First application";
/// How the partner reads dates and numbers, and in what language, unless it says otherwise.
const CULTURE: &str = "en-US";
const LANGUAGE: &str = "en";

/// Nothing is required here: what is absent, `null` or empty is named by the act that needs it.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewPartnerBody {
    #[schemars(required)]
    company_name: Option<String>,
    #[schemars(required)]
    domain: Option<String>,
    #[schemars(required)]
    address: Option<AddressBody>,
    #[schemars(required)]
    email: Option<String>,
    culture: Option<String>,
    language: Option<String>,
    mpn_id: Option<String>,
    #[schemars(with = "Vec<schema::Country>")]
    markets: Option<Vec<String>>,
    #[schemars(with = "schema::Currency")]
    currency: Option<String>,
    /// `direct` by default.
    #[schemars(extend("enum" = ["direct", "indirectProvider", "reseller", null]))]
    kind: Option<String>,
    /// Of a reseller: whom it buys from. An indirect provider's own tenant by default.
    #[schemars(with = "Option<schema::Id>")]
    indirect_provider: Option<String>,
    /// Of a reseller: what it pays of what the indirect provider pays, `1.07`.
    #[schemars(with = "Option<schema::Decimal>")]
    factor: Option<String>,
}

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AddressBody {
    #[schemars(with = "schema::Country")]
    country: Option<String>,
    region: Option<String>,
    #[schemars(required)]
    city: Option<String>,
    state: Option<String>,
    district: Option<String>,
    #[schemars(required)]
    address_line1: Option<String>,
    address_line2: Option<String>,
    address_line3: Option<String>,
    postal_code: Option<String>,
    first_name: Option<String>,
    middle_name: Option<String>,
    last_name: Option<String>,
    phone_number: Option<String>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PartnerView<'a> {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    tenant: TenantId,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    indirect_provider: Option<String>,
    company_name: &'a str,
    domain: &'a str,
    markets: &'a [String],
    currency: &'a str,
    mpn_id: &'a str,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    signed_up_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    application: Option<ApplicationView<'a>>,
}

#[derive(JsonSchema, Serialize)]
pub(crate) struct ListView<'a> {
    items: Vec<PartnerView<'a>>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApplicationView<'a> {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    app_id: AppId,
    /// Shown here and never again.
    secret: &'a str,
    roles: Vec<&'static str>,
}

/// Signs a partner up.
pub(crate) async fn sign_up(call: Call) -> Result<Answer, Problem> {
    let body = call.json::<NewPartnerBody>()?;
    let standing = standing(&call, &body)?;
    let new = new_partner(body)?;
    let (world, ctx) = (&call.world, &call.ctx);
    let application = NewApplication { name: APPLICATION_NAME, roles: &ROLES };
    let suffix = &world.settings().domain_suffix;
    let (partner, registered) = partner_sign_up_as(ctx, world.db(), suffix, standing, new, Some(application)).await?;
    let application = registered.as_ref().map(|(registered, secret)| ApplicationView {
        app_id: registered.app,
        secret: secret.reveal(),
        roles: ROLES.map(Role::name).to_vec(),
    });
    let answer = PartnerView { application, ..view(&partner) };
    Ok(Answer::created(&answer)?.with(CACHE_CONTROL, "no-store"))
}

/// The resellers of an indirect provider, in the order they signed up.
pub(crate) async fn resellers(call: Call) -> Result<Answer, Problem> {
    let above = asked::partner(&call).await?;
    let resellers = reseller_list(&call.ctx, call.world.db(), above).await?;
    Answer::ok(&ListView { items: resellers.iter().map(view).collect() })
}

/// Where it is to stand. Members that do not belong there are refused, not left unread: `factor` without `kind` would be
/// somebody's price.
fn standing(call: &Call, body: &NewPartnerBody) -> Result<Standing, Problem> {
    const KINDS: [&str; 3] = ["direct", "indirectProvider", "reseller"];
    let kind = body.kind.as_deref().unwrap_or(KINDS[0]);
    if kind != KINDS[2] {
        let stray = [("indirectProvider", &body.indirect_provider), ("factor", &body.factor)];
        if let Some((name, _)) = stray.into_iter().find(|(_, value)| value.is_some()) {
            return Err(Problem::invalid(name, "belongs to a reseller; leave it out, or say \"kind\": \"reseller\""));
        }
    }
    match kind {
        "direct" => Ok(Standing::Direct),
        "indirectProvider" => Ok(Standing::IndirectProvider),
        "reseller" => {
            let named = body.indirect_provider.as_deref().map(TenantId::parse).transpose();
            let named = named.map_err(|error| Problem::invalid("indirectProvider", error))?;
            let own = call.ctx.confined_to();
            let indirect_provider = named.or(own).ok_or_else(|| Problem::missing("indirectProvider"))?;
            let factor = body.factor.as_deref().ok_or_else(|| Problem::missing("factor"))?;
            let factor = Factor::parse(factor).map_err(|error| Problem::invalid("factor", error))?;
            Ok(Standing::Reseller { indirect_provider, factor })
        }
        other => {
            let shown: String = other.chars().take(40).collect();
            Err(Problem::invalid("kind", format!("`{shown}` is not one of {}", KINDS.join(", "))))
        }
    }
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

fn view(partner: &Partner) -> PartnerView<'_> {
    PartnerView {
        tenant: partner.tenant,
        kind: match partner.kind {
            PartnerKind::Direct => "direct",
            PartnerKind::IndirectProvider => "indirectProvider",
            PartnerKind::Reseller { .. } => "reseller",
        },
        indirect_provider: partner.kind.indirect_provider().map(|tenant| tenant.to_string()),
        company_name: &partner.company_name,
        domain: &partner.domain,
        markets: &partner.markets,
        currency: partner.currency.code(),
        mpn_id: &partner.mpn_id,
        signed_up_at: partner.signed_up_at,
        application: None,
    }
}
