//! Files brought in by page: sent, looked at, confirmed or given up; their lists of errors; an empty file of each kind.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use placewell_app::importing::register::RegisterPart;
use placewell_app::office::import::{CancelFile, ConfirmFile, SendFile, StagedRow, UploadView, kinds_of};
use placewell_app::{Outcome, importing};
use placewell_domain::nights::days_between;
use placewell_domain::office::access::{Action, may};
use placewell_domain::office::import::{FileKind, Tally, Upload, UploadState};
use placewell_domain::outcome::Invalid;
use placewell_exchange::homes::home::{ChangeKind, HomeChange};
use placewell_pages::office::import::{
    ChangeLine, FileLine, FileView, FilesView, KindView, Next, PASTED, RegisterView, file_page, files_page,
};

use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, as_csv, as_xlsx, file, page, page_with, see};
use crate::server::Web;
use crate::upload::Uploaded;

/// How many files stand on one page.
const PAGE: u32 = 25;
/// So many changes of a register stand on its page; the API has all of them.
const CHANGES_SHOWN: usize = 500;
/// So many parts of a file are done while its sender waits; the worker does the rest.
pub(crate) const AT_ONCE: u32 = 4;
/// Of a file that goes as one, so many rows at most are done while its sender waits.
const AS_ONE_AT_ONCE: u32 = 1_000;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/imports", get(list).post(send))
        .route("/imports/{number}", get(show))
        .route("/imports/{number}/confirm", post(confirm))
        .route("/imports/{number}/cancel", post(cancel))
        .route("/imports/{number}/errors.csv", get(errors_csv))
        .route("/imports/{number}/errors.xlsx", get(errors_xlsx))
        .route("/imports/template/{name}", get(template))
}

fn number(text: &str) -> Option<u32> {
    text.parse().ok()
}

/// What became of the rows, as far as it is known.
pub(crate) fn became(upload: &Upload) -> Option<Tally> {
    match &upload.state {
        UploadState::Checked { found } | UploadState::BringingIn { found, .. } | UploadState::Stopped { found, .. } => {
            Some(*found)
        }
        UploadState::BroughtIn { done, .. } => Some(*done),
        UploadState::Cancelled { done, .. } if done.rows() > 0 => Some(*done),
        UploadState::Checking | UploadState::Cancelled { .. } => None,
    }
}

fn line(upload: &Upload, by: &str) -> FileLine {
    FileLine {
        number: upload.number,
        kind: upload.kind.label().to_owned(),
        by: by.to_owned(),
        at: upload.at,
        rows: upload.rows,
        became: became(upload).map(|tally| (tally.changes, tally.wrong)),
        state: upload.state.label().to_owned(),
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

async fn listed(signed: &Signed, chosen: &str, fields: Option<&Fields>) -> Result<FilesView, Failure> {
    let below = number(signed.query.get("below"));
    let found = signed.app().uploads(&signed.actor, below, PAGE).await.or_fail(signed)?;
    let kinds = kinds_of(&signed.actor);
    let older = (found.len() >= usize::try_from(PAGE).unwrap_or(usize::MAX))
        .then(|| found.last().map(|(upload, _)| format!("/imports?below={}", upload.number)))
        .flatten();
    let mut beside = Vec::new();
    if may(signed.actor.role, Action::BringInHistory) {
        beside.push(("Earlier placements, the whole file or nothing of it".to_owned(), "/imports/history".to_owned()));
        beside.push(("The opening ledger beside the finance ledger".to_owned(), "/finance/opening-ledger".to_owned()));
    }
    let kind = |kind: &FileKind| {
        let layout = importing::layout(*kind);
        KindView {
            code: kind.code().to_owned(),
            label: kind.label().to_owned(),
            columns: (owned(layout.names), owned(layout.needed)),
        }
    };
    let register = if kinds.contains(&FileKind::Register) { Some(typed_register(signed, fields).await?) } else { None };
    let only = if kinds.len() == 1 { kinds[0].code() } else { "" };
    Ok(FilesView {
        kinds: kinds.iter().map(kind).collect(),
        chosen: if chosen.is_empty() { only.to_owned() } else { chosen.to_owned() },
        pasted: fields.map_or_else(String::new, |fields| fields.get(PASTED).to_owned()),
        files: found.iter().map(|(upload, by)| line(upload, by)).collect(),
        older,
        beside,
        register,
    })
}

/// The region and the day of a register as they were typed; at first the region whose homes are held.
async fn typed_register(signed: &Signed, fields: Option<&Fields>) -> Result<(String, [String; 3]), Failure> {
    if let Some(fields) = fields {
        let typed = fields.date_parts("as_at").map(str::to_owned);
        return Ok((fields.get("region").to_owned(), typed));
    }
    let held = signed.app().register_region(&signed.actor).await.or_fail(signed)?;
    Ok((held.unwrap_or_default(), Default::default()))
}

async fn list(signed: Signed) -> Answered {
    let view = listed(&signed, signed.query.get("kind"), None).await?;
    Ok(page(&files_page(signed.shell(), &view, &Invalid::default(), &signed.new_key())))
}

/// Reads what was sent; a field's error where it cannot be.
async fn read(signed: &Signed, fields: &Fields, sent: Option<crate::upload::SentFile>) -> Result<SendFile, Outcome> {
    let mut invalid = Invalid::default();
    let kind = fields.choice("kind", FileKind::from_code, "Select what the rows of the file are", &mut invalid);
    let pasted = fields.filled(PASTED);
    let (name, content) = match (sent, pasted) {
        (Some(_), Some(_)) => {
            invalid.add(PASTED, "Choose a file or paste its rows, not both");
            return Err(invalid.into());
        }
        (Some(sent), None) => (sent.name.clone(), sent.bytes()),
        (None, Some(rows)) => ("Pasted rows".to_owned(), Some(rows.as_bytes().to_vec())),
        (None, None) => {
            invalid.add("file", "Choose the file to bring in, or paste its rows");
            return Err(invalid.into());
        }
    };
    let Some(content) = content else {
        return Err(Invalid::one("file", "Choose a file of 25 MB at most").into());
    };
    let Some(kind) = kind else { return Err(invalid.into()) };
    if kind != FileKind::Register {
        return SendFile::read(kind, &name, &content);
    }
    let day = fields.optional_date("as_at", "Enter the day that the register speaks of", &mut invalid);
    if !invalid.errors.is_empty() {
        return Err(invalid.into());
    }
    signed.app().register_file(&signed.actor, (&name, &content), fields.filled("region"), day).await
}

/// What is wrong with pasted rows is said where they were pasted.
fn at_rows(mut invalid: Invalid) -> Invalid {
    for error in invalid.errors.iter_mut().filter(|error| error.field == "file") {
        PASTED.clone_into(&mut error.field);
    }
    invalid
}

async fn send(sent: Uploaded) -> Answered {
    let Uploaded { signed, fields, key, file } = sent;
    let pasted = file.is_none() && fields.filled(PASTED).is_some();
    if !may(signed.actor.role, Action::BringInFiles) {
        return Err(signed.fail(Outcome::Forbidden(Action::BringInFiles)));
    }
    let outcome = match read(&signed, &fields, file).await {
        Ok(command) => signed.app().perform(&signed.actor, &key, command).await,
        Err(outcome) => Err(outcome),
    };
    match outcome {
        Ok(receipt) => {
            let at = receipt.location.rsplit('/').next().and_then(number);
            go_on(&signed, at).await?;
            Ok(see(&receipt))
        }
        Err(Outcome::Invalid(invalid)) => {
            let view = listed(&signed, fields.get("kind"), Some(&fields)).await?;
            let invalid = if pasted { at_rows(invalid) } else { invalid };
            let page = files_page(signed.shell(), &view, &invalid, &signed.new_key());
            Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(outcome) => Err(outcome).or_fail(&signed),
    }
}

/// Does the first parts at once, so that a short file is through when its page opens.
async fn go_on(signed: &Signed, at: Option<u32>) -> Result<(), Failure> {
    let Some(at) = at else { return Ok(()) };
    let view = signed.app().upload(&signed.actor, at).await.or_fail(signed)?;
    if left_to_worker(&view.upload) {
        return Ok(());
    }
    signed.app().advance(signed.actor.organisation, view.upload.id, Some(AT_ONCE)).await.or_fail(signed)
}

/// Whether a file is one transaction that is too long for its sender to wait for.
pub(crate) fn left_to_worker(upload: &Upload) -> bool {
    let as_one = upload.kind.as_one() || upload.kind == FileKind::Register;
    as_one && upload.rows > AS_ONE_AT_ONCE
}

/// How many homes a register file changes in each way.
pub(crate) fn counted(file: &RegisterPart) -> [(ChangeKind, usize); 5] {
    let kinds =
        [ChangeKind::New, ChangeKind::Closed, ChangeKind::Judgement, ChangeKind::Places, ChangeKind::Organisation];
    kinds.map(|kind| (kind, file.changes.iter().filter(|change| change.kind == kind).count()))
}

fn register(upload: &Upload, file: &RegisterPart) -> RegisterView {
    let change = |one: &HomeChange| ChangeLine {
        urn: one.urn.clone(),
        kind: one.kind.label().to_owned(),
        before: one.before.clone().unwrap_or_default(),
        after: one.after.clone().unwrap_or_default(),
    };
    let age = days_between(file.as_at, upload.at.date());
    RegisterView {
        region: file.region().to_owned(),
        as_at: (file.as_at, age),
        counts: counted(file).map(|(kind, count)| (kind.label().to_owned(), count)).to_vec(),
        changes: file.changes.iter().take(CHANGES_SHOWN).map(change).collect(),
        followed: (file.followed.alerts, file.followed.measures),
    }
}

fn shown(signed: &Signed, view: &UploadView) -> Response {
    let upload = &view.upload;
    let progress = view.progress;
    // A register counts homes that stand on no row of it.
    let through = |rows: i64| u32::try_from(rows).unwrap_or(u32::MAX).min(upload.rows);
    let next = match &upload.state {
        UploadState::Checking => Next::Wait(through(progress.rows_checked)),
        UploadState::BringingIn { .. } => Next::Wait(through(progress.rows_done)),
        UploadState::Checked { .. } => Next::Decide,
        UploadState::Stopped { done, .. } => Next::DecideAgain(done.changes),
        _ => Next::Over,
    };
    let layout = importing::layout(upload.kind);
    let cells = |row: &StagedRow| -> Vec<String> {
        let cells = view.heads.iter().zip(&row.cells);
        cells
            .map(|(head, cell)| if layout.private.contains(head) { "Not shown".to_owned() } else { cell.clone() })
            .collect()
    };
    let reasons = |row: &StagedRow| {
        let number = row.row;
        row.errors.clone().into_iter().map(move |(column, reason)| (number, column, reason))
    };
    let looks = |row: &StagedRow| {
        let number = row.row;
        row.warnings.clone().into_iter().map(move |(column, reason)| (number, column, reason))
    };
    let view = FileView {
        line: line(upload, &view.by),
        version: upload.version,
        name: view.name.clone(),
        found: became(upload).map(|tally| (tally.changes, tally.unchanged, tally.wrong)),
        unread: upload.unread,
        bared: upload.bared,
        next,
        preview: (owned(&view.heads), view.first.iter().map(|row| (row.row, cells(row))).collect()),
        wrong: view.wrong.iter().flat_map(reasons).collect(),
        warned: view.warned.iter().flat_map(looks).collect(),
        register: view.register.as_ref().map(|file| register(upload, file)),
    };
    page(&file_page(signed.shell(), &view, &signed.new_key()))
}

async fn show(signed: Signed, Path(at): Path<String>) -> Answered {
    let Some(at) = number(&at) else { return Err(signed.fail(Outcome::NotFound)) };
    let view = signed.app().upload(&signed.actor, at).await.or_fail(&signed)?;
    Ok(shown(&signed, &view))
}

async fn confirm(Path(at): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let Some(at) = number(&at) else { return Err(signed.fail(Outcome::NotFound)) };
    let leave_out = fields.get("leave_out") == "yes";
    let command = ConfirmFile { number: at, version: fields.version(), leave_out };
    let receipt = signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?;
    go_on(&signed, Some(at)).await?;
    Ok(see(&receipt))
}

async fn cancel(Path(at): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let Some(at) = number(&at) else { return Err(signed.fail(Outcome::NotFound)) };
    let command = CancelFile { number: at, version: fields.version() };
    let receipt = signed.app().perform(&signed.actor, &key, command).await;
    Ok(see(&receipt.or_fail(&signed)?))
}

async fn errors_csv(signed: Signed, Path(at): Path<String>) -> Answered {
    let Some(at) = number(&at) else { return Err(signed.fail(Outcome::NotFound)) };
    let sheet = signed.app().upload_errors(&signed.actor, at).await.or_fail(&signed)?;
    as_csv(&signed, &sheet, &format!("file-{at}-errors"))
}

async fn errors_xlsx(signed: Signed, Path(at): Path<String>) -> Answered {
    let Some(at) = number(&at) else { return Err(signed.fail(Outcome::NotFound)) };
    let sheet = signed.app().upload_errors(&signed.actor, at).await.or_fail(&signed)?;
    as_xlsx(&signed, &sheet, &format!("file-{at}-errors"))
}

async fn template(signed: Signed, Path(name): Path<String>) -> Answered {
    signed.app().may_ask(&signed.actor, Action::BringInFiles).or_fail(&signed)?;
    let kind = name.strip_suffix(".csv").and_then(FileKind::from_code);
    let Some(kind) = kind.filter(|kind| kinds_of(&signed.actor).contains(kind)) else {
        return Err(signed.fail(Outcome::NotFound));
    };
    let layout = importing::layout(kind);
    let text = format!("{}\r\n{}\r\n", layout.names.join(","), layout.example);
    Ok(file(text.into_bytes(), "text/csv; charset=utf-8", &format!("{}.csv", kind.code())))
}
