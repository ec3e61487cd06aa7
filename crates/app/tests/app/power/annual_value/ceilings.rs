//! Rules 2.1, 2.4, 3.2 and 3.3: ceilings follow the decision in force, by the calendar alone, and a decision that leaves
//! its term or its extended term open sets none and says what to ask.

use jiff::civil::{Date, date};
use placewell_app::Outcome;
use placewell_app::power::annual_value::SetCeiling;
use placewell_app::power::decision::{Publish, Record, Rescind};
use placewell_domain::money::Pence;
use placewell_domain::power::annual_value::{Route, ValueKind};
use placewell_domain::power::decision::{DecidedTerm, DecisionPage, InExtension, Limb, LimbEffect, Says};
use placewell_testkit::databases::both;

use super::super::{Given, given, page};
use super::{agreement, committed};

const FIRST: &str = "HEF-2019-0114";
const LATER: &str = "HEF-2019-0301";

/// The page with another annual value.
fn valued(pounds: i64) -> DecisionPage {
    let mut page = page();
    for effect in page.limbs.iter_mut().flat_map(|limb| &mut limb.effects) {
        if let LimbEffect::Ceiling { annual } = effect {
            *annual = Pence::pounds(pounds);
        }
    }
    DecisionPage { published_on: None, decided_on: None, effective_from: None, key_decision: Some(false), ..page }
}

/// Records and publishes a decision that takes effect on the day itself.
async fn decide(given: &Given, reference: &str, amends: Option<&str>, page: DecisionPage, on: Date) {
    given.go_to(on);
    let page = DecisionPage { subject_to_call_in: Some(false), ..page };
    let record = Record { reference: reference.into(), amends: amends.map(str::to_owned), page };
    given.app.perform(&given.democratic, &format!("record {reference}"), record).await.unwrap();
    let publish = Publish {
        reference: reference.into(),
        version: 1,
        decided_on: on,
        published_on: on,
        urgent: false,
        effective_from: None,
        effective_reason: None,
    };
    given.app.perform(&given.democratic, &format!("publish {reference}"), publish).await.unwrap();
}

/// A minute of the calendar: how many jobs were left, and then done.
async fn minute(given: &Given) -> u32 {
    let left = given.app.leave_timers().await.unwrap();
    given.app.do_due_jobs().await.unwrap();
    left
}

/// The years and their ceilings, in pounds.
async fn ceilings(given: &Given) -> Vec<(i16, i64)> {
    let org = given.finance.organisation;
    let session = given.app.store.read(Some(org)).await.unwrap();
    assert!(session.ledger_faults(org).await.unwrap().is_empty());
    let years = session.ledger_years(org).await.unwrap();
    years.iter().map(|row| (row.start.year(), row.totals.ceiling.0 / 100)).collect()
}

fn set(reference: &str, accepts_over: bool) -> SetCeiling {
    SetCeiling { reference: reference.into(), accepts_over }
}

#[tokio::test]
async fn rule_3_3_a_decision_without_a_term_sets_no_ceiling_says_so_and_the_timer_stops() {
    both(async |database| {
        let given = given(&database).await;
        let endless = DecisionPage { term: None, ..valued(5_500_000) };
        decide(&given, FIRST, None, endless, date(2019, 1, 14)).await;
        let refused = given.app.perform(&given.democratic, "c", set(FIRST, false)).await;
        assert!(matches!(refused, Err(Outcome::Refused(refusal)) if refusal.code == "no_term"));
        for _ in 0..3 {
            assert_eq!(minute(&given).await, 0, "nothing is due, so no job is left");
        }
        assert_eq!(ceilings(&given).await, []);
        let shown = given.app.annual_value(&given.finance, None, None).await.unwrap();
        assert!(shown.asked[0].contains("states no term"), "{:?}", shown.asked);
    })
    .await;
}

#[tokio::test]
async fn rule_3_3_an_amendment_without_a_term_has_that_of_the_decision_it_amends() {
    both(async |database| {
        let given = given(&database).await;
        decide(&given, FIRST, None, valued(5_500_000), date(2019, 1, 14)).await;
        let raise = DecisionPage { term: None, ..valued(6_000_000) };
        decide(&given, LATER, Some(FIRST), raise, date(2019, 3, 1)).await;
        given.app.perform(&given.democratic, "c", set(LATER, false)).await.unwrap();
        assert_eq!(ceilings(&given).await, [(2018, 6_000_000), (2019, 6_000_000), (2020, 6_000_000)]);
        assert_eq!(minute(&given).await, 0);
    })
    .await;
}

#[tokio::test]
async fn rule_2_1_ceilings_follow_the_decision_in_force_when_it_takes_effect_and_when_it_is_rescinded() {
    both(async |database| {
        let given = given(&database).await;
        decide(&given, FIRST, None, valued(5_500_000), date(2019, 1, 14)).await;
        assert_eq!((minute(&given).await, minute(&given).await), (1, 0));
        decide(&given, LATER, Some(FIRST), valued(6_000_000), date(2019, 3, 1)).await;
        assert_eq!((minute(&given).await, minute(&given).await), (1, 0));
        assert_eq!(ceilings(&given).await, [(2018, 6_000_000), (2019, 6_000_000), (2020, 6_000_000)]);
        given.go_to(date(2020, 2, 3));
        let on = date(2020, 2, 3);
        let rescind = |reference: &str| Rescind { reference: reference.into(), version: 3, on, reason: "Error".into() };
        given.app.perform(&given.democratic, "r", rescind(LATER)).await.unwrap();
        assert_eq!((minute(&given).await, minute(&given).await), (1, 0));
        assert_eq!(
            ceilings(&given).await,
            [(2018, 6_000_000), (2019, 5_500_000), (2020, 5_500_000)],
            "the earlier decision goes on; a year that has ended stays as it was"
        );
        given.app.perform(&given.democratic, "s", rescind(FIRST)).await.unwrap();
        assert_eq!((minute(&given).await, minute(&given).await), (1, 0));
        assert_eq!(ceilings(&given).await, [(2018, 6_000_000), (2019, 0), (2020, 0)], "no decision gives a ceiling");
    })
    .await;
}

#[tokio::test]
async fn rule_3_2_a_ceiling_lowered_below_what_is_committed_is_an_exception_with_reason_and_person() {
    both(async |database| {
        let given = given(&database).await;
        decide(&given, FIRST, None, valued(5_500_000), date(2019, 1, 14)).await;
        minute(&given).await;
        given.go_to(date(2019, 2, 4));
        committed(&given, &agreement(137, Route::Arrangement, ValueKind::Care)).await.unwrap();
        decide(&given, LATER, Some(FIRST), valued(50_000), date(2019, 3, 1)).await;
        let bare = given.app.perform(&given.democratic, "bare", set(LATER, false)).await;
        assert!(matches!(bare, Err(Outcome::Refused(refusal)) if refusal.code == "ceiling_below_committed"));
        minute(&given).await;
        let page = given.app.annual_value(&given.finance, None, None).await.unwrap();
        assert_eq!((page.words.ceiling, page.words.excepted), (Pence::pounds(50_000), Pence::pounds(3_950)));
        let row = &page.exceptions[0];
        assert_eq!((row.grant.reason.code(), row.pence), ("lowered_ceiling", Pence::pounds(3_950)));
        assert_eq!((row.person.as_str(), row.reference.as_str()), (given.democratic.name.as_str(), ""));
        assert!(row.grant.words.starts_with(LATER), "{}", row.grant.words);
        assert!(page.steps[0].accepts_over && !page.steps[1].accepts_over);
        let next = given.app.annual_value(&given.finance, Some(2019), None).await.unwrap();
        assert!(next.exceptions.is_empty(), "an exception is shown for its own year only");
    })
    .await;
}

/// A decision that uses the option to extend, and says this of its ceiling.
fn extended(ceiling: Says) -> DecisionPage {
    let mut page = valued(5_500_000);
    let uses = LimbEffect::UsesExtension { until: date(2024, 12, 14) };
    page.limbs.push(Limb { letter: 'd'.into(), text: "The term be extended".into(), effects: vec![uses] });
    page.term = Some(DecidedTerm { start: date(2018, 12, 15), end: date(2021, 12, 14), option_months: Some(36) });
    page.in_extension = InExtension { ceiling, limbs: Says::Yes, blocks: Says::Unknown };
    page
}

#[tokio::test]
async fn rule_2_4_a_ceiling_goes_on_in_the_extended_term_only_where_the_decision_says_so() {
    both(async |database| {
        let given = given(&database).await;
        decide(&given, FIRST, None, valued(5_500_000), date(2019, 1, 14)).await;
        minute(&given).await;
        decide(&given, LATER, Some(FIRST), extended(Says::Unknown), date(2021, 3, 1)).await;
        assert_eq!(minute(&given).await, 0, "no ceiling is set for the extended term");
        let page = given.app.annual_value(&given.finance, None, None).await.unwrap();
        assert!(page.asked[0].contains("ask the decision maker"), "{:?}", page.asked);
        let last = "HEF-2021-0401";
        decide(&given, last, Some(LATER), extended(Says::Yes), date(2021, 4, 1)).await;
        assert_eq!(minute(&given).await, 1);
        let years: Vec<i16> = ceilings(&given).await.iter().map(|(year, _)| *year).collect();
        assert_eq!(years, [2018, 2019, 2020, 2021, 2022, 2023]);
        let page = given.app.annual_value(&given.finance, None, None).await.unwrap();
        assert_eq!(page.asked, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn rule_2_4_a_decision_in_force_only_in_the_extended_term_is_asked_before_it_sets_a_ceiling() {
    both(async |database| {
        let given = given(&database).await;
        decide(&given, LATER, None, extended(Says::No), date(2022, 1, 10)).await;
        let refused = given.app.perform(&given.democratic, "c", set(LATER, false)).await;
        let Err(Outcome::Refused(refusal)) = refused else { panic!("{refused:?}") };
        assert_eq!(refusal.code, "no_ceiling_year");
        assert!(refusal.sentence.contains("its ceiling does not go on"), "{}", refusal.sentence);
        assert_eq!(minute(&given).await, 0);
    })
    .await;
}
