//! Children's records by number: retention, erasure, and everything held as a file to give out.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use placewell_app::placing::child::held::HeldOnChild;
use placewell_app::placing::child::retention::{
    EraseChild, HoldRecord, KeptRecord, MarkRecord, ProposeErasure, ReleaseRecord, TakeErasureBack,
};
use placewell_app::placing::child::sealing::{OpenRecord, ReadOpening};
use placewell_app::{Command, Outcome};
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::child::retention::{RecordKind, RetentionState};
use placewell_pages::page::Page;
use placewell_pages::placing::child::{self as pages, ListView, OpeningLine, RecordLine, RecordView, Standing};

use placewell_pages::placing::referral::list::NeedView;
use placewell_pages::words;

use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, file, page, page_with, see};
use crate::server::Web;

mod given;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/children", get(list))
        .route("/children/find", post(find))
        .route("/children/{number}", get(record))
        .route("/children/{number}/open", post(open))
        .route("/children/{number}/mark", post(mark))
        .route("/children/{number}/hold", post(hold))
        .route("/children/{number}/release", post(release))
        .route("/children/{number}/propose", post(propose))
        .route("/children/{number}/take-back", post(take_back))
        .route("/children/{number}/erase", post(erase))
        .route("/children/{number}/export", post(export))
}

/// What of retention waits, for the officer's day.
pub(crate) async fn owed(signed: &Signed) -> Result<Vec<NeedView>, Failure> {
    let waits = signed.app().retention_waits(&signed.actor).await.or_fail(signed)?;
    if waits.due == 0 {
        return Ok(Vec::new());
    }
    Ok(vec![NeedView {
        reference: "Children’s records".to_owned(),
        what: format!("{} due for erasure", words::count(waits.due as u64, "record is", "records are")),
        due: "Their years after birth are over".to_owned(),
        act: ("Look at the records".to_owned(), "/children".to_owned()),
    }])
}

/// A page with what waits for a second person first, for those who confirm.
pub(crate) async fn with_waiting(signed: &Signed, page: Page) -> Result<Page, Failure> {
    let waits = signed.app().retention_waits(&signed.actor).await.or_fail(signed)?;
    Ok(if waits.proposed == 0 { page } else { page.first(pages::waiting_notice(waits.proposed)) })
}

/// What is no number is no child's; whether the reader may ask at all is answered first.
fn number_of(text: &str) -> u32 {
    text.parse().unwrap_or_default()
}

fn standing(found: &KeptRecord, today: jiff::civil::Date) -> Standing {
    match found.retention.state {
        RetentionState::Kept if found.due.is_some_and(|due| due <= today) => Standing::Due,
        RetentionState::Kept => Standing::Kept,
        RetentionState::Held { .. } => Standing::Held,
        RetentionState::Proposed { .. } => Standing::Proposed,
        RetentionState::Erased { .. } => Standing::Erased,
    }
}

async fn listed(signed: &Signed, found: Option<Vec<u32>>) -> Result<ListView, crate::respond::Failure> {
    let today = signed.now().today();
    let records = signed.app().retentions(&signed.actor).await.or_fail(signed)?;
    let line = |one: KeptRecord| RecordLine {
        number: one.number,
        standing: standing(&one, today),
        kind: one.retention.kind.label().to_owned(),
        due: one.due,
    };
    Ok(ListView { records: records.into_iter().map(line).collect(), found, key: signed.new_key() })
}

async fn list(signed: Signed) -> Answered {
    let view = listed(&signed, None).await?;
    Ok(page(&pages::list(signed.shell(), &view)))
}

/// By a form, so that the number stands in no address and no log.
async fn find(Submitted { signed, fields, .. }: Submitted) -> Answered {
    let found = signed.app().find_child(&signed.actor, fields.get("case_number")).await.or_fail(&signed)?;
    let view = listed(&signed, Some(found)).await?;
    Ok(page_with(StatusCode::OK, &pages::list(signed.shell(), &view)))
}

async fn record(signed: Signed, Path(number): Path<String>) -> Answered {
    let found = signed.app().kept_record(&signed.actor, number_of(&number)).await.or_fail(&signed)?;
    let kind = found.retention.kind;
    let other = match kind {
        RecordKind::LookedAfter => RecordKind::Adoption,
        RecordKind::Adoption | RecordKind::Died => RecordKind::LookedAfter,
    };
    let (role, sealed) = (signed.actor.role, found.sealed);
    let must_say =
        if sealed { Some(signed.app().says_why_opened(&signed.actor).await.or_fail(&signed)?) } else { None };
    let may = |action| may(role, action);
    let line = |one: ReadOpening| OpeningLine { by: one.by, at: one.at, words: one.words };
    let stands = standing(&found, signed.now().today());
    let decides = may(Action::ConfirmErasure) && matches!(stands, Standing::Held | Standing::Proposed);
    let lent = decides && signed.app().role_is_lent(&signed.actor).await.or_fail(&signed)?;
    let view = RecordView {
        number: found.number,
        standing: stands,
        sealed: must_say,
        openings: found.openings.into_iter().map(line).collect(),
        kind: (kind.code(), kind.label().to_owned()),
        other_kind: (other.code(), other.label().to_owned()),
        due: found.due,
        words: found.words,
        by: found.by,
        referrals: found.referrals,
        may_keep: may(Action::KeepRetention) && !sealed,
        may_confirm: decides && !lent,
        may_export: may(Action::ExportChild) && !sealed,
    };
    Ok(page(&pages::record(signed.shell(), &view, || signed.new_key())))
}

async fn done<C: Command>(signed: &Signed, key: &str, command: C) -> Answered {
    Ok(see(&signed.app().perform(&signed.actor, key, command).await.or_fail(signed)?))
}

async fn open(Path(number): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    done(&signed, &key, OpenRecord { number: number_of(&number), words: fields.get("words").to_owned() }).await
}

async fn mark(Path(number): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let kind = RecordKind::from_code(fields.get("kind")).unwrap_or(RecordKind::LookedAfter);
    let mut invalid = Invalid::default();
    let died = fields.optional_date("died", "Enter the day on which the child died, like 4 5 2021", &mut invalid);
    let died = invalid.or(died).map_err(Outcome::from).or_fail(&signed)?;
    done(&signed, &key, MarkRecord { number: number_of(&number), kind, died }).await
}

async fn hold(Path(number): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    done(&signed, &key, HoldRecord { number: number_of(&number), words: fields.get("words").to_owned() }).await
}

async fn release(Path(number): Path<String>, Submitted { signed, key, .. }: Submitted) -> Answered {
    done(&signed, &key, ReleaseRecord { number: number_of(&number) }).await
}

async fn propose(Path(number): Path<String>, Submitted { signed, key, .. }: Submitted) -> Answered {
    done(&signed, &key, ProposeErasure { number: number_of(&number) }).await
}

async fn take_back(Path(number): Path<String>, Submitted { signed, key, .. }: Submitted) -> Answered {
    done(&signed, &key, TakeErasureBack { number: number_of(&number) }).await
}

async fn erase(Path(number): Path<String>, Submitted { signed, key, .. }: Submitted) -> Answered {
    done(&signed, &key, EraseChild { number: number_of(&number) }).await
}

async fn export(Path(number): Path<String>, Submitted { signed, fields, .. }: Submitted) -> Answered {
    let read = fields.all("documents_read").any(|one| one == "yes");
    let found: HeldOnChild =
        signed.app().export_child(&signed.actor, number_of(&number), read).await.or_fail(&signed)?;
    let name = format!("held-on-child-{}", found.child);
    if fields.get("as") == "json" {
        let text = serde_json::to_vec_pretty(&found).map_err(Outcome::from).or_fail(&signed)?;
        return Ok(file(text, "application/json", &format!("{name}.json")));
    }
    Ok(file(given::page(&found).into_bytes(), "text/html; charset=utf-8", &format!("{name}.html")))
}
