//! A list of migrations or schedules: which are wanted, and the page of them.

use crate::wire::{paging, seek};
use serde::{Deserialize, Serialize};
use tenantry_commerce::NewCommerceQuery;
use tenantry_core::{Problem, Reason, SubscriptionId, TenantId, Timestamp};
use tenantry_http::{Answer, Call, HeaderName, page};
use uuid::Uuid;

/// Items on a page, at most and by default.
const PAGE_MAX: usize = 300;
/// The header of an answer that carries the token of the next page.
const TOKEN: &str = "ms-continuationtoken";

/// What goes into the token: follow-ups need send nothing else.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Asked {
    customer: Option<TenantId>,
    subscription: Option<SubscriptionId>,
    external_reference: Option<String>,
    size: usize,
    after: Option<(Timestamp, Uuid)>,
}

impl Asked {
    /// Reads a query, or the token of the page before.
    pub(super) fn of(call: &Call, list: &str) -> Result<Self, Problem> {
        if let Some(state) = seek::state::<Self>(call, list)? {
            return Ok(Self { size: state.size.clamp(1, PAGE_MAX), ..state });
        }
        let said = |name: &str| call.query(name).map(str::trim).filter(|text| !text.is_empty());
        let customer = said("CustomerTenantId").map(TenantId::parse).transpose();
        let subscription = said("CurrentSubscriptionId").map(SubscriptionId::parse).transpose();
        let asked = Self {
            customer: customer.map_err(|error| Problem::invalid("CustomerTenantId", error))?,
            subscription: subscription.map_err(|error| Problem::invalid("CurrentSubscriptionId", error))?,
            external_reference: said("ExternalReferenceId").map(str::to_owned),
            size: paging::size_by(call, "PageSize", PAGE_MAX, PAGE_MAX)?,
            after: None,
        };
        if asked.customer.is_none() && asked.subscription.is_none() && asked.external_reference.is_none() {
            let message =
                "CustomerTenantId: name a CustomerTenantId, a CurrentSubscriptionId or an ExternalReferenceId";
            return Err(Problem::new(Reason::MissingField, message).at("CustomerTenantId"));
        }
        Ok(asked)
    }

    /// One more than fit the page, to know whether there is another.
    pub(super) fn query(&self) -> NewCommerceQuery {
        NewCommerceQuery {
            customer: self.customer,
            subscription: self.subscription,
            external_reference: self.external_reference.clone(),
            after: self.after,
            limit: i64::try_from(self.size + 1).unwrap_or(i64::MAX),
        }
    }

    /// The page of what was found, as a bare array.
    pub(super) fn page<T, V: Serialize>(
        self,
        list: &str,
        found: Vec<T>,
        place: impl Fn(&T) -> (Timestamp, Uuid),
        view: impl Fn(T) -> V,
    ) -> Result<Answer, Problem> {
        let last = (found.len() > self.size).then(|| found.get(self.size - 1).map(place)).flatten();
        let shown: Vec<_> = found.into_iter().take(self.size).map(view).collect();
        let answer = Answer::ok(&shown)?;
        match last {
            None => Ok(answer),
            Some(last) => {
                let token = page::encode(list, &Self { after: Some(last), ..self })?;
                Ok(answer.with(HeaderName::from_static(TOKEN), token))
            }
        }
    }
}
