//! Where an appraisal starts: the authority's own start, as it reads or tells it, with the region's price points, each with
//! the sentence that says how; an estimate stands where fewer than eight say too little.

use jiff::civil::Date;
use placewell_domain::authority::{AreaCode, DistanceClass, distance_class};
use placewell_domain::buying::check::{CheckItem, Inherits, StandardMinutes};
use placewell_domain::office::organisation::Organisation;
use placewell_domain::power::annual_value::Route;
use placewell_domain::reporting::appraisal::{Assumption, Assumptions, Inputs, OwnStart, Paid, ReadUpTo};
use placewell_domain::reporting::publication::{AT_LEAST, FEWER};
use placewell_insight::reporting::appraisal::FEWEST;
use placewell_store::Session;

use super::Typed;
use super::market::Market;
use crate::answer::Answer;
use crate::buying::check::standard_on;

/// For how long back searches and routes are counted: 52 weeks.
pub(super) const COUNTED: i64 = 364;
/// What a place is taken to cost a week where no price may stand: an estimate for planned care in 2021.
pub(super) const STATED_WEEKLY: u32 = 395_000;
/// What an appraisal starts from.
pub(super) struct Started {
    pub data: ReadUpTo,
    pub inputs: Inputs,
    pub assumptions: Assumptions,
    pub paid: Vec<Paid>,
}

/// The starting point from the authority's own start and what every member of the region may read, then what was typed
/// over it.
pub(super) async fn started(
    session: &Session,
    authority: &Organisation,
    own: OwnStart,
    typed: &Typed,
) -> Answer<Started> {
    let today = own.day();
    let points = session.price_points().await?;
    let buyers: Vec<i64> = distinct(points.iter().map(|point| point.authority.0).chain([authority.id.0]));
    let market = Market::new(&points, &buyers, authority, today);
    let mut found = Assumptions::default();
    searches(own.searches, &mut found);
    let begun = begun(&market, own.begun, &mut found);
    market.routes(&mut found);
    market.prices(&mut found, partners(typed));
    market.beds(&mut found);
    checks(&standard_on(session, today).await?, &mut found);
    measured(&own, &mut found);
    homes(session, authority, today, &mut found).await?;
    let mut grounds = own.grounds;
    let prices = market.bought_at(found.get(Assumption::Rise), &mut grounds);
    let inputs = Inputs {
        living: own.living,
        through_arrangement: own.through_arrangement,
        prices,
        lengths: own.lengths,
        ended: own.ended,
        begun,
        years: own.years,
        grounds,
    };
    let paid = market.paid();
    let pairs = typed.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let assumptions = found.with_typed(pairs)?;
    Ok(Started { data: own.data, inputs, assumptions, paid })
}

fn distinct(ids: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut ids: Vec<i64> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// How many partners were typed: the price of a sub-regional framework starts from their size.
fn partners(typed: &Typed) -> i64 {
    let said = typed.iter().find(|(name, _)| name == Assumption::Partners.code());
    said.and_then(|(_, text)| Assumption::Partners.read(text).ok()).unwrap_or(Assumption::Partners.fallback().0)
}

/// How many searches of the last 52 weeks that ended found no home.
fn searches((with, without): (u32, u32), found: &mut Assumptions) {
    let ended = with + without;
    if usize::try_from(ended).unwrap_or(0) >= FEWEST {
        let (without, ended) = (i64::from(without), i64::from(ended));
        let how = format!("{} searches of the last 52 weeks that ended found no home", part_of(without, ended));
        found.found(Assumption::NotFound, told_share(without, ended), how);
    }
}

/// How many placements begin in a year: by the price points of all routes that are bought, else by the agreements.
fn begun(market: &Market<'_>, agreed: u32, found: &mut Assumptions) -> u32 {
    let agreed = usize::try_from(agreed).unwrap_or(usize::MAX);
    let (count, days) = market.begun().unwrap_or((agreed, COUNTED));
    let begun = i64::try_from(count).unwrap_or(0);
    if begun > 0 {
        let how = format!("{} placements began in {days} days, through the arrangement or by spot", several(begun));
        let tenths = if few(begun) { FEW_IN_TENTHS } else { begun * 10 };
        found.found(Assumption::Placements, (tenths * COUNTED + days / 2) / days, how);
    }
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// In thousandths, rounded.
pub(super) fn share(part: i64, whole: i64) -> i64 {
    if whole == 0 { 0 } else { (part * 1_000 + whole / 2) / whole }
}

/// What fewer than five count as where their number is not told: two and a half, the middle of one to four.
const FEW_IN_TENTHS: i64 = 25;

/// Whether so many children, placements or searches are too few to be told of (rule 9.1).
pub(super) fn few(count: i64) -> bool {
    usize::try_from(count).is_ok_and(|count| (1..AT_LEAST).contains(&count))
}

/// So many, as they are told at the beginning of a sentence.
pub(super) fn several(count: i64) -> String {
    if few(count) { FEWER.to_owned() } else { count.to_string() }
}

/// A part of a whole that is told, as it is told itself at the beginning of a sentence: "12 of 30".
pub(super) fn part_of(part: i64, whole: i64) -> String {
    if few(whole - part) { format!("All but fewer than 5 of {whole}") } else { format!("{} of {whole}", several(part)) }
}

/// The share that goes with these words: it tells no more than they do.
pub(super) fn told_share(part: i64, whole: i64) -> i64 {
    if few(whole - part) {
        share(whole * 10 - FEW_IN_TENTHS, whole * 10)
    } else if few(part) {
        share(FEW_IN_TENTHS, whole * 10)
    } else {
        share(part, whole)
    }
}

/// The shares of two parts of one whole: each is rounded, or told as few, for itself, and together they are no more than all.
pub(super) fn told_shares((one, other): (i64, i64), whole: i64) -> (i64, i64) {
    let first = told_share(one, whole);
    (first, told_share(other, whole).min(1_000 - first))
}

/// The standard minutes of the checks that each route leaves to do.
fn checks(standard: &StandardMinutes, found: &mut Assumptions) {
    let sum = |left: &dyn Fn(Inherits) -> bool| -> (i64, usize) {
        let items = CheckItem::ALL.iter().filter(|item| left(item.inherits()));
        (items.clone().map(|item| i64::from(standard.of(*item))).sum(), items.count())
    };
    let (spot, all) = sum(&|_| true);
    let (fca, own) = sum(&|inherits| inherits == Inherits::ThisChild);
    let how = |items: usize| {
        format!("Standard minutes of the {items} checks that are left to do; estimates until they are measured")
    };
    found.found(Assumption::MinutesSpot, spot, how(all));
    found.found(Assumption::MinutesFca, fca, how(own));
}

/// Where enough placements of a route were measured, their own minutes: of the checks by the system's times, and what
/// officers said beside them. Contracting is measured from step to step, which is waiting more than work, and stays out.
fn measured(own: &OwnStart, found: &mut Assumptions) {
    let enough = |count: u32| usize::try_from(count).is_ok_and(|count| count >= FEWEST);
    for route in own.measured.iter().filter(|route| enough(route.placements) && route.minutes > 0) {
        let minutes = i64::from(route.minutes);
        let how = format!("Measured: the middle of {} placements of the last 52 weeks", route.placements);
        match route.route {
            Route::Arrangement => found.found(Assumption::MinutesFca, minutes, how),
            Route::Spot => found.found(Assumption::MinutesSpot, minutes, how),
            Route::Block | Route::Successor | Route::Other => {}
        }
    }
}

/// The homes that an own or a sub-regional framework would evaluate: those on the arrangement in its areas.
async fn homes(session: &Session, authority: &Organisation, today: Date, found: &mut Assumptions) -> Answer<()> {
    let Some(own) = area(authority) else { return Ok(()) };
    let admitted = session.all_admissions().await?;
    let on = |home| admitted.iter().any(|one| one.home == home && one.from <= today && today < one.until);
    let (mut near, mut around) = (0, 0);
    for home in session.homes().await?.iter().filter(|home| on(home.id)) {
        match distance_class(own, home.area, today) {
            DistanceClass::InArea => near += 1,
            DistanceClass::Adjoining => around += 1,
            DistanceClass::AtADistance => {}
        }
    }
    if near + around > 0 {
        found.found(Assumption::OwnHomes, near, "Homes on the arrangement in the authority's own area");
        let how = "Homes on the arrangement in the authority's own area and the areas next to it";
        found.found(Assumption::SubHomes, near + around, how);
    }
    Ok(())
}

pub(super) fn area(authority: &Organisation) -> Option<AreaCode> {
    authority.area.as_deref().and_then(|code| AreaCode::parse(code).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_9_1_a_part_of_fewer_than_five_is_told_neither_in_words_nor_by_its_share() {
        assert_eq!((part_of(12, 30).as_str(), told_share(12, 30)), ("12 of 30", 400));
        assert_eq!((part_of(0, 30).as_str(), told_share(0, 30)), ("0 of 30", 0));
        assert_eq!((part_of(30, 30).as_str(), told_share(30, 30)), ("30 of 30", 1_000));
        for few in 1..5 {
            assert_eq!((part_of(few, 30).as_str(), told_share(few, 30)), ("Fewer than 5 of 30", 83));
            let rest = (part_of(30 - few, 30), told_share(30 - few, 30));
            assert_eq!((rest.0.as_str(), rest.1), ("All but fewer than 5 of 30", 917));
        }
    }

    #[test]
    fn two_parts_of_one_whole_come_to_no_more_than_all_of_it() {
        for whole in 8..=60 {
            for one in 0..=whole {
                for other in 0..=whole - one {
                    let (first, second) = told_shares((one, other), whole);
                    assert!(first + second <= 1_000 && second >= 0, "{one} and {other} of {whole}: {first}, {second}");
                }
            }
        }
    }
}
