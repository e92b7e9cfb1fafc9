//! Granular delegated administration: `/tenantRelationships`. All of it is asked in the partner's tenant; the customer's
//! administrator sees the same relationships in its own, and answers them with requests.
//!
//! Source: directory.md 3.4.

use super::views::gdap as view;
use super::wire;
use crate::input::Members;
use crate::odata::{Entity, Options, Page, Shape};
use crate::{directory, who};
use tenantry_core::{ObjectId, Problem, Reason, TenantId};
use tenantry_directory::{
    NewRelationship, RelationshipAction, RelationshipChange, access_assignment_change, access_assignment_create,
    access_assignment_delete, access_assignment_find, access_assignment_list, delegated_customer_find,
    delegated_customer_list, relationship_change, relationship_create, relationship_delete, relationship_find,
    relationship_operation_find, relationship_operation_list, relationship_page, relationship_request,
    relationship_request_find, relationship_request_list, relationships_with,
};
use tenantry_http::{Answer, Call, StatusCode, header};
use uuid::Uuid;

const SET: &str = "tenantRelationships/delegatedAdminRelationships";
const CUSTOMERS: &str = "tenantRelationships/delegatedAdminCustomers";
const RELATIONSHIPS: Shape = Shape::of("delegatedAdminRelationship", view::FILTERS)
    .ordered_by(&["displayName", "createdDateTime"])
    .pages(300, 300);
/// Lists below a relationship.
const PARTS: Shape = Shape::of("delegatedAdminRelationshipPart", &["id", "status"]).pages(300, 300);
const CUSTOMER: Shape = Shape::of("delegatedAdminCustomer", &["displayName", "id", "tenantId"]).pages(300, 300);

fn id(call: &Call) -> Result<&str, Problem> {
    call.param("relationship")
}

/// An id below a relationship. What cannot be one names nothing.
fn part(call: &Call, name: &str) -> Result<Uuid, Problem> {
    directory::object_id(call.param(name)?)
        .map(ObjectId::guid)
        .map_err(|problem| Problem::new(Reason::RelationshipNotFound, problem.message()))
}

fn if_match(call: &Call) -> Option<&str> {
    call.header(header::IF_MATCH)
}

/// The partner's relationships; asked in a customer's tenant, those that partners have or want with it.
pub(super) async fn list(call: Call) -> Result<Answer, Problem> {
    let options = wire::options(&call, &RELATIONSHIPS, SET, &[])?;
    let (db, tenant, ctx) = (call.world.db(), who::tenant(&call)?, &call.ctx);
    let page = if who::identity(&call)?.tenant_kind == tenantry_core::TenantKind::Partner {
        let source = |after: Option<String>, limit| async move {
            let all = relationship_page(ctx, db, tenant, after.as_deref(), limit).await?;
            Ok(all.iter().map(|of| (of.id.clone(), view::relationship(of))).collect())
        };
        Page::walk(&options, source).await?
    } else {
        let all = relationships_with(ctx, db, tenant).await?;
        Page::whole(&options, all.iter().map(|of| (of.id.clone(), view::relationship(of))).collect())?
    };
    wire::page(&call, SET, &page)
}

pub(super) async fn get(call: Call) -> Result<Answer, Problem> {
    let found = relationship_find(&call.ctx, call.world.db(), who::tenant(&call)?, id(&call)?).await?;
    wire::entity(&call, SET, wire::selected(&call, view::relationship(&found), &[])?)
}

pub(super) async fn create(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    body.only(&["displayName", "duration", "autoExtendDuration", "customer", "accessDetails"])?;
    let new = NewRelationship {
        display_name: body.text_required("displayName")?,
        customer: customer(&body)?,
        duration: body.text_required("duration")?,
        auto_extend: body.text("autoExtendDuration")?,
        roles: roles(&body)?.ok_or_else(|| Problem::missing("accessDetails"))?,
    };
    let made = relationship_create(&call.ctx, call.world.db(), who::tenant(&call)?, new).await?;
    wire::created(&call, SET, &format!("{SET}/{}", made.id), view::relationship(&made))
}

fn customer(body: &Members<'_>) -> Result<Option<TenantId>, Problem> {
    let Some(customer) = body.object("customer")? else { return Ok(None) };
    Ok(customer.guid("tenantId")?.map(TenantId::new))
}

/// `accessDetails.unifiedRoles[].roleDefinitionId`.
fn roles(body: &Members<'_>) -> Result<Option<Vec<Uuid>>, Problem> {
    let Some(details) = body.object("accessDetails")? else { return Ok(None) };
    let roles = details.objects("unifiedRoles")?.ok_or_else(|| Problem::missing("accessDetails.unifiedRoles"))?;
    roles.iter().map(|role| role.guid_required("roleDefinitionId")).collect::<Result<_, _>>().map(Some)
}

pub(super) async fn change(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    body.only(&["displayName", "duration", "autoExtendDuration", "customer", "accessDetails"])?;
    let (db, tenant) = (call.world.db(), who::tenant(&call)?);
    let found = relationship_find(&call.ctx, db, tenant, id(&call)?).await?;
    let seen = view::seen(if_match(&call), &found.id)?;
    let change = RelationshipChange {
        display_name: body.text("displayName")?,
        customer: customer(&body)?,
        duration: body.text("duration")?,
        auto_extend: body.text("autoExtendDuration")?,
        roles: roles(&body)?,
    };
    let changed = relationship_change(&call.ctx, db, tenant, &found.id, seen, change).await?;
    wire::entity(&call, SET, view::relationship(&changed))
}

pub(super) async fn delete(call: Call) -> Result<Answer, Problem> {
    let (db, tenant) = (call.world.db(), who::tenant(&call)?);
    let found = relationship_find(&call.ctx, db, tenant, id(&call)?).await?;
    let seen = view::seen(if_match(&call), &found.id)?;
    relationship_delete(&call.ctx, db, tenant, &found.id, seen).await?;
    wire::done()
}

/// A page of a list below a relationship.
fn parts(call: &Call, name: &str, all: Vec<(String, Entity)>) -> Result<Answer, Problem> {
    let options: Options = wire::options(call, &PARTS, &format!("{}/{name}", id(call)?), &[])?;
    let set = format!("{SET}('{}')/{name}", id(call)?);
    wire::page(call, &set, &Page::whole(&options, all)?)
}

/// Things that only grow in number keep their order, the oldest first: their place is their key.
fn in_order(all: impl Iterator<Item = Entity>) -> Vec<(String, Entity)> {
    all.enumerate().map(|(place, entity)| (format!("{place:08}"), entity)).collect()
}

/// What is called what below a relationship, in contexts.
fn part_set(call: &Call, name: &str) -> Result<String, Problem> {
    Ok(format!("{SET}('{}')/{name}", id(call)?))
}

pub(super) async fn requests(call: Call) -> Result<Answer, Problem> {
    let all = relationship_request_list(&call.ctx, call.world.db(), who::tenant(&call)?, id(&call)?).await?;
    parts(&call, "requests", in_order(all.iter().map(view::request)))
}

pub(super) async fn request(call: Call) -> Result<Answer, Problem> {
    let (db, tenant, request) = (call.world.db(), who::tenant(&call)?, part(&call, "request")?);
    let found = relationship_request_find(&call.ctx, db, tenant, id(&call)?, request).await?;
    wire::entity(&call, &part_set(&call, "requests")?, view::request(&found))
}

pub(super) async fn request_create(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    body.only(&["action"])?;
    let sent = body.text_required("action")?;
    let action = RelationshipAction::from_name(&sent).ok_or_else(|| {
        let all = RelationshipAction::ALL.map(RelationshipAction::name).join(", ");
        Problem::invalid("action", format!("is one of {all}"))
    })?;
    let made = relationship_request(&call.ctx, call.world.db(), who::tenant(&call)?, id(&call)?, action).await?;
    let place = format!("{SET}/{}/requests/{}", made.relationship, made.id);
    wire::created(&call, &part_set(&call, "requests")?, &place, view::request(&made))
}

pub(super) async fn operations(call: Call) -> Result<Answer, Problem> {
    let all = relationship_operation_list(&call.ctx, call.world.db(), who::tenant(&call)?, id(&call)?).await?;
    parts(&call, "operations", in_order(all.iter().map(view::operation)))
}

pub(super) async fn operation(call: Call) -> Result<Answer, Problem> {
    let (db, tenant, operation) = (call.world.db(), who::tenant(&call)?, part(&call, "operation")?);
    let found = relationship_operation_find(&call.ctx, db, tenant, id(&call)?, operation).await?;
    wire::entity(&call, &part_set(&call, "operations")?, view::operation(&found))
}

pub(super) async fn assignments(call: Call) -> Result<Answer, Problem> {
    let all = access_assignment_list(&call.ctx, call.world.db(), who::tenant(&call)?, id(&call)?).await?;
    parts(&call, "accessAssignments", all.iter().map(|of| (of.id.to_string(), view::assignment(of))).collect())
}

pub(super) async fn assignment(call: Call) -> Result<Answer, Problem> {
    let (db, tenant, assignment) = (call.world.db(), who::tenant(&call)?, part(&call, "assignment")?);
    let found = access_assignment_find(&call.ctx, db, tenant, id(&call)?, assignment).await?;
    wire::entity(&call, &part_set(&call, "accessAssignments")?, view::assignment(&found))
}

pub(super) async fn assignment_create(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    body.only(&["accessContainer", "accessDetails"])?;
    let container = body.object("accessContainer")?.ok_or_else(|| Problem::missing("accessContainer"))?;
    if container.text("accessContainerType")?.is_some_and(|kind| kind != "securityGroup") {
        return Err(Problem::invalid("accessContainer.accessContainerType", "is `securityGroup`"));
    }
    let group = ObjectId::new(container.guid_required("accessContainerId")?);
    let roles = roles(&body)?.ok_or_else(|| Problem::missing("accessDetails"))?;
    let (db, tenant) = (call.world.db(), who::tenant(&call)?);
    let made = access_assignment_create(&call.ctx, db, tenant, id(&call)?, group, &roles).await?;
    let place = format!("{SET}/{}/accessAssignments/{}", made.relationship, made.id);
    wire::created(&call, &part_set(&call, "accessAssignments")?, &place, view::assignment(&made))
}

/// 202 with the operation to wait for; 200 with the assignment if there was nothing to change.
pub(super) async fn assignment_change(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    body.only(&["accessDetails"])?;
    let roles = roles(&body)?.ok_or_else(|| Problem::missing("accessDetails"))?;
    let (db, tenant, assignment) = (call.world.db(), who::tenant(&call)?, part(&call, "assignment")?);
    let found = access_assignment_find(&call.ctx, db, tenant, id(&call)?, assignment).await?;
    let seen = view::seen(if_match(&call), found.id)?;
    let changed = access_assignment_change(&call.ctx, db, tenant, &found.relationship, found.id, seen, &roles).await?;
    let Some(operation) = changed.operation else {
        return wire::entity(&call, &part_set(&call, "accessAssignments")?, view::assignment(&changed.assignment));
    };
    let place = format!("{SET}/{}/operations/{}", operation.relationship, operation.id);
    let answer = Answer::json(StatusCode::ACCEPTED, &Entity::new())?;
    Ok(answer.with(header::LOCATION, wire::address(&call, &place)).with(header::RETRY_AFTER, "10"))
}

pub(super) async fn assignment_delete(call: Call) -> Result<Answer, Problem> {
    let (db, tenant, assignment) = (call.world.db(), who::tenant(&call)?, part(&call, "assignment")?);
    let found = access_assignment_find(&call.ctx, db, tenant, id(&call)?, assignment).await?;
    let seen = view::seen(if_match(&call), found.id)?;
    access_assignment_delete(&call.ctx, db, tenant, &found.relationship, found.id, seen).await?;
    wire::done()
}

pub(super) async fn customers(call: Call) -> Result<Answer, Problem> {
    let options = wire::options(&call, &CUSTOMER, CUSTOMERS, &[])?;
    let all = delegated_customer_list(&call.ctx, call.world.db(), who::tenant(&call)?).await?;
    let shown = all.iter().map(|of| (of.tenant.to_string(), view::customer(of))).collect();
    wire::page(&call, CUSTOMERS, &Page::whole(&options, shown)?)
}

fn customer_id(call: &Call) -> Result<TenantId, Problem> {
    TenantId::parse(call.param("customer")?)
        .map_err(|error| Problem::new(Reason::RelationshipNotFound, error.to_string()))
}

pub(super) async fn customer_get(call: Call) -> Result<Answer, Problem> {
    let found = delegated_customer_find(&call.ctx, call.world.db(), who::tenant(&call)?, customer_id(&call)?).await?;
    wire::entity(&call, CUSTOMERS, view::customer(&found))
}

/// Where the services of a customer are administered by others than this API: nowhere, so the list is empty.
pub(super) async fn service_details(call: Call) -> Result<Answer, Problem> {
    let found = delegated_customer_find(&call.ctx, call.world.db(), who::tenant(&call)?, customer_id(&call)?).await?;
    let set = format!("{CUSTOMERS}('{}')/serviceManagementDetails", found.tenant);
    wire::all(&call, &set, &Vec::<Entity>::new())
}
