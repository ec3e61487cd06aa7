//! `demo` in a folder that holds a database already: only a demonstration of its own is ever touched.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use super::program::Place;
use placewell_store::Backend;
use placewell_store::peek::peek;

fn demo(place: &Place) -> [String; 5] {
    let data = place.folder.display().to_string();
    ["demo".into(), "--listen".into(), "127.0.0.1:0".into(), "--data".into(), data]
}

/// Starts it until it says what it fills first; then nobody waits for the rest.
fn begins_to_fill(place: &Place, more: &[&str]) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_placewell"))
        .args(demo(place))
        .args(more)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let first = BufReader::new(child.stderr.take().unwrap()).lines().next().unwrap().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(first, "Organisations and people");
}

#[tokio::test]
async fn demo_leaves_a_region_s_database_as_it_is() {
    let place = Place::new(Backend::Sqlite).await;
    place.make_region().well();
    let before = std::fs::read(place.folder.join("placewell.db")).unwrap();
    let arguments = demo(&place);
    let complained = place.run(&arguments.each_ref().map(String::as_str)).refused();
    assert!(complained.contains("is no demonstration and stays as it is"), "{complained}");
    assert_eq!(std::fs::read(place.folder.join("placewell.db")).unwrap(), before);
    assert!(place.run(&["verify"]).well().contains("0 faults"));
}

#[tokio::test]
async fn demo_leaves_a_file_of_another_kind_as_it_is() {
    let place = Place::new(Backend::Sqlite).await;
    std::fs::write(place.folder.join("placewell.db"), "somebody's notes").unwrap();
    let arguments = demo(&place);
    place.run(&arguments.each_ref().map(String::as_str)).refused();
    assert_eq!(std::fs::read(place.folder.join("placewell.db")).unwrap(), b"somebody's notes");
}

#[tokio::test]
async fn demo_starts_over_where_its_own_fill_was_cut_off() {
    let place = Place::new(Backend::Sqlite).await;
    place.make_region().well();
    place.sql("INSERT INTO meta (key, value) VALUES ('filling', 'a demonstration'), ('left', 'from before')").await;
    begins_to_fill(&place, &[]);
    let found = peek(&place.database).await.unwrap().unwrap();
    assert!(found.mark("filling").is_some() && found.mark("demonstration").is_none());
    assert!(found.mark("left").is_none(), "the database from before is gone");
}

#[tokio::test]
async fn reset_throws_a_demonstration_away_and_nothing_else() {
    let place = Place::new(Backend::Sqlite).await;
    place.make_region().well();
    let arguments = demo(&place);
    let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    arguments.push("--reset");
    let complained = place.run(&arguments).refused();
    assert!(complained.contains("is no demonstration and stays as it is"), "{complained}");
    place.sql("INSERT INTO meta (key, value) VALUES ('demonstration', 'yes'), ('left', 'from before')").await;
    begins_to_fill(&place, &["--reset"]);
    let found = peek(&place.database).await.unwrap().unwrap();
    assert!(found.mark("filling").is_some() && found.mark("left").is_none(), "it was filled anew");
}
