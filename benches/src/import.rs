//! A hundred thousand rows brought in: a provider's documents sent as one CSV, checked row by row, confirmed, written in parts.
//! The control: the same file again must change nothing.

use std::fmt::Write as _;
use std::time::Instant;

use anyhow::{Context, anyhow, ensure};
use jiff::civil::date;
use placewell_app::clock::{Calendar, Machine};
use placewell_app::office::import::{ConfirmFile, SendFile};
use placewell_app::{App, Outcome};
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::office::access::Role;
use placewell_domain::office::import::{FileKind, Tally, UploadState};
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::session::By;

use crate::measure;
use crate::server;
use crate::table::{self, Line};

const ROWS: u32 = 100_000;
const PROVIDER: OrganisationId = OrganisationId(2);

#[allow(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn plain(outcome: Outcome) -> anyhow::Error {
    anyhow!("{outcome:?}")
}

fn provider() -> Actor {
    Actor {
        person: PersonId(2),
        name: "A manager".to_owned(),
        organisation: PROVIDER,
        code: "provider".to_owned(),
        organisation_name: "A provider".to_owned(),
        kind: OrganisationKind::Provider,
        role: Role::ProviderManager,
        by: By::Service,
    }
}

/// Sends the file and has every row checked; its number, its version and what was found.
async fn checked(app: &std::sync::Arc<App>, file: &[u8], key: &str) -> anyhow::Result<(u32, i64, Tally)> {
    let command = SendFile::read(FileKind::Documents, "documents.csv", file).map_err(plain)?;
    let receipt = app.perform(&provider(), key, command).await.map_err(plain)?;
    let number = receipt.location.rsplit('/').next().context("a number")?.parse()?;
    let view = app.upload(&provider(), number).await.map_err(plain)?;
    app.advance(PROVIDER, view.upload.id, None).await.map_err(plain)?;
    let view = app.upload(&provider(), number).await.map_err(plain)?;
    let UploadState::Checked { found } = view.upload.state else { return Err(anyhow!("it was not checked")) };
    Ok((number, view.upload.version, found))
}

async fn measured(name: &str, url: Option<String>, lines: &mut Vec<Line>) -> anyhow::Result<()> {
    let store = server::empty("import", name, url).await?.store;
    let calendar = Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0));
    let work = store.begin(PROVIDER, calendar.now()).await?;
    let (code, name_of) = ("provider".to_owned(), "A provider".to_owned());
    let kind = OrganisationKind::Provider;
    work.add_organisation(&Organisation { id: PROVIDER, code, name: name_of, kind, area: None, placing_body: None })
        .await?;
    work.commit(Machine::now()).await?;
    let app = App::new(store, calendar);
    let mut file = "urn,document,reference,from,expires_on,seen_by\n".to_owned();
    for row in 0..ROWS {
        writeln!(file, ",other,Document {row},2021-04-01,2022-03-31,members")?;
    }
    let before = measure::memory_mb(std::process::id());
    let began = Instant::now();
    let (number, version, found) = checked(&app, file.as_bytes(), "first").await?;
    ensure!(found == Tally { changes: ROWS, unchanged: 0, wrong: 0 }, "{name}: {found:?}");
    let confirm = ConfirmFile { number, version, leave_out: false };
    app.perform(&provider(), "confirm", confirm).await.map_err(plain)?;
    let view = app.upload(&provider(), number).await.map_err(plain)?;
    app.advance(PROVIDER, view.upload.id, None).await.map_err(plain)?;
    let seconds = began.elapsed().as_secs_f64();
    let grown = measure::memory_mb(std::process::id()) - before;
    let (.., again) = checked(&app, file.as_bytes(), "again").await?;
    ensure!(again.unchanged == ROWS, "the control changed something: this run shows nothing");
    lines.push(
        Line::note(format!("{name}: 100,000 rows checked and brought in"), format!("{seconds:.1} s"))
            .aims("< 30 s", seconds < 30.0),
    );
    lines.push(
        Line::note(format!("{name}: memory beside the file"), format!("{grown:.0} MB")).aims("< 64 MB", grown < 64.0),
    );
    Ok(())
}

/// Runs the measure and prints its table.
pub async fn run() -> anyhow::Result<()> {
    let mut lines = Vec::new();
    for (name, url) in server::both()? {
        measured(name, url, &mut lines).await?;
    }
    table::print("cargo xtask bench import", &lines);
    Ok(())
}
