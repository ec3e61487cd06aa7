//! A region from its file to a stopped server, with what an operator looks at.

use super::program::{BOTH, Place};
use placewell_store::Backend;

#[tokio::test]
async fn a_region_is_made_served_asked_stopped_and_verified() {
    for backend in BOTH {
        let place = Place::new(backend).await;
        let said = place.make_region().well();
        assert!(said.contains("3 organisations") && said.contains("officer@authority.example  "), "{said}");
        let serving = place.serving_login().await;
        let create = ["token", "create", "--email", "officer@authority.example", "--name", "test"];
        let token = place.run_on(&serving, &create).well();

        let server = place.serve_on(&serving, &["serve", "--listen", "127.0.0.1:0"]);
        assert_eq!(server.get("/healthz", "").0, 200);
        assert_eq!(server.get("/readyz", "").0, 200);
        assert_eq!(server.get("/api/v1/me", "").0, 401);
        let (status, me) = server.get("/api/v1/me", &format!("Authorization: Bearer {}\r\n", token.trim()));
        assert!(status == 200 && me.contains("Jo Price"), "{me}");
        let logged = server.stopped();
        assert!(!logged.contains(token.trim()) && !logged.contains("Jo Price"), "{logged}");

        let verified = place.run_on(&serving, &["verify"]).well();
        assert!(verified.contains(" of 4 chains checked against 4 checkpoints, 0 faults"), "{verified}");
        // The tests' PostgreSQL is a throwaway that does not wait for its disk, which `doctor` must say and nothing else.
        let doctor = place.run_on(&serving, &["doctor"]).ended();
        let failed: Vec<&str> = doctor.lines().filter(|line| line.starts_with("FAIL")).collect();
        let unsafe_disk = failed == ["FAIL  every commit on disk: off, expected on"] && backend == Backend::Postgres;
        assert!(failed.is_empty() || unsafe_disk, "{doctor}");
        assert!(place.make_region().refused().contains("already holds a region"));
    }
}

#[tokio::test]
async fn doctor_fails_where_the_login_could_do_more_than_serve() {
    let place = Place::new(Backend::Postgres).await;
    place.make_region().well();
    let said = place.run(&["doctor"]).failed();
    for what in ["login is no superuser", "login bypasses no row security", "tables that the login owns"] {
        assert!(said.contains(&format!("FAIL  {what}")), "{said}");
    }
    let server = place.serve_on(&place.database, &["serve", "--listen", "127.0.0.1:0"]);
    let logged = server.stopped();
    assert!(logged.contains("the database login may do more than serving needs"), "{logged}");
    assert!(!logged.contains("postgres://"), "{logged}");
}

#[tokio::test]
async fn a_schema_that_is_not_known_refuses_to_start() {
    for backend in BOTH {
        let place = Place::new(backend).await;
        place.make_region().well();
        place.sql("INSERT INTO migration (name) VALUES ('9999_from_tomorrow')").await;
        for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["verify"], &["migrate"]] {
            let complained = place.run(arguments).refused();
            assert!(complained.contains("9999_from_tomorrow, which this version does not know"), "{complained}");
        }
        assert!(place.run(&["doctor"]).failed().contains("9999_from_tomorrow"));
    }
}

#[tokio::test]
async fn doctor_and_verify_change_nothing_of_a_schema_that_is_behind() {
    for backend in BOTH {
        let place = Place::new(backend).await;
        place.make_region().well();
        place.sql("DELETE FROM migration WHERE name = '0007_disclosure'").await;
        assert!(place.run(&["doctor"]).failed().contains("the database's schema is behind"));
        assert!(place.run(&["verify"]).refused().contains("the database's schema is behind"));
    }
}

#[tokio::test]
async fn a_region_with_a_mistake_is_refused_before_anything_is_written() {
    for backend in BOTH {
        let place = Place::new(backend).await;
        let example = place.run(&["init", "--example"]).well();
        for (setting, said) in [
            ("\"call_in.working_days\" = \"many\"", "call_in.working_days = many"),
            ("\"token.longest\" = \"30\"", "token.longest is a setting of the operator: set it there"),
        ] {
            let wrong = example.replace("\"call_in.working_days\" = \"4\"", setting);
            assert_ne!(wrong, example);
            std::fs::write(place.folder.join("region.toml"), wrong).unwrap();
            let refused = place.run(&["init", "region.toml"]).refused();
            assert!(refused.contains(said), "{refused}");
        }
        if backend == Backend::Sqlite {
            assert!(!place.folder.join("placewell.db").exists() && !place.folder.join("master.key").exists());
        }
        place.make_region().well();
    }
}

#[tokio::test]
async fn a_region_takes_over_the_team_that_an_import_of_homes_made() {
    for backend in BOTH {
        let place = Place::new(backend).await;
        place.run(&["migrate"]).well();
        place
            .sql(
                "INSERT INTO organisation (id, code, name, kind) VALUES (5, 'west-midlands', 'West Midlands regional team', 'regional_team')",
            )
            .await;
        assert!(place.make_region().well().contains("3 organisations"));
        let verified = place.run(&["verify"]).well();
        assert!(verified.contains(" of 4 chains checked against 3 checkpoints, 0 faults"), "{verified}");
        assert!(place.make_region().refused().contains("already holds a region"));
    }
}
