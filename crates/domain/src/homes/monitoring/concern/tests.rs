//! A concern's moves, and what its plan asks for.
#![allow(clippy::unwrap_used)]

use super::*;
use jiff::civil::date;

fn moment(day: i8) -> Moment {
    Moment { at: jiff::Timestamp::UNIX_EPOCH, local: date(2021, 9, day).at(10, 0, 0, 0) }
}

fn raised() -> Concern {
    let of = Raised {
        by: OrganisationId(1),
        provider: OrganisationId(2),
        home: HomeId(5),
        urn: "SC400001".into(),
        name: "Elm House".into(),
        theme: Theme::Staffing,
        severity: Severity::High,
        words: "Night shifts are not covered.".into(),
    };
    Concern::raise(4, of, moment(13)).unwrap().into_parts().0
}

fn action(day: i8) -> NewAction {
    NewAction { what: "Two waking staff each night".into(), owner: Owner::Manager, due: date(2021, 9, day) }
}

fn planned() -> Concern {
    raised().plan(action(20), moment(13)).unwrap().unwrap().into_parts().0
}

fn done(day: i8) -> Done {
    Done { on: date(2021, 9, day), words: "The rota shows it.".into(), documents: 1 }
}

fn finished() -> Concern {
    planned().complete(1, done(14), moment(14)).unwrap().unwrap().into_parts().0
}

fn fields(invalid: &Invalid) -> Vec<&str> {
    invalid.errors.iter().map(|one| one.field.as_str()).collect()
}

#[test]
fn an_action_is_not_due_before_today() {
    let invalid = raised().plan(action(12), moment(13)).unwrap().unwrap_err();
    assert_eq!(fields(&invalid), ["due"]);
    assert!(raised().plan(action(13), moment(13)).unwrap().is_ok());
}

#[test]
fn an_overdue_action_is_counted_until_it_is_done_or_the_concern_closed() {
    assert_eq!((planned().overdue(date(2021, 9, 20)), planned().overdue(date(2021, 9, 21))), (0, 1));
    assert_eq!(planned().next_due(), date(2021, 9, 20));
    assert_eq!((finished().overdue(date(2021, 10, 1)), finished().next_due()), (0, OPEN_END));
    let closed = planned().close(ConcernOutcome::Unfounded, (PersonId(3), moment(15))).unwrap().into_parts().0;
    assert_eq!((closed.overdue(date(2021, 10, 1)), closed.next_due()), (0, OPEN_END));
}

#[test]
fn a_concern_is_put_right_only_once_every_action_is_done() {
    let close =
        |of: Concern| of.close(ConcernOutcome::PutRight, (PersonId(3), moment(15))).map(|one| one.next().open());
    assert_eq!(close(raised()).unwrap_err().code, "actions_not_done", "there is no plan");
    let refused = close(planned()).unwrap_err();
    assert_eq!((refused.code.as_str(), refused.value.as_str()), ("actions_not_done", "1 of 1 actions not done"));
    assert!(!close(finished()).unwrap());
    let back = finished().send_back(1, "The rota has gaps.".into()).unwrap().unwrap().into_parts().0;
    assert_eq!(close(back).unwrap_err().code, "actions_not_done");
}

#[test]
fn what_was_done_is_of_a_day_since_the_concern_and_of_an_action_of_the_plan() {
    let early = planned().complete(1, done(12), moment(14)).unwrap().unwrap_err();
    assert_eq!(fields(&early), ["on"]);
    assert_eq!(fields(&planned().complete(2, done(14), moment(14)).unwrap().unwrap_err()), ["number"]);
    let undone = planned().send_back(1, "Not enough.".into()).unwrap().unwrap_err();
    assert_eq!(fields(&undone), ["number"]);
}

#[test]
fn a_concern_moves_as_its_table_says() {
    for state in ConcernState::NAMES {
        let at = || match *state {
            "open" => raised(),
            "planned" => finished(),
            _ => finished().close(ConcernOutcome::PutRight, (PersonId(3), moment(15))).unwrap().into_parts().0,
        };
        let allowed = |act: &str| MOVES.iter().any(|step| step.from == *state && step.act == act);
        assert_eq!(at().plan(action(20), moment(15)).is_ok(), allowed("plan"), "{state}");
        assert_eq!(at().complete(1, done(15), moment(15)).is_ok(), allowed("complete"), "{state}");
        assert_eq!(at().send_back(1, "Why?".into()).is_ok(), allowed("send_back"), "{state}");
        let moved = at().follow_home(OrganisationId(8));
        assert_eq!(moved.is_ok(), allowed("follow_home"), "{state}");
        assert!(moved.is_err() || moved.is_ok_and(|change| change.next().provider == OrganisationId(8)), "{state}");
        let closed = at().close(ConcernOutcome::ByMeasure, (PersonId(3), moment(15)));
        assert_eq!(closed.is_ok(), allowed("close"), "{state}");
    }
}

#[test]
fn a_grave_concern_about_safety_is_proposed_as_a_suspension_and_no_other() {
    let about = |theme, severity| Concern { theme, severity, ..raised() }.by_rule();
    let suspended = Some((Standing::Suspended, StandingReason::Safeguarding));
    assert_eq!(about(Theme::Safety, Severity::High), suspended);
    assert_eq!(about(Theme::Restraint, Severity::High), suspended);
    assert_eq!(about(Theme::Safety, Severity::Medium), None);
    assert_eq!(about(Theme::Staffing, Severity::High), None, "a person may propose one all the same");
}
