//! Rules 1.1 to 1.4 in sentences: every link of the chain, and every way in which it can be missing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use jiff::civil::{Date, date};

use super::*;
use crate::calendar::WorkingDays;
use crate::clock::Moment;
use crate::id::{DecisionId, OrganisationId, PersonId, PostId};
use crate::money::Pence;
use crate::nights::OPEN_END;
use crate::power::decision::{
    CallInRequest, CallInRule, DecidedTerm, Decision, DecisionPage, GoverningBody, Limb, LimbEffect, NamedPost, Says,
};

const DAY: Date = date(2021, 9, 13);
const DIRECTOR: PersonId = PersonId(1);
const ASSISTANT: PersonId = PersonId(2);
const OFFICER: PersonId = PersonId(3);
const DEPUTY: PersonId = PersonId(4);

fn at(day: Date, hour: i8) -> Moment {
    let local = day.at(hour, 20, 0, 0);
    Moment { at: local.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp(), local }
}

fn authorises(letter: char, powers: &[LimbPower]) -> Limb {
    let posts = vec![
        NamedPost { words: "Director".into(), relevant: false },
        NamedPost { words: "Assistant Directors".into(), relevant: true },
    ];
    let effects = vec![LimbEffect::Authorises { powers: powers.to_vec(), posts }];
    Limb { letter: letter.into(), text: String::new(), effects }
}

fn page() -> DecisionPage {
    let ceiling = vec![LimbEffect::Adopts, LimbEffect::Ceiling { annual: Pence::pounds(5_500_000) }];
    DecisionPage {
        title: "FCA".into(),
        governing_body: Some(GoverningBody::CouncilExecutive),
        subject_to_call_in: Some(true),
        limbs: vec![
            Limb { letter: 'a'.into(), text: String::new(), effects: ceiling },
            authorises('b', &[LimbPower::Operational, LimbPower::AwardPlacements, LimbPower::AwardMiniBlocks]),
            authorises('c', &[LimbPower::SpotPurchase]),
        ],
        term: Some(DecidedTerm { start: date(2018, 12, 15), end: date(2021, 12, 14), option_months: Some(36) }),
        ..DecisionPage::default()
    }
}

fn published(id: i64, page: DecisionPage, on: Date) -> Decision {
    let rule = CallInRule { working_days: 4, calendar: WorkingDays::default() };
    Decision::record(DecisionId(id), OrganisationId(8), format!("HEF-{}-{id:04}", on.year()), None, page)
        .into_parts()
        .0
        .decide(on, &WorkingDays::default())
        .and_then(|change| change.into_parts().0.publish(on, false, None, &rule))
        .unwrap()
        .into_parts()
        .0
}

fn post(id: i64, title: &str, grade: PostGrade, remit: Remit) -> Post {
    let (from, to) = (date(2018, 1, 1), OPEN_END);
    Post { id: PostId(id), organisation: OrganisationId(8), title: title.into(), grade, remit, from, to }
}

fn held(post: i64, person: PersonId, kind: HoldingKind) -> Holding {
    Holding { post: PostId(post), person, kind, from: date(2018, 1, 1), to: OPEN_END }
}

fn scheme() -> Scheme {
    let link = |letter: char, post, relevant| LimbPost {
        decision: DecisionId(1),
        letter: letter.into(),
        post: PostId(post),
        relevant,
    };
    Scheme {
        decisions: vec![published(1, page(), date(2019, 1, 14))],
        limb_posts: vec![link('b', 1, false), link('b', 2, true), link('c', 1, false), link('c', 2, true)],
        posts: vec![
            post(1, "Director of Children and Families", PostGrade::Director, Remit::Whole),
            post(
                2,
                "Assistant Director, Safeguarding and Family Support",
                PostGrade::AssistantDirector,
                Remit::Stated(vec![RemitArea::ChildrenLookedAfter, RemitArea::Commissioning]),
            ),
        ],
        holdings: vec![held(1, DIRECTOR, HoldingKind::Holder), held(2, ASSISTANT, HoldingKind::Holder)],
        sub_delegations: vec![],
    }
}

fn asks(act: Act, person: PersonId) -> PowerQuestion {
    PowerQuestion { act, about_spot: false, case: RemitArea::ChildrenLookedAfter, person, asked_by: Some(OFFICER) }
}

fn code(question: &PowerQuestion, scheme: &Scheme, day: Date) -> String {
    find_power(question, scheme, at(day, 10)).unwrap_err().code
}

#[test]
fn rule_1_1_the_record_names_limb_decision_post_and_person() {
    let power = find_power(&asks(Act::AwardPlacement, ASSISTANT), &scheme(), at(DAY, 10)).unwrap();
    assert_eq!(
        (power.letter, power.decision, power.post, power.person),
        ('b'.into(), DecisionId(1), PostId(2), ASSISTANT)
    );
    assert_eq!(power.effective_from, date(2019, 1, 19));
    assert_eq!(power.through, Through::Holder);
    assert!(power.sentence().contains("Limb (b) of decision HEF-2019-0001, in force since 19 January 2019"));
}

#[test]
fn rule_1_1_no_power_before_the_decision_is_effective() {
    assert_eq!(code(&asks(Act::AwardPlacement, DIRECTOR), &scheme(), date(2019, 1, 18)), "decision_not_effective");
    assert!(find_power(&asks(Act::AwardPlacement, DIRECTOR), &scheme(), at(date(2019, 1, 19), 0)).is_ok());
}

#[test]
fn rule_1_1_no_power_while_the_decision_is_called_in() {
    let mut scheme = scheme();
    let request = CallInRequest { on: date(2019, 1, 16), by: "Members".into(), grounds: "Cost".into() };
    let called = scheme.decisions.remove(0).call_in(request, at(date(2019, 1, 16), 10)).unwrap();
    scheme.decisions.push(called.into_parts().0);
    assert_eq!(code(&asks(Act::AwardPlacement, DIRECTOR), &scheme, DAY), "decision_called_in");
}

#[test]
fn rule_1_1_a_deputy_without_the_post_is_refused() {
    assert_eq!(code(&asks(Act::AwardPlacement, DEPUTY), &scheme(), DAY), "not_a_named_post");
}

#[test]
fn rule_1_1_formally_acting_in_a_post_carries_its_power_with_instrument_and_dates() {
    let mut scheme = scheme();
    let instrument = "Letter of the Chief Executive, 1 September 2021".to_owned();
    let kind = HoldingKind::Acting { instrument: instrument.clone() };
    scheme.holdings.push(Holding { from: date(2021, 9, 1), to: date(2021, 9, 14), ..held(2, DEPUTY, kind) });
    let power = find_power(&asks(Act::AwardPlacement, DEPUTY), &scheme, at(DAY, 10)).unwrap();
    assert_eq!(power.through, Through::Acting { instrument, from: date(2021, 9, 1), to: date(2021, 9, 14) });
    assert_eq!(code(&asks(Act::AwardPlacement, DEPUTY), &scheme, date(2021, 9, 14)), "not_a_named_post");
}

#[test]
fn rule_1_1_cover_for_leave_moves_tasks_never_power() {
    let mut scheme = scheme();
    scheme.holdings.push(held(2, DEPUTY, HoldingKind::Cover));
    assert_eq!(code(&asks(Act::AwardPlacement, DEPUTY), &scheme, DAY), "cover_moves_tasks");
}

#[test]
fn rule_1_1_a_relevant_assistant_director_is_one_whose_stated_remit_covers_the_case() {
    let disabled = PowerQuestion { case: RemitArea::DisabledChildren, ..asks(Act::AwardPlacement, ASSISTANT) };
    let refusal = find_power(&disabled, &scheme(), at(DAY, 10)).unwrap_err();
    assert_eq!(refusal.code, "outside_remit");
    assert!(refusal.value.contains("Children looked after"));
    assert!(find_power(&PowerQuestion { person: DIRECTOR, ..disabled }, &scheme(), at(DAY, 10)).is_ok());
    assert!(!Remit::Stated(vec![]).covers(RemitArea::ChildrenLookedAfter), "no stated remit covers nothing");
}

fn passed_on(permitted_by: Option<&str>) -> SubDelegation {
    SubDelegation {
        decision: DecisionId(1),
        letter: 'b'.into(),
        by_post: PostId(1),
        title: "Head of Looked After Children".into(),
        person: DEPUTY,
        acts: vec![Act::ExtraSupport],
        instrument: "Scheme of 1 April 2021".into(),
        permitted_by: permitted_by.map(str::to_owned),
        from: date(2021, 4, 1),
        to: date(2022, 4, 1),
    }
}

#[test]
fn rule_1_1_a_sub_delegation_counts_only_where_the_parent_scheme_permits_it() {
    let mut scheme = scheme();
    scheme.sub_delegations.push(passed_on(None));
    assert_eq!(code(&asks(Act::ExtraSupport, DEPUTY), &scheme, DAY), "sub_delegation_not_permitted");
    scheme.sub_delegations = vec![passed_on(Some("Constitution 3.4"))];
    let power = find_power(&asks(Act::ExtraSupport, DEPUTY), &scheme, at(DAY, 10)).unwrap();
    assert!(power.sentence().contains("sub-delegation of the Director of Children and Families"));
    assert_eq!(code(&asks(Act::AwardPlacement, DEPUTY), &scheme, DAY), "not_a_named_post");
    assert_eq!(code(&asks(Act::ExtraSupport, DEPUTY), &scheme, date(2021, 3, 31)), "not_a_named_post");
}

#[test]
fn rule_1_1_the_person_who_asks_cannot_approve() {
    let question = PowerQuestion { asked_by: Some(DIRECTOR), ..asks(Act::AwardPlacement, DIRECTOR) };
    assert_eq!(code(&question, &scheme(), DAY), "requester_cannot_approve");
}

#[test]
fn rule_1_2_every_operational_decision_cites_limb_post_and_person() {
    for act in Act::ALL {
        let power = find_power(&asks(*act, DIRECTOR), &scheme(), at(DAY, 10)).unwrap();
        let expected = if *act == Act::SpotPurchase { 'c' } else { 'b' };
        assert_eq!(power.letter, expected.into(), "{}", act.label());
        let spot = PowerQuestion { about_spot: true, ..asks(*act, DIRECTOR) };
        let award = matches!(act, Act::AwardPlacement | Act::AwardMiniBlock);
        assert_eq!(find_power(&spot, &scheme(), at(DAY, 10)).unwrap().letter, if award { 'b' } else { 'c' }.into());
    }
}

#[test]
fn rule_1_1_an_act_without_a_limb_has_no_power() {
    let mut scheme = scheme();
    scheme.decisions[0].page.limbs.truncate(2);
    assert_eq!(code(&asks(Act::SpotPurchase, DIRECTOR), &scheme, DAY), "no_limb");
    assert_eq!(code(&asks(Act::AwardPlacement, DIRECTOR), &Scheme::default(), DAY), "no_decision");
}

#[test]
fn rule_2_1_a_decision_in_its_call_in_window_is_named_until_it_is_in_force() {
    let decisions = scheme().decisions;
    let waits = awaited(&decisions, date(2019, 1, 18)).unwrap();
    assert_eq!(waits.code, "decision_not_effective");
    assert_eq!(waits.value, "19 January 2019");
    assert_eq!(awaited(&decisions, date(2019, 1, 19)), None);
    assert_eq!(awaited(&[], DAY), None);
}

#[test]
fn rule_2_4_after_the_term_there_is_no_power_unless_the_decision_says_that_its_limbs_go_on() {
    let mut scheme = scheme();
    assert_eq!(code(&asks(Act::AwardPlacement, DIRECTOR), &scheme, date(2021, 12, 15)), "term_ended");
    let mut extended = page();
    extended.limbs[0].effects.push(LimbEffect::UsesExtension { until: date(2024, 12, 14) });
    extended.in_extension.limbs = Says::Yes;
    scheme.decisions = vec![published(1, extended, date(2019, 1, 14))];
    assert!(find_power(&asks(Act::AwardPlacement, DIRECTOR), &scheme, at(date(2021, 12, 15), 10)).is_ok());
}

fn urgency_power() -> UrgencyPower {
    UrgencyPower {
        authority: OrganisationId(8),
        clause: "Constitution 3.7".into(),
        posts: vec![PostId(1)],
        from: date(2019, 1, 1),
        to: OPEN_END,
    }
}

#[test]
fn rule_1_3_urgency_is_used_by_the_holders_of_the_posts_that_its_clause_names() {
    let find = |person, moment| {
        find_urgency(person, &[urgency_power()], &scheme().holdings, &[], &WorkingDays::default(), moment)
    };
    let used = find(DIRECTOR, at(DAY, 10));
    assert!(matches!(&used, UrgencyUse::Recorded { post: Some(PostId(1)), director_confirms_by: None, .. }));
    assert!(matches!(find(ASSISTANT, at(DAY, 10)), UrgencyUse::WithoutRecordedPower { .. }));
}

#[test]
fn rule_1_3_at_night_any_on_call_holder_with_the_directors_confirmation_by_noon_of_the_next_working_day() {
    let duty =
        OnCall { person: OFFICER, from: date(2021, 9, 10).at(17, 0, 0, 0), to: date(2021, 9, 13).at(9, 0, 0, 0) };
    let find = |moment| find_urgency(OFFICER, &[urgency_power()], &[], &[duty], &WorkingDays::default(), moment);
    let UrgencyUse::Recorded { director_confirms_by, .. } = find(at(date(2021, 9, 10), 23)) else {
        panic!("not found")
    };
    assert_eq!(director_confirms_by, Some(date(2021, 9, 13).at(12, 0, 0, 0)));
    assert!(matches!(find(at(date(2021, 9, 13), 10)), UrgencyUse::WithoutRecordedPower { .. }));
}

#[test]
fn rule_1_3_with_no_urgency_power_a_start_is_recorded_as_made_without_recorded_power() {
    let used = find_urgency(DIRECTOR, &[], &scheme().holdings, &[], &WorkingDays::default(), at(DAY, 22));
    let UrgencyUse::WithoutRecordedPower { alert, open } = &used else { panic!("a power was found") };
    assert_eq!(alert, &[PostGrade::MonitoringOfficer, PostGrade::Section151Officer]);
    assert_eq!(open, Ratification::ALL);
    assert_eq!(used.words(), "Made without recorded power");
    let posts = [post(7, "Monitoring officer", PostGrade::MonitoringOfficer, Remit::Whole)];
    let holdings = [held(7, DEPUTY, HoldingKind::Holder)];
    assert_eq!(to_alert(alert, &posts, &holdings, DAY), [DEPUTY]);
}

#[test]
fn rule_1_3_the_share_of_emergencies_is_counted_by_each_key() {
    let start = |by, emergency| EmergencyStart { by, emergency };
    let starts = [start(8, true), start(8, false), start(5, false)];
    assert_eq!(emergency_shares(&starts), [(5, 0, 1), (8, 1, 2)]);
}

#[test]
fn rule_1_4_the_statutory_director_is_an_appointment_of_the_responsible_authority_without_deputy() {
    let appointment = |person, basis| StatutoryAppointment {
        authority: OrganisationId(8),
        office: StatutoryOffice::DirectorOfChildrensServices,
        person,
        basis,
        from: date(2020, 1, 1),
        to: OPEN_END,
    };
    let appointments = [appointment(DIRECTOR, StatutoryBasis::Appointed)];
    let find = |person, authority, held: &[StatutoryAppointment]| {
        find_statutory(
            StatutoryOffice::DirectorOfChildrensServices,
            person,
            OrganisationId(authority),
            held,
            at(DAY, 10),
        )
        .is_ok()
    };
    assert!(find(DIRECTOR, 8, &appointments));
    assert!(!find(ASSISTANT, 8, &appointments), "a post in limb (b) is not the statutory office");
    assert!(!find(DIRECTOR, 5, &appointments), "another authority's director");
    let interim = |instrument: &str| [appointment(DEPUTY, StatutoryBasis::Interim { instrument: instrument.into() })];
    assert!(find(DEPUTY, 8, &interim("Full council, 3 September 2021")));
    assert!(!find(DEPUTY, 8, &interim(" ")), "an interim appointment is recorded, or is none");
}

#[test]
fn an_acting_appointment_needs_its_instrument() {
    let acting = held(2, DEPUTY, HoldingKind::Acting { instrument: String::new() });
    assert_eq!(check_holding(&acting).unwrap_err().errors[0].field, "instrument");
    assert!(check_holding(&held(2, DEPUTY, HoldingKind::Holder)).is_ok());
}

#[test]
fn rule_1_1_a_record_is_ended_once_within_its_days_and_never_prolonged() {
    use crate::nights::OPEN_END;
    let (from, today) = (date(2021, 7, 1), date(2021, 9, 13));
    let end = |to, last| ended((from, to), last, today).map_err(|refusal| refusal.code);
    assert_eq!(end(OPEN_END, date(2021, 9, 30)), Ok(date(2021, 10, 1)));
    assert_eq!(end(OPEN_END, date(2021, 8, 31)), Ok(date(2021, 9, 1)), "a leaver who was recorded late");
    assert_eq!(end(date(2021, 9, 1), today), Err("already_ended".into()));
    assert_eq!(end(OPEN_END, date(2021, 6, 30)), Err("ends_before_it_begins".into()));
    assert_eq!(end(date(2021, 10, 1), date(2021, 10, 1)), Err("ending_prolongs".into()));
}
