//! What the directory promises, on both engines: who gets a token, which tokens count, and that what is taken away
//! is gone at once. Rules that need no table are tested beside the code.
#![cfg(test)]

mod applications_consent;
mod applications_credentials;
mod applications_house;
mod applications_life;
mod azure_assignments;
mod azure_partners;
mod azure_roles;
mod claims;
mod domains;
mod forged;
mod half_done;
mod house;
mod issued;
mod keys;
mod organization_desk;
mod organization_domains;
mod organization_licences;
mod organization_profile;
mod people_groups;
mod people_house;
mod people_migration;
mod people_roles;
mod people_sign_in;
mod people_users;
mod refusals;
mod relationships_desk;
mod relationships_life;
mod relationships_rights;
mod roles;
mod taken_away;
mod tokens_authorize;
mod tokens_certificate;
mod tokens_code;
mod tokens_device;
mod tokens_house;
mod tokens_keys;
mod tokens_memory;
mod tokens_partner;
mod tokens_refresh;
mod tokens_sign_in;
