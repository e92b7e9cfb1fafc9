//! Signing up a partner: its tenant, and the edge it buys on with the price list of the default programme.

use crate::partner::{Partner, PartnerKind};
use crate::{Address, Edge, country, edge, events, rows, text};
use tenantry_access::{ChannelManage, WorldScope, allow};
use tenantry_core::{Currency, EdgeId, OpContext, Problem, Reason, Role, Secret, TenantId, TenantKind};
use tenantry_db::{Db, Tx, audit};
use tenantry_directory::{NewTenant, Registered, application_register, domain_check, provider_find, tenant_create};
use tenantry_rating::PriceList;

/// What is needed to sign up a partner.
#[derive(Debug, Clone)]
pub struct NewPartner {
    /// Its legal name.
    pub company_name: String,
    /// Its whole domain.
    pub domain: String,
    /// Its address; the country's price sheets are its prices.
    pub address: Address,
    /// Where news go.
    pub email: String,
    /// How dates and numbers are written: `en-US`.
    pub culture: String,
    /// In what language: `en`.
    pub language: String,
    /// Its number in the partner network: digits.
    pub mpn_id: String,
    /// The countries it may have customers in; at least one.
    pub markets: Vec<String>,
    /// The currency it buys in.
    pub currency: Currency,
}

/// The first application of a new partner.
#[derive(Debug, Clone, Copy)]
pub struct NewApplication {
    /// What people call it.
    pub name: &'static str,
    /// What it may do.
    pub roles: &'static [Role],
}

/// Signs up a direct partner. Only the provider may.
///
/// Refused: fields of the wrong form, named; a domain in use; a world without a provider (`TenantNotFound`).
pub async fn partner_sign_up(
    ctx: &OpContext,
    db: &Db,
    domain_suffix: &str,
    new: NewPartner,
) -> Result<Partner, Problem> {
    let line = audit::open(ctx, db, "partner-sign-up", &text::shown(&new.domain)).await?;
    let outcome = sign_up(ctx, db, domain_suffix, new, None).await;
    line.close(ctx, db, outcome).await.map(|(partner, _)| partner)
}

/// Signs up a direct partner together with its first application, in one transaction: a partner that could
/// never sign in would be of no use, and its domain would be taken. The secret is shown here and never again.
pub async fn partner_sign_up_with_application(
    ctx: &OpContext,
    db: &Db,
    domain_suffix: &str,
    new: NewPartner,
    application: NewApplication,
) -> Result<(Partner, Registered, Secret), Problem> {
    let line = audit::open(ctx, db, "partner-sign-up", &text::shown(&new.domain)).await?;
    let outcome = sign_up(ctx, db, domain_suffix, new, Some(application)).await;
    let (partner, application) = line.close(ctx, db, outcome).await?;
    let (registered, secret) =
        application.ok_or_else(|| Problem::internal("signed up without the application asked for"))?;
    Ok((partner, registered, secret))
}

async fn sign_up(
    ctx: &OpContext,
    db: &Db,
    domain_suffix: &str,
    new: NewPartner,
    application: Option<NewApplication>,
) -> Result<(Partner, Option<(Registered, Secret)>), Problem> {
    allow::<ChannelManage, _>(ctx, WorldScope { sandbox: false })?;
    let new = checked(domain_suffix, new)?;
    let provider = provider_find(db).await?.ok_or_else(|| {
        Problem::new(Reason::TenantNotFound, "this world has no provider yet; create it before its partners")
    })?;
    let mut tx = db.begin().await?;
    let wanted = NewTenant {
        kind: TenantKind::Partner,
        name: &new.company_name,
        domain: &new.domain,
        country: &new.address.country,
    };
    let tenant = tenant_create(ctx, &mut tx, wanted).await?;
    let partner = Partner {
        tenant: tenant.id,
        kind: PartnerKind::Direct,
        company_name: new.company_name,
        domain: tenant.default_domain,
        address: new.address,
        email: new.email,
        culture: new.culture,
        language: new.language,
        mpn_id: new.mpn_id,
        markets: new.markets,
        currency: new.currency,
        signed_up_at: ctx.now(),
    };
    rows::partner::insert(&mut tx, &partner).await?;
    connect(ctx, &mut tx, provider.id, &partner).await?;
    let registered = match application {
        Some(new) => Some(application_register(ctx, &mut tx, partner.tenant, new.name, new.roles).await?),
        None => None,
    };
    tx.commit().await?;
    Ok((partner, registered))
}

/// Makes the edge between the provider and the new partner.
async fn connect(ctx: &OpContext, tx: &mut Tx, provider: TenantId, partner: &Partner) -> Result<(), Problem> {
    let rule = edge::default_rule().map_err(Problem::internal)?;
    let edge = Edge {
        id: EdgeId::new(ctx.chance.guid()),
        seller: provider,
        buyer: partner.tenant,
        market: partner.address.country.clone(),
        currency: partner.currency,
        prices: PriceList::new(vec![rule.clone()]),
        created_at: ctx.now(),
    };
    rows::edge::insert(tx, &edge).await?;
    rows::edge::rule_insert(tx, edge.id, &rule, ctx.now()).await?;
    events::publish(ctx, tx, events::EDGE_CHANGED, edge.id, &events::EdgeChanged::from(&edge)).await
}

fn checked(domain_suffix: &str, new: NewPartner) -> Result<NewPartner, Problem> {
    let mpn_id = text::required("mpnId", &new.mpn_id, 20)?;
    if !mpn_id.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Problem::invalid("mpnId", format!("`{mpn_id}` is not a number such as 4847383")));
    }
    let mut markets =
        new.markets.iter().map(|market| country::check("markets", market)).collect::<Result<Vec<_>, _>>()?;
    markets.sort_unstable();
    markets.dedup();
    if markets.is_empty() {
        return Err(Problem::missing("markets"));
    }
    Ok(NewPartner {
        company_name: text::required("companyName", &new.company_name, 200)?,
        domain: domain_check(domain_suffix, &new.domain)?,
        address: new.address.checked("address")?,
        email: text::email("email", &new.email)?,
        culture: text::culture("culture", &new.culture)?,
        language: text::culture("language", &new.language)?,
        mpn_id,
        markets,
        currency: new.currency,
    })
}
