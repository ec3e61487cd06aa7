//! A token for one home reaches that home alone: operations about it, about what it was asked, and about its agreements. Every
//! other operation is refused, so that a new one is closed to it until it is named here.

use axum::extract::{FromRequestParts as _, MatchedPath, RawPathParams};
use axum::http::request::Parts;
use placewell_app::Outcome;
use placewell_app::placing::agreement::of_home::About;
use placewell_domain::id::InvitationId;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;

use super::problem::Problem;
use crate::server::Web;

/// Refuses what is not about the home that the token is for.
pub(super) async fn within(parts: &mut Parts, web: &Web, actor: &Actor) -> Result<(), Problem> {
    let Some(home) = web.app.narrowed_to(actor).await? else { return Ok(()) };
    let template = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
    let path = template.strip_prefix("/api/v1").unwrap_or(&template);
    // Who one is, and a list that its own operation narrows.
    if matches!(path, "/me" | "/invitations") {
        return Ok(());
    }
    let params = RawPathParams::from_request_parts(parts, web).await.map_err(|_| Problem::not_found())?;
    let named = |name: &str| params.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value).to_owned();
    let (urn, reference, id) = (named("urn"), named("reference"), named("id"));
    let about = if path.starts_with("/invitations/{id}") {
        About::Invitation(InvitationId(id.parse().map_err(|_| Problem::not_found())?))
    } else if path.starts_with("/agreements/{reference}") {
        About::Agreement(&reference)
    } else if ["/homes/{urn}", "/own-homes/{urn}", "/provider/homes/{urn}"].iter().any(|home| path.starts_with(home)) {
        About::Home(&urn)
    } else {
        return Err(Problem::from(Outcome::from(one_home_only(actor))));
    };
    if web.app.is_of_home(actor, home, about).await? { Ok(()) } else { Err(Problem::not_found()) }
}

fn one_home_only(actor: &Actor) -> Refusal {
    Refusal::new(
        "token_of_one_home",
        "A token for one home reaches that home alone",
        "This token is for one home, and this operation is about more than it.",
        format!("{}, by making a token for all homes", actor.name),
    )
}
