//! A measure's moves, and what each asks for.
#![allow(clippy::unwrap_used)]

use super::*;
use jiff::civil::date;

fn moment(hour: i8) -> Moment {
    let local = date(2021, 9, 13).at(hour, 0, 0, 0);
    Moment { at: jiff::Timestamp::UNIX_EPOCH, local }
}

fn proposal(reason: StandingReason) -> Proposal {
    Proposal {
        region: OrganisationId(1),
        subject: StandingSubject::Home(HomeId(5)),
        lot: None,
        provider: OrganisationId(7),
        name: "Elm House".to_owned(),
        standing: Standing::Suspended,
        reason,
        source: Source::found(date(2021, 9, 13)),
    }
}

pub(super) fn proposed(reason: StandingReason) -> Measure {
    Measure::propose(MeasureId(9), proposal(reason), &WorkingDays::default(), moment(15)).unwrap().into_parts().0
}

pub(super) fn confirmed(reason: StandingReason) -> Measure {
    proposed(reason).confirm(PersonId(3), Vec::new(), moment(16)).unwrap().into_parts().0
}

#[test]
fn a_proposed_suspension_holds_new_referrals_and_is_due_in_four_working_hours() {
    let one = proposed(StandingReason::Inadequate);
    assert!(one.holds() && one.open());
    assert_eq!(one.confirm_by, date(2021, 9, 14).at(11, 0, 0, 0));
    let left = |of: &Measure, minute| of.countdown(&WorkingDays::default(), date(2021, 9, 14).at(11, minute, 0, 0));
    assert_eq!((left(&one, 0), left(&one, 1)), (Some(Countdown::Left(0)), Some(Countdown::Late(1))));
    let confirmed = confirmed(StandingReason::Inadequate);
    assert!(!confirmed.holds());
    assert_eq!(left(&confirmed, 1), None, "nothing counts down once a person has decided");
    let watch = Proposal { standing: Standing::OnWatch, ..proposal(StandingReason::Responses) };
    let watch = Measure::propose(MeasureId(9), watch, &WorkingDays::default(), moment(9)).unwrap();
    assert!(!watch.next().holds(), "a watch stops nothing");
}

#[test]
fn a_measure_says_why_and_rests_on_a_day_that_has_come() {
    let bad = Proposal {
        standing: Standing::Good,
        source: Source::entered(PersonId(3), (Some("http://x".into()), None), date(2021, 9, 14)),
        ..proposal(StandingReason::Evaluated)
    };
    let errors = Measure::propose(MeasureId(9), bad, &WorkingDays::default(), moment(9)).unwrap_err().errors;
    let fields: Vec<&str> = errors.iter().map(|one| one.field.as_str()).collect();
    assert_eq!(fields, ["standing", "reason", "dated", "link"]);
}

#[test]
fn a_judgement_or_notice_by_hand_is_linked_and_what_rests_on_a_concern_or_a_rule_need_not_be() {
    let link = |text: &str| Some(text.to_owned());
    let wrong = |reason, source| {
        let one = Proposal { source, ..proposal(reason) };
        let made = Measure::propose(MeasureId(9), one, &WorkingDays::default(), moment(9));
        made.map_or_else(
            |no| no.errors[0].field.clone(),
            |change| change.next().source.link.clone().unwrap_or_default(),
        )
    };
    let by_hand = |with| Source::entered(PersonId(3), with, date(2021, 9, 10));
    let regulators = StandingReason::ALL.iter().filter(|one| one.is_regulators());
    for reason in regulators.copied() {
        assert_eq!(wrong(reason, by_hand((None, None))), "link", "{}", reason.code());
        assert_eq!(wrong(reason, by_hand((link("https://elm.example/letter"), None))), "elsewhere");
        let why = (link("https://elm.example/letter"), Some(Elsewhere::NotOutYet));
        assert_eq!(wrong(reason, by_hand(why)), "https://elm.example/letter");
        assert_eq!(wrong(reason, Source::found(date(2021, 9, 10))), "", "a rule read it in the file");
        assert_eq!(
            wrong(reason, Source::of_concern(PersonId(3), 4, date(2021, 9, 10))),
            "",
            "the concern is read here"
        );
    }
    assert_eq!(wrong(StandingReason::Safeguarding, by_hand((None, None))), "");
    assert_eq!(
        wrong(StandingReason::Safeguarding, by_hand((link("https://elm.example"), None))),
        "https://elm.example"
    );
}

#[test]
fn a_home_is_taken_back_only_on_evidence_that_speaks_to_why_it_was_stopped() {
    let back = |reason, evidence| {
        confirmed(reason).reinstate(PersonId(3), (evidence, None), date(2021, 9, 14), moment(17)).map(|change| {
            let (next, event) = change.into_parts();
            (next.state.name(), event.kind)
        })
    };
    let done = ("reinstated", "standing.reinstated".to_owned());
    assert_eq!(back(StandingReason::Inadequate, Reinstatement::Reinspected).unwrap(), done);
    let refused = back(StandingReason::Inadequate, Reinstatement::InsuranceRenewed).unwrap_err();
    assert_eq!((refused.code.as_str(), refused.value.as_str()), ("evidence_does_not_fit", "Insurance is renewed"));
    assert!(refused.sentence.contains("ofsted inspected again"), "{}", refused.sentence);
    for reason in StandingReason::ALL {
        assert!(Reinstatement::ALL.iter().any(|one| one.answers(*reason)), "{} has no way back", reason.code());
    }
}

#[test]
fn what_was_entered_by_hand_is_confirmed_once_by_the_register() {
    let link = Some("https://reports.ofsted.gov.uk/provider/4/SC400001".to_owned());
    let by_hand = Proposal {
        source: Source::entered(PersonId(3), (link, None), date(2021, 9, 10)),
        ..proposal(StandingReason::Inadequate)
    };
    let one = Measure::propose(MeasureId(9), by_hand, &WorkingDays::default(), moment(9)).unwrap().into_parts().0;
    assert_eq!(one.in_register, None);
    let one = one.found_in_register(date(2021, 9, 30)).unwrap().into_parts().0;
    assert_eq!(one.in_register, Some(date(2021, 9, 30)));
    assert_eq!(one.found_in_register(date(2021, 10, 1)).unwrap_err().code, "measure_state");
    assert_eq!(proposed(StandingReason::Inadequate).in_register, Some(date(2021, 9, 13)), "a rule read it there");
}

#[test]
fn a_measure_moves_as_its_table_says() {
    for state in MeasureState::NAMES {
        let at = |name: &str| match name {
            "proposed" => proposed(StandingReason::Inadequate),
            "confirmed" => confirmed(StandingReason::Inadequate),
            "dropped" => {
                let why = DropReason::Mistaken;
                proposed(StandingReason::Inadequate).set_aside(PersonId(3), why, moment(16)).unwrap().into_parts().0
            }
            _ => {
                let evidence = (Reinstatement::Reinspected, None);
                let day = date(2021, 9, 14);
                let one = confirmed(StandingReason::Inadequate);
                one.reinstate(PersonId(3), evidence, day, moment(17)).unwrap().into_parts().0
            }
        };
        let allowed = |act: &str| MOVES.iter().any(|step| step.from == *state && step.act == act);
        let by = PersonId(3);
        assert_eq!(at(state).confirm(by, Vec::new(), moment(17)).is_ok(), allowed("confirm"), "{state}");
        let dropped = at(state).set_aside(by, DropReason::Mistaken, moment(17));
        assert_eq!(dropped.is_ok(), allowed("set_aside"), "{state}");
        let gone = at(state).give_way(MeasureId(10), by, moment(17));
        assert_eq!(gone.is_ok(), allowed("give_way"), "{state}");
        let moved = at(state).follow_home(OrganisationId(8));
        assert_eq!(moved.is_ok(), allowed("follow_home"), "{state}");
        if let Ok(moved) = moved {
            let moved = moved.into_parts().0;
            assert_eq!((moved.provider, &moved.state), (OrganisationId(8), &at(state).state), "as it stood");
        }
        // Of what was dropped, only what gave way stands again.
        assert!(at(state).stand_again().is_err(), "{state}");
        if let Ok(gone) = gone {
            let again = gone.into_parts().0.stand_again().unwrap().into_parts().0;
            assert_eq!(again.state, at(state).state, "as it stood");
            let back = ("dropped", "stand_again", *state);
            assert!(MOVES.iter().any(|step| (step.from, step.act, step.to) == back), "{state}");
        }
        let evidence = (Reinstatement::Reinspected, None);
        let back = at(state).reinstate(by, evidence, date(2021, 9, 14), moment(17));
        assert_eq!(back.is_ok(), allowed("reinstate"), "{state}");
    }
}

#[test]
fn only_a_measure_for_that_reason_that_is_at_least_as_strong_answers_a_rule_and_a_milder_one_gives_way() {
    let (rule, why) = (Standing::Suspended, StandingReason::Inadequate);
    let with = |standing| Measure { standing, ..proposed(why) };
    assert!(!with(Standing::OnWatch).answers(rule, why));
    assert!(with(Standing::Suspended).answers(rule, why) && with(Standing::Removed).answers(rule, why));
    assert!(with(Standing::OnWatch).answers(Standing::OnWatch, why));
    assert!(confirmed(why).answers(rule, why));
    assert!(!with(Standing::Removed).answers(rule, StandingReason::Safeguarding), "of another reason");
    let of_a_lot = Measure { lot: Some("planned".to_owned()), ..with(Standing::Suspended) };
    assert!(!of_a_lot.answers(rule, why), "of one lot alone");
    let milder = Measure { standing: Standing::OnWatch, ..confirmed(why) };
    let (gone, event) = milder.give_way(MeasureId(10), PersonId(3), moment(17)).unwrap().into_parts();
    assert_eq!(event.kind, "standing.gave_way");
    assert!(matches!(gone.state, MeasureState::Dropped { reason: DropReason::OtherMeasure, .. }));
    assert_eq!(gone.gave_way().map(|one| (one.to, one.was.name())), Some((MeasureId(10), "confirmed")));
    let stronger = Measure { standing: Standing::Suspended, ..gone };
    assert!(!stronger.answers(rule, why), "what was dropped answers nothing");
}
