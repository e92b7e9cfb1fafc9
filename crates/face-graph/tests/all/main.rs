//! Both directory APIs as their clients see them, on both engines.
#![expect(clippy::unwrap_used, clippy::panic, reason = "test code")]

mod aad_applications;
mod aad_batch;
mod aad_groups;
mod aad_objects;
mod aad_organization;
mod aad_paging;
mod aad_refusals;
mod aad_users;
mod desk;
mod graph_batch;
mod graph_gdap;
mod graph_things;
mod graph_users;
mod half_done;
mod ids;
mod masked;
mod openapi;
mod strangers;
mod strangers_graph;
