//! A region from its file to a stopped server, with what an operator looks at.

use super::program::{BOTH, Place};
use placewell_store::Backend;
use serde_json::Value;

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
        assert!(verified.contains(" of 4 chains checked against 4 checkpoints, 0 faults"), "{verified}");
        assert!(place.make_region().refused().contains("already holds a region"));
    }
}

#[tokio::test]
async fn the_record_is_held_against_what_others_kept_of_it_and_a_fault_is_the_command_s_end() {
    for backend in BOTH {
        let place = Place::new(backend).await;
        place.make_region().well();
        let write = |name: &str, text: &str| std::fs::write(place.folder.join(name), text).unwrap();
        let kept = place.run(&["checkpoint"]).well();
        let read: Value = serde_json::from_str(&kept).unwrap();
        let first = &read["checkpoints"][0];
        let hash = first["hash"].as_str().unwrap();
        let pin = format!("{} {} {hash}\n", first["organisation"].as_str().unwrap(), first["sequence"]);
        let another = "0".repeat(64);
        write("kept.json", &kept);
        write("kept.pins", &pin);
        write("other.json", &kept.replace(hash, &another));
        write("other.pins", &pin.replace(hash, &another));
        write("none.pins", "no line of a checkpoint\n");

        let well = place.run(&["verify", "--checkpoint", "kept.json", "--pins", "kept.pins"]).well();
        assert!(well.contains(", 0 faults"), "{well}");
        for arguments in [["verify", "--checkpoint", "other.json"], ["verify", "--pins", "other.pins"]] {
            let (code, said, complained) = place.run(&arguments).whole();
            assert_eq!(code, Some(1), "{arguments:?}: {said}{complained}");
            assert!(!said.contains(", 0 faults") && said.contains(" faults"), "{arguments:?}: {said}");
        }
        for (option, name, why) in [
            ("--checkpoint", "absent.json", "absent.json cannot be read"),
            ("--pins", "absent.pins", "absent.pins cannot be read"),
            ("--checkpoint", "kept.pins", "kept.pins is no file of checkpoints"),
            ("--pins", "none.pins", "none.pins holds no line of a checkpoint"),
        ] {
            let complained = place.run(&["verify", option, name]).refused();
            assert!(complained.contains(why), "{complained}");
        }
        assert_eq!(place.run(&["verify", "--checkpoints", "kept.json"]).whole().0, Some(2), "no such option");
    }
}

#[tokio::test]
async fn a_list_of_known_passwords_that_is_not_there_or_is_none_is_said_before_anything_is_served() {
    let place = Place::new(Backend::Sqlite).await;
    place.make_region().well();
    std::fs::write(place.folder.join("words.txt"), "password\nletmein\n").unwrap();
    for (list, why) in [
        ("absent.txt", "the list of passwords cannot be read"),
        ("words.txt", "does not begin with a SHA-1 or SHA-256"),
    ] {
        let serve = ["serve", "--listen", "127.0.0.1:0", "--password-list", list];
        let (code, said, complained) = place.run(&serve).whole();
        assert_eq!((code, said.as_str()), (Some(1), ""), "{complained}");
        assert!(complained.contains(list) && complained.contains(why), "{complained}");
    }
}

/// What a form of a page hides under this name.
fn hidden(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_password_of_the_operator_s_list_is_refused_by_the_running_server() {
    let place = Place::new(Backend::Sqlite).await;
    let said = place.make_region().well();
    let given = said.lines().find_map(|line| line.strip_prefix("officer@authority.example  ")).unwrap();
    // SHA-256 of "walnut ferry dusk granite".
    let digest = "97960550CA3A784AC28373742405AC0416E70B3DEBC103727873E758A35F71D5";
    std::fs::write(place.folder.join("known.txt"), format!("{digest}:3\n")).unwrap();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--password-list", "known.txt"];
    let server = place.serve_on(&place.database, &serve);
    let form = "Content-Type: application/x-www-form-urlencoded".to_owned();
    let body = format!("email=officer%40authority.example&password={given}");
    let signed = server.ask("POST", "/sign-in", std::slice::from_ref(&form), body.as_bytes());
    assert_eq!(signed.status, 303, "{}", signed.head);
    let session = signed.head.split("placewell_session=").nth(1).unwrap().split(';').next().unwrap();
    let headers = [form, format!("Cookie: placewell_session={session}")];
    for (new, status) in [("walnut%20ferry%20dusk%20granite", 422), ("quartz%20lantern%20bishop%20meadow", 303)] {
        let (shown, page) = server.get("/preferences/password", &headers[1]);
        assert_eq!(shown, 200, "{page}");
        let (csrf, key) = (hidden(&page, "_csrf"), hidden(&page, "_key"));
        let body = format!("_csrf={csrf}&_key={key}&current={given}&new={new}");
        let answer = server.ask("POST", "/preferences/password", &headers, body.as_bytes());
        assert_eq!(answer.status, status, "{new}: {}", String::from_utf8_lossy(&answer.body));
    }
}
