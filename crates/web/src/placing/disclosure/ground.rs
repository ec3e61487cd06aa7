//! The ground for disclosure: the page, recording one, withdrawing it.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use placewell_app::placing::disclosure::ground::{Grounds, RecordGround, SaidOfConsent, WithdrawGround};
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::disclosure::ground::{
    AgreedBy, Consent, Ground, GroundState, LawfulBasis, OverrideReason, SpecialCondition,
};
use placewell_pages::form::Typed;
use placewell_pages::placing::disclosure::ground::{GroundLine, GroundView, ground_page};
use placewell_pages::words;

use crate::fields::Fields;
use crate::placing::referral::must_make;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page_with, see};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/referrals/{reference}/ground", get(show).post(record))
        .route("/referrals/{reference}/ground/withdraw", post(withdraw))
}

fn line((ground, by): &(Ground, String)) -> GroundLine {
    let consent = match &ground.consent {
        Consent::Agreed { by, on } => format!("{}, {}", by.label(), words::date(*on)),
        Consent::Overridden { reason, .. } => format!("Overridden: {}", reason.label()),
    };
    let withdrawn = match ground.state {
        GroundState::InForce => None,
        GroundState::Withdrawn { at, .. } => Some(at),
    };
    GroundLine {
        basis: ground.basis.label(),
        condition: ground.condition.label(),
        consent,
        by: by.clone(),
        at: ground.recorded_at,
        withdrawn,
    }
}

fn view_of(found: Grounds, may_record: bool, typed: Typed) -> GroundView {
    let (in_force, earlier): (Vec<_>, Vec<_>) =
        found.all.into_iter().partition(|(ground, _)| ground.state == GroundState::InForce);
    GroundView {
        reference: found.referral.reference.to_string(),
        in_force: in_force.last().map(|one| (line(one), one.0.version)),
        override_words: found.override_words,
        earlier: earlier.iter().map(line).collect(),
        waiting: found.waiting,
        erased: found.erased,
        deciders: found.deciders.into_iter().map(|(person, name)| (person.0, name)).collect(),
        may_record,
        typed,
    }
}

async fn show_with(signed: &Signed, reference: &str, errors: &Invalid, typed: Typed, key: &str) -> Answered {
    let found = signed.app().grounds(&signed.actor, reference).await.or_fail(signed)?;
    let view = view_of(found, may(signed.actor.role, Action::MakeReferral), typed);
    let status = if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page_with(status, &ground_page(signed.shell(), &view, errors, key)))
}

async fn show(signed: Signed, Path(reference): Path<String>) -> Answered {
    show_with(&signed, &reference, &Invalid::default(), Typed::default(), &signed.new_key()).await
}

fn read(fields: &Fields, reference: &str) -> Result<RecordGround, Invalid> {
    let mut invalid = Invalid::default();
    let basis = fields.choice("basis", LawfulBasis::from_code, "Choose the lawful basis", &mut invalid);
    let condition = fields.choice("condition", SpecialCondition::from_code, "Choose the condition", &mut invalid);
    let consent = match fields.get("consent") {
        "agreed" => {
            let by = fields.choice("agreed_by", AgreedBy::from_code, "Choose who agreed", &mut invalid);
            let on = fields.date("agreed_on", "Enter the day on which they agreed, like 10 9 2021", &mut invalid);
            by.zip(on).map(|(by, on)| SaidOfConsent::Agreed { by, on })
        }
        "overridden" => {
            let ask = "Choose why it goes on without consent";
            let reason = fields.choice("override", OverrideReason::from_code, ask, &mut invalid);
            let decided_by = fields.get("decided_by").parse::<i64>().ok();
            if decided_by.is_none() {
                invalid.add("decided_by", "Choose the director or assistant director who decided it");
            }
            let words = fields.get("words").to_owned();
            reason.zip(decided_by).map(|(reason, decided_by)| SaidOfConsent::Overridden { reason, decided_by, words })
        }
        _ => {
            invalid.add("consent", "Say whether somebody agreed");
            None
        }
    };
    match (basis, condition, consent) {
        (Some(basis), Some(condition), Some(consent)) if invalid.errors.is_empty() => {
            Ok(RecordGround { reference: reference.to_owned(), basis, condition, consent })
        }
        _ => Err(invalid),
    }
}

async fn record(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    must_make(&signed)?;
    match signed.attempt(&key, read(&fields, &reference)).await? {
        Ok(receipt) => Ok(see(&receipt)),
        Err(invalid) => show_with(&signed, &reference, &invalid, Typed::new(fields.pairs().to_vec()), &key).await,
    }
}

async fn withdraw(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let command = WithdrawGround { reference, version: fields.version() };
    Ok(see(&signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?))
}
