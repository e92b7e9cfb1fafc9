//! What a partner's people and applications did, in their own tenant and in those of their customers: the audit trail as
//! its owner reads it.
//!
//! A line belongs to the tenant that its actor belongs to. So a partner sees what its own people did wherever they did it,
//! and nothing of what others did, be it to the same customer.
//!
//! A line is opened before anything is looked up, so its customer is whatever the caller wrote. It is named if the act was
//! done, for then it was found, or if it is the partner's: otherwise a refused act would tell whose tenant an id is.

use crate::relationships::contract_rows;
use crate::rows;
use std::collections::BTreeMap;
use tenantry_access::{AuditRead, PartnerScope, allow};
use tenantry_core::{OpContext, Problem, Reason, TenantId, Timestamp};
use tenantry_db::Db;
use tenantry_db::audit_read::{AuditEnd, AuditLine, AuditPlace, line_of, lines};
use uuid::Uuid;

/// How far back the trail is shown (partner-center-v1.md 4.12): 90 days, from the beginning of a day.
const SHOWN_SECONDS: i64 = 90 * 86_400;
/// Lines read at a time, and at most for one page: a rare kind is not looked for through months at once.
const CHUNK: i64 = 500;
const CHUNKS_MAX: usize = 20;

/// Acts whose target names the customer they are about, and as which of its words. Others say it apart.
const NAMED_IN_TARGET: &[(&str, usize)] = &[
    ("order-place", 0),
    ("customer-change-billing-profile", 0),
    ("customer-delete", 0),
    ("customer-end", 0),
    ("agreement-confirm", 0),
    ("delegated-admin-remove", 1),
    ("device-batch-create", 0),
    ("device-batch-add", 0),
    ("configuration-policy-create", 0),
    ("configuration-policy-change", 0),
    ("configuration-policy-delete", 0),
    ("device-change", 0),
    ("device-delete", 0),
    ("device-policies-assign", 0),
];

/// Whether a line is asked for, with the name of the customer it is about.
pub type Wanted<'a> = &'a (dyn Fn(&AuditLine, Option<&str>) -> bool + Sync);

/// Which lines.
#[derive(Clone, Copy)]
pub struct AuditQuery<'a> {
    /// Whose people and applications.
    pub partner: TenantId,
    /// Opened at or after this.
    pub from: Timestamp,
    /// Opened before this.
    pub until: Timestamp,
    /// Behind this place; `None` for the beginning.
    pub behind: Option<AuditPlace>,
    /// How many at most.
    pub size: usize,
    /// Which of them.
    pub wanted: Wanted<'a>,
}

/// A line, with the name of the customer it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// The line.
    pub line: AuditLine,
    /// The customer's name as it is now. None of a tenant that the partner knows nothing of.
    pub customer_name: Option<String>,
}

/// Some lines, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditPage {
    /// They.
    pub items: Vec<AuditRecord>,
    /// Where the list goes on, if it does. There may be fewer items than asked for before that.
    pub next: Option<AuditPlace>,
}

/// The trail of a partner.
///
/// # Errors
/// `InvalidField` at `startDate` if it is more than 90 days ago; `Forbidden`.
pub async fn audit_list(ctx: &OpContext, db: &Db, query: AuditQuery<'_>) -> Result<AuditPage, Problem> {
    allow::<AuditRead, _>(ctx, PartnerScope(query.partner))?;
    let first = ctx.now().plus_seconds(-SHOWN_SECONDS).day().start();
    // A list that was begun in time is read to its end.
    if query.behind.is_none() && query.from < first {
        let told = format!("{} is more than 90 days ago; the trail is shown from {first}", query.from);
        return Err(Problem::invalid("startDate", told));
    }
    let mut reader = db.reader().await?;
    let mut names = Names::default();
    let (mut items, mut place) = (Vec::new(), query.behind);
    for _ in 0..CHUNKS_MAX {
        let chunk = lines(&mut reader, query.partner, (query.from, query.until), place, CHUNK).await?;
        let last_chunk = chunk.len() < usize::try_from(CHUNK).unwrap_or(usize::MAX);
        for line in chunk.into_iter().map(with_customer) {
            let here = AuditPlace { at: line.opened_at, id: line.id };
            let customer_name = names.of(&mut reader, &line).await?;
            if (query.wanted)(&line, customer_name.as_deref()) {
                if items.len() == query.size {
                    return Ok(AuditPage { items, next: place });
                }
                items.push(AuditRecord { line, customer_name });
            }
            place = Some(here);
        }
        if last_chunk {
            return Ok(AuditPage { items, next: None });
        }
    }
    Ok(AuditPage { items, next: place })
}

/// One line of a partner's trail, however old.
///
/// # Errors
/// `ObjectNotFound` if it is none of the partner's.
pub async fn audit_find(ctx: &OpContext, db: &Db, partner: TenantId, id: Uuid) -> Result<AuditRecord, Problem> {
    allow::<AuditRead, _>(ctx, PartnerScope(partner))?;
    let mut reader = db.reader().await?;
    let line = line_of(&mut reader, partner, id).await?;
    let line = line.ok_or_else(|| {
        let told = format!("there is no audit record {id} of this partner; take its id from the list");
        Problem::new(Reason::ObjectNotFound, told)
    })?;
    let line = with_customer(line);
    let customer_name = Names::default().of(&mut reader, &line).await?;
    Ok(AuditRecord { line, customer_name })
}

/// The line with the customer that its target names.
fn with_customer(line: AuditLine) -> AuditLine {
    let named = NAMED_IN_TARGET.iter().find(|(act, _)| *act == line.act).map(|(_, place)| *place);
    let word = named.and_then(|place| line.target.split_whitespace().nth(place));
    let customer = line.customer.or_else(|| word.and_then(|word| TenantId::parse(word).ok()));
    AuditLine { customer, ..line }
}

/// Names that were looked up: of tenants, and whether they are for the partner to know.
#[derive(Default)]
struct Names(BTreeMap<(TenantId, bool), Option<String>>);

impl Names {
    async fn of(&mut self, on: &mut impl tenantry_db::Connection, line: &AuditLine) -> Result<Option<String>, Problem> {
        let Some(tenant) = line.customer else { return Ok(None) };
        let was_found = line.end == AuditEnd::Succeeded;
        if let Some(known) = self.0.get(&(tenant, was_found)) {
            return Ok(known.clone());
        }
        let is_known = was_found || contract_rows::is_there(on, line.home, tenant).await?;
        let name = match is_known {
            true => rows::tenant_by_id(on, tenant).await?.map(|tenant| tenant.name),
            false => None,
        };
        self.0.insert((tenant, was_found), name.clone());
        Ok(name)
    }
}
