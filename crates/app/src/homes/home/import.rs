//! Ofsted's register brought in: new homes with their beds, changed places, owners and judgements, homes that have
//! left. Compared with the register's own last word, so that the same file twice changes nothing.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use placewell_domain::authority::by_name;
use placewell_domain::homes::home::{Bed, Grade, Home, Inspection, InspectionKind, RegisterEntry, Sector};
use placewell_domain::id::{BedId, BedUseId, HomeId, OrganisationId};
use placewell_domain::nights::Nights;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::placing::occupancy::{BedUse, ClosedReason};
use placewell_exchange::homes::home::{ChangeKind, HeldHome, HomeRow, Judgement, RegisterRead, RowError};
use placewell_store::homes::home::RegisterLine;
use placewell_store::{Session, StoreError, Work};

use crate::answer::Answer;

/// The owner of homes whose owner the file does not state.
const OWNER_NOT_STATED: &str = "Owner not stated";

/// The day the file speaks of: the latest date in it, or today where it has none or they lie ahead.
#[must_use]
pub fn as_at(read: &RegisterRead, today: Date) -> Date {
    let dates = read.rows.iter().flat_map(|row| [row.publication_date, row.inspection_date, row.registration_date]);
    dates.flatten().filter(|date| *date <= today).max().unwrap_or(today)
}

/// What a file changes in the homes that a region holds.
pub async fn compare(session: &Session, region: OrganisationId, read: &mut RegisterRead) -> Answer<()> {
    let held: Vec<HeldHome> = session.register_lines(region).await?.iter().map(held_home).collect();
    read.summary.changes = Some(read.changes(&held));
    Ok(())
}

/// Brings a file in, within one transaction of the region. Rows that cannot be used are added to the errors of the
/// summary, by their number in the file; all others go in.
pub async fn bring_in(work: &mut Work, read: &mut RegisterRead, as_at: Date) -> Answer<()> {
    compare(work, work.org(), read).await?;
    let mut books = Books::open(work).await?;
    let rows = std::mem::take(&mut read.rows);
    for row in &rows {
        if let Err(problem) = books.take(work, row, as_at).await? {
            read.summary.errors.push(RowError { row: row.row, reason: problem });
        }
    }
    read.rows = rows;
    let closed: Vec<String> = read
        .summary
        .changes
        .iter()
        .flat_map(|changes| &changes.each)
        .filter(|change| change.kind == ChangeKind::Closed)
        .map(|change| change.urn.clone())
        .collect();
    for urn in closed {
        books.close(work, &urn, as_at).await?;
    }
    Ok(())
}

fn judgement_of(code: &str) -> Option<Judgement> {
    Judgement::read(Grade::from_code(code)?.label())
}

fn grade_of(judgement: Judgement) -> Grade {
    match judgement {
        Judgement::Outstanding => Grade::Outstanding,
        Judgement::Good => Grade::Good,
        Judgement::RequiresImprovement => Grade::RequiresImprovement,
        Judgement::Inadequate => Grade::Inadequate,
        Judgement::Adequate => Grade::Adequate,
        Judgement::NotYetInspected => Grade::NotYetInspected,
    }
}

fn held_home(line: &RegisterLine) -> HeldHome {
    HeldHome {
        urn: line.urn.clone(),
        open: line.open,
        places: line.places,
        judgement: line.judgement.as_deref().and_then(judgement_of),
        organisation: line.organisation.clone(),
    }
}

/// A name as names are compared: without case and without double spaces.
fn plain(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn slug(name: &str) -> String {
    let dashed: String =
        name.to_lowercase().chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
    dashed.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// What is held while a file goes in.
struct Books {
    homes: HashMap<String, Home>,
    lines: HashMap<String, RegisterLine>,
    owners: HashMap<String, OrganisationId>,
    codes: HashSet<String>,
    inspections: HashMap<HomeId, Vec<Inspection>>,
}

/// Whether a row went in, or why it did not.
type Taken = Result<(), String>;

impl Books {
    async fn open(work: &Work) -> Answer<Self> {
        let homes = work.homes().await?.into_iter().map(|home| (home.urn.to_string(), home)).collect();
        let lines = work.register_lines(work.org()).await?.into_iter().map(|line| (line.urn.clone(), line)).collect();
        let organisations = work.organisations().await?;
        let codes = organisations.iter().map(|one| one.code.clone()).collect();
        let owners = organisations
            .into_iter()
            .filter(|one| one.kind == OrganisationKind::Provider)
            .map(|one| (plain(&one.name), one.id))
            .collect();
        let mut inspections: HashMap<HomeId, Vec<Inspection>> = HashMap::new();
        for (home, seen) in work.all_inspections().await? {
            inspections.entry(home).or_default().push(seen);
        }
        Ok(Self { homes, lines, owners, codes, inspections })
    }

    async fn take(&mut self, work: &mut Work, row: &HomeRow, as_at: Date) -> Answer<Taken> {
        let Ok(urn) = row.urn.parse::<placewell_domain::homes::home::Urn>() else {
            return Ok(Err(format!("URN is \"{}\"; expected SC and digits, or digits.", row.urn)));
        };
        let place = row.local_authority.as_deref().unwrap_or_default();
        let Some(area) = by_name(place, as_at) else {
            return Ok(Err(format!("Local authority is \"{place}\"; no authority of that name stood on {as_at}.")));
        };
        let held = self.homes.get(&row.urn).cloned();
        let stated = row.places.map(|places| u8::try_from(places).unwrap_or(u8::MAX));
        let provider = match (&row.organisation, &held) {
            (None, Some(home)) => home.provider,
            (owner, _) => self.owner(work, owner.as_deref().unwrap_or(OWNER_NOT_STATED)).await?,
        };
        let entry = RegisterEntry {
            provider,
            area: area.code,
            sector: sector(row.sector.as_deref(), held.as_ref()),
            places: stated.or(held.as_ref().map(|home| home.places)).unwrap_or(0),
            short_breaks_only: held.as_ref().is_some_and(|home| home.short_breaks_only),
            suspended: row
                .registration_status
                .as_deref()
                .is_some_and(|status| status.eq_ignore_ascii_case("suspended")),
            registered_on: row.registration_date,
        };
        let home = if let Some(home) = held {
            self.follow(work, home, entry, as_at).await?
        } else {
            let change = Home::register(HomeId(work.new_id()), work.org(), urn, entry, work.moment());
            let home = work.apply(change).await?;
            add_beds(work, &home, 1).await?;
            home
        };
        self.inspected(work, &home, row).await?;
        self.keep_line(work, &home, row, as_at).await?;
        self.homes.insert(row.urn.clone(), home);
        Ok(Ok(()))
    }

    async fn follow(&self, work: &mut Work, home: Home, entry: RegisterEntry, as_at: Date) -> Answer<Home> {
        let places = home.places;
        let Some(change) = home.clone().follow_register(entry, work.moment()) else { return Ok(home) };
        let home = work.apply(change).await?;
        work.hand_over_beds(&home).await?;
        let beds = work.beds(home.id).await?;
        if usize::from(home.places) > beds.len() {
            add_beds(work, &home, beds.len() + 1).await?;
        } else if home.places < places {
            take_surplus_out(work, &home, &beds, as_at).await?;
        }
        Ok(home)
    }

    async fn owner(&mut self, work: &Work, name: &str) -> Answer<OrganisationId> {
        if let Some(id) = self.owners.get(&plain(name)) {
            return Ok(*id);
        }
        let id = OrganisationId(work.new_id());
        let base = slug(name);
        let base = if base.is_empty() { "provider".to_owned() } else { base };
        let mut code = base.clone();
        let mut number = 2;
        while self.codes.contains(&code) {
            code = format!("{base}-{number}");
            number += 1;
        }
        let kind = OrganisationKind::Provider;
        let name = name.to_owned();
        work.add_organisation(&Organisation {
            id,
            code: code.clone(),
            name: name.clone(),
            kind,
            area: None,
            placing_body: None,
        })
        .await?;
        self.codes.insert(code);
        self.owners.insert(plain(&name), id);
        Ok(id)
    }

    /// Adds the inspection of a row unless one of that day with that grade is held.
    async fn inspected(&mut self, work: &Work, home: &Home, row: &HomeRow) -> Answer<()> {
        let (Some(judgement), Some(inspected_on)) = (row.judgement, row.inspection_date) else { return Ok(()) };
        if judgement == Judgement::NotYetInspected {
            return Ok(());
        }
        let grade = Some(grade_of(judgement));
        let held = self.inspections.entry(home.id).or_default();
        if held.iter().any(|seen| seen.inspected_on == inspected_on && seen.grade == grade) {
            return Ok(());
        }
        let seen = Inspection {
            kind: InspectionKind::Full,
            inspected_on,
            published_on: row.publication_date,
            grade,
            serious_concerns: judgement == Judgement::Inadequate,
            event: row.event_number.clone().unwrap_or_default(),
        };
        work.add_inspection(home, &seen).await?;
        held.push(seen);
        Ok(())
    }

    async fn keep_line(&mut self, work: &Work, home: &Home, row: &HomeRow, as_at: Date) -> Answer<()> {
        let before = self.lines.get(&row.urn);
        let line = RegisterLine {
            home: home.id,
            urn: row.urn.clone(),
            open: true,
            places: row.places.or(before.and_then(|line| line.places)),
            judgement: row
                .judgement
                .map(|judgement| grade_of(judgement).code().to_owned())
                .or(before.and_then(|line| line.judgement.clone())),
            organisation: row.organisation.clone().or(before.and_then(|line| line.organisation.clone())),
            as_at,
        };
        if before.is_none_or(|held| RegisterLine { as_at, ..held.clone() } != line) {
            work.keep_register_line(&line).await?;
            self.lines.insert(row.urn.clone(), line);
        }
        Ok(())
    }

    async fn close(&mut self, work: &mut Work, urn: &str, as_at: Date) -> Answer<()> {
        if let Some(home) = self.homes.remove(urn)
            && !matches!(home.state, placewell_domain::homes::home::HomeState::Closed { .. })
        {
            work.apply(home.leave_register(as_at)?).await?;
        }
        if let Some(line) = self.lines.remove(urn) {
            work.keep_register_line(&RegisterLine { open: false, as_at, ..line }).await?;
        }
        Ok(())
    }
}

fn sector(stated: Option<&str>, held: Option<&Home>) -> Sector {
    match stated.map(plain).as_deref() {
        Some("private") => Sector::Private,
        Some("local authority") => Sector::LocalAuthority,
        Some("voluntary") => Sector::Voluntary,
        Some("health authority") => Sector::Health,
        Some(_) | None => held.map_or(Sector::NotKnown, |home| home.sector),
    }
}

/// One bed for each registered place, from this number on.
async fn add_beds(work: &Work, home: &Home, first: usize) -> Result<(), StoreError> {
    for number in first..=usize::from(home.places) {
        let bed = Bed { id: BedId(work.new_id()), home: home.id, label: format!("Bed {number}") };
        work.add_bed(home, &bed).await?;
    }
    Ok(())
}

/// Fewer places: as many beds that nobody uses go out of service on Ofsted's terms, the last ones first.
async fn take_surplus_out(work: &mut Work, home: &Home, beds: &[Bed], from: Date) -> Answer<()> {
    let uses = work.bed_uses(home.id, from).await?;
    let closed = uses.iter().filter(|one| !one.state.is_a_child() && one.nights.contains(from)).count();
    let surplus = beds.len().saturating_sub(usize::from(home.places)).saturating_sub(closed);
    let idle = beds.iter().rev().filter(|bed| uses.iter().all(|one| one.bed != bed.id)).take(surplus);
    for bed in idle {
        let id = BedUseId(work.new_id());
        work.apply(BedUse::take_out(id, home, bed.id, Nights::open(from), ClosedReason::Regulator)).await?;
    }
    Ok(())
}
