//! The arrangement's own dates, and each authority's adoption beside them, in sentences.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use jiff::civil::{Date, date};

use super::*;
use crate::calendar::WorkingDays;
use crate::clock::Moment;
use crate::id::DecisionId;
use crate::power::decision::{
    CallInRequest, CallInRule, DecidedTerm, Decision, DecisionPage, GoverningBody, Limb, LimbEffect, Says,
};

const DAY: Date = date(2021, 9, 13);

fn fca() -> Arrangement {
    Arrangement {
        id: ArrangementId(1),
        version: 0,
        slug: "fca".into(),
        title: "Flexible Contracting Arrangement".into(),
        lead: "Coventry City Council".into(),
        term: Term { start: date(2018, 12, 15), end: date(2021, 12, 14), option_months: 36, steps: vec![] },
        lots: vec![Lot { code: "planned".into(), name: "Planned".into(), description: String::new() }],
        terms: vec![TermsVersion { version: "1.0".into(), from: date(2018, 12, 15), summary: "First".into() }],
        windows: vec![],
        participants: vec![],
    }
}

fn adoption(on: Date) -> Decision {
    let effects = vec![LimbEffect::Adopts];
    let page = DecisionPage {
        title: "FCA".into(),
        governing_body: Some(GoverningBody::CouncilExecutive),
        subject_to_call_in: Some(true),
        limbs: vec![Limb { letter: 'a'.into(), text: String::new(), effects }],
        term: Some(DecidedTerm { start: date(2018, 12, 15), end: date(2021, 12, 14), option_months: Some(36) }),
        ..DecisionPage::default()
    };
    let rule = CallInRule { working_days: 4, calendar: WorkingDays::default() };
    let draft = Decision::record(DecisionId(1), OrganisationId(8), "HEF-2019-0114".into(), None, page).into_parts().0;
    let decided = draft.decide(on, &WorkingDays::default()).unwrap().into_parts().0;
    decided.publish(on, false, None, &rule).unwrap().into_parts().0
}

#[test]
fn the_demonstrations_day_is_day_1004_of_1096_with_92_days_left() {
    let bar = fca().term.bar(DAY);
    assert_eq!((bar.day, bar.of, bar.days_left), (1_004, 1_096, 92));
    assert_eq!((bar.months_left, bar.longest_end, bar.warning), (36, date(2024, 12, 14), Some(6)));
}

#[test]
fn the_end_is_warned_of_at_12_9_6_and_3_months() {
    let warning = |day| fca().term.bar(day).warning;
    assert_eq!(warning(date(2020, 12, 13)), None);
    assert_eq!(warning(date(2020, 12, 14)), Some(12));
    assert_eq!(warning(date(2021, 3, 14)), Some(9));
    assert_eq!(warning(date(2021, 6, 14)), Some(6));
    assert_eq!(warning(date(2021, 9, 14)), Some(3));
    assert_eq!(warning(date(2021, 12, 15)), None);
}

#[test]
fn the_option_is_used_in_steps_and_never_beyond_its_length() {
    let first = fca().extend(12, DAY).unwrap().into_parts().0;
    assert_eq!(first.term.current_end(), date(2022, 12, 14));
    let refusal = first.clone().extend(25, DAY).unwrap_err();
    assert_eq!(refusal.code, "option_exhausted");
    assert!(refusal.sentence.contains("14 December 2024"));
    assert_eq!(first.extend(24, DAY).unwrap().next().term.current_end(), date(2024, 12, 14));
}

#[test]
fn terms_versions_follow_each_other() {
    let newer = TermsVersion { version: "1.1".into(), from: date(2020, 4, 1), summary: "Notice".into() };
    let arrangement = fca().issue_terms(newer).unwrap().into_parts().0;
    assert_eq!(arrangement.terms_on(date(2020, 3, 31)).unwrap().version, "1.0");
    assert_eq!(arrangement.terms_on(DAY).unwrap().version, "1.1");
    let older = TermsVersion { version: "1.2".into(), from: date(2020, 3, 1), summary: String::new() };
    assert_eq!(arrangement.issue_terms(older).unwrap_err().code, "terms_not_newer");
}

#[test]
fn rule_2_5_no_award_between_the_regional_start_and_the_authoritys_own_adoption() {
    let at = |day| participation(&fca().term, &[adoption(date(2019, 1, 14))], day);
    assert_eq!(
        at(date(2019, 1, 18)).reason(),
        "Cannot award yet: decision HEF-2019-0114 takes effect on 19 January 2019."
    );
    assert_eq!(at(date(2019, 1, 18)).label(), "Cannot award yet");
    assert!(matches!(at(date(2019, 1, 19)), Participation::CanAward { since, .. } if since == date(2019, 1, 19)));
    assert_eq!(participation(&fca().term, &[], DAY), Participation::NoDecision);
}

#[test]
fn rule_2_1_a_called_in_adoption_cannot_award_and_a_called_in_change_leaves_it_able() {
    let local = date(2019, 1, 16).at(9, 0, 0, 0);
    let moment = Moment { at: local.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp(), local };
    let request = CallInRequest { on: moment.today(), by: "Members".into(), grounds: "Cost".into() };
    let called = adoption(date(2019, 1, 14)).call_in(request, moment).unwrap().into_parts().0;
    assert!(matches!(participation(&fca().term, std::slice::from_ref(&called), DAY), Participation::CalledIn { .. }));
    let change = Decision { id: DecisionId(2), amends: Some(DecisionId(1)), ..called };
    assert_eq!(participation(&fca().term, &[adoption(date(2019, 1, 14)), change], DAY).label(), "Can award");
}

#[test]
fn rule_2_4_an_extended_arrangement_ends_for_an_authority_whose_decision_does_not_go_on() {
    let extended = fca().extend(12, DAY).unwrap().into_parts().0;
    let mut decision = adoption(date(2019, 1, 14));
    let after = date(2021, 12, 15);
    let at = |decision: &Decision| participation(&extended.term, std::slice::from_ref(decision), after);
    assert_eq!(at(&decision), Participation::Ended { on: date(2021, 12, 14) });
    decision.page.limbs[0].effects.push(LimbEffect::UsesExtension { until: date(2022, 12, 14) });
    decision.page.in_extension.limbs = Says::Yes;
    assert_eq!(at(&decision).label(), "Can award");
}
