//! What returns and beds give cause for an alert about, once: Regulation 44 reports that are missing, unplanned ends that
//! repeat, beds that were not confirmed for weeks or never.

use jiff::civil::{Date, date};
use placewell_app::homes::admission::AdmitHome;
use placewell_app::homes::home::ConfirmBeds;
use placewell_app::homes::home::alert::AlertLine;
use placewell_app::homes::monitoring::{OpenRound, SendReturn};
use placewell_domain::homes::home::alert::AlertKind;
use placewell_domain::homes::monitoring::template::Figure;
use placewell_domain::office::person::Actor;
use placewell_testkit::databases::both;

use super::{BEGAN, SPRING, TODAY, Watched, watched, whole};

impl Watched {
    /// The provider of a home confirms its beds.
    async fn confirms(&self, by: &Actor, urn: &str) {
        self.by(by, ConfirmBeds { urn: urn.to_owned() }).await.unwrap();
    }

    /// The region looks at beds: of which homes it is alerted, why, from what and how often.
    async fn stale(&self) -> Vec<(String, String, String, Date, u32)> {
        self.given.app.alert_by_calendar().await.unwrap();
        self.given.app.do_due_jobs().await.unwrap();
        let all = self.given.app.region_alerts(&self.given.lead, (0, 50)).await.unwrap();
        let of_beds = all.lines.into_iter().filter(|line| line.alert.found.kind == AlertKind::StaleBeds);
        let one = |line: AlertLine| {
            let found = line.alert.found;
            (found.urn, found.after.unwrap_or_default(), found.source, found.as_at, line.alert.times)
        };
        let mut all: Vec<_> = of_beds.map(one).collect();
        all.sort();
        all
    }
}

#[tokio::test]
async fn beds_that_were_never_confirmed_raise_an_alert_once_as_beds_do_that_were_not_for_weeks() {
    both(async |database| {
        let watched = watched(&database).await;
        watched.lead(AdmitHome { urn: "SC400002".into(), lot: "planned".into(), from: TODAY }).await.unwrap();
        watched.confirms(&watched.rival, "SC400003").await;
        let on_lot = "The home's admission to a lot";
        let line =
            |urn: &str, words: &str, source: &str, on| (urn.to_owned(), words.to_owned(), source.to_owned(), on, 1);
        let never = line("SC400001", "never", on_lot, BEGAN);
        assert_eq!(watched.stale().await, std::slice::from_ref(&never), "the one that came today has weeks to confirm");
        assert_eq!(watched.stale().await, std::slice::from_ref(&never), "once");
        watched.given.app.calendar.move_to(date(2021, 10, 11).at(9, 0, 0, 0));
        assert_eq!(watched.stale().await, std::slice::from_ref(&never), "four weeks are not over");
        watched.given.app.calendar.move_to(date(2021, 10, 12).at(9, 0, 0, 0));
        let all = [
            never,
            line("SC400002", "never", on_lot, TODAY),
            line("SC400003", "not since 13 September 2021", "The home's own entry", TODAY),
        ];
        assert_eq!(watched.stale().await, all);
        for urn in ["SC400001", "SC400002"] {
            watched.confirms(&watched.manager, urn).await;
        }
        assert_eq!(watched.stale().await, all, "what was confirmed gives no new cause");
    })
    .await;
}

#[tokio::test]
async fn missing_regulation_44_reports_and_repeated_unplanned_ends_raise_an_alert_once() {
    both(async |database| {
        let watched = watched(&database).await;
        watched.confirms(&watched.manager, "SC400001").await;
        watched.confirms(&watched.rival, "SC400003").await;
        watched.lead(OpenRound { quarter: SPRING }).await.unwrap();
        let raised = async || {
            watched.given.app.alert_by_calendar().await.unwrap();
            watched.given.app.do_due_jobs().await.unwrap();
            let all = watched.given.app.region_alerts(&watched.given.lead, (0, 50)).await.unwrap();
            let one = |line: AlertLine| {
                let found = line.alert.found;
                (found.kind, found.urn, found.after.unwrap_or_default(), line.alert.times)
            };
            let mut all: Vec<_> = all.lines.into_iter().map(one).collect();
            all.sort();
            all
        };
        assert_eq!(raised().await, [], "nothing was sent");
        let (id, version) = watched.own_return().await;
        let mut filled = whole();
        filled.figures.insert(Figure::Regulation44, 2);
        filled.figures.insert(Figure::MovedOut, 4);
        filled.figures.insert(Figure::UnplannedEnds, 3);
        watched.by(&watched.manager, SendReturn { id, version, filled, reason: None }).await.unwrap();
        let urn = || "SC400001".to_owned();
        let ends = "3 in two quarters, the latest from 1 April 2021".to_owned();
        let expected = [
            (AlertKind::Regulation44, urn(), "2 of 3 in the quarter from 1 April 2021".to_owned(), 1),
            (AlertKind::UnplannedEnds, urn(), ends, 1),
        ];
        assert_eq!(raised().await, expected);
        assert_eq!(raised().await, expected, "once");
    })
    .await;
}
