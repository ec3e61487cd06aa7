//! What the story tells and a role's home leads to: an unsigned start tomorrow, the Director's word not yet
//! confirmed, extra support that lapses this week, an unplanned end.

use std::sync::Arc;

use jiff::civil::date;
use placewell_app::App;
use placewell_app::demonstration::calendar;
use placewell_app::homes::standing::Stopped;
use placewell_app::placing::invitation::keeping::ConfirmAllBeds;
use placewell_domain::homes::home::alert::AlertKind;
use placewell_domain::homes::price::LineKind;
use placewell_domain::homes::standing::StandingSource;
use placewell_domain::id::{OrganisationId, ReferralId};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::placing::agreement::{Agreement, AgreementState, EndReason, UnsignedReason};
use placewell_domain::placing::approval::ConfirmKind;
use placewell_store::placing::agreement::AgreementTab;
use placewell_testkit::databases::both_filled;

/// A referral of Herefordshire and its agreement.
async fn agreed(app: &Arc<App>, reference: &str) -> (ReferralId, Agreement) {
    let hef = herefordshire(app).await;
    let own = app.store.read(Some(hef)).await.unwrap();
    let referral = own.referral_by_reference(hef, reference).await.unwrap();
    (referral.id, own.agreement_of(hef, referral.id).await.unwrap().unwrap())
}

async fn herefordshire(app: &Arc<App>) -> OrganisationId {
    app.store.read(None).await.unwrap().organisation_by_code("HEF").await.unwrap().id
}

async fn agreements(app: &Arc<App>, tab: AgreementTab) -> Vec<Agreement> {
    let hef = herefordshire(app).await;
    app.store.read(Some(hef)).await.unwrap().agreements(hef, tab, (0, 500)).await.unwrap().0
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_10_hef_r_0038_starts_tomorrow_and_nobody_has_signed() {
    both_filled(async |db| {
        let app = db.app(calendar()).await;
        let (_, agreement) = agreed(&app, "HEF-R-0038").await;
        assert_eq!(agreement.terms.start, date(2021, 9, 14));
        assert!(matches!(agreement.state, AgreementState::Prepared), "{:?}", agreement.state);
        assert!(agreement.signatures.authority.is_none() && agreement.signatures.provider.is_none());
        let coming = agreements(&app, AgreementTab::Coming).await;
        assert_eq!(coming.first().map(|first| &first.reference), Some(&agreement.reference), "the first to start");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_5_hef_r_0044_rests_on_a_word_that_is_to_be_confirmed_by_noon_today() {
    both_filled(async |db| {
        let app = db.app(calendar()).await;
        let (referral, agreement) = agreed(&app, "HEF-R-0044").await;
        let AgreementState::Started { stay } = &agreement.state else { panic!("{:?}", agreement.state) };
        assert_eq!((stay.from, stay.unsigned), (date(2021, 9, 12), Some(UnsignedReason::Emergency)));
        assert!(agreement.rests_on.iter().any(|rests| rests.verbal), "{:?}", agreement.rests_on);
        let officer = app.actor_by_email("priya.shah@herefordshire.example").await.unwrap();
        let due = app.confirmations(&officer).await.unwrap();
        let own: Vec<_> = due.iter().filter(|line| line.approval.referral == referral).collect();
        let [line] = own.as_slice() else { panic!("{own:?}") };
        assert_eq!((line.due.kind, line.due.by), (ConfirmKind::Verbal, date(2021, 9, 13).at(12, 0, 0, 0)));
        assert!(!line.overdue && !line.mine, "whoever said it confirms it: {line:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_2_a_package_of_extra_support_lapses_this_week_while_its_placement_goes_on() {
    both_filled(async |db| {
        let app = db.app(calendar()).await;
        let week = date(2021, 9, 13)..date(2021, 9, 20);
        let mut lapsing = Vec::new();
        for agreement in agreements(&app, AgreementTab::Live).await {
            let lines = agreement.terms.lines.iter().filter(|line| line.kind == LineKind::AdditionalSupport);
            let ending = lines.filter(|line| week.contains(&line.to));
            lapsing.extend(ending.map(|line| (agreement.planned_end, line.clone())));
        }
        let [(planned_end, line)] = lapsing.as_slice() else { panic!("{lapsing:?}") };
        assert_eq!(line.to, date(2021, 9, 17));
        assert!(*planned_end > line.to, "{planned_end}");
        let hours = line.support.as_ref().unwrap();
        assert_eq!(hours.weekly(), line.weekly);
        assert!(hours.review_on < line.to, "its step-down was to be looked at before");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_10_some_placements_ended_unplanned_each_with_its_reason() {
    both_filled(async |db| {
        let app = db.app(calendar()).await;
        let past = agreements(&app, AgreementTab::Past).await;
        let endings = past.iter().filter_map(|agreement| match &agreement.state {
            AgreementState::Ended { ending, .. } => Some(ending),
            _ => None,
        });
        let (planned, unplanned): (Vec<_>, Vec<_>) = endings.partition(|ending| ending.planned);
        assert!(!planned.is_empty() && !unplanned.is_empty(), "{} and {}", planned.len(), unplanned.len());
        assert!(unplanned.iter().all(|ending| ending.reason != EndReason::CarePlan), "{unplanned:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_10_who_takes_no_new_placements_stands_on_one_page_with_the_children_who_stay() {
    both_filled(async |db| {
        let app = db.app(calendar()).await;
        let today = app.calendar.now().today();
        let marcus = app.actor_by_email("marcus.inkberrow@west-midlands-team.example").await.unwrap();
        let stopped = app.stopped(&marcus).await.unwrap();
        assert!(
            stopped.iter().all(|one| one.fact.from <= today && today < one.fact.until),
            "insurance that ends later"
        );
        let notice = |one: &&Stopped| one.fact.source == StandingSource::Regulator;
        assert_eq!(stopped.iter().filter(notice).count(), 1, "a restriction notice");
        let most: Vec<u32> = stopped.iter().map(Stopped::placed).collect();
        assert!(most[0] > 0 && most.is_sorted_by(|one, next| one >= next), "{most:?}");
        let organisations = app.visit().await.unwrap().organisations().await.unwrap();
        for one in &stopped {
            let mut children = Vec::new();
            for authority in organisations.iter().filter(|one| one.kind == OrganisationKind::Authority) {
                let session = app.store.read(Some(authority.id)).await.unwrap();
                let mut live = 0;
                for home in &one.homes {
                    let all = session.agreements_ever_at(authority.id, *home).await.unwrap();
                    let over = |one: &Agreement| matches!(one.state.name(), "ended" | "cancelled_before_start");
                    live += all.iter().filter(|one| one.authority == authority.id && !over(one)).count();
                }
                children.extend((live > 0).then(|| (authority.name.clone(), u32::try_from(live).unwrap())));
            }
            children.sort();
            let mut told = one.children.clone();
            told.sort();
            assert_eq!(told, children, "{}", one.name);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_10_two_visits_of_last_week_wait_as_alerts_with_serious_concerns() {
    both_filled(async |db| {
        let app = db.app(calendar()).await;
        let marcus = app.actor_by_email("marcus.inkberrow@west-midlands-team.example").await.unwrap();
        let alerts = app.region_alerts(&marcus, (0, 25)).await.unwrap();
        let waiting = alerts.lines.iter().map(|line| &line.alert).filter(|alert| alert.state.name() == "waiting");
        let grave = waiting.filter(|alert| alert.found.kind == AlertKind::Concerns);
        let mut seen: Vec<_> = grave.map(|alert| alert.found.as_at).filter(|day| *day >= date(2021, 9, 6)).collect();
        seen.sort_unstable();
        assert_eq!(seen, [date(2021, 9, 6), date(2021, 9, 7)]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_provider_of_elm_house_has_beds_to_confirm_and_nobody_else_has() {
    both_filled(async |db| {
        let app = db.app(calendar()).await;
        let session = app.store.read(None).await.unwrap();
        let known = session.organisations().await.unwrap();
        drop(session);
        let mut waits = Vec::new();
        for provider in known.into_iter().filter(|one| one.kind == OrganisationKind::Provider) {
            let session = app.store.read(Some(provider.id)).await.unwrap();
            let homes = session.homes_of(provider.id).await.unwrap();
            let old = homes.iter().filter(|home| home.beds_confirmed_on.is_some_and(|on| on < date(2021, 9, 6)));
            let count = old.count();
            if count > 0 {
                waits.push((homes.iter().any(|home| home.name == "Elm House"), count, provider.code));
            }
        }
        let [(keeps_elm, 1, code)] = waits.as_slice() else { panic!("{waits:?}") };
        assert!(*keeps_elm, "{code}");
        let manager = app.actor_by_email(&format!("placements@{code}.example")).await.unwrap();
        let stale = app.to_keep(&manager).await.unwrap().stale;
        assert_eq!(stale.iter().map(|(_, on)| *on).collect::<Vec<_>>(), [Some(date(2021, 9, 3))]);
        app.perform(&manager, "beds", ConfirmAllBeds {}).await.unwrap();
        assert!(app.to_keep(&manager).await.unwrap().stale.is_empty());
    })
    .await;
}
