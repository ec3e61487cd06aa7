//! What the rows of a file do, kind by kind: each through the same moves and checks as by hand. It stands outside the wings
//! because it leads into many rooms.
//!
//! A row that a rule refuses keeps its reason and keeps no other row out.

use std::collections::{BTreeMap, HashMap};

use placewell_domain::change::Change;
use placewell_domain::homes::home::named::{Manager, ToldBy};
use placewell_domain::homes::home::paper::{Paper, PaperKind, PaperState, PaperTerms};
use placewell_domain::homes::home::{Home, Purpose, Urn};
use placewell_domain::homes::price::{KNOWN_OPEN, ScheduleSource, TenderedWrong, check_tendered};
use placewell_domain::id::{BedUseId, HomeId, PaperId, PersonId};
use placewell_domain::nights::{Nights, OPEN_END};
use placewell_domain::office::import::{FileKind, Tally};
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_domain::placing::occupancy::{BedUse, UseState, fits};
use placewell_domain::power::arrangement::Arrangement;
use placewell_exchange::homes::home::lines::{self, BedLine, DocumentLine, HomeLine, PriceRow};
use placewell_exchange::office::import::people::{PEOPLE, person};
use placewell_exchange::office::import::{CellError, Cells, Layout};
use placewell_exchange::placing::agreement::{self as stays, HistoryRow};
use placewell_store::homes::price::PriceBy;
use placewell_store::{StoreError, Work};

use crate::answer::{Answer, Outcome};
use crate::homes::home::named::{tell_company, tell_manager};
use crate::office::import::StagedRow;
use crate::place::locate;
use crate::placing::agreement::history;

pub(crate) mod beds;
mod people;
pub mod register;

use people::Inviter;

/// The columns of a kind of file.
#[must_use]
pub const fn layout(kind: FileKind) -> Layout {
    match kind {
        FileKind::Homes => lines::HOMES,
        FileKind::Beds => lines::BEDS,
        FileKind::Prices => lines::PRICES,
        FileKind::Documents => lines::DOCUMENTS,
        FileKind::Placements => stays::LAYOUT,
        FileKind::Register => placewell_exchange::homes::home::LAYOUT,
        FileKind::People => PEOPLE,
    }
}

/// What a row did.
enum Took {
    Changed,
    Unchanged,
}

/// Why a row cannot be used.
enum Wrong {
    Row(Vec<(String, String)>),
    Whole(Outcome),
}

impl From<StoreError> for Wrong {
    fn from(error: StoreError) -> Self {
        Outcome::from(error).into()
    }
}

impl From<Invalid> for Wrong {
    fn from(invalid: Invalid) -> Self {
        Self::Row(invalid.errors.into_iter().map(|error| (error.field, format!("{}.", error.message))).collect())
    }
}

impl From<Refusal> for Wrong {
    fn from(refusal: Refusal) -> Self {
        let found = if refusal.value.is_empty() { String::new() } else { format!(" Found: {}.", refusal.value) };
        Self::Row(vec![(refusal.code, format!("{}{found}", refusal.sentence))])
    }
}

impl From<Outcome> for Wrong {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Invalid(invalid) => invalid.into(),
            Outcome::Refused(refusal) => (*refusal).into(),
            other => Self::Whole(other),
        }
    }
}

type Taken = Result<Took, Wrong>;

/// Takes the rows in. Those that cannot be used get what is wrong with them; those that had it before are only counted.
pub(crate) async fn take(work: &mut Work, kind: FileKind, rows: &mut [StagedRow], by: PersonId) -> Answer<Tally> {
    let mut tally = Tally::default();
    if kind == FileKind::Placements {
        placements(work, rows, by, &mut tally).await?;
    } else {
        let mut books = Books::open(work, kind, rows, by).await?;
        for row in rows.iter_mut().filter(|row| !row.is_wrong()) {
            match one(work, &mut books, kind, row).await {
                Ok(Took::Changed) => tally.changes += 1,
                Ok(Took::Unchanged) => tally.unchanged += 1,
                Err(Wrong::Row(errors)) => row.errors = errors,
                Err(Wrong::Whole(outcome)) => return Err(outcome),
            }
        }
        work.keep_papers(books.new_papers).await?;
    }
    tally.wrong = u32::try_from(rows.iter().filter(|row| row.is_wrong()).count()).unwrap_or(u32::MAX);
    Ok(tally)
}

/// Reads a row as what it should be, or tells each cell that does not read.
fn read<T>(layout: &Layout, row: &StagedRow, read: impl FnOnce(&mut Cells<'_>) -> Option<T>) -> Result<T, Wrong> {
    let number = usize::try_from(row.row).unwrap_or(usize::MAX);
    let mut cells = Cells::of(layout, number, &row.cells);
    match read(&mut cells) {
        Some(line) if cells.errors.is_empty() => Ok(line),
        _ => Err(Wrong::Row(cells.errors.into_iter().map(|error| (error.field, error.reason)).collect())),
    }
}

async fn one(work: &mut Work, books: &mut Books, kind: FileKind, row: &StagedRow) -> Taken {
    match kind {
        FileKind::Homes => {
            let line = read(&lines::HOMES, row, lines::home)?;
            home(work, books, line).await
        }
        FileKind::Beds => {
            let line = read(&lines::BEDS, row, lines::bed)?;
            bed(work, books, line).await
        }
        FileKind::Prices => {
            let line = read(&lines::PRICES, row, lines::price)?;
            price(work, books, line).await
        }
        FileKind::Documents => {
            let line = read(&lines::DOCUMENTS, row, lines::document)?;
            document(work, books, line).await
        }
        FileKind::People => {
            let line = read(&PEOPLE, row, person)?;
            people::invite(work, books.inviter.as_mut(), line).await
        }
        // Neither goes row by row: see `placements` and `register`.
        FileKind::Placements | FileKind::Register => Ok(Took::Unchanged),
    }
}

/// What is read once for a part of a file.
#[derive(Default)]
struct Books {
    homes: HashMap<Urn, Home>,
    papers: HashMap<(Option<HomeId>, PaperKind, String), Paper>,
    /// New documents that are not written yet: they go in together.
    new_papers: Vec<Change<Paper>>,
    /// The arrangement in use, by which the lots of prices are named.
    arrangement: Option<Arrangement>,
    /// Whoever invites people; none where nobody is invited, or they keep the people here no longer.
    inviter: Option<Inviter>,
}

impl Books {
    async fn open(work: &Work, kind: FileKind, rows: &[StagedRow], by: PersonId) -> Answer<Self> {
        let mut books = Self::default();
        if kind == FileKind::People {
            books.inviter = Inviter::find(work, by).await?;
            return Ok(books);
        }
        let mine = match kind {
            FileKind::Prices => {
                books.arrangement = work.current_arrangement().await?.map(|kept| kept.arrangement);
                let all = work.homes().await?;
                all.into_iter().filter(|home| home.region == work.org()).collect()
            }
            _ => work.homes_of(work.org()).await?,
        };
        books.homes = mine.into_iter().map(|home| (home.urn.clone(), home)).collect();
        if kind == FileKind::Documents {
            let number = lines::DOCUMENTS.names.iter().position(|name| *name == "reference");
            let mut numbers: Vec<&str> =
                rows.iter().filter_map(|row| row.cells.get(number?)).map(String::as_str).collect();
            numbers.sort_unstable();
            numbers.dedup();
            let held = work.papers_numbered(work.org(), &numbers).await?;
            books.papers =
                held.into_iter().map(|paper| ((paper.home, paper.kind, paper.reference.clone()), paper)).collect();
        }
        Ok(books)
    }

    fn home(&self, urn: &Urn) -> Result<&Home, Wrong> {
        let words = format!("{urn} is no home of yours on the register here");
        self.homes.get(urn).ok_or_else(|| Invalid::one("urn", words).into())
    }
}

async fn home(work: &mut Work, books: &mut Books, line: HomeLine) -> Taken {
    let held = books.home(&line.urn)?.clone();
    let same = held.name == line.name
        && held.ages == Some(line.ages)
        && held.sex == Some(line.sex)
        && held.purpose_as_of == Some(line.as_of);
    let placed = line.postcode.is_none() || held.postcode == line.postcode;
    let named = named(work, &held, &line).await?;
    if same && placed {
        return Ok(if named { Took::Changed } else { Took::Unchanged });
    }
    let mut next = held;
    if !same {
        let purpose =
            Purpose { name: line.name, ages: line.ages, sex: line.sex, answers: next.answers, as_of: line.as_of };
        next = work.apply(next.state_purpose(purpose)?).await?;
    }
    if let Some(postcode) = line.postcode.filter(|_| !placed) {
        let point = locate(work, &postcode).await?.map(|located| located.point);
        next = work.apply(next.supply_postcode(postcode, point)?).await?;
    }
    books.homes.insert(line.urn, next);
    Ok(Took::Changed)
}

/// Records the manager and the company number of a home's row, where they say something new; true where they do.
async fn named(work: &mut Work, home: &Home, line: &HomeLine) -> Result<bool, Wrong> {
    let mut new = false;
    if let Some((name, from)) = &line.manager {
        let manager = Manager::told(name, *from, work.moment().today(), ToldBy::File)?;
        new |= tell_manager(work, home, &manager).await?;
    }
    if let Some(number) = &line.company {
        new |= tell_company(work, number, ToldBy::File).await?;
    }
    Ok(new)
}

async fn bed(work: &mut Work, books: &mut Books, line: BedLine) -> Taken {
    let home = books.home(&line.urn)?.clone();
    let Some(nights) = Nights::new(line.from, line.until.unwrap_or(OPEN_END)) else {
        return Err(Invalid::one("back_on", "Enter a day after the first night out of service").into());
    };
    let beds = work.beds(home.id).await?;
    let labels: Vec<&str> = beds.iter().map(|bed| bed.label.as_str()).collect();
    let Some(bed) = beds.iter().find(|bed| bed.label.eq_ignore_ascii_case(&line.bed)) else {
        return Err(Invalid::one("bed", format!("Enter one of the home's beds: {}", labels.join(", "))).into());
    };
    work.lock_homes(&[home.id]).await?;
    let uses = work.bed_uses(home.id, line.from).await?;
    let same =
        |one: &&BedUse| one.bed == bed.id && one.nights == nights && one.state == UseState::OutOfService(line.reason);
    if uses.iter().any(|one| same(&one)) {
        return Ok(Took::Unchanged);
    }
    let change = BedUse::take_out(BedUseId(work.new_id()), &home, bed.id, nights, line.reason);
    fits(&uses, change.next())?;
    work.apply(change).await?;
    Ok(Took::Changed)
}

async fn price(work: &mut Work, books: &mut Books, line: PriceRow) -> Taken {
    let home = books.home(&line.urn)?.clone();
    let Some(nights) = Nights::new(line.from, line.until.unwrap_or(OPEN_END)) else {
        return Err(Invalid::one("until", "Enter a day after the first night").into());
    };
    let admissions = work.admissions_of(home.id).await?;
    // A file says the lot by its code, and whoever reads what is wrong with a row by its name.
    let named = books.arrangement.as_ref().map_or(line.lot.as_str(), |of| of.lot_named(&line.lot));
    match check_tendered(&home, &admissions, ((&line.lot, named), line.line, nights), Some(line.weekly)) {
        Ok(()) => {}
        Err(TenderedWrong::Invalid(invalid)) => return Err(invalid.into()),
        Err(TenderedWrong::Refused(refusal)) => return Err((*refusal).into()),
    }
    let held = work.prices_between(home.id, &line.lot, line.line.code(), nights).await?;
    let same = held.iter().filter(|price| price.value == line.weekly && price.known_to == KNOWN_OPEN);
    let covered = same.filter_map(|price| Nights::new(price.from, price.to)?.overlap(nights)).map(Nights::count);
    if covered.sum::<i64>() == nights.count() {
        return Ok(Took::Unchanged);
    }
    let by = PriceBy { source: ScheduleSource::File, record: 0, includes: String::new() };
    work.record_prices(home.id, (&line.lot, line.line.code()), &[(nights, Some(line.weekly))], &by).await?;
    Ok(Took::Changed)
}

async fn document(work: &mut Work, books: &mut Books, line: DocumentLine) -> Taken {
    let home = match &line.urn {
        Some(urn) => Some(books.home(urn)?.id),
        None => None,
    };
    let terms = PaperTerms { from: line.from, expires_on: line.expires_on, audience: line.seen_by };
    let terms = terms.checked(line.kind)?;
    let key = (home, line.kind, line.reference.clone());
    if let Some(held) = books.papers.remove(&key) {
        let Some(change) = held.clone().renew(terms)? else {
            books.papers.insert(key, held);
            return Ok(Took::Unchanged);
        };
        // What is renewed may be one of those that still wait.
        work.keep_papers(std::mem::take(&mut books.new_papers)).await?;
        let kept = work.apply(change).await?;
        books.papers.insert(key, kept);
        return Ok(Took::Changed);
    }
    let change = Paper::keep(Paper {
        id: PaperId(work.new_id()),
        version: 1,
        provider: work.org(),
        home,
        kind: line.kind,
        reference: line.reference,
        from: line.from,
        since: None,
        expires_on: line.expires_on,
        audience: line.seen_by,
        state: PaperState::Held,
    });
    books.papers.insert(key, change.next().clone());
    books.new_papers.push(change);
    Ok(Took::Changed)
}

/// Stays go in together: a child, a bed and the ledger join their rows. The caller takes them all back where a row that
/// cannot be used is not to be left out.
async fn placements(work: &mut Work, rows: &mut [StagedRow], by: PersonId, tally: &mut Tally) -> Answer<()> {
    let mut read_well: Vec<HistoryRow> = Vec::new();
    for row in rows.iter_mut().filter(|row| !row.is_wrong()) {
        match read(&stays::LAYOUT, row, stays::stay) {
            Ok(stay) => read_well.push(stay),
            Err(Wrong::Row(errors)) => row.errors = errors,
            Err(Wrong::Whole(outcome)) => return Err(outcome),
        }
    }
    let found = history::bring_in(by, work, &read_well, true).await?;
    tally.changes = u32::try_from(found.new).unwrap_or(u32::MAX);
    tally.unchanged = u32::try_from(found.unchanged).unwrap_or(u32::MAX);
    let (mut errors, mut warnings) = (by_row(found.errors), by_row(found.warnings));
    for row in rows.iter_mut() {
        let Ok(number) = usize::try_from(row.row) else { continue };
        if let Some(errors) = errors.remove(&number) {
            row.errors = errors;
        }
        row.warnings = warnings.remove(&number).unwrap_or_default();
    }
    Ok(())
}

/// What is said of cells, row by row: the column and the words.
fn by_row(said: Vec<CellError>) -> BTreeMap<usize, Vec<(String, String)>> {
    let mut rows: BTreeMap<usize, Vec<(String, String)>> = BTreeMap::new();
    for CellError { row, field, reason } in said {
        rows.entry(row).or_default().push((field, reason));
    }
    rows
}

/// Refused where something must be recorded before a file of this kind can be brought at all.
pub(crate) async fn ready(work: &Work, kind: FileKind) -> Answer<()> {
    if kind == FileKind::Placements {
        history::going_live(work, work.org(), work.moment().today()).await?;
    }
    Ok(())
}
