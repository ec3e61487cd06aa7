//! `appraise` on a region that an operator made: words, JSON, and what it says to a mistake.

use super::program::{BOTH, Place};
use serde_json::Value;

#[tokio::test]
async fn an_authority_s_alternatives_are_appraised_from_the_command_line() {
    for backend in BOTH {
        let place = Place::new(backend).await;
        place.make_region().well();
        let serving = place.serving_login().await;
        let run = |arguments: &[&str]| place.run_on(&serving, arguments);
        let listed = run(&["appraise", "--assumptions"]).well();
        assert!(listed.contains("spot_price") && listed.contains("-50 to 100 percent"), "{listed}");

        let set = ["appraise", "--authority", "HEF", "--set", "placements=40", "--set", "spot_price=12.5"];
        let words = run(&set).well();
        assert!(words.contains("Do nothing: every placement by spot") && words.contains("10000 futures"), "{words}");
        assert!(words.contains("Changed: Placements that begin, a year is 40 in place of 0"), "{words}");
        let told: Value = serde_json::from_str(&run(&[&set[..], &["--json"]].concat()).well()).unwrap();
        assert_eq!(told["figures"]["options"].as_array().unwrap().len(), 6);
        assert_eq!(told["assumptions"]["spot_price"]["value"], 125);
        assert!(told["inputs"].get("living").is_none());
        assert_eq!(run(&[&set[..], &["--json"]].concat()).well(), run(&[&set[..], &["--json"]].concat()).well());

        let wrong = run(&["appraise", "--authority", "HEF", "--set", "years=9"]).refused();
        assert!(wrong.contains("Years looked ahead: enter number from 1 to 3, like 3"), "{wrong}");
        assert!(run(&["appraise", "--authority", "XYZ"]).refused().contains("no authority here has the code XYZ"));
        assert!(run(&["appraise"]).refused().contains("--authority HEF"));
    }
}
