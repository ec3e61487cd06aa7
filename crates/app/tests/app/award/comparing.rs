//! Offers side by side: how far each home is, from where the search measures, and what is said of conditions.

use placewell_app::placing::child::retention::MarkRecord;
use placewell_app::placing::child::sealing::OpenRecord;
use placewell_app::placing::referral::homes::Filters;
use placewell_domain::change::{Change, Event};
use placewell_domain::id::HomeId;
use placewell_domain::money::Pence;
use placewell_domain::place::{Point, Postcode, locate, miles_tenths};
use placewell_domain::placing::child::retention::RecordKind;
use placewell_domain::placing::referral::{Profile, Referral};

use super::world::{HEF, REGION, World, both_made, done, officer};

/// The search measures from the family home.
async fn from_home(world: &World, reference: &str) {
    let mut work = world.work(HEF).await;
    let referral = work.referral_by_reference(HEF, reference).await.unwrap();
    let event = Event::new("world.from_home", "referral", referral.id.0, referral.version + 1);
    let profile = Profile { from_home: true, ..referral.profile.clone() };
    let next = Referral { version: referral.version + 1, profile, ..referral };
    work.apply(Change::to(next, event)).await.unwrap();
    done(work).await;
}

async fn supply_postcode(world: &World) {
    let mut work = world.work(REGION).await;
    let postcode = Postcode::parse("HR1 2AA").unwrap();
    let point = locate(&postcode).map(|place| place.point);
    let home = work.home(HomeId(1)).await.unwrap();
    work.apply(home.supply_postcode(postcode, point).unwrap()).await.unwrap();
    done(work).await;
}

#[tokio::test]
async fn a_directory_of_postcodes_moves_a_home_and_measures_by_the_statutory_formula_to_the_tenth_of_a_mile() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let reference = world.referral(42, &[4_150], false, HEF).await;
        supply_postcode(&world).await;
        from_home(&world, &reference).await;
        let before = world.app.homes(&officer()).await.unwrap().home(0).unwrap().home.point;
        let home = Point { easting: 351_900, northing: 239_700 };
        let family = Point { easting: 349_100, northing: 241_300 };
        let directory = format!(
            "pcds,oseast1m,osnrth1m\nHR1 2AA,{},{}\nHR4 9HP,{},{}\n",
            home.easting, home.northing, family.easting, family.northing
        );
        let checked = world.app.check_places(directory.as_bytes()).await.unwrap();
        assert_eq!((checked.new, checked.moved, checked.held, checked.homes), (2, 0, 0, 0));
        assert_eq!(world.app.homes(&officer()).await.unwrap().home(0).unwrap().home.point, before, "only checked");

        world.app.keep_places(directory.as_bytes()).await.unwrap();
        assert_eq!(world.app.stand_homes().await.unwrap(), 1, "the home was moved");
        world.app.keep_places(directory.as_bytes()).await.unwrap();
        assert_eq!(world.app.stand_homes().await.unwrap(), 0, "the same file twice");
        assert_eq!(world.app.homes(&officer()).await.unwrap().home(0).unwrap().home.point, Some(home));
        let view = world.app.compare(&officer(), &reference, &[]).await.unwrap();
        let miles = miles_tenths(home, family).one_decimal();
        let words = format!("{miles} miles (straight line), from the full postcode to the full postcode");
        assert_eq!(view.columns[0].miles.as_deref(), Some(words.as_str()));
        let search = world.app.homes_for(&officer(), &reference, &Filters::default()).await.unwrap();
        assert_eq!(search.wanted.origin, Some(family));
        let moved = format!("pcds,oseast1m,osnrth1m\nHR1 2AA,{},{}\n", home.easting + 1_000, home.northing);
        assert_eq!(world.app.check_places(moved.as_bytes()).await.unwrap().moved, 1);
        world.app.keep_places(moved.as_bytes()).await.unwrap();
        assert_eq!(world.app.stand_homes().await.unwrap(), 1, "a later edition");
    })
    .await;
}

#[tokio::test]
async fn a_search_from_the_family_home_compares_distances_from_there_with_how_closely_each_end_is_known() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let reference = world.referral(42, &[4_150], false, HEF).await;
        let miles = async || {
            let view = world.app.compare(&officer(), &reference, &[]).await.unwrap();
            view.columns[0].miles.clone()
        };
        supply_postcode(&world).await;
        assert_eq!(miles().await, None, "it measures from nowhere");
        from_home(&world, &reference).await;
        let words = miles().await.unwrap();
        assert!(words.contains("mile"), "{words}");
        let ends = "from the centre of the postcode sector to the centre of the postcode sector";
        assert!(words.ends_with(ends), "{words}");
        assert!(!words.contains("HR4"), "no address of the child's: {words}");
    })
    .await;
}

#[tokio::test]
async fn an_offer_for_an_adopted_child_is_not_said_to_have_no_conditions_where_they_are_sealed() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let (app, reference) = (&world.app, world.referral(42, &[4_150], false, HEF).await);
        let conditions = async || {
            let view = app.compare(&officer(), &reference, &[]).await.unwrap();
            view.columns[0].conditions.clone()
        };
        assert_eq!(conditions().await.as_deref(), Some(""), "it has none");
        let mark = MarkRecord { number: 42, kind: RecordKind::Adoption, died: None };
        app.perform(&officer(), "adopted", mark).await.unwrap();
        assert_eq!(conditions().await, None, "whether it has any is not told");
        let open = OpenRecord { number: 42, words: "To compare".to_owned() };
        app.perform(&officer(), "open", open).await.unwrap();
        assert_eq!(conditions().await.as_deref(), Some(""));
    })
    .await;
}
