//! The directory of postcodes: kept once, moved where it changes, on the National Grid only.

use placewell_app::clock::Machine;
use placewell_domain::id::OrganisationId;
use placewell_domain::place::{Point, Postcode};
use placewell_store::place::MOST_PLACES;
use placewell_store::{Store, StoreError};
use placewell_testkit::databases::both;

use super::homes::home::given::moment;

fn postcode(number: usize) -> Postcode {
    let letters = |at: usize| char::from(b"ABDEFGHJLN"[at % 10]);
    let (outcode, digit) = (1 + number / 1_000, number / 100 % 10);
    Postcode::parse(&format!("HR{outcode} {digit}{}{}", letters(number / 10), letters(number))).unwrap()
}

async fn keep(store: &Store, places: &[(Postcode, Point)]) -> Result<u64, StoreError> {
    let work = store.begin(OrganisationId(0), moment()).await.unwrap();
    match work.keep_places(places).await {
        Ok(count) => {
            work.commit(Machine::now()).await.unwrap();
            Ok(count)
        }
        Err(error) => {
            work.roll_back().await.unwrap();
            Err(error)
        }
    }
}

#[tokio::test]
async fn the_same_places_twice_change_nothing_and_another_place_moves_a_postcode() {
    both(async |database| {
        let store = database.store().await;
        let point = |easting| Point { easting, northing: 240_000 };
        let mut places: Vec<_> = (0..MOST_PLACES).map(|number| (postcode(number), point(350_000))).collect();
        assert_eq!(keep(&store, &places).await.unwrap(), 1_000);
        assert_eq!(keep(&store, &places).await.unwrap(), 0);
        places[7].1 = point(351_000);
        places[8].0 = postcode(1_008);
        assert_eq!(keep(&store, &places).await.unwrap(), 2);
        assert_eq!(keep(&store, &[]).await.unwrap(), 0);
        let session = store.read(None).await.unwrap();
        assert_eq!(session.places_held().await.unwrap(), 1_001);
        assert_eq!(session.place_of(&postcode(7)).await.unwrap(), Some(point(351_000)));
        assert_eq!(session.place_of(&Postcode::parse("EC1A 1BB").unwrap()).await.unwrap(), None);
        let names: Vec<String> = (0..MOST_PLACES).map(|number| postcode(number).to_string()).collect();
        assert_eq!(session.places_of(&names).await.unwrap().len(), 1_000);
        assert!(session.places_of(&[]).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn no_postcode_stands_outside_the_national_grid() {
    both(async |database| {
        let store = database.store().await;
        for (easting, northing) in [(-1, 0), (700_001, 0), (0, -1), (0, 1_300_001)] {
            let error = keep(&store, &[(postcode(1), Point { easting, northing })]).await.unwrap_err();
            assert!(matches!(&error, StoreError::Constraint(name) if name == "postcode_on_the_grid"), "{error:?}");
        }
        assert_eq!(store.read(None).await.unwrap().places_held().await.unwrap(), 0);
    })
    .await;
}
