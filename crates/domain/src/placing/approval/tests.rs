//! Rules 1.1 to 1.8 of approving: moves against their table, what voids, what is needed, who may, verbal and urgent.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use jiff::civil::{Date, date};

use super::*;
use crate::authority::{AreaCode, DistanceClass};
use crate::homes::home::{Ages, Grade, Home, RegisterEntry, RegisteredSex, Sector, Sex};
use crate::homes::price::{FunderShares, LineKind, PriceLine};
use crate::homes::standing::{Standing, StandingFact, StandingReason, StandingSource, StandingSubject, standing_on};
use crate::id::{ChildId, DecisionId, HomeId, PostId, ReferenceKind};
use crate::money::Pence;
use crate::nights::{ChargedDays, OPEN_END};
use crate::placing::referral::fixtures::{moment, now};
use crate::power::annual_value::Route;
use crate::power::delegation::{
    Holding, HoldingKind, OnCall, StatutoryAppointment, StatutoryBasis, StatutoryOffice, UrgencyPower, UrgencyUse,
};

const START: Date = date(2021, 9, 27);
const END: Date = date(2022, 9, 26);
const OFFICER: PersonId = PersonId(1);
const DIRECTOR: PersonId = PersonId(2);
const DEPUTY: PersonId = PersonId(3);

fn line(kind: LineKind, pounds: i64) -> PriceLine {
    PriceLine {
        kind,
        label: kind.label().to_owned(),
        weekly: Pence::pounds(pounds),
        from: START,
        to: OPEN_END,
        origin: START,
        shares: FunderShares::AUTHORITY,
        support: None,
        reason: String::new(),
    }
}

fn facts() -> AwardFacts {
    AwardFacts {
        referral: ReferralId(1),
        offer: OfferId(1),
        route: Route::Arrangement,
        home: HomeId(1),
        solo: false,
        start: START,
        planned_end: END,
        lines: vec![line(LineKind::Core, 4_150), line(LineKind::Education, 700)],
        standing: Standing::Good,
        restricted: false,
        registered: true,
        grade: Grade::Good,
        graded_on: Some(date(2021, 5, 4)),
        checks: vec![OpenCheck::Relatives],
        distance: DistanceClass::AtADistance,
        power: PowerFact::Limb { decision: DecisionId(1), reference: "HEF-2019-0114".to_owned(), letter: 'b'.into() },
        spot: None,
        charged: ChargedDays::default(),
    }
}

fn gates() -> Gates {
    Gates {
        wishes: Wishes::Ascertained,
        most_appropriate: true,
        in_care_plan: true,
        relatives: Relatives::Consulted,
        reviewing_officer: Some(date(2021, 9, 10)),
        area_authority: Some(date(2021, 9, 10)),
        care_plan_sent: true,
    }
}

fn recommendation() -> Recommendation {
    Recommendation {
        id: 1,
        authority: OrganisationId(1),
        responsible: OrganisationId(8),
        child: ChildId(1),
        referral: ReferralId(1),
        offer: OfferId(1),
        others: Vec::new(),
        case: RemitArea::ChildrenLookedAfter,
        emergency: None,
        gates: gates(),
        facts: facts(),
        points: Vec::new(),
        words: Sealed::from_bytes(vec![1]),
        asked_by: OFFICER,
        asked_at: now().local,
    }
}

fn requested(kind: ApprovalKind) -> Approval {
    let request = Request {
        reference: Reference { authority: "HEF".to_owned(), kind: ReferenceKind::Approval, number: 88 },
        needed: ApprovalNeeded { kind, triggers: Vec::new() },
        hash: "aa".to_owned(),
    };
    Approval::request(ApprovalId(1), &recommendation(), request, now()).into_parts().0
}

fn statutory() -> GivenBasis {
    GivenBasis::Statutory { office: StatutoryOffice::NominatedOfficer, interim: None }
}

fn sealed() -> Sealed<String> {
    Sealed::from_bytes(vec![7])
}

fn said(by: PersonId, at: jiff::civil::DateTime) -> Said {
    Said { by, at, facts: "aa".to_owned() }
}

fn act(approval: Approval, act: &str) -> Result<Change<Approval>, Refusal> {
    let days = WorkingDays::default();
    match act {
        "ask" => approval.ask(DIRECTOR, sealed(), now()),
        "answer" => approval.answer(OFFICER, sealed(), now()),
        "pass_on" => approval.pass_on(DIRECTOR, DEPUTY, now()),
        "approve" => approval.approve(DIRECTOR, statutory(), ("aa".to_owned(), None), now()),
        "record_verbal" => approval.record_verbal(said(DIRECTOR, now().local), OFFICER, statutory(), &days, now()),
        "confirm" => approval.confirm(DIRECTOR, now()),
        "refuse" => approval.refuse(DIRECTOR, RefuseReason::Price, None, now()),
        "void" => approval.void(VoidReason::OtherRefused, now()),
        other => panic!("no act {other}"),
    }
}

fn in_state(name: &str) -> Approval {
    let fresh = || requested(ApprovalKind::NominatedOfficer);
    let after = |name| act(fresh(), name).unwrap().into_parts().0;
    match name {
        "requested" => fresh(),
        "question_open" => after("ask"),
        "passed_on" => after("pass_on"),
        "approved" => after("record_verbal"),
        "refused" => after("refuse"),
        "void" => after("void"),
        other => panic!("no state {other}"),
    }
}

#[test]
fn every_state_and_move_is_as_the_table_says() {
    for from in ApprovalState::NAMES {
        assert_eq!(in_state(from).state.name(), *from);
        for name in ["ask", "answer", "pass_on", "approve", "record_verbal", "confirm", "refuse", "void"] {
            let found = act(in_state(from), name).map(|change| change.next().state.name());
            let row = MOVES.iter().find(|row| row.from == *from && row.act == name).map(|row| row.to);
            assert_eq!(found.ok(), row, "{from} {name}");
        }
    }
}

#[test]
fn rule_1_1_the_person_who_asks_cannot_approve() {
    let asked = || requested(ApprovalKind::Power);
    let refusal = asked().approve(OFFICER, statutory(), (String::new(), None), now()).unwrap_err();
    assert_eq!(refusal.code, "requester_cannot_approve");
    assert_eq!(asked().pass_on(DIRECTOR, OFFICER, now()).unwrap_err().code, "requester_cannot_approve");
    assert_eq!(asked().pass_on(OFFICER, DEPUTY, now()).unwrap_err().code, "requester_cannot_approve");
    assert_eq!(asked().refuse(OFFICER, RefuseReason::Match, None, now()).unwrap_err().code, "requester_cannot_approve");
}

fn voids(change: impl FnOnce(&mut AwardFacts)) -> bool {
    let mut now = facts();
    change(&mut now);
    let changes = facts().changes(&now);
    assert!(!changes.is_empty(), "a change is seen");
    changes.iter().any(|change| change.voids)
}

#[test]
fn rule_1_7_what_voids_an_approval() {
    assert!(voids(|facts| facts.lines[0].weekly = Pence::pounds(4_151)), "a rise in price");
    assert!(voids(|facts| facts.lines.push(line(LineKind::Other, 1))), "a further line");
    assert!(
        voids(|facts| facts.lines = vec![line(LineKind::Core, 4_250), line(LineKind::Education, 600)]),
        "one kind rises while the total stays"
    );
    assert!(voids(|facts| facts.home = HomeId(2)), "another home");
    assert!(voids(|facts| facts.power = PowerFact::NoneInForce), "another limb");
    assert!(voids(|facts| facts.start = date(2021, 9, 26)), "an earlier start");
    assert!(voids(|facts| facts.start = date(2021, 10, 1)), "a start four days later");
    assert!(voids(|facts| facts.planned_end = date(2022, 9, 27)), "a later end");
    assert!(voids(|facts| facts.standing = Standing::Suspended), "loss of standing");
    assert!(voids(|facts| facts.restricted = true), "a restriction notice");
    assert!(voids(|facts| facts.registered = false), "loss of registration");
    assert!(voids(|facts| facts.checks.push(OpenCheck::Overdue)), "a check that lapsed");
}

#[test]
fn rule_1_7_a_larger_part_for_the_authority_is_a_rise_and_a_smaller_one_is_told() {
    let mut shared = facts();
    shared.lines[0].shares = FunderShares { authority: 50, education: 0, health: 50, agreed: true };
    assert!(shared.changes(&facts()).iter().any(|change| change.voids));
    let told = facts().changes(&shared);
    assert!(!told.is_empty() && told.iter().all(|change| !change.voids));
}

#[test]
fn rule_1_7_a_lower_price_or_a_start_up_to_three_days_later_keeps_it_and_is_told() {
    assert!(!voids(|facts| facts.lines[0].weekly = Pence::pounds(4_000)));
    assert!(!voids(|facts| facts.start = date(2021, 9, 30)));
    assert!(!voids(|facts| facts.planned_end = date(2022, 8, 1)));
    assert!(!voids(|facts| facts.standing = Standing::OnWatch));
    assert!(!voids(|facts| facts.checks.clear()), "a check that was done");
    assert!(facts().changes(&facts()).is_empty());
}

#[test]
fn rule_1_7_a_rise_later_in_the_stay_voids_too() {
    let mut stepped = facts();
    stepped.lines[0].to = date(2022, 1, 1);
    stepped.lines.push(PriceLine { from: date(2022, 1, 1), ..line(LineKind::Core, 4_200) });
    assert!(facts().changes(&stepped).iter().any(|change| change.voids));
    let mut cheaper = stepped.clone();
    cheaper.lines[2].weekly = Pence::pounds(4_100);
    assert!(!facts().changes(&cheaper).iter().any(|change| change.voids));
}

#[test]
fn rule_1_7_the_canonical_text_holds_every_fact_and_one_line_each() {
    let text = facts().canonical();
    assert!(text.starts_with("placewell award facts 1\n"));
    for fact in ["start=2021-09-27", "line=core 415000", "standing=good", "grade=good", "distance=at a distance"] {
        assert!(text.contains(fact), "{fact} in {text}");
    }
    let mut other = facts();
    other.lines[0].label = "Core\nstart=2020-01-01".to_owned();
    assert_eq!(other.canonical().lines().count(), text.lines().count());
}

fn case(distance: DistanceClass) -> NeededCase<'static> {
    NeededCase {
        spot: false,
        power: "limb (b) of decision HEF-2019-0114",
        regulation_11: true,
        distance,
        area: "Birmingham",
        whole_cost: Pence::pounds(216_000),
        key_line: None,
        off_schedule: &[],
    }
}

fn kinds(case: &NeededCase<'_>) -> Vec<ApprovalKind> {
    approvals_needed(case).into_iter().map(|needed| needed.kind).collect()
}

#[test]
fn rule_1_5_regulation_11_adds_the_nominated_officer_or_the_director() {
    use ApprovalKind::{DirectorOfChildrensServices, NominatedOfficer, Power};
    assert_eq!(kinds(&case(DistanceClass::InArea)), [Power]);
    assert_eq!(kinds(&case(DistanceClass::Adjoining)), [NominatedOfficer, Power]);
    assert_eq!(kinds(&case(DistanceClass::AtADistance)), [DirectorOfChildrensServices, Power]);
    let not_looked_after = NeededCase { regulation_11: false, ..case(DistanceClass::AtADistance) };
    assert_eq!(kinds(&not_looked_after), [Power]);
}

#[test]
fn every_approval_names_the_rule_that_calls_for_it() {
    let off = ["Night support".to_owned()];
    let line = KeyDecisionLine { from: Pence::pounds(200_000), clause: "Constitution 3.3".to_owned() };
    let case = NeededCase { key_line: Some(&line), off_schedule: &off, spot: true, ..case(DistanceClass::AtADistance) };
    let needed = approvals_needed(&case);
    assert_eq!(
        kinds(&case),
        [ApprovalKind::DirectorOfChildrensServices, ApprovalKind::MonitoringOfficer, ApprovalKind::SpotPower]
    );
    assert!(needed.iter().all(|needed| needed.triggers.iter().all(|why| !why.rule.is_empty() && !why.why.is_empty())));
    assert!(needed[2].triggers[1].why.contains("Night support"));
    let below = KeyDecisionLine { from: Pence::pounds(500_000), ..line.clone() };
    assert_eq!(kinds(&NeededCase { key_line: Some(&below), ..case }).len(), 2);
}

fn home() -> Home {
    let entry = RegisterEntry {
        provider: OrganisationId(7),
        area: AreaCode::parse("E06000019").unwrap(),
        sector: Sector::Private,
        places: 3,
        short_breaks_only: false,
        suspended: false,
        registered_on: None,
    };
    let home = Home::register(HomeId(1), OrganisationId(2), "SC392492".parse().unwrap(), entry, now());
    Home { ages: Some(Ages::new(8, 15).unwrap()), ..home.into_parts().0 }
}

#[test]
fn rule_1_5_the_hard_gates_hold_also_in_an_emergency() {
    let standing = standing_on(&[], HomeId(1), OrganisationId(7), START);
    assert!(hard_gates(&home(), &standing, (13, Sex::Female), START).is_ok());
    let girls = Home { sex: Some(RegisteredSex::Female), ..home() };
    assert!(hard_gates(&girls, &standing, (13, Sex::Female), START).is_ok());
    let refusal = hard_gates(&girls, &standing, (13, Sex::Male), START).unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.sentence.ends_with("girls only.")), ("sex_outside_registration", true));
    let code = |age| hard_gates(&home(), &standing, (age, Sex::Male), START).unwrap_err().code;
    assert_eq!((code(16).as_str(), code(18).as_str()), ("age_outside_registration", "age"));
    let closed = home().leave_register(date(2021, 9, 20)).unwrap().into_parts().0;
    let refusal = hard_gates(&closed, &standing, (13, Sex::Male), START).unwrap_err();
    assert_eq!(refusal.code, "not_registered");
    assert!(refusal.rule.contains("9 September 2021"), "{}", refusal.rule);
    let suspended = [StandingFact {
        subject: StandingSubject::Home(HomeId(1)),
        source: StandingSource::Region,
        standing: Standing::Suspended,
        from: START,
        until: OPEN_END,
        reason: StandingReason::SeriousConcerns,
    }];
    let standing = standing_on(&suspended, HomeId(1), OrganisationId(7), START);
    assert_eq!(hard_gates(&home(), &standing, (13, Sex::Male), START).unwrap_err().code, "standing_lost");
}

#[test]
fn rule_1_8_a_question_about_a_date_is_answered_by_the_rules_of_that_date() {
    assert!(setting_rule(15, date(2021, 9, 8)).starts_with("Care Standards"));
    assert!(setting_rule(15, date(2021, 9, 9)).starts_with("Regulation 27A"));
    assert!(setting_rule(16, date(2023, 10, 27)).starts_with("Care Standards"));
    assert!(setting_rule(16, date(2023, 10, 28)).starts_with("Regulation 27C"));
}

#[test]
fn rule_1_5_an_emergency_relaxes_consultation_and_notification_to_five_working_days_and_nothing_else() {
    let days = WorkingDays::default();
    let late = Gates { reviewing_officer: None, area_authority: None, relatives: Relatives::NotYet, ..gates() };
    let refusal = late.check(DistanceClass::AtADistance, false, START, &days).unwrap_err();
    assert_eq!(refusal.code, "not_consulted");
    let follows = late.check(DistanceClass::AtADistance, true, START, &days).unwrap();
    assert_eq!(follows.len(), 3);
    assert!(follows.iter().all(|follow| follow.by == date(2021, 10, 4)));
    let wrong = Gates { in_care_plan: false, ..gates() };
    assert_eq!(wrong.check(DistanceClass::InArea, true, START, &days).unwrap_err().code, "not_most_appropriate");
    let no_plan = Gates { care_plan_sent: false, ..gates() };
    assert!(no_plan.check(DistanceClass::AtADistance, false, START, &days).is_err());
    assert!(no_plan.check(DistanceClass::Adjoining, false, START, &days).unwrap().is_empty());
}

#[test]
fn rule_1_5_a_child_who_could_not_be_asked_in_an_emergency_is_asked_on_the_next_working_day() {
    let days = WorkingDays::default();
    let unasked = Gates { wishes: Wishes::NotPracticable, ..gates() };
    let refusal = unasked.check(DistanceClass::InArea, false, START, &days).unwrap_err();
    assert_eq!(refusal.code, "wishes_not_known");
    let follows = unasked.check(DistanceClass::InArea, true, START, &days).unwrap();
    assert_eq!(follows, [Follows { what: Consultation::Wishes, by: date(2021, 9, 28) }]);
    let words = RecommendationWords {
        reasons: vec![OfferReasons { offer: OfferId(1), for_it: "Near".to_owned(), against: String::new() }],
        circumstances: "One home".to_owned(),
        ..RecommendationWords::default()
    };
    let wrong = words.check(OfferId(1), &[OfferId(1)], (Wishes::NotPracticable, false)).unwrap_err();
    assert_eq!(wrong.errors[0].message, "Say why the child could not be asked", "never without the reason");
}

fn follow_up(what: Consultation) -> FollowUp {
    let reference = Reference { authority: "HEF".to_owned(), kind: ReferenceKind::Approval, number: 88 };
    FollowUp::owe(7, &recommendation(), reference, &Follows { what, by: date(2021, 10, 4) }).into_parts().0
}

#[test]
fn rule_1_5_every_state_and_move_of_a_follow_up_is_as_the_table_says() {
    let late = moment(date(2021, 10, 5), 9, 0);
    for from in FollowState::NAMES {
        let fresh = || follow_up(Consultation::Relatives);
        let at = |name: &str| match name {
            "due" => fresh(),
            "done" => fresh().done(date(2021, 10, 5), OFFICER, late).unwrap().into_parts().0,
            _ => fresh().drop(late).unwrap().into_parts().0,
        };
        assert_eq!(at(from).state.name(), *from);
        let done = at(from).done(date(2021, 10, 5), OFFICER, late).ok().map(|change| change.next().state.name());
        let dropped = at(from).drop(late).ok().map(|change| change.next().state.name());
        let row = |act| FOLLOW_UP_MOVES.iter().find(|row| row.from == *from && row.act == act).map(|row| row.to);
        assert_eq!((done, dropped), (row("done"), row("drop")), "{from}");
    }
    let owed = follow_up(Consultation::Relatives);
    assert!(!owed.overdue(date(2021, 10, 4)) && owed.overdue(date(2021, 10, 5)));
    assert!(matches!(owed.clone().done(date(2021, 10, 6), OFFICER, late), Err(FollowRefusal::Invalid(_))));
    let event = owed.done(date(2021, 10, 5), OFFICER, late).unwrap().into_parts().1;
    assert!(event.facts.contains(&("late".to_owned(), "true".to_owned())));
}

#[test]
fn rule_1_7_the_checks_are_computed_from_what_is_recorded() {
    let home = (true, Standing::Good, Grade::Good);
    let late = Gates { reviewing_officer: None, relatives: Relatives::NotYet, ..gates() };
    let owed = [follow_up(Consultation::Relatives), follow_up(Consultation::ReviewingOfficer)];
    let open = |owed: &[FollowUp], day| open_checks(home, Some((&late, owed)), DistanceClass::InArea, day);
    assert_eq!(open(&owed, START), [OpenCheck::Relatives, OpenCheck::ReviewingOfficer]);
    let done = owed[0].clone().done(START, OFFICER, moment(START, 12, 0)).unwrap().into_parts().0;
    let rest = [done, owed[1].clone()];
    assert_eq!(open(&rest, START), [OpenCheck::ReviewingOfficer]);
    assert_eq!(open(&rest, date(2021, 10, 5)), [OpenCheck::ReviewingOfficer, OpenCheck::Overdue]);
    let lapsed = open_checks((false, Standing::Suspended, Grade::Inadequate), None, DistanceClass::InArea, START);
    assert_eq!(lapsed, [OpenCheck::Registration, OpenCheck::Standing, OpenCheck::Grade]);
    assert!(open_checks(home, Some((&gates(), &[])), DistanceClass::AtADistance, START).is_empty());
}

#[test]
fn rule_1_5_a_verbal_approval_counts_and_is_confirmed_by_noon_of_the_next_working_day() {
    let friday = moment(date(2021, 9, 17), 22, 30);
    let at = date(2021, 9, 17).at(22, 15, 0, 0);
    let asked = requested(ApprovalKind::DirectorOfChildrensServices);
    let days = WorkingDays::default();
    let approved = asked.clone().record_verbal(said(DIRECTOR, at), OFFICER, statutory(), &days, friday).unwrap();
    let approved = approved.into_parts().0;
    assert_eq!(approved.state.given().unwrap().verbal.as_ref().unwrap().confirm_by, date(2021, 9, 20).at(12, 0, 0, 0));
    assert!(!approved.confirmation_overdue(moment(date(2021, 9, 20), 11, 59)));
    assert!(approved.confirmation_overdue(moment(date(2021, 9, 20), 12, 1)));
    assert_eq!(approved.clone().confirm(DEPUTY, friday).unwrap_err().code, "nothing_to_confirm");
    let confirmed = approved.confirm(DIRECTOR, moment(date(2021, 9, 20), 13, 0)).unwrap().into_parts();
    assert!(confirmed.1.facts.contains(&("late".to_owned(), "true".to_owned())));
    assert!(!confirmed.0.confirmation_overdue(moment(date(2021, 9, 21), 9, 0)));
    let own = asked.clone().record_verbal(said(DIRECTOR, at), DIRECTOR, statutory(), &days, friday).unwrap_err();
    assert_eq!(own.code, "verbal_not_by_another");
    let before = said(DIRECTOR, asked.asked_at.saturating_sub(jiff::Span::new().minutes(5)));
    let early = asked.record_verbal(before, OFFICER, statutory(), &days, friday).unwrap_err();
    assert_eq!(early.code, "verbal_before_asked");
}

fn grounds(person: PersonId, basis: StatutoryBasis) -> Grounds {
    let office = StatutoryOffice::DirectorOfChildrensServices;
    let authority = OrganisationId(8);
    let held = StatutoryAppointment { authority, office, person, basis, from: date(2020, 1, 1), to: OPEN_END };
    Grounds { appointments: vec![held], ..Grounds::default() }
}

#[test]
fn rule_1_4_only_the_responsible_authoritys_own_director_may_approve_at_a_distance() {
    let approval = requested(ApprovalKind::DirectorOfChildrensServices);
    let may = |person, grounds: &Grounds| who_may(&approval, person, grounds, false, now());
    assert!(may(DIRECTOR, &grounds(DIRECTOR, StatutoryBasis::Appointed)).is_ok());
    let refusal = may(DEPUTY, &grounds(DIRECTOR, StatutoryBasis::Appointed)).unwrap_err();
    assert_eq!(refusal.code, "not_the_statutory_director");
    let interim = |text: &str| grounds(DEPUTY, StatutoryBasis::Interim { instrument: text.to_owned() });
    assert!(may(DEPUTY, &interim("Council minute 12")).unwrap().sentence().contains("Council minute 12"));
    assert!(may(DEPUTY, &interim(" ")).is_err());
    assert_eq!(approval.clone().pass_on(DIRECTOR, DEPUTY, now()).unwrap_err().code, "no_deputy");
}

#[test]
fn rule_1_3_urgency_without_a_recorded_power_is_never_shown_as_made_under_a_limb() {
    let approval = requested(ApprovalKind::Power);
    let basis = who_may(&approval, DIRECTOR, &Grounds::default(), true, now()).unwrap();
    assert!(matches!(basis, GivenBasis::Urgency { urgency: UrgencyUse::WithoutRecordedPower { .. } }));
    assert_eq!(basis.code(), "without_recorded_power");
    assert_eq!(basis.sentence(), "Made without recorded power.");
    let refusal = who_may(&approval, DIRECTOR, &Grounds::default(), false, now()).unwrap_err();
    assert_eq!(refusal.code, "no_decision");
}

#[test]
fn rule_5_7_every_offer_keeps_its_reasons() {
    let (chosen, other) = (OfferId(1), OfferId(2));
    let reasons = |offer, for_it: &str, against: &str| OfferReasons {
        offer,
        for_it: for_it.to_owned(),
        against: against.to_owned(),
    };
    let mut words = RecommendationWords {
        reasons: vec![reasons(chosen, "Keeps the school", "")],
        wishes: "Wants to stay near her brother".to_owned(),
        ..RecommendationWords::default()
    };
    let fields = |words: &RecommendationWords| {
        words
            .check(chosen, &[chosen, other], (Wishes::Ascertained, true))
            .map_err(|wrong| wrong.errors.into_iter().map(|error| error.field).collect::<Vec<_>>())
    };
    assert_eq!(fields(&words).unwrap_err(), ["against_2", "relatives_words"]);
    words.reasons.push(reasons(other, "", "Too far"));
    words.relatives = "Not safe".to_owned();
    assert!(fields(&words).is_ok());
    assert!(words.check(chosen, &[chosen], (Wishes::Ascertained, false)).is_err(), "one offer needs its reason");
}

#[test]
fn an_events_facts_hold_no_words_about_a_child() {
    let refused = act(in_state("requested"), "refuse").unwrap().into_parts().1;
    let names: Vec<&str> = refused.facts.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["reference", "facts", "reason"]);
}

fn urgency(posts: &[i64]) -> Grounds {
    let power = UrgencyPower {
        authority: OrganisationId(1),
        clause: "Constitution 7.4".to_owned(),
        posts: posts.iter().map(|post| PostId(*post)).collect(),
        from: date(2020, 1, 1),
        to: OPEN_END,
    };
    Grounds { urgency: vec![power], ..Grounds::default() }
}

#[test]
fn rule_1_3_a_recorded_urgency_power_is_used_by_its_holders_only() {
    let approval = requested(ApprovalKind::Power);
    let refusal = who_may(&approval, DEPUTY, &urgency(&[1]), true, now()).unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.value.as_str()), ("not_the_urgency_holder", "Constitution 7.4"));
    let mut held = urgency(&[1]);
    held.scheme.holdings.push(Holding {
        post: PostId(1),
        person: DIRECTOR,
        kind: HoldingKind::Holder,
        from: date(2020, 1, 1),
        to: OPEN_END,
    });
    assert_eq!(who_may(&approval, DIRECTOR, &held, true, now()).unwrap().code(), "urgency");
    held.scheme.holdings[0].kind = HoldingKind::Cover;
    assert!(who_may(&approval, DIRECTOR, &held, true, now()).is_err(), "cover moves tasks, never power");
}

#[test]
fn rule_1_3_urgency_is_called_for_only_above_the_ceiling_or_where_no_power_is_in_force() {
    assert!(urgency_called_for(&PowerFact::NoneInForce, false).is_ok());
    assert!(urgency_called_for(&facts().power, true).is_ok());
    assert_eq!(urgency_called_for(&facts().power, false).unwrap_err().code, "urgency_not_called_for");
}

#[test]
fn rule_1_3_the_director_confirms_what_somebody_on_call_did_at_night_and_nobody_else() {
    let night = moment(date(2021, 9, 17), 23, 0);
    let mut grounds = urgency(&[1]);
    grounds.on_call.push(OnCall {
        person: DEPUTY,
        from: date(2021, 9, 17).at(17, 0, 0, 0),
        to: date(2021, 9, 18).at(9, 0, 0, 0),
    });
    let asked = requested(ApprovalKind::Power);
    let basis = who_may(&asked, DEPUTY, &grounds, true, night).unwrap();
    let approved = asked.approve(DEPUTY, basis, (String::new(), None), night).unwrap().into_parts().0;
    let due = approved.to_confirm();
    assert_eq!((due.len(), due[0].kind, due[0].by), (1, ConfirmKind::Night, date(2021, 9, 20).at(12, 0, 0, 0)));
    assert!(!due[0].overdue(night) && due[0].overdue(moment(date(2021, 9, 20), 12, 1)));
    assert_eq!(approved.clone().confirm_night(DEPUTY, night).unwrap_err().code, "nothing_to_confirm");
    assert_eq!(approved.clone().confirm_night(OFFICER, night).unwrap_err().code, "requester_cannot_approve");
    let confirmed = approved.confirm_night(DIRECTOR, night).unwrap().into_parts().0;
    assert!(confirmed.to_confirm().is_empty());
    assert!(may_confirm_night(DIRECTOR, &grounds, date(2021, 9, 20)).is_err(), "nobody holds the Director's post");
}

#[test]
fn rule_1_7_an_approval_is_void_where_the_contract_comes_to_charge_a_day_more() {
    let was = facts();
    let now = AwardFacts { charged: ChargedDays::Both, ..was.clone() };
    let note = |from: &AwardFacts, to: &AwardFacts| {
        from.changes(to).into_iter().find(|change| change.fact == "First and last day").map(|change| change.voids)
    };
    assert_eq!((note(&was, &was), note(&was, &now), note(&now, &was)), (None, Some(true), Some(false)));
    assert!(now.whole_cost() > was.whole_cost());
    assert_ne!(now.canonical(), was.canonical());
    assert!(!was.canonical().contains("charged"), "an approval given before keeps its hash");
}
