//! A mistaken disclosure on its pages, from the risk to access that is given back; a search beside a placement under strain.

use super::steps::{HOME, OFFICER, Step, Typed, take};
use crate::api::fields::planted;
use crate::api::world::World;
use Step::{Fill, Find, Send};

const RECALL: &str = r#"{"from": "chosen", "cause": "wrong_home", "aware": "2021-09-27T15:00:00"}"#;
const REPORT: &str = "/recalls/$recall";
const OWN: &str = "/provider/recalls/$recall";
const RISK: Typed = &[("risk", "likely"), ("words", "The wrong home read it.")];
const TOLD: Typed = &[("told", "2021-09-27"), ("told_time", "3:30pm"), ("reference", "IC-1")];

/// A search that is held beside an alert and let go; what a home was told is recalled and told again.
const ON_PAGES: &[Step] = &[
    Find(OFFICER, "/stability-alerts", "", ("state", "supported"), "id", "alert"),
    Fill(OFFICER, "/stability/$alert", "/stability/$alert/hold", &[]),
    Fill(OFFICER, "/stability/$alert", "/stability/$alert/release", &[("reason", "not_settled")]),
    Send(OFFICER, "/referrals/HEF-R-0001/offers/1/recall", "", RECALL, 201),
    Find(OFFICER, "/recalls", "", ("state", "recalled"), "id", "recall"),
    Fill(OFFICER, REPORT, "/recalls/$recall/assess", RISK),
    Fill(OFFICER, REPORT, "/recalls/$recall/tell", TOLD),
    Fill(HOME, OWN, OWN, &[]),
    Fill(OFFICER, REPORT, "/recalls/$recall/lift", &[]),
];

/// The child lives at the home.
pub async fn recalled(world: &World) {
    let mut known = planted::asked(world).await;
    planted::closed_early(world, &mut known).await;
    planted::shortlisted(world, &known).await;
    planted::placed(world, &mut known).await;
    take(world, ON_PAGES).await;
}
