//! What a partner asks about its own house: who signed to sell, whose sign-in is weak, who holds which role.

mod agreement_status;
mod roles;
mod weak_sign_ins;

pub(crate) use agreement_status::handle as agreement_status;
pub(crate) use roles::{list as roles, members as role_members};
pub(crate) use weak_sign_ins::handle as weak_sign_ins;
