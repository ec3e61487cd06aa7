//! Agreements: what stands beside one that is cancelled; one that is lived in, from the conditions of its approval to the
//! notice, with its hours, its support and its move to the successor; rises in its price, and the review of a placement in a
//! home that lost its standing.

use jiff::civil::date;
use serde_json::json;

use super::approvals::{RECOMMEND, REFERRAL};
use super::steps::{CLERK, DIRECTOR, File, HOME, LEAD, OFFICER, Step, Typed, take, take_knowing};
use crate::api::world::World;
use crate::api::{canary, decision, rising};
use Step::{Attach, Fill, Find, Jobs, Move, See, Send};

const AGREEMENT: &str = "/agreements/HEF-A-0001";
const DOCUMENTS: &str = "/agreements/HEF-A-0001/documents";
const GIVEN: &str = "/agreements/HEF-A-0001/papers";
const TAKE_AWAY: &str = "/agreements/HEF-A-0001/documents/$added/take-away";
const PLAN: File = ("Plan.pdf", b"%PDF-1.7 a plan");

/// Documents that are given on, brought and taken away again, until it is cancelled before its start.
pub const PAPERS: &[Step] = &[
    Find(OFFICER, "/referrals/HEF-R-0001/documents", "", ("", ""), "id", "plan"),
    Send(OFFICER, "/agreements/HEF-A-0001/papers/give", "", r#"{"documents": ["$plan"]}"#, 200),
    Find(OFFICER, GIVEN, "", ("gone", "false"), "id", "given"),
    Send(OFFICER, "/agreements/HEF-A-0001/papers/$given/take-away", "", "{}", 200),
    Attach(OFFICER, DOCUMENTS, DOCUMENTS, &[], PLAN),
    Find(OFFICER, GIVEN, "", ("gone", "false"), "id", "added"),
    Fill(OFFICER, TAKE_AWAY, TAKE_AWAY, &[]),
    Send(DIRECTOR, "/agreements/HEF-A-0001/cancel", AGREEMENT, r#"{"reason": "other_home"}"#, 200),
];

const APPROVE: &str = "/approvals/HEF-D-0001/approve";
const CARE: &str = r#"{"outcomes": ["Joins a club"], "staffing": ["One adult to two children"], "included": ["pocket_money"], "education": ["Stays at school"], "health": ["A dentist nearby"]}"#;
const SIGNED_BY_OFFICER: &str = r#"{"name": "P Shah", "role": "Manager", "has_authority": true}"#;
const SIGNED_BY_HOME: &str = r#"{"name": "J Hughes", "role": "Manager", "has_authority": true}"#;
const EVENINGS: &str = r#"{"label": "Evenings", "quarter_hours": 112, "rate_pence": 1850, "staff": 1, "from": "2021-10-04", "to": "2021-10-25", "review_on": "2021-10-18"}"#;
const OWN_HOURS: &str =
    "/provider/monitoring/hours?reference=HEF-A-0001&week=2021-10-04&line_from=2021-10-04&label=Evenings";
const HOURS: &str = "/agreements/HEF-A-0001/hours";

/// From the approval under a condition to the third week; for three years, which costs more than the threshold.
const LIVED_IN: &[Step] = &[
    Move(date(2021, 9, 16), 17),
    Send(OFFICER, "/referrals/HEF-R-0001/recommend", REFERRAL, RECOMMEND, 201),
    See(DIRECTOR, APPROVE, &["HEF"]),
    Fill(DIRECTOR, APPROVE, APPROVE, &[("words", "A waking night for two weeks")]),
    Send(OFFICER, "/agreements/HEF-A-0001/condition", AGREEMENT, r#"{"number": 1, "on": "2021-09-16"}"#, 200),
    Send(OFFICER, "/agreements/HEF-A-0001/particulars", AGREEMENT, CARE, 200),
    Send(OFFICER, "/agreements/HEF-A-0001/sign", AGREEMENT, SIGNED_BY_OFFICER, 200),
    Send(HOME, "/agreements/HEF-A-0001/sign", AGREEMENT, SIGNED_BY_HOME, 200),
    Move(date(2021, 9, 27), 16),
    Send(OFFICER, "/agreements/HEF-A-0001/start", AGREEMENT, r#"{"on": "2021-09-27"}"#, 200),
    Jobs,
    Send(OFFICER, "/agreements/HEF-A-0001/ground", AGREEMENT, r#"{"ground": "call_off"}"#, 200),
    Send(DIRECTOR, "/agreements/HEF-A-0001/support", AGREEMENT, EVENINGS, 200),
    Move(date(2021, 10, 12), 10),
    Fill(HOME, OWN_HOURS, "/provider/monitoring/hours", &[("hours", "27"), ("reason", "sickness")]),
    Find(HOME, "/provider/hours", "", ("state", "confirmed"), "id", "week"),
    Fill(
        HOME,
        "/provider/monitoring/hours?correct=$week",
        "/provider/monitoring/hours/correct",
        &[("hours", "26"), ("reason", "sickness")],
    ),
    Fill(OFFICER, HOURS, "/agreements/HEF-A-0001/hours/agree", &[]),
    Send(
        DIRECTOR,
        "/agreements/HEF-A-0001/step-down",
        AGREEMENT,
        r#"{"line": 1, "review": {"outcome": "stop", "from": "2021-10-18"}}"#,
        200,
    ),
];

const NEXT: &str = r#"{"slug": "fca-next", "title": "The next arrangement", "start": "2021-10-01", "end": "2025-09-30", "option_months": 0, "terms": {"version": "2.0", "from": "2021-10-01", "summary": "Beds are offered to all on the day they are free."}}"#;
const ADOPTION: &str = "/decisions/HEF-2021-0916";

/// The region records what follows the arrangement, and the authority adopts it.
const SUCCEEDED: &[Step] = &[
    Send(LEAD, "/arrangement/fca/successor", "", NEXT, 201),
    Send(CLERK, "/decisions", "", r#"{"reference": "HEF-2021-0916", "page": $page}"#, 201),
    Send(
        CLERK,
        "/decisions/HEF-2021-0916/publish",
        ADOPTION,
        r#"{"decided_on": "2021-09-10", "published_on": "2021-09-13"}"#,
        200,
    ),
];

/// The page adopts the successor for its own term, and gives it no annual value.
async fn succeeded(world: &World) {
    let mut page = decision::page();
    page["title"] = json!("Adopt the next arrangement");
    page["limbs"] =
        json!([{"letter": "a", "text": "The next arrangement is adopted.", "effects": [{"effect": "adopts"}]}]);
    page["term"] = json!({"start": "2021-10-01", "end": "2025-09-30"});
    take_knowing(world, vec![("page", page.to_string())], SUCCEEDED).await;
}

const MOVES: &str = "/agreements/moves";
const OFFERED: &str = r#"{"agreements": ["HEF-A-0001"], "to": "fca-next", "on": "2021-10-18"}"#;
const OFFER: Typed = &[("agreements", "HEF-A-0001"), ("on", "2021-10-18")];

/// An offer to move is taken back and declined, by program and on the page; then the home consents there.
const MOVED_ON_PAGES: &[Step] = &[
    Send(DIRECTOR, MOVES, "", OFFERED, 200),
    Send(DIRECTOR, "/agreements/HEF-A-0001/take-back-move", AGREEMENT, "{}", 200),
    Fill(DIRECTOR, MOVES, MOVES, OFFER),
    Fill(HOME, MOVES, "/agreements/moves/HEF-A-0001/decline", &[("reason-0", "date")]),
    Send(DIRECTOR, MOVES, "", OFFERED, 200),
    Send(HOME, "/agreements/HEF-A-0001/decline-move", AGREEMENT, r#"{"reason": "terms"}"#, 200),
    Send(DIRECTOR, MOVES, "", OFFERED, 200),
    Fill(DIRECTOR, MOVES, "/agreements/moves/HEF-A-0001/take-back", &[]),
    Send(DIRECTOR, MOVES, "", OFFERED, 200),
    Fill(
        HOME,
        MOVES,
        "/agreements/moves/HEF-A-0001/consent",
        &[("name-0", "J Hughes"), ("role-0", "Manager"), ("authority-0", "yes")],
    ),
];

/// The home consents by program.
const MOVED: &[Step] = &[
    Send(DIRECTOR, MOVES, "", OFFERED, 200),
    Send(HOME, "/agreements/HEF-A-0001/consent-move", AGREEMENT, SIGNED_BY_HOME, 200),
];

const SUSPENSION: &str = r#"{"about": "home", "code": "SC400001", "standing": "suspended", "reason": "inadequate", "link": "https://reports.ofsted.gov.uk/provider/4/SC400001", "dated": "2021-09-10"}"#;

/// The home loses its standing, so that each placement there is reviewed.
const SUSPENDED: &[Step] = &[
    Send(LEAD, "/measures", "", SUSPENSION, 201),
    Jobs,
    Find(LEAD, "/measures", "/items", ("state", "proposed"), "id", "measure"),
    Find(LEAD, "/measures/$measure", "", ("", ""), "seen", "seen"),
    Send(LEAD, "/measures/$measure/confirm", "/measures/$measure", r#"{"seen": "$seen"}"#, 200),
    Jobs,
];

const REVIEWS: &str = "/placement-reviews";
const REVIEW: &str = "/standing/reviews/$review";
const STAYS: Typed = &[("on", "2021-10-12"), ("seen", "visit"), ("outcome", "stays"), ("again", "2021-10-26")];

/// The review on its page, and the home's notice.
const REVIEWED_ON_ITS_PAGE: &[Step] = &[
    Find(OFFICER, REVIEWS, "/items", ("agreement", "HEF-A-0001"), "id", "review"),
    See(OFFICER, REVIEW, &["HEF"]),
    Fill(OFFICER, REVIEW, REVIEW, STAYS),
    Send(HOME, "/agreements/HEF-A-0001/notice", AGREEMENT, "{}", 200),
];

/// The review by program.
const REVIEWED: &[Step] = &[
    Find(OFFICER, REVIEWS, "/items", ("agreement", "HEF-A-0001"), "id", "review"),
    Find(OFFICER, REVIEWS, "/items", ("agreement", "HEF-A-0001"), "version", "due"),
    Send(
        OFFICER,
        "/placement-reviews/$review",
        "$due",
        r#"{"on": "2021-09-27", "seen": "visit", "outcome": "stays", "again": "2021-10-11"}"#,
        200,
    ),
];

/// A child lives in the home for three years, as it was planned: what both sides do meanwhile.
pub async fn lived_in(world: &World) {
    canary::asked(world).await;
    take_knowing(world, vec![("until", "2024-10-31".to_owned())], LIVED_IN).await;
    succeeded(world).await;
    take(world, MOVED_ON_PAGES).await;
    take(world, SUSPENDED).await;
    take(world, REVIEWED_ON_ITS_PAGE).await;
}

/// By open book: by the formula the price has risen this year.
const SECOND_RISE: &str = r#"{"home": "SC400001", "lot": "planned", "line": "core", "basis": "open_book", "weekly_pence": 463600, "from": "2021-11-01", "words": "The pay award", "costs": [{"kind": "staff", "was_pence": 200000, "now_pence": 300000}]}"#;
const THIRD_RISE: &str = r#"{"home": "SC400001", "lot": "planned", "line": "core", "basis": "open_book", "weekly_pence": 470500, "from": "2021-11-01", "words": "The pay award", "costs": [{"kind": "staff", "was_pence": 200000, "now_pence": 300000}]}"#;
const FOURTH_RISE: &str = r#"{"home": "SC400001", "lot": "planned", "line": "core", "basis": "open_book", "weekly_pence": 477600, "from": "2021-11-01", "words": "The pay award", "costs": [{"kind": "staff", "was_pence": 200000, "now_pence": 300000}]}"#;
const COSTS: File = ("costs.pdf", b"%PDF-1.4 costs");
const GRANTED: &str = r#"{"outcome": "granted"}"#;
const FIRST: &str = "/agreements/HEF-A-0001/repricing/$first/1";
const THIRD: &str = "/agreements/HEF-A-0001/repricing/$third/1";

/// Four rises that were granted: two of them are confirmed for the agreement, and at two it keeps its price.
const REPRICED: &[Step] = &[
    Find(HOME, "/uplifts", "/items", ("", ""), "id", "first"),
    See(DIRECTOR, FIRST, &["HEF"]),
    See(DIRECTOR, "/api/v1/agreements/HEF-A-0001/repricing/$first/1", &["HEF"]),
    Send(DIRECTOR, FIRST, FIRST, "{}", 200),
    Send(HOME, "/uplifts", "", SECOND_RISE, 201),
    Find(HOME, "/uplifts", "/items", ("state", "asked"), "id", "second"),
    Attach(HOME, "/provider/uplifts/$second", "/provider/uplifts/$second/documents", &[], COSTS),
    Send(LEAD, "/uplifts/$second/decide", "/uplifts/$second", GRANTED, 200),
    Send(
        DIRECTOR,
        "/agreements/HEF-A-0001/repricing/$second/1/keep",
        "/agreements/HEF-A-0001/repricing/$second/1",
        r#"{"reason": "fixed_price"}"#,
        200,
    ),
    Send(HOME, "/uplifts", "", THIRD_RISE, 201),
    Find(HOME, "/uplifts", "/items", ("state", "asked"), "id", "third"),
    Attach(HOME, "/provider/uplifts/$third", "/provider/uplifts/$third/documents", &[], COSTS),
    Send(LEAD, "/uplifts/$third/decide", "/uplifts/$third", GRANTED, 200),
    Fill(DIRECTOR, THIRD, THIRD, &[]),
    Send(HOME, "/uplifts", "", FOURTH_RISE, 201),
    Find(HOME, "/uplifts", "/items", ("state", "asked"), "id", "fourth"),
    Attach(HOME, "/provider/uplifts/$fourth", "/provider/uplifts/$fourth/documents", &[], COSTS),
    Send(LEAD, "/uplifts/$fourth/decide", "/uplifts/$fourth", GRANTED, 200),
    Fill(
        DIRECTOR,
        "/agreements/HEF-A-0001/repricing/$fourth/1",
        "/agreements/HEF-A-0001/repricing/$fourth/1/keep",
        &[("reason", "fixed_price")],
    ),
];

/// Rises in the price of an agreement, its move by program, and the review of the placement.
pub async fn repriced(world: &World) {
    rising::granted(world).await;
    take(world, REPRICED).await;
    succeeded(world).await;
    take(world, MOVED).await;
    take(world, SUSPENDED).await;
    take(world, REVIEWED).await;
}
