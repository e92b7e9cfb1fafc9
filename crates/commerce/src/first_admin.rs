//! The first administrator of a customer's tenant, and the password that is shown once.

use crate::Customer;
use tenantry_core::{Chance, OpContext, Problem, Secret};
use tenantry_db::Tx;
use tenantry_directory::first_admin_create;

/// How the first administrator of a new customer signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstAdmin {
    /// The part of its name before the `@`: what Partner Center answers as `userName`.
    pub user_name: &'static str,
    /// Its whole name: `admin@northwind.example.test`.
    pub name: String,
    /// Its password. Nobody can ask for it again.
    pub password: Secret,
}

const USER_NAME: &str = "admin";

/// Letters and digits that nobody mistakes for another: without i, l, o, I, O, 0 and 1.
const LOWER: &[u8] = b"abcdefghjkmnpqrstuvwxyz";
const UPPER: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
const DIGITS: &[u8] = b"23456789";
/// Above 90 bits.
const LENGTH: usize = 17;

impl FirstAdmin {
    /// Makes the user in the transaction that makes the tenant.
    pub(crate) async fn create(ctx: &OpContext, tx: &mut Tx, customer: &Customer) -> Result<Self, Problem> {
        let name = format!("{USER_NAME}@{}", customer.domain);
        let password = draw(&ctx.chance);
        first_admin_create(ctx, tx, customer.id, &name, &password, true).await?;
        Ok(Self { user_name: USER_NAME, name, password })
    }
}

/// A password with all kinds of characters that rules ask for. It begins with one of each, so that none is missing.
fn draw(chance: &Chance) -> Secret {
    let any: Vec<u8> = [LOWER, UPPER, DIGITS].concat();
    let kinds: [&[u8]; 3] = [UPPER, LOWER, DIGITS];
    let rest = std::iter::repeat_n(&any[..], LENGTH - kinds.len());
    let drawn = kinds.into_iter().chain(rest).map(|from| {
        let at = usize::try_from(chance.below(from.len() as u64)).unwrap_or(0);
        char::from(from[at])
    });
    Secret::new(drawn.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawn_password_has_every_kind_and_no_doubtful_character() {
        let chance = Chance::from_seed(3);
        let drawn: Vec<Secret> = (0..200).map(|_| draw(&chance)).collect();
        for password in &drawn {
            let text = password.reveal();
            assert_eq!(text.len(), LENGTH);
            for kind in [char::is_uppercase, char::is_lowercase, char::is_numeric] {
                assert!(text.contains(kind), "{text}");
            }
            assert!(!text.contains(['i', 'l', 'o', 'I', 'O', '0', '1']), "{text}");
        }
        assert!(drawn.iter().enumerate().all(|(at, one)| !drawn[..at].contains(one)));
    }
}
