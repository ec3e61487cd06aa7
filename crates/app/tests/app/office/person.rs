//! Signing in.

mod arranging;
mod ended;
mod last_day;
mod lent;
mod many;
mod passkey;
mod people;
mod planted;
mod provider;
mod racing;
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
async fn a_password_is_kept_by_argon2id_at_the_cost_that_owasp_asks_for_and_never_twice_the_same() {
    /// 19 MiB, two passes, one lane.
    const COST: &str = "$argon2id$v=19$m=19456,t=2,p=1$";
    let (one, other) =
        (hash_password("correct horse battery").unwrap(), hash_password("correct horse battery").unwrap());
    for kept in [&one, &other] {
        let (salt, hash) = kept.strip_prefix(COST).and_then(|rest| rest.split_once('$')).expect(kept);
        // In letters of six bits: 128 bits of salt, 256 of hash.
        assert!(salt.len() >= 22 && hash.len() >= 43, "{kept}");
    }
    assert_ne!(one, other, "each has a salt of its own");
    both(async |database| {
        let app = database.app(Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0))).await;
        app.make_organisation(&herefordshire("correct horse battery")).await.unwrap();
        let rows: Vec<u8> = database.rows().await.into_iter().flat_map(|(_, rows)| rows).collect();
        let rows = String::from_utf8_lossy(&rows);
        assert_eq!(rows.matches(COST).count(), 1, "the password is not kept so");
        assert!(!rows.contains("correct horse battery"), "the password is kept as it is");
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
