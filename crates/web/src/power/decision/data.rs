//! A published decision as data, by the keys of the command `placewell decision read --json`; and the feed of all.

use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use placewell_app::power::decision::DecisionRecord;
use placewell_domain::power::decision::{Limb, LimbEffect};
use placewell_exchange::power::decision::feed::{Entry, Feed};
use serde_json::{Value, json};

use crate::request::Visit;
use crate::respond::{Answered, OrFail};

/// The public JSON of a decision.
pub(super) fn response(found: &DecisionRecord) -> Response {
    let (decision, page) = (&found.decision, &found.decision.page);
    let publication = decision.state.publication();
    let body = json!({
        "title": page.title,
        "reference": decision.reference,
        "authority": found.authority,
        "decision_maker": page.decision_maker,
        "governing_body": page.governing_body.map(placewell_domain::power::decision::GoverningBody::code),
        "status": page.status,
        "standing": found.standing.label(),
        "key_decision": page.key_decision,
        "subject_to_call_in": page.subject_to_call_in,
        "purpose": page.purpose,
        "limbs": page.limbs.iter().map(limb).collect::<Vec<_>>(),
        "alternatives": page.alternatives.iter().map(|option| json!({ "number": option.number, "text": option.text })).collect::<Vec<_>>(),
        "reasons": page.reasons,
        "conflicts_of_interest": page.conflicts_of_interest,
        "dispensations": page.dispensations,
        "urgency": page.urgency,
        "reason_key": page.reason_key,
        "wards": page.wards,
        "contact": page.contact,
        "published_on": publication.map(|publication| publication.published_on),
        "decided_on": publication.map(|publication| publication.decided_on),
        "effective_from": decision.effective_on(),
        "annual_value_pence": page.annual_value().map(|pence| pence.0),
        "term": page.term.map(|term| json!({ "start": term.start, "end": term.end, "option_months": term.option_months })),
        "documents": page.documents.iter().map(|document| json!({ "title": document.title, "url": document.address })).collect::<Vec<_>>(),
        "source_url": page.source_url,
        "missing": found.missing,
    });
    Json(body).into_response()
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

fn limb(limb: &Limb) -> Value {
    json!({
        "letter": limb.letter.to_string(),
        "text": limb.text,
        "powers": limb.effects.iter().flat_map(effect).collect::<Vec<_>>(),
    })
}

fn effect(effect: &LimbEffect) -> Vec<Value> {
    match effect {
        LimbEffect::Adopts => vec![json!({ "act": "adopt", "posts": [] })],
        LimbEffect::Ceiling { annual } => vec![json!({ "act": "ceiling", "posts": [], "ceiling_pence": annual.0 })],
        LimbEffect::UsesExtension { until } => vec![json!({ "act": "extend", "posts": [], "until": until })],
        LimbEffect::Authorises { powers, posts } => {
            let posts: Vec<Value> =
                posts.iter().map(|post| json!({ "post": post.words, "relevant": post.relevant })).collect();
            powers.iter().map(|power| json!({ "act": power.code(), "posts": posts })).collect()
        }
    }
}
