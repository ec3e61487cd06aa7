//! `docs/rules/`: a page per stateful room, written from its `MOVES`. `PLACEWELL_WRITE_RULES=1` writes them anew.

use std::fmt::Write;
use std::path::PathBuf;

use placewell_domain::change::Move;
use placewell_domain::homes::home;
use placewell_domain::placing::{agreement, approval, child, invitation, occupancy, offer, referral};
use placewell_domain::power::decision;

const ROOMS: &[(&str, &str, &[Move])] = &[
    ("power", "decision", decision::MOVES),
    ("power", "delegated_decision", decision::DELEGATED_MOVES),
    ("office", "person_invitation", placewell_domain::office::person::welcome::MOVES),
    ("homes", "home", home::MOVES),
    ("homes", "admission_opening", placewell_domain::homes::admission::opening::OPENING_MOVES),
    ("homes", "admission_application", placewell_domain::homes::admission::application::APPLICATION_MOVES),
    ("homes", "provider_registration", placewell_domain::homes::admission::registration::MOVES),
    ("homes", "evaluation", placewell_domain::homes::admission::evaluation::EVALUATION_MOVES),
    ("homes", "score_sheet", placewell_domain::homes::admission::score::SHEET_MOVES),
    ("homes", "admission_challenge", placewell_domain::homes::admission::outcome::CHALLENGE_MOVES),
    ("homes", "price_uplift", placewell_domain::homes::price::uplift::MOVES),
    ("homes", "quality_return", placewell_domain::homes::monitoring::quality_return::MOVES),
    ("homes", "home_visit", placewell_domain::homes::monitoring::visit::MOVES),
    ("homes", "home_concern", placewell_domain::homes::monitoring::concern::MOVES),
    ("homes", "support_week", placewell_domain::homes::monitoring::support::MOVES),
    ("homes", "stability_alert", placewell_domain::homes::monitoring::stability::MOVES),
    ("office", "cover", placewell_domain::office::access::cover::MOVES),
    ("office", "broken_glass", placewell_domain::office::access::glass::MOVES),
    ("placing", "disclosure_ground", placewell_domain::placing::disclosure::ground::MOVES),
    ("placing", "disclosure_recall", placewell_domain::placing::disclosure::recall::MOVES),
    ("placing", "child", child::MOVES),
    ("placing", "retention", child::retention::MOVES),
    ("placing", "referral", referral::MOVES),
    ("placing", "invitation", invitation::MOVES),
    ("placing", "question", invitation::question::MOVES),
    ("placing", "offer", offer::MOVES),
    ("placing", "approval", approval::MOVES),
    ("placing", "agreement", agreement::MOVES),
    ("placing", "occupancy", occupancy::MOVES),
    ("buying", "block", placewell_domain::buying::block::MOVES),
    ("buying", "block_bid", placewell_domain::buying::block::BID_MOVES),
    ("buying", "block_signature", placewell_domain::buying::block::SIGNATURE_MOVES),
    ("buying", "nomination", placewell_domain::buying::block::nomination::MOVES),
    ("buying", "resale", placewell_domain::buying::block::void::RESALE_MOVES),
    ("buying", "void_offer", placewell_domain::buying::block::VOID_OFFER_MOVES),
    ("buying", "block_month", placewell_domain::buying::block::month::MONTH_MOVES),
    ("buying", "spot", placewell_domain::buying::spot::MOVES),
    ("buying", "grade_exemption", placewell_domain::buying::spot::exemption::EXEMPTION_MOVES),
    ("buying", "exemption_request", placewell_domain::buying::spot::exemption::request::MOVES),
    ("buying", "unregistered", placewell_domain::buying::spot::unregistered::MOVES),
    ("buying", "check", placewell_domain::buying::check::MOVES),
];

fn page(wing: &str, room: &str, moves: &[Move]) -> String {
    let mut page = format!(
        "# {room}\n\nWing: {wing}. Written from the `MOVES` table of the room; a test keeps it true.\n\n```mermaid\nstateDiagram-v2\n"
    );
    for step in moves {
        let from = if step.from == "new" { "[*]" } else { step.from };
        writeln!(page, "    {from} --> {}: {}", step.to, step.act).unwrap();
    }
    page.push_str("```\n\n| from | act | to | by |\n|---|---|---|---|\n");
    for step in moves {
        writeln!(page, "| {} | {} | {} | {} |", step.from, step.act, step.to, step.by).unwrap();
    }
    page
}

#[test]
#[allow(clippy::disallowed_methods)]
fn the_pages_of_states_and_moves_are_those_of_the_code() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/rules");
    for (wing, room, moves) in ROOMS {
        let file = folder.join(format!("{room}.md"));
        let expected = page(wing, room, moves);
        if std::env::var_os("PLACEWELL_WRITE_RULES").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&file, &expected).unwrap();
        }
        let found = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(
            found == expected,
            "docs/rules/{room}.md is not what the code says: run the test with PLACEWELL_WRITE_RULES=1"
        );
    }
}
