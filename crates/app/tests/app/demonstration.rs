//! The demonstration's fill, at a small scale, on both databases: what it counts to, that it stays within every ceiling,
//! that it is the same each time, and that it names nobody real.

mod admission;
mod arrangement;
mod block_nights;
mod blocks;
mod numbers;
mod spot;
mod story;

use std::sync::{Arc, Mutex};

use placewell_app::App;
use placewell_app::demonstration::{Scale, calendar, fill_at};
use placewell_domain::id::OrganisationId;
use placewell_store::placing::referral::{ReferralFilter, ReferralLine, ReferralTab};
use placewell_store::{Backend, Session};
use placewell_testkit::databases::{both, both_filled};

/// The pages of a tab, one after the other, are its list: what goes on first, the earliest to close at its head, and what
/// has ended after it, the latest at its head.
async fn pages_make_the_list(own: &Session, org: OrganisationId, tab: ReferralTab) {
    let filter = ReferralFilter::default();
    let (all, total) = own.referral_lines(org, tab, &filter, 0, 500).await.unwrap();
    let mut paged = Vec::new();
    for offset in (0..u32::try_from(total).unwrap()).step_by(7) {
        paged.extend(own.referral_lines(org, tab, &filter, offset, 7).await.unwrap().0);
    }
    assert_eq!(paged.len(), usize::try_from(total).unwrap(), "{tab:?}");
    assert_eq!(&paged[..all.len()], &all[..], "{tab:?}");
    let ended = |line: &ReferralLine| !["draft", "out", "agreed"].contains(&line.state.as_str());
    let (going_on, rest) = all.split_at(all.iter().position(ended).unwrap_or(all.len()));
    assert!(going_on.is_sorted_by_key(|line| (line.closes.is_none(), line.closes)), "{tab:?}");
    assert!(rest.iter().all(ended) && rest.is_sorted_by(|one, next| one.id > next.id), "{tab:?}");
}

/// What can be read of the region without the numbers and keys that differ from run to run.
async fn digest(app: &Arc<App>) -> String {
    let mut text = String::new();
    let session = app.store.read(None).await.unwrap();
    for home in session.homes().await.unwrap() {
        text += &format!("{} {} {} {:?}\n", home.urn, home.name, home.places, home.postcode);
    }
    for code in ["HEF", "BIR", "WAL", "TEL"] {
        let org = session.organisation_by_code(code).await.unwrap().id;
        let own = app.store.read(Some(org)).await.unwrap();
        let filter = ReferralFilter::default();
        let (lines, total) = own.referral_lines(org, ReferralTab::All, &filter, 0, 500).await.unwrap();
        let mut lines: Vec<String> = lines
            .iter()
            .map(|line| {
                format!(
                    "{} {} {:?} {:?} {} {}",
                    line.reference, line.state, line.needed_on, line.lowest, line.asked, line.offers
                )
            })
            .collect();
        lines.sort();
        text += &format!("{code} {total}\n{}\n{:?}\n", lines.join("\n"), own.ledger_years(org).await.unwrap());
        assert!(own.ledger_faults(org).await.unwrap().is_empty(), "{code}");
        for year in own.ledger_years(org).await.unwrap() {
            assert!(year.totals.committed <= year.totals.ceiling, "{code} {}", year.start);
        }
        assert!(own.verify_chain(org).await.unwrap().faults.is_empty(), "{code}");
        for tab in ReferralTab::ALL {
            pages_make_the_list(&own, org, *tab).await;
        }
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_region_is_the_same_on_both_databases_and_within_every_ceiling() {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    both(async |db| {
        let app = db.app(calendar()).await;
        let mut lines = Vec::new();
        fill_at(&app, Scale::SMALL, &mut |line| lines.push(line.to_owned())).await.unwrap();
        assert!(lines.iter().any(|line| line.starts_with("Herefordshire")));
        let session = app.visit().await.unwrap();
        assert_eq!(session.mark("demonstration").await.unwrap().as_deref(), Some("2021-09-13T10:20"));
        drop(session);
        let lead = app.actor_by_email(admission::LEAD).await.unwrap();
        let summer = app.kept_opening(&lead, "AR-004").await.unwrap().evaluations;
        let under_a_condition = summer.iter().filter(|one| one.condition_in_force().is_some()).count();
        assert_eq!(app.demonstration_people().await.unwrap().len(), 17 + under_a_condition);
        assert_eq!(app.calendar.now(), calendar().now());
        assert_eq!(app.tour().await.unwrap().len(), 6);
        let facts = app.start_facts().await.unwrap();
        assert_eq!((facts.participants, facts.can_award), (14, 13));
        assert_eq!(facts.homes.map(|(_, registered, _)| registered), Some(45));
        assert_eq!(facts.term.map(|bar| (bar.day, bar.of, bar.days_left)), Some((1_004, 1_096, 92)));
        let text = digest(&app).await;
        assert!(!text.contains("Griffiths"));
        seen.lock().unwrap().push(text);
    })
    .await;
    let seen = seen.lock().unwrap();
    assert_eq!(seen.first(), seen.last());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_of_the_demonstration_is_held_by_its_record() {
    both_filled(async |db| {
        let app = db.app(calendar()).await;
        let found = app.store.verify().await.unwrap();
        assert_eq!(found.faults, [], "{} chains, {} events", found.chains, found.events);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_that_was_changed_and_a_reading_that_was_removed_past_the_service_are_found() {
    both_filled(async |db| {
        let guards = |table: &str| match db.backend {
            Backend::Sqlite => ["no_update", "no_delete", "owner_update", "owner_delete"]
                .map(|guard| format!("DROP TRIGGER {table}_{guard}; "))
                .concat(),
            Backend::Postgres => format!("ALTER TABLE {table} DISABLE TRIGGER ALL; "),
        };
        let tampering = "UPDATE price_entry SET weekly_pence = 1 WHERE id = (SELECT min(id) FROM price_entry WHERE weekly_pence > 1); \
                         DELETE FROM disclosure_read WHERE id = (SELECT min(id) FROM disclosure_read)";
        db.script(&format!("{}{}{tampering}", guards("price_entry"), guards("disclosure_read"))).await;
        let found = db.app(calendar()).await.store.verify().await.unwrap();
        let faults: Vec<&str> = found.faults.iter().map(|(_, fault)| fault.as_str()).collect();
        let has = |start: &str| faults.iter().filter(|fault| fault.starts_with(start)).count();
        assert_eq!((has("price_entry "), has("a row of price_entry is gone or was changed")), (1, 1), "{faults:?}");
        assert_eq!((has("a row of disclosure_read is gone or was changed"), faults.len()), (1, 3), "{faults:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_10_5_hef_r_0042_has_closed_with_three_timely_offers_one_changed_and_one_late() {
    both_filled(async |db| {
        let app = db.app(calendar()).await;
        let session = app.store.read(None).await.unwrap();
        let hef = session.organisation_by_code("HEF").await.unwrap().id;
        let own = app.store.read(Some(hef)).await.unwrap();
        let referral = own.referral_by_reference(hef, "HEF-R-0042").await.unwrap();
        let out = referral.state.out().unwrap().clone();
        let offers = own.offers_of(hef, referral.id).await.unwrap();
        let mut totals: Vec<i64> =
            offers.iter().filter(|offer| !offer.late(out.deadline)).map(|offer| offer.total().0 / 100).collect();
        totals.sort_unstable();
        assert_eq!(totals, [4_150, 4_480, 5_020]);
        assert_eq!(offers.iter().filter(|offer| offer.late(out.deadline)).count(), 1);
        assert_eq!(offers.iter().filter(|offer| !offer.changes.is_empty()).count(), 1);
        let sealed = own.referral_by_reference(hef, "HEF-R-0043").await.unwrap();
        let out = sealed.state.out().unwrap().clone();
        let offers = own.offers_of(hef, sealed.id).await.unwrap();
        assert_eq!(offers.len(), 3);
        assert!(offers.iter().all(|offer| offer.visible_total(&out, app.calendar.now()).is_none()));
    })
    .await;
}
