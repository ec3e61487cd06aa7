//! Bed uses: the moves against their table, the rules of beds and nights, and nights in words.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::clock::Moment;
use crate::homes::home::{Bed, RegisterEntry, Sector};
use crate::nights::{OPEN_END, plus_days};

const TODAY: Date = date(2021, 9, 13);

fn home(suspended: bool) -> Home {
    let moment = Moment { at: "2021-09-13T09:20:00Z".parse().unwrap(), local: TODAY.at(10, 20, 0, 0) };
    let entry = RegisterEntry {
        provider: OrganisationId(7),
        area: crate::authority::AreaCode::parse("E06000019").unwrap(),
        sector: Sector::Private,
        places: 3,
        short_breaks_only: false,
        suspended,
        registered_on: None,
    };
    Home::register(HomeId(1), OrganisationId(2), "SC392492".parse().unwrap(), entry, moment).into_parts().0
}

fn sleeper(agreement: i64, from: Date, to: Date, solo: bool) -> Sleeper {
    Sleeper { agreement: AgreementId(agreement), nights: Nights::new(from, to).unwrap(), solo }
}

fn stay(id: i64, bed: i64, sleeper: Sleeper) -> BedUse {
    BedUse::stay(BedUseId(id), &home(false), BedId(bed), sleeper).unwrap().into_parts().0
}

fn beds(count: i64) -> Vec<Bed> {
    (1..=count).map(|id| Bed { id: BedId(id), home: HomeId(1), label: format!("Room {id}") }).collect()
}

fn closed(id: i64, bed: i64, from: Date, to: Date) -> BedUse {
    let nights = Nights::new(from, to).unwrap();
    BedUse::take_out(BedUseId(id), &home(false), BedId(bed), nights, ClosedReason::Repair).into_parts().0
}

fn in_state(name: &str) -> BedUse {
    let later = sleeper(1, TODAY, OPEN_END, false);
    match name {
        "held" => BedUse::hold(BedUseId(1), &home(false), BedId(1), later).unwrap().into_parts().0,
        "stay" => stay(1, 1, later),
        "out_of_service" => closed(1, 1, TODAY, OPEN_END),
        "cancelled" => in_state("stay").cancel(TODAY).unwrap().into_parts().0,
        other => panic!("no such state: {other}"),
    }
}

#[test]
fn a_home_without_beds_takes_as_many_children_as_it_has_places() {
    assert!(super::places_left(2, 3).is_ok());
    assert_eq!(super::places_left(3, 3).unwrap_err().code, "places_taken");
}

#[test]
fn every_state_and_move_is_as_the_table_says() {
    for from in ["held", "stay", "out_of_service", "cancelled"] {
        for act in ["move_in", "end_on", "cancel"] {
            let start = in_state(from);
            let found = match act {
                "move_in" => start.move_in(),
                "end_on" => start.end_on(date(2021, 12, 1)),
                _ => start.cancel(TODAY),
            };
            let to = found.ok().map(|change| change.next().state.name());
            let allowed = MOVES.iter().find(|one| one.from == from && one.act == act).map(|one| one.to);
            assert_eq!(to, allowed, "{act} from {from}");
        }
    }
}

#[test]
fn rule_1_5_no_bed_is_held_or_taken_in_a_home_that_is_not_registered() {
    let wanted = sleeper(1, TODAY, OPEN_END, false);
    for refused in [
        BedUse::hold(BedUseId(1), &home(true), BedId(1), wanted),
        BedUse::stay(BedUseId(1), &home(true), BedId(1), wanted),
    ] {
        assert_eq!(refused.unwrap_err().code, "registration_suspended");
    }
}

#[test]
fn what_has_begun_is_ended_and_not_cancelled() {
    let begun = stay(1, 1, sleeper(1, date(2021, 9, 1), OPEN_END, false));
    assert_eq!(begun.clone().cancel(TODAY).unwrap_err().code, "bed_use_state");
    assert_eq!(begun.clone().end_on(date(2021, 9, 1)).unwrap_err().code, "end_before_start");
    let ended = begun.end_on(TODAY).unwrap();
    assert_eq!((ended.next().version, ended.next().nights.count()), (2, 12));
}

#[test]
fn a_bed_has_one_use_a_night_and_the_end_night_is_free_again() {
    let first = stay(1, 1, sleeper(1, TODAY, date(2021, 10, 1), false));
    let overlapping = stay(2, 1, sleeper(2, date(2021, 9, 30), OPEN_END, false));
    let after = stay(2, 1, sleeper(2, date(2021, 10, 1), OPEN_END, false));
    assert_eq!(fits(std::slice::from_ref(&first), &overlapping).unwrap_err().code, "bed_taken");
    assert!(fits(&[first], &after).is_ok());
}

#[test]
fn nobody_lives_beside_a_child_who_lives_alone() {
    let alone = stay(1, 1, sleeper(1, TODAY, OPEN_END, true));
    let other = stay(2, 2, sleeper(2, TODAY, OPEN_END, false));
    let also_alone = stay(2, 2, sleeper(2, TODAY, OPEN_END, true));
    assert_eq!(fits(std::slice::from_ref(&alone), &other).unwrap_err().code, "solo_beside");
    assert_eq!(fits(std::slice::from_ref(&other), &alone).unwrap_err().code, "solo_beside");
    assert_eq!(fits(std::slice::from_ref(&alone), &also_alone).unwrap_err().code, "solo_beside");
    assert!(fits(&[alone], &closed(3, 2, TODAY, OPEN_END)).is_ok());
}

#[test]
fn a_held_bed_counts_for_a_child_who_lives_alone() {
    let held =
        BedUse::hold(BedUseId(1), &home(false), BedId(1), sleeper(1, TODAY, OPEN_END, true)).unwrap().into_parts().0;
    assert_eq!(fits(&[held], &stay(2, 2, sleeper(2, TODAY, OPEN_END, false))).unwrap_err().code, "solo_beside");
}

#[test]
fn a_child_has_one_bed_a_night() {
    let here = stay(1, 1, sleeper(1, TODAY, OPEN_END, false));
    let there = stay(2, 2, sleeper(1, date(2021, 10, 1), OPEN_END, false));
    assert_eq!(fits(std::slice::from_ref(&here), &there).unwrap_err().code, "child_elsewhere");
    let moved = here.end_on(date(2021, 10, 1)).unwrap().into_parts().0;
    assert!(fits(&[moved], &there).is_ok());
}

#[test]
fn an_empty_bed_beside_a_child_who_lives_alone_is_not_shown_as_free() {
    let uses =
        [stay(1, 1, sleeper(1, TODAY, date(2021, 9, 15), true)), closed(2, 3, date(2021, 9, 14), date(2021, 9, 16))];
    let nights = Nights::new(TODAY, date(2021, 9, 16)).unwrap();
    let rows = bed_nights(&beds(3), &uses, nights);
    assert_eq!(rows[0].1, [NightState::Taken(true), NightState::Taken(true), NightState::Free]);
    assert_eq!(rows[1].1, [NightState::Blocked, NightState::Blocked, NightState::Free]);
    let repair = NightState::Closed(ClosedReason::Repair);
    assert_eq!(rows[2].1, [NightState::Blocked, repair, repair]);
    assert_eq!(count_nights(&rows)[0], NightCount { blocked: 2, taken: 1, ..NightCount::default() });
}

#[test]
fn nights_read_as_one_sentence_with_to_and_not_a_dash() {
    let uses = [stay(1, 1, sleeper(1, date(2021, 5, 10), date(2021, 5, 17), false))];
    let nights = Nights::new(date(2021, 5, 3), date(2021, 6, 2)).unwrap();
    let counts = count_nights(&bed_nights(&beds(1), &uses, nights));
    assert_eq!(
        nights_in_words(date(2021, 5, 3), &counts),
        "Beds free 3 to 9 May (7 nights). Full 10 to 16 May (7 nights). Beds free 17 May to 1 June (16 nights)."
    );
}

proptest! {
    #[test]
    fn gaps_say_of_every_night_what_the_night_view_says(
        spans in prop::collection::vec((1i64..=3, 0i64..40, 1i64..25, 0u8..4), 0..12),
    ) {
        let mut uses: Vec<BedUse> = Vec::new();
        for (index, (bed, from, length, kind)) in spans.into_iter().enumerate() {
            let id = i64::try_from(index).unwrap() + 1;
            let (from, to) = (plus_days(TODAY, from - 10), plus_days(TODAY, from - 10 + length));
            let wanted = if kind == 0 { closed(id, bed, from, to) } else { stay(id, bed, sleeper(id, from, to, kind == 1)) };
            if fits(&uses, &wanted).is_ok() {
                uses.push(wanted);
            }
        }
        let beds = beds(3);
        let gaps = free_gaps(&beds, &uses, TODAY);
        let rows = bed_nights(&beds, &uses, Nights::new(TODAY, plus_days(TODAY, 60)).unwrap());
        for (day, count) in count_nights(&rows).into_iter().enumerate() {
            let night = plus_days(TODAY, i64::try_from(day).unwrap());
            let within = |list: &[Nights]| list.iter().any(|gap| gap.contains(night));
            prop_assert_eq!(within(&gaps.any), count.free + count.blocked > 0);
            prop_assert_eq!(within(&gaps.shared), count.free > 0);
            prop_assert_eq!(within(&gaps.empty), count.free > 0 && count.taken + count.held == 0);
        }
    }
}
