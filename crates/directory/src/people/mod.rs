//! People: users and how they prove who they are, groups, directory roles, and the directory objects that lists of
//! members are made of.

mod directory_role;
mod directory_role_members;
mod first_admin_create;
mod group;
mod group_create;
mod group_find;
mod group_members;
mod groups_owned;
mod guard;
mod last_admin;
mod lockout;
mod manager;
mod member_of;
mod object;
mod own_password_change;
mod password;
mod password_hash;
mod profile;
mod role_place;
mod rows;
mod second_factor;
mod sign_in_check;
mod standing;
pub(crate) mod text;
mod totp;
mod user;
mod user_change;
mod user_create;
mod user_delete;
mod user_erase;
mod user_find;
mod user_make;
mod user_password_reset;
mod user_restore;

pub use directory_role::{ActivatedRole, directory_role_activate, directory_role_find, directory_role_list};
pub use directory_role_members::{directory_role_member_add, directory_role_member_remove, directory_role_members};
pub use first_admin_create::first_admin_create;
pub(crate) use group::no_group;
pub use group::{Group, GroupChange, GroupPeople, NewGroup};
pub use group_create::{group_change, group_create, group_create_with, group_delete};
pub use group_find::{group_find, group_page};
pub use group_members::{
    group_member_add, group_member_remove, group_members, group_owner_add, group_owner_remove, group_owners,
};
pub use groups_owned::groups_owned;
pub(crate) use guard::{holds_roles, is_self};
pub use manager::{user_direct_reports, user_manager};
pub use member_of::member_of;
pub use object::{DirectoryObject, object_find, objects_by_ids};
pub use own_password_change::{first_password_set, own_password_change};
pub use profile::{Profile, ProfileChange};
pub(crate) use role_place::global_admin_assign;
pub use role_place::role_assign;
pub(crate) use role_place::roles_begin;
pub(crate) use rows::group::by_id as group_by_id;
pub(crate) use rows::lock as people_lock;
pub(crate) use rows::user::{by_id as user_by_id, members as people_in};
pub use second_factor::{
    SecondFactorStart, second_factor_begin, second_factor_check, second_factor_confirm, second_factor_of,
    second_factor_remove,
};
pub use sign_in_check::{SignInCheck, sign_in_check};
pub(crate) use standing::{Standing, standing};
pub(crate) use user::no_user;
pub use user::{NewPassword, NewUser, USER_KEPT_SECONDS, User, UserChange, UserKind};
pub use user_change::{user_change, user_manager_set};
pub use user_create::user_create;
pub use user_delete::user_delete;
pub use user_erase::{ERASE_USER, user_erase, user_erase_due};
pub use user_find::{user_find, user_page};
pub use user_password_reset::{user_password_reset, user_sign_ins_revoke};
pub use user_restore::user_restore;
