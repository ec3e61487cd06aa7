//! Rules 3.6, 7.1 and 7.3.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use jiff::civil::date;

use super::unregistered::{
    Application, Court, CourtOrder, DailyReview, Known, Recording, SearchStands, Unregistered, UnregisteredEnd,
};
use super::*;
use crate::homes::admission::{Admission, AdmissionEnd};
use crate::id::{ArrangementId, ReferenceKind};
use crate::nights::OPEN_END;
use crate::placing::invitation::DeclineReason;
use crate::placing::referral::{EmergencyCause, Searched, Tier};
use crate::sealed::Sealed;

const TODAY: Date = date(2021, 9, 13);
const START: Date = date(2021, 9, 20);

fn moment(day: Date) -> Moment {
    let local = day.at(10, 20, 0, 0);
    Moment { at: jiff::tz::TimeZone::UTC.to_timestamp(local).unwrap(), local }
}

fn reference() -> Reference {
    Reference { authority: "HEF".into(), kind: ReferenceKind::Referral, number: 42 }
}

fn home(number: i64, tier: Tier, answer: HomeAnswer) -> TriedHome {
    TriedHome {
        home: HomeId(number),
        name: format!("Home {number}"),
        tier,
        deadline: date(2021, 9, 10).at(17, 0, 0, 0),
        answer,
        trace: "meets 9 of 10; does not meet 1; 0 unknown".into(),
    }
}

fn searched(no_bed: u32) -> Searched {
    Searched {
        on: date(2021, 9, 7),
        homes: 450,
        could_meet: 3,
        left_out: vec![("no_bed_free".into(), no_bed)],
        order: "needs".into(),
        within_miles: None,
        measured: None,
    }
}

fn tried(homes: Vec<TriedHome>, could_meet: u32) -> Tried {
    Tried { searched: Some(searched(112)), could_meet, homes }
}

fn held(tried: &Tried) -> Held<'_> {
    Held {
        tried,
        emergency: None,
        start: START,
        next_working_day: date(2021, 9, 14),
        there: &[],
        with_provider: &[],
        arrangement_start: Some(date(2018, 12, 15)),
    }
}

fn refused(reason: SpotReason, tried: &Tried) -> String {
    reason.evidence(&held(tried), None).unwrap_err().code
}

const NO_BED: HomeAnswer = HomeAnswer::Declined(DeclineReason::NoStaffedBed);
const MIX: HomeAnswer = HomeAnswer::Declined(DeclineReason::ResidentMix);

#[test]
fn rule_7_1_each_reason_rests_on_the_frozen_answers_and_is_refused_where_they_contradict_it() {
    let declined = tried(vec![home(1, Tier::Fca, NO_BED), home(2, Tier::Fca, HomeAnswer::Silent)], 0);
    let lines = SpotReason::NoneAvailable.evidence(&held(&declined), None).unwrap();
    assert!(lines[0].what.contains("Home 1: no staffed bed") && lines[0].what.contains("meets 9 of 10"));
    assert_eq!(lines.len(), 3, "each home asked, and the search");
    assert_eq!(refused(SpotReason::NoneMatched, &declined), "reason_contradicted", "nobody declined for the match");
    assert_eq!(refused(SpotReason::NoneAnswered, &declined), "reason_contradicted", "one answered");
    let mix = tried(vec![home(1, Tier::Fca, MIX)], 0);
    assert!(SpotReason::NoneMatched.evidence(&held(&mix), None).is_ok());
    let unasked = tried(vec![home(1, Tier::Fca, MIX)], 3);
    assert_eq!(refused(SpotReason::NoneMatched, &unasked), "reason_contradicted", "three were not asked");
    assert_eq!(refused(SpotReason::NoneAvailable, &mix), "reason_contradicted");
    let silent = tried(vec![home(1, Tier::Fca, HomeAnswer::Silent), home(9, Tier::Spot, HomeAnswer::Offered)], 0);
    assert_eq!(SpotReason::NoneAnswered.evidence(&held(&silent), None).unwrap().len(), 1, "spot homes do not count");
    for answer in [HomeAnswer::Waiting, HomeAnswer::Offered] {
        let open = tried(vec![home(1, Tier::Fca, NO_BED), home(2, Tier::MiniBlock, answer)], 0);
        for reason in [SpotReason::NoneAvailable, SpotReason::NoneMatched, SpotReason::NoneAnswered] {
            assert_eq!(refused(reason, &open), "reason_contradicted", "{answer:?}");
        }
    }
    assert_eq!(refused(SpotReason::NoneAnswered, &tried(Vec::new(), 0)), "reason_contradicted", "nobody was asked");
}

#[test]
fn rule_7_1_a_search_that_found_none_is_evidence_and_one_that_found_some_is_not() {
    assert!(SpotReason::NoneAvailable.evidence(&held(&tried(Vec::new(), 0)), None).is_ok());
    let refusal = SpotReason::NoneAvailable.evidence(&held(&tried(Vec::new(), 2)), None).unwrap_err();
    assert_eq!(refusal.value, "2 homes on the arrangement could meet the needs");
    let never = Tried::default();
    assert_eq!(refused(SpotReason::NoneMatched, &never), "reason_contradicted", "nothing was searched");
}

#[test]
fn rule_7_1_an_emergency_is_said_by_the_referral_and_starts_by_the_next_working_day() {
    let none = Tried::default();
    let with = |emergency, start| Held { emergency, start, ..held(&none) };
    let cause = Some(EmergencyCause::PlacementEnded);
    assert!(SpotReason::Emergency.evidence(&with(cause, date(2021, 9, 14)), None).is_ok());
    assert!(SpotReason::Emergency.evidence(&with(cause, START), None).is_err());
    assert!(SpotReason::Emergency.evidence(&with(None, date(2021, 9, 14)), None).is_err());
}

#[test]
fn rule_7_1_what_the_record_does_not_say_needs_a_document_of_the_right_kind() {
    let none = Tried::default();
    let document = |kind, on| Document { kind, on, number: "CO-2021-118".into() };
    let order = document(DocumentKind::CourtOrder, date(2021, 9, 1));
    for reason in [SpotReason::CourtDirection, SpotReason::TransferredIn, SpotReason::AlreadyThere] {
        assert!(reason.evidence(&held(&none), None).is_err(), "{}", reason.code());
    }
    assert!(SpotReason::CourtDirection.evidence(&held(&none), Some(&order)).is_ok());
    assert!(SpotReason::TransferredIn.evidence(&held(&none), Some(&order)).is_err());
    let there = ["HEF-A-0009".to_owned()];
    let lives = Held { there: &there, ..held(&none) };
    assert!(SpotReason::AlreadyThere.evidence(&lives, None).unwrap()[0].what.starts_with("HEF-A-0009"));
    let old = document(DocumentKind::EarlierContract, date(2018, 6, 1));
    let new = document(DocumentKind::EarlierContract, date(2019, 6, 1));
    assert!(SpotReason::BeganBefore.evidence(&held(&none), Some(&old)).is_ok());
    assert!(SpotReason::BeganBefore.evidence(&held(&none), Some(&new)).is_err());
    let service = document(DocumentKind::ServiceDescription, date(2021, 9, 1));
    assert!(SpotReason::OutsideLots.evidence(&held(&none), Some(&service)).is_ok());
    assert!(SpotReason::OutsideLots.evidence(&held(&tried(Vec::new(), 1)), Some(&service)).is_err());
    assert!(Document { number: "Wren Canary".into(), ..order.clone() }.checked(TODAY).is_err(), "a name is no number");
    assert!(Document { on: START, ..order }.checked(TODAY).is_err());
}

#[test]
fn rule_3_6_ceiling_reached_is_no_reason_for_spot() {
    assert_eq!(SpotReason::asked("ceiling_reached").unwrap_err().code, "ceiling_is_no_reason");
    assert_eq!(SpotReason::asked("none_available").unwrap(), Some(SpotReason::NoneAvailable));
    assert_eq!(SpotReason::asked("cheaper").unwrap(), None);
}

fn admission(lot: &str, until: Date) -> Admission {
    let ended = (until != OPEN_END).then_some(AdmissionEnd::Withdrawn);
    let from = date(2018, 12, 15);
    Admission { home: HomeId(1), arrangement: ArrangementId(1), lot: lot.into(), from, until, ended }
}

#[test]
fn rule_3_6_a_home_admitted_on_the_lot_is_no_spot_home_unless_it_left_or_is_suspended() {
    let on = [admission("planned", OPEN_END)];
    assert_eq!(ground_of(&on, "planned", Standing::Good, START), None);
    assert_eq!(ground_of(&on, "planned", Standing::OnWatch, START), None);
    assert_eq!(ground_of(&on, "planned", Standing::Suspended, START), Some(SpotGround::Suspended));
    assert_eq!(ground_of(&on, "crisis", Standing::Good, START), Some(SpotGround::NotOnLot));
    let left = [admission("planned", date(2021, 6, 1))];
    assert_eq!(ground_of(&left, "planned", Standing::Good, START), Some(SpotGround::Left));
    assert_eq!(ground_of(&[], "planned", Standing::Good, START), Some(SpotGround::NotOnLot));
}

fn asking() -> Asking {
    Asking {
        authority: OrganisationId(1),
        referral: ReferralId(42),
        reference: reference(),
        child: ChildId(7),
        home: HomeId(1),
        provider: OrganisationId(5),
        lot: "planned".into(),
        reason: SpotReason::NoneAvailable,
        document: None,
        ground: Some(SpotGround::NotOnLot),
        emergency: false,
        after_refusal: None,
    }
}

#[test]
fn rule_3_6_a_request_at_a_home_of_the_lot_is_refused_and_names_who_can_change_it() {
    let tried = tried(vec![home(1, Tier::Fca, NO_BED)], 0);
    let refusal =
        Spot::request(1, Asking { ground: None, ..asking() }, &held(&tried), PersonId(11), moment(TODAY)).unwrap_err();
    assert_eq!(refusal.code, "home_is_on_the_lot");
    assert!(refusal.who_can_change.contains("decision maker"));
}

#[test]
fn a_spot_purchase_makes_every_move_of_its_table_and_no_other() {
    let tried = tried(vec![home(1, Tier::Fca, NO_BED)], 0);
    let (open, event) = Spot::request(1, asking(), &held(&tried), PersonId(11), moment(TODAY)).unwrap().into_parts();
    assert_eq!((open.state.name(), event.kind.as_str()), ("open", "spot.requested"));
    let invited = open.clone().invite(PersonId(11), Some(date(2021, 12, 1)), moment(TODAY)).unwrap();
    assert_eq!(invited.next().version, 2);
    assert_eq!(invited.next().clone().invite(PersonId(11), None, moment(TODAY)).unwrap_err().code, "invited_before");
    let (dropped, _) = open.drop_it(PersonId(11), DropReason::HomeWithdrew, moment(TODAY)).unwrap().into_parts();
    let late = dropped.clone().invite(PersonId(11), None, moment(TODAY)).unwrap_err();
    assert_eq!((late.code.as_str(), late.value.as_str()), ("spot_state", "Given up"));
    assert!(dropped.drop_it(PersonId(11), DropReason::OtherHome, moment(TODAY)).is_err());
    for step in MOVES {
        assert!(step.from == "new" || SpotState::NAMES.contains(&step.from));
        assert!(SpotState::NAMES.contains(&step.to));
    }
}

#[test]
fn rule_4_3_the_same_home_dearer_as_spot_raises_an_alert() {
    let (spot, tendered) = (Pence::pounds(4_900), Some(Pence::pounds(4_150)));
    assert_eq!(dearer_than_tendered(spot, tendered), Some(Pence::pounds(750)));
    assert_eq!(dearer_than_tendered(Pence::pounds(4_150), tendered), None);
    assert_eq!(dearer_than_tendered(spot, None), None);
}

fn unregistered(age: u8, from: Date) -> Unregistered {
    let recording = Recording {
        authority: OrganisationId(1),
        responsible: OrganisationId(1),
        referral: ReferralId(42),
        reference: reference(),
        child: ChildId(7),
        age,
        from,
        weekly: Pence::pounds(9_800),
        court: Court { order: CourtOrder::None, on: None, until: None },
        ofsted_told: None,
        application: Application::NotMade,
        words: Sealed::from_bytes(vec![1]),
    };
    Unregistered::record(1, recording, PersonId(11), moment(TODAY)).into_parts().0
}

#[test]
fn rule_7_3_a_child_in_an_unregistered_setting_is_reviewed_each_day_and_its_cost_stands_apart() {
    let record = unregistered(14, date(2021, 9, 11));
    assert!(record.rule.contains("9 September 2021"), "{}", record.rule);
    assert_eq!(record.review_due(TODAY), Some(date(2021, 9, 11)));
    assert_eq!(record.cost(TODAY), Pence::pounds(2_800));
    let review =
        |on| DailyReview { on, by: PersonId(11), at: moment(TODAY).local, search: SearchStands::GoesOn, seen: true };
    let mut record = record;
    for day in [11, 12, 13] {
        record = record.review(review(date(2021, 9, day)), moment(TODAY)).unwrap().into_parts().0;
    }
    assert_eq!(record.review_due(TODAY), None);
    assert_eq!(record.review_due(date(2021, 9, 14)), Some(date(2021, 9, 14)));
    assert_eq!(record.clone().review(review(TODAY), moment(TODAY)).unwrap_err().code, "review_day");
    assert_eq!(record.clone().review(review(START), moment(TODAY)).unwrap_err().code, "review_day");
    let (record, event) = record.confirm(PersonId(14), moment(TODAY)).unwrap().into_parts();
    assert!(event.facts.iter().all(|(name, _)| name != "limb"), "it cites no limb");
    let (ended, _) =
        record.end(TODAY, UnregisteredEnd::RegisteredHome, PersonId(11), moment(TODAY)).unwrap().into_parts();
    assert_eq!(ended.review_due(date(2021, 9, 20)), None);
    assert_eq!(ended.cost(date(2021, 12, 1)), Pence::pounds(2_800));
    let over = ended.confirm(PersonId(14), moment(TODAY)).unwrap_err();
    let found = format!("{}, 13 September 2021", UnregisteredEnd::RegisteredHome.label());
    assert_eq!((over.code.as_str(), over.value), ("unregistered_state", found));
}

#[test]
fn rule_7_3_rules_have_dates_under_16_from_9_september_2021_and_16_and_17_from_28_october_2023() {
    assert!(unregistered(14, date(2021, 9, 8)).rule.starts_with("Care Standards Act"));
    assert!(unregistered(14, date(2021, 9, 9)).rule.starts_with("Regulation 27A"));
    assert!(unregistered(16, date(2023, 10, 27)).rule.starts_with("Care Standards Act"));
    assert!(unregistered(16, date(2023, 10, 28)).rule.starts_with("Regulation 27C"));
    let known = Known {
        court: Court { order: CourtOrder::Liberty, on: None, until: None },
        ofsted_told: Some(START),
        application: Application::Made,
        weekly: Pence::ZERO,
    };
    let fields: Vec<String> = known.check(TODAY).unwrap_err().errors.into_iter().map(|error| error.field).collect();
    assert_eq!(fields, ["court_on", "ofsted_told"]);
}
