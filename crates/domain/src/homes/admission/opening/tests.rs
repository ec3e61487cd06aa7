//! What is refused of an opening: out of the window, past the term, over, called off, and moved once it stands.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use jiff::civil::date;

use super::*;
use crate::homes::admission::evaluation::tests::{at, opening};
use crate::homes::admission::tests::arrangement;

const WHY: &str = "Fourteen children wait for a place near their schools";

fn by_lead(reason: &str) -> OpeningKind {
    OpeningKind::ByLead { reason: reason.to_owned() }
}

/// The opening of July as a draft, for these days.
fn draft(kind: OpeningKind, (opens, closes): (Date, Date)) -> Opening {
    let published = opening();
    let (opens, questions_until) = (opens.at(9, 0, 0, 0), opens.at(12, 0, 0, 0));
    let plan = OpeningPlan { kind, opens, closes: closes.at(12, 0, 0, 0), questions_until, ..published.plan.clone() };
    Opening { version: 1, plan, state: OpeningState::Draft, ..published }
}

fn july() -> (Date, Date) {
    (date(2021, 7, 1), date(2021, 7, 31))
}

/// Publishes it on a day of May, with July as the one window: the code and what was found, if that is refused.
fn refused(draft: Opening) -> Option<(String, String)> {
    let (from, to) = july();
    let arrangement = Arrangement { windows: vec![OpeningWindow { from, to }], ..arrangement() };
    let refusal = draft.publish(&arrangement, at(date(2021, 5, 3), 9)).err()?;
    Some((refusal.code, refusal.value))
}

#[test]
fn a_yearly_opening_lies_within_a_window_and_the_lead_authority_opens_at_any_time() {
    assert_eq!(refused(draft(OpeningKind::Yearly, july())), None, "the window's own days are among them");
    let outside = |words: &str| Some(("opening_outside_window".to_owned(), words.to_owned()));
    for (days, words) in [
        ((date(2021, 6, 30), date(2021, 7, 31)), "30 June 2021 to 31 July 2021"),
        ((date(2021, 7, 1), date(2021, 8, 1)), "1 July 2021 to 1 August 2021"),
    ] {
        assert_eq!(refused(draft(OpeningKind::Yearly, days)), outside(words));
        assert_eq!(refused(draft(by_lead(WHY), days)), None, "the lead authority says why");
    }
    let none = draft(OpeningKind::Yearly, july()).publish(&arrangement(), at(date(2021, 5, 3), 9));
    assert_eq!(none.unwrap_err().code, "opening_outside_window", "an arrangement without a window");
}

#[test]
fn nothing_opens_beyond_the_longest_term_and_its_last_day_is_within_it() {
    let until = |last| (date(2024, 12, 1), last);
    assert_eq!(refused(draft(by_lead(WHY), until(date(2024, 12, 14)))), None);
    for kind in [by_lead(WHY), OpeningKind::Yearly] {
        let (code, found) = refused(draft(kind, until(date(2024, 12, 15)))).unwrap();
        assert_eq!((code.as_str(), found.as_str()), ("opening_outside_term", "1 December 2024 to 15 December 2024"));
    }
}

#[test]
fn an_opening_whose_deadline_has_passed_is_not_published() {
    let publish = |hour| draft(by_lead(WHY), july()).publish(&arrangement(), at(date(2021, 7, 31), hour));
    assert!(publish(11).is_ok(), "an hour before it");
    let refusal = publish(12).unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.value.as_str()), ("opening_over", "deadline 31 July 2021, 12:00"));
}

#[test]
fn nothing_is_published_with_weights_that_do_not_sum_a_price_without_room_or_an_unknown_lot() {
    let with = |change: fn(&mut Criteria)| {
        let mut unsound = draft(by_lead(WHY), july());
        change(&mut unsound.plan.criteria);
        refused(unsound)
    };
    let said = |code: &str, found: &str| Some((code.to_owned(), found.to_owned()));
    assert_eq!(with(|_| ()), None);
    assert_eq!(with(|criteria| criteria.quality[0].weight = 39), said("weights_sum", "weights sum to 99"));
    assert_eq!(with(|criteria| criteria.quality[0].weight = 41), said("weights_sum", "weights sum to 101"));
    let no_room = with(|criteria| criteria.templates[0].bands[0].floor = criteria.templates[0].bands[0].ceiling);
    assert_eq!(no_room, said("criteria_unsound", "weights sum to 100"));
    let unknown = with(|criteria| criteria.templates[0].lot = "parent_and_child".to_owned());
    assert_eq!(unknown, said("unknown_lot", "parent_and_child"));
    // Nor is it kept as a draft: the form says it at its field.
    let mut plan = draft(by_lead(WHY), july()).plan;
    plan.criteria.quality[0].weight = 39;
    let kept = Opening::plan(OpeningId(2), OrganisationId(1), &arrangement(), "AR-002".to_owned(), plan);
    let errors = kept.unwrap_err().errors;
    assert_eq!(errors.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), ["q1_weight"]);
}

#[test]
fn an_opening_that_was_called_off_takes_neither_applications_nor_questions() {
    let within = at(date(2021, 7, 10), 9);
    assert!(opening().takes(within).is_ok() && opening().takes_questions(within).is_ok());
    let cancelled = opening().cancel("Its template is wrong", within).unwrap().into_parts().0;
    assert_eq!(cancelled.phase(within), OpeningPhase::Cancelled);
    assert_eq!(cancelled.takes(within).unwrap_err().code, "opening_cancelled");
    assert_eq!(cancelled.takes_questions(within).unwrap_err().code, "opening_cancelled");
    assert_eq!(cancelled.takes_answers(within).unwrap_err().code, "opening_cancelled");
    let unpublished = draft(OpeningKind::Yearly, july());
    assert_eq!(unpublished.takes(within).unwrap_err().code, "opening_not_open");
}

#[test]
fn what_was_published_stays_and_what_is_over_or_called_off_is_not_called_off() {
    let (before, within) = (at(date(2021, 5, 3), 9), at(date(2021, 7, 10), 9));
    let published = opening();
    let again = published.clone().publish(&arrangement(), before).unwrap_err();
    assert_eq!((again.code.as_str(), again.value.as_str()), ("opening_state", "Published"));
    let OpeningRefused::Refused(revised) = published.clone().revise(published.plan.clone()).unwrap_err() else {
        panic!("what was published was written anew");
    };
    assert_eq!(revised.code, "opening_state");
    let over = published.clone().cancel("Too late", at(date(2021, 7, 31), 13)).unwrap_err();
    assert_eq!((over.code.as_str(), over.value.as_str()), ("opening_state", "Published"));
    let cancelled = published.cancel("Its template is wrong", within).unwrap().into_parts().0;
    let twice = cancelled.clone().cancel("Once more", within).unwrap_err();
    assert_eq!((twice.code.as_str(), twice.value.as_str()), ("opening_state", "Cancelled"));
    assert_eq!(cancelled.publish(&arrangement(), before).unwrap_err().code, "opening_state");
}

#[test]
fn the_lead_authority_says_why_it_opens_outside_the_window() {
    let plan = |reason: &str| draft(by_lead(reason), july()).plan;
    let planned = |reason: &str| {
        Opening::plan(OpeningId(2), OrganisationId(1), &arrangement(), "AR-002".to_owned(), plan(reason))
    };
    for reason in ["", "   too few   "] {
        let errors = planned(reason).unwrap_err().errors;
        assert_eq!(errors.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), ["reason"], "{reason:?}");
        let revised = draft(OpeningKind::Yearly, july()).revise(plan(reason));
        assert!(matches!(revised, Err(OpeningRefused::Invalid(invalid)) if invalid.errors[0].field == "reason"));
    }
    assert!(planned("Ten places").is_ok());
}
