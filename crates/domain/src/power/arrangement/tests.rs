//! The arrangement's own dates, and each authority's adoption beside them, in sentences.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use jiff::civil::{Date, date};

use super::*;
use crate::calendar::WorkingDays;
use crate::clock::Moment;
use crate::id::DecisionId;
use crate::outcome::Refusal;
use crate::power::decision::{
    CallInRequest, CallInRule, DecidedTerm, Decision, DecisionPage, GoverningBody, InExtension, Limb, LimbEffect, Says,
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
        specification: vec![],
        windows: vec![],
        participants: vec![],
        ahead: crate::power::arrangement::Ahead::default(),
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
fn a_lot_in_use_is_closed_from_a_day_on_and_what_was_agreed_on_it_goes_on() {
    let today = date(2021, 9, 13);
    let arrangement = fca();
    let code = arrangement.lots[0].code.clone();
    let refused = |change: Result<Change<Arrangement>, Refusal>| change.unwrap_err().code;
    assert_eq!(refused(fca().close_lot("none", today, today)), "unknown_lot");
    assert_eq!(refused(fca().close_lot(&code, date(2021, 9, 12), today)), "lot_closed_back");
    if arrangement.lots.len() == 1 {
        assert_eq!(refused(fca().close_lot(&code, today, today)), "last_lot");
    }
    let second = Lot { code: "second".into(), name: "Second".into(), description: String::new() };
    let two = arrangement.keep_lot(second.clone()).unwrap().into_parts().0;
    let taken = Lot { code: "third".into(), ..second };
    assert_eq!(refused(two.clone().keep_lot(taken)), "lot_name");
    let from = date(2021, 10, 1);
    let shut = two.close_lot(&code, from, today).unwrap().into_parts().0;
    assert!(shut.lot_is_open(&code, date(2021, 9, 30)).is_ok());
    let closed = shut.lot_is_open(&code, from).unwrap_err();
    let found = format!("{}, closed from 1 October 2021", shut.lots[0].name);
    assert_eq!((closed.code.as_str(), closed.value), ("lot_closed", found));
    assert!(shut.lot(&code).is_some(), "what was agreed on it still finds its name");
    assert!(shut.open_lots(from).all(|lot| lot.code != code));
    assert_eq!(refused(shut.clone().close_lot(&code, from, today)), "lot_closed");
    let again = shut.reopen_lot(&code).unwrap().into_parts().0;
    assert!(again.lot_is_open(&code, from).is_ok());
    assert_eq!(refused(again.reopen_lot(&code)), "lot_open");
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
    let step = |from, months| Step { from, months };
    let first = fca().extend(step(date(2021, 12, 15), 12), DAY).unwrap().into_parts().0;
    assert_eq!(first.term.current_end(), date(2022, 12, 14));
    let next = date(2022, 12, 15);
    let refusal = first.clone().extend(step(next, 25), DAY).unwrap_err();
    assert_eq!(refusal.code, "option_exhausted");
    assert!(refusal.sentence.contains("14 December 2024"));
    assert_eq!(first.clone().extend(step(date(2022, 6, 1), 12), DAY).unwrap_err().code, "step_overlaps");
    assert_eq!(first.clone().extend(step(date(2023, 1, 1), 12), DAY).unwrap_err().code, "step_leaves_gap");
    assert_eq!(first.clone().extend(step(next, 12), date(2022, 12, 20)).unwrap_err().code, "term_over");
    assert_eq!(first.extend(step(next, 24), DAY).unwrap().next().term.current_end(), date(2024, 12, 14));
}

#[test]
fn terms_versions_follow_each_other() {
    let newer = TermsVersion { version: "1.1".into(), from: date(2020, 4, 1), summary: "Notice".into() };
    let arrangement = fca().issue_terms(Instrument::Terms, newer).unwrap().into_parts().0;
    assert_eq!(arrangement.version_on(Instrument::Terms, date(2020, 3, 31)).unwrap().version, "1.0");
    assert_eq!(arrangement.version_on(Instrument::Terms, DAY).unwrap().version, "1.1");
    let older = TermsVersion { version: "1.2".into(), from: date(2020, 3, 1), summary: String::new() };
    assert_eq!(arrangement.issue_terms(Instrument::Terms, older).unwrap_err().code, "terms_not_newer");
}

#[test]
fn rule_2_5_no_award_between_the_regional_start_and_the_authoritys_own_adoption() {
    let at = |day| participation(&fca().term, (&[adoption(date(2019, 1, 14))], None), day);
    assert_eq!(
        at(date(2019, 1, 18)).reason(),
        "Cannot award yet: decision HEF-2019-0114 takes effect on 19 January 2019."
    );
    assert_eq!(at(date(2019, 1, 18)).label(), "Cannot award yet");
    assert!(matches!(at(date(2019, 1, 19)), Participation::CanAward { since, .. } if since == date(2019, 1, 19)));
    assert_eq!(participation(&fca().term, (&[], None), DAY), Participation::NoDecision);
}

#[test]
fn rule_2_1_a_called_in_adoption_cannot_award_and_a_called_in_change_leaves_it_able() {
    let local = date(2019, 1, 16).at(9, 0, 0, 0);
    let moment = Moment { at: local.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp(), local };
    let request = CallInRequest { on: moment.today(), by: "Members".into(), grounds: "Cost".into() };
    let called = adoption(date(2019, 1, 14)).call_in(request, moment).unwrap().into_parts().0;
    let one = std::slice::from_ref(&called);
    assert!(matches!(participation(&fca().term, (one, None), DAY), Participation::CalledIn { .. }));
    let change = Decision { id: DecisionId(2), amends: Some(DecisionId(1)), ..called };
    let both = [adoption(date(2019, 1, 14)), change];
    assert_eq!(participation(&fca().term, (&both, None), DAY).label(), "Can award");
}

#[test]
fn rule_2_4_an_extended_arrangement_ends_for_an_authority_whose_decision_does_not_go_on() {
    let extended = fca().extend(Step { from: date(2021, 12, 15), months: 12 }, DAY).unwrap().into_parts().0;
    let mut decision = adoption(date(2019, 1, 14));
    let after = date(2021, 12, 15);
    let at = |decision: &Decision| participation(&extended.term, (std::slice::from_ref(decision), None), after);
    assert_eq!(at(&decision), Participation::NotExtended { on: date(2021, 12, 14) });
    assert!(at(&decision).reason().ends_with("no decision of it says that its powers go on: ask."));
    decision.page.limbs[0].effects.push(LimbEffect::UsesExtension { until: date(2022, 12, 14) });
    decision.page.in_extension.limbs = Says::Yes;
    assert_eq!(at(&decision).label(), "Can award");
}

fn step(from: Date, months: u16) -> Step {
    Step { from, months }
}

fn proposed() -> Arrangement {
    fca().propose(step(date(2021, 12, 15), 12), DAY, date(2021, 11, 1)).unwrap().into_parts().0
}

fn moment_on(day: Date) -> Moment {
    let local = day.at(10, 0, 0, 0);
    Moment { at: local.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp(), local }
}

fn limb_b() -> crate::power::delegation::Power {
    crate::power::delegation::Power {
        act: crate::power::delegation::Act::LeaveArrangement,
        decision: DecisionId(1),
        reference: "HEF-2019-0114".into(),
        letter: 'b'.into(),
        effective_from: date(2019, 1, 19),
        post: crate::id::PostId(1),
        title: "Director".into(),
        person: crate::id::PersonId(1),
        through: crate::power::delegation::Through::Holder,
    }
}

#[test]
fn rule_2_4_a_step_is_proposed_within_the_option_and_answered_before_the_term_is_over() {
    let arrangement = proposed();
    assert_eq!(arrangement.offered_until(), date(2022, 12, 14));
    assert_eq!(arrangement.term.current_end(), date(2021, 12, 14), "a proposal extends nothing");
    let ask = |step, by| fca().propose(step, DAY, by).unwrap_err().code;
    assert_eq!(ask(step(date(2021, 12, 15), 37), date(2021, 11, 1)), "option_exhausted");
    assert_eq!(ask(step(date(2021, 12, 1), 12), date(2021, 11, 1)), "step_overlaps");
    assert_eq!(ask(step(date(2022, 1, 1), 12), date(2021, 11, 1)), "step_leaves_gap");
    assert_eq!(ask(step(date(2021, 12, 15), 12), date(2022, 1, 1)), "answer_by_outside_term");
    let back = arrangement.clone().withdraw_proposal().unwrap().into_parts().0;
    assert_eq!(back.offered_until(), date(2021, 12, 14));
    assert_eq!(back.withdraw_proposal().unwrap_err().code, "no_proposal");
    let decided = arrangement.extend(step(date(2021, 12, 15), 12), DAY).unwrap().into_parts().0;
    assert_eq!((decided.ahead.proposal, decided.term.months_left()), (None, 24));
}

fn using(until: Date, says: InExtension) -> Decision {
    let mut decision = adoption(date(2019, 1, 14));
    decision.page.limbs[0].effects.push(LimbEffect::UsesExtension { until });
    decision.page.in_extension = says;
    decision
}

#[test]
fn rule_2_4_an_authority_uses_a_proposed_step_by_its_own_decision_and_its_answers_are_kept() {
    let says = InExtension { ceiling: Says::Yes, limbs: Says::Yes, blocks: Says::Unknown };
    let decide = |arrangement: &Arrangement, decisions: &[Decision], until: Date| {
        let decision = OwnDecision::UseExtension { until };
        OwnUse::decide((1, OrganisationId(8)), arrangement, (decision, limb_b()), (decisions, &[]), moment_on(DAY))
    };
    let until = date(2022, 12, 14);
    let made = decide(&proposed(), &[using(until, says)], until).unwrap();
    assert_eq!(made.next().answers, Some(says));
    for fact in ["ceiling", "limbs", "blocks", "limb", "post", "decided_by", "decision"] {
        assert!(made.event().facts.iter().any(|(name, value)| name == fact && !value.is_empty()), "{fact}");
    }
    assert_eq!(decide(&fca(), &[using(until, says)], until).unwrap_err().code, "term_not_extended");
    let unknown = using(until, InExtension::default());
    assert_eq!(decide(&proposed(), &[unknown], until).unwrap_err().code, "extension_not_decided");
}

#[test]
fn rule_2_4_nothing_is_awarded_beyond_the_term_without_the_authoritys_own_decision_and_unknown_means_ask() {
    let extended = fca().extend(step(date(2021, 12, 15), 12), DAY).unwrap().into_parts().0;
    let (after, until) = (date(2021, 12, 20), date(2022, 12, 14));
    let may = |decision: Decision, leaves: Option<Date>, start: Date| {
        may_start(&extended.term, (&[decision], leaves), (DAY, start))
            .map_err(|refusal| (refusal.code, refusal.sentence))
    };
    assert!(may(adoption(date(2019, 1, 14)), None, date(2021, 12, 14)).is_ok());
    let (code, sentence) = may(adoption(date(2019, 1, 14)), None, after).unwrap_err();
    assert_eq!(code, "extension_not_decided");
    assert!(sentence.ends_with("does not say whether its powers go on: ask."), "{sentence}");
    let no = InExtension { limbs: Says::No, ..InExtension::default() };
    let (_, sentence) = may(using(until, no), None, after).unwrap_err();
    assert!(sentence.ends_with("says that its powers do not go on."), "{sentence}");
    let yes = InExtension { limbs: Says::Yes, ..InExtension::default() };
    assert!(may(using(until, yes), None, after).is_ok());
    assert_eq!(may(using(until, yes), Some(date(2021, 12, 15)), after).unwrap_err().0, "authority_left");
    assert!(may(using(until, yes), Some(date(2021, 12, 15)), date(2021, 12, 14)).is_ok());
    assert_eq!(may(using(until, yes), None, date(2023, 1, 1)).unwrap_err().0, "starts_after_term");
}

#[test]
fn rule_2_4_a_block_outlives_the_term_only_where_the_decision_says_so() {
    let within = date(2021, 12, 14);
    let beyond = date(2022, 3, 31);
    let says = |blocks| vec![using(within, InExtension { blocks, ..InExtension::default() })];
    let code = |blocks, last| may_outlive(&says(blocks), last, DAY).map_err(|refusal| refusal.code);
    assert_eq!(code(Says::Unknown, within), Ok(()));
    assert_eq!(code(Says::Unknown, beyond), Err("block_outlives_term_ask".to_owned()));
    assert_eq!(code(Says::No, beyond), Err("block_outlives_term".to_owned()));
    assert_eq!(code(Says::Yes, beyond), Ok(()));
    let limbs = InExtension { limbs: Says::Yes, ..InExtension::default() };
    assert!(may_outlive(&[using(date(2022, 12, 14), limbs)], beyond, DAY).is_ok(), "the extended term holds it");
}

fn living(awarded_on: Date, planned_end: Date) -> Living {
    Living { reference: "HEF-A-0137".into(), awarded_on, start: awarded_on, planned_end, moved_on: None }
}

#[test]
fn rule_2_4_an_authority_leaves_from_a_date_with_what_becomes_of_its_live_agreements() {
    let agreements = [living(date(2021, 6, 1), date(2022, 3, 1)), living(date(2021, 6, 1), date(2021, 10, 1))];
    let block = |until| LivingBlock { reference: "MB-001".into(), from: date(2021, 4, 1), until, share: "60%".into() };
    let blocks = [block(date(2022, 4, 1)), block(date(2021, 12, 15))];
    let decisions = [adoption(date(2019, 1, 14))];
    let stands = |day| participation(&fca().term, (&decisions, None), day);
    let leave = |from: Date, day: Date, earlier: &[Leaving]| {
        let stands = stands(day);
        let known = Leaves { stands: &stands, living: &agreements, blocks: &blocks, earlier };
        let decided = (from, "It buys by itself.".to_owned(), limb_b());
        Leaving::decide((1, OrganisationId(8)), &fca(), decided, known, moment_on(day)).map_err(|refusal| refusal.code)
    };
    let made = leave(date(2021, 12, 15), DAY, &[]).unwrap().into_parts().0;
    let then: Vec<(AfterEnd, i64)> = made.agreements.iter().map(|one| (one.then, one.nights_after)).collect();
    assert_eq!(then, [(AfterEnd::GoesOn, 76), (AfterEnd::EndsWithin, 0)]);
    assert!(made.agreements[0].sentence().starts_with("Survives the end date"));
    let then: Vec<(BlockAfter, i64)> = made.blocks.iter().map(|one| (one.then, one.nights_after)).collect();
    assert_eq!(then, [(BlockAfter::ToShareAnew, 107), (BlockAfter::EndsWithin, 0)]);
    assert!(made.blocks[0].sentence().contains("share it anew"), "{}", made.blocks[0].sentence());
    let undecided = blocks[0].after(date(2021, 12, 14), BlockAfter::ToDecide);
    assert!(undecided.sentence().contains("the decision maker decides"), "{}", undecided.sentence());
    let left = |day| participation(&fca().term, (&decisions, Some(date(2021, 10, 1))), day);
    assert_eq!(left(date(2021, 9, 30)).label(), "Can award");
    assert_eq!(left(date(2021, 10, 1)), Participation::Left { from: date(2021, 10, 1) });
    assert_eq!(leave(date(2021, 12, 15), DAY, &[made]).unwrap_err(), "left_already");
    assert_eq!(leave(date(2019, 1, 19), DAY, &[]).unwrap_err(), "leaves_before_adoption");
    assert_eq!(leave(date(2021, 12, 15), date(2019, 1, 15), &[]).unwrap_err(), "not_adopted");
    assert_eq!(leave(date(2021, 5, 1), DAY, &[]).unwrap_err(), "awards_after_leaving");
    assert_eq!(leave(date(2021, 6, 2), DAY, &[]).map(|_| ()), Ok(()), "no award stands after it");
    assert_eq!(leave(date(2021, 12, 16), DAY, &[]).unwrap_err(), "leaves_after_term");
}

#[test]
fn rule_1_2_a_placement_is_bound_by_the_latest_terms_that_both_sides_accepted() {
    let terms = |version: &str, from| TermsVersion { version: version.into(), from, summary: String::new() };
    let arrangement = Arrangement {
        terms: vec![terms("1.0", date(2018, 12, 15)), terms("1.1", date(2020, 4, 1)), terms("1.2", date(2021, 9, 9))],
        ..fca()
    };
    let by = |joined, versions: &[&str]| AcceptedBy {
        joined: Some(joined),
        versions: versions.iter().map(|version| (*version).to_owned()).collect(),
    };
    let cited = |authority: &AcceptedBy, provider: &AcceptedBy, day| {
        arrangement.terms_between(Instrument::Terms, (authority, provider), day).unwrap().version.clone()
    };
    let early = by(date(2019, 1, 19), &[]);
    let late = by(date(2021, 9, 10), &[]);
    let both = by(date(2019, 1, 19), &["1.1", "1.2"]);
    assert_eq!(cited(&early, &both, DAY), "1.0", "the authority has accepted no later one");
    assert_eq!(cited(&both, &by(date(2019, 1, 19), &["1.1"]), DAY), "1.1");
    assert_eq!(cited(&both, &late, DAY), "1.2", "who joins later accepts what is in force");
    assert_eq!(cited(&both, &late, date(2021, 9, 8)), "1.1", "a version binds from its first day");
    assert_eq!(arrangement.not_accepted(&early).count(), 2);
}

#[test]
fn rule_1_2_a_specification_has_versions_of_its_own_and_binds_those_who_accepted_it() {
    let newer = |version: &str, from| TermsVersion { version: version.into(), from, summary: "Words".into() };
    let issued = fca().issue_terms(Instrument::Specification, newer("1.0", date(2021, 6, 1))).unwrap().into_parts().0;
    let again = issued.clone().issue_terms(Instrument::Specification, newer("1.0", date(2021, 7, 1))).unwrap_err();
    assert_eq!(again.code, "terms_not_newer");
    let arrangement = issued.issue_terms(Instrument::Specification, newer("1.1", date(2021, 9, 1))).unwrap();
    let arrangement = arrangement.into_parts().0;
    assert_eq!((arrangement.terms.len(), arrangement.specification.len()), (1, 2), "the terms stay as they are");
    let by = |versions: &[&str]| AcceptedBy {
        joined: Some(date(2019, 1, 19)),
        versions: versions.iter().map(|version| (*version).to_owned()).collect(),
    };
    let cited = |authority: &AcceptedBy, provider: &AcceptedBy| {
        let cited = arrangement.cited_between((authority, provider), DAY);
        (cited.terms, cited.specification)
    };
    let pair = |specification: &str| ("1.0".to_owned(), specification.to_owned());
    let one = by(&["specification 1.0"]);
    assert_eq!(cited(&by(&[]), &one), pair(""), "the authority has accepted none");
    assert_eq!(cited(&one, &one), pair("1.0"));
    assert_eq!(cited(&one, &by(&["specification 1.0", "specification 1.1"])), pair("1.0"));
    assert_eq!(cited(&by(&["1.0", "1.1"]), &one), pair(""), "the same number of the terms is another document");
    let open: Vec<Instrument> = arrangement.not_accepted(&one).map(|(of, _)| of).collect();
    assert_eq!(open, [Instrument::Specification]);
}

#[test]
fn a_provider_accepts_a_version_once_and_says_that_it_has_authority_to_sign() {
    let acceptance = TermsAcceptance {
        id: 1,
        provider: OrganisationId(5),
        arrangement: ArrangementId(1),
        of: Instrument::Terms,
        version: "1.0".into(),
        person: crate::id::PersonId(4),
        name: "Jo Smith".into(),
        role: "Director".into(),
        at: DAY.at(9, 0, 0, 0),
    };
    assert_eq!(acceptance.clone().checked(false).unwrap_err().errors[0].field, "authority");
    let nameless = TermsAcceptance { name: " ".into(), ..acceptance.clone() };
    assert_eq!(nameless.checked(true).unwrap_err().errors[0].field, "name");
    let made = acceptance.clone().checked(true).unwrap().accept(&fca(), &[]).unwrap().into_parts().0;
    assert_eq!(acceptance.clone().accept(&fca(), &[made]).unwrap_err().code, "accepted_already");
    let unknown = TermsAcceptance { version: "9.9".into(), ..acceptance };
    assert_eq!(unknown.accept(&fca(), &[]).unwrap_err().code, "no_such_terms");
}

#[test]
fn participants_lots_and_windows_change_after_the_start_and_what_is_in_use_stays() {
    let hef = Participant { organisation: OrganisationId(8), code: "HEF".into(), name: "Herefordshire".into() };
    let with = fca().add_participant(hef.clone()).unwrap().into_parts().0;
    assert_eq!(with.clone().add_participant(hef).unwrap_err().code, "participant_already");
    let refusal = with.clone().remove_participant("HEF", Some("HEF-2019-0114")).unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.value.as_str()), ("participant_has_adopted", "HEF-2019-0114"));
    assert!(with.clone().remove_participant("HEF", None).unwrap().next().participants.is_empty());
    assert_eq!(with.remove_participant("BIR", None).unwrap_err().code, "no_such_participant");
    let lot = |code: &str, name: &str| Lot { code: code.into(), name: name.into(), description: "Words".into() };
    let lots = fca().keep_lot(lot("crisis", "Crisis")).unwrap().into_parts().0;
    assert_eq!(lots.lots.len(), 2);
    let again = lots.keep_lot(lot("crisis", "Crisis and solo")).unwrap().into_parts().0;
    assert_eq!(again.lot("crisis").unwrap().name, "Crisis and solo");
    assert_eq!(again.clone().remove_lot("crisis", 3).unwrap_err().code, "lot_in_use");
    assert!(again.clone().remove_lot("crisis", 0).unwrap().next().lot("crisis").is_none());
    assert_eq!(again.keep_lot(lot("Crisis!", "Crisis")).unwrap_err().code, "lot_code");
    let window = |from, to| OpeningWindow { from, to };
    let october = window(date(2021, 10, 1), date(2021, 10, 31));
    let open = fca().add_window(october).unwrap().into_parts().0;
    let code = |one| open.clone().add_window(one).unwrap_err().code;
    assert_eq!(code(window(date(2021, 10, 31), date(2021, 11, 2))), "window_overlaps");
    assert_eq!(code(window(date(2021, 11, 2), date(2021, 11, 1))), "window_outside_term");
    assert_eq!(code(window(date(2025, 11, 1), date(2025, 11, 2))), "window_outside_term");
    assert_eq!(open.clone().remove_window(october.from, date(2021, 10, 1)).unwrap_err().code, "window_begun");
    assert!(open.remove_window(october.from, DAY).unwrap().next().windows.is_empty());
}

#[test]
fn a_successor_follows_is_opened_from_its_first_day_and_is_not_adopted_by_the_decision_before() {
    let successor = || Successor {
        id: ArrangementId(2),
        slug: "fca-2022".into(),
        title: "FCA 2022".into(),
        term: Term { start: date(2022, 1, 1), end: date(2025, 12, 31), option_months: 0, steps: vec![] },
        lots: fca().lots,
        terms: TermsVersion { version: "2.0".into(), from: date(2022, 1, 1), summary: "New".into() },
    };
    let next = fca().followed_by(successor()).unwrap().into_parts().0;
    assert_eq!((next.ahead.follows.as_deref(), next.ahead.prepared), (Some("fca"), true));
    assert_eq!(next.clone().open(DAY).unwrap_err().code, "successor_not_begun");
    let open = next.open(date(2022, 1, 1)).unwrap().into_parts().0;
    assert_eq!(open.clone().open(date(2022, 1, 2)).unwrap_err().code, "opened_already");
    assert!(open.speak_of_it(&[adoption(date(2019, 1, 14))]).is_empty());
    assert_eq!(fca().speak_of_it(&[adoption(date(2019, 1, 14))]).len(), 1);
    let mut of_next = adoption(date(2021, 9, 6));
    of_next.page.term = Some(DecidedTerm { start: date(2022, 1, 1), end: date(2025, 12, 31), option_months: None });
    assert!(fca().speak_of_it(&[of_next.clone()]).is_empty(), "nor is the successor's taken for one of this");
    assert_eq!(open.speak_of_it(&[of_next]).len(), 1);
    let wrong = Successor { slug: "fca".into(), ..successor() };
    assert_eq!(fca().followed_by(wrong).unwrap_err().code, "successor_incomplete");
    let early = Term { start: date(2018, 1, 1), ..successor().term };
    assert_eq!(fca().followed_by(Successor { term: early, ..successor() }).unwrap_err().code, "successor_term");
}
