//! What lapses a second time within the months in which it was dealt with is proposed a second time.

use super::*;

/// The measures for one reason, the latest first.
async fn proposed(given: &Given, reason: StandingReason) -> Vec<(i64, Date, &'static str)> {
    given.app.propose_by_calendar().await.unwrap();
    let all = given.app.region_measures(&given.lead).await.unwrap();
    let of = all.into_iter().filter(|one| one.reason == reason);
    of.map(|one| (one.id.0, one.proposed.date(), one.state.name())).collect()
}

fn stand(found: &[(i64, Date, &'static str)]) -> Vec<(Date, &'static str)> {
    found.iter().map(|(_, on, state)| (*on, *state)).collect()
}

async fn take_back(given: &Given, measure: i64, evidence: Reinstatement) {
    confirm(given, &format!("/region/standing/{measure}")).await;
    let link = Some("https://elm.example/evidence".to_owned());
    given.perform(Reinstate { measure, version: 2, evidence, link }).await.unwrap();
}

fn on(given: &Given, day: Date) {
    given.app.calendar.move_to(day.at(10, 20, 0, 0));
}

#[tokio::test]
async fn insurance_that_lapses_again_after_it_was_renewed_is_proposed_again_and_the_same_lapse_is_not() {
    both(async |database| {
        let given = given(&database).await;
        let admit = AdmitProvider { provider: "elm-care".into(), from: BEGAN, exception: Some(before_record()) };
        given.perform(admit).await.unwrap();
        let elm = given.app.region_provider(&given.lead, "elm-care").await.unwrap().provider.id;
        let why = StandingReason::InsuranceLapsed;
        insured(&given, elm, date(2021, 9, 12)).await;
        let first = proposed(&given, why).await;
        assert_eq!(stand(&first), [(date(2021, 9, 13), "proposed")]);
        take_back(&given, first[0].0, Reinstatement::InsuranceRenewed).await;
        on(&given, date(2021, 9, 20));
        let once = [(date(2021, 9, 13), "reinstated")];
        assert_eq!(stand(&proposed(&given, why).await), once, "no document yet, and the same lapse");
        insured(&given, elm, date(2021, 10, 10)).await;
        on(&given, date(2021, 10, 10));
        assert_eq!(stand(&proposed(&given, why).await), once, "renewed");
        on(&given, date(2021, 10, 11));
        let again = proposed(&given, why).await;
        assert_eq!(stand(&again), [(date(2021, 10, 11), "proposed"), once[0]], "28 days later it lapsed again");
        let (measure, reason) = (again[0].0, DropReason::NotProportionate);
        given.perform(DropMeasure { measure, version: 1, reason }).await.unwrap();
        on(&given, date(2021, 10, 25));
        assert_eq!(proposed(&given, why).await.len(), 2, "what was dropped is not proposed by the next days' look");
    })
    .await;
}

#[tokio::test]
async fn insurance_that_begins_after_a_gap_hides_no_lapse_and_ends_it_on_its_first_day() {
    both(async |database| {
        let given = given(&database).await;
        let admit = AdmitProvider { provider: "elm-care".into(), from: BEGAN, exception: Some(before_record()) };
        given.perform(admit).await.unwrap();
        let elm = given.app.region_provider(&given.lead, "elm-care").await.unwrap().provider.id;
        let why = StandingReason::InsuranceLapsed;
        insured(&given, elm, date(2021, 9, 12)).await;
        insured_from(&given, elm, (date(2021, 12, 1), date(2022, 11, 30))).await;
        let first = proposed(&given, why).await;
        assert_eq!(stand(&first), [(date(2021, 9, 13), "proposed")], "without cover for 80 days");
        take_back(&given, first[0].0, Reinstatement::InsuranceRenewed).await;
        on(&given, date(2021, 12, 1));
        let once = [(date(2021, 9, 13), "reinstated")];
        assert_eq!(stand(&proposed(&given, why).await), once, "insured again");
    })
    .await;
}

#[tokio::test]
async fn a_home_that_loses_its_manager_again_is_to_be_watched_again() {
    both(async |database| {
        let given = given(&database).await;
        let why = StandingReason::ManagerVacancy;
        let found = async |value: &str, seen_on: Date| {
            let (urn, value) = ("SC400001".to_owned(), value.to_owned());
            given.perform(SayOfHome { urn, fact: HomeFact::Manager, value, seen_on, link: None }).await.unwrap();
        };
        found("no", date(2021, 9, 6)).await;
        let first = proposed(&given, why).await;
        assert_eq!(stand(&first), [(date(2021, 9, 13), "proposed")]);
        take_back(&given, first[0].0, Reinstatement::ManagerAppointed).await;
        on(&given, date(2021, 9, 20));
        assert_eq!(proposed(&given, why).await.len(), 1, "nobody has looked since it was taken back");
        found("no", date(2021, 9, 20)).await;
        let again = proposed(&given, why).await;
        assert_eq!(stand(&again), [(date(2021, 9, 20), "proposed"), (date(2021, 9, 13), "reinstated")]);
        let (measure, reason) = (again[0].0, DropReason::Mistaken);
        given.perform(DropMeasure { measure, version: 1, reason }).await.unwrap();
        on(&given, date(2021, 9, 27));
        found("no", date(2021, 9, 24)).await;
        assert_eq!(proposed(&given, why).await.len(), 2, "the vacancy that was dropped goes on");
        found("yes", date(2021, 9, 25)).await;
        found("no", date(2021, 9, 27)).await;
        assert_eq!(proposed(&given, why).await.len(), 3, "somebody was in post between");
    })
    .await;
}
