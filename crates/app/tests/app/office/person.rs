//! Signing in.

mod last_day;
mod many;
mod passkey;
mod people;
mod planted;
mod provider;
mod signing;

use jiff::civil::date;
use placewell_app::Outcome;
use placewell_app::clock::Calendar;
use placewell_app::office::organisation::{NewOrganisation, NewPerson};
use placewell_app::office::person::hash_password;
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_testkit::databases::both;

fn herefordshire(password: &str) -> NewOrganisation {
    NewOrganisation {
        code: "HEF".into(),
        name: "Herefordshire Council".into(),
        kind: OrganisationKind::Authority,
        area: Some("E06000019".into()),
        placing_body: None,
        people: vec![NewPerson {
            email: "Priya.Shah@authority.example".into(),
            name: "Priya Shah".into(),
            password: Some(hash_password(password).unwrap()),
            role: Role::PlacementOfficer,
            title: "Placement officer".into(),
            from: date(2019, 1, 1),
        }],
    }
}

#[tokio::test]
async fn a_person_signs_in_with_their_password_and_out_again() {
    both(async |database| {
        let app = database.app(Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0))).await;
        app.make_organisation(&herefordshire("correct horse battery")).await.unwrap();
        let roles = app.check_password("priya.shah@authority.example", "correct horse battery").await.unwrap();
        assert_eq!(roles[0].actor.role, Role::PlacementOfficer);
        let token = app.start_session(&roles[0].actor).await.unwrap();
        let actor = app.signed_in(&token).await.unwrap().unwrap();
        assert_eq!((actor.name.as_str(), actor.code.as_str()), ("Priya Shah", "HEF"));
        app.sign_out(&actor, &token).await.unwrap();
        assert!(app.signed_in(&token).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_told_in_the_same_words() {
    both(async |database| {
        let app = database.app(Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0))).await;
        app.make_organisation(&herefordshire("correct horse battery")).await.unwrap();
        let mut words = Vec::new();
        for (email, password) in [("priya.shah@authority.example", "wrong"), ("nobody@authority.example", "wrong")] {
            match app.check_password(email, password).await {
                Err(Outcome::Invalid(invalid)) => words.push(invalid),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(words[0], words[1]);
    })
    .await;
}
