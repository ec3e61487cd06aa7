//! What an authority's own record says as a start: read in its own session, and told to the regional team from there each
//! day (one transaction, one organisation).

use jiff::civil::Date;
use placewell_domain::calendar::year_of;
use placewell_domain::id::OrganisationId;
use placewell_domain::nights::{days_between, plus_days};
use placewell_domain::placing::agreement::BuyingRoute;
use placewell_domain::power::annual_value::{Bucket, Route};
use placewell_domain::reporting::appraisal::{Living, Measured, OwnStart, ReadUpTo, Year};
use placewell_domain::reporting::publication::AT_LEAST;
use placewell_insight::reporting::appraisal::{Lengths, Stay};
use placewell_store::Session;
use placewell_store::reporting::appraisal::StayFact;

use super::starting::{COUNTED, STATED_WEEKLY, several};
use crate::answer::Answer;
use crate::buying::check::{burdens, by_route};
use crate::power::annual_value::ledger_terms;

/// How far ahead is looked.
const AHEAD: i64 = 156 * 7;

/// Reads an authority's start in its own session.
pub(crate) async fn own_start(session: &Session, org: OrganisationId, today: Date) -> Answer<OwnStart> {
    let stays = session.stay_facts(org).await?;
    let mut grounds = Vec::new();
    let (lengths, ended) = lengths(&stays, today, &mut grounds);
    let through = |route| matches!(route, Route::Arrangement | Route::Block | Route::Successor);
    let lives: Vec<&StayFact> = stays.iter().filter(|stay| lives(stay, today)).collect();
    let child = |stay: &&StayFact| living(stay.start, stay.weekly, today);
    let mut all: Vec<Living> = lives.iter().map(child).collect();
    let mut through_arrangement: Vec<Living> = lives.iter().filter(|stay| through(stay.route)).map(child).collect();
    all.extend(loose(session, org, today, &mut grounds).await?);
    if leave_out_few(&mut all, &mut through_arrangement) {
        grounds.push(
            "Fewer than 5 children live in homes, in all, through the arrangement or outside it. Where a cost would tell of so \
             few, each child counts at £3,950 a week, an estimate: nobody reads what one child’s place costs."
                .to_owned(),
        );
    }
    let since = plus_days(today, -COUNTED);
    let begun = stays.iter().filter(|stay| since <= stay.start && stay.start <= today).count();
    let searches = session.search_count(org, since).await?;
    let routes = by_route(&burdens(session, org, (since, plus_days(today, 1))).await?);
    let measured = routes.iter().map(|route| Measured {
        route: route.route,
        placements: u32::try_from(route.placements).unwrap_or(u32::MAX),
        minutes: if route.check_minutes > 0 { route.check_minutes + route.said.unwrap_or(0) } else { 0 },
    });
    Ok(OwnStart {
        data: ReadUpTo { event: session.last_event(org).await?, day: today },
        living: all,
        through_arrangement,
        lengths: lengths.table().to_vec(),
        ended,
        begun: u32::try_from(begun).unwrap_or(u32::MAX),
        searches: (searches.found, searches.not_found),
        measured: measured.collect(),
        years: years(session, org, today).await?,
        grounds,
    })
}

/// The children whose stay has no agreement here, brought in from before this system: by spot purchase and in other
/// blocks. Those in the authority's own homes are not bought.
async fn loose(session: &Session, org: OrganisationId, today: Date, grounds: &mut Vec<String>) -> Answer<Vec<Living>> {
    let (mut found, mut unpriced, mut own) = (Vec::new(), 0_i64, 0_i64);
    for stay in session.loose_stays(org, today).await? {
        match stay.bought {
            Some((BuyingRoute::InHouse, _)) => own += 1,
            Some((_, weekly)) => found.push(living(stay.start, weekly, today)),
            None => unpriced += 1,
        }
    }
    if !found.is_empty() {
        grounds.push(format!(
            "{} of the children who live in homes today were placed before this system, by spot purchase or in another \
             block: they count with the price of their home and quarter.",
            several(counted(found.len()))
        ));
    }
    if own > 0 {
        let own = several(own);
        grounds
            .push(format!("{own} children live in homes of the authority itself, which are not bought: not counted."));
    }
    if unpriced > 0 {
        let unpriced = several(unpriced);
        grounds
            .push(format!("{unpriced} children live in homes at a price that the record does not hold: not counted."));
    }
    Ok(found)
}

fn counted(many: usize) -> i64 {
    i64::try_from(many).unwrap_or(i64::MAX)
}

/// Where fewer than five children live in homes, in all or through the arrangement, an estimate stands for the price of each:
/// a cost that is drawn from them would be theirs (rule 9.1). Where fewer than five live there outside the arrangement, what
/// they cost would be the difference: it stands for those through the arrangement. Whether it does anywhere.
fn leave_out_few(all: &mut [Living], through_arrangement: &mut [Living]) -> bool {
    let few = |children: usize| (1..AT_LEAST).contains(&children);
    let outside = all.len().saturating_sub(through_arrangement.len());
    let of_all = few(all.len());
    let of_these = few(through_arrangement.len()) || (few(outside) && !through_arrangement.is_empty());
    for child in all.iter_mut().filter(|_| of_all).chain(through_arrangement.iter_mut().filter(|_| of_these)) {
        child.weekly = STATED_WEEKLY;
    }
    of_all || of_these
}

fn lives(stay: &StayFact, today: Date) -> bool {
    stay.ended.is_none_or(|ended| ended > today)
}

fn living(start: Date, weekly: i64, today: Date) -> Living {
    let weeks = days_between(start, today).max(0) / 7;
    Living { weekly: u32::try_from(weekly).unwrap_or(0), weeks: u16::try_from(weeks).unwrap_or(u16::MAX) }
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
            "Lengths of stay rest on {} stays that ended and {} that go on, which count for as long as they have.",
            several(counted(ended)).to_lowercase(),
            several(counted(seen.len() - ended)).to_lowercase()
        ));
        return (lengths, u32::try_from(ended).unwrap_or(u32::MAX));
    }
    grounds.push(
        "Too few stays have ended to say how long children stay: national shares stand instead, eight months on average."
            .to_owned(),
    );
    (Lengths::stated(), 0)
}

/// The contract years from today on that lie whole within three years, each with its ceiling and what it cost so far.
async fn years(session: &Session, org: OrganisationId, today: Date) -> Answer<Vec<Year>> {
    let terms = ledger_terms(session, org, today).await?;
    let ledger = session.ledger_years(org).await?;
    let ceiling_of = |start: Date| ledger.iter().find(|year| year.start == start).map(|year| year.totals.ceiling.0);
    let mut year = year_of(today, terms.reading.year);
    let present = ceiling_of(year.first());
    let commitments = session.commitments(org).await?;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Whose prices stand where so many live in homes in all, and of these through the arrangement.
    fn told(all: u16, through: u16) -> (bool, bool, bool) {
        let living = |children: u16| (0..children).map(|weeks| Living { weekly: 400_000, weeks }).collect::<Vec<_>>();
        let (mut all, mut through) = (living(all), living(through));
        let left_out = leave_out_few(&mut all, &mut through);
        let stand = |children: &[Living]| children.iter().all(|child| child.weekly == 400_000);
        (stand(&all), stand(&through), left_out)
    }

    #[test]
    fn rule_9_1_no_price_of_fewer_than_five_children_stands_nor_their_difference() {
        for (all, through) in [(0, 0), (5, 0), (5, 5), (10, 5), (12, 7)] {
            assert_eq!(told(all, through), (true, true, false), "{all} {through}");
        }
        // One to four outside the arrangement would be the difference; too few through it are left out themselves.
        for (all, through) in [(6, 5), (9, 5), (24, 20), (6, 4), (30, 1)] {
            assert_eq!(told(all, through), (true, false, true), "{all} {through}");
        }
        for (all, through) in [(4, 4), (4, 1)] {
            assert_eq!(told(all, through), (false, false, true), "{all} {through}");
        }
        assert_eq!(told(3, 0), (false, true, true));
    }
}
