//! A call-in and what follows from it, through the commands (T6): nothing is approved under a called-in decision, an
//! earlier one goes on, and only the decision maker's answer ends it.

use jiff::civil::{Date, date};
use placewell_app::Outcome;
use placewell_app::power::annual_value::SetCeiling;
use placewell_app::power::decision::{CallIn, CloseCallIn, Confirm, Publish, Record, Rescind, Supersede};
use placewell_app::power::delegation::power_of;
use placewell_domain::money::Pence;
use placewell_domain::power::decision::{CallInOutcome, CallInRequest, DecisionPage, LimbEffect, Standing};
use placewell_domain::power::delegation::{
    Act, Holding, HoldingKind, LimbPost, Post, PostGrade, PowerQuestion, Remit, RemitArea,
};
use placewell_testkit::databases::both;

use super::super::delegation::record;
use super::super::{Given, given, page};

const FIRST: &str = "HEF-2019-0114";
const LATER: &str = "HEF-2021-0906";

/// The page of a decision that raises the ceiling to £6m and gives the same powers.
fn raised() -> DecisionPage {
    let mut later = page();
    for effect in later.limbs.iter_mut().flat_map(|limb| &mut limb.effects) {
        if let LimbEffect::Ceiling { annual } = effect {
            *annual = Pence::pounds(6_000_000);
        }
    }
    DecisionPage { published_on: None, decided_on: None, effective_from: None, key_decision: Some(false), ..later }
}

/// The first decision in force with its ceiling, a director who holds limb (b) of both, and the later one published on
/// Monday 6 September 2021, open to call-in until Friday 10 September.
async fn two_decisions(given: &Given) {
    given.adopt().await;
    given.go_to(date(2019, 2, 4));
    done(given, "ceiling", SetCeiling { reference: FIRST.into(), accepts_over: false }).await.unwrap();
    given.go_to(date(2021, 9, 6));
    let later = Record { reference: LATER.into(), amends: Some(FIRST.into()), page: raised() };
    done(given, "later", later).await.unwrap();
    let day = date(2021, 9, 6);
    let publish = Publish {
        reference: LATER.into(),
        version: 1,
        decided_on: day,
        published_on: day,
        urgent: false,
        effective_from: None,
        effective_reason: None,
    };
    done(given, "publish later", publish).await.unwrap();
    let organisation = given.democratic.organisation;
    let post = Post {
        id: placewell_domain::id::PostId(0),
        organisation,
        title: "Director".into(),
        grade: PostGrade::Director,
        remit: Remit::Whole,
        from: date(2018, 1, 1),
        to: placewell_domain::nights::OPEN_END,
    };
    record(given, "post", placewell_app::power::delegation::PowerFact::Post(post)).await;
    let post = given.app.delegations(&given.democratic).await.unwrap().posts[0].post.id;
    for reference in [FIRST, LATER] {
        let decision = given.app.own_decision(&given.democratic, reference).await.unwrap().decision.id;
        let link = LimbPost { decision, letter: 'b'.into(), post, relevant: false };
        record(given, reference, placewell_app::power::delegation::PowerFact::LimbPost(link)).await;
    }
    let held = Holding {
        post,
        person: given.approver.person,
        kind: HoldingKind::Holder,
        from: date(2019, 1, 1),
        to: placewell_domain::nights::OPEN_END,
    };
    record(given, "holding", placewell_app::power::delegation::PowerFact::Holding(held)).await;
}

async fn done<C: placewell_app::Command>(given: &Given, key: &str, command: C) -> Result<(), Outcome> {
    given.app.perform(&given.democratic, key, command).await.map(|_| ())
}

/// Under which decision the approver may award now, or why not.
async fn awards_under(given: &Given) -> Result<String, String> {
    let session = given.app.store.read(Some(given.approver.organisation)).await.unwrap();
    let question = PowerQuestion {
        act: Act::AwardPlacement,
        about_spot: false,
        case: RemitArea::ChildrenLookedAfter,
        person: given.approver.person,
        asked_by: Some(given.officer.person),
    };
    match power_of(&session, given.approver.organisation, &question, given.app.calendar.now()).await {
        Ok(power) => Ok(power.reference),
        Err(Outcome::Refused(refusal)) => Err(refusal.code),
        Err(other) => panic!("{other:?}"),
    }
}

fn call_in(reference: &str, version: i64, on: Date) -> CallIn {
    let request = CallInRequest { on, by: "Three members".into(), grounds: "Cost".into() };
    CallIn { reference: reference.into(), version, request }
}

async fn called_in_and_returned(given: &Given, outcome: CallInOutcome) {
    given.go_to(date(2021, 9, 9));
    done(given, "call in", call_in(LATER, 3, date(2021, 9, 9))).await.unwrap();
    given.go_to(date(2021, 9, 20));
    let close = CloseCallIn { reference: LATER.into(), version: 4, outcome, on: date(2021, 9, 20) };
    done(given, "close", close).await.unwrap();
}

#[tokio::test]
async fn rule_2_1_a_call_in_freezes_the_later_powers_and_the_earlier_decision_goes_on() {
    both(async |database| {
        let given = given(&database).await;
        two_decisions(&given).await;
        assert_eq!(awards_under(&given).await, Ok(FIRST.into()), "during the window the earlier one goes on");
        called_in_and_returned(&given, CallInOutcome::ReferredBack).await;
        given.go_to(date(2021, 10, 4));
        assert_eq!(awards_under(&given).await, Ok(FIRST.into()), "returned, not confirmed");
        let early = done(&given, "raise", SetCeiling { reference: LATER.into(), accepts_over: false }).await;
        assert!(matches!(early, Err(Outcome::Refused(refusal)) if refusal.code == "decision_not_in_force"));
        let replace = Supersede { reference: FIRST.into(), version: 3, by: LATER.into() };
        let early = done(&given, "replace", replace).await;
        assert!(matches!(early, Err(Outcome::Refused(refusal)) if refusal.code == "amendment_not_in_force"));
        let ledger = given.app.annual_value(&given.finance, None, None).await.unwrap();
        assert_eq!(ledger.words.ceiling, Pence::pounds(5_500_000), "the ceiling is not raised");
    })
    .await;
}

#[tokio::test]
async fn rule_2_1_confirmed_after_full_council_it_holds_from_that_day_and_raises_the_ceiling() {
    both(async |database| {
        let given = given(&database).await;
        two_decisions(&given).await;
        called_in_and_returned(&given, CallInOutcome::ToFullCouncil).await;
        given.go_to(date(2021, 10, 4));
        let tomorrow = Confirm { reference: LATER.into(), version: 5, on: date(2021, 10, 5) };
        let ahead = done(&given, "ahead", tomorrow).await;
        assert!(matches!(ahead, Err(Outcome::Invalid(invalid)) if invalid.errors[0].field == "on"));
        let confirm = Confirm { reference: LATER.into(), version: 5, on: date(2021, 10, 4) };
        done(&given, "confirm", confirm).await.unwrap();
        assert_eq!(awards_under(&given).await, Ok(LATER.into()));
        done(&given, "raise", SetCeiling { reference: LATER.into(), accepts_over: false }).await.unwrap();
        let ledger = given.app.annual_value(&given.finance, None, None).await.unwrap();
        assert_eq!(ledger.words.ceiling, Pence::pounds(6_000_000));
        let replace = Supersede { reference: FIRST.into(), version: 3, by: LATER.into() };
        done(&given, "replace", replace).await.unwrap();
        let record = given.app.public_decision(LATER).await.unwrap();
        let line = record.decision.date_line(date(2021, 10, 4)).unwrap().sentence;
        assert!(
            line.contains("Called in on 9 September 2021. Referred to full council on 20 September 2021."),
            "{line}"
        );
    })
    .await;
}

#[tokio::test]
async fn rule_2_1_amended_after_a_call_in_the_new_decision_has_powers_of_its_own() {
    both(async |database| {
        let given = given(&database).await;
        two_decisions(&given).await;
        called_in_and_returned(&given, CallInOutcome::ReferredBack).await;
        let day = date(2021, 9, 21);
        given.go_to(day);
        let amended = Record { reference: "HEF-2021-0921".into(), amends: Some(LATER.into()), page: raised() };
        done(&given, "amended", amended).await.unwrap();
        let publish = Publish {
            reference: "HEF-2021-0921".into(),
            version: 1,
            decided_on: day,
            published_on: day,
            urgent: false,
            effective_from: None,
            effective_reason: None,
        };
        done(&given, "publish amended", publish).await.unwrap();
        let replace = || Supersede { reference: LATER.into(), version: 5, by: "HEF-2021-0921".into() };
        let early = done(&given, "early", replace()).await;
        assert!(matches!(early, Err(Outcome::Refused(refusal)) if refusal.code == "amendment_not_in_force"));
        given.go_to(date(2021, 9, 28));
        done(&given, "replace", replace()).await.unwrap();
        let standing = given.app.public_decision(LATER).await.unwrap().standing;
        assert!(matches!(standing, Standing::Superseded { .. }), "{standing:?}");
        let unlinked = awards_under(&given).await;
        assert_eq!(unlinked, Err("not_a_named_post".into()), "it has posts of its own to link; the first is replaced");
    })
    .await;
}

#[tokio::test]
async fn rule_2_1_rescinded_it_gives_nothing_and_the_earlier_one_goes_on() {
    both(async |database| {
        let given = given(&database).await;
        two_decisions(&given).await;
        called_in_and_returned(&given, CallInOutcome::ReferredBack).await;
        let bare = Rescind { reference: LATER.into(), version: 5, on: date(2021, 9, 20), reason: " ".into() };
        assert!(matches!(done(&given, "bare", bare).await, Err(Outcome::Invalid(_))));
        let rescind = Rescind { reference: LATER.into(), version: 5, on: date(2021, 9, 20), reason: "Cost".into() };
        done(&given, "rescind", rescind).await.unwrap();
        given.go_to(date(2021, 10, 4));
        assert_eq!(awards_under(&given).await, Ok(FIRST.into()));
        assert_eq!(given.app.public_decision(LATER).await.unwrap().standing, Standing::Rescinded);
    })
    .await;
}

#[tokio::test]
async fn rule_2_1_a_call_in_outside_the_window_is_refused_with_the_window() {
    both(async |database| {
        let given = given(&database).await;
        two_decisions(&given).await;
        given.go_to(date(2021, 9, 13));
        assert_eq!(awards_under(&given).await, Ok(LATER.into()), "in force after its window");
        let late = done(&given, "late", call_in(LATER, 3, date(2021, 9, 13))).await;
        let Err(Outcome::Refused(refusal)) = late else { panic!("{late:?}") };
        assert_eq!(refusal.code, "call_in_closed");
        assert!(refusal.value.contains("10 September 2021"), "{}", refusal.value);
    })
    .await;
}

#[tokio::test]
async fn rule_2_1_while_the_only_decision_is_called_in_nobody_can_award() {
    both(async |database| {
        let given = given(&database).await;
        given.adopt().await;
        given.go_to(date(2019, 1, 16));
        done(&given, "call in", call_in(FIRST, 3, date(2019, 1, 16))).await.unwrap();
        given.go_to(date(2019, 2, 4));
        let refused = awards_under(&given).await.unwrap_err();
        assert_eq!(refused, "decision_called_in");
        let ceiling = done(&given, "ceiling", SetCeiling { reference: FIRST.into(), accepts_over: false }).await;
        assert!(matches!(ceiling, Err(Outcome::Refused(refusal)) if refusal.value == "Called in"));
    })
    .await;
}
