//! A published decision as data: the keys of the command `placewell decision read --json`.

use axum::Json;
use axum::response::{IntoResponse, Response};
use placewell_app::power::decision::DecisionRecord;
use placewell_domain::power::decision::{Limb, LimbEffect};
use serde_json::{Value, json};

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
