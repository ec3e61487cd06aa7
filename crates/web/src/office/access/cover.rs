//! Cover for absent colleagues, and the permission table.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use placewell_app::office::access::cover::{ArrangeCover, EndCover, ReadCover};
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::cover::{CoverReason, CoverState};
use placewell_domain::office::person::Role;
use placewell_domain::outcome::Invalid;
use placewell_pages::form::Typed;
use placewell_pages::office::access::cover::{CoverLine, CoverView, cover_page};
use placewell_pages::office::access::table::permissions_page;

use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page, page_with, see};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/cover", get(show).post(arrange))
        .route("/cover/{id}/end", post(end))
        .route("/permissions", get(permissions))
}

async fn permissions(signed: Signed) -> Answered {
    Ok(page(&permissions_page(signed.shell())))
}

fn line(signed: &Signed, read: ReadCover) -> CoverLine {
    let status = match read.cover.state {
        CoverState::Ended { .. } => "Ended",
        CoverState::Arranged if read.holds => "Now",
        CoverState::Arranged if read.cover.from > signed.now().today() => "Later",
        CoverState::Arranged => "Over",
    };
    CoverLine {
        id: read.cover.id,
        version: read.cover.version,
        absent: read.absent,
        covering: read.covering,
        role: read.cover.role.label(),
        from: read.cover.from,
        last: plus_days(read.cover.until, -1),
        reason: read.cover.reason.label(),
        by: read.by,
        status,
        may_end: read.may_end,
    }
}

async fn show_with(signed: &Signed, errors: &Invalid, typed: Typed, key: &str) -> Answered {
    let covers = signed.app().covers(&signed.actor).await.or_fail(signed)?;
    let colleagues = signed.app().colleagues(&signed.actor).await.or_fail(signed)?;
    let administers = signed.actor.role == Role::Administrator;
    let absent = colleagues
        .iter()
        .filter(|one| administers || one.person == signed.actor.person)
        .map(|one| (format!("{}:{}", one.person, one.role.code()), format!("{}, {}", one.name, one.role.label())))
        .collect();
    let mut covering: Vec<(i64, String)> = colleagues
        .iter()
        .filter(|one| administers || one.person != signed.actor.person)
        .map(|one| (one.person.0, one.name.clone()))
        .collect();
    covering.sort_by(|one, other| (&one.1, one.0).cmp(&(&other.1, other.0)));
    covering.dedup();
    let covers = covers.into_iter().map(|read| line(signed, read)).collect();
    let status = if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page_with(status, &cover_page(signed.shell(), &CoverView { covers, absent, covering, typed }, errors, key)))
}

async fn show(signed: Signed) -> Answered {
    show_with(&signed, &Invalid::default(), Typed::default(), &signed.new_key()).await
}

fn read(fields: &Fields) -> Result<ArrangeCover, Invalid> {
    let mut invalid = Invalid::default();
    let (person, role) = fields.get("absent").split_once(':').unwrap_or_default();
    let absent = person.parse().ok().zip(Role::from_code(role));
    if absent.is_none() {
        invalid.add("absent", "Choose who is away");
    }
    let covering = fields.get("covering").parse().ok();
    if covering.is_none() {
        invalid.add("covering", "Choose who covers");
    }
    let from = fields.date("from", "Enter the first day, like 13 9 2021", &mut invalid);
    let last = fields.date("last", "Enter the last day, like 24 9 2021", &mut invalid);
    let reason = fields.choice("reason", CoverReason::from_code, "Choose why", &mut invalid);
    match (absent, covering, from, last, reason) {
        (Some((absent, role)), Some(covering), Some(from), Some(last), Some(reason)) => {
            Ok(ArrangeCover { absent, covering, role, from, last, reason })
        }
        _ => Err(invalid),
    }
}

async fn arrange(Submitted { signed, fields, key }: Submitted) -> Answered {
    match signed.attempt(&key, read(&fields)).await? {
        Ok(receipt) => Ok(see(&receipt)),
        Err(invalid) => show_with(&signed, &invalid, Typed::new(fields.pairs().to_vec()), &key).await,
    }
}

async fn end(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let command = EndCover { cover: id, version: fields.version() };
    Ok(see(&signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?))
}
