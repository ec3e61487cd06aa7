//! A published decision as data, by the keys of the command `placewell decision read --json`; and the feed of all.

use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use placewell_app::power::decision::{DecisionRecord, published_of};
use placewell_exchange::power::decision::PublishedDecision;
use placewell_exchange::power::decision::feed::{Entry, Feed};
use serde::Serialize;

use crate::request::Visit;
use crate::respond::{Answered, OrFail};

/// A public decision: the reader's keys, then whose it is and where it stands.
#[derive(Debug, Serialize)]
struct PublicDecision {
    #[serde(flatten)]
    decision: PublishedDecision,
    authority: String,
    standing: &'static str,
}

/// The public JSON of a decision.
pub(super) fn response(found: &DecisionRecord) -> Response {
    let decision = published_of(found);
    let (authority, standing) = (found.authority.clone(), found.standing.label());
    Json(PublicDecision { decision, authority, standing }).into_response()
}

/// Every published decision as data, the latest first.
pub(super) async fn all(visit: Visit) -> Answered {
    let mut decisions = Vec::new();
    for known in visit.app().public_decisions().await.or_fail(&visit)? {
        let found = visit.app().public_decision(&known.decision.reference).await.or_fail(&visit)?;
        let decision = published_of(&found);
        decisions.push(PublicDecision { decision, authority: found.authority, standing: found.standing.label() });
    }
    Ok(Json(decisions).into_response())
}

/// At most so many decisions, the latest first.
const FEED: usize = 50;

/// The feed of published decisions.
pub(super) async fn feed(visit: Visit) -> Answered {
    let today = visit.now().today();
    let found = visit.app().decision_feed().await.or_fail(&visit)?;
    let address = |path: &str| format!("{}{path}", visit.web.origin);
    let entries = found.into_iter().take(FEED).map(|(known, updated)| {
        let decision = &known.decision;
        let annual = decision.page.annual_value().map(|value| format!(" It sets an annual value of {value}."));
        let dates = decision.date_line(today).map(|line| line.sentence).unwrap_or_default();
        Entry {
            address: address(&format!("/decisions/{}", decision.reference)),
            forms: &[("application/pdf", ".pdf"), ("application/json", ".json")],
            title: format!("{}: {}", decision.reference, decision.page.title),
            author: known.authority.clone(),
            updated,
            summary: format!("{dates}{}", annual.unwrap_or_default()),
            standing: decision.standing(today).label().to_owned(),
        }
    });
    let feed = Feed {
        title: "Published decisions of the participating authorities and trusts".to_owned(),
        address: address("/decisions.atom"),
        page: address("/decisions"),
        made: visit.now().at,
        entries: entries.collect(),
    };
    let kind = [(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")];
    Ok((kind, feed.atom()).into_response())
}
