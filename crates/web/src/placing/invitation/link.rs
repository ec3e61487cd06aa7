//! One-time links: opening one shows a page and changes nothing; only its forms act, and only once.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use placewell_app::Outcome;
use placewell_app::placing::invitation::received::Received;
use placewell_app::placing::invitation::{Answering, AskQuestion};
use placewell_domain::id::InvitationId;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::invitation::OneTimeLink;
use placewell_pages::form::Typed;
use placewell_pages::placing::invitation::{Door, decline_page, link_done_page, link_page, question_page};
use placewell_pages::placing::offer::{Mode, offer_page};

use super::{WRONG, offer_form, read_decline, read_write, received_view};
use crate::request::{Unsigned, Visit};
use crate::respond::{Answered, Failure, OrFail, page, page_with, redirect};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/emails/done", get(done))
        .route("/emails/{token}/answer", get(show))
        .route("/emails/{token}/offer", get(ask_offer).post(offer))
        .route("/emails/{token}/decline", get(ask_decline).post(decline))
        .route("/emails/{token}/question", get(ask_question).post(question))
}

async fn done(visit: Visit) -> Response {
    page(&link_done_page(visit.shell()))
}

struct Held {
    actor: Actor,
    link: OneTimeLink,
    one: Received,
    door: Door,
}

impl Held {
    fn to(&self) -> Answering {
        Answering { invitation: self.link.invitation.0, link: Some(self.link.digest.clone()) }
    }

    fn reference(&self) -> String {
        self.one.invitation.reference.to_string()
    }

    /// The one answer of a link has one key.
    fn key(&self) -> String {
        format!("link-{}", self.link.id)
    }
}

async fn held(visit: &Visit, token: &str) -> Result<Held, Failure> {
    let (actor, link) = visit.app().link_holder(token).await.or_fail(visit)?;
    let id = InvitationId(link.invitation.0);
    let one = visit.app().received_invitation(&actor, id).await.or_fail(visit)?;
    let door = Door { base: format!("/emails/{token}"), back: format!("/emails/{token}/answer") };
    Ok(Held { actor, link, one, door })
}

async fn show(visit: Visit, Path(token): Path<String>) -> Answered {
    let held = held(&visit, &token).await?;
    let lots = visit.app().lot_names().await.or_fail(&visit)?;
    let view = received_view(std::slice::from_ref(&held.one), &lots, visit.now());
    let view = view.ok_or(Outcome::NotFound).or_fail(&visit)?;
    Ok(page(&link_page(visit.shell(), &view, &held.door.base)))
}

fn answered(
    visit: &Visit,
    answer: Result<placewell_app::Receipt, Outcome>,
    form: impl FnOnce(&Invalid) -> Response,
) -> Answered {
    match answer {
        Ok(receipt) => Ok(redirect(&receipt.location)),
        Err(Outcome::Invalid(invalid)) => Ok(form(&invalid)),
        Err(outcome) => Err(visit.fail(outcome)),
    }
}

async fn ask_offer(visit: Visit, Path(token): Path<String>) -> Answered {
    let held = held(&visit, &token).await?;
    let view = offer_form(&visit, &held.actor, &held.one, Mode::Link, held.door.clone(), None).await?;
    Ok(page(&offer_page(visit.shell(), &view, &Invalid::default(), &held.key())))
}

async fn offer(Path(token): Path<String>, Unsigned { visit, fields, .. }: Unsigned) -> Answered {
    let held = held(&visit, &token).await?;
    let answer = match read_write(&fields, &held.one, held.to(), true) {
        Ok(command) => visit.app().perform(&held.actor, &visit.new_key(), command).await,
        Err(invalid) => Err(invalid.into()),
    };
    let typed = Some(Typed::new(fields.pairs().to_vec()));
    let mut view = offer_form(&visit, &held.actor, &held.one, Mode::Link, held.door.clone(), typed).await?;
    view.version = fields.version();
    answered(&visit, answer, |invalid| page_with(WRONG, &offer_page(visit.shell(), &view, invalid, &held.key())))
}

async fn ask_decline(visit: Visit, Path(token): Path<String>) -> Answered {
    let held = held(&visit, &token).await?;
    let (typed, none) = (Typed::default(), Invalid::default());
    let form = decline_page(visit.shell(), &held.reference(), &held.one.home, &held.door, &typed, &none, &held.key());
    Ok(page(&form))
}

async fn decline(Path(token): Path<String>, Unsigned { visit, fields, .. }: Unsigned) -> Answered {
    let held = held(&visit, &token).await?;
    let answer = match read_decline(&fields, held.to()) {
        Ok(command) => visit.app().perform(&held.actor, &visit.new_key(), command).await,
        Err(invalid) => Err(invalid.into()),
    };
    answered(&visit, answer, |invalid| {
        let typed = Typed::new(fields.pairs().to_vec());
        let form =
            decline_page(visit.shell(), &held.reference(), &held.one.home, &held.door, &typed, invalid, &held.key());
        page_with(WRONG, &form)
    })
}

async fn ask_question(visit: Visit, Path(token): Path<String>) -> Answered {
    let held = held(&visit, &token).await?;
    let (typed, none) = (Typed::default(), Invalid::default());
    Ok(page(&question_page(visit.shell(), &held.reference(), &held.door, &typed, &none, &held.key())))
}

async fn question(Path(token): Path<String>, Unsigned { visit, fields, .. }: Unsigned) -> Answered {
    let held = held(&visit, &token).await?;
    let command = AskQuestion { to: held.to(), text: fields.get("question").to_owned() };
    let answer = visit.app().perform(&held.actor, &visit.new_key(), command).await;
    // A question does not use the link up: its page is where the answer will stand.
    let answer = answer.map(|receipt| placewell_app::Receipt { location: held.door.back.clone(), ..receipt });
    answered(&visit, answer, |invalid| {
        let typed = Typed::new(fields.pairs().to_vec());
        page_with(
            StatusCode::UNPROCESSABLE_ENTITY,
            &question_page(visit.shell(), &held.reference(), &held.door, &typed, invalid, &held.key()),
        )
    })
}
