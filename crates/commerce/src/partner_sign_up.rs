//! Signing up a partner: its tenant, and the edge it buys on.
//!
//! Direct partners and indirect providers buy from the provider, by the price list of the default programme. A reseller
//! buys from an indirect provider, who signs it up and says what it pays.

use crate::channel::{Channel, Link};
use crate::partner::{Partner, PartnerKind, missing};
use crate::reach::Reach;
use crate::{Address, country, edge, events, rows, text};
use tenantry_access::{ChannelManage, PartnerScope, ResellerManage, WorldScope, allow};
use tenantry_core::{Currency, EdgeId, Factor, OpContext, Problem, Reason, Role, Secret, TenantId, TenantKind};
use tenantry_db::{Db, Tx, audit};
use tenantry_directory::{NewTenant, Registered, application_register, domain_check, provider_find, tenant_create};
use tenantry_rating::{PriceList, PriceRule};

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

/// Where a new partner is to stand in the channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Between the provider and customers.
    Direct,
    /// Between the provider and resellers.
    IndirectProvider,
    /// Between an indirect provider and customers.
    Reseller {
        /// Whom it buys from.
        indirect_provider: TenantId,
        /// What it pays of what the indirect provider pays: 1.07 for 7 % more. The first rule of its edge.
        factor: Factor,
    },
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
    Ok(partner_sign_up_as(ctx, db, domain_suffix, Standing::Direct, new, None).await?.0)
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
    let signed_up = partner_sign_up_as(ctx, db, domain_suffix, Standing::Direct, new, Some(application)).await?;
    let (partner, application) = signed_up;
    let (registered, secret) =
        application.ok_or_else(|| Problem::internal("signed up without the application asked for"))?;
    Ok((partner, registered, secret))
}

/// Signs up a partner of any kind, with its first application if one is named. The provider may; an indirect provider
/// may sign up its own resellers.
///
/// # Errors
/// Fields of the wrong form, named; a domain in use; a world without a provider or an indirect provider that is not
/// there, or not this caller's (`TenantNotFound`). For a reseller also: `InvalidField` on `indirectProvider` if that
/// partner is none, on `factor` if prices would need more digits than are kept;
/// `CountryUnsupported` for a market it does not sell in.
pub async fn partner_sign_up_as(
    ctx: &OpContext,
    db: &Db,
    domain_suffix: &str,
    standing: Standing,
    new: NewPartner,
    application: Option<NewApplication>,
) -> Result<(Partner, Option<(Registered, Secret)>), Problem> {
    let line = audit::open(ctx, db, "partner-sign-up", &text::shown(&new.domain)).await?;
    let outcome = sign_up(ctx, db, domain_suffix, (standing, new), application).await;
    line.close(ctx, db, outcome).await
}

async fn sign_up(
    ctx: &OpContext,
    db: &Db,
    domain_suffix: &str,
    (standing, new): (Standing, NewPartner),
    application: Option<NewApplication>,
) -> Result<(Partner, Option<(Registered, Secret)>), Problem> {
    match standing {
        Standing::Direct | Standing::IndirectProvider => {
            allow::<ChannelManage, _>(ctx, WorldScope { sandbox: false })?;
        }
        Standing::Reseller { indirect_provider, .. } => {
            allow::<ResellerManage, _>(ctx, PartnerScope(indirect_provider))?;
        }
    }
    let new = checked(domain_suffix, new)?;
    let provider = provider_find(db).await?.ok_or_else(|| {
        Problem::new(Reason::TenantNotFound, "this world has no provider yet; create it before its partners")
    })?;
    let mut tx = db.begin().await?;
    rows::provider::lock(&mut tx).await?;
    let begins = match standing {
        Standing::Direct | Standing::IndirectProvider => Begins::below_provider(provider.id, &new)?,
        Standing::Reseller { indirect_provider, factor } => {
            Begins::below_partner(ctx, &mut tx, indirect_provider, factor, &new).await?
        }
    };
    let wanted = NewTenant {
        kind: TenantKind::Partner,
        name: &new.company_name,
        domain: &new.domain,
        country: &new.address.country,
    };
    let tenant = tenant_create(ctx, &mut tx, wanted).await?;
    let kind = match standing {
        Standing::Direct => PartnerKind::Direct,
        Standing::IndirectProvider => PartnerKind::IndirectProvider,
        Standing::Reseller { indirect_provider, .. } => PartnerKind::Reseller { indirect_provider },
    };
    let partner = Partner {
        tenant: tenant.id,
        number: rows::partner::next_number(&mut tx).await?,
        kind,
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
    connect(ctx, &mut tx, begins, &partner).await?;
    let registered = match application {
        Some(new) => Some(application_register(ctx, &mut tx, partner.tenant, new.name, new.roles).await?),
        None => None,
    };
    tx.commit().await?;
    Ok((partner, registered))
}

/// How the edge of a new partner begins.
struct Begins {
    seller: TenantId,
    market: String,
    rule: PriceRule,
}

impl Begins {
    fn below_provider(provider: TenantId, new: &NewPartner) -> Result<Self, Problem> {
        let rule = edge::default_rule().map_err(Problem::internal)?;
        Ok(Self { seller: provider, market: new.address.country.clone(), rule })
    }

    /// A reseller is priced from the sheets its indirect provider is priced from: what the one pays is made of what the
    /// other pays. It may be billed in another currency; then the exchange rate of the month is between the two.
    async fn below_partner(
        ctx: &OpContext,
        tx: &mut Tx,
        seller: TenantId,
        factor: Factor,
        new: &NewPartner,
    ) -> Result<Self, Problem> {
        // Prices above must stand still while it is looked at whether the new ones can be multiplied with them.
        rows::partner::lock(tx, seller).await?;
        let found = rows::partner::by_id(tx, Reach::of(ctx)?, seller).await?;
        let above = found.ok_or_else(|| missing(ctx, seller))?;
        if above.kind != PartnerKind::IndirectProvider {
            let message = format!("{} is no indirect provider, and only those have resellers", above.company_name);
            return Err(Problem::invalid("indirectProvider", message));
        }
        if let Some(market) = new.markets.iter().find(|market| !above.markets.contains(market)) {
            let message = format!(
                "markets: {} does not sell in {market}, so its resellers do not; its markets are {}",
                above.company_name,
                above.markets.join(", ")
            );
            return Err(Problem::new(Reason::CountryUnsupported, message).at("markets"));
        }
        let rule = edge::resale_rule(factor);
        let channel = Channel::of(tx, seller).await?;
        if !channel.fits_below(&channel.last().rules, [&PriceList::new(vec![rule.clone()])]) {
            return Err(edge::inexact());
        }
        Ok(Self { seller, market: channel.first().market.clone(), rule })
    }
}

/// Makes the edge between the seller and the new partner.
async fn connect(ctx: &OpContext, tx: &mut Tx, begins: Begins, partner: &Partner) -> Result<(), Problem> {
    let Begins { seller, market, rule } = begins;
    let link = Link {
        id: EdgeId::new(ctx.chance.guid()),
        seller,
        buyer: partner.tenant,
        to_customer: false,
        market,
        currency: partner.currency,
        rules: PriceList::new(vec![rule.clone()]),
        created_at: ctx.now(),
    };
    rows::edge::insert(tx, &link).await?;
    rows::edge::rule_insert(tx, link.id, &rule, ctx.now()).await?;
    events::publish(ctx, tx, events::EDGE_CHANGED, link.id, &events::EdgeChanged::from(&link)).await
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
