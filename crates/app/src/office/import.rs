//! Files that people bring in: read and staged, checked part by part, confirmed, and brought in part by part, each part in
//! a transaction of its own; a file of placements is one part. A part is claimed by whoever moves it, so that a double click,
//! a cut connection or a second worker changes nothing twice, and what was interrupted goes on where it stopped. What cannot
//! be used any more once it is confirmed stops a file, unless such rows are left out on purpose.

use placewell_domain::id::{OrganisationId, PersonId, UploadId};
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::Action;
use placewell_domain::office::import::{DAYS_KEPT, FileKind, Tally, Upload, UploadState};
use placewell_domain::office::person::Actor;
use placewell_domain::placing::disclosure::Reader;
use placewell_exchange::sheet::Sheet;
use placewell_store::keys::RecordKey;
use placewell_store::office::import::Progress;
use placewell_store::outbox::{Job, TakenJob};
use placewell_store::{Session, StoreError, Work};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::{App, Command, Receipt, ended, permitted, proven_for};
use crate::importing::{self, register::RegisterPart};

pub mod staging;

pub use staging::{SendFile, StagedRow};

/// The job that checks a file, and brings it in once it is confirmed.
pub const ADVANCE: &str = "import.advance";
/// So many wrong rows are shown on the page; the list of errors has all of them.
const SHOWN: usize = 100;
/// So many rows of the beginning are shown.
const PREVIEWED: usize = 5;

/// What the job is about.
#[derive(Serialize, Deserialize)]
struct Advance {
    upload: UploadId,
}

fn advance_job(id: UploadId) -> Job {
    Job::new(ADVANCE, &json!({ "upload": id.0 })).about("import", id)
}

/// One file as its page shows it.
#[derive(Debug, Clone)]
pub struct UploadView {
    /// Its record.
    pub upload: Upload,
    /// The name it came with; none once its text was forgotten.
    pub name: Option<String>,
    /// Who brought it.
    pub by: String,
    /// How far it is.
    pub progress: Progress,
    /// The heads of its columns.
    pub heads: Vec<&'static str>,
    /// The first rows.
    pub first: Vec<StagedRow>,
    /// The first rows that cannot be used.
    pub wrong: Vec<StagedRow>,
    /// The first rows that can be used and want a look, before they are brought in.
    pub warned: Vec<StagedRow>,
    /// What a register file changes, and what follows; none of other kinds, and once its text was forgotten.
    pub register: Option<RegisterPart>,
}

/// The rows of a part as they are shown; of a register, with all else that is kept of it.
async fn opened(
    session: &Session,
    upload: &Upload,
    part: i64,
    key: &RecordKey,
) -> Answer<(Vec<StagedRow>, Option<RegisterPart>)> {
    let whose = (upload.organisation, upload.id);
    if upload.kind == FileKind::Register {
        let mut file: RegisterPart = session.part_rows(whose, part, key).await?;
        return Ok((std::mem::take(&mut file.rows), Some(file)));
    }
    Ok((session.part_rows(whose, part, key).await?, None))
}

async fn own(session: &Session, actor: &Actor, number: u32) -> Answer<Upload> {
    let upload = session.upload(actor.organisation, number).await?;
    permitted(actor, upload.kind.action()).map_err(|_| Outcome::NotFound)?;
    if upload.kind == FileKind::Placements && !Reader::Own(actor.role).sees("brought_rows") {
        return Err(Outcome::NotFound);
    }
    Ok(upload)
}

/// The same, to be changed, as it was when the page was made.
async fn own_at(work: &Work, actor: &Actor, number: u32, version: i64) -> Answer<Upload> {
    let upload = own(work, actor, number).await?;
    if upload.version == version { Ok(upload) } else { Err(Outcome::Conflict) }
}

/// What somebody is called; nothing where the record of people no longer has them.
async fn called(session: &Session, person: PersonId) -> Answer<String> {
    match session.person_name(person).await {
        Ok(name) => Ok(name),
        Err(StoreError::NotFound) => Ok(String::new()),
        Err(error) => Err(error.into()),
    }
}

/// Confirms a checked file.
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmFile {
    /// The file's number.
    pub number: u32,
    /// The version that the page was made from.
    pub version: i64,
    /// Whether rows that cannot be used are left out.
    pub leave_out: bool,
}

impl Command for ConfirmFile {
    const ACTION: Action = Action::BringInFiles;
    const NAME: &'static str = "import.confirm";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let upload = own_at(work, actor, self.number, self.version).await?;
        let by_hand = upload.kind.action();
        // What asks for a recent proof by hand asks for it here: only now does the file change something.
        if by_hand.needs_proof() {
            proven_for(actor, by_hand)?;
        }
        let id = upload.id;
        upload.still_kept(work.upload_key(work.org(), id).await?.is_some())?;
        let moment = work.moment();
        work.apply(upload.confirm(self.leave_out, actor.person, moment)?).await?;
        work.enqueue(advance_job(id));
        Ok(Receipt::at(format!("/imports/{}", self.number)))
    }
}

/// Gives a file up before anything of it goes in, or once it stopped; its text is forgotten at once.
#[derive(Debug, Clone, Serialize)]
pub struct CancelFile {
    /// The file's number.
    pub number: u32,
    /// The version that the page was made from.
    pub version: i64,
}

impl Command for CancelFile {
    const ACTION: Action = Action::BringInFiles;
    const NAME: &'static str = "import.cancel";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let upload = own_at(work, actor, self.number, self.version).await?;
        let id = upload.id;
        let moment = work.moment();
        work.apply(upload.cancel(actor.person, moment)?).await?;
        work.forget_upload(id).await?;
        Ok(Receipt::at("/imports"))
    }
}

/// The job: checks, or brings in, whatever of the file is left.
pub(crate) async fn advance_later(app: &App, job: &TakenJob) -> Answer<()> {
    let Advance { upload } = serde_json::from_str(&job.payload)?;
    app.advance(job.organisation, upload, None).await
}

impl App {
    /// The files that the organisation brought, of the kinds that the person may bring, the latest first.
    pub async fn uploads(&self, actor: &Actor, below: Option<u32>, limit: u32) -> Answer<Vec<(Upload, String)>> {
        let session = self.see(actor, Action::BringInFiles).await?;
        let from = (below.unwrap_or(u32::MAX), limit);
        let mut listed = Vec::new();
        for upload in session.uploads(actor.organisation, &kinds_of(actor), from).await? {
            let by = called(&session, upload.by).await?;
            listed.push((upload, by));
        }
        Ok(listed)
    }

    /// One file with its first rows and the first that cannot be used.
    pub async fn upload(&self, actor: &Actor, number: u32) -> Answer<UploadView> {
        let session = self.see(actor, Action::BringInFiles).await?;
        let upload = own(&session, actor, number).await?;
        let by = called(&session, upload.by).await?;
        let progress = session.upload_progress(actor.organisation, upload.id).await?;
        let name = session.upload_name(actor.organisation, upload.id).await?;
        let heads = importing::layout(upload.kind).names.to_vec();
        let (mut first, mut wrong, mut warned, mut register) = (Vec::new(), Vec::new(), Vec::new(), None);
        if let Some(key) = session.upload_key(actor.organisation, upload.id).await? {
            if progress.parts > 0 && (progress.done == 0 || upload.kind == FileKind::Register) {
                let (rows, file) = opened(&session, &upload, 0, &key).await?;
                // Only placements have them, and those are one part.
                warned = rows.iter().filter(|row| !row.warnings.is_empty()).take(SHOWN).cloned().collect();
                first = rows.into_iter().filter(|row| progress.done == 0 && !row.cells.is_empty()).collect();
                first.truncate(PREVIEWED);
                register = file;
            }
            for part in session.wrong_parts(actor.organisation, upload.id).await? {
                let (rows, _) = opened(&session, &upload, part.part, &key).await?;
                wrong.extend(rows.into_iter().filter(StagedRow::is_wrong));
                if wrong.len() >= SHOWN {
                    wrong.truncate(SHOWN);
                    break;
                }
            }
        }
        Ok(UploadView { upload, name, by, progress, heads, first, wrong, warned, register })
    }

    /// The rows of a file that cannot be used: their own columns, and two that say what is wrong. What looks like a formula
    /// is guarded as in every file of ours, and bared again when the file comes back.
    pub async fn upload_errors(&self, actor: &Actor, number: u32) -> Answer<Sheet> {
        let session = self.see(actor, Action::BringInFiles).await?;
        let upload = own(&session, actor, number).await?;
        let heads = importing::layout(upload.kind).names;
        let columns = heads.iter().chain(placewell_exchange::office::import::MARKS.iter());
        let mut sheet = Sheet::new("Errors", columns.copied());
        let key = session.upload_key(actor.organisation, upload.id).await?.ok_or(Outcome::NotFound)?;
        for part in session.wrong_parts(actor.organisation, upload.id).await? {
            let (rows, _) = opened(&session, &upload, part.part, &key).await?;
            for mut row in rows.into_iter().filter(StagedRow::is_wrong) {
                let said: Vec<String> = row.errors.iter().map(|(field, reason)| format!("{field}: {reason}")).collect();
                let result = format!("row {} cannot be used", row.row);
                row.cells.resize(heads.len(), String::new());
                let cells = row.cells.into_iter().chain([result, said.join(" ")]);
                sheet.rows.push(cells.map(Into::into).collect());
            }
        }
        Ok(sheet)
    }

    /// Goes on with a file: checks it, or brings it in, part by part, until nothing is left or so many parts are done.
    pub async fn advance(&self, org: OrganisationId, id: UploadId, parts: Option<u32>) -> Answer<()> {
        let mut left = parts;
        loop {
            if left == Some(0) {
                return Ok(());
            }
            left = left.map(|left| left - 1);
            let session = self.store.read(Some(org)).await?;
            let upload = session.upload_by_id(org, id).await?;
            let (state, by) = match &upload.state {
                UploadState::Checking => ("staged", upload.by),
                UploadState::BringingIn { by, .. } => ("checked", *by),
                _ => return Ok(()),
            };
            let next = session.next_part(org, id, state).await?;
            drop(session);
            let mut work = self.store.begin(org, self.calendar.now()).await?;
            work.by(by);
            let done = match next {
                Some(part) => one_part(&mut work, &upload, part, by).await,
                None => whole(&mut work, upload).await,
            };
            match ended(work, done).await {
                // Somebody else came first with this part: the next look tells what is left.
                Ok(()) | Err(Outcome::Conflict | Outcome::Retry) => {}
                // The worker is at it: whoever waits for the page goes there and looks again.
                Err(Outcome::Busy) if parts.is_some() => return Ok(()),
                Err(outcome) => return Err(outcome),
            }
        }
    }

    /// The text of files is forgotten after 28 days; how many there were. Done each day.
    pub(crate) async fn forget_old_files(&self) -> Answer<u64> {
        let moment = self.calendar.now();
        let before = plus_days(moment.today(), -DAYS_KEPT);
        let mut forgotten = 0;
        let organisations = self.visit().await?.organisations().await?;
        for organisation in organisations {
            let work = self.store.begin(organisation.id, moment).await?;
            forgotten += work.forget_uploads(before).await?;
            work.commit(Machine::now()).await?;
        }
        Ok(forgotten)
    }
}

/// Every part is through: the file is checked, or brought in.
async fn whole(work: &mut Work, upload: Upload) -> Answer<()> {
    let tally = work.upload_tally(work.org(), upload.id).await?;
    let moment = work.moment();
    let change = match upload.state {
        UploadState::Checking => upload.checked(tally)?,
        _ => upload.finish(tally, moment)?,
    };
    work.apply(change).await?;
    Ok(())
}

/// Takes one part to its next state: checked without a trace, or brought in.
async fn one_part(work: &mut Work, upload: &Upload, part: i64, by: PersonId) -> Answer<()> {
    let bring = matches!(upload.state, UploadState::BringingIn { .. });
    let whose = (work.org(), upload.id);
    // The page and the job may both be at it: where one has stopped the file since the other looked, nothing more goes in.
    work.lock_upload(upload.id).await?;
    if work.upload_by_id(whose.0, upload.id).await?.version != upload.version {
        return Err(Outcome::Conflict);
    }
    let Some(key) = work.upload_key(whose.0, upload.id).await? else {
        return Err(Outcome::Fault("the text of a file was forgotten before it was brought in".to_owned()));
    };
    // Claimed before it is read: whoever comes second would find what the first left of a part, such as a register without
    // a row, and do all that seems to follow before the claim took it back.
    let (from, to) = if bring { ("checked", "done") } else { ("staged", "checked") };
    if !work.claim_part((upload.id, part), from, to).await? {
        return Err(Outcome::Conflict);
    }
    if upload.kind == FileKind::Register {
        return importing::register::one_part(work, upload, part, &key).await;
    }
    let mut rows: Vec<StagedRow> = work.part_rows(whose, part, &key).await?;
    if let UploadState::BringingIn { leave_out, .. } = upload.state {
        return bring_part(work, upload, (part, rows), &key, (by, leave_out)).await;
    }
    if upload.kind == FileKind::Beds {
        importing::beds::hold_against_earlier(work, whose, part, &key, &mut rows).await?;
    }
    work.trial().await?;
    let tally = importing::take(work, upload.kind, &mut rows, by).await?;
    work.undo().await?;
    work.keep_part((upload.id, part), tally, &rows, &key).await?;
    Ok(())
}

/// Brings in the rows of a part that could be used at the check. One that cannot be used any more stops the file, and nothing
/// of the part is kept, unless such rows are left out on purpose.
async fn bring_part(
    work: &mut Work,
    upload: &Upload,
    (part, rows): (i64, Vec<StagedRow>),
    key: &RecordKey,
    (by, leave_out): (PersonId, bool),
) -> Answer<()> {
    let at = (upload.id, part);
    let (mut kept, mut rows): (Vec<StagedRow>, Vec<StagedRow>) = rows.into_iter().partition(StagedRow::is_wrong);
    let wrong_before = u32::try_from(kept.len()).unwrap_or(u32::MAX);
    work.savepoint().await?;
    let done = importing::take(work, upload.kind, &mut rows, by).await?;
    let stops = done.wrong > 0 && !leave_out;
    if stops {
        work.undo().await?;
    } else {
        // What went in is held by its own record now: only what cannot be used is kept here.
        rows.retain(StagedRow::is_wrong);
    }
    kept.append(&mut rows);
    kept.sort_by_key(|row| row.row);
    work.keep_part(at, Tally { wrong: done.wrong + wrong_before, ..done }, &kept, key).await?;
    if stops { stop(work, upload, part).await } else { Ok(()) }
}

/// Stops a file at a part of which nothing went in: it is checked, as it was before, and waits for a person.
pub(crate) async fn stop(work: &mut Work, upload: &Upload, part: i64) -> Answer<()> {
    work.claim_part((upload.id, part), "done", "checked").await?;
    let found = work.upload_tally(work.org(), upload.id).await?;
    let before = work.upload_done(work.org(), upload.id).await?;
    let moment = work.moment();
    work.apply(upload.clone().stop(found, before, moment)?).await?;
    Ok(())
}

/// The kinds of file that somebody may bring.
#[must_use]
pub fn kinds_of(actor: &Actor) -> Vec<FileKind> {
    FileKind::ALL.iter().copied().filter(|kind| permitted(actor, kind.action()).is_ok()).collect()
}
