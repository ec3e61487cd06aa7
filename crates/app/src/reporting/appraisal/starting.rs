//! Where an appraisal starts: counted from the authority's own agreements and searches and from the region's price
//! points, each with the sentence that says how; an estimate stands where fewer than eight say too little.

use jiff::civil::Date;
use placewell_domain::authority::{AreaCode, DistanceClass, distance_class};
use placewell_domain::buying::check::{CheckItem, Inherits};
use placewell_domain::calendar::year_of;
use placewell_domain::nights::{days_between, plus_days};
use placewell_domain::office::organisation::Organisation;
use placewell_domain::power::annual_value::{Bucket, Route};
use placewell_domain::reporting::appraisal::{Assumption, Assumptions, Inputs, Living, Paid, ReadUpTo, Year};
use placewell_insight::reporting::appraisal::{FEWEST, Lengths, Stay};
use placewell_store::Session;
use placewell_store::reporting::appraisal::StayFact;

use super::Typed;
use super::market::Market;
use crate::answer::Answer;
use crate::buying::check::{burdens, by_route};
use crate::power::annual_value::ledger_terms;

/// For how long back searches and routes are counted: 52 weeks.
pub(super) const COUNTED: i64 = 364;
/// How far ahead is looked.
const AHEAD: i64 = 156 * 7;

/// What an appraisal starts from.
pub(super) struct Started {
    pub data: ReadUpTo,
    pub inputs: Inputs,
    pub assumptions: Assumptions,
    pub paid: Vec<Paid>,
}

/// Reads the starting point in the authority's own session, then what was typed over it.
pub(super) async fn started(
    session: &Session,
    authority: &Organisation,
    today: Date,
    typed: &Typed,
) -> Answer<Started> {
    let points = session.price_points().await?;
    let buyers: Vec<i64> = distinct(points.iter().map(|point| point.authority.0).chain([authority.id.0]));
    let market = Market::new(&points, &buyers, authority, today);
    let stays = session.stay_facts(authority.id).await?;
    let mut found = Assumptions::default();
    let mut grounds = Vec::new();
    searches(session, authority, today, &mut found).await?;
    let begun = begun(&market, &stays, today, &mut found);
    market.routes(&mut found);
    market.prices(&mut found, partners(typed));
    market.beds(&mut found);
    checks(&mut found);
    measured(session, authority, today, &mut found).await?;
    homes(session, authority, today, &mut found).await?;
    let (lengths, ended) = lengths(&stays, today, &mut grounds);
    let prices = market.bought_at(found.get(Assumption::Rise), &mut grounds);
    let living = |through: &dyn Fn(Route) -> bool| -> Vec<Living> {
        stays.iter().filter(|stay| lives(stay, today) && through(stay.route)).map(|stay| child(stay, today)).collect()
    };
    let inputs = Inputs {
        living: living(&|_| true),
        through_arrangement: living(&|route| matches!(route, Route::Arrangement | Route::Block | Route::Successor)),
        prices,
        lengths: lengths.table().to_vec(),
        ended,
        begun,
        years: years(session, authority, today).await?,
        grounds,
    };
    let data = ReadUpTo { event: session.last_event(authority.id).await?, day: today };
    let paid = market.paid();
    let pairs = typed.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let assumptions = found.with_typed(pairs)?;
    Ok(Started { data, inputs, assumptions, paid })
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

fn lives(stay: &StayFact, today: Date) -> bool {
    stay.ended.is_none_or(|ended| ended > today)
}

fn child(stay: &StayFact, today: Date) -> Living {
    let weeks = days_between(stay.start, today).max(0) / 7;
    Living { weekly: u32::try_from(stay.weekly).unwrap_or(0), weeks: u16::try_from(weeks).unwrap_or(u16::MAX) }
}

/// How long children stayed, and on how many stays that rests.
fn lengths(stays: &[StayFact], today: Date, grounds: &mut Vec<String>) -> (Lengths, u32) {
    let seen = stays.iter().filter(|stay| stay.start < today).map(|stay| {
        let until = stay.ended.map_or(today, |ended| ended.min(today));
        let weeks = (days_between(stay.start, until) + 6) / 7;
        Stay { weeks: u16::try_from(weeks.max(1)).unwrap_or(u16::MAX), ended: !lives(stay, today) }
    });
    let seen: Vec<Stay> = seen.collect();
    let ended = seen.iter().filter(|stay| stay.ended).count();
    if let Some(lengths) = Lengths::observed(&seen) {
        grounds.push(format!(
            "Lengths of stay rest on {ended} stays that ended and {} that go on, which count for as long as they have.",
            seen.len() - ended
        ));
        return (lengths, u32::try_from(ended).unwrap_or(u32::MAX));
    }
    grounds.push(
        "Too few stays have ended to say how long children stay: national shares stand instead, eight months on average."
            .to_owned(),
    );
    (Lengths::stated(), 0)
}

/// How many searches of the last 52 weeks that ended found no home.
async fn searches(session: &Session, authority: &Organisation, today: Date, found: &mut Assumptions) -> Answer<()> {
    let count = session.search_count(authority.id, plus_days(today, -COUNTED)).await?;
    let ended = count.found + count.not_found;
    if usize::try_from(ended).unwrap_or(0) >= FEWEST {
        let how = format!("{} of {ended} searches of the last 52 weeks that ended found no home", count.not_found);
        found.found(Assumption::NotFound, share(i64::from(count.not_found), i64::from(ended)), how);
    }
    Ok(())
}

/// How many placements begin in a year: by the price points of all routes that are bought, else by the agreements.
fn begun(market: &Market<'_>, stays: &[StayFact], today: Date, found: &mut Assumptions) -> u32 {
    let (count, days) = market.begun().unwrap_or_else(|| {
        let since = plus_days(today, -COUNTED);
        (stays.iter().filter(|stay| since <= stay.start && stay.start <= today).count(), COUNTED)
    });
    let begun = i64::try_from(count).unwrap_or(0);
    if begun > 0 {
        let how = format!("{begun} placements began in {days} days, through the arrangement or by spot");
        found.found(Assumption::Placements, (begun * 10 * COUNTED + days / 2) / days, how);
    }
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// In thousandths, rounded.
pub(super) fn share(part: i64, whole: i64) -> i64 {
    if whole == 0 { 0 } else { (part * 1_000 + whole / 2) / whole }
}

/// The standard minutes of the checks that each route leaves to do.
fn checks(found: &mut Assumptions) {
    let sum = |left: &dyn Fn(Inherits) -> bool| -> (i64, usize) {
        let items = CheckItem::ALL.iter().filter(|item| left(item.inherits()));
        (items.clone().map(|item| i64::from(item.standard_minutes())).sum(), items.count())
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
async fn measured(session: &Session, authority: &Organisation, today: Date, found: &mut Assumptions) -> Answer<()> {
    let all = burdens(session, authority.id, (plus_days(today, -COUNTED), plus_days(today, 1))).await?;
    for route in by_route(&all).iter().filter(|route| route.placements >= FEWEST && route.check_minutes > 0) {
        let minutes = i64::from(route.check_minutes) + i64::from(route.said.unwrap_or(0));
        let how = format!("Measured: the middle of {} placements of the last 52 weeks", route.placements);
        match route.route {
            Route::Arrangement => found.found(Assumption::MinutesFca, minutes, how),
            Route::Spot => found.found(Assumption::MinutesSpot, minutes, how),
            Route::Block | Route::Successor | Route::Other => {}
        }
    }
    Ok(())
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

/// The contract years from today on that lie whole within three years, each with its ceiling and what it cost so far.
async fn years(session: &Session, authority: &Organisation, today: Date) -> Answer<Vec<Year>> {
    let terms = ledger_terms(session, authority.id, today).await?;
    let ledger = session.ledger_years(authority.id).await?;
    let ceiling_of = |start: Date| ledger.iter().find(|year| year.start == start).map(|year| year.totals.ceiling.0);
    let mut year = year_of(today, terms.reading.year);
    let present = ceiling_of(year.first());
    let commitments = session.commitments(authority.id).await?;
    let through = commitments.iter().filter(|one| !matches!(one.route, Route::Spot | Route::Other));
    let bucket = (Bucket::Year(year), terms.term_end);
    let mut spent: i64 = through.map(|one| one.spent(&terms.reading, bucket, today).0).sum();
    let mut found = Vec::new();
    while days_between(today, year.end()) <= AHEAD {
        let until = (days_between(today, year.end()) + 6) / 7;
        let own = ceiling_of(year.first());
        found.push(Year {
            start: year.first(),
            until_week: u16::try_from(until).unwrap_or(u16::MAX),
            spent,
            ceiling: own.or(present),
            set: own.is_some(),
        });
        spent = 0;
        year = year.next();
    }
    Ok(found)
}
