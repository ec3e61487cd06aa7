//! Ofsted's register brought in: new homes with their beds, changed places, owners and judgements, homes that have
//! left. Compared with the register's own last word, so that the same file twice changes nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use placewell_domain::authority::by_name;
use placewell_domain::homes::admission::registration::RegistrationState;
use placewell_domain::homes::home::history::told;
use placewell_domain::homes::home::owner::owned_from;
use placewell_domain::homes::home::{
    Bed, Grade, Home, HomeState, Inspection, InspectionKind, RegisterEntry, Sector, Urn,
};
use placewell_domain::id::{BedId, BedUseId, HomeId, OrganisationId};
use placewell_domain::nights::Nights;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::placing::occupancy::{BedUse, ClosedReason};
use placewell_exchange::homes::home::{ChangeKind, HeldHome, HomeRow, Judgement, RegisterRead};
use placewell_store::homes::home::RegisterLine;
use placewell_store::{Session, StoreError, Work};

use crate::answer::Answer;

/// The owner of homes whose owner the file does not state.
pub(crate) const OWNER_NOT_STATED: &str = "Owner not stated";

/// The day the file speaks of: the one in its title, else the latest date in it, or today where it has none or they lie
/// ahead.
#[must_use]
pub fn as_at(read: &RegisterRead, today: Date) -> Date {
    let dates = read.rows.iter().flat_map(|row| [row.publication_date, row.inspection_date, row.registration_date]);
    let latest = || dates.flatten().filter(|date| *date <= today).max().unwrap_or(today);
    read.as_at.filter(|day| *day <= today).unwrap_or_else(latest)
}

/// Sets aside the rows that cannot be used, each an error by its number in the file.
pub fn sift(read: &mut RegisterRead, as_at: Date) {
    read.set_aside(|row| unusable(row, as_at));
}

/// What a file changes in the homes that a regional team holds from the same Government Office Region. Rows that cannot be
/// used are set aside first. A file older than the one held is turned away whole:
/// every home registered since would look closed.
pub async fn compare(session: &Session, team: OrganisationId, read: &mut RegisterRead, as_at: Date) -> Answer<()> {
    sift(read, as_at);
    let mut lines = session.register_lines(team).await?;
    lines.retain(|line| line.region == read.region);
    match lines.iter().map(|line| line.as_at).max() {
        Some(latest) if as_at < latest => {
            read.turn_away(format!(
                "The file stands as at {as_at}, and the register of this region is held as at {latest}: an older file \
                 would close homes that are open. Bring in a file of {latest} or later, or say at which day this one \
                 stands."
            ));
        }
        _ => read.summary.changes = Some(read.changes(&lines.iter().map(held_home).collect::<Vec<_>>())),
    }
    Ok(())
}

/// Why a row cannot be used, where it cannot.
fn unusable(row: &HomeRow, as_at: Date) -> Option<String> {
    if row.urn.parse::<Urn>().is_err() {
        return Some(format!("URN is \"{}\"; expected SC and digits, or digits.", row.urn));
    }
    let place = row.local_authority.as_deref().unwrap_or_default();
    if by_name(place, as_at).is_none() {
        return Some(format!("Local authority is \"{place}\"; no authority of that name stood on {as_at}."));
    }
    let places = row.places.filter(|places| u8::try_from(*places).is_err())?;
    Some(format!("Places is {places}; a home is held with a bed for each of at most {} places.", u8::MAX))
}

/// Brings a file in, within one transaction of the regional team. Rows that cannot be used are errors of the summary; all
/// others go in. A file that is turned away changes nothing. Answers with the homes of which something was written; of a
/// file that says what is held with all of its homes, where it holds the register as at a later day.
pub async fn bring_in(work: &mut Work, read: &mut RegisterRead, as_at: Date) -> Answer<BTreeSet<String>> {
    compare(work, work.org(), read, as_at).await?;
    if read.refused.is_some() {
        return Ok(BTreeSet::new());
    }
    let mut books = Books::open(work, read).await?;
    for row in &read.rows {
        books.take(work, row, as_at).await?;
    }
    let changes = read.summary.changes.iter().flat_map(|changes| &changes.each);
    for change in changes.filter(|change| change.kind == ChangeKind::Closed) {
        books.close(work, &change.urn, as_at).await?;
    }
    let (still, urns): (Vec<HomeId>, Vec<String>) = std::mem::take(&mut books.unchanged).into_iter().unzip();
    work.register_still_says(&still, as_at).await?;
    if books.touched.is_empty() {
        books.touched.extend(urns);
    }
    // Last, as it takes the organisation's lock.
    for (home, (before, (state, owner))) in std::mem::take(&mut books.stands) {
        if let Some(news) = told(home, before.as_ref().map(|(state, _)| state), &state, as_at) {
            work.record_registration(&news).await?;
        }
        if let Some(from) = owned_from(before.map(|(_, owner)| owner), owner, as_at) {
            work.record_owner(home, owner, from).await?;
        }
    }
    Ok(books.touched)
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
pub(crate) fn plain(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

pub(crate) fn slug(name: &str) -> String {
    let dashed: String =
        name.to_lowercase().chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
    dashed.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// The provider of each name that the register may state. Of two with one name it is the one that keeps homes; one that
/// registered itself is nobody's owner before the regional team has confirmed who it is.
async fn owners(
    work: &Work,
    organisations: Vec<Organisation>,
    homes: &HashMap<String, Home>,
) -> Answer<HashMap<String, OrganisationId>> {
    let registered = work.registrations(work.org()).await?;
    let unknown: BTreeSet<OrganisationId> = registered
        .into_iter()
        .filter(|one| !matches!(one.state, RegistrationState::Confirmed { .. }))
        .map(|one| one.provider)
        .collect();
    let keeping: BTreeSet<OrganisationId> = homes.values().map(|home| home.provider).collect();
    let mut owners = HashMap::new();
    for one in organisations {
        if one.kind != OrganisationKind::Provider || unknown.contains(&one.id) {
            continue;
        }
        let name = plain(&one.name);
        if keeping.contains(&one.id) || !owners.contains_key(&name) {
            owners.insert(name, one.id);
        }
    }
    Ok(owners)
}

/// Where a home's registration stands, and whose it is.
type Stands = (HomeState, OrganisationId);

/// What is held while a file goes in.
struct Books {
    homes: HashMap<String, Home>,
    lines: HashMap<String, RegisterLine>,
    owners: HashMap<String, OrganisationId>,
    codes: HashSet<String>,
    inspections: HashMap<HomeId, Vec<Inspection>>,
    region: String,
    states_status: bool,
    /// The homes of which something was written.
    touched: BTreeSet<String>,
    /// The homes of which the register says what it said as at an earlier day.
    unchanged: Vec<(HomeId, String)>,
    /// Where each home stood before the file, and stands by it.
    stands: BTreeMap<HomeId, (Option<Stands>, Stands)>,
}

impl Books {
    async fn open(work: &Work, read: &RegisterRead) -> Answer<Self> {
        let own = work.homes().await?.into_iter().filter(|home| home.region == work.org());
        let homes: HashMap<String, Home> = own.map(|home| (home.urn.to_string(), home)).collect();
        let lines = work.register_lines(work.org()).await?.into_iter().map(|line| (line.urn.clone(), line)).collect();
        let organisations = work.organisations().await?;
        let codes = organisations.iter().map(|one| one.code.clone()).collect();
        let owners = owners(work, organisations, &homes).await?;
        let mut inspections: HashMap<HomeId, Vec<Inspection>> = HashMap::new();
        for (home, seen) in work.all_inspections().await? {
            inspections.entry(home).or_default().push(seen);
        }
        let (region, states_status) = (read.region.clone(), read.has_column("registration status"));
        let (touched, unchanged, stands) = (BTreeSet::new(), Vec::new(), BTreeMap::new());
        Ok(Self { homes, lines, owners, codes, inspections, region, states_status, touched, unchanged, stands })
    }

    async fn take(&mut self, work: &mut Work, row: &HomeRow, as_at: Date) -> Answer<()> {
        let place = row.local_authority.as_deref().unwrap_or_default();
        let (Ok(urn), Some(area)) = (row.urn.parse::<Urn>(), by_name(place, as_at)) else { return Ok(()) };
        let held = self.homes.get(&row.urn).cloned();
        let stated = row.places.and_then(|places| u8::try_from(places).ok());
        let provider = match (&row.organisation, &held) {
            (None, Some(home)) => home.provider,
            // The register says what it said: who keeps the home here is then not its news.
            (Some(owner), Some(home)) if self.last_owner(&row.urn).is_some_and(|last| plain(last) == plain(owner)) => {
                home.provider
            }
            (owner, _) => self.owner(work, owner.as_deref().unwrap_or(OWNER_NOT_STATED)).await?,
        };
        let entry = RegisterEntry {
            provider,
            area: area.code,
            sector: sector(row.sector.as_deref(), held.as_ref()),
            places: stated.or(held.as_ref().map(|home| home.places)).unwrap_or(0),
            short_breaks_only: row
                .short_breaks_only
                .unwrap_or_else(|| held.as_ref().is_some_and(|home| home.short_breaks_only)),
            suspended: self.not_active(row, held.as_ref()),
            registered_on: row.registration_date,
        };
        let was = held.as_ref().map(|home| home.version);
        let before = held.as_ref().map(stands);
        let home = if let Some(home) = held {
            self.follow(work, home, entry, as_at).await?
        } else {
            let change = Home::register(HomeId(work.new_id()), work.org(), urn, entry, work.moment());
            let home = work.apply(change).await?;
            add_beds(work, &home, 1).await?;
            home
        };
        self.note(before, &home);
        let inspected = self.inspected(work, &home, row).await?;
        let told = self.keep_line(work, &home, row, as_at).await?;
        if inspected || told || was != Some(home.version) {
            self.touched.insert(row.urn.clone());
        }
        self.homes.insert(row.urn.clone(), home);
        Ok(())
    }

    /// Notes where a home stands by the file, beside where it stood before it.
    fn note(&mut self, before: Option<Stands>, home: &Home) {
        self.stands.entry(home.id).or_insert_with(|| (before, stands(home))).1 = stands(home);
    }

    /// Whose home the register last said it was.
    fn last_owner(&self, urn: &str) -> Option<&str> {
        self.lines.get(urn)?.organisation.as_deref()
    }

    /// Only an active registration admits; a file without the column leaves what is held.
    fn not_active(&self, row: &HomeRow, held: Option<&Home>) -> bool {
        if self.states_status {
            return !row.registration_status.as_deref().is_some_and(|status| status.eq_ignore_ascii_case("active"));
        }
        held.is_some_and(|home| matches!(home.state, HomeState::Suspended { .. }))
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

    /// Adds the inspection of a row unless one of that day with that grade is held; whether it did.
    async fn inspected(&mut self, work: &Work, home: &Home, row: &HomeRow) -> Answer<bool> {
        let (Some(judgement), Some(inspected_on)) = (row.judgement, row.inspection_date) else { return Ok(false) };
        if judgement == Judgement::NotYetInspected {
            return Ok(false);
        }
        let grade = Some(grade_of(judgement));
        let held = self.inspections.entry(home.id).or_default();
        if held.iter().any(|seen| seen.inspected_on == inspected_on && seen.grade == grade) {
            return Ok(false);
        }
        let seen = Inspection {
            kind: InspectionKind::Full,
            inspected_on,
            published_on: row.publication_date,
            grade,
            serious_concerns: judgement == Judgement::Inadequate,
            event: row.event_number.clone().unwrap_or_default(),
            link: None,
        };
        work.add_inspection(home, &seen).await?;
        held.push(seen);
        Ok(true)
    }

    /// Keeps the register's own last word of a home; whether it is another one.
    async fn keep_line(&mut self, work: &Work, home: &Home, row: &HomeRow, as_at: Date) -> Answer<bool> {
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
            region: self.region.clone(),
            as_at,
        };
        let other = before.is_none_or(|held| RegisterLine { as_at, ..held.clone() } != line);
        if !other && before.is_some_and(|held| held.as_at < as_at) {
            self.unchanged.push((home.id, row.urn.clone()));
        }
        if other {
            work.keep_register_line(&line).await?;
            self.lines.insert(row.urn.clone(), line);
        }
        Ok(other)
    }

    async fn close(&mut self, work: &mut Work, urn: &str, as_at: Date) -> Answer<()> {
        if let Some(home) = self.homes.remove(urn)
            && !matches!(home.state, HomeState::Closed { .. })
        {
            let before = Some(stands(&home));
            let home = work.apply(home.leave_register(as_at)?).await?;
            self.note(before, &home);
        }
        if let Some(line) = self.lines.remove(urn) {
            work.keep_register_line(&RegisterLine { open: false, as_at, ..line }).await?;
        }
        self.touched.insert(urn.to_owned());
        Ok(())
    }
}

fn stands(home: &Home) -> Stands {
    (home.state.clone(), home.provider)
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
