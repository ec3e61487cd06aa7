//! A watch that somebody entered by hand keeps no suspension back that a rule proposes for the same reason; what is at least
//! as strong does, on both databases.

use placewell_app::homes::standing::SetStanding;
use placewell_domain::homes::standing::StandingSource;

use super::*;

const FOUND: Date = date(2021, 9, 10);

/// The judgement of SC400001, entered by hand.
fn by_hand(standing: Standing) -> ProposeMeasure {
    let (reason, dated) = (StandingReason::Inadequate, date(2021, 9, 1));
    ProposeMeasure { standing, reason, dated, ..suspension(About::Home("SC400001".into()), None) }
}

/// The measures for a reason, the latest first: their ids, how their subject would stand, how far they are, and since when
/// they are in the register.
async fn measures(given: &Given, reason: StandingReason) -> Vec<(i64, Standing, &'static str, Option<Date>)> {
    let all = given.app.region_measures(&given.lead).await.unwrap();
    let all = all.into_iter().filter(|one| one.reason == reason);
    all.map(|one| (one.id.0, one.standing, one.state.name(), one.in_register)).collect()
}

#[tokio::test]
async fn a_judgement_that_the_register_tells_is_proposed_as_a_suspension_though_a_watch_for_it_waits() {
    both(async |database| {
        let given = given(&database).await;
        given.perform(by_hand(Standing::OnWatch)).await.unwrap();
        assert_eq!(file(&given, LATER, FOUND).await.measures, 2, "as without the watch");
        let all = measures(&given, StandingReason::Inadequate).await;
        let [(_, standing, state, found), (_, milder, gone, unfound)] = all.as_slice() else { panic!("{all:?}") };
        assert_eq!((*standing, *state, *found), (Standing::Suspended, "proposed", Some(FOUND)));
        assert_eq!((*milder, *gone, *unfound), (Standing::OnWatch, "dropped", None));
        assert_eq!(file(&given, LATER, FOUND).await, Accounted::default(), "the same file again");
        assert_eq!(measures(&given, StandingReason::Inadequate).await, all);
    })
    .await;
}

#[tokio::test]
async fn a_watch_in_force_stays_written_until_the_suspension_that_it_gave_way_to_is_confirmed() {
    both(async |database| {
        let given = given(&database).await;
        let receipt = given.perform(by_hand(Standing::OnWatch)).await.unwrap();
        confirm(&given, &receipt.location).await;
        file(&given, LATER, FOUND).await;
        let stands = async || {
            given.app.homes.forget().await;
            given.app.home_page(&given.lead, "SC400001").await.unwrap().facts.standing
        };
        assert_eq!(stands().await, Standing::OnWatch);
        let (id, standing, state, _) = measures(&given, StandingReason::Inadequate).await[0];
        assert_eq!((standing, state), (Standing::Suspended, "proposed"));
        confirm(&given, &format!("/region/standing/{id}")).await;
        assert_eq!(stands().await, Standing::Suspended);
        let link = Some("https://reports.ofsted.gov.uk/again".to_owned());
        let back = Reinstate { measure: id, version: 2, evidence: Reinstatement::Reinspected, link };
        given.perform(back).await.unwrap();
        assert_eq!(stands().await, Standing::Good, "its evidence speaks to the watch as well");
        assert_eq!(given.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

/// Drops the suspension that the register's file proposed.
async fn drop_suspension(given: &Given) {
    let (id, standing, state, _) = measures(given, StandingReason::Inadequate).await[0];
    assert_eq!((standing, state), (Standing::Suspended, "proposed"));
    let dropped = DropMeasure { measure: id, version: 1, reason: DropReason::NotProportionate };
    given.perform(dropped).await.unwrap();
    given.app.homes.forget().await;
    let all = measures(given, StandingReason::Inadequate).await;
    assert_eq!((all[0].0, all[0].2), (id, "dropped"));
}

#[tokio::test]
async fn a_watch_in_force_stands_again_once_the_suspension_that_it_gave_way_to_is_dropped() {
    both(async |database| {
        let given = given(&database).await;
        let receipt = given.perform(by_hand(Standing::OnWatch)).await.unwrap();
        let watch = confirm(&given, &receipt.location).await;
        file(&given, LATER, FOUND).await;
        let before = given.app.region_measure(&given.lead, watch).await.unwrap().measure;
        assert_eq!((before.version, before.state.name()), (3, "dropped"));
        drop_suspension(&given).await;
        let again = given.app.region_measure(&given.lead, watch).await.unwrap().measure;
        assert_eq!((again.version, again.state.name()), (4, "confirmed"));
        let stands = async || given.app.home_page(&given.lead, "SC400001").await.unwrap().facts.standing;
        assert_eq!(stands().await, Standing::OnWatch, "and a measure says why");
        let link = Some("https://reports.ofsted.gov.uk/again".to_owned());
        let back = Reinstate { measure: watch, version: 4, evidence: Reinstatement::Reinspected, link };
        given.perform(back).await.unwrap();
        given.app.homes.forget().await;
        assert_eq!(stands().await, Standing::Good, "evidence ends it");
        assert_eq!(given.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test]
async fn a_watch_that_waited_waits_again_once_the_suspension_that_it_gave_way_to_is_dropped() {
    both(async |database| {
        let given = given(&database).await;
        let receipt = given.perform(by_hand(Standing::OnWatch)).await.unwrap();
        file(&given, LATER, FOUND).await;
        // What authorities would have told of the watch is asked while it is dropped.
        given.app.do_due_jobs().await.unwrap();
        drop_suspension(&given).await;
        let watch = confirm(&given, &receipt.location).await;
        assert_eq!(given.app.region_measure(&given.lead, watch).await.unwrap().measure.state.name(), "confirmed");
        let stands = given.app.home_page(&given.lead, "SC400001").await.unwrap().facts.standing;
        assert_eq!(stands, Standing::OnWatch);
    })
    .await;
}

#[tokio::test]
async fn a_stronger_measure_entered_by_hand_is_confirmed_by_the_register_and_no_milder_one_is_proposed() {
    both(async |database| {
        let given = given(&database).await;
        given.perform(by_hand(Standing::Removed)).await.unwrap();
        file(&given, LATER, FOUND).await;
        let all = measures(&given, StandingReason::Inadequate).await;
        let [(_, standing, state, found)] = all.as_slice() else { panic!("{all:?}") };
        assert_eq!((*standing, *state, *found), (Standing::Removed, "proposed", Some(FOUND)));
    })
    .await;
}

#[tokio::test]
async fn a_notice_about_a_provider_is_proposed_as_a_suspension_though_a_watch_for_it_waits() {
    both(async |database| {
        let given = given(&database).await;
        let elm = || About::Provider("elm-care".into());
        let reason = StandingReason::RestrictionNotice;
        let watch = ProposeMeasure { standing: Standing::OnWatch, reason, ..suspension(elm(), None) };
        given.perform(watch).await.unwrap();
        let notice = SetStanding {
            about: elm(),
            source: StandingSource::Regulator,
            standing: Standing::Suspended,
            reason,
            from: date(2021, 9, 13),
            until: None,
            link: Some("https://www.gov.uk/notice".into()),
            elsewhere: None,
        };
        given.perform(notice).await.unwrap();
        let all = measures(&given, reason).await;
        let found: Vec<_> = all.iter().map(|(_, standing, state, _)| (*standing, *state)).collect();
        assert_eq!(found, [(Standing::Suspended, "proposed"), (Standing::OnWatch, "dropped")]);
    })
    .await;
}
