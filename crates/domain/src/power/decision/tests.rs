//! Rules 2.1 to 2.5 in sentences, and every (state, move) pair against the table of moves.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;
use crate::calendar::WorkingDays;
use crate::change::Change;
use crate::clock::Moment;
use crate::money::Pence;
use crate::outcome::Refusal;

fn at(day: Date) -> Moment {
    let local = day.at(10, 20, 0, 0);
    Moment { at: local.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp(), local }
}

fn rule() -> CallInRule {
    CallInRule { working_days: 4, calendar: WorkingDays::default() }
}

fn limb(letter: char, effects: Vec<LimbEffect>) -> Limb {
    Limb { letter: letter.into(), text: format!("limb {letter}"), effects }
}

fn seed_page() -> DecisionPage {
    DecisionPage {
        title: "Regional Joint Commissioning".into(),
        decision_maker: Some("Cabinet member children and families".into()),
        governing_body: Some(GoverningBody::CouncilExecutive),
        status: Some("Recommendations Approved".into()),
        key_decision: Some(true),
        subject_to_call_in: Some(true),
        limbs: vec![limb('a', vec![LimbEffect::Adopts, LimbEffect::Ceiling { annual: Pence::pounds(5_500_000) }])],
        published_on: Some(date(2019, 1, 14)),
        decided_on: Some(date(2019, 1, 14)),
        term: Some(DecidedTerm { start: date(2018, 12, 15), end: date(2021, 12, 14), option_months: Some(36) }),
        ..DecisionPage::default()
    }
}

fn next<T>(change: Result<Change<T>, Refusal>) -> T {
    change.unwrap().into_parts().0
}

fn recorded(page: DecisionPage) -> Decision {
    Decision::record(DecisionId(1), OrganisationId(8), "HEF-2019-0114".into(), None, page).into_parts().0
}

fn published(page: DecisionPage, recorded_effective: Option<Date>) -> Decision {
    let decided = next(recorded(page).decide(date(2019, 1, 14), &WorkingDays::default()));
    let recorded = recorded_effective.map(|on| RecordedEffect { on, reason: Some("The page prints it.".into()) });
    next(decided.publish(date(2019, 1, 14), false, recorded, &rule()))
}

fn request(on: Date) -> CallInRequest {
    CallInRequest { on, by: "Three members".into(), grounds: "Consultation".into() }
}

fn called_in() -> Decision {
    next(published(seed_page(), None).call_in(request(date(2019, 1, 16)), at(date(2019, 1, 16))))
}

fn returned() -> Decision {
    next(called_in().close_call_in(CallInOutcome::ReferredBack, date(2019, 1, 30)))
}

#[test]
fn rule_2_1_the_seed_decision_is_effective_on_19_january_2019() {
    let decision = published(seed_page(), None);
    assert_eq!(decision.effective_on(), Some(date(2019, 1, 19)));
    assert!(!decision.in_force(date(2019, 1, 18)));
    assert!(decision.in_force(date(2019, 1, 19)));
    assert_eq!(
        decision.standing(date(2019, 1, 18)),
        Standing::InCallInWindow { closes: date(2019, 1, 18), from: date(2019, 1, 19) }
    );
}

#[test]
fn rule_2_1_the_recorded_date_wins_and_the_difference_is_shown() {
    let decision = published(seed_page(), Some(date(2019, 1, 22)));
    assert_eq!(decision.effective_on(), Some(date(2019, 1, 22)));
    let line = decision.date_line(date(2019, 1, 15)).unwrap();
    assert!(line.differs[0].contains("19 January 2019"));
    let same = published(seed_page(), Some(date(2019, 1, 19)));
    assert!(same.date_line(date(2019, 1, 15)).unwrap().differs.is_empty());
    let printed = DecisionPage { effective_from: Some(date(2019, 1, 18)), ..seed_page() };
    let line = published(printed, None).date_line(date(2019, 1, 15)).unwrap();
    assert_eq!(
        line.differs,
        ["The page prints 18 January 2019 as the date of effect; the record holds 19 January 2019."]
    );
}

#[test]
fn rule_2_1_the_dates_speak_of_a_past_call_in_in_the_past_tense() {
    let decision = published(seed_page(), None);
    let line = |day| decision.date_line(day).unwrap().sentence;
    assert_eq!(
        line(date(2019, 1, 18)),
        "Decided and published 14 January 2019. Call-in closes at the end of 18 January 2019. Effective from 19 January 2019."
    );
    assert_eq!(
        line(date(2019, 1, 19)),
        "Decided and published 14 January 2019. Call-in closed at the end of 18 January 2019. Effective from 19 January 2019."
    );
}

#[test]
fn rule_2_1_the_dates_of_a_called_in_decision_promise_no_effect() {
    let said = |decision: &Decision| decision.date_line(date(2019, 6, 1)).unwrap().sentence;
    assert_eq!(
        said(&called_in()),
        "Decided and published 14 January 2019. Called in on 16 January 2019. Without effect until the decision maker \
         confirms it."
    );
    assert!(said(&returned()).contains("Referred back to the decision maker on 30 January 2019. Without effect"));
    let confirmed = next(returned().confirm(date(2019, 2, 4)));
    assert_eq!(
        said(&confirmed),
        "Decided and published 14 January 2019. Called in on 16 January 2019. Referred back to the decision maker on 30 \
         January 2019. Confirmed on 4 February 2019. Effective from that day."
    );
    let rescinded = next(returned().rescind(date(2019, 2, 4), "Cost".into()));
    assert!(said(&rescinded).ends_with("Rescinded on 4 February 2019."));
}

#[test]
fn rule_2_3_what_the_law_requires_and_a_page_lacks_is_asked_for_with_its_reason() {
    let asked: Vec<_> = seed_page().asked_for(Some("HEF-2019-0114")).iter().map(|asked| asked.field).collect();
    assert_eq!(asked, ["reasons", "alternatives", "conflicts_of_interest", "dispensations", "urgency", "source_url"]);
    let by_law = seed_page().asked_for(None).iter().filter(|asked| asked.by_law).count();
    assert_eq!(by_law, 4);
}

#[test]
fn rule_2_1_a_recorded_date_that_differs_needs_a_reason_and_the_window_stays_beside_it() {
    let decided = || next(recorded(seed_page()).decide(date(2019, 1, 14), &WorkingDays::default()));
    let with = |day, reason: Option<&str>| {
        let recorded = RecordedEffect { on: day, reason: reason.map(str::to_owned) };
        decided().publish(date(2019, 1, 14), false, Some(recorded), &rule())
    };
    for reason in [None, Some(" ")] {
        let refusal = with(date(2019, 1, 22), reason).unwrap_err();
        assert_eq!(refusal.code, "effect_needs_reason");
        assert!(refusal.value.contains("19 January 2019"));
    }
    assert!(with(date(2019, 1, 19), None).is_ok(), "the same date needs none");
    let late = next(with(date(2019, 1, 22), Some("The constitution gives a week.")));
    let publication = late.state.publication().unwrap();
    assert_eq!((publication.closes(), publication.effective_on()), (date(2019, 1, 18), date(2019, 1, 22)));
    assert!(!publication.open_to_call_in(date(2019, 1, 21)), "the computed window is over");
    assert!(late.date_line(date(2019, 1, 15)).unwrap().differs[0].contains("The constitution gives a week."));
}

#[test]
fn rule_1_8_a_past_day_is_answered_by_what_had_happened_by_then() {
    let called = called_in();
    assert_eq!(called.standing(date(2019, 1, 13)), Standing::NotPublished);
    assert!(matches!(called.standing(date(2019, 1, 15)), Standing::InCallInWindow { .. }));
    assert_eq!(called.standing(date(2019, 1, 16)), Standing::CalledIn);
    let confirmed = next(returned().confirm(date(2019, 2, 4)));
    assert_eq!(confirmed.standing(date(2019, 2, 3)), Standing::CalledIn);
    let rescinded = next(confirmed.rescind(date(2020, 3, 2), "Cost".into()));
    assert_eq!(rescinded.standing(date(2019, 1, 20)), Standing::CalledIn);
    assert!(rescinded.in_force(date(2020, 3, 1)) && !rescinded.in_force(date(2020, 3, 2)));
    let never = next(returned().rescind(date(2019, 2, 4), "Cost".into()));
    assert_eq!(never.standing(date(2019, 2, 3)), Standing::CalledIn);
    let plain = next(published(seed_page(), None).rescind(date(2019, 6, 3), "Cost".into()));
    assert!(plain.in_force(date(2019, 6, 2)));
    assert_eq!(plain.standing(date(2019, 6, 3)), Standing::Rescinded);
}

#[test]
fn rule_2_1_a_decision_is_not_rescinded_before_the_step_before() {
    let code = |decision: Decision, day| decision.rescind(day, "Cost".into()).unwrap_err().code;
    assert_eq!(code(published(seed_page(), None), date(2019, 1, 13)), "dates_out_of_order");
    assert_eq!(code(returned(), date(2019, 1, 29)), "dates_out_of_order");
    assert_eq!(code(next(returned().confirm(date(2019, 2, 4))), date(2019, 2, 3)), "dates_out_of_order");
}

#[test]
fn rule_2_3_none_considered_answers_for_the_alternatives_and_an_unknown_ceiling_is_asked_for() {
    let page = DecisionPage { no_alternatives: Some("None considered".into()), limbs: vec![], ..seed_page() };
    let missing = page.missing(None);
    assert!(!missing.contains(&"alternatives") && missing.contains(&"annual_value_pence"));
    let unsaid = DecidedTerm { start: date(2018, 12, 15), end: date(2021, 12, 14), option_months: None };
    let page = DecisionPage { term: Some(unsaid), ..seed_page() };
    assert!(page.missing(None).contains(&"term.option_months"));
    assert!(page.asked_for(None).iter().any(|asked| asked.field == "term.option_months"));
}

#[test]
fn rule_2_1_exempt_or_urgent_decisions_hold_at_once_and_cannot_be_called_in() {
    let exempt = published(DecisionPage { subject_to_call_in: Some(false), ..seed_page() }, None);
    assert!(exempt.in_force(date(2019, 1, 14)));
    let refusal = exempt.call_in(request(date(2019, 1, 14)), at(date(2019, 1, 14))).unwrap_err();
    assert_eq!(refusal.code, "no_call_in");
    let decided = next(recorded(seed_page()).decide(date(2019, 1, 14), &WorkingDays::default()));
    assert!(next(decided.publish(date(2019, 1, 14), true, None, &rule())).in_force(date(2019, 1, 14)));
}

#[test]
fn rule_2_1_a_called_in_decision_has_no_effect_until_the_decision_maker_confirms() {
    assert!(!called_in().in_force(date(2019, 6, 1)));
    for outcome in CallInOutcome::ALL {
        let back = next(called_in().close_call_in(*outcome, date(2019, 1, 30)));
        assert!(!back.in_force(date(2019, 6, 1)), "{}", outcome.label());
        let confirmed = next(back.confirm(date(2019, 2, 4)));
        assert!(!confirmed.in_force(date(2019, 2, 3)));
        assert!(confirmed.in_force(date(2019, 2, 4)));
    }
}

#[test]
fn rule_2_1_call_in_after_the_window_is_refused() {
    let refusal = published(seed_page(), None).call_in(request(date(2019, 1, 19)), at(date(2019, 1, 19))).unwrap_err();
    assert_eq!(refusal.code, "call_in_closed");
    assert!(refusal.value.contains("18 January 2019"));
}

fn raise(id: i64, amends: &Decision) -> Decision {
    let page = DecisionPage { key_decision: Some(false), ..seed_page() };
    let draft = Decision::record(DecisionId(id), amends.authority, "HEF-2021-0902".into(), Some(amends.id), page);
    let decided = next(draft.into_parts().0.decide(date(2021, 9, 6), &WorkingDays::default()));
    next(decided.publish(date(2021, 9, 6), false, None, &rule()))
}

#[test]
fn rule_2_1_a_called_in_amendment_leaves_the_earlier_decision_in_force() {
    let earlier = published(seed_page(), None);
    let amendment = raise(2, &earlier);
    let day = date(2021, 9, 13);
    let names = |decisions: &[Decision]| in_force_among(decisions, day).map(|d| d.id.0).collect::<Vec<_>>();
    assert_eq!(names(&[earlier.clone(), amendment.clone()]), [2]);
    let called = next(amendment.call_in(request(date(2021, 9, 8)), at(date(2021, 9, 8))));
    assert_eq!(names(&[earlier.clone(), called.clone()]), [1]);
    assert_eq!(earlier.supersede(&called, at(day)).unwrap_err().code, "amendment_not_in_force");
}

#[test]
fn rule_2_1_an_amendment_with_its_own_powers_replaces_the_earlier_decision_once_in_force() {
    let earlier = published(seed_page(), None);
    let amendment = raise(2, &earlier);
    assert!(earlier.clone().supersede(&amendment, at(date(2021, 9, 10))).is_err());
    let replaced = next(earlier.supersede(&amendment, at(date(2021, 9, 13))));
    assert!(replaced.in_force(date(2021, 9, 10)));
    assert_eq!(replaced.standing(date(2021, 9, 13)), Standing::Superseded { by: DecisionId(2) });
}

#[test]
fn rule_2_2_a_trust_board_has_no_forward_plan_and_no_call_in() {
    let page = DecisionPage { governing_body: Some(GoverningBody::TrustBoard), published_on: None, ..seed_page() };
    let draft = recorded(page);
    assert_eq!(
        draft.clone().publish_notice(Notice::of_28_days(date(2018, 12, 1)), &WorkingDays::default()).unwrap_err().code,
        "trust_board_has_no_notice"
    );
    let decided = next(draft.decide(date(2019, 1, 14), &WorkingDays::default()));
    let decision = next(decided.publish(date(2019, 1, 14), false, None, &rule()));
    assert!(decision.in_force(date(2019, 1, 14)));
    assert!(decision.call_in(request(date(2019, 1, 14)), at(date(2019, 1, 14))).is_err());
}

#[test]
fn rule_2_3_what_a_page_lacks_is_asked_for_and_never_guessed() {
    let page = DecisionPage { contact: Some(" ".into()), ..seed_page() };
    let missing = page.missing(None);
    for field in ["reference", "source_url", "reasons", "conflicts_of_interest", "dispensations", "urgency", "contact"]
    {
        assert!(missing.contains(&field), "{field}");
    }
    assert!(DecisionPage { governing_body: None, ..seed_page() }.missing(None).contains(&"governing_body"));
    let unknown = DecisionPage { subject_to_call_in: None, ..seed_page() };
    let decided = next(recorded(unknown).decide(date(2019, 1, 14), &WorkingDays::default()));
    assert_eq!(decided.publish(date(2019, 1, 14), false, None, &rule()).unwrap_err().code, "page_incomplete");
}

#[test]
fn rule_2_4_an_option_to_extend_gives_no_power_to_use_it() {
    let decision = published(seed_page(), None);
    assert!(decision.in_force(date(2021, 12, 14)));
    assert_eq!(decision.standing(date(2021, 12, 15)), Standing::OutsideTerm);
    let mut page = seed_page();
    page.limbs.push(limb('b', vec![LimbEffect::UsesExtension { until: date(2024, 12, 14) }]));
    assert!(!published(page.clone(), None).in_force(date(2021, 12, 15)), "unknown means ask");
    page.in_extension.limbs = Says::Yes;
    assert!(published(page, None).in_force(date(2024, 12, 14)));
}

#[test]
fn rule_2_4_the_last_day_to_publish_the_notice_is_shown() {
    let timetable = last_notice_day(date(2021, 12, 15), GoverningBody::CouncilExecutive, &rule());
    assert!(timetable.effective <= date(2021, 12, 15));
    assert_eq!(timetable.decide_by, date(2021, 12, 8));
    assert_eq!(timetable.notice_by, Some(date(2021, 11, 9)));
    assert_eq!(last_notice_day(date(2021, 12, 15), GoverningBody::TrustBoard, &rule()).notice_by, None);
}

#[test]
fn a_key_decision_needs_28_clear_days_notice_or_an_exception() {
    let page = DecisionPage { published_on: None, ..seed_page() };
    let calendar = WorkingDays::default();
    assert_eq!(recorded(page.clone()).decide(date(2019, 1, 14), &calendar).unwrap_err().code, "notice_too_short");
    let noticed = |notice| recorded(page.clone()).publish_notice(notice, &calendar);
    let late = next(noticed(Notice::of_28_days(date(2018, 12, 17))));
    assert!(late.decide(date(2019, 1, 14), &calendar).unwrap_err().value.contains("first day 15 January 2019"));
    let soon = next(noticed(Notice::of_28_days(date(2018, 12, 16))));
    assert!(soon.clone().decide(date(2019, 1, 14), &calendar).is_ok());
    let decided = next(soon.decide(date(2019, 1, 14), &calendar));
    let published = next(decided.publish(date(2019, 1, 14), false, None, &rule()));
    let line = published.date_line(date(2019, 1, 15)).unwrap().sentence;
    assert!(line.starts_with("Notice published 16 December 2018. Decided and published 14 January 2019."), "{line}");
}

fn sooner(kind: NoticeKind, on: Date, expected: Date) -> Notice {
    Notice { on, kind, expected, why: Some("The contract ends on 31 January.".into()), chair_on: Some(on) }
}

#[test]
fn rule_2_2_a_general_exception_needs_its_reason_the_chair_told_and_five_clear_days() {
    let page = DecisionPage { published_on: None, ..seed_page() };
    let calendar = WorkingDays::default();
    let refused = |notice| recorded(page.clone()).publish_notice(notice, &calendar).unwrap_err();
    let on = |day| sooner(NoticeKind::GeneralException, day, date(2019, 1, 14));
    assert_eq!(refused(Notice { why: None, ..on(date(2019, 1, 4)) }).code, "notice_incomplete");
    assert_eq!(refused(Notice { chair_on: None, ..on(date(2019, 1, 4)) }).code, "notice_incomplete");
    assert_eq!(refused(on(date(2019, 1, 7))).code, "notice_too_short");
    let told_late = Notice { chair_on: Some(date(2019, 1, 7)), ..on(date(2019, 1, 4)) };
    assert_eq!(refused(told_late).code, "notice_too_short", "the days run from when the chair was told");
    let good = next(recorded(page.clone()).publish_notice(on(date(2019, 1, 4)), &calendar));
    assert!(good.clone().decide(date(2019, 1, 11), &calendar).is_err(), "not before the day that the notice names");
    assert!(good.decide(date(2019, 1, 14), &calendar).is_ok());
}

#[test]
fn rule_2_2_special_urgency_needs_the_chairs_agreement() {
    let page = DecisionPage { published_on: None, ..seed_page() };
    let calendar = WorkingDays::default();
    let day = date(2019, 1, 14);
    let urgent = sooner(NoticeKind::SpecialUrgency, day, day);
    let without = Notice { chair_on: None, ..urgent.clone() };
    assert_eq!(recorded(page.clone()).publish_notice(without, &calendar).unwrap_err().code, "notice_incomplete");
    let later = Notice { chair_on: Some(date(2019, 1, 15)), ..urgent.clone() };
    assert_eq!(recorded(page.clone()).publish_notice(later, &calendar).unwrap_err().code, "notice_too_short");
    let noticed = next(recorded(page).publish_notice(urgent, &calendar));
    assert!(noticed.clone().decide(day, &calendar).is_ok());
    assert_eq!(next(noticed.withdraw_notice()).state, DecisionState::Draft);
}

#[test]
fn a_correction_keeps_every_power_as_it_was_decided() {
    let decision = published(seed_page(), None);
    let mut page = decision.page.clone();
    page.reasons = Some("Lower cost".into());
    assert_eq!(next(decision.clone().correct(page)).version, decision.version + 1);
    let mut page = decision.page.clone();
    page.limbs.clear();
    assert_eq!(decision.correct(page).unwrap_err().code, "correction_changes_powers");
}

type Act = (&'static str, fn(Decision) -> Result<Change<Decision>, Refusal>);

#[test]
fn every_move_of_the_table_is_possible_and_no_other() {
    let page = DecisionPage { key_decision: Some(false), ..seed_page() };
    let draft = recorded(page.clone());
    let states = [
        draft.clone(),
        next(draft.clone().publish_notice(Notice::of_28_days(date(2018, 12, 1)), &WorkingDays::default())),
        next(draft.clone().decide(date(2019, 1, 14), &WorkingDays::default())),
        published(page, None),
        called_in(),
        returned(),
        next(returned().confirm(date(2019, 2, 4))),
        next(returned().rescind(date(2019, 2, 4), "Withdrawn".into())),
        next(published(seed_page(), None).supersede(&raise(2, &published(seed_page(), None)), at(date(2021, 9, 13)))),
    ];
    let acts: [Act; 11] = [
        ("revise", |d| {
            let page = d.page.clone();
            d.revise(page)
        }),
        ("publish_notice", |d| d.publish_notice(Notice::of_28_days(date(2018, 12, 1)), &WorkingDays::default())),
        ("withdraw_notice", Decision::withdraw_notice),
        ("decide", |d| d.decide(date(2019, 1, 14), &WorkingDays::default())),
        ("publish", |d| d.publish(date(2019, 1, 14), false, None, &rule())),
        ("correct", |d| {
            let page = d.page.clone();
            d.correct(page)
        }),
        ("call_in", |d| d.call_in(request(date(2019, 1, 15)), at(date(2019, 1, 15)))),
        ("close_call_in", |d| d.close_call_in(CallInOutcome::ToFullCouncil, date(2019, 2, 1))),
        ("confirm", |d| d.confirm(date(2019, 2, 4))),
        ("rescind", |d| d.rescind(date(2019, 2, 4), "Withdrawn".into())),
        ("supersede", |d| {
            let later = raise(9, &d);
            d.supersede(&later, at(date(2021, 9, 13)))
        }),
    ];
    for before in &states {
        for (act, make) in &acts {
            let from = before.state.name();
            let row = MOVES.iter().find(|row| row.from == from && row.act == *act);
            match (make(before.clone()), row) {
                (Ok(change), Some(row)) => {
                    assert_eq!(change.next().state.name(), row.to, "{from} {act}");
                    assert_eq!(change.next().version, before.version + 1);
                }
                (Err(_), None) => {}
                (Ok(_), None) => panic!("{from} {act} is possible but not in the table"),
                (Err(refusal), Some(_)) => panic!("{from} {act} is in the table but refused: {refusal}"),
            }
        }
    }
}

#[test]
fn a_decision_reads_back_from_its_stored_text() {
    let decision = returned();
    let text = serde_json::to_string(&decision).unwrap();
    assert_eq!(serde_json::from_str::<Decision>(&text).unwrap(), decision);
}

proptest! {
    #[test]
    fn rule_2_1_call_in_is_monotonic(published in 0i64..4_000, later in 0i64..30, days in 0u32..12) {
        let of = |after: i64, days: u32| {
            let day = crate::nights::plus_days(date(2015, 1, 1), after);
            let rule = CallInRule { working_days: days, calendar: WorkingDays::default() };
            Publication::of((day, day), GoverningBody::CouncilExecutive, None, None, &rule).effective_on()
        };
        prop_assert!(of(published, days) <= of(published + later, days));
        prop_assert!(of(published, days) < of(published, days + 1));
    }
}

#[test]
fn rule_2_1_what_amends_a_called_in_amendment_takes_its_place() {
    let first = published(seed_page(), None);
    let later = Decision { id: DecisionId(2), amends: Some(DecisionId(1)), ..returned() };
    let last = Decision { id: DecisionId(3), amends: Some(DecisionId(2)), ..published(seed_page(), None) };
    let day = date(2019, 2, 4);
    let in_force = |decisions: &[Decision]| in_force_among(decisions, day).map(|found| found.id.0).collect::<Vec<_>>();
    assert_eq!(in_force(&[first.clone(), later.clone()]), [1], "called in: the earlier one goes on");
    assert_eq!(in_force(&[first, later, last]), [3], "the amended version holds alone");
}
