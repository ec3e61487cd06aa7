//! Disclosure: what a home reads at its stage, its question about known associates, and the authority's yes or no.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use placewell_app::Outcome;
use placewell_app::placing::disclosure::{AnswerAssociate, AskAssociate, ReadAssociate};
use placewell_domain::id::InvitationId;
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::disclosure::ground::LawfulBasis;
use placewell_domain::placing::disclosure::{AssociateAnswer, AssociateState, Stage};
use placewell_domain::placing::offer::{Offer, OfferState};
use placewell_pages::placing::disclosure::{
    ChronologyView, IdentityView, associates_page, chronology_page, identity_page,
};
use placewell_pages::placing::referral::receipts::{AssociateView, ReceiptsView};

use super::referral::must_make;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page, page_with, see};
use crate::server::Web;

mod ground;
mod recall;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .merge(ground::routes())
        .merge(recall::routes())
        .route("/provider/invitations/{id}/chronology", get(chronology))
        .route("/provider/invitations/{id}/child", get(identity))
        .route("/provider/invitations/{id}/associates", get(associates).post(ask))
        .route("/referrals/{reference}/associates/{question}", post(answer))
}

async fn chronology(signed: Signed, Path(id): Path<i64>) -> Answered {
    let (invitation, read) = signed.app().read_chronology(&signed.actor, InvitationId(id)).await.or_fail(&signed)?;
    let view = ChronologyView { reference: invitation.reference.to_string(), text: read.risk_chronology };
    let hides = signed.app().hides_after(&signed.actor).await.or_fail(&signed)?;
    Ok(page(&chronology_page(signed.shell(), &view, hides)))
}

async fn identity(signed: Signed, Path(id): Path<i64>) -> Answered {
    let (invitation, read) = signed.app().read_identity(&signed.actor, InvitationId(id)).await.or_fail(&signed)?;
    let view = IdentityView {
        reference: invitation.reference.to_string(),
        name: format!("{} {}", read.given_names, read.family_name),
        known_as: read.known_as,
        born: read.born,
        school: read.school,
        case_number: read.case_number,
    };
    let hides = signed.app().hides_after(&signed.actor).await.or_fail(&signed)?;
    Ok(page(&identity_page(signed.shell(), &view, hides)))
}

fn view_of(read: ReadAssociate) -> AssociateView {
    AssociateView {
        id: read.question.id,
        version: read.question.version,
        about: read.about,
        asked: read.question.asked,
        answer: match read.question.state {
            AssociateState::Asked => None,
            AssociateState::Answered { known, .. } => Some(known),
        },
    }
}

async fn associates(signed: Signed, Path(id): Path<i64>) -> Answered {
    associates_with(&signed, id, &Invalid::default(), &signed.new_key(), StatusCode::OK).await
}

async fn associates_with(signed: &Signed, id: i64, errors: &Invalid, key: &str, status: StatusCode) -> Answered {
    let received = signed.app().received_invitation(&signed.actor, InvitationId(id)).await.or_fail(signed)?;
    let read = signed.app().may_read(&signed.actor, InvitationId(id)).await.or_fail(signed)?;
    if !read.shortlisted {
        return Err(signed.fail(Outcome::NotFound));
    }
    let questions: Vec<AssociateView> = read.associates.into_iter().map(view_of).collect();
    let reference = received.invitation.reference.to_string();
    let path = format!("/provider/invitations/{id}/associates");
    Ok(page_with(status, &associates_page(signed.shell(), &reference, &path, &questions, errors, key)))
}

async fn ask(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let command = AskAssociate { invitation: id, about: fields.get("about").to_owned() };
    match signed.app().perform(&signed.actor, &key, command).await {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Outcome::Invalid(invalid)) => {
            associates_with(&signed, id, &invalid, &key, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(outcome) => Err(signed.fail(outcome)),
    }
}

async fn answer(
    Path((reference, question)): Path<(String, i64)>,
    Submitted { signed, fields, key }: Submitted,
) -> Answered {
    must_make(&signed)?;
    let mut invalid = Invalid::default();
    let field = format!("known_{question}");
    let known = fields.choice(&field, AssociateAnswer::from_code, "Choose yes or no", &mut invalid);
    let Some(known) = known else { return Err(signed.fail(invalid.into())) };
    let command = AnswerAssociate { reference, question, version: fields.version(), known };
    Ok(see(&signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?))
}

/// What the authority sees of an offer's disclosure.
pub(super) async fn receipts(signed: &Signed, reference: &str, offer: &Offer) -> Result<ReceiptsView, Failure> {
    let found = signed.app().disclosure_receipts(&signed.actor, offer).await.or_fail(signed)?;
    let what = |chosen: bool| if chosen { "The child's details" } else { "Risk chronology" };
    let nothing = match offer.state {
        OfferState::Accepted { .. } => "Nothing any more: the agreement was cancelled before the start",
        _ => "Nothing any more: the offer was lost",
    };
    Ok(ReceiptsView {
        stage: found.stage.map_or(nothing, Stage::label).to_owned(),
        readings: found
            .readings
            .into_iter()
            .map(|(reading, name)| (what(reading.chosen).to_owned(), name, reading.at))
            .collect(),
        associates: found.associates.into_iter().map(view_of).collect(),
        recall: (found.told && may(signed.actor.role, Action::KeepDisclosure))
            .then(|| format!("/referrals/{reference}/offers/{}/recall", offer.number)),
        ground: found.ground.map_or("None recorded: nobody can be told", LawfulBasis::label).to_owned(),
    })
}
