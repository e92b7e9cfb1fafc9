//! What people see: sign-in, consent, codes and refusals, as plain HTML.
//!
//! Templates are `maud` macros: markup is checked and every value escaped at compile time, so forgetting to escape
//! is not possible, and nothing is read at run time. Pages need no JavaScript; the one script there is (form_post)
//! saves a click. A page may load nothing, and send forms only to us and to the address the person is on the way to:
//! see [`layout`].
//!
//! Everything here is a pure function of its data: no database, no clock. Samples of each page are rendered by a
//! test, compared with committed files and looked at in a browser.

mod consent;
mod device;
mod form_post;
mod forms;
mod layout;
mod refusal;
#[cfg(test)]
mod samples;
mod sign_in;
mod signed_out;

pub(crate) use consent::{Consent, Decides, SHOWN, Wish, consent};
pub(crate) use device::{DeviceAsked, device_confirm, device_declined, device_done, device_enter};
pub(crate) use form_post::form_post;
pub(crate) use forms::Mistake;
pub(crate) use layout::Journey;
pub(crate) use refusal::{Refusal, refusal};
pub(crate) use sign_in::{SignInMistake, choose_account, new_password, second_factor, sign_in};
pub(crate) use signed_out::signed_out;
