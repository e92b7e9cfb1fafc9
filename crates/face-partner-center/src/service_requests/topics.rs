//! `GET /v1/servicerequests/supporttopics`: what a request can be about.

use crate::wire::{Attributes, Collection};
use serde::Serialize;
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};
use tenantry_support::topic_list;

#[derive(Serialize)]
struct SupportTopic {
    /// A number here, a text where a request names it (partner-center-v1.md 3.20).
    id: i64,
    name: &'static str,
    description: &'static str,
    attributes: Attributes,
}

pub(crate) async fn topics(call: Call) -> Result<Answer, Problem> {
    let topics = topic_list(&call.ctx)?;
    let view = topics.iter().map(|topic| SupportTopic {
        id: topic.id,
        name: topic.name,
        description: topic.description,
        attributes: Attributes::of("SupportTopic"),
    });
    Answer::ok(&Collection::whole(view.collect(), "/servicerequests/supporttopics"))
}
