//! Breaking the glass: the list that the authority reads, the administrator's form, and what is seen through it.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use placewell_app::Outcome;
use placewell_app::clock::moment_at;
use placewell_app::office::access::glass::{ReadGlass, Wanted};
use placewell_domain::office::access::glass::{GlassMinutes, GlassReason};
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_pages::form::Typed;
use placewell_pages::office::access::glass::{GlassLine, GlassView, ThroughGlass, glass_page, through_glass};

use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page, page_with, redirect};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/broken-glass", get(show).post(break_it))
        .route("/broken-glass/{id}", get(look))
        .route("/broken-glass/{id}/mend", post(mend))
}

fn line(read: ReadGlass) -> GlassLine {
    let glass = read.glass;
    GlassLine {
        id: glass.id,
        who: read.name,
        organisation: read.organisation,
        why: format!("{}, {}", glass.reason.label(), glass.ticket),
        from: moment_at(glass.from).local,
        until: moment_at(glass.until).local,
        open: read.open,
        reference: glass.reference,
    }
}

async fn show_with(signed: &Signed, errors: &Invalid, typed: Typed, key: &str) -> Answered {
    let found = signed.app().broken_glasses(&signed.actor).await.or_fail(signed)?;
    let lines = found.into_iter().map(line).collect();
    let view = GlassView { lines, may_break: may(signed.actor.role, Action::BreakGlass), typed };
    let status = if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page_with(status, &glass_page(signed.shell(), &view, errors, key)))
}

async fn show(signed: Signed) -> Answered {
    show_with(&signed, &Invalid::default(), Typed::default(), &signed.new_key()).await
}

fn read(fields: &Fields) -> Result<Wanted, Invalid> {
    let mut invalid = Invalid::default();
    let reason = fields.choice("reason", GlassReason::from_code, "Choose why", &mut invalid);
    let minutes = fields.choice("minutes", GlassMinutes::from_code, "Choose for how long", &mut invalid);
    match (reason, minutes) {
        (Some(reason), Some(minutes)) => Ok(Wanted {
            reference: fields.get("reference").trim().to_uppercase(),
            reason,
            ticket: fields.get("ticket").to_owned(),
            minutes,
        }),
        _ => Err(invalid),
    }
}

async fn break_it(Submitted { signed, fields, key }: Submitted) -> Answered {
    if !may(signed.actor.role, Action::BreakGlass) {
        return Err(signed.fail(Outcome::Forbidden(Action::BreakGlass)));
    }
    let done = match read(&fields) {
        Ok(wanted) => signed.app().break_glass(&signed.actor, &key, wanted).await,
        Err(invalid) => Err(invalid.into()),
    };
    match done {
        Ok(id) => Ok(redirect(&format!("/broken-glass/{id}"))),
        Err(Outcome::Invalid(invalid)) => show_with(&signed, &invalid, Typed::new(fields.pairs().to_vec()), &key).await,
        Err(outcome) => Err(signed.fail(outcome)),
    }
}

async fn look(signed: Signed, Path(id): Path<i64>) -> Answered {
    let (glass, child) = signed.app().through_glass(&signed.actor, id).await.or_fail(&signed)?;
    let view = ThroughGlass {
        id: glass.id,
        reference: glass.reference,
        until: moment_at(glass.until).local,
        name: format!("{} {}", child.given_names, child.family_name),
        born: child.born,
        case_number: child.case_number,
    };
    Ok(page(&through_glass(signed.shell(), &view, &signed.new_key())))
}

async fn mend(Path(id): Path<i64>, Submitted { signed, .. }: Submitted) -> Answered {
    signed.app().mend_glass(&signed.actor, id).await.or_fail(&signed)?;
    Ok(redirect("/broken-glass"))
}
