//! What the page of a block's nights shows its parties: a month bed by bed, what it costs whom, occupancy by week, who is
//! nominated, what is re-sold, and from which use it pays.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use placewell_domain::buying::block::month::{BlockMonth, Figures, MonthSide};
use placewell_domain::buying::block::nights::{Adjustment, NightRow, Totals, month_of, totals};
use placewell_domain::buying::block::nomination::{Nomination, answer_by, nominate_by, refusals_counted};
use placewell_domain::buying::block::void::{RecordedCause, Resale};
use placewell_domain::buying::block::{Block, VoidOffer, VoidTurn};
use placewell_domain::calendar::quarter_of;
use placewell_domain::id::{NominationId, OrganisationId};
use placewell_domain::money::Pence;
use placewell_domain::nights::{Nights, plus_days};
use placewell_domain::office::access::Action;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::BuyingRoute;
use placewell_insight::buying::block::{AtUse, EvenAt, Like, Middle, at_use, even_at, middle};
use placewell_store::Session;

use super::settle::{month_now, side_of};
use super::turns::turn;
use super::{Known, own_block, provider_of};
use crate::answer::{Answer, Outcome};
use crate::command::App;
use crate::placing::occupancy::month_of as month_named;

/// How many weeks of occupancy are shown.
const WEEKS: i64 = 13;

/// One of a contract's beds by its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotName {
    /// Its number.
    pub slot: u8,
    /// The home's name; of floating beds all homes'.
    pub home: String,
    /// The bed's name, where it is fixed.
    pub bed: Option<String>,
}

impl SlotName {
    /// In words, such as "Bed 1: Elm House, Room 2".
    #[must_use]
    pub fn words(&self) -> String {
        let bed = self.bed.as_ref().map(|bed| format!(", {bed}")).unwrap_or_default();
        format!("Bed {}: {}{bed}", self.slot, self.home)
    }
}

/// The beds of a contract by their names.
pub(super) async fn slot_names(session: &Session, block: &Block) -> Answer<Vec<SlotName>> {
    let Some(terms) = block.latest_terms() else { return Ok(Vec::new()) };
    let mut homes = BTreeMap::new();
    for home in terms.beds.homes() {
        homes.insert(home, session.home(home).await?.name);
    }
    let mut names = Vec::new();
    for (slot, bed) in (1_u8..).zip(terms.beds.fixed()) {
        let beds = session.beds(bed.home).await?;
        let label = beds.into_iter().find(|one| one.id == bed.bed).map(|one| one.label);
        names.push(SlotName { slot, home: homes.get(&bed.home).cloned().unwrap_or_default(), bed: label });
    }
    if names.is_empty() {
        let all: Vec<String> = homes.into_values().collect();
        let home = all.join(" or ");
        names.extend((1..=terms.beds.count()).map(|slot| SlotName { slot, home: home.clone(), bed: None }));
    }
    Ok(names)
}

/// A nomination as a party sees it.
#[derive(Debug, Clone)]
pub struct NominationLine {
    /// Its id.
    pub id: NominationId,
    /// Raised by one with every move.
    pub version: i64,
    /// Which bed of the contract, from 1.
    pub slot: u8,
    /// When the child was nominated.
    pub made: DateTime,
    /// The stored name of where it stands.
    pub state: &'static str,
    /// Its words.
    pub label: &'static str,
    /// What is only its own authority's and the provider's.
    pub known: Option<NominationKnown>,
    /// The nominating authority's name.
    pub authority: String,
    /// It is the reader's own authority's.
    pub own: bool,
    /// It is open or accepted.
    pub stands: bool,
}

/// What the two who know the child read of a nomination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NominationKnown {
    /// The referral's reference.
    pub reference: String,
    /// Why it was refused or taken back.
    pub reason: Option<&'static str>,
    /// The nights on which the child has the bed.
    pub nights: Option<Nights>,
}

/// A re-sale as a party sees it.
#[derive(Debug, Clone)]
pub struct ResaleLine {
    /// The re-sale.
    pub resale: Resale,
    /// The buyer's name.
    pub buyer: String,
}

/// An offer of an empty bed to one of the block's authorities, as a party sees it.
#[derive(Debug, Clone)]
pub struct VoidOfferLine {
    /// The offer.
    pub offer: VoidOffer,
    /// The authority's name.
    pub authority: String,
    /// It is made to the reader's own authority.
    pub own: bool,
}

/// One week of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeekOfUse {
    /// Its first evening.
    pub from: Date,
    /// Bed-nights used.
    pub used: i64,
    /// Re-sold.
    pub resold: i64,
    /// Empty with a child nominated.
    pub nominated: i64,
    /// Empty.
    pub empty: i64,
}

/// A bed that is empty today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vacancy {
    /// Which bed.
    pub slot: u8,
    /// Since which evening.
    pub since: Date,
    /// Until when the block's authorities alone may nominate.
    pub nominate_by: DateTime,
    /// Somebody is nominated.
    pub nominated: bool,
    /// Every authority of the block has been offered it, where the contract has an order.
    pub all_asked: bool,
}

/// From which use a block pays, against one other route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Against {
    /// What like placements cost; none where too few stand behind it to be told.
    pub middle: Option<Middle>,
    /// From which use a used bed costs at most that.
    pub even: Option<EvenAt>,
}

/// Break-even of a block.
#[derive(Debug, Clone)]
pub struct BreakEven {
    /// Against the arrangement's price.
    pub fca: Against,
    /// Against the spot price.
    pub spot: Against,
    /// What a used bed costs at every percent of use.
    pub line: Vec<AtUse>,
    /// How much was used, in percent of the bed-nights of the last year.
    pub used_percent: i64,
    /// What a used bed cost a week over it; none where none was used.
    pub paid: Option<Pence>,
}

/// What the month's figures sum to.
pub type MonthTotals = Totals;

/// Everything that the page shows.
#[derive(Debug, Clone)]
pub struct NightsPage {
    /// The contract.
    pub block: Block,
    /// The provider's name.
    pub provider: String,
    /// For which side the reader settles, where for one.
    pub side: Option<MonthSide>,
    /// The month's first day.
    pub month: Date,
    /// Whether the contract has nights in the month before and after.
    pub around: (bool, bool),
    /// The beds.
    pub slots: Vec<SlotName>,
    /// The nights.
    pub rows: Vec<NightRow>,
    /// Corrections of earlier months.
    pub adjusted: Vec<Adjustment>,
    /// What the nights sum to.
    pub totals: MonthTotals,
    /// How the month is being settled.
    pub settling: Option<BlockMonth>,
    /// What both sides agree.
    pub figures: Figures,
    /// Whether its last night has passed.
    pub passed: bool,
    /// Names of organisations.
    pub names: BTreeMap<OrganisationId, (String, String)>,
    /// Nominations, the latest first.
    pub nominations: Vec<NominationLine>,
    /// Re-sales, the latest first.
    pub resales: Vec<ResaleLine>,
    /// Offers of empty beds to the block's authorities, the latest first.
    pub void_offers: Vec<VoidOfferLine>,
    /// Causes that were recorded, in their order.
    pub causes: Vec<RecordedCause>,
    /// Empty beds today.
    pub vacancies: Vec<Vacancy>,
    /// Use by week, up to today.
    pub weeks: Vec<WeekOfUse>,
    /// Refusals counted in this period, of how many.
    pub refusals: (usize, u8),
    /// From which use it pays; nothing of it for a provider.
    pub break_even: Option<BreakEven>,
}

impl App {
    /// The nights of a block that is one's own, for a month.
    pub async fn block_nights(&self, actor: &Actor, reference: &str, month: &str) -> Answer<NightsPage> {
        let session = self.see(actor, Action::SeeBlockNights).await?;
        let block = own_block(&session, actor, reference).await?;
        if block.contract.is_none() || !(block.runs() || block.state.name() == "ended") {
            return Err(Outcome::NotFound);
        }
        let known = Known::read(&session, block.id).await?;
        let moment = self.calendar.now();
        let today = moment.today();
        let latest = today.min(plus_days(known.span.to(), -1)).max(known.span.from());
        let month = month_named(month, latest);
        let now = month_now(&session, &known, month).await?;
        let names: BTreeMap<OrganisationId, (String, String)> =
            session.organisations().await?.into_iter().map(|one| (one.id, (one.code, one.name))).collect();
        let provides = actor.kind == OrganisationKind::Provider;
        let break_even =
            if provides { None } else { Some(break_even(&session, &known, (actor.organisation, today)).await?) };
        let within = |day: Date| month_of(day).overlap(known.span).is_some();
        Ok(NightsPage {
            provider: provider_of(&block)
                .and_then(|id| names.get(&id))
                .map_or_else(String::new, |(_, name)| name.clone()),
            side: side_of(&block, actor),
            month,
            around: (within(plus_days(month, -1)), within(plus_days(month.last_of_month(), 1))),
            slots: slot_names(&session, &block).await?,
            totals: totals(&now.rows),
            rows: now.rows,
            adjusted: now.adjusted,
            settling: now.settling,
            figures: now.figures,
            passed: today > month.last_of_month(),
            nominations: nomination_lines(&known, actor, &names),
            resales: resale_lines(&known, &names),
            void_offers: void_offer_lines(&known, actor, &names),
            causes: known.voids.clone(),
            vacancies: vacancies(&known, today),
            weeks: weeks(&known, today),
            refusals: (refusals_counted(&block.spec, &known.nominations, moment.local), block.spec.refusals.permitted),
            break_even,
            names,
            block,
        })
    }

    /// The authorities by code and name, for the forms about a block's nights.
    pub async fn authorities(&self, actor: &Actor) -> Answer<Vec<(String, String)>> {
        let session = self.see(actor, Action::SeeBlockNights).await?;
        let all = session.organisations().await?.into_iter().filter(|one| one.kind == OrganisationKind::Authority);
        Ok(all.map(|one| (one.code, one.name)).collect())
    }

    /// The nominations that a provider has to answer, with the block's reference.
    pub async fn nominations_to_answer(&self, actor: &Actor) -> Answer<Vec<ToAnswer>> {
        let session = self.see(actor, Action::AnswerNomination).await?;
        let mut found = Vec::new();
        for nomination in session.nominations_to_answer(actor.organisation).await? {
            let block = session.block(nomination.block).await?;
            let authority = session.organisation_by_id(nomination.authority).await?.name;
            let answer_by = answer_by(&block.spec, nomination.made);
            found.push(ToAnswer { block: block.reference, authority, nomination, answer_by });
        }
        found.sort_by_key(|one| one.answer_by);
        Ok(found)
    }
}

/// A nomination that waits for its provider's answer.
#[derive(Debug, Clone)]
pub struct ToAnswer {
    /// The block's reference.
    pub block: String,
    /// Who nominated.
    pub authority: String,
    /// By when an answer is due: the contract's hours after the nomination.
    pub answer_by: DateTime,
    /// The nomination.
    pub nomination: Nomination,
}

type Names = BTreeMap<OrganisationId, (String, String)>;

fn name_of(names: &Names, id: OrganisationId) -> String {
    names.get(&id).map_or_else(String::new, |(_, name)| name.clone())
}

fn nomination_lines(known: &Known, actor: &Actor, names: &Names) -> Vec<NominationLine> {
    let line = |one: &Nomination| {
        let own = one.authority == actor.organisation;
        let shown = own || one.provider == actor.organisation;
        NominationLine {
            id: one.id,
            version: one.version,
            slot: one.slot,
            made: one.made,
            state: one.state.name(),
            label: one.state.label(),
            known: shown.then(|| NominationKnown {
                reference: said_of(one),
                reason: one.state.reason(),
                nights: one.state.nights(),
            }),
            authority: name_of(names, one.authority),
            own,
            stands: one.stands(),
        }
    };
    known.nominations.iter().rev().map(line).collect()
}

/// What the referral is called; a child who lived there before this system has none.
fn said_of(one: &Nomination) -> String {
    if one.reference.number == 0 { "Before this system".to_owned() } else { one.reference.to_string() }
}

fn resale_lines(known: &Known, names: &Names) -> Vec<ResaleLine> {
    let line = |one: &Resale| ResaleLine { buyer: name_of(names, one.buyer), resale: one.clone() };
    known.resales.iter().rev().map(line).collect()
}

fn void_offer_lines(known: &Known, actor: &Actor, names: &Names) -> Vec<VoidOfferLine> {
    let line = |one: &VoidOffer| VoidOfferLine {
        authority: name_of(names, one.authority),
        own: one.authority == actor.organisation,
        offer: one.clone(),
    };
    known.void_offers.iter().rev().map(line).collect()
}

fn vacancies(known: &Known, today: Date) -> Vec<Vacancy> {
    if !known.block.runs() || !known.span.contains(today) {
        return Vec::new();
    }
    let beds = known.block.latest_terms().map_or(0, |terms| terms.beds.count());
    let sold = |slot: u8| {
        known.resales.iter().filter_map(Resale::fact).any(|one| one.slot == slot && one.nights.contains(today))
    };
    let empty = (1..=beds).filter(|slot| !sold(*slot)).filter_map(|slot| {
        let since = known.empty_since(slot, today)?;
        let nominate_by = nominate_by(&known.block.spec, since);
        let all_asked = turn(known, slot, today, today).is_none_or(|turn| turn == VoidTurn::Over);
        Some(Vacancy { slot, since, nominate_by, nominated: known.nominated(slot), all_asked })
    });
    empty.collect()
}

fn weeks(known: &Known, today: Date) -> Vec<WeekOfUse> {
    let until = today.min(known.span.to());
    let first = plus_days(until, -7 * WEEKS);
    let Some(nights) = Nights::new(first.max(known.span.from()), until) else { return Vec::new() };
    let rows = known.rows(nights);
    let week = |number: i64| {
        let from = plus_days(first, 7 * number);
        let own: Vec<&NightRow> =
            rows.iter().filter(|row| row.night >= from && row.night < plus_days(from, 7)).collect();
        let sums = totals(own.iter().copied());
        let (used, resold, nominated) = (sums.used, sums.resold, sums.nominated);
        (sums.nights > 0).then(|| WeekOfUse { from, used, resold, nominated, empty: sums.empty() })
    };
    (0..WEEKS).filter_map(week).collect()
}

/// The last year's use and cost, and the use from which it pays against what the arrangement and spot cost.
async fn break_even(session: &Session, known: &Known, (reader, today): (OrganisationId, Date)) -> Answer<BreakEven> {
    let terms = known.block.latest_terms().ok_or(Outcome::NotFound)?;
    let wants = &known.block.wants;
    let since = quarter_of(plus_days(today, -365));
    let mut against = Vec::new();
    for route in [BuyingRoute::Arrangement, BuyingRoute::Spot] {
        let points = session.like_points(wants, route, since).await?;
        let like = points.iter().map(|point| Like {
            weekly: point.weekly,
            home: point.home,
            near: wants.within(point.area),
            own: point.authority == reader,
        });
        let middle = middle(&like.collect::<Vec<_>>());
        against.push(Against { middle, even: middle.map(|middle| even_at(terms, middle.weekly)) });
    }
    let last_year = Nights::new(plus_days(today, -365).max(known.span.from()), today.min(known.span.to()));
    let sums = last_year.map(|nights| totals(&known.rows(nights))).unwrap_or_default();
    let used = sums.used + sums.resold;
    let (fca, spot) = (against.first().copied(), against.last().copied());
    let (Some(fca), Some(spot)) = (fca, spot) else { return Err(Outcome::NotFound) };
    Ok(BreakEven {
        fca,
        spot,
        line: (1..=100).filter_map(|percent| at_use(terms, percent)).collect(),
        used_percent: sums.occupancy_percent(),
        paid: (used > 0).then(|| Pence(sums.due.0.saturating_mul(7) / used)),
    })
}
