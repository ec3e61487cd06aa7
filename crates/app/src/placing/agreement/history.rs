//! An authority's own record of what began before this system, brought in whole or not at all: each row an agreement with
//! its origin (rule 2.5), its nights in a bed and its commitment.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::{Date, date};
use placewell_domain::authority::{AreaCode, distance_class};
use placewell_domain::homes::home::{Bed, Home, Urn};
use placewell_domain::id::{
    AgreementId, BedUseId, ChildId, HomeId, OrganisationId, PersonId, Reference, ReferenceKind,
};
use placewell_domain::nights::{Nights, OPEN_END};
use placewell_domain::office::access::Action;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::{FieldError, Invalid};
use placewell_domain::placing::agreement::{
    Added, Agreement, AgreementState, AgreementTerms, Ending, GOING_LIVE, GoingLive, Imported, NoticeBand, PricePoint,
    STANDARD_NOTICE, Signatures, Stay,
};
use placewell_domain::placing::child::{Child, ChildIdentity};
use placewell_domain::placing::occupancy::{BedUse, UseState, fits};
use placewell_domain::power::annual_value::{ExceptionReason, Route};
use placewell_domain::power::delegation::RemitArea;
use placewell_exchange::placing::agreement::{CellError, HistoryRead, HistoryRow, PaidRow};
use placewell_store::placing::agreement::history::SourceRow;
use placewell_store::placing::agreement::opening::OpeningPaid;
use placewell_store::work::Record as _;
use placewell_store::{Session, StoreError, Work};
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::power::annual_value::committing::{Allowed, Exception, commit};

mod alone;
mod cited;
mod lines;
mod searched;
mod stopped;

pub(crate) use alone::bring_in_at;
use cited::Terms;
use lines::lines;
use searched::{offered, searched};
use stopped::Past;

/// Before every night that can be brought in.
const LONG_AGO: Date = date(2000, 1, 1);

/// What a file brings in, or would.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct HistorySummary {
    /// Rows that read.
    pub rows: usize,
    /// Agreements that are new.
    pub new: usize,
    /// Rows that were brought in before and say the same.
    pub unchanged: usize,
    /// New agreements by origin.
    pub origins: BTreeMap<&'static str, usize>,
    /// Every cell that cannot be used; where there is one, nothing is brought in.
    pub errors: Vec<CellError>,
    /// What can be brought in and wants a look: the home took no new placement on the first day.
    pub warnings: Vec<CellError>,
}

/// The day on which the organisation goes live; refused while nobody has recorded it.
pub(crate) async fn going_live(session: &Session, org: OrganisationId, today: Date) -> Answer<Date> {
    Ok(session.value_of(org, &GOING_LIVE, today).await?.recorded()?)
}

/// Brings in a file, whole or not at all; the same file twice changes nothing.
#[derive(Debug, Clone, Serialize)]
pub struct BringInHistory {
    /// Its rows, every one of which reads.
    pub rows: Vec<HistoryRow>,
}

impl Command for BringInHistory {
    const ACTION: Action = Action::BringInHistory;
    const NAME: &'static str = "agreement.bring_in_history";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        going_live(work, work.org(), work.moment().today()).await?;
        let summary = bring_in(actor.person, work, &self.rows, false).await?;
        let mut invalid = Invalid::default();
        for error in &summary.errors {
            invalid.add(&error.field, format!("Row {}, {}: {}", error.row, error.field, error.reason));
        }
        invalid.or(())?;
        Ok(Receipt::at(format!("/imports/history?new={}&unchanged={}", summary.new, summary.unchanged)))
    }
}

impl App {
    /// What a file would bring in, found by bringing it in and taking that back.
    pub async fn check_history(&self, actor: &Actor, read: &HistoryRead) -> Answer<HistorySummary> {
        let session = self.see(actor, Action::BringInHistory).await?;
        going_live(&session, actor.organisation, self.calendar.now().today()).await?;
        drop(session);
        let mut work = self.store.begin(actor.organisation, self.calendar.now()).await?;
        work.by(actor.person);
        let found = bring_in(actor.person, &mut work, &read.rows, false).await;
        work.roll_back().await?;
        let mut summary = found?;
        summary.errors.extend(read.errors.iter().cloned());
        summary.errors.sort_by_key(|error| error.row);
        Ok(summary)
    }
}

/// Writes an agreement that is brought in, its price lines and its nights in a bed. The event of the agreement stands for
/// the bed's as well; the caller brings the ledger to it.
pub async fn keep(work: &mut Work, agreement: Agreement, imported: Imported, slept: BedUse) -> Answer<Agreement> {
    let agreement = work.apply(Agreement::bring_in(agreement, imported)).await?;
    work.add_price_lines(&agreement).await?;
    slept.write(work).await?;
    Ok(agreement)
}

/// What is known while a file goes in.
struct Books {
    officer: PersonId,
    /// By which route, where it is not the origin's.
    route: Option<Route>,
    authority: Organisation,
    area: AreaCode,
    adopted: Option<Date>,
    live: GoingLive,
    lots: Vec<String>,
    terms: Option<Terms>,
    homes: HashMap<String, (Home, Vec<Bed>)>,
    pasts: HashMap<HomeId, Past>,
    uses: HashMap<HomeId, Vec<BedUse>>,
    invitations: Vec<i64>,
    offers: Vec<i64>,
    stays: Vec<i64>,
    authorities: HashMap<String, OrganisationId>,
}

impl Books {
    async fn open(by: PersonId, work: &Work, rows: &[HistoryRow]) -> Answer<Self> {
        let authority = work.organisation_by_id(work.org()).await?;
        let area = authority.area.as_deref().and_then(|area| AreaCode::parse(area).ok());
        let area = area.ok_or_else(|| Outcome::Fault("the authority has no area".to_owned()))?;
        let decisions = work.decisions(work.org()).await?;
        let adopting = decisions.iter().filter(|decision| decision.page.adopts());
        let adopted = adopting.filter_map(placewell_domain::power::decision::Decision::effective_on).min();
        let terms = Terms::read(work).await?;
        let live = work.value_of(work.org(), &GOING_LIVE, work.moment().today()).await?;
        let (mut homes, mut pasts) = (HashMap::new(), HashMap::new());
        for row in rows {
            if homes.contains_key(&row.home_urn) {
                continue;
            }
            let Ok(urn) = row.home_urn.parse::<Urn>() else { continue };
            match work.home_by_urn(&urn).await {
                Ok(home) => {
                    let beds = work.beds(home.id).await?;
                    pasts.insert(home.id, Past::read(work, &home).await?);
                    homes.insert(row.home_urn.clone(), (home, beds));
                }
                Err(StoreError::NotFound) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let mut ids: Vec<HomeId> = homes.values().map(|(home, _)| home.id).collect();
        ids.sort_unstable();
        work.lock_homes(&ids).await?;
        let mut uses = HashMap::new();
        for id in ids {
            uses.insert(id, work.bed_uses(id, LONG_AGO).await?);
        }
        let organisations = work.organisations().await?.into_iter();
        Ok(Self {
            officer: by,
            route: None,
            authority,
            area,
            adopted,
            live,
            lots: terms.iter().flat_map(Terms::lots).collect(),
            terms,
            homes,
            pasts,
            uses,
            invitations: Vec::new(),
            offers: Vec::new(),
            stays: Vec::new(),
            authorities: organisations
                .filter(|one| one.kind == OrganisationKind::Authority)
                .map(|one| (one.code, one.id))
                .collect(),
        })
    }

    /// What is wrong with a row, beside what the reader has seen.
    fn check(&self, row: &HistoryRow, today: Date) -> Vec<FieldError> {
        let mut wrong = Invalid::default();
        if row.start > today {
            wrong.add("start", "It has not begun: a stay that is to come is agreed here, not brought in");
        } else if let Err(error) = self.live.fits(row.start) {
            wrong.add(&error.field, error.message);
        }
        if row.planned_end <= row.start {
            wrong.add("planned_end", "The planned end is the day after the last night, after the start");
        }
        if row.ended.is_some_and(|(on, _)| on <= row.start || on > today) {
            wrong.add("ended_on", "The end is a day after the start, and not in the future");
        }
        if let Some(paid) = &row.paid {
            let last = row.ended.map_or(today, |(on, _)| on.min(today));
            if paid.from < row.start || paid.to > last {
                wrong.add("paid_to", "What is paid are nights of the stay, up to today");
            }
        }
        if let Err(error) = row.origin.fits(row.start, self.adopted) {
            wrong.add(&error.field, error.message);
        }
        let known = self.lots.contains(&row.lot);
        if row.origin.through_arrangement() && !known {
            wrong.add("lot", format!("A stay through the arrangement has a lot: send one of {}", self.lots.join(", ")));
        } else if !row.lot.is_empty() && !known {
            wrong.add("lot", format!("Send one of {}, or leave it blank", self.lots.join(", ")));
        }
        if !self.homes.contains_key(&row.home_urn) {
            wrong.add("home_urn", "No home with this number is on the register here");
        }
        if !row.responsible.is_empty() && !self.authorities.contains_key(&row.responsible) {
            wrong.add("responsible_authority", "No authority here has this code");
        }
        if let Err(invalid) = identity(row).checked(row.start) {
            for error in invalid.errors {
                let column = match error.field.as_str() {
                    "born" => "date_of_birth",
                    "case_number" => "child_reference",
                    other => other,
                };
                wrong.add(column, "The child is under 18 on the first night, and born before it");
            }
        }
        wrong.errors
    }

    /// What wants a look of a row that can be brought in: why the home took no new placement that day.
    fn looks(&self, row: &HistoryRow) -> Option<CellError> {
        let (home, _) = self.homes.get(&row.home_urn)?;
        let against = self.pasts.get(&home.id)?.against(home, row.start);
        if against.is_empty() {
            return None;
        }
        let reason = format!(
            "The home took no new placement that day: {}. Look why it was made, and whether it is reviewed.",
            against.join("; ")
        );
        Some(CellError { row: row.row, field: "start".to_owned(), reason })
    }

    /// One event for each room of which records were brought in.
    fn record(&self, work: &mut Work) {
        for (room, ids) in [("invitation", &self.invitations), ("offer", &self.offers), ("occupancy", &self.stays)] {
            work.record_brought_in(room, ids);
        }
    }

    /// A stay that does not come to be leaves its bed to the next row.
    fn give_back(&mut self, used: &BedUse) {
        if let Some(uses) = self.uses.get_mut(&used.home) {
            uses.retain(|one| one.id != used.id);
        }
    }

    /// A bed of the home that is free on all nights of a stay.
    fn bed(&mut self, row: &HistoryRow, wanted: &BedUse) -> Result<BedUse, FieldError> {
        let none = |message: &str| FieldError { field: "start".to_owned(), message: message.to_owned() };
        let Some((home, beds)) = self.homes.get(&row.home_urn) else { return Err(none("No such home")) };
        let uses = self.uses.entry(home.id).or_default();
        let mut refused = "The home has no bed on record".to_owned();
        for bed in beds {
            let one = BedUse { bed: bed.id, ..wanted.clone() };
            match fits(uses, &one) {
                Ok(()) => {
                    uses.push(one.clone());
                    return Ok(one);
                }
                Err(refusal) => refused = refusal.sentence,
            }
        }
        Err(none(&format!("No bed of the home takes these nights: {refused}")))
    }
}

fn identity(row: &HistoryRow) -> ChildIdentity {
    ChildIdentity {
        family_name: row.family_name.clone(),
        given_names: row.given_names.clone(),
        known_as: None,
        born: row.born,
        sex: row.sex,
        case_number: row.child_reference.clone(),
        home_postcode: None,
        school: None,
        other_names: Vec::new(),
    }
}

/// All that a row says, in one text: by it a second file is told from the first.
fn said(row: &HistoryRow) -> Answer<String> {
    Ok(serde_json::to_string(&HistoryRow { row: 0, ..row.clone() })?)
}

/// Brings rows in within the transaction, and lists every cell that cannot be used. The caller takes everything back where
/// there is one.
///
/// With `leave_out` the rows that can be used go in beside those that cannot.
pub(crate) async fn bring_in(
    by: PersonId,
    work: &mut Work,
    rows: &[HistoryRow],
    leave_out: bool,
) -> Answer<HistorySummary> {
    let mut summary = HistorySummary { rows: rows.len(), ..HistorySummary::default() };
    let mut books = Books::open(by, work, rows).await?;
    let mut children: HashMap<String, ChildId> = HashMap::new();
    let mut kept = Vec::new();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let today = work.moment().today();
    for row in rows {
        let mut wrong = |field: &str, reason: String| {
            summary.errors.push(CellError { row: row.row, field: field.to_owned(), reason });
        };
        if let Some(first) = seen.insert(&row.source_reference, row.row) {
            wrong("source_reference", format!("Row {first} has the same number."));
            continue;
        }
        let text = said(row)?;
        let source = SourceRow { source: &row.source_reference, child: &row.child_reference, said: &text };
        if let Some(known) = work.brought_in(work.org(), source).await? {
            if known.same {
                summary.unchanged += 1;
            } else {
                let change = "It was brought in before and says something else now: change the agreement here.";
                wrong("source_reference", change.to_owned());
            }
            continue;
        }
        let errors = books.check(row, today);
        if !errors.is_empty() {
            for error in errors {
                wrong(&error.field, format!("{}.", error.message));
            }
            continue;
        }
        match one(work, &mut books, &mut children, (row, source)).await {
            Ok(agreement) => {
                *summary.origins.entry(row.origin.code()).or_default() += 1;
                summary.new += 1;
                summary.warnings.extend(books.looks(row));
                kept.push(agreement);
            }
            Err(Outcome::Invalid(invalid)) => {
                for error in invalid.errors {
                    wrong(&error.field, format!("{}.", error.message));
                }
            }
            Err(other) => return Err(other),
        }
    }
    if summary.errors.is_empty() || (leave_out && !kept.is_empty()) {
        books.record(work);
        for agreement in &kept {
            held(work, agreement, by).await?;
        }
    }
    Ok(summary)
}

/// The ledger holds what goes on. What was agreed before cannot be refused, so that above the ceiling it is an exception
/// with its reason (rule 3.2).
async fn held(work: &mut Work, agreement: &Agreement, by: PersonId) -> Answer<()> {
    let commitment = agreement.commitment(work.moment().today());
    let words = agreement.origin().map_or("Brought in", placewell_domain::placing::agreement::Origin::label);
    let exception = Exception { reason: ExceptionReason::BackDated, words, person: by, always: false };
    commit(work, &commitment, Allowed::All(exception)).await
}

/// One row: the child, the search as it ended, the answer that was taken, and the agreement.
async fn one(
    work: &mut Work,
    books: &mut Books,
    children: &mut HashMap<String, ChildId>,
    (row, source): (&HistoryRow, SourceRow<'_>),
) -> Answer<Agreement> {
    // The bed first: a row that has none must leave no child behind.
    let agreement = AgreementId(work.new_id());
    let (home, wanted) = slept(work, books, row, agreement)?;
    let used = books.bed(row, &wanted).map_err(|error| Outcome::from(Invalid { errors: vec![error] }))?;
    let child = match child(work, books, children, row).await {
        Ok(child) => child,
        Err(outcome) => {
            books.give_back(&used);
            return Err(outcome);
        }
    };
    let referral = searched(work, books, row, (child, agreement)).await?;
    let offer = offered(work, books, &referral, (&home, &used), (row, agreement)).await?;
    let number = work.next_number("agreement").await?;
    let terms = books.terms.as_ref().filter(|_| row.origin.through_arrangement());
    let cited = terms.map(|terms| terms.cited(home.provider, row.start)).unwrap_or_default();
    let made = Agreement {
        id: agreement,
        version: 1,
        reference: Reference { authority: books.authority.code.clone(), kind: ReferenceKind::Agreement, number },
        authority: work.org(),
        responsible: responsible(work, books, row),
        provider: home.provider,
        child,
        referral: referral.id,
        offer,
        case: RemitArea::ChildrenLookedAfter,
        terms: AgreementTerms {
            route: books.route.unwrap_or_else(|| row.origin.route()),
            lot: row.lot.clone(),
            home: home.id,
            bed: Some(used.bed),
            solo: row.solo,
            start: row.start,
            lines: lines(row),
            notice: row
                .notice_days
                .map_or_else(|| STANDARD_NOTICE.to_vec(), |days| vec![NoticeBand { from_day: 0, days }]),
            charged: row.charged.unwrap_or_default(),
            terms_version: cited.terms,
            specification_version: cited.specification,
            distance: distance_class(books.area, home.area, row.start),
        },
        planned_end: row.planned_end,
        reviews: Vec::new(),
        rests_on: Vec::new(),
        facts: String::new(),
        signatures: Signatures::default(),
        added: Added::default(),
        state: stayed(row),
    };
    let imported = Imported { origin: row.origin, at: work.moment().local, by: books.officer };
    work.keep_brought_in(source, agreement, child).await?;
    let kept = keep(work, made, imported, used).await?;
    if let Some(paid) = &row.paid {
        let PaidRow { from, to, amount } = *paid;
        work.keep_opening_paid(&OpeningPaid { agreement, from, to, ledger: amount }).await?;
    }
    if let Some(price) = PricePoint::of(&kept, &referral.profile, &home) {
        work.keep_price_points(&[(referral.id.0, price)]).await?;
    }
    Ok(kept)
}

/// The stay, and how it ended where it has.
fn stayed(row: &HistoryRow) -> AgreementState {
    let stay = Stay { from: row.start, unsigned: None };
    match row.ended {
        None => AgreementState::Started { stay },
        Some((on, reason)) => {
            let planned = on >= row.planned_end;
            AgreementState::Ended { stay, ending: Ending { on, planned, reason, power: None, without: None } }
        }
    }
}

fn responsible(work: &Work, books: &Books, row: &HistoryRow) -> OrganisationId {
    books.authorities.get(&row.responsible).copied().unwrap_or_else(|| work.org())
}

/// The child: one of an earlier row or file, or a new one.
async fn child(
    work: &mut Work,
    books: &Books,
    children: &mut HashMap<String, ChildId>,
    row: &HistoryRow,
) -> Answer<ChildId> {
    let known = match children.get(&row.child_reference) {
        Some(known) => Some(*known),
        None => work.brought_in_child(work.org(), &row.child_reference).await?,
    };
    if let Some(id) = known {
        let kept = work.child(work.org(), id).await?;
        if work.open_identity(&kept).await?.born != row.born {
            let other = "Another row of this child has another date of birth";
            return Err(Invalid::one("date_of_birth", other).into());
        }
        children.insert(row.child_reference.clone(), id);
        return Ok(id);
    }
    let id = ChildId(work.new_id());
    let key = work.new_child_key(work.org(), id).await?;
    let number = work.next_number("child").await?;
    let sealed = key.seal(&identity(row))?;
    work.apply(Child::record(id, work.org(), responsible(work, books, row), number, sealed)).await?;
    children.insert(row.child_reference.clone(), id);
    Ok(id)
}

/// The nights of a stay, in no bed yet.
fn slept(work: &Work, books: &Books, row: &HistoryRow, agreement: AgreementId) -> Answer<(Home, BedUse)> {
    let (home, beds) = books.homes.get(&row.home_urn).ok_or(Outcome::NotFound)?;
    let until = row.ended.map_or(OPEN_END, |(on, _)| on);
    let nights =
        Nights::new(row.start, until).ok_or_else(|| Invalid::one("ended_on", "A stay has at least one night"))?;
    let bed = beds.first().ok_or_else(|| Invalid::one("home_urn", "The home has no bed on record"))?;
    let used = BedUse {
        id: BedUseId(work.new_id()),
        version: 1,
        provider: home.provider,
        home: home.id,
        bed: bed.id,
        agreement: Some(agreement),
        nights,
        solo: row.solo,
        state: UseState::Stay,
    };
    Ok((home.clone(), used))
}
