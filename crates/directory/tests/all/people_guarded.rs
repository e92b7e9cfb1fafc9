//! Groups that make somebody an administrator elsewhere: a partner's agent groups, groups that hold roles of a
//! relationship, and groups inside one of these. Managing groups, or people, is not a way into them.

use crate::house::{House, in_a_house};
use crate::people_house::{OTHER, by_user, reason, secret, user};
use crate::relationships_desk::wanted;
use tenantry_core::{DirectoryRole, ObjectId, OpContext, Reason, TenantKind};
use tenantry_directory::{
    GroupChange, RelationshipAction, Tenant, User, UserChange, access_assignment_create, access_assignment_delete,
    access_assignment_list, group_change, group_delete, group_member_add, group_member_remove, group_owner_add,
    group_owner_remove, relationship_request, second_factor_remove, user_change, user_delete, user_password_reset,
};

const READER: DirectoryRole = DirectoryRole::GlobalReader;

/// A partner whose group `outer` has a role in a customer's tenant, `inner` is inside it, and `plain` is not.
struct Setting {
    partner: Tenant,
    customer: Tenant,
    relationship: String,
    outer: ObjectId,
    inner: ObjectId,
    plain: ObjectId,
    member: User,
    outsider: User,
}

async fn setting(house: &House) -> Setting {
    let (partner, customer) = (house.partner("contoso").await, house.customer("northwind").await);
    let (member, outsider) = (user(house, &partner, "operator").await, user(house, &partner, "guest").await);
    let inner = house.group(partner.id, "inner", member.id).await;
    let outer = house.group(partner.id, "outer", inner).await;
    let plain = house.group(partner.id, "plain", outsider.id).await;
    let relationship = house.active(&partner, &customer, wanted("Care", &[READER])).await.id;
    let roles = [READER.template()];
    access_assignment_create(&house.ctx, &house.db, partner.id, &relationship, outer, &roles).await.unwrap();
    Setting { partner, customer, relationship, outer, inner, plain, member, outsider }
}

impl Setting {
    /// Somebody else of the partner, with a directory role there.
    async fn clerk(&self, house: &House, role: DirectoryRole) -> OpContext {
        let name = format!("clerk{}", role.template().simple());
        let clerk = user(house, &self.partner, &name).await;
        by_user(house, (self.partner.id, TenantKind::Partner), &clerk, &[role])
    }

    /// Each way to change the group, as the caller; what was done is undone by the platform.
    async fn ways(&self, house: &House, ctx: &OpContext, group: ObjectId) -> Vec<Option<Reason>> {
        let (all, db, tenant, who) = (&house.ctx, &house.db, self.partner.id, self.outsider.id);
        let change = GroupChange { new_members: vec![who], ..GroupChange::default() };
        let mut seen = Vec::new();
        seen.push(reason(group_member_add(ctx, db, tenant, group, who).await));
        let _ = group_member_remove(all, db, tenant, group, who).await;
        seen.push(reason(group_change(ctx, db, tenant, group, change).await));
        let _ = group_member_remove(all, db, tenant, group, who).await;
        seen.push(reason(group_owner_add(ctx, db, tenant, group, who).await));
        let _ = group_owner_remove(all, db, tenant, group, who).await;
        group_member_add(all, db, tenant, group, who).await.unwrap();
        seen.push(reason(group_member_remove(ctx, db, tenant, group, who).await));
        let _ = group_member_remove(all, db, tenant, group, who).await;
        group_owner_add(all, db, tenant, group, who).await.unwrap();
        seen.push(reason(group_owner_remove(ctx, db, tenant, group, who).await));
        let _ = group_owner_remove(all, db, tenant, group, who).await;
        seen
    }

    /// Each way to take somebody over or put it out of office, as the caller.
    async fn takeovers(&self, house: &House, ctx: &OpContext, who: &User) -> Vec<Option<Reason>> {
        let (db, tenant) = (&house.db, self.partner.id);
        let named = UserChange { name: Some(format!("x{}", who.name)), ..UserChange::default() };
        let off = |enabled| UserChange { enabled: Some(enabled), ..UserChange::default() };
        let mut seen = vec![
            reason(user_password_reset(ctx, db, tenant, who.id, secret(OTHER), false).await),
            reason(second_factor_remove(ctx, db, tenant, who.id).await),
            reason(user_change(ctx, db, tenant, who.id, named).await),
            reason(user_change(ctx, db, tenant, who.id, off(false)).await),
        ];
        user_change(&house.ctx, db, tenant, who.id, off(true)).await.unwrap();
        let back = UserChange { name: Some(who.name.clone()), ..UserChange::default() };
        user_change(&house.ctx, db, tenant, who.id, back).await.unwrap();
        seen.push(reason(user_delete(ctx, db, tenant, who.id).await));
        seen
    }
}

const NO: Option<Reason> = Some(Reason::Forbidden);

#[test]
fn whoever_manages_groups_does_not_thereby_give_roles_at_customers() {
    in_a_house(|house| async move {
        let set = setting(&house).await;
        let agents = house.agent_group(set.partner.id).await.unwrap();
        let groups = set.clerk(&house, DirectoryRole::GroupsAdmin).await;
        let admin = set.clerk(&house, DirectoryRole::GlobalAdmin).await;
        group_member_remove(&house.ctx, &house.db, set.partner.id, set.plain, set.outsider.id).await.unwrap();
        for (name, group, refused) in [
            ("with a role of a relationship", set.outer, true),
            ("inside one with a role", set.inner, true),
            ("of agents", agents, true),
            ("ordinary", set.plain, false),
        ] {
            let expected = [if refused { NO } else { None }; 5];
            assert_eq!(set.ways(&house, &groups, group).await, expected, "a group {name}");
            assert_eq!(set.ways(&house, &admin, group).await, [None; 5], "a group {name}, by who gives roles");
        }
        for group in [set.outer, set.inner] {
            assert_eq!(reason(group_delete(&groups, &house.db, set.partner.id, group).await), NO);
        }
        assert_eq!(reason(group_delete(&groups, &house.db, set.partner.id, set.plain).await), None);
        assert_eq!(reason(group_delete(&admin, &house.db, set.partner.id, set.inner).await), None);
    });
}

#[test]
fn such_a_group_is_ordinary_again_when_it_gives_nothing_any_more() {
    in_a_house(|house| async move {
        let set = setting(&house).await;
        let (ctx, db, partner) = (&house.ctx, &house.db, set.partner.id);
        let groups = set.clerk(&house, DirectoryRole::GroupsAdmin).await;
        let ordinary = async |expected: bool, when: &str| {
            let expected = [if expected { None } else { NO }; 5];
            assert_eq!(set.ways(&house, &groups, set.inner).await, expected, "{when}");
        };
        ordinary(false, "with a role").await;
        let one = access_assignment_list(ctx, db, partner, &set.relationship).await.unwrap()[0].clone();
        access_assignment_delete(ctx, db, partner, &set.relationship, one.id, one.version).await.unwrap();
        ordinary(true, "its assignment deleted").await;
        let roles = [READER.template()];
        access_assignment_create(ctx, db, partner, &set.relationship, set.outer, &roles).await.unwrap();
        ordinary(false, "with another").await;
        house.advance("2026-01-20T15:59:59Z");
        ordinary(false, "a second before the end").await;
        house.advance("2026-01-20T16:00:00Z");
        ordinary(true, "the relationship is over by its time").await;
        let again = house.active(&set.partner, &set.customer, wanted("Again", &[READER])).await.id;
        access_assignment_create(ctx, db, partner, &again, set.outer, &roles).await.unwrap();
        ordinary(false, "with another relationship").await;
        relationship_request(ctx, db, set.customer.id, &again, RelationshipAction::Terminate).await.unwrap();
        ordinary(true, "the customer ended it").await;
    });
}

#[test]
fn who_is_in_such_a_group_is_touched_only_by_who_may_reset_administrators_passwords() {
    in_a_house(|house| async move {
        let set = setting(&house).await;
        let agent = user(&house, &set.partner, "agent").await;
        let agents = house.agent_group(set.partner.id).await.unwrap();
        group_member_add(&house.ctx, &house.db, set.partner.id, agents, agent.id).await.unwrap();
        let people = set.clerk(&house, DirectoryRole::UserAdmin).await;
        let admin = set.clerk(&house, DirectoryRole::GlobalAdmin).await;
        for (who, named) in [(&set.member, "in a group in a group with a role"), (&agent, "an agent")] {
            assert_eq!(set.takeovers(&house, &people, who).await, [NO; 5], "{named}");
            assert_eq!(set.takeovers(&house, &admin, who).await, [None; 5], "{named}, by a global administrator");
        }
        assert_eq!(set.takeovers(&house, &people, &set.outsider).await, [None; 5], "in an ordinary group");
    });
}
