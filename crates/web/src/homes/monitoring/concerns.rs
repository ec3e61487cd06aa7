//! Concerns and their plans, for whoever raises and reads them and for the provider that answers.

use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use placewell_app::Outcome;
use placewell_domain::id::DocumentId;
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_pages::form::Typed;
use placewell_pages::homes::monitoring::{BeginView, ConcernView, Evidence, concern, own_concern, raise};

use super::{perform, read, status, typed};
use crate::office::document::download;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page_with, see};
use crate::server::Web;
use crate::upload::{SentFile, Uploaded, at_field};

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/monitoring/concerns/new", get(ask).post(send))
        .route("/monitoring/concerns/{id}", get(show))
        .route("/monitoring/concerns/{id}/documents/{document}", get(read_document))
        .route("/monitoring/concerns/{id}/send-back", post(send_back))
        .route("/monitoring/concerns/{id}/close", post(close))
        .route("/region/monitoring/concerns/{id}/measure", post(propose))
        .route("/provider/monitoring/concerns/{id}", get(show_own))
        .route("/provider/monitoring/concerns/{id}/documents/{document}", get(read_own))
        .route("/provider/monitoring/concerns/{id}/plan", post(plan))
        .route("/provider/monitoring/concerns/{id}/done", post(done))
}

async fn raise_page(signed: &Signed, (key, typed, errors): (String, Typed, Invalid)) -> Answered {
    drop(signed.app().see(&signed.actor, Action::WatchHomes).await.or_fail(signed)?);
    Ok(page_with(status(&errors), &raise(signed.shell(), &BeginView { key, typed, errors })))
}

async fn ask(signed: Signed) -> Answered {
    let typed = Typed::new(signed.query.pairs().to_vec());
    raise_page(&signed, (signed.new_key(), typed, Invalid::default())).await
}

async fn send(Submitted { signed, fields, key }: Submitted) -> Answered {
    match perform(&signed, &key, read::concern(&fields)).await? {
        Ok(done) => Ok(done),
        Err(invalid) => raise_page(&signed, (key, typed(&fields), invalid)).await,
    }
}

async fn view(signed: &Signed, id: i64, own: bool, (typed, errors): (Typed, Invalid)) -> Result<ConcernView, Outcome> {
    let action = if own { Action::AnswerMonitoring } else { Action::SeeMonitoring };
    drop(signed.app().see(&signed.actor, action).await?);
    let found = signed.app().concern(&signed.actor, id).await?;
    let side = if own { "/provider" } else { "" };
    let document = |(entry, label): &(placewell_app::office::document::DocumentEntry, String)| Evidence {
        href: format!("{side}/monitoring/concerns/{id}/documents/{}", entry.id),
        name: if label.is_empty() { entry.name.clone() } else { label.clone() },
    };
    let role = signed.actor.role;
    let proposes = may(role, Action::KeepHomes);
    Ok(ConcernView {
        documents: found.documents.iter().map(document).collect(),
        measures: found
            .measures
            .iter()
            .filter(|_| proposes)
            .map(|measure| format!("/region/standing/{measure}"))
            .collect(),
        own: found.of.raised_by == signed.actor.organisation && may(role, Action::WatchHomes),
        proposes,
        of: found.of,
        raised_by: found.raised_by,
        keys: [signed.new_key(), signed.new_key(), signed.new_key()],
        today: signed.now().today(),
        typed,
        errors,
    })
}

async fn concern_page(signed: &Signed, id: i64, with: (Typed, Invalid)) -> Answered {
    let view = view(signed, id, false, with).await.or_fail(signed)?;
    Ok(page_with(status(&view.errors), &concern(signed.shell(), &view)))
}

async fn own_page(signed: &Signed, id: i64, with: (Typed, Invalid)) -> Answered {
    let view = view(signed, id, true, with).await.or_fail(signed)?;
    Ok(page_with(status(&view.errors), &own_concern(signed.shell(), &view)))
}

async fn show(signed: Signed, Path(id): Path<i64>) -> Answered {
    concern_page(&signed, id, (Typed::default(), Invalid::default())).await
}

async fn show_own(signed: Signed, Path(id): Path<i64>) -> Answered {
    own_page(&signed, id, (Typed::default(), Invalid::default())).await
}

async fn document(signed: &Signed, (id, document): (i64, i64), action: Action) -> Answered {
    drop(signed.app().see(&signed.actor, action).await.or_fail(signed)?);
    let found = signed.app().concern_document(&signed.actor, id, DocumentId(document)).await;
    let (entry, content) = found.or_fail(signed)?;
    Ok(download("concern", &entry, content))
}

async fn read_document(signed: Signed, Path(of): Path<(i64, i64)>) -> Answered {
    document(&signed, of, Action::SeeHomeFiles).await
}

async fn read_own(signed: Signed, Path(of): Path<(i64, i64)>) -> Answered {
    document(&signed, of, Action::AnswerMonitoring).await
}

async fn send_back(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    match perform(&signed, &key, read::send_back((id, fields.version()), &fields)).await? {
        Ok(done) => Ok(done),
        Err(invalid) => concern_page(&signed, id, (typed(&fields), invalid)).await,
    }
}

async fn close(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    match perform(&signed, &key, read::close_concern((id, fields.version()), &fields)).await? {
        Ok(done) => Ok(done),
        Err(invalid) => concern_page(&signed, id, (typed(&fields), invalid)).await,
    }
}

async fn propose(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    match perform(&signed, &key, read::measure(id, &fields)).await? {
        Ok(done) => {
            signed.app().homes.forget().await;
            Ok(done)
        }
        Err(invalid) => concern_page(&signed, id, (typed(&fields), invalid)).await,
    }
}

async fn plan(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    match perform(&signed, &key, read::action((id, fields.version()), &fields)).await? {
        Ok(done) => Ok(done),
        Err(invalid) => own_page(&signed, id, (typed(&fields), invalid)).await,
    }
}

async fn done(Path(id): Path<i64>, sent: Uploaded) -> Answered {
    let Uploaded { signed, fields, key, file } = sent;
    if !may(signed.actor.role, Action::AnswerMonitoring) {
        return Err(signed.fail(Outcome::Forbidden(Action::AnswerMonitoring)));
    }
    let answer = match file.map(SentFile::document).transpose() {
        Ok(brought) => match read::done((id, fields.version()), &fields, brought) {
            Ok(command) => signed.app().perform(&signed.actor, &key, command).await,
            Err(invalid) => Err(Outcome::Invalid(invalid)),
        },
        Err(outcome) => Err(outcome),
    };
    match answer {
        Ok(receipt) => Ok(see(&receipt)),
        Err(outcome) => match at_field(outcome) {
            Ok((_, invalid)) => own_page(&signed, id, (typed(&fields), invalid)).await,
            Err(outcome) => Err(signed.fail(outcome)),
        },
    }
}
