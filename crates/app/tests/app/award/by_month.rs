//! What was agreed, for which nights, by month: to the penny the same for both sides, for nobody else, and with nothing of
//! the child, on both databases.

use jiff::civil::date;
use placewell_domain::homes::monitoring::support::ShortfallReason;
use placewell_domain::homes::price::LineKind;
use placewell_domain::money::Pence;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::Role;

use super::WHOLE;
use super::running::{AGREEMENT, started};
use super::strain::{LABEL, week, with_hours};
use super::world::{BIR, END, MANAGER, OFFICER, PROVIDER, START, actor, both_made, officer};

#[tokio::test]
async fn rule_4_1_both_sides_read_each_months_nights_and_their_charges_sum_to_the_whole() {
    both_made(3, WHOLE, async |database| {
        let (world, _) = started(&database).await;
        let manager = actor(MANAGER, PROVIDER, Role::ProviderManager);
        let (mut day, mut sum, mut nights) = (START, Pence::ZERO, 0);
        while day < END {
            let month = world.app.agreed_month(&officer(), day).await.unwrap();
            assert_eq!(world.app.agreed_month(&manager, day).await.unwrap().total(), month.total());
            let line = &month.agreements[0].lines[0];
            assert_eq!((line.kind, line.weekly), (LineKind::Core, Pence::pounds(4_150)));
            nights += line.nights.count();
            sum += month.total();
            day = plus_days(day.last_of_month(), 1);
        }
        assert_eq!((sum, nights), (WHOLE, 70), "ten weeks at £4,150");
        let before = world.app.agreed_month(&manager, plus_days(START, -40)).await.unwrap();
        assert!(before.agreements.is_empty());
        let stranger = actor(OFFICER, BIR, Role::PlacementOfficer);
        assert!(world.app.agreed_month(&stranger, START).await.unwrap().agreements.is_empty());
    })
    .await;
}

#[tokio::test]
async fn hours_that_were_not_delivered_are_taken_off_in_their_month_and_a_file_names_no_child() {
    both_made(3, WHOLE + Pence::pounds(5_000), async |database| {
        let (world, version) = started(&database).await;
        with_hours(&world, version).await;
        let manager = actor(MANAGER, PROVIDER, Role::ProviderManager);
        world.at(date(2021, 10, 12), 9);
        let why = Some(ShortfallReason::Vacancy);
        world.app.perform(&manager, "week", week(date(2021, 10, 4), 90, why)).await.unwrap();
        let month = world.app.agreed_month(&manager, date(2021, 10, 31)).await.unwrap();
        let [of] = month.agreements.as_slice() else { panic!("{month:?}") };
        assert_eq!((of.reference.as_str(), of.lines.len(), of.nights), (AGREEMENT, 2, 31));
        assert_eq!(of.lines[1].charge, Pence(4 * 51_800), "four weeks of 28 hours at £18.50");
        let less = &of.less[0];
        assert_eq!((less.label.as_str(), less.credit, less.agreed), (LABEL, Pence(10_175), false));
        assert_eq!(of.total(), of.lines[0].charge + of.lines[1].charge - Pence(10_175));
        let sheet = String::from_utf8(month.sheet().csv().unwrap()).unwrap();
        assert_eq!(sheet.lines().count(), 4, "{sheet}");
        assert!(sheet.contains("-101.75") && sheet.contains("not agreed yet"), "{sheet}");
        for canary in ["Wren", "Canary", "HEF-R-", "C1,"] {
            assert!(!sheet.contains(canary), "{canary} in {sheet}");
        }
    })
    .await;
}
