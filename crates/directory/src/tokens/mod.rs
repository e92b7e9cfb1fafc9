//! The token service: how people and applications sign in, and what they get for it.
//!
//! ```text
//! authorize -> sign_in -> consent -> code --.
//! device    -> sign_in -> consent -> code --+-> token_issue -> access, refresh and ID token -> token_verify
//! secret or certificate of an application --'        ^ refresh: each token once, see family.rs
//! ```
//!
//! * The request's fields come in as sent, the answer goes out as values; forms, pages and JSON are the face's.
//! * What gives access (codes, refresh tokens, tickets, cookies) has 256 random bits and is kept as its SHA-256.
//! * What can be used once is used up by one conditional UPDATE.
//! * Sign-ins, sign-outs, consent, codes, decisions about devices and revocations have audit lines. A redemption has not:
//!   its record is the row it uses up, and a token for an application leaves none at all.
//! * Whether somebody may is asked again at each step: consent, delegated administration, the user, the application.
//!
//! Source: directory.md part 1 and part 4; RFC 6749, 7523, 7636, 8252, 8628, 9700; OpenID Connect Core.

mod assertion;
mod authorization;
mod authorize;
mod authorize_grant;
mod certificate;
mod claims;
mod client;
mod consent;
mod device;
mod family;
mod grant_code;
mod grant_device;
mod grant_on_behalf;
mod grant_password;
mod grant_refresh;
mod granted;
mod in_customer;
mod keys;
mod memory;
mod mint;
mod person;
mod pkce;
mod redirect_uri;
mod refresh;
mod refusal;
mod refusal_text;
mod request;
mod resource;
mod rows;
mod scope;
mod session;
mod sign_in;
mod sign_out;
mod token_issue;
mod token_verify;
mod user_info;
mod weak_sign_in;

pub use authorization::{Authorization, AuthorizeRefusal, Prompt, RedirectAnswer, ResponseMode};
pub use authorize::{AdminConsentRequest, AuthorizeRequest, admin_consent_check, authorize_check};
pub use authorize_grant::authorize_grant;
pub use consent::{AskedRight, ConsentFor, ConsentQuestion, consent_accept, consent_question};
pub use device::{DeviceRequest, DeviceStart, device_decide, device_find, device_start};
pub use in_customer::in_customer;
pub use keys::{Jwk, Keys, keys_rotate};
pub use refusal::OauthRefusal;
pub use request::{Endpoint, IssuedToken, SignInRules, TOKEN_LIFETIME_SECONDS, TokenRequest};
pub use resource::{
    DIRECTORY_GRAPH, MANAGEMENT, MANAGEMENT_CLASSIC, MICROSOFT_GRAPH, PARTNER_CENTER, PARTNER_CENTER_OLD,
};
pub use session::{NewSession, SESSION_SECONDS, Session, session_end, session_find};
pub use sign_in::{SignInAttempt, SignInStep, sign_in, sign_in_second};
pub use sign_out::sign_out_address;
pub use token_issue::token_issue;
pub use token_verify::token_verify;
pub use user_info::{UserInfo, user_info};
pub use weak_sign_in::{WeakSignIn, weak_sign_in_list};
