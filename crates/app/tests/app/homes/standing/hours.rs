//! What is proposed is confirmed within working hours, and which those are, the region says.

use placewell_app::setting::ChangeSetting;

use super::*;

#[tokio::test]
async fn the_region_s_own_working_hours_count_from_the_day_on_which_it_says_so() {
    both(async |database| {
        let given = given(&database).await;
        let today = date(2021, 9, 13);
        given.app.calendar.move_to(today.at(13, 0, 0, 0));
        let due = async |urn: &str| {
            let receipt = given.perform(suspension(About::Home(urn.into()), None)).await.unwrap();
            let id = receipt.location.rsplit('/').next().unwrap().parse().unwrap();
            given.app.region_measure(&given.lead, id).await.unwrap().measure.confirm_by
        };
        let change = |value: &str, recorded| ChangeSetting {
            name: "calendar.office_hours".into(),
            value: value.into(),
            from: today,
            recorded,
        };
        assert_eq!(due("SC400001").await, today.at(17, 0, 0, 0), "nine to five, where it has said nothing");
        assert_eq!(wrong(given.perform(change("17:00 09:00", 0)).await), ["value"]);
        given.perform(change("08:00 16:00", 0)).await.unwrap();
        assert_eq!(due("SC400002").await, date(2021, 9, 14).at(9, 0, 0, 0), "three hours today, one tomorrow");
        let officer = Actor { role: Role::PlacementOfficer, ..given.lead.clone() };
        let tried = given.app.perform(&officer, "k1", change("07:00 15:00", 1)).await;
        assert!(matches!(tried, Err(Outcome::Forbidden(_))), "{tried:?}");
    })
    .await;
}
