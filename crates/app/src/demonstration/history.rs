//! What came before today: which stays were bought through the arrangement within each ceiling, and the searches that
//! led to them or to nothing (rule 10.2: 4,800 in 33 months). Imported, with its origin; the story is not part of it.

use jiff::civil::{Date, DateTime, date};
use placewell_domain::calendar::{YearBasis, year_of};
use placewell_domain::homes::home::Sex;
use placewell_domain::money::{Pence, weekly_charge};
use placewell_domain::nights::{days_between, plus_days};
use placewell_domain::placing::referral::{NotPlacedReason, Profile, Tier, WithdrawReason};

use super::authorities::{PARTS, place};
use super::blocks::BLOCKS;
use super::chance::Chance;
use super::fits::Fits;
use super::homes::Homes;
use super::live::{self, Stage};
use super::needs::{self, Wish};
use super::stays::{Contract, StayPlan, Stays, TERM_START, effective};
use super::{Scale, TODAY};

/// The first day of the present contract year.
const YEAR_START: Date = date(2020, 12, 15);
/// The day after its last.
const YEAR_END: Date = date(2021, 12, 15);

/// A placement through the arrangement: of its own, or in the bed of a mini-block.
#[derive(Debug, Clone, serde::Serialize)]
pub struct PlacementPlan {
    /// The stay's place in the list.
    pub stay: usize,
    /// The authority's place in the list.
    pub part: usize,
    /// The day after the last planned night.
    pub planned_end: Date,
    /// Education beside the core price: pence a week, from and to.
    pub education: Option<(i64, Date, Date)>,
    /// A package of extra support that lapses this week.
    pub lapsing: bool,
    /// Whether it ended as planned; of ended ones.
    pub planned: bool,
}

/// How a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum Ended {
    /// In the placement with this place in the list.
    Placed(usize),
    /// Without one through the arrangement.
    NotPlaced(NotPlacedReason),
    /// In a spot purchase that goes on: the stay with this place in the list.
    Spot(usize),
    /// Withdrawn.
    Withdrawn(WithdrawReason),
    /// Not at all: it goes on today.
    Open(Stage),
}

/// One search.
#[derive(Debug, Clone)]
pub struct SearchPlan {
    /// The authority's place in the list.
    pub part: usize,
    /// The child and the dates.
    pub wish: Wish,
    /// The child's coded needs.
    pub profile: Profile,
    /// When it was sent and until when homes can answer, where that is not as usual.
    pub times: Option<(DateTime, DateTime)>,
    /// How many homes offered.
    pub offers: usize,
    /// Homes that were asked, with their tiers, those that offered first; the chosen one is the first of all.
    pub asked: Vec<(usize, Tier)>,
    /// How it ended.
    pub ended: Ended,
}

/// All of it.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// Placements through the arrangement.
    pub placements: Vec<PlacementPlan>,
    /// Searches, authority by authority in the order of sending.
    pub searches: Vec<SearchPlan>,
}

/// What imported placements may come to in the present year, in pence. Herefordshire's leaves room for the story's own
/// three, so that the award of £4,150 a week from 27 September leaves £412,600 to award.
fn target(part: usize, scale: Scale) -> i64 {
    let ceiling = PARTS[part].ceiling * 100_000;
    if PARTS[part].code == "HEF" && scale == Scale::WHOLE {
        let story = [(4_150, 79), (4_230, 114), (3_890, 92), (6_400, 28)];
        let story: Pence = story.into_iter().map(|(price, nights)| weekly_charge(Pence::pounds(price), nights)).sum();
        return ceiling - 41_260_000 - story.0;
    }
    ceiling * PARTS[part].committed / 1_000
}

/// Plans it. Stays that do not fit a ceiling become spot purchases.
pub fn plan(homes: &Homes, stays: &mut Stays, scale: Scale) -> History {
    let mut chance = Chance::of("history");
    let mut history = History::default();
    for part in 0..PARTS.len() {
        placements(part, homes, stays, scale, &mut history, &mut chance);
    }
    let stays = &*stays;
    let fits = Fits::of(homes, stays);
    for part in 0..PARTS.len() {
        searches(part, &fits, stays, scale, &mut history, &mut chance);
    }
    history
}

/// The nights that a placement commits within a year that begins on a day.
fn cost(stay: &StayPlan, end: Date, year: Date) -> i64 {
    let next = year_of(year, YearBasis::Contract).end();
    let nights = |day: Date| days_between(stay.from, day.clamp(stay.from, end));
    let weekly = Pence::pounds(stay.price);
    (weekly_charge(weekly, nights(next)) - weekly_charge(weekly, nights(year))).0
}

fn placements(part: usize, homes: &Homes, stays: &mut Stays, scale: Scale, history: &mut History, chance: &mut Chance) {
    let years = [TERM_START, date(2019, 12, 15), YEAR_START];
    let mut left = [PARTS[part].ceiling * 97_000, PARTS[part].ceiling * 97_000, target(part, scale)];
    let mut order: Vec<usize> = (0..stays.stays.len()).filter(|at| stays.stays[*at].part == Some(part)).collect();
    order.sort_by_key(|at| {
        (stays.stays[*at].to.is_some(), stays.stays[*at].contract != Contract::Arrangement, stays.stays[*at].from)
    });
    // What a mini-block bought is bought: its beds are lived in before anything else has room under the ceiling.
    order.sort_by_key(|at| stays.stays[*at].block.is_none());
    let mut apart = Chance::of(&format!("block beds {}", PARTS[part].code));
    let first = history.placements.len();
    for at in order {
        let stay = &mut stays.stays[at];
        let on_lot = homes.homes[stay.home].lots.first().is_some_and(|(lot, _)| *lot == stay.lot);
        // A spot purchase at a home of the arrangement, taken into it where the ceiling has room.
        let taken_in = stay.contract == Contract::Spot && stay.to.is_some_and(|to| to > YEAR_START) && on_lot;
        if !(stay.block.is_some() || stay.contract == Contract::Arrangement || taken_in)
            || stay.from < effective(part).max(plus_days(TERM_START, 1))
        {
            continue;
        }
        let chance = if stay.block.is_some() { &mut apart } else { &mut *chance };
        let planned_end = stay.to.unwrap_or_else(|| plus_days(TODAY, chance.between(14, 400)));
        let planned_end = stay.block.map_or(planned_end, |block| planned_end.min(BLOCKS[block].nights.1));
        let costs = years.map(|year| cost(stay, planned_end, year));
        if stay.block.is_none() && costs.iter().zip(&left).any(|(cost, left)| cost > left) {
            stay.contract = Contract::Spot;
            continue;
        }
        if stay.block.is_none() {
            stay.contract = Contract::Arrangement;
        }
        for (left, cost) in left.iter_mut().zip(costs) {
            *left -= cost;
        }
        let planned = chance.percent(60);
        history.placements.push(PlacementPlan {
            stay: at,
            part,
            planned_end,
            education: None,
            lapsing: false,
            planned,
        });
    }
    let own = &mut history.placements[first..];
    if PARTS[part].code == "HEF" {
        lapsing(own, stays, &mut left[2]);
    }
    lengthen(own, stays, &mut left[2]);
    educate(own, stays, left[2]);
}

/// Whole weeks of a placement within the present year.
fn weeks(plan: &PlacementPlan, stays: &Stays) -> i64 {
    days_between(stays.stays[plan.stay].from.max(YEAR_START), plan.planned_end.min(YEAR_END)) / 7
}

/// Planned ends of children who live there, moved out within the year while education alone would not reach the target.
fn lengthen(own: &mut [PlacementPlan], stays: &Stays, left: &mut i64) {
    let mut education: i64 = own.iter().map(|plan| weeks(plan, stays).max(0) * 100_000).sum();
    for plan in own.iter_mut().filter(|plan| stays.stays[plan.stay].live()) {
        let stay = &stays.stays[plan.stay];
        let before = plan.planned_end;
        while *left > education && plan.planned_end < plus_days(YEAR_END, -7) {
            let later = plus_days(plan.planned_end, 7);
            *left -= cost(stay, later, YEAR_START) - cost(stay, plan.planned_end, YEAR_START);
            plan.planned_end = later;
        }
        education += days_between(before, plan.planned_end) / 7 * 100_000;
    }
}

/// The package of extra support that lapses this week: £370 a week from 21 June to 17 September.
fn lapsing(own: &mut [PlacementPlan], stays: &Stays, left: &mut i64) {
    let fits = |plan: &&mut PlacementPlan| {
        let stay = &stays.stays[plan.stay];
        stay.live() && stay.block.is_none() && stay.from < date(2021, 6, 1)
    };
    let cost = weekly_charge(Pence::pounds(370), 88).0;
    if let Some(plan) = own.iter_mut().find(fits)
        && *left > cost
    {
        plan.lapsing = true;
        *left -= cost;
    }
}

/// Education lines of £700 to £1,300 a week until the year stands at its target, to the penny.
fn educate(own: &mut [PlacementPlan], stays: &Stays, mut left: i64) {
    for plan in own.iter_mut() {
        let from = stays.stays[plan.stay].from.max(YEAR_START);
        let weeks = weeks(plan, stays);
        if left < 70_000 || weeks < 1 {
            continue;
        }
        let (weekly, weeks) = if left <= 130_000 {
            (left, 1)
        } else if (left - 100_000) / weeks >= 70_000 {
            (((left - 100_000) / weeks).min(130_000) / 100 * 100, weeks)
        } else {
            (70_000, ((left - 100_000) / 70_000).max(1))
        };
        if weekly * weeks > left {
            continue;
        }
        plan.education = Some((weekly, from, plus_days(from, weeks * 7)));
        left -= weekly * weeks;
    }
    // What is left is less than a line's least: the first line that can hold it as well in whole weeks does.
    let fits = own.iter_mut().find_map(|plan| {
        let (weekly, from, to) = plan.education?;
        let whole = weekly * days_between(from, to) / 7 + left;
        let all = weeks(plan, stays);
        let held = (1..=all).find(|weeks| whole % weeks == 0 && (70_000..=130_000).contains(&(whole / weeks)))?;
        Some((plan, (whole / held, from, plus_days(from, held * 7))))
    });
    if let Some((plan, line)) = fits.filter(|_| left > 0) {
        plan.education = Some(line);
    }
}

fn searches(part: usize, fits: &Fits<'_>, stays: &Stays, scale: Scale, history: &mut History, chance: &mut Chance) {
    let known = &PARTS[part];
    let all = usize::try_from(scale.live(known.referrals_in_20_weeks * 1_004 / 140)).unwrap_or_default();
    let live = live::count(part, scale);
    let wanted = all.saturating_sub(live);
    let mut found: Vec<SearchPlan> = Vec::with_capacity(all);
    let placed = |(at, placement): (usize, &PlacementPlan), number: usize, chance: &mut Chance| {
        let stay = &stays.stays[placement.stay];
        search((part, stay.lot, stay.from), Some((fits, stay.home)), Ended::Placed(at), number, chance)
    };
    let own = history.placements.iter().enumerate().filter(|(_, placement)| placement.part == part);
    let (blocks, own): (Vec<_>, Vec<_>) = own.partition(|(_, one)| stays.stays[one.stay].block.is_some());
    for one in own {
        found.push(placed(one, found.len(), chance));
    }
    let spot = |(_, stay): &(usize, &StayPlan)| {
        stay.part == Some(part) && stay.contract == Contract::Spot && stay.block.is_none()
    };
    for (at, stay) in stays.stays.iter().enumerate().filter(spot) {
        if found.len() >= wanted * 80 / 100 {
            break;
        }
        if stay.from > TERM_START && stay.from < TODAY {
            let (ended, chosen) = if stay.live() {
                (Ended::Spot(at), Some((fits, stay.home)))
            } else {
                (Ended::NotPlaced(NotPlacedReason::SpotElsewhere), None)
            };
            found.push(search((part, stay.lot, stay.from), chosen, ended, found.len(), chance));
        }
    }
    let mut apart = Chance::of(&format!("block searches {}", known.code));
    for one in blocks {
        found.push(placed(one, found.len(), &mut apart));
    }
    while found.len() < wanted {
        let start = plus_days(TERM_START, chance.between(10, 995));
        let lot = ["planned", "therapeutic", "with_education", "disabilities", "crisis"]
            [chance.weighted(&[50, 16, 12, 8, 14])];
        let ended = if (found.len() * 100) < wanted * 85 {
            let reasons = [NotPlacedReason::NoOffers, NotPlacedReason::PlacedInHouse, NotPlacedReason::FamilyFound];
            Ended::NotPlaced(reasons[chance.weighted(&[60, 25, 15])])
        } else {
            let reasons =
                [WithdrawReason::PlanChanged, WithdrawReason::StaysInPlacement, WithdrawReason::FosterHomeFound];
            Ended::Withdrawn(reasons[chance.below(3)])
        };
        found.push(search((part, lot, start), None, ended, found.len(), chance));
    }
    found.sort_by_key(|search| search.wish.sent);
    offers(&mut found, chance);
    for search in &mut found {
        ask(search, fits, stays, history, chance);
    }
    found.extend(live::plan(part, live, found.len(), fits));
    history.searches.append(&mut found);
}

/// A search of a child whom the home that was found, where there was one, can take.
fn search(
    (part, lot, start): (usize, &'static str, Date),
    chosen: Option<(&Fits<'_>, usize)>,
    ended: Ended,
    number: usize,
    chance: &mut Chance,
) -> SearchPlan {
    let ahead = match chance.weighted(&[20, 25, 55]) {
        0 => 0,
        1 => chance.between(1, 5),
        _ => chance.between(8, 35),
    };
    let sent = plus_days(start, -ahead).max(plus_days(TERM_START, 1)).min(plus_days(TODAY, -4));
    let age = u8::try_from(chance.between(9, 17)).unwrap_or(14);
    let sex = if chance.percent(45) { Sex::Female } else { Sex::Male };
    let from = *chance.pick(PARTS[part].outcodes);
    let mut wish = Wish { child: part * 800 + number, age, sex, lot, sent, start, from, emergency: None };
    if let Some((fits, home)) = chosen {
        fits.make_suit(home, &mut wish);
    }
    let mut profile = needs::profile(&wish, &mut Chance::of(&format!("{} {number}", PARTS[part].code)));
    if let Some((fits, home)) = chosen {
        profile.must_haves = profile.must_haves.without(fits.says_no(home));
    }
    SearchPlan { part, wish, profile, times: None, offers: 0, asked: Vec::new(), ended }
}

/// No offer in 35 of 100, one in 30, two in 18, three to five in 14, more in 3; whoever was placed had one.
fn offers(found: &mut [SearchPlan], chance: &mut Chance) {
    let mut without = found.len() * 35 / 100;
    for search in found.iter_mut() {
        if let Ended::Spot(_) = search.ended {
            search.offers = 1;
            continue;
        }
        let placed = matches!(search.ended, Ended::Placed(_));
        if !placed && without > 0 && search.ended != Ended::NotPlaced(NotPlacedReason::FamilyFound) {
            without -= 1;
            continue;
        }
        search.offers = match chance.weighted(&[46, 28, 21, 5]) {
            0 => 1,
            1 => 2,
            2 => usize::try_from(chance.between(3, 5)).unwrap_or(3),
            _ => 6,
        };
    }
}

/// Whom the officer asked: homes that fit with a free bed; where there are too few, also those whose beds were taken.
fn ask(search: &mut SearchPlan, fits: &Fits<'_>, stays: &Stays, history: &History, chance: &mut Chance) {
    let (part, wish) = (search.part, search.wish.clone());
    if let Ended::Placed(at) = search.ended {
        let stay = &stays.stays[history.placements[at].stay];
        search.asked.push((stay.home, if stay.block.is_some() { Tier::MiniBlock } else { Tier::Fca }));
    }
    if let Ended::Spot(at) = search.ended {
        search.asked.push((stays.stays[at].home, Tier::Spot));
    }
    let wanted = search.offers + 2 + chance.below(3);
    for tries in 0..400 {
        if search.asked.len() >= wanted {
            break;
        }
        let at = chance.below(fits.how_many());
        let (beds, needs) = (tries < 250, tries < 350);
        if fits.on_lot(at, wish.lot)
            && search.asked.iter().all(|(asked, _)| *asked != at)
            && (!needs || fits.suits(at, &wish, &search.profile))
            && (!beds || fits.has_room(at, &wish))
        {
            search.asked.push((at, fits.tier(at, part, wish.lot, wish.sent)));
        }
    }
    search.offers = search.offers.min(search.asked.len());
}

/// The authority of the story.
pub fn hereford() -> usize {
    place("HEF")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demonstration::World;

    #[test]
    fn rule_3_2_what_is_imported_stays_within_every_ceiling() {
        let world = World::plan(Scale::WHOLE);
        for (part, known) in PARTS.iter().enumerate() {
            for year in [TERM_START, date(2019, 12, 15), YEAR_START] {
                let own = world.history.placements.iter().filter(|placement| placement.part == part);
                let sum: i64 = own.map(|plan| cost(&world.stays.stays[plan.stay], plan.planned_end, year)).sum();
                assert!(sum <= known.ceiling * 100_000, "{} {year}: {sum}", known.code);
            }
        }
        assert!(world.history.placements.iter().all(|plan| PARTS[plan.part].code != "TEL"));
    }

    #[test]
    fn rule_10_5_the_years_stand_where_they_should_to_the_penny() {
        let world = World::plan(Scale::WHOLE);
        let committed = |part: usize| -> i64 {
            let own = world.history.placements.iter().filter(|placement| placement.part == part);
            own.map(|plan| {
                let education = plan.education.map_or(0, |(weekly, from, to)| weekly * days_between(from, to) / 7);
                let support = if plan.lapsing { weekly_charge(Pence::pounds(370), 88).0 } else { 0 };
                cost(&world.stays.stays[plan.stay], plan.planned_end, YEAR_START) + education + support
            })
            .sum()
        };
        assert_eq!(committed(hereford()), target(hereford(), Scale::WHOLE));
        let walsall = place("WAL");
        let share = committed(walsall) * 1_000 / (PARTS[walsall].ceiling * 100_000);
        assert_eq!(share, 990);
    }

    #[test]
    fn rule_10_2_4800_searches_15_of_100_withdrawn_35_without_an_offer_median_one() {
        let searches = World::plan(Scale::WHOLE).history.searches;
        let all = searches.len();
        assert!((4_750..=4_850).contains(&all), "{all}");
        let share =
            |wanted: &dyn Fn(&SearchPlan) -> bool| searches.iter().filter(|one| wanted(one)).count() * 100 / all;
        let withdrawn = share(&|one| matches!(one.ended, Ended::Withdrawn(_)));
        assert!((14..=16).contains(&withdrawn), "{withdrawn}");
        let none = share(&|one| one.offers == 0);
        assert!((33..=37).contains(&none), "{none}");
        let same_day = share(&|one| one.wish.sent == one.wish.start);
        assert!((17..=22).contains(&same_day), "{same_day}");
        let mut offers: Vec<usize> = searches.iter().map(|one| one.offers).collect();
        offers.sort_unstable();
        assert_eq!(offers[all / 2], 1);
    }
}
