//! Lines, flags and eligibility by the facts of a day.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::authority::AreaCode;
use crate::calendar::WorkingDays;
use crate::clock::Moment;
use crate::homes::home::history::{OnRegister, RegisterSource};
use crate::homes::home::inspection::HeldInspection;
use crate::homes::home::{InspectionKind, RegisterEntry, Sector};
use crate::homes::standing::measure::{Proposal, Source};
use crate::id::{ArrangementId, HomeId, MeasureId, OrganisationId};
use crate::nights::OPEN_END;
use jiff::civil::date;

const PROVIDER: OrganisationId = OrganisationId(7);

fn ground() -> AdmissionGround {
    AdmissionGround::before_record(PROVIDER, date(2019, 5, 1), "file 1")
}

fn home() -> Home {
    let local = date(2019, 4, 1).at(9, 0, 0, 0);
    let entry = RegisterEntry {
        provider: PROVIDER,
        area: AreaCode::parse("E06000019").unwrap(),
        sector: Sector::Private,
        places: 4,
        short_breaks_only: false,
        suspended: false,
        registered_on: Some(date(2019, 4, 1)),
    };
    let moment = Moment { at: jiff::Timestamp::UNIX_EPOCH, local };
    Home::register(HomeId(5), OrganisationId(1), "SC400001".parse().unwrap(), entry, moment).into_parts().0
}

fn inspected(grade: Grade, on: Date, published: Date) -> Inspection {
    Inspection {
        kind: InspectionKind::Full,
        inspected_on: on,
        published_on: Some(published),
        grade: Some(grade),
        serious_concerns: grade == Grade::Inadequate,
        event: String::new(),
        link: None,
    }
}

fn fact(subject: StandingSubject, source: StandingSource, standing: Standing, from: Date) -> StandingFact {
    let reason = if source == StandingSource::Regulator {
        StandingReason::RestrictionNotice
    } else {
        StandingReason::Safeguarding
    };
    StandingFact { subject, source, standing, from, until: OPEN_END, reason }
}

fn admission() -> Admission {
    let from = date(2019, 5, 1);
    Admission {
        home: HomeId(5),
        arrangement: ArrangementId(1),
        lot: "planned".into(),
        from,
        until: OPEN_END,
        ended: None,
    }
}

fn registered() -> [RegistrationFact; 1] {
    let (state, source) = (OnRegister::Active, RegisterSource::Register);
    [RegistrationFact { state, source, from: date(2019, 4, 1), until: OPEN_END }]
}

#[test]
fn the_three_flags_stop_independently() {
    let home = home();
    let day = date(2021, 9, 13);
    let inadequate = [inspected(Grade::Inadequate, date(2021, 8, 2), date(2021, 9, 1))];
    let notice = fact(StandingSubject::Home(home.id), StandingSource::Regulator, Standing::Suspended, date(2021, 9, 2));
    let stop = fact(StandingSubject::Home(home.id), StandingSource::Region, Standing::Suspended, date(2021, 9, 3));
    let flags = |inspections: &[Inspection], facts: &[StandingFact]| {
        let found = stop_flags(
            &Known { home: &home, inspections, facts, answers: None, watched: None, uninsured: None, vacant: None },
            day,
        );
        (found.grade.is_some(), found.notice.is_some(), found.suspension.is_some())
    };
    assert_eq!(flags(&[], &[]), (false, false, false));
    assert_eq!(flags(&inadequate, &[]), (true, false, false));
    assert_eq!(flags(&[], core::slice::from_ref(&notice)), (false, true, false));
    assert_eq!(flags(&[], core::slice::from_ref(&stop)), (false, false, true));
    assert_eq!(flags(&inadequate, &[notice, stop]), (true, true, true));
}

#[test]
fn a_scorecard_warns_or_prevents_and_says_what_the_rule_proposes() {
    let home = home();
    let inspections = [inspected(Grade::Inadequate, date(2021, 8, 2), date(2021, 9, 1))];
    let vacancy = StandingFact {
        reason: StandingReason::ManagerVacancy,
        ..fact(StandingSubject::Home(home.id), StandingSource::Region, Standing::OnWatch, date(2021, 9, 3))
    };
    let facts = [vacancy];
    let known = Known {
        home: &home,
        inspections: &inspections,
        facts: &facts,
        answers: Some((16, 12)),
        watched: None,
        uninsured: None,
        vacant: None,
    };
    let lines = scorecard(&known, date(2021, 9, 13));
    let of = |criterion: Criterion| lines.iter().find(|one| one.criterion == criterion).unwrap();
    assert_eq!(of(Criterion::Registration).effect, Effect::Nothing);
    assert_eq!(of(Criterion::Judgement).effect, Effect::Prevents);
    assert_eq!(of(Criterion::Judgement).proposes, Some((Standing::Suspended, StandingReason::Inadequate)));
    assert_eq!(of(Criterion::Manager).effect, Effect::Warns);
    assert_eq!(of(Criterion::Answers).proposes, Some((Standing::OnWatch, StandingReason::Responses)));
    assert_eq!(of(Criterion::Standing).effect, Effect::Warns);
    assert_eq!(lines.len(), Criterion::ALL.len(), "every criterion has its line");
}

#[test]
fn answers_are_repeatedly_late_from_ten_and_a_half_on() {
    assert!(!repeated(9, 9) && !repeated(30, 14));
    assert!(repeated(10, 10) && repeated(20, 10) && repeated(30, 15));
}

#[test]
fn rule_1_8_a_question_about_a_day_is_answered_by_what_held_and_was_known_then() {
    let home = home();
    let inspections = [
        inspected(Grade::Good, date(2020, 1, 6), date(2020, 2, 3)),
        inspected(Grade::Inadequate, date(2021, 8, 2), date(2021, 9, 1)),
    ];
    let facts = [StandingFact::admitted(PROVIDER, date(2019, 5, 1))];
    let admissions = [admission()];
    let known = Known {
        home: &home,
        inspections: &inspections,
        facts: &facts,
        answers: None,
        watched: None,
        uninsured: None,
        vacant: None,
    };
    let asked = |day: Date, at: Option<Date>| {
        let at = at.map(|day| day.at(12, 0, 0, 0));
        let by = |seen: &Inspection, local| {
            let held = HeldInspection { seen: seen.clone(), recorded_at: None };
            held.known_by(Moment { at: jiff::Timestamp::UNIX_EPOCH, local })
        };
        let seen: Vec<Inspection> = inspections.iter().filter(|one| at.is_none_or(|at| by(one, at))).cloned().collect();
        let known = Known { inspections: &seen, ..known };
        eligibility(&known, (&registered(), &admissions, &[], &[ground()]), (day, at)).eligible
    };
    let award = date(2021, 8, 20);
    assert!(asked(award, Some(award)), "the report was not out when the award was made");
    assert!(asked(award, None), "a judgement counts from the day on which its report is out");
    let later = date(2021, 9, 2);
    assert!(!asked(later, None), "the report is out: judged Inadequate");
    assert!(asked(later, Some(award)), "nobody could know it on the day of the award");
    assert!(asked(date(2021, 7, 1), None));
    assert!(!asked(date(2019, 4, 15), None), "not yet admitted");
    assert!(!asked(date(2019, 3, 1), None), "not yet registered");
    let outside = eligibility(&known, (&registered(), &[], &[], &[ground()]), (date(2021, 7, 1), None));
    assert_eq!(outside.against, ["Admission: on no lot of the arrangement that day."]);
    let bought = eligibility(&known, (&registered(), &admissions, &[], &[]), (date(2021, 7, 1), None));
    let without = ["Admission: its provider was not in the arrangement that day."];
    assert_eq!(bought.against, without, "the seller was admitted, and not who has it");
}

#[test]
fn rule_4_4_a_registration_is_read_from_the_day_that_is_asked_about_and_not_from_today() {
    let on = |state, from, until| RegistrationFact { state, source: RegisterSource::Register, from, until };
    let (began, june, july) = (date(2019, 4, 1), date(2021, 6, 1), date(2021, 7, 1));
    let later = [
        on(OnRegister::Active, began, june),
        on(OnRegister::Suspended, june, july),
        on(OnRegister::Active, july, OPEN_END),
    ];
    let closed = Home { state: HomeState::Closed { on: date(2021, 9, 1) }, ..home() };
    let facts = [StandingFact::admitted(PROVIDER, date(2019, 5, 1))];
    let known = Known {
        home: &closed,
        inspections: &[],
        facts: &facts,
        answers: None,
        watched: None,
        uninsured: None,
        vacant: None,
    };
    let against = |registration: &[RegistrationFact], day| {
        eligibility(&known, (registration, &[admission()], &[], &[ground()]), (day, None)).against
    };
    assert_eq!(against(&later, date(2021, 6, 15)), ["Registration: Suspended by Ofsted, seen 2021-06-01."]);
    assert_eq!(against(&registered(), date(2021, 6, 15)), [] as [&str; 0], "before that was known");
    assert_eq!(against(&later, july), [] as [&str; 0], "reinstated");
    assert_eq!(against(&[], july), ["Registration: nothing was known of it then."]);
}

#[test]
fn a_proposed_suspension_that_held_that_day_stands_against_a_home_and_one_of_a_lot_against_that_lot() {
    let (home, day) = (home(), date(2021, 9, 13));
    let facts = [StandingFact::admitted(PROVIDER, date(2019, 5, 1))];
    let known = Known {
        home: &home,
        inspections: &[],
        facts: &facts,
        answers: None,
        watched: None,
        uninsured: None,
        vacant: None,
    };
    let of = |subject, lot: Option<&str>| {
        let proposal = Proposal {
            region: OrganisationId(1),
            subject,
            lot: lot.map(str::to_owned),
            provider: PROVIDER,
            name: "Elm House".to_owned(),
            standing: Standing::Suspended,
            reason: StandingReason::Safeguarding,
            source: Source::found(day),
        };
        let moment = Moment { at: jiff::Timestamp::UNIX_EPOCH, local: day.at(10, 20, 0, 0) };
        Measure::propose(MeasureId(9), proposal, &WorkingDays::default(), moment).unwrap().into_parts().0
    };
    let against = |one: Measure, at: Option<DateTime>| {
        eligibility(&known, (&registered(), &[admission()], &[one], &[ground()]), (day, at)).against
    };
    let held = "Hold: new referrals waited since 2021-09-13 10:20 for a person to confirm or drop what was proposed: \
                a safeguarding enquiry.";
    let own = StandingSubject::Home(home.id);
    assert_eq!(against(of(own, None), None), [held]);
    assert_eq!(against(of(StandingSubject::Provider(PROVIDER), None), None), [held], "of all its homes");
    assert_eq!(against(of(own, None), Some(day.at(10, 0, 0, 0))), [] as [&str; 0], "not proposed yet");
    assert_eq!(against(of(own, Some("planned")), None), ["Admission: on no lot of the arrangement that day."]);
    assert_eq!(against(of(own, Some("crisis")), None), [] as [&str; 0]);
    assert_eq!(against(of(StandingSubject::Provider(OrganisationId(8)), None), None), [] as [&str; 0], "of another");
}

#[test]
fn what_monitoring_found_warns_and_does_not_stop() {
    let home = home();
    let with = |watched| {
        let known =
            Known { home: &home, inspections: &[], facts: &[], answers: None, watched, uninsured: None, vacant: None };
        scorecard(&known, date(2021, 9, 13)).into_iter().find(|one| one.criterion == Criterion::Monitoring).unwrap()
    };
    assert_eq!(with(None).effect, Effect::Nothing);
    assert_eq!(with(Some(Watched::default())).effect, Effect::Nothing);
    let overdue = with(Some(Watched { actions: 1, ..Watched::default() }));
    assert_eq!((overdue.effect, overdue.proposes), (Effect::Warns, None), "a person proposes what follows");
    assert!(overdue.found.contains("Overdue actions: 1"), "{}", overdue.found);
}

#[test]
fn insurance_that_ended_and_a_vacancy_warn_and_prevent_only_by_a_measure_in_force() {
    let home = home();
    let about = |reason, standing| StandingFact {
        reason,
        ..fact(StandingSubject::Home(home.id), StandingSource::Region, standing, date(2021, 9, 3))
    };
    let with = |facts: &[StandingFact], uninsured, vacant| {
        let known = Known { home: &home, inspections: &[], facts, answers: None, watched: None, uninsured, vacant };
        let lines = scorecard(&known, date(2021, 9, 13));
        let of = |criterion: Criterion| lines.iter().find(|one| one.criterion == criterion).unwrap().clone();
        (of(Criterion::Insurance), of(Criterion::Manager))
    };
    let (insurance, manager) = with(&[], Some(date(2021, 9, 13)), Some(date(2021, 9, 6)));
    assert_eq!((insurance.effect, insurance.found.as_str()), (Effect::Warns, "Not insured since 2021-09-13."));
    assert_eq!(insurance.proposes, Some((Standing::Suspended, StandingReason::InsuranceLapsed)));
    assert_eq!((manager.effect, manager.found.as_str()), (Effect::Warns, "Nobody is in post, seen 2021-09-06."));
    assert_eq!(manager.proposes, Some((Standing::OnWatch, StandingReason::ManagerVacancy)));
    let (ahead, none) = with(&[], Some(date(2021, 9, 14)), None);
    assert_eq!((ahead.effect, none.effect), (Effect::Nothing, Effect::Nothing), "insured to the end of the day");
    let watch = [about(StandingReason::InsuranceLapsed, Standing::OnWatch)];
    let (insurance, _) = with(&watch, Some(date(2021, 9, 1)), None);
    assert_eq!(insurance.found, "On watch since 2021-09-03.", "a person decided on it");
    let stopped = [about(StandingReason::InsuranceLapsed, Standing::Suspended)];
    let (insurance, _) = with(&stopped, Some(date(2021, 9, 1)), None);
    assert_eq!(
        (insurance.effect, insurance.found.as_str()),
        (Effect::Prevents, "Suspended for new placements since 2021-09-03.")
    );
}
