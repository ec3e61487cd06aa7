//! The searches that go on today in the authorities beside Herefordshire, whose own the story tells: drafts, with homes,
//! with offers in, closing today, sealed, past their deadline; in every tier. Their number follows each authority's rate.

use jiff::ToSpan;
use jiff::civil::{DateTime, date};
use placewell_domain::homes::home::Sex;
use placewell_domain::nights::plus_days;
use placewell_domain::placing::referral::{EmergencyCause, Tier};

use super::authorities::PARTS;
use super::chance::Chance;
use super::fits::Fits;
use super::history::{Ended, SearchPlan};
use super::needs::{self, Wish};
use super::{Scale, TODAY};

/// Where a search stands that goes on today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum Stage {
    /// Being written.
    Draft,
    /// With homes; the deadline lies ahead.
    Waiting,
    /// The deadline has passed; the officer compares what came, if anything did.
    Passed,
}

/// What is special about one of them.
#[derive(Debug, Clone, Copy)]
struct Kind {
    stage: Stage,
    lot: &'static str,
    /// Hours from today's midnight, to the sending and to the deadline.
    sent: i64,
    deadline: i64,
    /// Days from today to the first night.
    ahead: i64,
    offers: usize,
    /// Whether homes outside the arrangement are asked as well.
    spot: bool,
    emergency: Option<EmergencyCause>,
}

const DAY: i64 = 24;

const fn kind(stage: Stage, lot: &'static str, sent: i64, deadline: i64, ahead: i64, offers: usize) -> Kind {
    Kind { stage, lot, sent, deadline, ahead, offers, spot: false, emergency: None }
}

/// The kinds that follow one another in each authority's list.
const KINDS: [Kind; 10] = [
    // Closes at 4pm today; prices are sealed until then.
    kind(Stage::Waiting, "planned", -4 * DAY + 11, 16, 21, 2),
    // Closed on Friday with offers to compare.
    kind(Stage::Passed, "planned", -7 * DAY + 10, -3 * DAY + 17, 14, 3),
    // Needed this week: prices are open, one is in.
    kind(Stage::Waiting, "planned", -3 * DAY + 15, DAY + 12, 4, 1),
    kind(Stage::Draft, "therapeutic", -DAY + 16, 0, 28, 0),
    // Sent this morning, nobody has answered.
    kind(Stage::Waiting, "therapeutic", 9, 3 * DAY + 17, 24, 0),
    // Closed without an offer.
    kind(Stage::Passed, "disabilities", -6 * DAY + 9, -DAY + 12, 12, 0),
    // Tonight, from whoever can.
    Kind { spot: true, emergency: Some(EmergencyCause::PlacementEnded), ..kind(Stage::Waiting, "crisis", 8, 19, 0, 1) },
    // Closes at noon today, sealed, with education.
    kind(Stage::Waiting, "with_education", -5 * DAY + 14, 12, 30, 1),
    // For one child alone; the arrangement alone does not suffice.
    Kind { spot: true, ..kind(Stage::Waiting, "crisis", -2 * DAY + 10, 2 * DAY + 17, 9, 1) },
    kind(Stage::Passed, "therapeutic", -8 * DAY + 13, -4 * DAY + 12, 10, 2),
];

/// How many go on today: a week and a half of what the authority sends, four at least. Herefordshire's are the story's.
pub fn count(part: usize, scale: Scale) -> usize {
    let known = &PARTS[part];
    if known.code == "HEF" {
        return 0;
    }
    if scale != Scale::WHOLE {
        return 2;
    }
    usize::try_from(known.referrals_in_20_weeks * 3 / 40).unwrap_or_default().max(4)
}

/// Plans those of one authority; `number` is the number of its first child here.
pub fn plan(part: usize, count: usize, number: usize, fits: &Fits<'_>) -> Vec<SearchPlan> {
    let mut chance = Chance::of(&format!("live {}", PARTS[part].code));
    // Each authority begins at another kind, so that all of them go on somewhere today.
    (0..count).map(|at| one(part, &KINDS[(at + part * 3) % KINDS.len()], number + at, fits, &mut chance)).collect()
}

fn hours(hours: i64) -> DateTime {
    TODAY.at(0, 0, 0, 0).saturating_add(hours.hours())
}

fn one(part: usize, kind: &Kind, number: usize, fits: &Fits<'_>, chance: &mut Chance) -> SearchPlan {
    let minutes = chance.between(2, 47).minutes();
    let sent = hours(kind.sent).saturating_add(minutes);
    let wish = Wish {
        child: part * 800 + number,
        age: u8::try_from(chance.between(10, 16)).unwrap_or(14),
        sex: if chance.percent(45) { Sex::Female } else { Sex::Male },
        lot: kind.lot,
        sent: sent.date(),
        start: plus_days(TODAY, kind.ahead),
        from: chance.pick::<&str>(PARTS[part].outcodes),
        emergency: kind.emergency,
    };
    let mut profile = needs::profile(&wish, chance);
    if kind.emergency.is_some() {
        profile.search_approval = None;
    }
    let mut search = SearchPlan {
        part,
        wish,
        profile,
        times: Some((sent, hours(kind.deadline))),
        offers: kind.offers,
        asked: Vec::new(),
        ended: Ended::Open(kind.stage),
    };
    if kind.stage == Stage::Draft {
        search.profile.education = None;
        search.profile.health = None;
        search.profile.papers = None;
        return search;
    }
    ask(&mut search, kind, fits, chance);
    search
}

/// Homes that fit and have a bed still this morning, so that what they offer can be held: on the lot first, the
/// authority's own and those outside the arrangement where it takes them. Each child's essential needs are what at least three homes do not refuse.
fn ask(search: &mut SearchPlan, kind: &Kind, fits: &Fits<'_>, chance: &mut Chance) {
    let wanted = kind.offers + 3;
    let (part, wish) = (search.part, search.wish.clone());
    let this_morning = Wish { sent: TODAY, ..wish.clone() };
    // The authority asks a home of its own first, and one of the arrangement in its own area.
    for first in [Tier::InHouse, Tier::Fca] {
        let found = (0..fits.how_many()).rev().find(|at| {
            fits.in_area(*at, part)
                && fits.tier(*at, part, wish.lot, TODAY) == first
                && fits.suits(*at, &wish, &search.profile)
                && fits.has_room(*at, &this_morning)
                && fits.open(*at)
        });
        search.asked.extend(found.map(|at| (at, first)));
    }
    for tries in 0..1_200 {
        if search.asked.len() >= wanted {
            break;
        }
        if tries == 500 || tries == 800 {
            // Too few: the officer asks again which needs are essential.
            let some = search.profile.must_haves.iter().next();
            search.profile.must_haves = some.filter(|_| tries == 500).into_iter().collect();
        }
        let at = chance.below(fits.how_many());
        let tier = fits.tier(at, part, wish.lot, TODAY);
        // A third of the homes asked stand outside the arrangement where the search goes that far.
        let outside = kind.spot && search.asked.len() % 3 == 2;
        let may = match tier {
            Tier::InHouse | Tier::MiniBlock => true,
            Tier::Fca => !outside,
            Tier::Spot => outside,
        };
        let asked = search.asked.iter().any(|(other, _)| *other == at);
        if may && !asked && fits.suits(at, &wish, &search.profile) && fits.has_room(at, &this_morning) && fits.open(at)
        {
            search.asked.push((at, tier));
        }
    }
    search.offers = search.offers.min(search.asked.len());
}

/// When something that happens between the sending and the deadline happened, not after this morning's 10:15.
pub fn between(sent: DateTime, deadline: DateTime, chance: &mut Chance) -> DateTime {
    let until = deadline.min(date(2021, 9, 13).at(10, 15, 0, 0));
    let minutes = sent
        .until(until)
        .ok()
        .map_or(1, |span| i64::from(span.get_days()) * 1_440 + i64::from(span.get_hours()) * 60 + span.get_minutes());
    sent.saturating_add(chance.between(1, minutes.max(2) - 1).minutes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demonstration::World;
    use crate::demonstration::authorities::place;
    use std::collections::BTreeSet;

    #[test]
    fn every_authority_searches_today_in_every_stage_and_tier_somewhere() {
        let world = World::plan(Scale::WHOLE);
        let open: Vec<&SearchPlan> =
            world.history.searches.iter().filter(|one| matches!(one.ended, Ended::Open(_))).collect();
        for part in (0..PARTS.len()).filter(|part| *part != place("HEF")) {
            assert!(open.iter().filter(|one| one.part == part).count() >= 4, "{}", PARTS[part].code);
        }
        assert_eq!(open.iter().filter(|one| one.part == place("BIR")).count(), 12);
        let asked = open.iter().flat_map(|one| &one.asked);
        let tiers: BTreeSet<&str> = asked.map(|(_, tier)| tier.code()).collect();
        assert_eq!(tiers.len(), Tier::ALL.len(), "{tiers:?}");
        for one in open.iter().filter(|one| one.ended != Ended::Open(Stage::Draft)) {
            assert!(one.asked.len() >= 2, "{} {:?}", PARTS[one.part].code, one.wish);
        }
    }
}
