//! A referral copied into a new draft of the same child: what is carried over, what is said again, what starts empty.

use axum::http::StatusCode;
use placewell_domain::placing::referral::{Plan, ReferralState};
use placewell_testkit::databases::both;

use super::{Given, TODAY, given, narrative, profile};

/// Copies the referral through its page, beside the open one; the new draft's reference.
async fn copied(given: &Given) -> String {
    let path = format!("/referrals/{}/copy", given.reference);
    let page = given.officer.get(&path).await;
    for shown in ["Carried over", "Not carried over", "To confirm one by one", "last confirmed 13 September 2021"] {
        assert!(page.body.contains(shown), "{shown}: {}", page.body);
    }
    let open = given.officer.submit(&path, &path, &[]).await;
    assert_eq!(open.status, StatusCode::CONFLICT, "{}", open.h1());
    let says = format!("This child already has an open referral, {}.", given.reference);
    assert!(open.body.contains(&says) && open.body.contains("Start one beside the open one"), "{}", open.body);
    let done = given.officer.submit(&path, &path, &[("beside_open", "yes")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.h1());
    let tasks = done.location.unwrap();
    assert_eq!(given.officer.get(&tasks).await.status, StatusCode::OK);
    tasks.strip_prefix("/referrals/").and_then(|rest| rest.strip_suffix("/tasks")).unwrap().to_owned()
}

#[tokio::test]
async fn a_copy_carries_needs_and_words_asks_each_risk_again_and_leaves_dates_places_and_homes_behind() {
    both(async |database| {
        let given = given(&database).await;
        let second = copied(&given).await;
        assert_ne!(second, given.reference);
        let first = given.app.referral_record(&given.people[0], &given.reference).await.unwrap().referral;
        let record = given.app.referral_record(&given.people[0], &second).await.unwrap();
        let (copy, was) = (&record.referral, profile());
        assert_eq!((copy.child, copy.copied_from), (first.child, Some(first.id)));
        assert!(matches!(copy.state, ReferralState::Draft), "{:?}", copy.state);
        assert!(matches!(first.state, ReferralState::Out(_)), "the first stays as it is: {:?}", first.state);

        let now = &copy.profile;
        assert_eq!((now.sex, now.must_haves), (was.sex, was.must_haves));
        assert_eq!((&now.education, &now.health), (&was.education, &was.health));
        assert_eq!(now.standard.communication, was.standard.communication);
        assert_eq!(now.age, Some(13), "counted anew from the date of birth");
        let words = narrative();
        assert_eq!((&record.narrative.what_helps, &record.narrative.wishes), (&words.what_helps, &words.wishes));
        assert_eq!(record.narrative.risks, words.risks);

        assert!(!now.standard.risks.is_empty());
        for (risk, before) in now.standard.risks.iter().zip(&was.standard.risks) {
            assert_eq!((risk.risk, risk.level, risk.confirmed_on), (before.risk, before.level, TODAY));
            assert!(risk.to_confirm && !before.to_confirm, "{:?}", risk.risk);
        }
        assert_eq!((now.legal_basis, now.complex_needs), (None, None));
        assert_eq!((&now.lot, &now.need_band, &now.papers), (&None, &None, &None));
        assert_eq!((now.start, now.planned_end, &now.search_approval), (None, None, &None));
        assert!(now.from.is_none() && now.avoid.is_empty(), "{:?}", now.avoid);
        assert_eq!(record.narrative.risk_chronology, "");
        assert_eq!(copy.plan, Plan::default());
        assert!(record.invitations.is_empty() && record.offers.is_empty());
        for provider in &given.people[1..] {
            let session = given.app.store.read(Some(provider.organisation)).await.unwrap();
            let asked = session.received_by_reference(provider.organisation, &second).await.unwrap();
            assert!(asked.is_empty(), "a draft asks nobody");
        }
    })
    .await;
}
