//! Contracts: the customers of a partner, in the partner's own directory.

use super::views::contract as view;
use super::{users, wire};
use crate::odata::{Options, Page, Shape};
use crate::{directory, who};
use tenantry_core::Problem;
use tenantry_directory::{contract_find, contract_list};
use tenantry_http::{Answer, Call};

const SHAPE: Shape = Shape::of("Contract", view::FILTERS);

pub(super) async fn list(call: Call) -> Result<Answer, Problem> {
    let options = Options::read(&call.query, &SHAPE, "contracts")?;
    let contracts = contract_list(&call.ctx, call.world.db(), who::tenant(&call)?).await?;
    let shown = contracts.iter().map(|contract| (contract.id.to_string(), view::contract(contract))).collect();
    wire::page(&call, wire::OBJECTS, "contracts", &Page::whole(&options, shown)?)
}

pub(super) async fn get(call: Call) -> Result<Answer, Problem> {
    let id = directory::object_id(call.param("contract")?)?;
    let contract = contract_find(&call.ctx, call.world.db(), who::tenant(&call)?, id.guid()).await?;
    wire::object(&call, wire::OBJECTS, users::selected(&call, view::contract(&contract))?)
}
