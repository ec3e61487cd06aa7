//! The master key: lost, or another one, it is said, and never replaced in silence.

use super::program::{BOTH, Place};
use placewell_store::keys::MasterKey;

#[tokio::test]
async fn a_lost_master_key_is_never_replaced() {
    for backend in BOTH {
        let place = Place::new(backend).await;
        place.make_region().well();
        let file = place.folder.join("master.key");
        let kept = std::fs::read_to_string(&file).unwrap();
        std::fs::remove_file(&file).unwrap();
        for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["init", "region.toml"], &["verify"]] {
            let complained = place.run(arguments).refused();
            assert!(complained.contains("master.key"), "{complained}");
            assert!(!file.exists(), "{arguments:?} made a new key");
        }
        assert!(place.run(&["doctor"]).failed().contains("FAIL  master key"));
        std::fs::write(&file, kept).unwrap();
        place.run(&["verify"]).well();
    }
}

#[tokio::test]
async fn another_master_key_is_refused_by_every_command() {
    for backend in BOTH {
        let place = Place::new(backend).await;
        place.make_region().well();
        std::fs::write(place.folder.join("master.key"), MasterKey::generate_hex()).unwrap();
        for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["init", "region.toml"], &["verify"]] {
            let complained = place.run(arguments).refused();
            assert!(complained.contains("the master key is not the one"), "{complained}");
        }
        assert!(place.run(&["doctor"]).failed().contains("the master key is not the one"));
    }
}

#[tokio::test]
async fn the_master_key_is_taken_from_the_environment_where_no_file_is_named_and_is_never_said() {
    for backend in BOTH {
        let place = Place::new(backend).await;
        place.make_region().well();
        let file = place.folder.join("master.key");
        let kept = std::fs::read_to_string(&file).unwrap();
        let key = kept.trim();
        std::fs::remove_file(&file).unwrap();
        assert!(place.run_with_key(key, &["verify"]).well().contains(", 0 faults"));
        let looked = place.run_with_key(key, &["doctor"]).ended();
        assert!(looked.contains("the environment (PLACEWELL_MASTER_KEY)") && !looked.contains(key), "{looked}");
        let another = MasterKey::generate_hex();
        let complained = place.run_with_key(&another, &["verify"]).refused();
        assert!(complained.contains("the master key is not the one"), "{complained}");
        assert!(!complained.contains(another.trim()), "{complained}");
        assert!(!file.exists(), "a key was written");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_of_a_master_key_is_its_owner_s_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    for backend in BOTH {
        let place = Place::new(backend).await;
        place.make_region().well();
        let file = std::fs::metadata(place.folder.join("master.key")).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
    }
}
