//! Files brought in over the API: sent, read, confirmed, given up; and the list of errors.

use axum::extract::Path;
use jiff::civil::{Date, DateTime};
use placewell_app::Outcome;
use placewell_app::importing::register::RegisterPart;
use placewell_app::office::import::{CancelFile, ConfirmFile, SendFile, StagedRow};
use placewell_domain::office::import::{FileKind, Tally, Upload};
use placewell_domain::outcome::Invalid;
use placewell_exchange::homes::home::HomeChange;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::problem::{Answered, FieldProblem, Problem};
use crate::api::reply::{Done, changed, made, plain, versioned};
use crate::api::request::{Api, Sent, SentForm};
use crate::api::value::IfMatch;
use crate::office::import::{AT_ONCE, became, counted, left_to_worker};
use crate::server::Web;

/// So many files are listed at once.
const LISTED: u32 = 100;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(send))
        .routes(routes!(get))
        .routes(routes!(confirm))
        .routes(routes!(cancel))
}

/// What became of rows.
#[derive(Debug, Serialize, ToSchema)]
struct RowCounts {
    /// Rows that change something.
    changes: u32,
    /// Rows that are held already.
    unchanged: u32,
    /// Rows that cannot be used.
    wrong: u32,
}

impl From<Tally> for RowCounts {
    fn from(tally: Tally) -> Self {
        Self { changes: tally.changes, unchanged: tally.unchanged, wrong: tally.wrong }
    }
}

/// A file in the list.
#[derive(Debug, Serialize, ToSchema)]
struct ImportLine {
    /// Its number.
    number: u32,
    /// What its rows are.
    kind: code::FileKind,
    /// Where it stands.
    #[schema(example = "checked")]
    state: &'static str,
    /// Who brought it.
    by: String,
    /// When.
    #[schema(value_type = String, example = "2021-09-13T10:20:00")]
    at: DateTime,
    /// Its rows.
    rows: u32,
    /// What became of them, once every one is checked.
    counts: Option<RowCounts>,
}

fn line(upload: &Upload, by: String) -> ImportLine {
    ImportLine {
        number: upload.number,
        kind: upload.kind.into(),
        state: upload.state.name(),
        by,
        at: upload.at,
        rows: upload.rows,
        counts: became(upload).map(Into::into),
    }
}

/// Files.
#[derive(Debug, Serialize, ToSchema)]
struct ImportList {
    /// The latest first; the first hundred.
    files: Vec<ImportLine>,
}

/// One file.
#[derive(Debug, Serialize, ToSchema)]
struct ImportShown {
    /// The line of the list.
    #[serde(flatten)]
    line: ImportLine,
    /// Columns that are not known and are not read.
    unread_columns: u32,
    /// Parts of a hundred that are through.
    through: u32,
    /// Rows that are checked.
    rows_checked: u32,
    /// Rows that went in.
    rows_done: u32,
    /// What is wrong, by row and column; of the first hundred rows that cannot be used.
    errors: Vec<FieldProblem>,
    /// What of rows that can be used wants a look, by row and column: a home that took no new placement on the first day.
    warnings: Vec<FieldProblem>,
    /// What Ofsted's register changes; none of other kinds of file, and before the check.
    register: Option<RegisterChanges>,
}

/// What Ofsted's register changes in the homes held.
#[derive(Debug, Serialize, ToSchema)]
struct RegisterChanges {
    /// The Government Office Region, in lower case.
    #[schema(example = "west midlands")]
    region: String,
    /// The day that the file speaks of.
    #[schema(value_type = String, example = "2021-03-31")]
    as_at: Date,
    /// Homes that are new on the register.
    new: usize,
    /// Homes that are no longer on it.
    closed: usize,
    /// Homes with another judgement.
    judgement: usize,
    /// Homes with other places.
    places: usize,
    /// Homes with another owner.
    organisation: usize,
    /// Every change.
    changes: Vec<RegisterChange>,
    /// Alerts that follow.
    alerts: usize,
    /// Measures that a rule proposes.
    measures: usize,
}

/// One home changed in one way.
#[derive(Debug, Serialize, ToSchema)]
struct RegisterChange {
    /// The home's number.
    urn: String,
    /// In which way: new, closed, judgement, places or organisation.
    kind: &'static str,
    /// What is held.
    before: Option<String>,
    /// What the file says.
    after: Option<String>,
}

impl From<&RegisterPart> for RegisterChanges {
    fn from(file: &RegisterPart) -> Self {
        let [new, closed, judgement, places, organisation] = counted(file).map(|(_, count)| count);
        let change = |one: &HomeChange| RegisterChange {
            urn: one.urn.clone(),
            kind: one.kind.code(),
            before: one.before.clone(),
            after: one.after.clone(),
        };
        Self {
            region: file.region().to_owned(),
            as_at: file.as_at,
            new,
            closed,
            judgement,
            places,
            organisation,
            changes: file.changes.iter().map(change).collect(),
            alerts: file.followed.alerts,
            measures: file.followed.measures,
        }
    }
}

/// A form with a file of rows.
#[derive(ToSchema)]
#[allow(dead_code)] // described here, read from the form by name
struct RowsForm {
    /// CSV or an XLSX workbook, of 25 MB at most.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// Of Ofsted's register: the Government Office Region; left out, the one whose homes are held.
    region: Option<String>,
    /// Of Ofsted's register: the day that it speaks of; left out, the one in its title, or the latest in it.
    #[schema(example = "2021-03-31")]
    as_at: Option<String>,
}

/// List the files that were brought in
#[utoipa::path(get, path = "/imports", tag = "import", operation_id = "list_imports", responses((status = 200, body = ImportList)))]
async fn list(api: Api) -> Answered {
    let found = api.app().uploads(&api.actor, None, LISTED).await?;
    Ok(plain(&ImportList { files: found.into_iter().map(|(upload, by)| line(&upload, by)).collect() }))
}

/// Send a file of rows to be checked
///
/// CSV or an XLSX workbook; the last part of the path is what its rows are. Nothing is changed before it is confirmed.
#[utoipa::path(post, path = "/imports/of/{kind}", tag = "import", operation_id = "send_import", params(("kind" = String, Path, description = "homes, beds, prices, documents, placements, people, or register: Ofsted's")), request_body(content = RowsForm, content_type = "multipart/form-data"), responses((status = 201, body = Done)))]
async fn send(Path(kind): Path<String>, sent: SentForm) -> Answered {
    let kind = FileKind::from_code(&kind).ok_or(Problem::from(Outcome::NotFound))?;
    let SentForm { api, fields, file, key } = sent;
    let name = file.name.clone();
    let content = file.bytes().ok_or_else(Problem::too_large)?;
    let command = if kind == FileKind::Register {
        let mut invalid = Invalid::default();
        let day = fields.optional_date("as_at", "Send a date such as 2021-03-31", &mut invalid);
        if !invalid.errors.is_empty() {
            return Err(Outcome::from(invalid).into());
        }
        api.app().register_file(&api.actor, (&name, &content), fields.filled("region"), day).await?
    } else {
        SendFile::read(kind, &name, &content)?
    };
    let receipt = api.perform(&key, command).await?;
    go_on(&api, receipt.location.rsplit('/').next().and_then(|number| number.parse().ok())).await?;
    Ok(made(receipt))
}

async fn go_on(api: &Api, number: Option<u32>) -> Result<(), Problem> {
    let Some(number) = number else { return Ok(()) };
    let view = api.app().upload(&api.actor, number).await?;
    if left_to_worker(&view.upload) {
        return Ok(());
    }
    Ok(api.app().advance(api.actor.organisation, view.upload.id, Some(AT_ONCE)).await?)
}

/// Read one file that was brought in
#[utoipa::path(get, path = "/imports/{number}", tag = "import", operation_id = "get_import", responses((status = 200, body = ImportShown)))]
async fn get(api: Api, Path(number): Path<u32>) -> Answered {
    let view = api.app().upload(&api.actor, number).await?;
    let steps = view.progress.checked + view.progress.done;
    let rows = |counted: i64| u32::try_from(counted).unwrap_or(u32::MAX).min(view.upload.rows);
    let problems = |row: &StagedRow, said: &[(String, String)]| -> Vec<FieldProblem> {
        let field = |column: &str| format!("rows[{}].{column}", row.row);
        said.iter().map(|(column, message)| FieldProblem { field: field(column), message: message.clone() }).collect()
    };
    let body = ImportShown {
        through: u32::try_from(steps * 50 / view.progress.parts.max(1)).unwrap_or(100),
        rows_checked: rows(view.progress.rows_checked),
        rows_done: rows(view.progress.rows_done),
        unread_columns: view.upload.unread,
        errors: view.wrong.iter().flat_map(|row| problems(row, &row.errors)).collect(),
        warnings: view.warned.iter().flat_map(|row| problems(row, &row.warnings)).collect(),
        register: view.register.as_ref().filter(|_| view.progress.checked > 0).map(Into::into),
        line: line(&view.upload, view.by),
    };
    Ok(versioned(view.upload.version, &body))
}

/// What is done with rows that cannot be used.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct Confirmation {
    /// They are left out; else a file that has some is refused.
    leave_out: bool,
}

/// Confirm a checked file, so that its rows go in
#[utoipa::path(post, path = "/imports/{number}/confirm", tag = "import", operation_id = "confirm_import", params(IfMatch), request_body = Confirmation, responses((status = 200, body = Done)))]
async fn confirm(Path(number): Path<u32>, sent: Sent<Confirmation>) -> Answered {
    let command = ConfirmFile { number, version: sent.version()?, leave_out: sent.body.leave_out };
    let receipt = sent.api.perform(&sent.key, command).await?;
    go_on(&sent.api, Some(number)).await?;
    Ok(changed(receipt))
}

/// Nothing more is said.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NothingMore {}

/// Give up a file before anything of it went in
#[utoipa::path(post, path = "/imports/{number}/cancel", tag = "import", operation_id = "cancel_import", params(IfMatch), request_body = NothingMore, responses((status = 200, body = Done)))]
async fn cancel(Path(number): Path<u32>, sent: Sent<NothingMore>) -> Answered {
    let command = CancelFile { number, version: sent.version()? };
    Ok(changed(sent.api.perform(&sent.key, command).await?))
}
