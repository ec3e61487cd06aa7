//! The annual value as finance and the approvers see it, and ceilings from decisions in force.

mod ceilings;
mod region;

use jiff::civil::date;
use placewell_app::Outcome;
use placewell_app::clock::Machine;
use placewell_app::power::annual_value::{
    Allowed, RecordBudget, RecordReading, SetCeiling, commit, effect_of, ledger_sheets, movement_sheet,
};
use placewell_domain::calendar::YearBasis;
use placewell_domain::change::Event;
use placewell_domain::id::AgreementId;
use placewell_domain::money::Pence;
use placewell_domain::power::annual_value::{Aspect, Commitment, Holds, Reading, Route, Share, ValueKind, ValueLine};
use placewell_insight::power::annual_value::Expected;
use placewell_testkit::databases::both;

use super::{Given, given};

fn agreement(id: i64, route: Route, kind: ValueKind) -> Commitment {
    let start = date(2019, 2, 4);
    Commitment {
        agreement: AgreementId(id),
        reference: format!("HEF-A-{id:04}"),
        route,
        lines: vec![ValueLine {
            kind,
            weekly: Pence::pounds(4_150),
            origin: start,
            from: start,
            ends: None,
            authority: Share { part: 1, whole: 2 },
        }],
        start,
        planned_end: date(2019, 5, 6),
        notice_days: 28,
        goes_on: true,
        moved_on: None,
        charged: placewell_domain::nights::ChargedDays::default(),
    }
}

async fn committed(given: &Given, commitment: &Commitment) -> Result<(), Outcome> {
    let mut work = given.app.store.begin(given.finance.organisation, given.app.calendar.now()).await.unwrap();
    work.record(Event::new("test.happened", "agreement", commitment.agreement.0, 1));
    match commit(&mut work, commitment, Allowed::Nothing).await {
        Ok(()) => Ok(work.commit(Machine::now()).await?),
        Err(outcome) => {
            work.roll_back().await?;
            Err(outcome)
        }
    }
}

async fn with_ceiling(given: &Given) {
    given.adopt().await;
    given.go_to(date(2019, 2, 4));
    let command = SetCeiling { reference: "HEF-2019-0114".into(), accepts_over: false };
    given.app.perform(&given.democratic, "ceiling", command).await.unwrap();
}

#[tokio::test]
async fn rule_3_3_a_decision_in_force_sets_the_full_ceiling_for_each_year_of_its_term() {
    both(async |database| {
        let given = given(&database).await;
        given.adopt().await;
        let command = || SetCeiling { reference: "HEF-2019-0114".into(), accepts_over: false };
        let early = given.app.perform(&given.democratic, "early", command()).await;
        assert!(matches!(early, Err(Outcome::Refused(refusal)) if refusal.code == "decision_not_in_force"));
        given.go_to(date(2019, 2, 4));
        given.app.perform(&given.democratic, "ceiling", command()).await.unwrap();
        let session = given.app.store.read(Some(given.finance.organisation)).await.unwrap();
        let years = session.ledger_years(given.finance.organisation).await.unwrap();
        let starts: Vec<_> = years.iter().map(|year| (year.start, year.totals.ceiling)).collect();
        let full = Pence::pounds(5_500_000);
        assert_eq!(starts, [(date(2018, 12, 15), full), (date(2019, 12, 15), full), (date(2020, 12, 15), full)]);
    })
    .await;
}

#[tokio::test]
async fn rule_3_5_the_page_says_ceiling_spent_planned_and_what_can_still_be_awarded() {
    both(async |database| {
        let given = given(&database).await;
        with_ceiling(&given).await;
        committed(&given, &agreement(137, Route::Arrangement, ValueKind::Care)).await.unwrap();
        given.go_to(date(2019, 2, 18));
        let page = given.app.annual_value(&given.finance, None, None).await.unwrap();
        assert_eq!(
            page.words.sentence(),
            "Ceiling £5.5m · spent £8,300 · planned £53,950 · can still be awarded £5,446,050"
        );
        assert_eq!(page.figures.bound, Pence::pounds(6 * 4_150));
        assert!(page.figures.run_rate > page.figures.planned);
        assert_eq!(page.months.iter().map(|month| month.planned).sum::<Pence>(), page.words.planned);
        assert_eq!(page.agreements[0].reference, "HEF-A-0137");
        let totals_only = given.app.annual_value(&given.democratic, None, None).await.unwrap();
        assert_eq!((totals_only.agreements.len(), totals_only.words.planned), (0, page.words.planned));
    })
    .await;
}

#[tokio::test]
async fn rule_3_4_both_readings_are_one_link_apart() {
    both(async |database| {
        let given = given(&database).await;
        with_ceiling(&given).await;
        committed(&given, &agreement(1, Route::Arrangement, ValueKind::Care)).await.unwrap();
        committed(&given, &agreement(2, Route::Arrangement, ValueKind::Education)).await.unwrap();
        committed(&given, &agreement(3, Route::Spot, ValueKind::Care)).await.unwrap();
        let planned = async |aspect| {
            let page = given.app.annual_value(&given.finance, None, aspect).await.unwrap();
            (page.words.planned, page.spot.planned)
        };
        let one = Pence::pounds(13 * 4_150);
        assert_eq!(planned(None).await, (one + one, one), "spot stands beside the ceiling");
        assert_eq!(planned(Some(Aspect::Education)).await.0, one);
        assert_eq!(planned(Some(Aspect::Net)).await.0, one);
        assert_eq!(planned(Some(Aspect::Spot)).await.0, one + one + one);
        let financial = given.app.annual_value(&given.finance, None, Some(Aspect::Year)).await.unwrap();
        assert!(financial.year.starts_with("financial year 1 April 2018"));
    })
    .await;
}

#[tokio::test]
async fn rule_3_4_recording_a_reading_needs_an_adviser_and_counts_every_agreement_anew() {
    both(async |database| {
        let given = given(&database).await;
        with_ceiling(&given).await;
        committed(&given, &agreement(2, Route::Arrangement, ValueKind::Education)).await.unwrap();
        let reading = Reading { education: false, ..Reading::default() };
        let bare =
            given.app.perform(&given.finance, "k1", RecordReading { reading: reading.clone(), holds: None }).await;
        assert!(matches!(bare, Err(Outcome::Invalid(invalid)) if invalid.errors[0].field == "adviser"));
        let advised = Reading { adviser: Some("Section 151 officer".into()), ..reading };
        given.app.perform(&given.finance, "k2", RecordReading { reading: advised.clone(), holds: None }).await.unwrap();
        let page = given.app.annual_value(&given.finance, None, None).await.unwrap();
        assert_eq!((page.words.planned, page.recorded.recorded_on), (Pence::ZERO, Some(date(2019, 2, 4))));
        let basis = Reading { year: YearBasis::Financial, ..advised };
        let refused = given.app.perform(&given.finance, "k3", RecordReading { reading: basis, holds: None }).await;
        assert!(matches!(refused, Err(Outcome::Refused(refusal)) if refusal.code == "year_basis_in_use"));
    })
    .await;
}

#[tokio::test]
async fn rule_3_1_which_figure_the_ceiling_holds_is_recorded_with_the_reading_and_else_stays() {
    both(async |database| {
        let given = given(&database).await;
        with_ceiling(&given).await;
        committed(&given, &agreement(1, Route::Arrangement, ValueKind::Care)).await.unwrap();
        let reading = Reading { adviser: Some("Section 151 officer".into()), ..Reading::default() };
        let bound = RecordReading { reading: reading.clone(), holds: Some(Holds::Bound) };
        given.app.perform(&given.finance, "bound", bound).await.unwrap();
        let page = given.app.annual_value(&given.finance, None, None).await.unwrap();
        assert_eq!((page.recorded.holds, page.words.planned), (Holds::Bound, Pence::pounds(4 * 4_150)));
        let other = RecordReading { reading: Reading { education: false, ..reading.clone() }, holds: None };
        given.app.perform(&given.finance, "other", other).await.unwrap();
        let page = given.app.annual_value(&given.finance, None, None).await.unwrap();
        assert_eq!(page.recorded.holds, Holds::Bound, "the present value is kept");
        let vat = RecordReading { reading: Reading { vat: true, ..reading }, holds: None };
        let refused = given.app.perform(&given.finance, "vat", vat).await;
        assert!(matches!(refused, Err(Outcome::Refused(refusal)) if refusal.code == "vat_on_no_line"));
    })
    .await;
}

#[tokio::test]
async fn rule_3_2_the_effect_says_before_the_act_what_the_database_says_in_it() {
    both(async |database| {
        let given = given(&database).await;
        with_ceiling(&given).await;
        let mut large = agreement(9, Route::Arrangement, ValueKind::Care);
        large.lines[0].weekly = Pence::pounds(500_000);
        let session = given.app.store.read(Some(given.finance.organisation)).await.unwrap();
        let today = given.app.calendar.now().today();
        let effects = effect_of(&session, given.finance.organisation, &large, today).await.unwrap();
        assert_eq!(effects[0].after.as_ref().unwrap_err().code, "ceiling_reached");
        drop(session);
        let refused = committed(&given, &large).await;
        assert!(matches!(refused, Err(Outcome::Refused(refusal)) if refusal.code == "ceiling_reached"));
        let page = given.app.annual_value(&given.finance, None, None).await.unwrap();
        assert_eq!(page.words.planned, Pence::ZERO);
    })
    .await;
}

#[tokio::test]
async fn rule_3_5_the_page_expects_what_the_authoritys_own_awards_make_likely() {
    both(async |database| {
        let given = given(&database).await;
        with_ceiling(&given).await;
        for week in 0..12 {
            let mut one = agreement(100 + week, Route::Arrangement, ValueKind::Care);
            let start = placewell_domain::nights::plus_days(date(2019, 2, 4), 7 * week);
            (one.start, one.planned_end) = (start, placewell_domain::nights::plus_days(start, 28));
            (one.lines[0].origin, one.lines[0].from) = (start, start);
            committed(&given, &one).await.unwrap();
        }
        given.go_to(date(2019, 3, 4));
        let few = given.app.annual_value(&given.finance, None, None).await.unwrap();
        assert!(matches!(few.expected, Expected::TooFew { awards: 4, weeks: 6 }), "{:?}", few.expected);
        assert_eq!(few.words.forecast, None);
        given.go_to(date(2019, 4, 29));
        let page = given.app.annual_value(&given.finance, None, None).await.unwrap();
        let forecast = page.words.forecast.unwrap();
        assert_eq!(forecast.outturn, page.words.planned + forecast.expected_new);
        assert!(forecast.low <= forecast.outturn && forecast.outturn <= forecast.high);
        assert!(forecast.expected_new > Pence::pounds(300_000), "about one four-week stay a week: {forecast:?}");
        let words = page.words.sentence();
        assert!(words.contains("expected new £") && words.contains(" (80%: £"), "{words}");
    })
    .await;
}

#[tokio::test]
async fn rule_3_4_the_approved_budget_stands_beside_the_ceiling_with_where_it_was_approved() {
    both(async |database| {
        let given = given(&database).await;
        let budget = |pounds| RecordBudget {
            approved: Pence::pounds(pounds),
            from: date(2018, 12, 15),
            source: "Full council, 8 February 2019".into(),
        };
        let early = given.app.perform(&given.finance, "early", budget(5_200_000)).await;
        assert!(matches!(early, Err(Outcome::Refused(refusal)) if refusal.code == "no_annual_value"));
        with_ceiling(&given).await;
        let none = given.app.perform(&given.finance, "none", budget(0)).await;
        assert!(matches!(none, Err(Outcome::Invalid(invalid)) if invalid.errors[0].field == "approved"));
        let other = given.app.perform(&given.approver, "other", budget(5_200_000)).await;
        assert!(matches!(other, Err(Outcome::Forbidden(_))));
        given.app.perform(&given.finance, "budget", budget(5_200_000)).await.unwrap();
        let page = given.app.annual_value(&given.finance, None, None).await.unwrap();
        let approved = page.approved.unwrap();
        assert_eq!(approved.approved, Pence::pounds(5_200_000));
        assert_eq!(approved.source.as_deref(), Some("Full council, 8 February 2019"));
        assert_eq!(page.words.ceiling, Pence::pounds(5_500_000), "the ceiling is not the budget");
    })
    .await;
}

#[tokio::test]
async fn the_years_movements_add_up_to_what_is_committed() {
    both(async |database| {
        let given = given(&database).await;
        with_ceiling(&given).await;
        let mut one = agreement(137, Route::Arrangement, ValueKind::Care);
        committed(&given, &one).await.unwrap();
        one.planned_end = date(2019, 4, 1);
        committed(&given, &one).await.unwrap();
        let page = given.app.annual_value(&given.finance, None, None).await.unwrap();
        let movements = given.app.annual_value_movements(&given.finance, None).await.unwrap();
        assert_eq!(movements.rows.len(), 3, "the ceiling, the award, the earlier end");
        assert!(movements.rows[0].delta.is_none() && movements.rows[0].ceiling == Pence::pounds(5_500_000));
        assert!(movements.rows[2].delta.unwrap() < Pence::ZERO);
        assert_eq!(movements.rows[2].committed, page.words.planned);
        let csv = String::from_utf8(movement_sheet(&movements).csv().unwrap()).unwrap();
        assert_eq!(csv.lines().count(), 4);
        assert!(csv.contains("Commitment,HEF-A-0137,53950.00,53950.00,5500000.00"), "{csv}");
        let sheets = ledger_sheets(&page);
        assert!(String::from_utf8(sheets[0].csv().unwrap()).unwrap().contains("HEF-A-0137,"));
        let totals_only = given.app.annual_value_movements(&given.democratic, None).await.unwrap();
        assert!(totals_only.rows.iter().all(|row| !row.reference.contains("-A-")));
    })
    .await;
}
