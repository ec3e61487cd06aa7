//! Ofsted's register as a file that people bring in: read whole, compared whole and brought in whole, in one transaction,
//! because a home that it no longer has has left the register. The core is that of `placewell homes import`.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use placewell_domain::office::access::Action;
use placewell_domain::office::import::{Tally, Upload, UploadState};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_exchange::homes::home::{self, HomeChange, LAYOUT, RegisterRead};
use placewell_store::Work;
use placewell_store::keys::RecordKey;
use serde::{Deserialize, Serialize};

use crate::answer::{Answer, Outcome};
use crate::command::App;
use crate::homes::home::import::as_at;
use crate::homes::standing::register::{Accounted, take_in};
use crate::office::import::{SendFile, StagedRow, stop};

/// What is kept of a register file, sealed as the one part that it has.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RegisterPart {
    /// Its rows as they stand in it; once it went in, those only that could not be used.
    pub(crate) rows: Vec<StagedRow>,
    read: RegisterRead,
    /// The day that it speaks of.
    pub as_at: Date,
    /// What it changes in the homes held; none before the check.
    pub changes: Vec<HomeChange>,
    /// What follows, or followed.
    pub followed: Accounted,
}

impl RegisterPart {
    /// The Government Office Region that was read, in lower case.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.read.region
    }

    /// Takes a file apart; invalid where it is no register, is of no such region, or is our own list of errors.
    pub(crate) fn read(content: &[u8], region: &str, day: Option<Date>, today: Date) -> Result<Self, Invalid> {
        let csv = home::as_csv(content).map_err(|error| Invalid::one("file", error.0))?;
        let mut read = home::read(&csv, region);
        let mut arranged = home::arranged(&csv);
        if arranged.is_list_of_errors {
            let words = "This is the list of rows that cannot be used: every home that is not in it would be closed. \
                         Correct the rows in Ofsted's file and send the whole of it";
            return Err(Invalid::one("file", words));
        }
        if let Some(reason) = &read.refused {
            return Err(Invalid::one("file", reason.as_str()));
        }
        let told = read.summary.errors.iter().map(|error| error.row);
        let mut numbers: Vec<usize> = read.rows.iter().map(|row| row.row).chain(told).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let staged = |number| StagedRow {
            row: u32::try_from(number).unwrap_or(u32::MAX),
            cells: arranged.cells.remove(&number).unwrap_or_default(),
            ..StagedRow::default()
        };
        let rows = numbers.into_iter().map(staged).collect();
        let day = day.unwrap_or_else(|| as_at(&read, today));
        read.summary.changes = None;
        Ok(Self { rows, read, as_at: day, changes: Vec::new(), followed: Accounted::default() })
    }

    /// The rows of the region.
    pub(crate) fn count(&self) -> u32 {
        u32::try_from(self.rows.len()).unwrap_or(u32::MAX)
    }

    /// Puts what is wrong beside its row.
    fn tell(&mut self, read: &RegisterRead) {
        let mut told: HashMap<u32, Vec<(String, String)>> = HashMap::new();
        for error in &read.summary.errors {
            let said = error.reason.to_lowercase();
            let column = LAYOUT.names.iter().find(|name| said.starts_with(*name)).copied().unwrap_or("row");
            let row = u32::try_from(error.row).unwrap_or(u32::MAX);
            told.entry(row).or_default().push((column.to_owned(), error.reason.clone()));
        }
        for row in &mut self.rows {
            row.errors = told.remove(&row.row).unwrap_or_default();
        }
        // What is wrong with the file as a whole stands at its heads, which are no row of it.
        let heads = told.into_iter().map(|(row, errors)| StagedRow { row, errors, ..StagedRow::default() });
        self.rows.extend(heads);
        self.rows.sort_by_key(|row| row.row);
    }
}

/// Checks the file without a trace, or brings it in; whoever calls has claimed it. One that is turned away as a whole by now,
/// such as one that a later file overtook, stops, and so does one of which a row cannot be used any more, unless such rows are
/// left out on purpose: nothing of it is kept.
pub(crate) async fn one_part(work: &mut Work, upload: &Upload, part: i64, key: &RecordKey) -> Answer<()> {
    let mut file: RegisterPart = work.part_rows((work.org(), upload.id), part, key).await?;
    let mut read = file.read.clone();
    if matches!(upload.state, UploadState::BringingIn { .. }) {
        work.savepoint().await?;
    } else {
        work.trial().await?;
    }
    let (followed, touched) = match take_in(work, &mut read, file.as_at).await {
        Ok(taken) => taken,
        Err(Outcome::Refused(refusal)) => {
            read.turn_away(format!("{} Found: {}.", refusal.sentence, refusal.value));
            (Accounted::default(), BTreeSet::new())
        }
        Err(outcome) => return Err(outcome),
    };
    file.tell(&read);
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let wrong = count(file.rows.iter().filter(|row| row.is_wrong()).count());
    let stops = match upload.state {
        UploadState::BringingIn { leave_out, .. } => Some(read.refused.is_some() || (wrong > 0 && !leave_out)),
        _ => None,
    };
    if stops != Some(false) {
        work.undo().await?;
    }
    let held = read.rows.iter().filter(|row| !touched.contains(&row.urn)).count();
    let tally = match &read.refused {
        Some(_) => Tally { changes: 0, unchanged: 0, wrong },
        None => Tally { changes: count(touched.len()), unchanged: count(held), wrong },
    };
    file.changes = read.summary.changes.take().map(|changes| changes.each).unwrap_or_default();
    file.followed = followed;
    if stops == Some(false) {
        // What went in is held by the homes' own records now.
        file.rows.retain(StagedRow::is_wrong);
        file.read.rows.clear();
    }
    work.keep_part((upload.id, part), tally, &file, key).await?;
    if stops == Some(true) { stop(work, upload, part).await } else { Ok(()) }
}

impl App {
    /// The region of the homes that a regional team holds; none before its first file.
    pub async fn register_region(&self, actor: &Actor) -> Answer<Option<String>> {
        let session = self.see(actor, Action::KeepHomes).await?;
        let mut counted: HashMap<String, usize> = HashMap::new();
        for line in session.register_lines(actor.organisation).await? {
            *counted.entry(line.region).or_default() += 1;
        }
        Ok(counted.into_iter().max_by(|one, two| (one.1, &two.0).cmp(&(two.1, &one.0))).map(|(region, _)| region))
    }

    /// Reads a register file for a region: the one named, or the one whose homes the team holds. Without a day, the file
    /// stands as at the day in its title, or the latest in it.
    pub async fn register_file(
        &self,
        actor: &Actor,
        (name, content): (&str, &[u8]),
        region: Option<&str>,
        day: Option<Date>,
    ) -> Answer<SendFile> {
        self.may_ask(actor, Action::KeepHomes)?;
        let today = self.calendar.now().today();
        if day.is_some_and(|day| day > today) {
            return Err(Invalid::one("as_at", "Enter the day that the file speaks of, today at the latest").into());
        }
        let region = match region.map(str::trim).filter(|named| !named.is_empty()) {
            Some(named) => Some(named.to_owned()),
            None => self.register_region(actor).await?,
        };
        let Some(region) = region.filter(|named| named.chars().count() <= 60) else {
            return Err(Invalid::one("region", "Enter the Government Office Region, such as West Midlands").into());
        };
        SendFile::register(name, content, (&region, day), today)
    }
}
