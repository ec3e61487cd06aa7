//! A directory of postcodes from the command line: checked, refused whole for a wrong row, brought in once, packed or not.

use std::io::Write as _;

use super::program::{BOTH, Place};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

const DIRECTORY: &str = "pcds,oseast1m,osnrth1m\nHR1 1AA,351418,240501\nHR4 9HP,350100,241200\nBT1 1AA,333500,374400\n";
const WITH_A_SLIP: &str =
    "pcds,oseast1m,osnrth1m\nHR1 1AA,351418,240501\nHR1 1A,351418,240501\nHR1 1AB,351331,242130\n";

#[tokio::test]
async fn a_directory_of_postcodes_is_checked_first_and_brought_in_once() {
    for backend in BOTH {
        let place = Place::new(backend).await;
        place.make_region().well();
        let serving = place.serving_login().await;
        let run = |arguments: &[&str]| place.run_on(&serving, &[&["postcodes", "import"], arguments].concat());
        std::fs::write(place.folder.join("directory.csv"), DIRECTORY).unwrap();
        std::fs::write(place.folder.join("slip.csv"), WITH_A_SLIP).unwrap();
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(DIRECTORY.as_bytes()).unwrap();
        std::fs::write(place.folder.join("directory.csv.gz"), packed.finish().unwrap()).unwrap();

        let checked = run(&["directory.csv", "--check"]).well();
        assert!(checked.contains("2 postcodes are new") && checked.contains("Nothing was changed"), "{checked}");
        let wrong = run(&["slip.csv"]).failed();
        assert!(
            wrong.contains("Row 3: ‘HR1 1A’ is not a postcode") && wrong.contains("Nothing was changed"),
            "{wrong}"
        );
        let doctor = place.run_on(&serving, &["doctor"]).ended();
        assert!(doctor.contains("ok    postcodes: no directory is held"), "{doctor}");

        let brought = run(&["directory.csv.gz"]).well();
        assert!(
            brought.contains("2 postcodes are new") && brought.contains("1 are not on the National Grid"),
            "{brought}"
        );
        let again: Value = serde_json::from_str(&run(&["directory.csv", "--json"]).well()).unwrap();
        assert_eq!((&again["new"], &again["moved"], &again["held"]), (&0.into(), &0.into(), &2.into()), "{again}");
        assert!(run(&["directory.csv"]).well().contains("Nothing was changed"), "the same file twice");
        let rest = run(&["slip.csv", "--leave-out"]).well();
        assert!(rest.contains("1 postcodes are new, 0 are held at another place, 1 are held already"), "{rest}");
        let doctor = place.run_on(&serving, &["doctor"]).ended();
        assert!(doctor.contains("ok    postcodes: 3 held"), "{doctor}");

        assert!(run(&["nowhere.csv"]).refused().contains("nowhere.csv cannot be read"));
        assert!(run(&["region.toml", "--leave-out"]).failed().contains("The first row names no column of postcodes"));
    }
}
