//! What is read from a file before anything is kept: a published decision and when it takes effect, Ofsted's register.

use std::path::Path;

use super::program::{BOTH, Place, Ran};
use placewell_store::Backend;
use placewell_store::peek::peek;
use serde_json::Value;

/// A page of the seed's shape.
const PAGE: &str = "Decision details\n\nHomes for children\n\nDecision Maker: Cabinet member children and families\n\n\
                    Is Key decision?: Yes\n\nIs subject to call in?: Yes\n\n\
                    (a) the framework be adopted up to an annual value of £5.5m;\n\n\
                    (b) the Director for Children be authorised to award placement agreements.\n\n\
                    Publication date: 14/01/2019\n\nDate of decision: 14/01/2019\n\nEffective from: 19/01/2019\n";

const REGISTER: &str = "URN,Provision type,Registration status,Government Office Region,Local authority,Places,\
                        Organisation which owns the provider,Inspection date,\
                        Overall experiences and progress of children and young people\n\
                        SC400001,Children's home,Active,West Midlands,Herefordshire,4,Elm Care,21/10/2019,Good\n\
                        SC400002,Children's home,Active,West Midlands,Narnia,3,Elm Care,21/10/2019,Good\n\
                        SC400003,Children's home,Active,West Midlands,Shropshire,2,Ash Care,21/10/2019,Superb\n\
                        SC400004,Children's home,Active,West Midlands,Shropshire,2,Ash Care,,\n";

const IMPORT: [&str; 5] = ["homes", "import", "homes.csv", "--region", "West Midlands"];

/// The page of 14 January 2019, or `None`, said aloud, where this checkout has none.
fn seed() -> Option<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/seed-decision-5584.txt");
    let text = std::fs::read_to_string(&file).ok();
    if text.is_none() {
        eprintln!("SKIPPED: {} is not here", file.display());
    }
    text
}

fn written(place: &Place, name: &str, contents: &str) {
    std::fs::write(place.folder.join(name), contents).unwrap();
}

/// The JSON of a command that ended well: all that it said, with no word beside it.
fn json(ran: Ran) -> Value {
    let (code, said, complained) = ran.whole();
    assert_eq!((code, complained.as_str()), (Some(0), ""), "{said}");
    serde_json::from_str(&said).unwrap()
}

fn files(place: &Place) -> Vec<String> {
    let entries = std::fs::read_dir(&place.folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[tokio::test]
async fn a_published_decision_is_read_in_words_and_as_json() {
    let place = Place::new(Backend::Sqlite).await;
    written(&place, "decision.txt", PAGE);
    let told = json(place.run(&["decision", "read", "decision.txt", "--json"]));
    assert_eq!(told["decision_maker"], "Cabinet member children and families");
    assert_eq!((&told["key_decision"], &told["effective_from"]), (&true.into(), &"2019-01-19".into()));
    assert_eq!(told["annual_value_pence"], 550_000_000);
    assert!(told["missing"].as_array().unwrap().contains(&"reference".into()), "{told}");
    let words = place.run(&["decision", "read", "decision.txt"]).well();
    assert!(words.lines().any(|line| line == "effective_from: 2019-01-19"), "{words}");
    assert_eq!(files(&place), ["decision.txt"]);
}

#[tokio::test]
async fn the_seed_decision_is_read_from_the_command_line_with_what_it_lacks() {
    let Some(seed) = seed() else { return };
    let place = Place::new(Backend::Sqlite).await;
    written(&place, "seed.txt", &seed);
    let told = json(place.run(&["decision", "read", "seed.txt", "--json"]));
    let letters: Vec<&Value> = told["limbs"].as_array().unwrap().iter().map(|limb| &limb["letter"]).collect();
    assert_eq!(letters, ["a", "b", "c"]);
    assert_eq!(told["annual_value_pence"], 550_000_000);
    assert_eq!(told["term"], serde_json::json!({"start": "2018-12-15", "end": "2021-12-14", "option_months": 36}));
    assert_eq!((&told["published_on"], &told["effective_from"]), (&"2019-01-14".into(), &"2019-01-19".into()));
    for lacked in ["reasons", "conflicts_of_interest", "dispensations"] {
        assert!(told["missing"].as_array().unwrap().contains(&lacked.into()), "{lacked}: {told}");
    }
}

#[tokio::test]
async fn a_file_that_is_no_page_is_refused_by_its_name_and_nothing_is_said_of_it() {
    let place = Place::new(Backend::Sqlite).await;
    written(&place, "decision.pdf", "%PDF-1.7\n");
    written(&place, "page.mht", "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n");
    for (file, why) in [
        ("decision.pdf", "decision.pdf: This is a document, not the text of a page. Copy its text"),
        ("page.mht", "page.mht: This is a web archive"),
        ("nowhere.html", "nowhere.html cannot be read"),
    ] {
        let (code, said, complained) = place.run(&["decision", "read", file, "--json"]).whole();
        assert_eq!((code, said.as_str()), (Some(1), ""), "{file}");
        assert!(complained.contains(why) && complained.trim().lines().count() == 1, "{complained}");
    }
}

#[tokio::test]
async fn rule_2_1_the_effective_date_stands_alone_on_the_last_line() {
    let place = Place::new(Backend::Sqlite).await;
    let effective = |published: &str, more: &[&str]| {
        let asked = ["decision", "effective", "--published", published, "--working-days", "4"];
        place.run(&[&asked[..], more].concat()).well().lines().next_back().unwrap().to_owned()
    };
    assert_eq!(effective("2019-01-14", &[]), "2019-01-19");
    // The authority is closed on the Wednesday: the fourth working day is the Monday after.
    assert_eq!(effective("2019-01-14", &["--closed", "2019-01-16"]), "2019-01-22");
    // Good Friday and Easter Monday do not count.
    assert_eq!(effective("2019-04-18", &[]), "2019-04-27");
    for (published, days, named) in [("14/01/2019", "4", "--published"), ("2019-01-14", "61", "--working-days")] {
        let asked = ["decision", "effective", "--published", published, "--working-days", days];
        let (code, said, complained) = place.run(&asked).whole();
        assert_eq!((code, said.as_str()), (Some(2), ""), "{complained}");
        assert!(complained.contains(named), "{complained}");
    }
}

#[tokio::test]
async fn a_check_of_the_register_needs_no_database_and_writes_nothing() {
    for backend in BOTH {
        let place = Place::new(backend).await;
        written(&place, "homes.csv", REGISTER);
        let before = peek(&place.database).await.unwrap();
        let told = json(place.run(&[&IMPORT[..], &["--check", "--json"]].concat()));
        assert_eq!((&told["homes"], &told["places"], &told["changes"]["new"]), (&3.into(), &9.into(), &2.into()));
        assert_eq!((&told["judgements"]["Good"], &told["judgements"]["Not yet inspected"]), (&2.into(), &1.into()));
        let errors = told["errors"].as_array().unwrap();
        assert_eq!(errors.iter().map(|error| &error["row"]).collect::<Vec<_>>(), [3, 4]);
        let reasons: Vec<&str> = errors.iter().map(|error| error["reason"].as_str().unwrap()).collect();
        assert!(reasons[0].contains("Local authority is \"Narnia\""), "{reasons:?}");
        assert!(reasons[1].contains("Overall judgement is \"Superb\"; expected Outstanding"), "{reasons:?}");
        assert_eq!(peek(&place.database).await.unwrap(), before);
        assert_eq!(files(&place), ["homes.csv"], "something was written");
    }
}

#[tokio::test]
async fn a_register_that_cannot_be_used_is_refused_by_its_row_and_makes_nothing() {
    let place = Place::new(Backend::Sqlite).await;
    written(&place, "homes.csv", REGISTER);
    written(&place, "other.csv", "Reference,Name\n1,Elm House\n");
    let of = |file: &'static str, region: &'static str| ["homes", "import", file, "--region", region];
    let none = "Row 1: No row is in the Government Office Region \"Narnia\"; the file has: West Midlands.";
    let other = "Row 1: No row with the column names \"URN\", \"Provision type\" and \"Government Office Region\"";
    for (asked, why) in [(of("homes.csv", "Narnia"), none), (of("other.csv", "West Midlands"), other)] {
        let (code, said, _) = place.run(&asked).whole();
        assert!(code == Some(1) && said.contains(why), "{said}");
        let (code, said, _) = place.run(&[&asked[..], &["--check", "--json"]].concat()).whole();
        let told: Value = serde_json::from_str(&said).unwrap();
        assert_eq!((code, &told["errors"][0]["row"], &told["homes"]), (Some(1), &1.into(), &0.into()), "{said}");
    }
    let (code, said, complained) = place.run(&of("nowhere.csv", "West Midlands")).whole();
    assert_eq!((code, said.as_str()), (Some(1), ""));
    assert!(complained.contains("nowhere.csv cannot be read"), "{complained}");
    assert!(!place.folder.join("placewell.db").exists() && !place.folder.join("master.key").exists());
}

#[tokio::test]
async fn a_check_beside_a_region_says_what_an_import_then_does_and_changes_nothing() {
    for backend in BOTH {
        let place = Place::new(backend).await;
        place.make_region().well();
        let serving = place.serving_login().await;
        written(&place, "homes.csv", REGISTER);
        let run = |more: &[&str]| place.run_on(&serving, &[&IMPORT[..], more].concat());
        let new = |more: &[&str]| serde_json::from_str::<Value>(&run(more).well()).unwrap()["changes"]["new"].clone();
        let record = || place.run_on(&serving, &["verify"]).well();
        let before = record();
        assert_eq!((new(&["--check", "--json"]), new(&["--check", "--json"])), (2.into(), 2.into()));
        assert_eq!(record(), before);
        assert_eq!((new(&["--json"]), new(&["--check", "--json"])), (2.into(), 0.into()));
        let older = run(&["--as-at", "2018-03-31", "--check"]).failed();
        assert!(older.contains("The file stands as at 2018-03-31, and the register of this region is held"), "{older}");
    }
}

#[tokio::test]
async fn a_check_of_a_file_brings_no_schema_up_to_date() {
    for backend in BOTH {
        let place = Place::new(backend).await;
        place.make_region().well();
        written(&place, "homes.csv", REGISTER);
        place.sql("DELETE FROM migration WHERE name = '0007_disclosure'").await;
        let checks: [&[&str]; 4] = [
            &IMPORT,
            &["homes", "admit", "homes.csv"],
            &["postcodes", "import", "homes.csv"],
            &["import", "history", "homes.csv", "--authority", "HEF"],
        ];
        for check in checks {
            let complained = place.run(&[check, &["--check"]].concat()).refused();
            assert!(complained.contains("the database's schema is behind"), "{check:?}: {complained}");
        }
    }
}
