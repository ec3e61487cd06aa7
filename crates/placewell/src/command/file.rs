//! `import file`: rows of homes, beds, prices, documents, placements or people, checked or brought in; the same code as the
//! page.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use placewell_app::App;
use placewell_app::importing::layout;
use placewell_app::office::import::{CancelFile, ConfirmFile, SendFile, UploadView};
use placewell_domain::office::import::{FileKind, UploadState};
use placewell_domain::office::person::Actor;

use super::{say, told};
use crate::database::Options;

/// What to bring in.
#[derive(Args)]
pub struct File {
    /// What the rows are: homes, beds, prices, documents, placements, people, or register: Ofsted's.
    kind: String,
    /// The file, CSV or XLSX, with its columns named in the first row; see --example.
    #[arg(value_name = "FILE")]
    path: Option<PathBuf>,
    /// The e-mail address of whoever brings it in.
    #[arg(long)]
    by: Option<String>,
    /// Of Ofsted's register: the Government Office Region; left out, the one whose homes are held.
    #[arg(long)]
    region: Option<String>,
    /// Says what would change, and changes nothing.
    #[arg(long)]
    check: bool,
    /// Leaves rows out that cannot be used, and brings in the others.
    #[arg(long)]
    leave_out: bool,
    /// Where the rows that cannot be used are written, as CSV with two more columns.
    #[arg(long)]
    errors: Option<PathBuf>,
    /// Prints the columns with one invented row to start from.
    #[arg(long)]
    example: bool,
    #[command(flatten)]
    database: Options,
}

/// Reads the file, says what it changes, and changes it unless only checked. Exit code 1 where a row cannot be used and is
/// not left out: then nothing is brought in.
pub async fn run(options: &File) -> anyhow::Result<ExitCode> {
    let Some(kind) = FileKind::from_code(&options.kind) else {
        let kinds: Vec<&str> = FileKind::ALL.iter().map(|kind| kind.code()).collect();
        bail!("the rows are one of {}", kinds.join(", "))
    };
    if options.example {
        say(&layout(kind).names.join(","))?;
        say(layout(kind).example)?;
        return Ok(ExitCode::SUCCESS);
    }
    let (Some(path), Some(email)) = (&options.path, &options.by) else {
        bail!("name the file and who brings it: placewell import file {} rows.csv --by ADDRESS", kind.code())
    };
    let bytes = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    options.database.expect_made()?;
    let app = options.database.app(options.database.key()?).await?;
    let actor = app.actor_by_email(email).await.map_err(told)?;
    let key = || placewell_app::office::person::random_text::<16>();
    let sent = if kind == FileKind::Register {
        app.register_file(&actor, (&name, &bytes), options.region.as_deref(), None).await
    } else {
        SendFile::read(kind, &name, &bytes)
    };
    let receipt = app.perform(&actor, &key(), sent.map_err(told)?).await.map_err(told)?;
    let number = receipt.location.rsplit('/').next().and_then(|number| number.parse().ok()).unwrap_or_default();
    let checked = on(&app, &actor, number).await?;
    print(&checked)?;
    if let Some(path) = &options.errors {
        let sheet = app.upload_errors(&actor, number).await.map_err(told)?;
        let bytes = sheet.csv().map_err(|error| anyhow::anyhow!(error.0))?;
        std::fs::write(path, bytes).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    let UploadState::Checked { found } = checked.upload.state else { bail!("the file could not be checked") };
    let version = checked.upload.version;
    let stopped = found.wrong > 0 && !options.leave_out;
    if options.check || stopped || found.changes == 0 {
        app.perform(&actor, &key(), CancelFile { number, version }).await.map_err(told)?;
        return Ok(if stopped { ExitCode::FAILURE } else { ExitCode::SUCCESS });
    }
    let confirm = ConfirmFile { number, version, leave_out: options.leave_out };
    app.perform(&actor, &key(), confirm).await.map_err(told)?;
    let done = on(&app, &actor, number).await?;
    print(&done)?;
    let UploadState::Stopped { .. } = done.upload.state else { return Ok(ExitCode::SUCCESS) };
    // Nobody here decides anew: what went in before stays, and the rest is given up.
    app.perform(&actor, &key(), CancelFile { number, version: done.upload.version }).await.map_err(told)?;
    Ok(ExitCode::FAILURE)
}

/// Goes on with the file until a person or nobody is asked.
async fn on(app: &App, actor: &Actor, number: u32) -> anyhow::Result<UploadView> {
    let view = app.upload(actor, number).await.map_err(told)?;
    app.advance(actor.organisation, view.upload.id, None).await.map_err(told)?;
    app.upload(actor, number).await.map_err(told)
}

fn print(view: &UploadView) -> anyhow::Result<()> {
    match &view.upload.state {
        UploadState::Checked { found } => say(&format!(
            "{} rows: {} change something, {} are held already, {} cannot be used",
            view.upload.rows, found.changes, found.unchanged, found.wrong
        ))?,
        UploadState::BroughtIn { done, .. } => {
            say(&format!("Brought in: {} rows changed something, {} could not be used", done.changes, done.wrong))?;
            return Ok(());
        }
        UploadState::Stopped { done, .. } => {
            say(&format!("Stopped: rows cannot be used any more that could be at the check. {}", done.went_in()))?;
        }
        other => say(other.label())?,
    }
    for row in &view.wrong {
        for (column, reason) in &row.errors {
            say(&format!("Row {}, {column}: {reason}", row.row))?;
        }
    }
    for row in &view.warned {
        for (column, reason) in &row.warnings {
            say(&format!("Look at row {}, {column}: {reason}", row.row))?;
        }
    }
    Ok(())
}
