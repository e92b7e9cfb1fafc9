//! What both directory APIs share of OData: the one speaks version 3, the other version 4, and of each their clients
//! use a small part. Pure: nothing here knows a tenant or a database.
//!
//! ```text
//! path   --paths-->  a path without parentheses        query --Options--> what a list shall show
//! thing  --Entity--> its properties, in order          Options + entities --Listing--> a page and where it goes on
//! ```

pub(crate) mod entity;
pub(crate) mod filter;
pub(crate) mod list;
pub(crate) mod options;
pub(crate) mod order;
pub(crate) mod paths;
pub(crate) mod select;

pub(crate) use entity::Entity;
pub(crate) use filter::Filter;
pub(crate) use list::{Page, Position};
pub(crate) use options::{Options, Shape};
pub(crate) use order::Order;
pub(crate) use select::Select;
