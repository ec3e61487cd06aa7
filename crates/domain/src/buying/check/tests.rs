//! Rule 7.2.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use jiff::civil::date;

use super::*;
use crate::calendar::WorkingDays;
use crate::id::ReferenceKind;
use crate::power::annual_value::Route;

const TODAY: Date = date(2021, 9, 13);
const REGIONAL: Regional = Regional { since: date(2019, 2, 4), insured: true, policy: true, data_protection: true };

fn moment() -> Moment {
    let local = TODAY.at(10, 20, 0, 0);
    Moment { at: jiff::tz::TimeZone::UTC.to_timestamp(local).unwrap(), local }
}

fn reference(number: u32) -> Reference {
    Reference { authority: "HEF".into(), kind: ReferenceKind::Referral, number }
}

fn subject(route: Route) -> Subject {
    Subject {
        route,
        home: HomeId(1),
        provider: OrganisationId(5),
        regional: Some(REGIONAL),
        live: Live {
            registered: true,
            grade: true,
            exempted: None,
            graded_on: Some(date(2021, 5, 4)),
            reason: Some(TODAY),
        },
    }
}

fn evidence(item: CheckItem) -> Evidence {
    let until = Some(date(2022, 6, 1));
    Evidence { kind: item.evidence()[0], on: date(2021, 9, 1), number: "E-1".into(), until, words: None }
        .checked(item, TODAY)
        .unwrap()
}

fn done(item: CheckItem) -> PreCheck {
    let of = Of {
        authority: OrganisationId(1),
        referral: ReferralId(42),
        reference: reference(42),
        home: HomeId(1),
        provider: OrganisationId(5),
        item,
    };
    let worked = Worked { officer: PersonId(11), measured: 12, said: 5 };
    PreCheck::begin(1, of, CheckAct::Do { evidence: evidence(item) }, worked, moment()).unwrap().into_parts().0
}

fn by_hand() -> Vec<CheckItem> {
    CheckItem::ALL.iter().copied().filter(|item| !item.by_the_system()).collect()
}

#[test]
fn rule_7_2_eighteen_checks_6_inherited_by_arrangement_homes_2_do_not_apply_10_for_this_child() {
    assert_eq!(CheckItem::ALL.len(), 18);
    let count = |wanted| CheckItem::ALL.iter().filter(|item| item.inherits() == wanted).count();
    assert_eq!((count(Inherits::Regionally), count(Inherits::DoesNotApply), count(Inherits::ThisChild)), (6, 2, 10));
    let numbers: Vec<usize> = CheckItem::ALL
        .iter()
        .filter(|item| item.inherits() == Inherits::Regionally)
        .map(|item| item.number())
        .collect();
    assert_eq!(numbers, [4, 5, 6, 7, 13, 14]);
    let open = |route| lines(&subject(route), &[], &[], TODAY).iter().filter(|line| !line.state.closed()).count();
    assert_eq!(open(Route::Arrangement), 8, "of ten, the system reads two");
    assert_eq!(open(Route::Spot), 15, "of eighteen, the system reads three");
    let standard = StandardMinutes::starting();
    for item in CheckItem::ALL {
        assert!(!item.evidence().is_empty() && standard.of(*item) > 0, "{}", item.code());
    }
}

#[test]
fn rule_7_2_what_the_region_lost_falls_back_to_do_here() {
    let lapsed = Subject { regional: Some(Regional { insured: false, ..REGIONAL }), ..subject(Route::Arrangement) };
    let state = |subject: &Subject, item| {
        lines(subject, &[], &[], TODAY).into_iter().find(|line| line.item == item).unwrap().state
    };
    assert_eq!(state(&lapsed, CheckItem::Insurance), LineState::ToDo);
    assert!(matches!(state(&lapsed, CheckItem::Policies), LineState::ReliedOnRegionally { .. }));
    let ended = [
        (CheckItem::Policies, Regional { policy: false, ..REGIONAL }),
        (CheckItem::DataProtection, Regional { data_protection: false, ..REGIONAL }),
    ];
    for (item, regional) in ended {
        let subject = Subject { regional: Some(regional), ..subject(Route::Arrangement) };
        assert_eq!(state(&subject, item), LineState::ToDo, "{}", item.label());
        let others = lines(&subject, &[], &[], TODAY).into_iter();
        let relied = others.filter(|line| matches!(line.state, LineState::ReliedOnRegionally { .. })).count();
        assert_eq!(relied, 5, "{} alone", item.label());
    }
    let out = Subject { regional: None, ..subject(Route::Arrangement) };
    assert_eq!(state(&out, CheckItem::Policies), LineState::ToDo);
    let unregistered = Live { registered: false, ..subject(Route::Spot).live };
    let closed = Subject { live: unregistered, ..subject(Route::Spot) };
    assert_eq!(state(&closed, CheckItem::Registration).label(), "Not satisfied");
}

#[test]
fn rule_7_2_a_spot_home_may_rely_on_checks_in_date_from_an_earlier_purchase() {
    let earlier = |home, item, until| Earlier {
        reference: reference(9),
        home: HomeId(home),
        item,
        evidence: Evidence { until: Some(until), ..evidence(item) },
    };
    let state = |earlier: &[Earlier], item| {
        lines(&subject(Route::Spot), &[], earlier, TODAY).into_iter().find(|line| line.item == item).unwrap().state
    };
    let (soon, past) = (date(2021, 12, 1), TODAY);
    assert!(matches!(
        state(&[earlier(1, CheckItem::References, soon)], CheckItem::References),
        LineState::ReliedOnEarlier { until, .. } if until == soon
    ));
    assert_eq!(state(&[earlier(1, CheckItem::References, past)], CheckItem::References), LineState::ToDo, "expired");
    assert_eq!(state(&[earlier(2, CheckItem::References, soon)], CheckItem::References), LineState::ToDo, "other home");
    let other = earlier(2, CheckItem::Insurance, soon);
    assert_eq!(state(&[other], CheckItem::Insurance).label(), "Relied on", "about the provider");
    let impact = earlier(1, CheckItem::Impact, soon);
    assert_eq!(state(&[impact], CheckItem::Impact), LineState::ToDo, "for this child each time");
}

#[test]
fn rule_7_2_a_spot_purchase_is_clear_with_all_done_and_an_emergency_with_its_minimum() {
    let days = WorkingDays::default();
    let start = date(2021, 9, 14);
    let with = |own: &[PreCheck], emergency| {
        clearance(&lines(&subject(Route::Spot), own, &[], TODAY), emergency, start, &days)
    };
    let none = with(&[], false);
    assert_eq!((none.before_start, none.open, none.due_on), (15, 15, None));
    let minimum: Vec<PreCheck> = by_hand().into_iter().filter(|item| item.before_an_emergency()).map(done).collect();
    assert_eq!(minimum.len(), 4);
    let emergency = with(&minimum, true);
    assert_eq!((emergency.before_start, emergency.open), (0, 11));
    assert_eq!(emergency.due_on, Some(date(2021, 9, 21)), "5 working days after the start");
    assert_eq!(with(&minimum, false).before_start, 11, "a planned start waits for all of them");
    let all: Vec<PreCheck> = by_hand().into_iter().map(done).collect();
    let clear = with(&all, false);
    assert_eq!((clear.before_start, clear.open), (0, 0));
    assert_eq!(clear.good_until, Some(date(2021, 12, 3)), "the earliest evidence to expire: 3 months");
}

#[test]
fn rule_7_2_expired_evidence_and_a_date_ahead_are_refused_and_a_done_check_expires() {
    let kind = EvidenceKind::Certificate;
    let typed = |on, until| {
        Evidence { kind, on, number: String::new(), until, words: None }.checked(CheckItem::Insurance, TODAY)
    };
    let field = |answer: Result<Evidence, Invalid>| answer.unwrap_err().errors.into_iter().next().unwrap().field;
    assert_eq!(field(typed(date(2021, 9, 14), Some(date(2022, 1, 1)))), "evidence_on");
    assert_eq!(field(typed(date(2021, 1, 1), None)), "evidence_until");
    assert_eq!(field(typed(date(2021, 1, 1), Some(TODAY))), "evidence_until");
    let check = done(CheckItem::Insurance);
    let later = lines(&subject(Route::Spot), &[check], &[], date(2022, 6, 1));
    assert_eq!(later.iter().find(|line| line.item == CheckItem::Insurance).unwrap().state.label(), "Expired");
}

#[test]
fn a_check_makes_the_moves_of_its_table_and_no_other() {
    let act = |code: &str| match code {
        "ask" => CheckAct::Ask,
        "bring_in" => CheckAct::BringIn { evidence: evidence(CheckItem::Visit) },
        "do" => CheckAct::Do { evidence: evidence(CheckItem::Visit) },
        _ => CheckAct::Fail { reason: NotSatisfiedReason::Missing },
    };
    let worked = Worked { officer: PersonId(11), measured: 0, said: 0 };
    let of = Of {
        authority: OrganisationId(1),
        referral: ReferralId(42),
        reference: reference(42),
        home: HomeId(1),
        provider: OrganisationId(5),
        item: CheckItem::Visit,
    };
    let begin = |code: &str| PreCheck::begin(1, of.clone(), act(code), worked, moment());
    let into = [("with_provider", "ask"), ("evidence_in", "bring_in"), ("done", "do"), ("not_satisfied", "fail")];
    for (state, how) in into {
        assert_eq!(begin(how).unwrap().next().state.name(), state);
        for (code, _) in CheckAct::CODES {
            let moved = begin(how).unwrap().into_parts().0.go_on(act(code), worked, moment());
            let allowed = MOVES.iter().find(|step| step.from == state && step.act == *code);
            assert_eq!(
                moved.as_ref().ok().map(|change| change.next().state.name()),
                allowed.map(|step| step.to),
                "{state} {code}"
            );
        }
    }
    let system = Of { item: CheckItem::Registration, ..of };
    assert_eq!(PreCheck::begin(1, system, CheckAct::Ask, worked, moment()).unwrap_err().code, "checked_by_the_system");
}

#[test]
fn rule_7_2_minutes_count_in_office_hours_of_working_days() {
    let days = WorkingDays::default();
    let at = |day: i8, hour: i8, minute: i8| date(2021, 9, day).at(hour, minute, 0, 0);
    assert_eq!(office_minutes(at(13, 9, 30), at(13, 10, 15), &days), 45);
    assert_eq!(office_minutes(at(10, 16, 30), at(13, 9, 30), &days), 60, "a weekend between is nobody's work");
    assert_eq!(office_minutes(at(13, 18, 0), at(13, 20, 0), &days), 0);
    assert_eq!(office_minutes(at(14, 9, 0), at(13, 9, 0), &days), 0, "backwards");
    let check = done(CheckItem::Visit);
    let worked = Worked { officer: PersonId(11), measured: 8, said: 0 };
    let act = CheckAct::Do { evidence: evidence(CheckItem::Visit) };
    let (check, _) = check.go_on(act, worked, moment()).unwrap().into_parts();
    assert_eq!((check.measured, check.said), (20, 5), "measured and said stay apart");
}

#[test]
fn rule_7_2_a_grade_of_inadequate_is_open_until_the_director_has_exempted_this_child() {
    let spot = subject(Route::Spot);
    let inadequate = Subject { live: Live { grade: false, ..spot.live }, ..spot };
    let grade = |subject: &Subject| {
        let all = lines(subject, &[], &[], TODAY);
        all.into_iter().find(|line| line.item == CheckItem::Grade).unwrap().state
    };
    assert!(!grade(&inadequate).closed());
    let exempted = Subject { live: Live { exempted: Some(TODAY), ..inadequate.live }, ..inadequate };
    assert_eq!(grade(&exempted), LineState::Exempted { on: TODAY });
    assert!(grade(&exempted).closed());
    let good = Subject { live: Live { exempted: Some(TODAY), ..spot.live }, ..spot };
    assert!(matches!(grade(&good), LineState::Read { .. }), "a good grade needs none");
}
